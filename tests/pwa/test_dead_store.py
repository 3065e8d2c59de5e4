"""A phone's database that ends, hangs or does not open: the work is done once more, or it is said what helps."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import People
from tests.pwa.conftest import Film, Job, Server
from tests.pwa.test_conditions import show
from tests.pwa.test_screens import COUNT_EDITS, lines, start, work
from tests.pwa.waiting import until

# What phones do to the databases of an app. `ended`, `hung`: connections that were open then; a browser says nothing.
FAULTS = """(() => {
  const {transaction: begin} = IDBDatabase.prototype;
  const {open} = IDBFactory.prototype;
  const known = new Set();
  const silence = (event) => event.stopImmediatePropagation();
  let cuts = 0;
  globalThis.faults = {
    ended: new WeakSet(), hung: new WeakSet(), dead: false, stuck: false, broken: null, waiting: [],
    cut() { cuts += 1; },
    end() { for (const one of known) this.ended.add(one); },
    hang() { for (const one of known) this.hung.add(one); },
    letGo() { this.stuck = false; for (const go of this.waiting.splice(0)) go(); },
  };
  IDBDatabase.prototype.transaction = function (...given) {
    known.add(this);
    if (faults.dead || faults.ended.has(this)) throw new DOMException("It is closing.", "InvalidStateError");
    const made = begin.apply(this, given);
    if (faults.hung.has(this)) for (const what of ["complete", "abort", "error"]) made.addEventListener(what, silence);
    if (cuts > 0 && made.mode === "readwrite" && [given[0]].flat().join() === "meta,lines,photos,deliveries") {
      cuts -= 1;
      made.isCut = true;
      Object.defineProperty(made, "error", {value: new DOMException("Connection lost", "UnknownError")});
    }
    return made;
  };
  for (const name of ["get", "getAll", "getKey", "getAllKeys", "count", "put", "add"]) {
    const really = IDBObjectStore.prototype[name];
    IDBObjectStore.prototype[name] = function (...given) {
      if (faults.hung.has(this.transaction.db)) {
        const never = Reflect.apply(IDBObjectStore.prototype.openCursor, this, []);
        for (const what of ["success", "error"]) never.addEventListener(what, silence);
        return never;
      }
      const request = Reflect.apply(really, this, given);
      if (name === "add" && this.transaction.isCut) request.addEventListener("success", () => this.transaction.abort());
      return request;
    };
  }
  IDBFactory.prototype.open = function (...given) {
    if (faults.broken) throw new DOMException("Internal error opening backing store", faults.broken);
    const request = Reflect.apply(open, this, given);
    if (faults.stuck) {
      let isLate = false;
      request.addEventListener("success", (event) => {
        if (isLate || !faults.stuck) return;
        event.stopImmediatePropagation();
        faults.waiting.push(() => { isLate = true; request.dispatchEvent(new Event("success")); });
      });
    }
    return request;
  };
})()"""
COUNT_DRAFTS = """async () => (await (await (await import("/app/static/app/store/database.js")).store())
  .count("drafts"))"""
STUCK = "faults.stuck = true"
BROKEN = "faults.broken = sessionStorage.getItem('healed') ? null : 'UnknownError'"


def diagnose(page: Page, text: str) -> None:
    """Type a diagnosis and leave the field."""
    page.get_by_label("诊断").fill(text)
    page.get_by_label("诊断").blur()


def diagnoses(page: Page) -> list[str]:
    """The diagnoses in the ledger."""
    return [line["data"]["changes"]["diagnosis"]["now"] for line in lines(page, "order.edit")]


def test_a_connection_that_dies_in_silence_is_opened_again_and_the_work_done_once(
    context: BrowserContext, server: Server, people: People, job: Job, film: Film
) -> None:
    context.add_init_script(FAULTS)
    page = start(context, server, people.zhang, job)
    work(page)
    saved = page.get_by_text("已存到手机", exact=True)

    page.evaluate("faults.end()")
    diagnose(page, "轴封磨损")
    expect(saved).to_be_visible()
    page.evaluate("faults.cut()")
    diagnose(page, "轴封磨损，轴承正常")
    until(page, COUNT_EDITS, 2)
    expect(saved.last).to_be_visible()
    expect(page.locator(".state")).to_contain_text("全部已送达")
    assert diagnoses(page) == ["轴封磨损", "轴封磨损，轴承正常"]
    film(page)

    page.evaluate("faults.hang()")
    page.get_by_label("诊断").fill("换轴封")
    page.evaluate("dispatchEvent(new Event('pageshow'))")
    page.get_by_label("诊断").blur()
    until(page, COUNT_EDITS, 3)
    expect(page.locator(".state")).to_contain_text("全部已送达", timeout=15_000)
    assert diagnoses(page)[2:] == ["换轴封"]

    # What does not help is said, with the one thing that does; nothing is called delivered that cannot be read.
    page.evaluate("faults.dead = true")
    diagnose(page, "换轴封和油封")
    expect(page.locator(".toast.wrong", has_text="再把应用完全关掉、重新打开")).to_be_visible()
    expect(page.locator(".state")).to_contain_text("读不到手机里的数据")
    expect(page.get_by_label("诊断")).to_have_value("换轴封和油封")
    film(page)
    page.evaluate("location.hash = '#/outbox'")
    page.get_by_role("button", name="仍然离开").click()
    expect(page.get_by_text("请把应用完全关掉再打开")).to_be_visible()
    film(page)
    expect(page.get_by_text("全部已送达")).to_have_count(0)
    expect(page.get_by_text("没有留在手机里的内容")).to_have_count(0)

    page.evaluate("faults.dead = false")
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.locator(".state")).to_contain_text("全部已送达")
    expect(page.get_by_text("请把应用完全关掉再打开")).to_have_count(0)
    film(page)

    # What was typed meanwhile is kept as soon as the database answers, and recorded where it was typed.
    expect(page.locator(".notice", has_text="刚才输入的文字")).to_have_count(0)
    show(page, f"orders/{job.id}")
    expect(page.get_by_label("诊断")).to_have_value("换轴封和油封")


@pytest.mark.parametrize(
    ("fault", "said", "heal"),
    [
        (STUCK, "打开手机里的数据比平时久", "faults.letGo()"),
        (BROKEN, "手机没有把数据交给应用", "sessionStorage.setItem('healed', 'yes'); faults.broken = null"),
    ],
    ids=["it hangs", "it fails"],
)
def test_a_database_that_does_not_open_is_said_and_the_app_goes_on_by_itself(
    context: BrowserContext, server: Server, people: People, job: Job, fault: str, said: str, heal: str, film: Film
) -> None:
    start(context, server, people.zhang, job).close()
    context.add_init_script(f"{FAULTS}; {fault}")
    page = context.new_page()
    page.goto(f"{server.url}/app/#/orders/{job.id}")
    expect(page.get_by_text(said)).to_be_visible(timeout=12_000)
    expect(page.get_by_text(re.compile("不要.*清除"))).to_be_visible()
    film(page)
    expect(page.get_by_label("用户名")).to_have_count(0)
    expect(page.get_by_text("没有待发送的内容")).to_have_count(0)
    page.evaluate(heal)
    expect(page.locator(".foot .main")).to_have_text("接单")
    film(page)


def test_a_draft_that_cannot_be_read_comes_once_the_database_answers(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    context.add_init_script(FAULTS)
    page = start(context, server, people.zhang, job)
    work(page)
    typed = page.get_by_label("维修项目")

    def open_form() -> None:
        show(page, f"orders/{job.id}/materials")
        page.get_by_role("button", name="添加", exact=True).click()

    open_form()
    typed.fill("吊装")
    until(page, COUNT_DRAFTS, 1)
    show(page, f"orders/{job.id}")
    page.evaluate("faults.dead = true")
    open_form()
    expect(page.locator(".state")).to_contain_text("读不到手机里的数据")
    expect(typed).to_have_value("")
    page.evaluate("faults.dead = false")
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(typed).to_have_value("吊装")
