"""Wet fingers: the main button keeps its place, a changed button rests, and what was a mistake is taken back."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from apiflask import APIFlask
from playwright.sync_api import BrowserContext, Locator, Page, expect
from uuid_utils import uuid7

from server.database import reading, writing
from server.office.queries import queries
from server.services import services
from server.sync.exchange.office_ledger import NewOperation, write
from server.sync.store.feeds import put_document
from tests.conftest import People
from tests.pwa.conftest import Job, Server, give_job
from tests.pwa.test_conditions import PHOTO, show
from tests.pwa.test_screens import hand_to_customer, lines, start, step, work
from tests.pwa.waiting import until

RESTED_MS = 600
SIZES = [(390, 844), (320, 568)]
RECORD = """async (operations) => {
  const {record} = await import("/app/static/app/ledger/record.js");
  await record(operations);
}"""
ORDER = """async (id) => (await import("/app/static/app/store/documents.js"))
  .orders.value.find((one) => one.id === id).body"""

EXCHANGE = "async () => (await import('/app/static/app/sync/round.js')).exchangeAll()"
NOBODY_ANSWERS = """Geolocation.prototype.watchPosition = () => 1;
Geolocation.prototype.getCurrentPosition = () => {};"""
SLOW_DISK = """async () => {
  const {store} = await import("/app/static/app/store/database.js");
  const meta = (await store()).transaction(["meta", "lines"], "readwrite").objectStore("meta");
  let waits = true;
  setTimeout(() => { waits = false; }, 900);
  const busy = () => { if (waits) meta.get("ledger").then(busy); };
  busy();
}"""
NOTES_CHANGE = """(words) => {
  const noting = new MutationObserver(() => {
    if (document.querySelector(".foot .main")?.textContent !== words) return;
    window.changedAt = Date.now() / 1000;
    noting.disconnect();
  });
  noting.observe(document.body, {subtree: true, childList: true, characterData: true});
}"""
SAYS = "(words) => document.querySelector('.foot .main')?.textContent === words"


def exchange(page: Page) -> None:
    """Send and fetch now."""
    page.evaluate(EXCHANGE)


def touch(page: Page, target: Locator, at: float | None = None) -> None:
    """A real touch in the middle of `target` that came `at` (seconds since 1970), however late it is delivered."""
    box = target.bounding_box()
    assert box is not None
    point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    touch_at(page, point, time.time() if at is None else at)


def touch_at(page: Page, point: dict[str, float], at: float) -> None:
    session = page.context.new_cdp_session(page)
    for kind, points in (("touchStart", [point]), ("touchEnd", [])):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points, "timestamp": at})
    session.detach()


def tap_twice(page: Page, target: Locator, apart_ms: int = 120, late_ms: int = 0) -> None:
    """
    Two real touches on one place, as fast as a wet finger, however long a busy machine takes to deliver them;
    `late_ms`: and the second is handled so much later than it came.
    """
    box = target.bounding_box()
    assert box is not None
    point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    began = time.time()
    touch_at(page, point, began)
    page.wait_for_timeout(apart_ms + late_ms)
    touch_at(page, point, began + apart_ms / 1000)


def stages(page: Page) -> list[str]:
    return [line["data"]["to"] for line in lines(page, "order.stage")]


def body(page: Page, job: Job) -> Any:  # Any: JSON
    return page.evaluate(ORDER, job.id)


@pytest.mark.parametrize("apart_ms", [60, 250, 350])
def test_a_double_tap_on_the_main_button_is_one_step(
    context: BrowserContext, server: Server, people: People, job: Job, apart_ms: int
) -> None:
    page = start(context, server, people.zhang, job)
    expect(page.locator(".foot .main")).to_have_text("接单")
    page.wait_for_timeout(RESTED_MS)
    tap_twice(page, page.locator(".foot .main"), apart_ms)
    expect(page.locator(".foot .main")).to_have_text("出发")
    page.wait_for_timeout(RESTED_MS)
    expect(page.locator("dialog")).to_have_count(0)
    assert stages(page) == ["accepted"]
    page.locator(".foot .main").tap()
    expect(page.locator(".foot .main")).to_have_text("到达现场")
    assert stages(page) == ["accepted", "en_route"], "a second press that is meant counts"


@pytest.mark.parametrize("late_ms", [0, 900])
def test_a_double_tap_goes_through_no_two_screens(
    context: BrowserContext, server: Server, people: People, job: Job, late_ms: int
) -> None:
    page = start(context, server, people.zhang, job)
    for name in ("接单", "出发"):
        step(page, name)
    expect(page.locator(".foot .main")).to_have_text("到达现场")
    page.wait_for_timeout(RESTED_MS)
    tap_twice(page, page.locator(".foot .main"), late_ms=late_ms)
    expect(page.locator(".foot .main")).to_have_text("登记到达")
    page.wait_for_timeout(RESTED_MS)
    assert lines(page, "arrival.record") == []
    tap_twice(page, page.locator(".foot .main"), late_ms=late_ms)
    expect(page.locator(".foot .main")).to_have_text("开始处理")
    page.wait_for_timeout(RESTED_MS)
    assert stages(page) == ["accepted", "en_route", "on_site"]
    tap_twice(page, page.get_by_role("button", name="返回"), late_ms=late_ms)
    expect(page.get_by_role("heading", name="今天", level=1)).to_be_visible()


def test_a_slow_disk_makes_no_second_press_of_the_first(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    expect(page.locator(".foot .main")).to_have_text("接单")
    page.evaluate(SLOW_DISK)
    page.evaluate(NOTES_CHANGE, "出发")
    touch(page, page.locator(".foot .main"))
    until(page, SAYS, "出发")
    touch(page, page.locator(".foot .main"), at=page.evaluate("window.changedAt") + 0.1)
    page.wait_for_timeout(RESTED_MS)
    assert stages(page) == ["accepted"]


def test_keys_press_once_too(context: BrowserContext, server: Server, people: People, job: Job) -> None:
    page = start(context, server, people.zhang, job)
    main = page.locator(".foot .main")
    expect(main).to_have_text("接单")
    page.wait_for_timeout(RESTED_MS)
    main.focus()
    for key in ("Enter", "Enter", "Space"):
        page.keyboard.press(key)
    expect(main).to_have_text("出发")
    page.wait_for_timeout(RESTED_MS)
    assert stages(page) == ["accepted"]
    for _ in range(30):  # held down: the first is a press, the others are its repetitions
        page.keyboard.down("Enter")
        page.wait_for_timeout(40)
    page.keyboard.up("Enter")
    expect(main).to_have_text("到达现场")
    assert stages(page) == ["accepted", "en_route"]
    expect(main).to_be_focused()


def test_a_sheet_that_comes_up_under_a_key_or_a_finger_answers_nothing(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    work(page)
    pause = page.get_by_role("button", name="暂停（待件…）")
    page.wait_for_timeout(RESTED_MS)
    tap_twice(page, pause)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.wait_for_timeout(RESTED_MS)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.wait_for_timeout(RESTED_MS)
    pause.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_timeout(RESTED_MS)
    expect(page.get_by_role("dialog")).to_be_visible()
    assert stages(page)[-1] == "working"


def test_what_does_not_change_is_pressed_as_fast_as_one_likes(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    work(page)
    names = ["机械密封", "轴承", "垫片"]
    page.evaluate(RECORD, [added(job, name) for name in names])
    page.get_by_role("link", name="用料 3").click()
    more = page.get_by_role("button", name="多一些：机械密封").or_(page.locator(".stepper button").nth(1)).first
    page.wait_for_timeout(RESTED_MS)
    quantity = page.locator(".stepper input").first
    for wanted in ("2", "3", "4"):
        more.tap()
        expect(quantity).to_have_value(wanted, timeout=400)


def added(job: Job, name: str) -> dict[str, Any]:  # Any: JSON
    data = {"line": str(uuid7()), "name": name, "unit": "套", "quantity": "1", "unit_price": 100, "source": "van"}
    return {"kind": "material.add", "target": job.id, "data": data}


def test_of_two_lines_a_double_tap_removes_one_and_that_comes_back(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    work(page)
    page.evaluate(RECORD, [added(job, name) for name in ("机械密封", "轴承", "垫片")])
    page.get_by_role("link", name="用料 3").click()
    page.wait_for_timeout(RESTED_MS)
    tap_twice(page, page.get_by_role("button", name="移除机械密封").or_(page.locator(".used .side")).first)
    page.wait_for_timeout(RESTED_MS)
    assert len(lines(page, "material.remove")) == 1
    page.get_by_role("button", name="撤销").click()
    until(page, "() => document.querySelectorAll('.used').length === 3")


def test_a_tick_that_was_tapped_twice_is_a_tick(
    context: BrowserContext, server: Server, people: People, app: APIFlask
) -> None:
    job = with_conduct(app, people)
    page = start(context, server, people.zhang, job)
    for name in ("接单", "出发", "到达现场", "登记到达"):
        step(page, name)
    tick = page.get_by_role("checkbox", name="佩戴工牌")
    expect(tick).to_be_visible()
    page.wait_for_timeout(RESTED_MS)
    tap_twice(page, tick)
    expect(tick).to_have_attribute("aria-checked", "true")
    page.wait_for_timeout(RESTED_MS)
    expect(tick).to_have_attribute("aria-checked", "true")
    tick.tap()
    expect(tick).to_have_attribute("aria-checked", "false")


def with_conduct(app: APIFlask, people: People) -> Job:
    """A job with a list of conduct: something at the door, something at work, something at the end."""
    identity = str(uuid7())
    asked = [("佩戴工牌", "arrival"), ("不使用客户的工具", "work"), ("清洁现场", "end"), ("礼貌待客", None)]
    items = [
        {"id": str(uuid7()), "text": text, "type": "check", "required": False, "when": when} for text, when in asked
    ]
    listed = {"id": identity, "name": "入户规范", "use": "arrival", "kinds": ["repair"], "items": items}
    with app.app_context(), writing() as connection:
        put_document(connection, "checklist", identity, listed, services().now())
    return give_job(app, people, people.zhang)


def test_conduct_is_asked_at_its_time(context: BrowserContext, server: Server, people: People, app: APIFlask) -> None:
    page = start(context, server, people.zhang, with_conduct(app, people))
    for name in ("接单", "出发", "到达现场", "登记到达"):
        step(page, name)
    ticks = page.get_by_role("checkbox")
    expect(ticks).to_have_text(["佩戴工牌", "礼貌待客"])
    step(page, "开始处理")
    expect(ticks).to_have_text(["不使用客户的工具"])
    step(page, "完工，请客户签字")
    expect(ticks).to_have_text(["清洁现场"])
    ticks.click()
    expect(ticks).to_have_attribute("aria-checked", "true")
    page.get_by_role("button", name="客户未签字").or_(page.locator(".foot .side", has_text="签")).first.click()
    page.get_by_role("radio", name="客户不在场").click()
    page.locator("dialog .main").click()
    expect(page.locator(".foot .main")).to_have_text("离开现场")
    expect(ticks).to_have_text(["清洁现场"])


def place_of_main(page: Page) -> tuple[float, float, float, float]:
    """Where the main button lies, in whole pixels, and that nothing of its words is cut off."""
    main = page.locator(".foot .main")
    expect(main).to_have_count(1)
    page.wait_for_timeout(50)
    box = main.bounding_box()
    assert box is not None
    assert main.evaluate("(button) => button.scrollHeight <= button.clientHeight + 1"), main.inner_text()
    return round(box["x"]), round(box["y"]), round(box["width"]), round(box["height"])


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_main_button_keeps_its_place_at_every_stage_and_on_every_screen(
    context: BrowserContext,
    server: Server,
    people: People,
    app: APIFlask,
    checklist: str,
    size: tuple[int, int],
    language: str,
) -> None:
    context.add_init_script(NOBODY_ANSWERS)
    job = give_job(app, people, people.zhang, "水泵机械密封处漏水，地面有积水，值班人员每两小时排一次")
    page = start(context, server, people.zhang, job)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate("(language) => localStorage.setItem('undercroft-language', language)", language)
    page.reload()
    expect(page.locator(".foot .main")).to_be_visible()
    found: dict[str, tuple[float, float, float, float]] = {}

    def at(screen: str) -> None:
        page.evaluate("(screen) => { location.hash = `#/${screen}`; }", screen)
        until(page, "(screen) => location.hash === `#/${screen}`", screen)
        found[f"{screen.replace(job.id, '')} at {body(page, job)['stage']}"] = place_of_main(page)

    def move(*operations: dict[str, Any]) -> None:
        page.evaluate(RECORD, [{"target": job.id} | each for each in operations])

    def stage(to: str) -> dict[str, Any]:
        return {"kind": "order.stage", "data": {"to": to}}

    at(f"orders/{job.id}")
    for to in ("accepted", "en_route"):
        move(stage(to))
        at(f"orders/{job.id}")
    at(f"orders/{job.id}/arrive")
    arrival = {"arrival": str(uuid7()), "position": None, "why_none": "timeout"}
    move({"kind": "arrival.record", "data": arrival}, stage("on_site"))
    for to in ("on_site", "working", "paused", "working"):
        move(stage(to))
        at(f"orders/{job.id}")
    for screen in ("photos", "materials", "checklist", "sign"):
        at(f"orders/{job.id}/{screen}")
    at("new")
    move(stage("unable"))
    at(f"orders/{job.id}")
    page.locator(".foot .main").click()
    found["leaving"] = place_of_main(page)
    assert len(found) > 13
    assert set(found.values()) == {found[next(iter(found))]}, json.dumps(found, ensure_ascii=False, indent=1)


def test_the_customer_finds_the_main_button_in_one_place(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    work(page)
    step(page, "完工，请客户签字")
    expect(page.locator(".foot .main")).to_have_text("把手机交给客户签字")
    found = [place_of_main(page)]
    hand_to_customer(page)
    expect(page.locator(".foot .main")).to_have_text("我已阅读，下一步")
    found.append(place_of_main(page))
    page.locator(".foot .side").last.click()
    expect(page.locator(".foot .main")).to_contain_text("张")
    found.append(place_of_main(page))
    assert len(set(found)) == 1, found


def choose_unable(page: Page) -> None:
    page.get_by_role("button", name="未能完成").click()
    page.get_by_role("radio", name="无法进入").or_(page.locator("dialog [role=radio]")).first.click()


def test_unable_is_said_twice_and_taken_back_without_a_signal(
    context: BrowserContext, server: Server, people: People, job: Job, app: APIFlask
) -> None:
    page = start(context, server, people.zhang, job)
    work(page)
    choose_unable(page)
    page.wait_for_timeout(RESTED_MS)
    assert stages(page)[-1] == "working", "a reason alone ends nothing"
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    choose_unable(page)
    step_in_sheet(page, "按此原因结束")
    expect(page.locator(".foot .main")).to_have_text("离开现场")
    context.set_offline(True)
    page.get_by_role("button", name="点错了，继续处理").click()
    expect(page.locator(".foot .main")).to_have_text("完工，请客户签字")
    assert stages(page)[-2:] == ["unable", "working"]
    context.set_offline(False)
    exchange(page)
    document = office_sees(app, job)
    assert (document["stage"], document["review"]["state"]) == ("working", "none")
    page.reload()
    expect(page.locator(".foot .main")).to_have_text("完工，请客户签字")


def test_unable_said_at_home_is_taken_back_to_where_the_order_stood(
    context: BrowserContext, server: Server, people: People, job: Job, app: APIFlask
) -> None:
    page = start(context, server, people.zhang, job)
    step(page, "接单")
    expect(page.locator(".foot .main")).to_have_text("出发")
    choose_unable(page)
    step_in_sheet(page, "按此原因结束")
    context.set_offline(True)
    expect(page.get_by_role("button", name="点错了，继续处理")).to_have_count(0)
    page.get_by_role("button", name="点错了，撤回").click()
    expect(page.locator(".foot .main")).to_have_text("出发")
    assert stages(page) == ["accepted", "unable", "accepted"]
    context.set_offline(False)
    exchange(page)
    document = office_sees(app, job)
    assert (document["stage"], document["review"]["state"]) == ("accepted", "none")


def step_in_sheet(page: Page, name: str) -> None:
    page.locator("dialog .main", has_text=name).click()
    expect(page.locator("dialog")).to_have_count(0)


def office_sees(app: APIFlask, job: Job) -> Any:  # Any: JSON
    with app.app_context(), reading() as connection:
        found = queries.order(connection, job.id)
    assert found is not None
    return found.body


@pytest.mark.parametrize("verdict", ["approved", "returned"])
def test_after_a_review_nothing_is_taken_back(
    context: BrowserContext, server: Server, people: People, job: Job, app: APIFlask, verdict: str
) -> None:
    page = start(context, server, people.zhang, job)
    work(page)
    choose_unable(page)
    step_in_sheet(page, "按此原因结束")
    mistaken = page.get_by_role("button", name="点错了，继续处理")
    expect(mistaken).to_be_visible()
    exchange(page)
    with app.app_context(), writing() as connection:
        review = NewOperation("order.review", job.id, {"verdict": verdict, "comment": "明天再去"})
        assert write(connection, services().pen, people.wang.id, [review], services().now())[0].status == "applied"
    exchange(page)
    expect(mistaken).to_have_count(0)
    main = "继续处理" if verdict == "returned" else "离开现场"
    expect(page.locator(".foot .main")).to_have_text(main)


def test_somebody_elses_unable_is_not_taken_back(
    context: BrowserContext, server: Server, people: People, app: APIFlask
) -> None:
    job = give_job(app, people, people.zhang)
    page = start(context, server, people.zhang, job)
    work(page)
    exchange(page)
    with app.app_context(), writing() as connection:
        both = {"assignees": {"was": [people.zhang.id], "now": [people.zhang.id, people.li.id]}}
        operation = NewOperation("order.plan", job.id, {"changes": both})
        write(connection, services().pen, people.wang.id, [operation], services().now())
    other = context.browser.new_context(locale="zh-CN") if context.browser else None
    assert other is not None
    try:
        tab = start(other, server, people.li, job)
        expect(tab.locator(".foot .main")).to_have_text("完工，请客户签字")
        choose_unable(tab)
        step_in_sheet(tab, "按此原因结束")
        expect(tab.get_by_role("button", name="点错了，继续处理")).to_be_visible()
        exchange(tab)
    finally:
        other.close()
    exchange(page)
    expect(page.locator(".foot .main")).to_have_text("离开现场")
    expect(page.get_by_role("button", name="点错了，继续处理")).to_have_count(0)


def test_whoever_pressed_leave_too_early_has_not_left(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    context.add_init_script(NOBODY_ANSWERS)
    page = start(context, server, people.zhang, job)
    work(page)
    choose_unable(page)
    step_in_sheet(page, "按此原因结束")
    expect(page.locator(".foot .main")).to_have_text("离开现场")
    page.wait_for_timeout(RESTED_MS)
    tap_twice(page, page.locator(".foot .main"))
    page.get_by_role("button", name="还没离开").click()
    expect(page.locator(".foot .main")).to_have_text("离开现场")
    page.get_by_role("button", name="返回").click()
    expect(page.get_by_role("heading", name="今天", level=1)).to_be_visible()
    page.wait_for_timeout(RESTED_MS)
    assert lines(page, "departure.record") == []


IN_SIGHT = """(found) => {
  const {top, bottom} = found.getBoundingClientRect();
  const foot = document.querySelector('.foot').getBoundingClientRect().top;
  return top >= 0 && bottom <= foot;
}"""


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_at_work_what_is_worked_with_is_on_the_first_screen(
    context: BrowserContext, server: Server, people: People, app: APIFlask, checklist: str, size: tuple[int, int]
) -> None:
    page = start(context, server, people.zhang, give_job(app, people, people.zhang))
    page.set_viewport_size({"width": size[0], "height": size[1]})
    work(page)
    doors: Callable[[str], Locator] = lambda name: page.locator(".doors .side", has_text=name)  # noqa: E731
    for name in ("照片 0", "用料 0", "检查 0/2", "诊断"):
        assert doors(name).evaluate(IN_SIGHT), name
    folded = page.get_by_role("button", name="地点和联系人")
    below = "([one, other]) => one.getBoundingClientRect().top < other.getBoundingClientRect().top"
    assert page.evaluate(below, [page.get_by_label("诊断").element_handle(), folded.element_handle()])
    doors("诊断").tap()
    expect(page.get_by_label("诊断")).to_be_focused()
    assert page.get_by_label("诊断").evaluate(IN_SIGHT)


# Which photos ever rested.
RESTED = """() => {
  window.rested = [];
  new MutationObserver((all) => {
    for (const {target} of all) if (target.matches(".photo[aria-disabled]")) rested.push(target.ariaLabel);
  }).observe(document, {subtree: true, attributeFilter: ["aria-disabled"]});
}"""
DELIVERED = f"""async () => {{
  await ({EXCHANGE})();
  return document.querySelector(".photo").ariaLabel.includes("送达");
}}"""


def test_a_photo_that_is_delivered_meanwhile_opens_at_the_first_press(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    context.set_offline(True)
    show(page, f"orders/{job.id}/photos")
    page.locator("input[type=file]").set_input_files(PHOTO)
    tile = page.locator(".photo")
    tile.click()
    expect(page.locator(".viewer")).to_be_visible()
    page.go_back()
    expect(page.locator(".viewer")).to_have_count(0)
    # Where the finger was last it says something else now, and does what it did.
    page.evaluate(RESTED)
    context.set_offline(False)
    until(page, DELIVERED)
    tile.click()
    expect(page.locator(".viewer")).to_be_visible()
    assert page.evaluate("rested") == []
