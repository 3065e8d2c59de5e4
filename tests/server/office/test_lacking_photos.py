"""A photo whose content does not come is a question: on the order and in the inbox, until a person says that it is
lost, or it comes."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select

from server.database import reading
from server.models import JournalLine
from server.office.queries import queries
from tests.server.office.scene import Scene, photo

Browser = Callable[..., FlaskClient]
QUESTION = "照片本身一直没有送达"


@pytest.fixture
def order(scene: Scene) -> str:
    """An order on which Li Wei has taken two photos; one of them has come."""
    place = scene.site("0001", "王先生", "漓江花园")
    order = scene.at("8:02").open("zhangmin", "地下室水泵漏水", place, "liwei", None)
    scene.at("8:44").contact("liwei")
    for clock, name in (("9:10", "jolla.jpg"), ("9:11", "DSCN0010.jpg")):
        scene.note("liwei", clock, "photo.add", order, photo(name, "after", "2026-11-24T09:10:00+08:00"))
    scene.at("9:30").contact("liwei")
    scene.deliver_photo("liwei", "jolla.jpg")
    return order


def days_later(scene: Scene, days: int) -> None:
    """The morning, so many days later."""
    scene.day += timedelta(days=days)
    scene.at("9:40")


def to_decide(scene: Scene) -> int:
    """How many orders ask for a decision."""
    with reading() as connection:
        return queries.count_orders_to_decide(connection, scene.now)


def settle(scene: Scene, desk: FlaskClient, order: str, **more: Any) -> str:  # Any: form values
    """Send the form of the question; the page that it leads to."""
    page = desk.get(f"/office/orders/{order}").text
    names = re.findall(r'name="photo" value="([^"]+)"', page)
    form = {"photo": names, "decision": "lost", "comment": "手机掉进水里", "seen": str(scene.version(order))}
    answer = desk.post(f"/office/orders/{order}/photo-settlements", data=form | more)
    assert answer.status_code in (303, 422)
    return desk.get(f"/office/orders/{order}").text


def test_a_photo_that_has_not_come_for_a_day_is_a_question_and_not_before(
    scene: Scene, order: str, browser: Browser
) -> None:
    scene.day += timedelta(days=1)
    scene.at("9:20")
    assert to_decide(scene) == 0
    assert QUESTION not in browser("zhangmin").get(f"/office/orders/{order}").text
    scene.at("9:40")
    assert to_decide(scene) == 1
    desk = browser("zhangmin")
    for address in ("/office/inbox", f"/office/orders/{order}"):
        page = html.unescape(desk.get(address).text)
        assert page.count(QUESTION) == 1
        assert "由李伟记录" in page and "最近联系" in page and "认定这 1 张照片已丢失" in page


def test_what_comes_is_no_question_any_more(scene: Scene, order: str, browser: Browser) -> None:
    days_later(scene, 2)
    scene.deliver_photo("liwei", "DSCN0010.jpg")
    assert to_decide(scene) == 0
    page = browser("zhangmin").get("/office/inbox").text
    assert "没有等待裁决的事项" in page and QUESTION not in page


def test_a_person_says_that_it_is_lost_and_the_story_tells_it(scene: Scene, order: str, browser: Browser) -> None:
    days_later(scene, 1)
    desk = browser("zhangmin")
    page = settle(scene, desk, order)
    assert QUESTION not in page and "已丢失" in page and "手机掉进水里" in page
    assert "认定 1 张照片已丢失" in page.split('class="story"', 1)[1]
    assert to_decide(scene) == 0
    lost = [one.get("lost") for one in scene.body(order)["photos"]]
    assert lost[0] is None and lost[1]["by"] == scene.ids["zhangmin"]


@pytest.mark.parametrize("form", [{"decision": "found"}, {"photo": "here"}, {"photo": []}])
def test_what_nobody_asked_is_not_decided(scene: Scene, order: str, browser: Browser, form: dict[str, Any]) -> None:
    days_later(scene, 1)
    if form.get("photo") == "here":
        form = {"photo": scene.body(order)["photos"][0]["id"]}
    page = settle(scene, browser("zhangmin"), order, **form)
    assert QUESTION in page
    assert to_decide(scene) == 1
    with reading() as connection:
        kinds = json.dumps(connection.execute(select(JournalLine.kind)).scalars().all())
    assert "photo.settle" not in kinds


def test_the_question_is_found_by_the_index_of_what_waits(scene: Scene, order: str) -> None:
    asked: list[Any] = []
    with reading() as connection:
        if connection.dialect.name != "sqlite":
            pytest.skip("PostgreSQL plans by the rows that are there")
        event.listen(connection, "before_cursor_execute", lambda *told: asked.append(told[2:4]))
        queries.count_orders_to_decide(connection, scene.now)
        [(statement, parameters)] = asked
        plan = " ".join(row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters))
    assert "ix_photo_link_awaited" in plan, plan
