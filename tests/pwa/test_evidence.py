"""Evidence while it can still be had: what is weak is said on site, and the way there is watched for its last fix."""

from __future__ import annotations

from typing import Any

import pytest
from apiflask import APIFlask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import insert
from uuid_utils import uuid7

from server.database import writing
from server.models import Customer, Site
from server.services import services
from server.sync.exchange.office_ledger import NewOperation, write
from tests.conftest import People
from tests.pwa.conftest import Job, Server
from tests.pwa.test_on_site import NOBODY_ANSWERS, PHOTO
from tests.pwa.test_screens import lines, start, step
from tests.pwa.waiting import until

DOOR = {"latitude": 25.28, "longitude": 110.29, "accuracy": 8}
NOTE_PRECISION = """window.watched = [];
const watch = Geolocation.prototype.watchPosition;
Geolocation.prototype.watchPosition = function (took, refused, how) {
  window.watched.push(how.enableHighAccuracy);
  return watch.call(this, took, refused, how);
};"""
# The calendar clock can be set on this phone; the one that only runs cannot.
MOVABLE_CLOCK = """const True = Date;
window.moved_ms = 0;
window.Date = class extends True {
  constructor(...given) { super(...(given.length ? given : [True.now() + window.moved_ms])); }
  static now() { return True.now() + window.moved_ms; }
};"""
KEPT_FIX = """async () => (await (await import("/app/static/app/store/database.js")).store()).get("meta", "last_fix")"""
OLDER_FIX = """async (seconds) => {
  const database = await (await import("/app/static/app/store/database.js")).store();
  const fix = await database.get("meta", "last_fix");
  const {localTime} = await import("/app/static/app/ledger/clock.js");
  const [fixed_at, came_at] = [fix.fixed_at, fix.came_at].map((at) =>
    localTime(new Date(Date.parse(at) - seconds * 1000)));
  await database.put("meta", {...fix, fixed_at, came_at}, "last_fix");
}"""


@pytest.fixture
def job(app: APIFlask, people: People) -> Job:
    """A repair for Zhang at a site with coordinates and a radius of 80 m."""
    customer, site, target = (str(uuid7()) for _ in range(3))
    data = {"kind": "repair", "fault": "水泵漏水", "assignees": [people.zhang.id], "customer": customer, "site": site}
    with app.app_context(), writing() as connection:
        connection.execute(insert(Customer).values(id=customer, number="KH1", name="漓江花园"))
        place = {"latitude": DOOR["latitude"], "longitude": DOOR["longitude"], "datum": "WGS-84", "radius_m": 80.0}
        connection.execute(
            insert(Site).values(id=site, number="DD1", customer_id=customer, name="3栋", address="3栋 B2", **place)
        )
        running = services()
        operation = NewOperation("order.open", target, data)
        [outcome] = write(connection, running.pen, people.wang.id, [operation], running.now())
    return Job(target, outcome.detail["number"])


def weak(page: Page) -> Any:  # Any: a locator
    """What the order says is weak."""
    return page.locator(".weak")


def arrive(page: Page) -> None:
    for name in ("接单", "出发", "到达现场", "登记到达"):
        step(page, name)
    expect(page.locator(".foot .main")).to_have_text("开始处理")


