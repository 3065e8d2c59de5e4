"""What is new for a technician: said on top of Today and counted in the tab bar, until looked at or worked on."""

from __future__ import annotations

from typing import Any

import pytest
from apiflask import APIFlask
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy import delete, update

from server.database import writing
from server.models import Feed, FeedEntry
from server.sync.store.feeds import person_feed
from tests.conftest import People
from tests.pwa.conftest import Film, Job, Phone, Server, give_job
from tests.pwa.test_conflicts import office
from tests.pwa.test_screens import reassign, start
from tests.pwa.waiting import until

SEND = """async () => {
  await (await import('/app/static/app/sync/exchange.js')).sendNow();
  await (await import('/app/static/app/sync/status.js')).refreshStatus();
}"""
STAGE = """async ([target, to]) => (await import('/app/static/app/ledger/record.js'))
  .record([{kind: 'order.stage', target, data: {to}}])"""
DECIDE = """async ([id, target, by]) => {
  const [{store}, {refreshStatus}] = await Promise.all(
    ['store/database', 'sync/status'].map((room) => import(`/app/static/app/${room}.js`)));
  const decided = {by, at: new Date().toISOString(), comment: '已按客户说的改好'};
  const body = {kind: 'note.add', target, state: 'dismissed', decided};
  await (await store()).put('documents', {type: 'held', id, version: 1, body, feed: 'x', gone: null, stale: false});
  await refreshStatus();
}"""
WINDOW = {"start": "2026-12-24T01:00:00Z", "end": "2026-12-24T03:00:00Z"}
ME, OTHER = "me", "other"


def order(**body: Any) -> dict[str, Any]:  # Any: JSON of an order
    known = {"stage": "accepted", "disposition": "active", "opened": {"by": OTHER}, **body}
    return {"id": "o", "version": 1, "waiting": 0, "gone": known.pop("gone", None), "body": known}


RETURNED = {"review": {"state": "returned", "comment": "缺照片"}}
TABLE: dict[str, tuple[dict[str, Any], dict[str, Any] | None, list[str]]] = {
    "newly given": (order(stage="new"), None, ["assigned"]),
    "opened by themselves": (order(stage="new", opened={"by": ME}), None, []),
    "accepted on another phone": (order(), None, []),
    "known and unchanged": (order(), order(), []),
    "planned anew": (order(window=WINDOW), order(), ["planned"]),
    "other instructions": (order(instructions="带梯子"), order(), ["planned"]),
    "planned anew, and done": (order(window=WINDOW, stage="finished"), order(), []),
    "cancelled": (order(disposition="cancelled"), order(), ["cancelled"]),
    "cancelled before it was ever seen": (order(stage="new", disposition="cancelled"), None, []),
    "put on hold": (order(disposition="on_hold"), order(), ["on_hold"]),
    "goes on": (order(), order(disposition="on_hold"), ["resumed"]),
    "returned": (order(stage="finished", **RETURNED), order(stage="finished", **RETURNED), ["returned"]),
    "returned, and not done": (order(stage="unable", **RETURNED), order(), ["returned"]),
    "returned and worked on": (order(stage="working", **RETURNED), order(), []),
    "returned and cancelled": (
        order(stage="finished", disposition="cancelled", **RETURNED),
        order(stage="finished"),
        ["cancelled"],
    ),
    "somebody else's by now": (order(stage="finished", gone="reassigned", **RETURNED), order(), []),
    "a conflict": (order(conflicts=[{"field": "contact.phone"}]), order(), ["conflict"]),
    "a conflict of the plan": (order(conflicts=[{"field": "window"}]), order(), []),
    "a settled conflict": (order(conflicts=[{"field": "fault", "settled": {"by": ME}}]), order(), []),
}
NEWS_OF = """async ([cases, me]) => {
  const {newsOf, planOf, settled} = await import('/app/static/app/documents/work_order/news.js');
  return cases.map(([order, seen]) => {
    const looked = {plans: seen ? {[order.id]: planOf(seen.body)} : {}, decided: ['d1'], left: ['l1']};
    const first = newsOf({orders: [order], decided: [], left: []}, looked, me).map(({kind}) => kind);
    // What needs no looking at makes nothing new, and takes nothing new away.
    const again = newsOf({orders: [order], decided: [], left: []}, settled({orders: [order]}, looked, me), me);
    return [first, again.map(({kind}) => kind)];
  });
}"""
LEFT_AND_DECIDED = """async () => {
  const {newsOf} = await import('/app/static/app/documents/work_order/news.js');
  const here = {orders: [{id: 'l3', gone: null, body: {stage: 'working'}}], decided: [{id: 'd1'}, {id: 'd2'}],
    left: [{id: 'l1', version: 2}, {id: 'l2', version: 1}, {id: 'l4', version: 3}, {id: 'l3', version: 1}]};
  const looked = {plans: {}, decided: ['d1'], left: ['l1 2', 'l4 1']};
  return newsOf(here, looked, 'me').map((one) => one.left?.id ?? one.decided?.id);
}"""


