"""An order opened on the spot belongs to the place that somebody chose, and looks like one of that place at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from apiflask import APIFlask
from playwright.sync_api import BrowserContext, expect
from sqlalchemy import insert
from uuid_utils import uuid7

from server.database import writing
from server.models.customer import Customer, Site
from server.services import services
from server.sync.exchange.office_ledger import NewOperation, write
from tests.conftest import People
from tests.pwa.conftest import Job, Server
from tests.pwa.test_screens import lines, start, step

CONTACT = "王先生"
PHONE = "13900001111"


@dataclass(frozen=True)
class Known:
    """A job of Zhang's at a place that is on file."""

    job: Job
    customer: str
    site: str
    name: str


def on_file(app: APIFlask, people: People, place: str, window: dict[str, str] | None = None) -> Known:
    """A customer with one site, and a repair there for Zhang."""
    customer, site, target = str(uuid7()), str(uuid7()), str(uuid7())
    data: dict[str, Any] = {  # Any: JSON of an operation
        "kind": "repair", "fault": f"{place}漏水", "assignees": [people.zhang.id], "customer": customer, "site": site,
        "contact": {"name": CONTACT, "phone": PHONE}, "window": window,
    }  # fmt: skip
    with app.app_context(), writing() as connection:
        running = services()
        connection.execute(insert(Customer).values(id=customer, number=customer[-12:], name=f"{place}业委会"))
        where = {"latitude": 25.28, "longitude": 110.29, "datum": "WGS-84", "radius_m": 80.0, "address": "桂林市"}
        connection.execute(
            insert(Site).values(id=site, number=site[-12:], customer_id=customer, name=f"{place}3栋", **where)
        )
        [outcome] = write(
            connection, running.pen, people.wang.id, [NewOperation("order.open", target, data)], running.now()
        )
    assert outcome.status == "applied", outcome
    return Known(Job(target, outcome.detail["number"]), customer, site, f"{place}3栋")


@pytest.fixture
def places(app: APIFlask, people: People) -> list[Known]:
    """Six places, the first of them with an appointment."""
    now = datetime.now(UTC).replace(microsecond=0)
    soon = {"start": (now - timedelta(minutes=5)).isoformat(), "end": (now + timedelta(hours=2)).isoformat()}
    named = ("漓江花园", "七星大厦", "叠彩苑", "象山里", "秀峰居", "雁山湖")
    return [on_file(app, people, place, soon if place == named[0] else None) for place in named]


def test_no_place_is_chosen_for_a_technician_who_is_at_none(
    context: BrowserContext, server: Server, people: People, places: list[Known]
) -> None:
    page = start(context, server, people.zhang, places[0].job)
    context.set_offline(True)
    page.evaluate("location.hash = '#/new'")
    page.get_by_label("报修内容").fill("走廊灯不亮")
    where = page.get_by_role("radiogroup", name="地点")
    expect(where.get_by_role("radio", checked=True)).to_have_count(0)
    step(page, "保存新工单")
    expect(page.get_by_text("请选择类别")).to_be_visible()
    page.get_by_role("radio", name="维修", exact=True).click()
    expect(page.get_by_text("请选择类别")).to_have_count(0)
    expect(page.get_by_text("还没有选地点")).to_be_visible()
    assert lines(page, "order.open") == []
    last = places[5]
    page.get_by_role("searchbox").fill("雁山")
    where.get_by_role("radio", name=last.name).click()
    expect(page.get_by_label("联系人")).to_have_value(CONTACT)
    page.get_by_label("联系电话").fill("13722220000")
    step(page, "保存新工单")
    expect(page.get_by_text("新工单已存到手机")).to_be_visible()
    [opened] = lines(page, "order.open")
    assert (opened["data"]["site"], opened["data"]["customer"]) == (last.site, last.customer)
    assert opened["data"]["contact"] == {"name": CONTACT, "phone": "13722220000"}


def test_where_the_technician_is_comes_first_and_the_new_order_knows_its_place_without_a_network(
    context: BrowserContext, server: Server, people: People, places: list[Known], checklist: str
) -> None:
    here = places[2]
    page = start(context, server, people.zhang, here.job)
    context.set_offline(True)
    for name in ("接单", "出发", "到达现场", "登记到达"):
        step(page, name)
    expect(page.locator(".foot .main")).to_have_text("开始处理")
    page.evaluate("location.hash = '#/new'")
    chosen = page.get_by_role("radiogroup", name="地点").get_by_role("radio", checked=True)
    expect(chosen).to_contain_text(here.name)
    page.get_by_role("radio", name="维修", exact=True).click()
    page.get_by_label("报修内容").fill("走廊灯不亮")
    step(page, "保存新工单")
    expect(page.get_by_role("heading", name="走廊灯不亮", level=1)).to_be_visible()
    expect(page.locator("main")).to_contain_text(here.name)
    expect(page.locator("main")).to_contain_text(CONTACT)
    expect(page.get_by_role("link", name="地图")).to_be_visible()
    expect(page.get_by_role("link", name="检查 0/2")).to_be_visible()


def test_another_place_is_chosen_by_saying_so(
    context: BrowserContext, server: Server, people: People, places: list[Known]
) -> None:
    page = start(context, server, people.zhang, places[0].job)
    page.evaluate("location.hash = '#/new'")
    page.get_by_role("radio", name="维修", exact=True).click()
    page.get_by_label("报修内容").fill("隔壁3栋门禁坏了")
    page.get_by_role("radio", name="其他地点").click()
    step(page, "保存新工单")
    expect(page.get_by_text("新工单已存到手机")).to_be_visible()
    [opened] = lines(page, "order.open")
    assert "site" not in opened["data"] and "customer" not in opened["data"]
