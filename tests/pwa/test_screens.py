"""The screens' promises: nothing typed is lost, "saved" is true, a customer reaches nothing but the report."""

from __future__ import annotations

import json
from typing import Any

import pytest
from apiflask import APIFlask
from playwright.sync_api import BrowserContext, Page, expect

from server.database import writing
from server.services import services
from server.sync.exchange.office_ledger import NewOperation, write
from tests.conftest import People, TestPerson
from tests.pwa.conftest import REQUIRED, Job, Server, give_job
from tests.pwa.waiting import until

# Keeps the ledger busy until letGo(): what is saved meanwhile waits for the disk, as on a slow phone.
SLOW_DISK = """async () => {
  const {store} = await import("/app/static/app/store/database.js");
  const meta = (await store()).transaction(["meta", "lines"], "readwrite").objectStore("meta");
  let waits = true;
  window.letGo = () => { waits = false; };
  const busy = () => { if (waits) meta.get("ledger").then(busy); };
  busy();
}"""
COUNT_EDITS = """async (count) => (await (await (await import("/app/static/app/store/database.js")).store())
  .getAll("lines")).filter((line) => line.kind === "order.edit").length === count"""
# The order is not on this phone any more, as where it was archived.
FORGET = """async (id) => {
  const {store} = await import("/app/static/app/store/database.js");
  await (await store()).delete("documents", ["work_order", id]);
  await (await import("/app/static/app/store/documents.js")).refreshOrders();
}"""
FULL_DISK = """() => { IDBObjectStore.prototype.add = function () {
  throw new DOMException("no room", "QuotaExceededError"); } }"""


def start(context: BrowserContext, server: Server, person: TestPerson, job: Job) -> Page:
    """The app with `person` signed in, at their job."""
    page = context.new_page()
    page.goto(f"{server.url}/app/")
    page.get_by_label("用户名").fill(person.username)
    page.get_by_label("密码").fill(person.password)
    page.get_by_role("button", name="登录").click()
    page.locator(f'a[href="#/orders/{job.id}"]').click()
    return page


def reassign(app: APIFlask, people: People, job: Job) -> None:
    """The office gives Zhang's job to Li."""
    change = {"assignees": {"was": [people.zhang.id], "now": [people.li.id]}}
    with app.app_context(), writing() as connection:
        running = services()
        operation = NewOperation("order.plan", job.id, {"changes": change})
        write(connection, running.pen, people.wang.id, [operation], running.now())


def step(page: Page, name: str) -> None:
    """Press the large button once it says `name`."""
    page.locator(".foot .main", has_text=name).click()


def work(page: Page) -> None:
    """Everything up to the work itself."""
    for name in ("接单", "出发", "到达现场", "登记到达", "开始处理"):
        step(page, name)
    expect(page.locator(".foot .main")).to_have_text("完工，请客户签字")


def hand_to_customer(page: Page, pin: str | None = None) -> None:
    """Hand the phone over, for the first time on it, and choose the PIN that is offered, or none."""
    step(page, "把手机交给客户签字")
    if pin is None:
        page.get_by_role("button", name="暂不设置").click()
    else:
        choose_pin(page, pin)


def to_the_pad(page: Page, name: str | None) -> None:
    """The customer says who they are, and gives no stars."""
    if name is not None:
        page.get_by_label("您的姓名").fill(name)
    page.get_by_role("radio", name="业主", exact=True).click()
    step(page, "我已阅读，下一步")
    page.get_by_role("radio", name="不评价").click()
    step(page, "去签字")


def choose_pin(page: Page, pin: str) -> None:
    """A new PIN, entered twice."""
    for name in ("下一步", "保存 PIN 码"):
        enter_pin(page, pin)
        page.get_by_role("button", name=name, exact=True).click()


def enter_pin(page: Page, pin: str) -> None:
    """The digits, on the large keys."""
    for digit in pin:
        page.get_by_role("button", name=digit, exact=True).click()


def lines(page: Page, kind: str) -> list[Any]:  # Any: lines of the ledger as JSON
    """The lines of `kind` on this phone's disk."""
    texts = page.evaluate(
        """async () => (await (await (await import("/app/static/app/store/database.js")).store())
             .getAll("lines")).map((line) => line.text)"""
    )
    return [line for line in map(json.loads, texts) if line["kind"] == kind]


