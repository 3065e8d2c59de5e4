"""Conflicts on the phone: both values in sight, chosen without a network, the plan left to the office."""

from __future__ import annotations

from typing import Any

import pytest
from apiflask import APIFlask
from playwright.sync_api import BrowserContext, Locator, Page, expect

from server.database import writing
from server.export_files.taking import import_file
from server.export_files.wiring import this_server
from server.services import services
from server.sync.exchange.office_ledger import NewOperation, write
from tests.conftest import People
from tests.pwa.conftest import Job, Server, give_job
from tests.pwa.test_screens import lines, start, work
from tests.pwa.waiting import until
from tests.server.export_files.files import parts_of, zipped
from tests.server.sync.phone import Phone as Lost
from tests.server.sync.phone import new_id

OURS, THEIRS = "13911111111", "13722222222"
SEND = "import('/app/static/app/sync/exchange.js').then(({sendNow}) => sendNow())"
DOCUMENT = """async (id) => (await (await import("/app/static/app/store/database.js")).store())
  .get("documents", ["work_order", id])"""


def office(app: APIFlask, people: People, kind: str, job: Job, data: dict[str, Any]) -> None:  # Any: JSON
    """The supervisor writes an operation at a desk."""
    with app.app_context(), writing() as connection:
        running = services()
        write(connection, running.pen, people.wang.id, [NewOperation(kind, job.id, data)], running.now())


def show(page: Page, screen: str) -> None:
    """Another screen, by its address."""
    page.evaluate("screen => { location.hash = '#/' + screen }", screen)


def sheet(page: Page, field: str) -> Locator:
    """The conflict about a field."""
    return page.get_by_role("region", name=field)


@pytest.fixture
def page(context: BrowserContext, server: Server, people: People, job: Job, app: APIFlask) -> Page:
    """Zhang at the job, where phone and office have both written a telephone number."""
    page = start(context, server, people.zhang, job)
    work(page)
    page.evaluate(SEND)
    context.set_offline(True)
    office(app, people, "order.edit", job, {"changes": {"contact.phone": {"was": "", "now": THEIRS}}})
    page.get_by_label("联系电话").fill(OURS)
    page.get_by_label("联系电话").blur()
    expect(page.get_by_text("已存到手机", exact=True)).to_be_visible()
    context.set_offline(False)
    page.evaluate(SEND)
    expect(page.get_by_text("1 处两边都改了")).to_be_visible()
    return page


def test_a_conflict_is_said_at_its_field_on_today_and_in_the_outbox(page: Page) -> None:
    mark = page.get_by_role("link", name="两边都改了，请选一个")
    expect(mark).to_have_count(1)
    for screen in ("today", "outbox"):
        show(page, screen)
        expect(page.get_by_role("link", name="1 处两边都改了")).to_be_visible()
    page.get_by_role("link", name="1 处两边都改了").click()
    both = sheet(page, "联系电话").get_by_role("radio")
    expect(both.nth(0)).to_contain_text(THEIRS)
    expect(both.nth(0)).to_contain_text("王主管")
    expect(both.nth(1)).to_contain_text(OURS)
    expect(both.nth(1)).to_contain_text("我")


def test_a_choice_is_written_without_a_network_and_taken_back_until_the_person_leaves(
    page: Page, context: BrowserContext, job: Job, app: APIFlask
) -> None:
    context.set_offline(True)
    page.get_by_role("link", name="1 处两边都改了").click()
    conflict = sheet(page, "联系电话")
    conflict.get_by_role("radio").nth(1).click()
    conflict.get_by_role("button", name="改用这一个").click()
    expect(conflict.get_by_role("status")).to_contain_text(OURS)
    [settle] = lines(page, "conflict.settle")
    assert settle["data"]["value"] == OURS

    conflict.get_by_role("button", name="重新选择").click()
    conflict.get_by_role("radio", name="都不对，另写一个").click()
    conflict.get_by_role("textbox").fill("0773-5550101")
    conflict.get_by_role("button", name="就用我写的").click()
    expect(conflict.get_by_role("status")).to_contain_text("0773-5550101")
    assert lines(page, "order.edit")[-1]["data"]["changes"]["contact.phone"] == {"was": OURS, "now": "0773-5550101"}
    show(page, "today")
    expect(page.get_by_role("heading", name="今天", level=1)).to_be_visible()
    expect(page.get_by_text("两边都改了")).to_have_count(0)

    context.set_offline(False)
    page.evaluate(SEND)
    kept = page.evaluate(DOCUMENT, job.id)["body"]
    assert kept["contact"]["phone"] == "0773-5550101"
    assert [conflict["settled"]["value"] for conflict in kept["conflicts"]] == [OURS]


