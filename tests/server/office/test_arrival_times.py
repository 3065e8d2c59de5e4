"""The time line of an arrival: to scale, whole, and the same in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from server.evidence.reasons import utc_text
from server.office.orders.arrival_times import arrival_times
from server.office.shell.reader import Reader
from tests.server.office.scene import Scene, new_id

BEST = datetime(2026, 11, 24, 1, 14, 3, tzinfo=UTC)
WINDOW = {"start": "2026-11-24T09:00:00+08:00", "end": "2026-11-24T11:00:00+08:00"}


def reader(language: str = "en") -> Reader:
    return Reader(language, "system", ZoneInfo("Asia/Shanghai"), "CNY", BEST + timedelta(hours=3))


def arrival(**time: Any) -> dict[str, Any]:  # Any: JSON of the document
    """A corroborated arrival at 09:14:03, proven between 08:31 and 10:42, with a deadline at 10:40."""
    said = {
        "best": utc_text(BEST), "claimed": utc_text(BEST), "grade": "corroborated",
        "earliest": utc_text(BEST - timedelta(seconds=30)), "latest": utc_text(BEST + timedelta(seconds=30)),
        "not_before": utc_text(BEST - timedelta(minutes=43)), "not_after": utc_text(BEST + timedelta(minutes=88)),
    }  # fmt: skip
    return {
        "time": said | time, "arrive_by": "2026-11-24T02:40:00.000Z",
        "position": {"fixed_at": "2026-11-24T09:13:22+08:00"},
    }  # fmt: skip


def test_distances_on_the_line_are_as_long_as_the_times_between() -> None:
    drawn = arrival_times(arrival(), WINDOW, reader())
    unit = drawn.axis.width / (drawn.axis.end - drawn.axis.start).total_seconds()
    assert (
        drawn.deadline is not None and drawn.proven is not None and drawn.window is not None and drawn.fix is not None
    )
    assert drawn.deadline.x - drawn.best.x == pytest.approx((85 * 60 + 57) * unit, abs=0.05)
    assert drawn.proven.width == pytest.approx(131 * 60 * unit, abs=0.05)
    assert drawn.window.width == pytest.approx(7200 * unit, abs=0.05)
    assert drawn.best.x - drawn.fix.x == pytest.approx(41 * unit, abs=0.05)
    assert not drawn.proven.cut_start and not drawn.proven.cut_end and drawn.tight
    assert 2 <= len(drawn.ticks) <= 5
    assert all(tick.at.second == 0 and tick.at.minute % 30 == 0 for tick in drawn.ticks)


def test_all_that_is_drawn_is_said() -> None:
    label = arrival_times(arrival(), WINDOW, reader()).label.replace("\N{NO-BREAK SPACE}", " ")
    for words in ("09:00–11:00", "10:40", "most likely 09:14:03", "between 09:13:33 and 09:14:33", "Claims 09:14:03",
                  "fixed at 09:13:22"):  # fmt: skip
        assert words in label


def test_without_an_anchor_the_proof_is_open_to_the_left() -> None:
    drawn = arrival_times(arrival(not_before=None, earliest=None, grade="claimed"), None, reader())
    assert drawn.proven is not None and drawn.proven.cut_start and drawn.window is None and not drawn.tight
    assert "no later than" in drawn.label


def test_a_claim_of_another_year_does_not_spoil_the_scale() -> None:
    drawn = arrival_times(arrival(claimed="2020-01-01T00:00:00.000Z", grade="contradicted"), WINDOW, reader())
    assert drawn.axis.end - drawn.axis.start < timedelta(hours=4)
    assert drawn.denied and drawn.claimed is not None and drawn.claimed.beyond and drawn.claimed.x == 0
    assert "2020" in drawn.label


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("fixed_at", [None, "yesterday", "2026-11-24T09:13:22"])
def test_what_is_no_moment_is_left_out(language: str, fixed_at: str | None) -> None:
    odd = arrival() | {"position": {"fixed_at": fixed_at}, "arrive_by": None}
    drawn = arrival_times(odd, None, reader(language))
    assert drawn.fix is None and drawn.deadline is None and drawn.label


def test_the_order_page_draws_the_times_of_its_arrival(scene: Scene, browser: Callable[..., FlaskClient]) -> None:
    place = scene.site("0001", "王先生", "漓江花园")
    order = scene.at("8:02").open("zhangmin", "地下室水泵漏水", place, "liwei", ("09:00", "11:00"))
    scene.at("8:44").contact("liwei")
    position = scene.fix("9:14", 8, 7.5)
    scene.note("liwei", "9:14", "arrival.record", order, {"arrival": new_id(), "position": position})
    scene.at("9:30").contact("liwei")
    page = browser("chenhong").get(f"/office/orders/{order}").text
    assert '<svg class="times"' in page and "按比例画的时间线：预约 09:00–11:00" in page