def test_an_arrival_without_a_position_is_told_and_mended_by_one_press(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    context.clear_permissions()
    page = start(context, server, people.zhang, job)
    arrive(page)
    expect(weak(page)).to_contain_text("到达时没有允许定位")
    expect(page.locator(".foot .main"), "nothing blocks").to_be_enabled()
    context.grant_permissions(["geolocation"])
    context.set_geolocation(DOOR)
    weak(page).get_by_role("button", name="再登记到达").click()
    expect(page.get_by_text("误差 ±8 m").first).to_be_visible()
    step(page, "登记到达")
    expect(page.locator(".foot .main")).to_have_text("开始处理")
    expect(weak(page)).to_have_count(0)
    first, second = lines(page, "arrival.record")
    assert (first["data"]["position"], second["data"]["position"]["accuracy_m"]) == (None, 8)
    assert [line["data"]["to"] for line in lines(page, "order.stage")].count("on_site") == 1


def test_a_position_elsewhere_is_told_calmly_and_a_nameplate_helps(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    context.set_geolocation(DOOR | {"latitude": DOOR["latitude"] + 0.01})
    page = start(context, server, people.zhang, job)
    arrive(page)
    expect(weak(page)).to_contain_text("在现场范围外")
    expect(weak(page).get_by_role("button", name="拍铭牌")).to_be_visible()
    page.get_by_role("link", name="照片 0").click()
    page.get_by_role("radio", name="铭牌").click()
    page.locator("input[type=file]").set_input_files(PHOTO)
    expect(page.locator(".photo")).to_have_count(1)
    page.get_by_role("button", name="返回").click()
    expect(weak(page)).to_contain_text("在现场范围外")
    expect(weak(page).get_by_role("button", name="拍铭牌")).to_have_count(0)


def test_a_clock_that_was_put_back_is_told_while_the_technician_is_there(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    context.add_init_script(MOVABLE_CLOCK)
    context.set_geolocation(DOOR)
    page = start(context, server, people.zhang, job)
    arrive(page)
    expect(weak(page)).to_have_count(0)
    page.evaluate("window.moved_ms = -3_600_000; document.dispatchEvent(new Event('visibilitychange'))")
    expect(weak(page)).to_contain_text("手机时钟被改动了 1 小时")
    expect(page.locator(".foot .main")).to_be_enabled()


def test_what_is_missing_at_the_end_is_told_beside_the_departure(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    context.set_geolocation(DOOR)
    page = start(context, server, people.zhang, job)
    arrive(page)
    step(page, "开始处理")
    expect(weak(page)).to_contain_text("还没有照片")
    page.evaluate(
        """async (target) => (await import("/app/static/app/ui/save.js"))
             .save([{kind: "order.stage", target, data: {to: "finished"}}])""",
        job.id,
    )
    expect(weak(page)).to_contain_text("客户还没有签字")
    weak(page).get_by_role("button", name="去签字").click()
    expect(page.get_by_role("button", name="把手机交给客户签字")).to_be_visible()
    page.get_by_role("button", name="返回").click()
    step(page, "离开现场")
    expect(page.get_by_text("离开已存到手机")).to_be_visible(timeout=15_000)
    expect(weak(page)).to_have_count(0)


def test_the_long_way_is_watched_roughly_and_the_last_of_it_closely(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    context.add_init_script(NOTE_PRECISION)
    context.set_geolocation(DOOR | {"latitude": DOOR["latitude"] + 0.3})
    page = start(context, server, people.zhang, job)
    step(page, "接单")
    assert page.evaluate("window.watched") == []
    step(page, "出发")
    page.wait_for_function("() => JSON.stringify(window.watched) === '[true,false]'")
    context.set_geolocation(DOOR | {"latitude": DOOR["latitude"] + 0.01})
    page.wait_for_function("() => JSON.stringify(window.watched) === '[true,false,true]'")


def test_in_the_basement_the_last_fix_is_offered_with_its_age_even_after_a_restart(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    context.set_geolocation(DOOR)
    page = start(context, server, people.zhang, job)
    for name in ("接单", "出发"):
        step(page, name)
    until(page, KEPT_FIX)
    context.clear_permissions()  # No further fix takes the place of the one that grows old.
    page.evaluate(OLDER_FIX, 20)
    context.add_init_script(NOBODY_ANSWERS)
    page.goto("about:blank")
    page.goto(f"{server.url}/app/#/orders/{job.id}/arrive")
    expect(page.get_by_text("最后一次定位：")).to_contain_text("误差 ±8 m")
    expect(page.get_by_text("在现场范围内")).to_be_visible()
    step(page, "登记到达")
    expect(page.locator(".foot .main")).to_have_text("开始处理")
    [arrival] = lines(page, "arrival.record")
    assert 20 <= arrival["data"]["position"]["age_s"] < 80
    expect(weak(page)).to_have_count(0)