def test_keeping_what_stands_settles_it_too(page: Page, job: Job) -> None:
    page.get_by_role("link", name="1 处两边都改了").click()
    conflict = sheet(page, "联系电话")
    conflict.get_by_role("radio").nth(0).click()
    conflict.get_by_role("button", name="保留现在的").click()
    expect(conflict.get_by_role("status")).to_contain_text(THEIRS)
    page.evaluate(SEND)
    [settled] = page.evaluate(DOCUMENT, job.id)["body"]["conflicts"]
    assert settled["settled"]["value"] == THEIRS


def test_a_half_written_third_value_survives_a_restart(page: Page, server: Server) -> None:
    page.get_by_role("link", name="1 处两边都改了").click()
    conflict = sheet(page, "联系电话")
    conflict.get_by_role("radio", name="都不对，另写一个").click()
    conflict.get_by_role("textbox").fill("0773-555")
    until(
        page,
        """async () => JSON.stringify(await (await (await import("/app/static/app/store/database.js")).store())
             .getAll("drafts")).includes("0773-555")""",
    )
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    expect(conflict.get_by_role("textbox")).to_have_value("0773-555")


def test_the_plan_is_shown_and_left_to_the_office(page: Page, people: People, job: Job, app: APIFlask) -> None:
    office(app, people, "order.plan", job, {"changes": {"priority": {"was": "normal", "now": "high"}}})
    office(app, people, "order.plan", job, {"changes": {"priority": {"was": "normal", "now": "urgent"}}})
    for now in ("先到值班室", "带梯子"):
        office(app, people, "order.plan", job, {"changes": {"instructions": {"was": "", "now": now}}})
    page.evaluate(SEND)
    # At the plan's own field nobody is asked to choose; at their own they are.
    instructions = page.locator(".stack", has=page.locator(".prose", has_text="先到值班室")).last
    expect(instructions.locator("a.mark")).to_have_text("两边都改了，由办公室定夺")
    expect(page.locator("a.mark", has_text="请选一个")).to_have_count(1)
    page.get_by_role("link", name="计划两边都改了，由办公室定夺").click()
    expect(sheet(page, "安排").get_by_role("radio")).to_have_count(0)
    plan = sheet(page, "优先级")
    expect(plan).to_contain_text("高")
    expect(plan).to_contain_text("紧急")
    expect(plan).to_contain_text("这是计划，由办公室定夺")
    expect(plan.get_by_role("radio")).to_have_count(0)
    expect(plan.get_by_role("button")).to_have_count(0)
    expect(sheet(page, "联系电话").get_by_role("radio")).to_have_count(3)


def test_each_kind_of_field_is_asked_for_in_its_own_way(page: Page) -> None:
    kinds = page.evaluate(
        """async () => {
          const {inputOf, meantBy} = await import("/app/static/app/documents/work_order/screens/conflict_input.js");
          const {orders} = await import("/app/static/app/store/documents.js");
          const {body} = orders.value[0];
          const ask = (field, typed) => {
            const input = inputOf(body, field);
            return [input.kind, ...typed.map((each) => meantBy(input, each) ?? null)];
          };
          return {
            diagnosis: ask("diagnosis", [" 轴封磨损\\n叶轮完好"]), cause: ask("cause", ["wear", "rust"]),
            quantity: ask("materials.x.quantity", ["2.5", "２。５", "0", "two", "1.2.3", "100000"]),
            price: ask("labour.x.unit_price", ["12.5", "￥１２．５", "", "-1", "12,5"]),
            phone: ask("contact.phone", ["139 1111"]),
          };
        }"""
    )
    assert kinds == {
        "diagnosis": ["text", "轴封磨损\n叶轮完好"],
        "cause": ["choice", "wear", None],
        "quantity": ["figure", "2.5", "2.5", None, None, None, None],
        "price": ["money", 1250, 1250, None, None, None],
        "phone": ["tel", "139 1111"],
    }