def test_saved_is_not_said_when_the_phone_is_full_and_the_text_stays(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    work(page)
    expect(page.locator(".toast")).to_have_count(0)
    page.evaluate(FULL_DISK)
    page.get_by_label("诊断").fill("轴封磨损")
    page.get_by_label("诊断").blur()
    expect(page.locator(".toast.wrong")).to_contain_text("手机空间已满")
    expect(page.get_by_text("已存到手机", exact=True)).to_have_count(0)
    expect(page.get_by_label("诊断")).to_have_value("轴封磨损")
    assert lines(page, "order.edit") == []


def test_what_is_half_typed_survives_a_restart(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    work(page)
    page.get_by_label("处理方法").fill("更换机械密封")
    until(
        page,
        """async () => (await (await (await import("/app/static/app/store/database.js")).store())
             .getAll("drafts")).some((draft) => draft.value?.now === "更换机械密封")""",
    )
    page.goto("about:blank")
    page.goto(f"{server.url}/app/#/orders/{job.id}")
    expect(page.get_by_label("处理方法")).to_have_value("更换机械密封")
    page.get_by_label("处理方法").focus()
    page.get_by_label("诊断").focus()
    expect(page.get_by_text("已存到手机", exact=True)).to_be_visible()
    [edit] = lines(page, "order.edit")
    assert edit["data"] == {"changes": {"work_done": {"was": "", "now": "更换机械密封"}}}


def test_what_is_typed_while_a_description_is_being_saved_is_saved_after_it(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    work(page)
    context.set_offline(True)
    field = page.get_by_label("诊断")
    page.evaluate(SLOW_DISK)
    field.fill("轴封磨损")
    field.blur()
    field.fill("轴封磨损，叶轮完好")
    page.evaluate("letGo()")
    expect(page.get_by_text("已存到手机", exact=True)).to_be_visible()
    expect(field).to_have_value("轴封磨损，叶轮完好")
    field.blur()
    until(page, COUNT_EDITS, 2)
    first, second = (line["data"]["changes"]["diagnosis"] for line in lines(page, "order.edit"))
    assert first == {"was": "", "now": "轴封磨损"}
    assert second == {"was": "轴封磨损", "now": "轴封磨损，叶轮完好"}
    expect(field).to_have_value("轴封磨损，叶轮完好")


def test_what_is_typed_while_an_answer_is_being_saved_is_saved_after_it(
    context: BrowserContext, server: Server, people: People, checklist: str, app: APIFlask
) -> None:
    page = start(context, server, people.zhang, give_job(app, people, people.zhang))
    page.get_by_role("link", name="检查 0/2").click()
    context.set_offline(True)
    field = page.get_by_label("MPa")
    page.evaluate(SLOW_DISK)
    field.fill("０。４")
    field.blur()
    field.fill("0.45")
    field.blur()
    page.evaluate("letGo()")
    until(page, COUNT_EDITS.replace("order.edit", "checklist.answer"), 2)
    first, second = (line["data"] for line in lines(page, "checklist.answer"))
    assert (first["was"], first["now"]) == (None, "0.4")
    assert (second["was"], second["now"]) == ("0.4", "0.45")
    expect(field).to_have_value("0.45")
    field.fill("0.45 bar")
    field.blur()
    expect(page.get_by_text("这里的单位是“MPa”，请只填数字")).to_be_visible()
    assert len(lines(page, "checklist.answer")) == 2


def test_a_required_answer_blocks_finishing_with_a_clear_sentence(
    context: BrowserContext, server: Server, people: People, checklist: str, app: APIFlask
) -> None:
    page = start(context, server, people.zhang, give_job(app, people, people.zhang))
    work(page)
    step(page, "完工，请客户签字")
    expect(page.get_by_role("dialog")).to_contain_text("检查表还有 1 项必填没有回答")
    expect(page.get_by_role("dialog")).to_contain_text(REQUIRED)
    page.get_by_role("button", name="去填检查表").click()
    page.get_by_role("radio", name="合格", exact=True).click()
    page.get_by_role("button", name="好", exact=True).click()
    step(page, "完工，请客户签字")
    expect(page.get_by_role("heading", name="维修服务单").first).to_be_visible()


def test_a_customer_reaches_nothing_but_the_report(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    work(page)
    step(page, "完工，请客户签字")
    hand_to_customer(page)
    held = page.locator(".customer")
    expect(held).to_be_visible()
    expect(page.locator(".tabs, .bar, .toast")).to_have_count(0)
    page.evaluate("history.back()")
    page.evaluate("location.hash = '#/me'")
    expect(held).to_be_visible()
    page.goto("about:blank")
    page.goto(f"{server.url}/app/#/outbox")
    expect(held).to_be_visible()
    page.get_by_role("button", name="先不签").click()
    page.get_by_role("button", name="收回手机").click()
    expect(held).to_have_count(0)
    assert lines(page, "signature.record") == []


def test_the_phone_comes_back_when_the_order_is_nowhere_while_the_customer_holds_it(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    work(page)
    step(page, "完工，请客户签字")
    hand_to_customer(page)
    expect(page.locator(".customer")).to_contain_text("请阅读并签字")
    page.evaluate(FORGET, job.id)
    held = page.locator(".customer")
    expect(held).to_contain_text("请把手机还给师傅")
    page.evaluate("history.back()")
    page.evaluate("location.hash = '#/me'")
    expect(held).to_contain_text("请把手机还给师傅")
    page.get_by_role("button", name="收回手机").click()
    expect(page.get_by_role("heading", name="今天", level=1)).to_be_visible()
    expect(page.locator(".toast")).to_contain_text("这一单在客户阅读时离开了这台手机")


def test_what_one_person_handed_over_does_not_lock_the_next(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    work(page)
    step(page, "完工，请客户签字")
    hand_to_customer(page)
    expect(page.locator(".customer")).to_be_visible()
    sign_in = "import('/app/static/app/store/session.js').then(({signIn}) => signIn(...who))"
    page.evaluate(f"who => {sign_in}", [people.li.username, people.li.password])
    expect(page.locator(".customer")).to_have_count(0)
    page.evaluate("location.hash = '#/me'")
    expect(page.get_by_role("heading", name=people.li.name)).to_be_visible()
    page.evaluate(f"who => {sign_in}", [people.zhang.username, people.zhang.password])
    expect(page.locator(".customer")).to_be_visible()


def test_a_signature_on_an_upright_phone_lies_along_its_line_and_ends_the_job(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    work(page)
    step(page, "完工，请客户签字")
    hand_to_customer(page)
    page.get_by_role("button", name="English").click()
    expect(page.locator(".report")).to_contain_text("Service report")
    page.get_by_label("Your name").fill("Ms. Qin")
    page.get_by_role("radio", name="Owner", exact=True).click()
    step(page, "I have read this")
    page.get_by_role("radio", name="No rating").click()
    step(page, "Go on to sign")
    box = page.locator("canvas").bounding_box()
    assert box is not None
    expect(page.locator(".deeds .main")).to_be_disabled()
    page.mouse.move(box["x"] + 100, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 400, steps=20)
    page.mouse.up()
    page.locator(".deeds .main").click()
    expect(page.locator(".customer")).to_contain_text("Please hand the phone back")
    [signature] = lines(page, "signature.record")
    [stroke], area = signature["data"]["strokes"], signature["data"]["box"]
    assert area["width"] > area["height"], "the box is as the customer saw it: wider than high"
    assert stroke[-1][0] - stroke[0][0] > 300 and abs(stroke[-1][1] - stroke[0][1]) < 40
    assert json.loads(signature["data"]["report"])["language"] == "en"
    assert lines(page, "order.stage")[-1]["data"] == {"to": "finished"}
    page.get_by_role("button", name="收回手机").or_(page.get_by_role("button", name="take the phone back")).click()
    expect(page.locator(".foot .main")).to_have_text("离开现场")


def test_arriving_writes_place_and_stage_side_by_side(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    context.set_offline(True)
    for name in ("接单", "出发", "到达现场"):
        step(page, name)
    expect(page.get_by_text("误差 ±12 m").first).to_be_visible()
    step(page, "登记到达")
    expect(page.locator(".foot .main")).to_have_text("开始处理")
    [arrival], stage = lines(page, "arrival.record"), lines(page, "order.stage")[-1]
    assert stage["data"]["to"] == "on_site" and stage["seq"] == arrival["seq"] + 1
    assert arrival["data"]["position"]["accuracy_m"] == 12
    expect(page.locator(".state")).to_contain_text("4 项待发送 · 全部已存手机")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_nothing_scrolls_sideways_on_the_smallest_phone_at_double_size(
    language: str, context: BrowserContext, server: Server, people: People, checklist: str, app: APIFlask
) -> None:
    job = give_job(app, people, people.zhang)
    page = start(context, server, people.zhang, job)
    page.evaluate("localStorage.setItem('undercroft.text-scale', '2')")
    page.evaluate("language => localStorage.setItem('undercroft-language', language)", language)
    page.set_viewport_size({"width": 320, "height": 640})
    page.reload()
    parts = ("", "/arrive", "/photos", "/materials", "/checklist", "/sign")
    for screen in ("today", "outbox", "me", "new", *(f"orders/{job.id}{part}" for part in parts)):
        page.evaluate("screen => { location.hash = '#/' + screen }", screen)
        page.wait_for_function("() => document.querySelector('main.body')?.childElementCount > 0")
        overflow = page.evaluate(
            """() => [document.documentElement, ...document.querySelectorAll(".phone, .body")]
                 .map((each) => each.scrollWidth - each.clientWidth)"""
        )
        assert max(overflow) == 0, screen
