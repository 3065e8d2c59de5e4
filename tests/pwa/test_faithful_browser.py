"""A browser that gives other than was asked, or loses what it was given: nothing is removed by it, and it is said."""

from __future__ import annotations

from apiflask import APIFlask
from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import People
from tests.pwa.conftest import Job, Phone, Server, give_job, sign_in
from tests.pwa.test_screens import start

# WebKit's database in memory: a read of an index that names no keys gives all records of the store, `count` does not.
LIKE_WEBKIT = """() => {
  const {getAll, getAllKeys} = IDBIndex.prototype;
  const shift = (really, name) => function (range, ...more) {
    return range === undefined || range === null ? this.objectStore[name]() : really.call(this, range, ...more);
  };
  IDBIndex.prototype.getAll = shift(getAll, "getAll");
  IDBIndex.prototype.getAllKeys = shift(getAllKeys, "getAllKeys");
}"""
# Of the documents that are put, those of one id are not kept; how many were tried stands in `tried`.
LOSE = """(id) => {
  globalThis.tried = 0;
  globalThis.loses = true;
  const {put} = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (value, ...more) {
    if (!globalThis.loses || this.name !== "documents" || value.id !== id) return put.call(this, value, ...more);
    globalThis.tried += 1;
    return this.get([value.type, value.id]);
  };
}"""
ORDERS = "core.orders.value.map(({id}) => id).sort()"
DROP = "async (id) => { await (await core.store()).delete('documents', ['work_order', id]); }"


def test_documents_stay_where_an_index_gives_records_that_are_not_in_it(
    app: APIFlask, phone: Phone, people: People, job: Job
) -> None:
    other = give_job(app, people, people.zhang, "电机过热")
    page = phone.tab()
    page.evaluate(LIKE_WEBKIT)
    sign_in(page, people.zhang)
    assert page.evaluate(ORDERS) == sorted([job.id, other.id])
    page.evaluate("core.sendNow()")
    assert page.evaluate(ORDERS) == sorted([job.id, other.id])
    assert page.evaluate("core.held.value") == []


def test_what_the_browser_lost_comes_back_and_where_it_loses_it_again_that_is_said(
    app: APIFlask, context: BrowserContext, server: Server, phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    page.evaluate(DROP, job.id)
    page.evaluate("core.sendNow()")
    assert page.evaluate(ORDERS) == [job.id], "it is asked for once more"
    page.evaluate("core.sendNow()")
    assert page.evaluate("[core.lostByBrowser.value, core.contact.value.state]") == [0, "idle"]

    page.evaluate(LOSE, job.id)
    page.evaluate(DROP, job.id)
    for _ in range(3):
        page.evaluate("core.sendNow()")
    assert page.evaluate("tried") == 1, "asked for from the start once, and not at every contact"
    assert page.evaluate("[core.lostByBrowser.value, core.contact.value.state]") == [1, "idle"]
    # It recovers by itself with whatever brings the document again.
    page.evaluate("globalThis.loses = false")
    newer = give_job(app, people, people.zhang, "阀门卡死")
    page.evaluate("core.sendNow()")
    assert page.evaluate("core.lostByBrowser.value") == 1
    assert page.evaluate(ORDERS) == [newer.id]


def test_a_browser_that_keeps_nothing_is_named_on_the_screen(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    context.add_init_script(f"({LOSE})('{job.id}')")
    page: Page = context.new_page()
    page.goto(f"{server.url}/app/")
    page.get_by_label("用户名").fill(people.zhang.username)
    page.get_by_label("密码", exact=True).fill(people.zhang.password)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_text("服务器发来的 1 份资料在这台手机里找不到")).to_be_visible()


def test_a_browser_that_keeps_everything_is_not_named(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    expect(page.locator(".state")).to_contain_text("全部已送达")
    expect(page.get_by_text("这个浏览器没有留住")).to_have_count(0)