def test_what_the_office_decided_of_held_entries_is_said_with_its_words(
    context: BrowserContext, server: Server, people: People, job: Job, app: APIFlask
) -> None:
    foreign = give_job(app, people, people.li)
    page = start(context, server, people.zhang, job)
    ids = page.evaluate(
        """async (target) => {
          const {record, newId} = await import("/app/static/app/ledger/record.js");
          const note = () => ({kind: "note.add", target, data: {note: newId(), text: "阀门已关"}});
          return (await record([note(), note(), note()])).map(({id}) => id);
        }""",
        foreign.id,
    )
    page.evaluate(SEND)
    show(page, "outbox")
    waiting = page.get_by_role("region", name="等办公室定夺")
    expect(waiting.get_by_text("备注")).to_have_count(3)
    expect(waiting.get_by_text("此人无权对这张工单这样操作").first).to_be_visible()
    for operation, decision in zip(
        ids[:2], ({"decision": "apply"}, {"decision": "dismiss", "comment": "重复了"}), strict=True
    ):
        office(app, people, "held.decide", foreign, {"operation": operation} | decision)
    page.evaluate(SEND)
    expect(waiting.get_by_text("备注")).to_have_count(1)
    decided = page.get_by_role("region", name="已裁决")
    expect(decided.get_by_text("已采用", exact=True)).to_have_count(1)
    expect(decided.get_by_text("未采用", exact=True)).to_have_count(1)
    expect(decided.get_by_text("重复了")).to_be_visible()
    expect(decided.get_by_text("王主管").first).to_be_visible()


def test_what_a_file_brought_in_ones_name_is_ones_own_when_one_says_so(
    context: BrowserContext, server: Server, people: People, job: Job, app: APIFlask
) -> None:
    lost = Lost(people.zhang.id)
    lost.write("note.add", job.id, {"note": new_id(), "text": "从旧手机"})
    with app.app_context():
        import_file(zipped(parts_of(lost)), this_server())
    page = start(context, server, people.zhang, job)
    page.evaluate(SEND)
    show(page, "outbox")
    waiting = page.get_by_role("region", name="等办公室定夺")
    expect(waiting.get_by_text("是谁的只有文件自己说")).to_be_visible()
    waiting.get_by_role("button", name="这些是我的").click()
    expect(page.get_by_text("已确认，下次联网时处理")).to_be_visible()
    page.evaluate(SEND)
    expect(waiting).to_have_count(0)
    notes = f"core.orders.value.find(({{id}}) => id === '{job.id}').body.notes.map(({{text}}) => text)"
    page.evaluate("async () => { window.core = await import('/app/static/app/store/documents.js'); }")
    assert page.evaluate(notes) == ["从旧手机"]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_conflict_fits_the_smallest_phone_and_every_target_a_wet_thumb(language: str, page: Page) -> None:
    page.evaluate("language => localStorage.setItem('undercroft-language', language)", language)
    page.evaluate("localStorage.setItem('undercroft.text-scale', '2')")
    page.set_viewport_size({"width": 320, "height": 640})
    show(page, "conflicts")
    page.reload()
    page.get_by_role("radio").last.click()
    expect(page.locator("main .main")).to_be_visible()
    overflow = (
        "() => [...document.querySelectorAll('.phone, .body')].map((each) => each.scrollWidth - each.clientWidth)"
    )
    assert max(page.evaluate(overflow)) == 0
    low = "() => [...document.querySelectorAll('main :is(a, button, input)')].map((each) => each.offsetHeight)"
    assert min(page.evaluate(low)) >= 48
