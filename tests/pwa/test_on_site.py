"""What a technician meets on site: places, captions, the way back, and nothing that lies over the next step."""

from __future__ import annotations

from pathlib import Path

from apiflask import APIFlask
from playwright.sync_api import BrowserContext, Page, expect
from uuid_utils import uuid7

from server.database import writing
from server.services import services
from server.sync.store.feeds import put_document
from tests.conftest import People
from tests.pwa.conftest import Job, Phone, Server, give_job
from tests.pwa.test_screens import hand_to_customer, lines, start, step, to_the_pad, work

PHOTO = Path(__file__).resolve().parents[2] / "pwa" / "static" / "icons" / "icon-192.png"
NOBODY_ANSWERS = """Geolocation.prototype.watchPosition = () => 1;
Geolocation.prototype.getCurrentPosition = () => {};"""
COUNT_FULL_SCREENS = """window.asked = 0;
Element.prototype.requestFullscreen = async function () {
  window.asked += 1;
  if (!navigator.userActivation.isActive) throw new TypeError("no gesture");
};"""


def test_the_whole_screen_is_asked_for_by_a_touch_alone(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    context.add_init_script(COUNT_FULL_SCREENS)
    page = start(context, server, people.zhang, job)
    work(page)
    step(page, "完工，请客户签字")
    hand_to_customer(page)
    to_the_pad(page, "王先生")
    expect(page.locator("canvas")).to_be_visible()
    assert page.evaluate("window.asked") == 1
    page.reload()
    expect(page.locator("canvas")).to_be_visible()
    assert page.evaluate("window.asked") == 0


def test_the_outbox_says_when_the_browser_does_not_promise(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    context.add_init_script("StorageManager.prototype.persist = async () => false;")
    page = start(context, server, people.zhang, job)
    page.evaluate("location.hash = '#/outbox'")
    page.get_by_role("button", name="请浏览器承诺保留").click()
    expect(page.get_by_text("浏览器没有答应")).to_be_visible()


def test_a_long_fault_stands_whole_on_its_order_and_short_above_it(
    context: BrowserContext, server: Server, people: People, app: APIFlask
) -> None:
    fault = "地下二层生活水泵房三号泵机械密封处一直滴水，地面已有积水，值班人员每两小时排一次，" * 6
    job = give_job(app, people, people.zhang, fault)
    page = start(context, server, people.zhang, job)
    expect(page.locator(".prose", has_text=fault)).to_be_visible()
    assert (
        page.locator("h1").evaluate("(title) => title.clientHeight / parseFloat(getComputedStyle(title).lineHeight)")
        < 2.1
    )
    page.get_by_role("link", name="照片 0").click()
    note = page.locator(".titles .soft")
    assert note.evaluate("(note) => note.clientHeight / parseFloat(getComputedStyle(note).lineHeight)") < 1.1


def give_up(page: Page) -> None:
    """The job cannot be done: what is left is leaving."""
    page.get_by_role("button", name="未能完成").click()
    page.locator("dialog .choice").first.click()
    page.locator("dialog .main", has_text="按此原因结束").click()
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator(".foot .main")).to_have_text("离开现场")


def test_a_departure_after_a_restart_says_where_the_phone_is(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    work(page)
    give_up(page)
    page.goto("about:blank")
    context.set_geolocation({"latitude": 25.29, "longitude": 110.3, "accuracy": 9})
    page.goto(f"{server.url}/app/#/orders/{job.id}")
    step(page, "离开现场")
    expect(page.get_by_text("离开已存到手机")).to_be_visible(timeout=15_000)
    [departure] = lines(page, "departure.record")
    assert "why_none" not in departure["data"]
    found = departure["data"]["position"]
    assert (found["latitude"], found["accuracy_m"]) == (25.29, 9)
    assert found["age_s"] < 15


def test_a_departure_without_an_answer_waits_for_nobody_and_gives_no_false_reason(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    context.add_init_script(NOBODY_ANSWERS)
    page = start(context, server, people.zhang, job)
    work(page)
    give_up(page)
    page.reload()
    step(page, "离开现场")
    expect(page.get_by_text("正在定位，几秒钟后自动登记离开")).to_be_visible()
    assert lines(page, "departure.record") == []
    step(page, "不等定位，现在登记")
    expect(page.get_by_text("离开已存到手机")).to_be_visible(timeout=15_000)
    [departure] = lines(page, "departure.record")
    assert departure["data"]["position"] is None
    assert departure["data"]["why_none"] == "timeout"


def test_whoever_goes_on_while_the_position_is_looked_for_has_left_all_the_same(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    context.add_init_script(NOBODY_ANSWERS)
    page = start(context, server, people.zhang, job)
    work(page)
    give_up(page)
    step(page, "离开现场")
    page.get_by_role("button", name="返回").click()
    expect(page.get_by_text("离开已存到手机")).to_be_visible(timeout=15_000)
    assert len(lines(page, "departure.record")) == 1


def test_a_sharp_fix_is_kept_until_a_new_one_tells_more(phone: Phone) -> None:
    tells = "async (fixes) => (await import('/app/static/app/rules/place.js')).tellsMore(...fixes)"
    page = phone.tab()

    def fix(north_m: float, accuracy_m: float, age_s: float) -> dict[str, float]:
        return {"latitude": 25.28 + north_m / 111_195, "longitude": 110.29, "accuracy_m": accuracy_m, "age_s": age_s}

    assert page.evaluate(tells, [fix(0, 10, 60), fix(20, 300, 0)]), "the wide circle of a cellar says less"
    assert not page.evaluate(tells, [fix(0, 10, 60), fix(0, 12, 0)]), "a walk has widened the old one"
    assert not page.evaluate(tells, [fix(0, 10, 5), fix(400, 30, 0)]), "the phone has gone elsewhere"


def test_the_way_back_from_an_order_needs_one_press_after_arriving(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    for name in ("接单", "出发", "到达现场", "登记到达"):
        step(page, name)
    expect(page.locator(".foot .main")).to_have_text("开始处理")
    page.get_by_role("button", name="返回").click()
    expect(page.get_by_role("heading", name="今天", level=1)).to_be_visible()


def test_the_conduct_list_comes_after_the_arrival_and_costs_the_fix_no_time(
    context: BrowserContext, server: Server, people: People, app: APIFlask
) -> None:
    identity, badge = str(uuid7()), "佩戴工牌"
    items = [{"id": str(uuid7()), "text": badge, "type": "check", "required": False}]
    body = {"id": identity, "name": "入户规范", "use": "arrival", "kinds": ["repair"], "items": items}
    with app.app_context(), writing() as connection:
        put_document(connection, "checklist", identity, body, services().now())
    page = start(context, server, people.zhang, give_job(app, people, people.zhang))
    for name in ("接单", "出发", "到达现场"):
        step(page, name)
    expect(page.get_by_text("误差 ±12 m").first).to_be_visible()
    expect(page.get_by_text(badge)).to_have_count(0)
    step(page, "登记到达")
    page.get_by_role("checkbox", name=badge).click()
    expect(page.get_by_role("checkbox", name=badge)).to_have_attribute("aria-checked", "true")


def test_a_caption_is_written_on_one_photo_alone(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    page.get_by_role("link", name="照片 0").click()
    caption = page.get_by_label("说明")
    caption.fill("三号泵漏水点")
    page.get_by_role("button", name="拍照", exact=True).click()
    camera = page.get_by_role("dialog", name="相机")
    expect(camera.get_by_text("三号泵漏水点")).to_be_visible()
    camera.get_by_role("button", name="关闭").click()
    expect(caption).to_have_value("三号泵漏水点")
    caption.fill("铭牌背面")
    page.get_by_role("radio", name="铭牌").click()
    expect(caption).to_have_value("")
    caption.fill("铭牌正面")
    page.locator("input[type=file]").set_input_files(PHOTO)
    expect(page.locator(".photo")).to_have_count(1)
    expect(caption).to_have_value("")
    expect(page.get_by_role("radio", name="铭牌")).to_have_attribute("aria-checked", "true")
    page.locator("input[type=file]").set_input_files(PHOTO.with_name("icon-512.png"))
    expect(page.locator(".photo")).to_have_count(2)
    assert [line["data"].get("caption") for line in lines(page, "photo.add")] == ["铭牌正面", None]


# A fix that came in so many seconds ago, 111 m from the middle of the site's circle.
FIX = """async ([accuracy_m, age_s]) => {
  const {store} = await import("/app/static/app/store/database.js");
  const came_at = new Date(Date.now() - age_s * 1000).toISOString();
  const fix = {latitude: 25.281, longitude: 110.29, accuracy_m, fixed_at: came_at, came_at};
  await (await store()).put("meta", fix, "last_fix");
  location.reload();
}"""
SITE = """async (id) => {
  const {store} = await import("/app/static/app/store/database.js");
  const document = await (await store()).get("documents", ["work_order", id]);
  document.body.site = {name: "泵房", position: {latitude: 25.28, longitude: 110.29, datum: "WGS-84"}, radius_m: 150};
  await (await store()).put("documents", document);
  await (await import("/app/static/app/store/documents.js")).refreshOrders();
}"""


def test_a_position_is_told_no_finer_than_it_is_and_never_new_and_old_at_once(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    context.add_init_script(NOBODY_ANSWERS)
    page = start(context, server, people.zhang, job)
    page.evaluate(SITE, job.id)
    page.evaluate("id => { location.hash = `#/orders/${id}/arrive` }", job.id)
    where = page.locator(".where")
    page.evaluate(FIX, [900.4, 5])
    expect(where).to_contain_text("误差 ±900 m")
    expect(where).not_to_contain_text("900.4")
    # Now it still counts for a little while, now no longer.
    for age_s, warned in ((20, "旧"), (45, "最后一次定位")):
        page.evaluate(FIX, [12, age_s])
        expect(where).to_contain_text(warned)
        expect(where).not_to_contain_text("刚刚定位")