def test_what_is_new_is_chosen_by_what_the_office_did_and_what_was_looked_at(phone: Phone) -> None:
    page = phone.tab()
    answers = page.evaluate(NEWS_OF, [[list(case[:2]) for case in TABLE.values()], ME])
    expected = [[case[2], case[2]] for case in TABLE.values()]
    wrong = [(name, got, right) for name, got, right in zip(TABLE, answers, expected, strict=True) if got != right]
    assert wrong == []
    assert page.evaluate(LEFT_AND_DECIDED) == ["l2", "l4", "d2"]


@pytest.fixture
def page(context: BrowserContext, server: Server, people: People, job: Job) -> Page:
    """Zhang, who has seen what there is, at Today."""
    page = start(context, server, people.zhang, job)
    page.evaluate(SEND)
    today(page)
    expect(tab(page)).to_have_text("今天")
    return page


def today(page: Page) -> None:
    page.evaluate("location.hash = '#/today'")
    expect(page.get_by_role("heading", name="今天", level=1)).to_be_visible()


def tab(page: Page) -> Locator:
    return page.locator('.tabs a[href="#/today"]')


def rows(page: Page) -> Locator:
    return page.locator(".news .news-row")


def test_a_returned_order_stands_on_top_with_the_reason_until_somebody_works_on_it(
    page: Page, app: APIFlask, people: People, job: Job, film: Film
) -> None:
    give_job(app, people, people.zhang, "配电箱跳闸")
    page.evaluate(STAGE, [job.id, "finished"])
    page.evaluate(SEND)
    office(app, people, "order.review", job, {"verdict": "returned", "comment": "缺铭牌照片，请补拍"})
    page.evaluate(SEND)
    first = page.locator(".order-card").first
    for _ in range(2):
        expect(first).to_contain_text("已退回")
        expect(first).to_contain_text("缺铭牌照片，请补拍")
        expect(first).to_contain_text(job.number)
        expect(page.locator(".order-card", has_text=job.number)).to_have_count(1)
        film(page)
        first.click()
        expect(page.get_by_text("审核退回，请补充")).to_be_visible()
        page.reload()
        today(page)
    expect(tab(page)).to_have_text("今天 2")
    expect(page.get_by_role("heading", name="今天没有工单")).to_have_count(0)
    page.evaluate(STAGE, [job.id, "working"])
    expect(page.locator(".order-card", has_text=job.number)).not_to_contain_text("已退回")
    expect(tab(page)).to_have_text("今天 1")


def test_what_the_office_did_is_new_until_it_was_looked_at(
    page: Page, app: APIFlask, people: People, job: Job, film: Film
) -> None:
    other = give_job(app, people, people.zhang, "配电箱跳闸")
    page.evaluate(SEND)
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("新派给你")
    expect(rows(page)).to_contain_text(other.number)
    page.reload()
    expect(tab(page)).to_have_text("今天 1")
    rows(page).click()
    expect(page.get_by_role("heading", name="配电箱跳闸")).to_be_visible()
    today(page)
    expect(tab(page)).to_have_text("今天")

    office(app, people, "order.plan", job, {"changes": {"window": {"was": None, "now": WINDOW}}})
    office(app, people, "order.plan", other, {"changes": {"disposition": {"was": "active", "now": "cancelled"}}})
    third = give_job(app, people, people.zhang, "电梯异响")
    page.evaluate(SEND)
    page.evaluate(DECIDE, ["0193b4a0-0000-7000-8000-000000000001", job.id, people.wang.id])
    for said in ("安排有变：", "已取消", "新派给你", "主管未采用"):
        expect(rows(page).filter(has_text=said)).to_have_count(1)
    expect(rows(page)).to_have_count(4)
    expect(tab(page)).to_have_text("今天 4")
    film(page)
    rows(page).filter(has_text="主管未采用").click()
    expect(page.get_by_role("heading", name="同步", level=1)).to_be_visible()
    today(page)
    expect(tab(page)).to_have_text("今天 3")

    reassign(app, people, third)
    page.evaluate(SEND)
    expect(rows(page).filter(has_text="这一单已转给李师傅")).to_contain_text("电梯异响")
    expect(rows(page)).to_have_count(3)
    page.reload()
    rows(page).filter(has_text="这一单已转给李师傅").click()
    expect(rows(page)).to_have_count(2)
    page.get_by_role("button", name="都知道了").click()
    expect(tab(page)).to_have_text("今天")
    page.reload()
    page.evaluate(SEND)
    expect(page.get_by_role("heading", name="今天", level=1)).to_be_visible()
    expect(tab(page)).to_have_text("今天")
    expect(rows(page)).to_have_count(0)


