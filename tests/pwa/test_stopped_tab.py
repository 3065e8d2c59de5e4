"""A tab that was stopped in the middle of sending keeps nobody else from it, and does no harm when it goes on."""

from __future__ import annotations

from apiflask import APIFlask
from playwright.sync_api import APIResponse, BrowserContext, CDPSession, Page, Route, expect

from tests.conftest import People
from tests.pwa.conftest import Job, Server
from tests.pwa.test_conditions import SEND, batch
from tests.pwa.test_exchange import kinds_at_server
from tests.pwa.test_screens import start, step

READ = """async () => {
  const {store} = await import("/app/static/app/store/database.js");
  const database = await store();
  const {device, seq, acknowledged} = await database.get("meta", "ledger");
  const [order] = await database.getAll("documents", IDBKeyRange.bound(["work_order"], ["work_order", []]));
  const cursors = (await database.getAll("feeds")).map(({feed, cursor}) => [feed, cursor]);
  return {device, seq, acknowledged, version: order.version, receipts: await database.count("receipts"), cursors};
}"""


def stop(page: Page) -> CDPSession:
    """Stop the tab's script at its next statement, which comes with whatever another tab says."""
    debugger = page.context.new_cdp_session(page)
    debugger.send("Debugger.enable")
    debugger.send("Debugger.pause")
    return debugger


def test_a_stopped_tab_loses_its_turn_and_an_old_answer_changes_nothing(
    context: BrowserContext, server: Server, people: People, job: Job, app: APIFlask
) -> None:
    one = start(context, server, people.zhang, job)
    one.evaluate(SEND)
    answers: list[tuple[Route, APIResponse]] = []
    one.route("**/api/v1/sync", lambda route: answers.append((route, route.fetch())))
    step(one, "接单")
    while not answers:
        one.wait_for_timeout(20)
    debugger = stop(one)

    other = context.new_page()
    other.goto(one.url)
    step(other, "出发")
    expect(other.locator(".state")).to_contain_text("全部已送达", timeout=20_000)
    sent = other.evaluate(READ)
    assert sent["acknowledged"] == sent["seq"]

    # The first tab goes on, with the answer of then; it finds out, writes nothing of it and sends nothing again.
    late: list[str] = []
    context.on("request", lambda request: late.extend(batch(request)))
    for route, answer in answers:
        route.fulfill(response=answer)
    one.unroute("**/api/v1/sync")
    debugger.send("Debugger.disable")
    expect(one.locator(".foot .main")).to_have_text("到达现场")
    expect(one.locator(".state")).to_contain_text("全部已送达", timeout=20_000)
    one.evaluate(SEND)
    now = one.evaluate(READ)
    assert {**now, "cursors": None, "receipts": None} == {**sent, "cursors": None, "receipts": None}
    assert now["receipts"] >= sent["receipts"] and now["cursors"] >= sent["cursors"]
    assert [line for line in late if "order.stage" in line] == []
    assert kinds_at_server(app, now["device"]).count("order.stage") == 2
