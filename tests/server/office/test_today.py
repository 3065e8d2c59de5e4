"""Today: its figures lead to what they count, and whoever is latest stands first."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.server.office.scene import Scene

Browser = Callable[..., FlaskClient]
# When it was reported, and when it is planned: the first deadline belongs to the last window.
ORDERS = {
    "第三张": ("10:00", ("13:00", "14:00")),
    "第一张": ("7:40", ("15:00", "16:00")),
    "第二张": ("8:40", ("14:00", "15:00")),
}


@pytest.fixture
def day(scene: Scene) -> Scene:
    """Three orders of a technician, all too late by ten at night, and one of which nothing is due."""
    for number, (fault, (at, window)) in enumerate(ORDERS.items()):
        scene.at(at)
        place = scene.site(f"C-{number}", f"客户{number}", f"地点{number}", contract="equipment")
        scene.open("zhangmin", fault, place, "liwei", window, priority="urgent")
    scene.at("22:00")
    return scene


def faults(page: str) -> list[str]:
    table = page.partition("<tbody")[2].partition("</tbody>")[0]
    return re.findall(r'class="strong"[^>]*>([^<]+)</a>', table)


def test_whoever_is_latest_stands_first(day: Scene, browser: Browser) -> None:
    page = browser("chenhong").get("/office/").text
    assert page.count("已过期限") == 3
    assert faults(page) == ["第一张", "第二张", "第三张"]


def test_every_figure_leads_to_the_rows_that_it_counts(day: Scene, browser: Browser) -> None:
    desk = browser("chenhong")
    page = desk.get("/office/").text
    figures = re.findall(r'<dt class="soft"><a href="([^"]+)"[^>]*>[^<]+</a></dt><dd[^>]*>.*?(\d+)</dd>', page)
    assert len(figures) == 5
    counted = [(html.unescape(address), int(count)) for address, count in figures]
    assert [count for _, count in counted] == [3, 0, 0, 0, 3]
    for address, count in counted:
        shown = desk.get(address).text
        assert len(faults(shown)) == count, address
        assert f'<a href="{html.escape(address)}" aria-current="true">' in shown
        if "show=" in address:
            assert f"只显示其中 {count} 行" in shown and "这一天没有派出" not in shown
            part = re.search(r'data-refresh="([^"]+)"', shown)
            assert part is not None and len(faults(desk.get(html.unescape(part[1])).text)) == count
    assert faults(desk.get("/office/?show=nonsense").text) == faults(page)


def test_an_order_that_is_open_on_an_asset_leads_there_while_the_next_report_is_taken_in(
    day: Scene, browser: Browser
) -> None:
    place = day.site("C-9", "客户九", "地点九")
    still_open = day.open("zhangmin", "还在修", place, "liwei", None)
    cancelled = day.open("zhangmin", "不修了", place, None, None)
    change = {"disposition": {"was": "active", "now": "cancelled"}}
    day.office("zhangmin", "order.plan", cancelled, {"changes": change}, day.version(cancelled))
    page = browser("zhangmin").get(f"/office/intake?customer={place[0]}").text
    link = re.search(rf'<a href="/office/orders/{still_open}">([^<]+)</a>', page)
    assert link is not None and link[1].endswith("还在修")
    assert f"/office/orders/{cancelled}" not in page and "不修了" in page
