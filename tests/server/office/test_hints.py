"""Hints about an arrival and a signature, as the office reads them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from server.database import reading
from server.sync.exchange.replay import differing, replayed, stored
from tests.server.office.scene import Scene, new_id

Browser = Callable[..., FlaskClient]


@pytest.fixture
def orders(scene: Scene) -> tuple[str, str]:
    """Two orders of Li Wei at one site, both with an arrival and a signature that were copied from the first."""
    place = scene.site("1", "王先生", "漓江花园")
    first, second = (scene.open("zhangmin", fault, place, "liwei", None) for fault in ("漏水", "异响"))
    scene.at("8:00").contact("liwei")
    copied = scene.fix("8:10", 30.0, 0)
    for order, clock in ((first, "8:10"), (second, "9:10")):
        position = copied | {"fixed_at": scene.fix(clock, 0, 0)["fixed_at"]}
        scene.note("liwei", clock, "arrival.record", order, {"arrival": new_id(), "position": position})
    scene.at("9:15").contact("liwei")
    scene.sign("liwei", "9:20", first, position=scene.fix("9:20", 30.0, 0))
    scene.sign("liwei", "9:40", second, position=scene.fix("9:40", 500.0, 0))
    scene.sign("liwei", "9:50", second)
    scene.at("10:00").contact("liwei")
    return first, second


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("zh-CN", ["的一次每位数字都相同。", "的一次签字相同。", "签字不在现场：距中心", "签字地点未知", "查看该工单"]),
        ("en", ["The position equals in every digit the one of", "The strokes equal those of a signature of",
                "Not signed at the site:", "Not known where it was signed", "That order"]),
    ],
)  # fmt: skip
def test_cards_and_story_say_what_is_odd(
    scene: Scene, orders: tuple[str, str], browser: Browser, language: str, told: list[str]
) -> None:
    first, second = orders
    desk = browser("chenhong", language)
    page, other = desk.get(f"/office/orders/{second}").text, desk.get(f"/office/orders/{first}").text
    digits, strokes, outside, unknown, link = told
    assert page.count(digits) == 2, "in the card and in the story"
    assert page.count(strokes) == 4, "of two signatures"
    assert page.count(outside) == 2 and page.count(unknown) == 1
    assert f'<a href="/office/orders/{first}">{link}</a>' in page
    assert not any(each in other for each in told)


def test_a_signature_says_where_it_was_made_and_the_journal_makes_it_again(
    scene: Scene, orders: tuple[str, str]
) -> None:
    near, (far, unknown) = (scene.body(order)["signatures"] for order in orders)
    assert [each["place"] and each["place"]["answer"] for each in (*near, far, unknown)] == ["inside", "outside", None]
    codes = [[hint["code"] for hint in each["hints"]] for each in (*near, far, unknown)]
    assert codes == [[], ["same_strokes", "signed_outside"], ["same_strokes"]]
    assert far["hints"][1]["radius_m"] == 80.0
    with reading() as connection:
        for order in orders:
            assert differing(replayed(connection, order), stored(connection, order)) == []