GIVEN_AWAY_HERE = """async ([id, person]) => {
  const {store} = await import('/app/static/app/store/database.js');
  const database = await store();
  const document = await database.get('documents', ['work_order', id]);
  await database.put('documents', {...document, body: {...document.body, assignees: [person]}});
}"""


def test_of_what_a_feed_sent_anew_carries_no_more_only_what_the_order_says_is_said(
    page: Page, app: APIFlask, people: People, job: Job
) -> None:
    given, begun = (give_job(app, people, people.zhang, fault) for fault in ("配电箱跳闸", "电梯异响"))
    page.evaluate(SEND)
    page.evaluate(STAGE, [begun.id, "accepted"])
    page.evaluate(SEND)
    page.evaluate(GIVEN_AWAY_HERE, [given.id, people.li.id])
    expect(rows(page)).to_have_count(1)
    with app.app_context(), writing() as connection:
        feed = person_feed(people.zhang.id)
        connection.execute(delete(FeedEntry).where(FeedEntry.feed == feed))
        connection.execute(update(Feed).where(Feed.name == feed).values(head=Feed.head - 1))
    page.evaluate(SEND)
    unknown = "这一单已不在这台手机的清单里；服务器没有说明原因"
    expect(rows(page).filter(has_text=unknown)).to_have_count(2)
    expect(rows(page).filter(has_text=unknown).filter(has_text="电梯异响")).to_have_count(1)
    expect(rows(page).filter(has_text="这一单已转给李师傅")).to_contain_text("配电箱跳闸")
    expect(rows(page)).to_have_count(3)
    page.evaluate("id => { location.hash = `#/orders/${id}`; }", begun.id)
    expect(page.get_by_role("status").filter(has_text=unknown)).to_be_visible()


def test_what_was_looked_at_in_one_tab_is_new_in_no_other(
    page: Page, context: BrowserContext, server: Server, app: APIFlask, people: People
) -> None:
    other = context.new_page()
    other.goto(f"{server.url}/app/#/today")
    for fault in ("配电箱跳闸", "电梯异响"):
        give_job(app, people, people.zhang, fault)
    page.evaluate(SEND)
    for each in (page, other):
        expect(tab(each)).to_have_text("今天 2")
    page.bring_to_front()
    rows(page).filter(has_text="配电箱跳闸").click()
    expect(tab(other)).to_have_text("今天 1")
    # What the other one has looked at then takes nothing of that back.
    other.bring_to_front()
    rows(other).click()
    today(page)
    for each in (page, other):
        each.reload()
        today(each)
        expect(tab(each)).to_have_text("今天")


NEW = "async () => (await import('/app/static/app/shell/looked_at.js')).news.value.length"
SEEN = """(state) => {
  Object.defineProperty(document, "visibilityState", {get: () => state, configurable: true});
  document.dispatchEvent(new Event("visibilitychange"));
}"""
HAND = "async (order) => (await import('/app/static/app/ui/router.js')).handOver(order)"
TAKE_BACK = "async () => (await import('/app/static/app/ui/router.js')).takeBack()"


def test_nobody_has_looked_at_what_came_while_the_phone_was_dark_or_with_the_customer(
    page: Page, app: APIFlask, people: People, job: Job
) -> None:
    page.locator(".order-card").click()
    expect(page.get_by_role("heading", name="水泵漏水")).to_be_visible()
    before = None
    away = ((SEEN, "hidden", SEEN, "visible"), (HAND, job.id, TAKE_BACK, None))
    for month, (leave, arg, come_back, other) in enumerate(away, 1):
        page.evaluate(leave, arg)
        now = {"start": f"2026-0{month}-24T01:00:00Z", "end": f"2026-0{month}-24T03:00:00Z"}
        office(app, people, "order.plan", job, {"changes": {"window": {"was": before, "now": now}}})
        page.evaluate(SEND)
        assert page.evaluate(NEW) == 1
        page.evaluate(come_back, other)
        until(page, f"async () => (await ({NEW})()) === 0")
        before = now
