"""The phone under hard conditions: each is said in a clear sentence, and nothing is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import People, TestPerson
from tests.pwa.conftest import Film, Job, Server, give_job
from tests.pwa.test_screens import lines, start, step, work

PHOTO = Path(__file__).resolve().parents[1] / "data" / "photos" / "iphone_13_pro_max.heic"
SEND = "import('/app/static/app/sync/exchange.js').then(({sendNow}) => sendNow())"
COUNT = """async (name) => (await (await import("/app/static/app/store/database.js")).store()).count(name)"""
ROOM = """(most) => {
  globalThis.reallyAdd ??= IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = function (value, ...key) {
    if (most !== null && value.blob?.size > most) {
      globalThis.refusals = (globalThis.refusals ?? 0) + 1;
      throw new DOMException("no room", "QuotaExceededError");
    }
    return reallyAdd.call(this, value, ...key);
  };
}"""
DROP_DIRECTORY = """() => new Promise((resolve, reject) => {
  const dropping = indexedDB.deleteDatabase("undercroft");
  Object.assign(dropping, {onsuccess: resolve, onerror: reject, onblocked: reject});
})"""
UNSENT = """async () => {
  const {refreshStatus, unsent} = await import("/app/static/app/sync/status.js");
  await refreshStatus();
  return unsent.value.lines + unsent.value.photos;
}"""
# The calendar clock is wrong by this much; the one that only runs is not touched.
WRONG_CLOCK = """(() => {
  const Real = Date;
  globalThis.clockIsWrongBy = Number(sessionStorage.getItem("wrong") ?? 0);
  globalThis.Date = class extends Real {
    constructor(...given) { if (given.length) super(...given); else super(Real.now() + clockIsWrongBy); }
    static now() { return Real.now() + clockIsWrongBy; }
  };
})();"""


def show(page: Page, screen: str) -> None:
    """Another screen, by its address."""
    page.evaluate("screen => { location.hash = '#/' + screen }", screen)


def sign_in(page: Page, person: TestPerson) -> None:
    """On the screen for signing in."""
    page.get_by_label("用户名").fill(person.username)
    page.get_by_label("密码").fill(person.password)
    page.get_by_role("button", name="登录").click()


def give_room(page: Page, most: int | None) -> None:
    """From now on the phone has room for photos of at most so many bytes; None: for any.

    The quota that the browser's own tools override is not what its database goes by.
    """
    page.evaluate(ROOM, most)


def clear(page: Page, server: Server, kinds: str) -> None:
    """What a browser does when it runs out of room."""
    page.goto("about:blank")
    cdp = page.context.new_cdp_session(page)
    cdp.send("Storage.clearDataForOrigin", {"origin": server.url, "storageTypes": kinds})
    page.goto(f"{server.url}/app/")


def test_a_photo_without_room_stays_on_the_screen_until_there_is_some(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    work(page)
    context.set_offline(True)
    give_room(page, 600_000)
    page.get_by_role("link", name="照片 0").click()
    page.locator("input[type=file]").set_input_files(PHOTO)
    expect(page.get_by_role("heading", name="照片没有存下")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("1 张照片没有存下，现在只在屏幕上")
    expect(page.get_by_text("照片已存到手机")).to_have_count(0)
    assert lines(page, "photo.add") == []
    assert page.evaluate(COUNT, "photos") == page.evaluate(COUNT, "deliveries") == 0

    # Text takes little room; the picture is not forgotten meanwhile.
    page.get_by_role("button", name="返回").click()
    expect(page.get_by_role("link", name="1 张照片没有存下，只在屏幕上")).to_be_visible()
    page.get_by_label("诊断").fill("轴封磨损")
    page.get_by_label("诊断").blur()
    expect(page.get_by_text("已存到手机", exact=True)).to_be_visible()
    assert len(lines(page, "order.edit")) == 1

    # What was refused is remembered, whatever the browser says of its room, and after a restart too.
    show(page, "outbox")
    expect(page.get_by_text("这台手机已经放不下")).to_be_visible()
    assert page.evaluate("JSON.parse(localStorage.getItem('undercroft.refused')).bytes") == PHOTO.stat().st_size
    page.go_back()
    page.get_by_role("link", name="1 张照片没有存下，只在屏幕上").click()
    refusals = page.evaluate("refusals")
    page.get_by_role("button", name="再存一次").click()
    # A second try that has ended as the first did; room that came before would let it succeed.
    page.wait_for_function("(all) => refusals >= all", arg=2 * refusals)
    expect(page.get_by_role("heading", name="照片没有存下")).to_be_visible()
    give_room(page, None)
    page.get_by_role("button", name="再存一次").click()
    expect(page.get_by_role("heading", name="照片没有存下")).to_have_count(0)
    [photo] = lines(page, "photo.add")
    assert photo["data"]["size"] == PHOTO.stat().st_size
    assert page.evaluate(COUNT, "photos") == 1


def test_the_camera_says_so_too_and_offers_the_picture_again(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    context.grant_permissions(["camera", "geolocation"])
    page = start(context, server, people.zhang, job)
    page.evaluate("screen => { location.hash = '#/' + screen }", f"orders/{job.id}/photos")
    page.get_by_role("button", name="拍照").click()
    page.wait_for_function("() => document.querySelector('video')?.readyState >= 2")
    give_room(page, 0)
    page.get_by_role("dialog", name="相机").get_by_role("button", name="拍照").click()
    asking = page.get_by_role("dialog", name="照片没有存下")
    expect(asking.get_by_role("alert")).to_contain_text("手机空间已满")
    expect(asking.locator("img")).to_be_visible()
    for way_out in ("再存一次", "先发送，再存", "导出文件"):
        expect(asking.get_by_role("button", name=way_out)).to_be_visible()
    give_room(page, None)
    asking.get_by_role("button", name="再存一次").click()
    expect(asking).to_have_count(0)
    assert len(lines(page, "photo.add")) == 1


def test_the_browser_is_asked_to_keep_the_data_and_what_it_says_is_shown(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    context.add_init_script(
        """navigator.storage.persisted = async () => false;
           navigator.storage.persist = async () => { sessionStorage.setItem("asked", "yes"); return false; };"""
    )
    page = start(context, server, people.zhang, job)
    assert page.evaluate("sessionStorage.getItem('asked')") == "yes"
    for screen in ("outbox", "me"):
        show(page, screen)
        expect(page.get_by_text("浏览器未承诺保留")).to_be_visible()
        expect(page.get_by_text("没有这个承诺，手机空间紧张时浏览器可能清掉数据")).to_be_visible()
    page.evaluate("navigator.storage.estimate = async () => ({usage: 900e6, quota: 1000e6})")
    page.evaluate("import('/app/static/app/store/storage.js').then(({measureStorage}) => measureStorage())")
    expect(page.get_by_text("手机空间快满了")).to_be_visible()
    show(page, "today")
    expect(page.get_by_role("link", name="手机空间快满了")).to_be_visible()


def test_two_tabs_show_the_same_and_send_each_line_once(
    context: BrowserContext, server: Server, people: People, job: Job, app: APIFlask
) -> None:
    one = start(context, server, people.zhang, job)
    other = context.new_page()
    other.goto(one.url)
    context.set_offline(True)
    sent: list[int] = []
    context.on("requestfinished", lambda request: sent.append(len(batch(request))))
    step(one, "接单")
    expect(other.locator(".foot .main")).to_have_text("出发")
    step(other, "出发")
    expect(one.locator(".foot .main")).to_have_text("到达现场")
    for tab in (one, other):
        expect(tab.locator(".state")).to_contain_text("2 项待发送")
    context.set_offline(False)
    for tab in (one, other):
        expect(tab.locator(".state")).to_contain_text("全部已送达")
    stages = [line["data"]["to"] for line in lines(one, "order.stage")]
    assert stages == ["accepted", "en_route"]
    assert sum(sent) == one.evaluate(COUNT, "lines"), "each line once, in whichever tab"


def batch(request: Any) -> list[str]:  # Any: a request of Playwright's
    """The lines that a request carries to the server."""
    if not request.url.endswith("/sync"):
        return []
    carried: list[str] = request.post_data_json.get("lines", [])
    return carried


def test_a_second_person_finds_an_own_store_and_the_first_ones_entries_stay(
    context: BrowserContext, server: Server, people: People, job: Job, app: APIFlask
) -> None:
    other = give_job(app, people, people.li, "配电箱跳闸")
    page = start(context, server, people.zhang, job)
    context.set_offline(True)
    step(page, "接单")
    step(page, "出发")
    show(page, "sign-in")
    expect(page.get_by_text("张师傅还有 2 项没有发送，仍在这台手机里")).to_be_visible()
    context.clear_cookies()
    page.route("**/api/v1/sync", lambda route: route.abort())
    context.set_offline(False)
    sign_in(page, people.li)
    expect(page.get_by_role("heading", name="今天", level=1)).to_be_visible()
    # What the first one left would come with this contact (test_left_here.py): here it does not get through.
    page.route("**/api/v1/ledgers*", lambda route: route.abort())
    page.unroute("**/api/v1/sync")
    page.evaluate(SEND)
    expect(page.locator(f'a[href="#/orders/{other.id}"]')).to_be_visible()
    expect(page.locator(f'a[href="#/orders/{job.id}"]')).to_have_count(0)
    assert page.evaluate(UNSENT) == 0
    show(page, "outbox")
    expect(page.get_by_text("张师傅还有 2 项没有发送，仍在这台手机里")).to_be_visible()
    show(page, "sign-in")
    sign_in(page, people.zhang)
    expect(page.locator(f'a[href="#/orders/{job.id}"]')).to_be_visible()
    expect(page.locator(".state")).to_contain_text("全部已送达")
    assert [line["data"]["to"] for line in lines(page, "order.stage")] == ["accepted", "en_route"]


def test_what_of_somebody_else_cannot_be_read_is_unknown_and_not_nothing(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    context.clear_cookies()
    show(page, "sign-in")
    sign_in(page, people.li)
    expect(page.get_by_role("heading", name="今天", level=1)).to_be_visible()
    broken = """(name) => {
      const open = IDBFactory.prototype.open;
      IDBFactory.prototype.open = function (...given) {
        if (given[0] === name) throw new DOMException("Internal error opening backing store", "UnknownError");
        return open.apply(this, given);
      };
    }"""
    page.evaluate(broken, f"undercroft-{people.zhang.id}")
    show(page, "outbox")
    expect(page.get_by_text("张师傅在这台手机里的内容现在读不出来")).to_be_visible()
    expect(page.locator(".state")).not_to_contain_text("读不到手机里的数据")


def test_what_is_recorded_as_an_exchange_ends_does_not_wait_for_the_next_minute(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    page.evaluate(SEND)
    as_it_ends = """async () => {
      const {announce, listen} = await import("/app/static/app/store/channel.js");
      const stop = listen((topic) => {
        if (topic === "contact") { stop(); announce("lines"); }
      });
      await (await import("/app/static/app/sync/exchange.js")).sendNow();
    }"""
    with page.expect_request("**/api/v1/sync"):
        page.evaluate(as_it_ends)
    with page.expect_request("**/api/v1/sync", timeout=10_000):
        pass


def test_a_session_that_ended_stops_nobody_and_asks_for_the_password_where_there_is_signal(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    context.set_offline(True)
    context.clear_cookies()
    step(page, "接单")
    context.set_offline(False)
    asks = page.get_by_role("link", name="请重新登录，内容才能继续发送")
    expect(asks).to_be_visible()
    step(page, "出发")
    expect(page.locator(".foot .main")).to_have_text("到达现场")
    context.set_offline(True)
    show(page, "today")
    expect(page.get_by_text("登录已失效，照常记录即可")).to_be_visible()
    context.set_offline(False)
    asks.click()
    page.get_by_label("密码").fill(people.zhang.password)
    page.get_by_role("button", name="登录").click()
    expect(asks).to_have_count(0)
    expect(page.locator(".state")).to_contain_text("全部已送达")
    assert page.evaluate(UNSENT) == 0


@pytest.mark.parametrize(("hours", "said"), [(-26, "手机时钟比服务器慢 1 天 2 小时"), (3, "手机时钟比服务器快 3 小时")])
def test_a_wrong_clock_is_said_and_stops_nothing(
    hours: int, said: str, context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    context.add_init_script(WRONG_CLOCK)
    page = start(context, server, people.zhang, job)
    page.evaluate("import('/app/static/app/sync/exchange.js').then(({sendNow}) => sendNow())")
    show(page, "today")
    expect(page.get_by_role("heading", name="今天", level=1)).to_be_visible()
    expect(page.get_by_text("手机时钟比服务器")).to_have_count(0)
    page.evaluate("hours => sessionStorage.setItem('wrong', hours * 3600_000)", hours)
    page.reload()
    page.evaluate(SEND)
    expect(page.get_by_text(said)).to_be_visible()
    show(page, f"orders/{job.id}")
    step(page, "接单")
    expect(page.locator(".foot .main")).to_have_text("出发")
    page.evaluate(SEND)
    assert page.evaluate(UNSENT) == 0


def test_a_clock_that_is_set_back_in_the_basement_is_noticed_there(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    context.add_init_script(WRONG_CLOCK)
    page = start(context, server, people.zhang, job)
    page.evaluate(SEND)
    context.set_offline(True)
    show(page, "today")
    page.evaluate("globalThis.clockIsWrongBy = -2 * 3600_000")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_text("手机时钟比服务器慢 2 小时")).to_be_visible()


def test_a_browser_that_forbids_storing_says_so_and_nothing_else(context: BrowserContext, server: Server) -> None:
    context.add_init_script(
        """const refuse = () => { throw new DOMException("not here", "SecurityError"); };
           IDBFactory.prototype.open = refuse;
           Object.defineProperty(globalThis, "localStorage", {get: refuse});"""
    )
    page = context.new_page()
    page.goto(f"{server.url}/app/")
    expect(page.get_by_text("这个浏览器不让应用在手机里存任何东西，所以什么也不能记录")).to_be_visible()
    expect(page.get_by_label("用户名")).to_have_count(0)


def test_a_private_window_may_look_around_and_records_nothing(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    context.add_init_script(
        "navigator.storage.getDirectory = async () => { throw new DOMException('private', 'SecurityError'); }"
    )
    page = context.new_page()
    page.goto(f"{server.url}/app/")
    expect(page.get_by_text("这是无痕（隐私）窗口，关掉后什么都不留")).to_be_visible()
    sign_in(page, people.zhang)
    page.locator(f'a[href="#/orders/{job.id}"]').click()
    expect(page.get_by_text("这里只能查看，不能记录")).to_be_visible()
    step(page, "接单")
    expect(page.locator(".toast.wrong")).to_contain_text("无痕（隐私）窗口关掉后什么都不留，所以没有记录")
    expect(page.locator(".foot .main")).to_have_text("接单")
    assert page.evaluate(COUNT, "lines") == 0


def test_what_the_browser_has_cleared_is_said_with_the_last_safe_moment(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    page.evaluate(SEND)
    expect(page.locator(".state")).to_contain_text("全部已送达")
    context.set_offline(True)
    step(page, "接单")
    expect(page.locator(".state")).to_contain_text("1 项待发送")
    context.set_offline(False)
    page.route("**/api/v1/sync", lambda route: route.abort())
    clear(page, server, "indexeddb,cache_storage,service_workers")
    said = page.get_by_role("note").filter(has_text="浏览器清掉了张师傅在这台手机里的数据")
    expect(said).to_contain_text("最后一次确认全部送达：")
    expect(said).to_contain_text("还有 1 项没有送达，很可能已经丢失")
    page.unroute("**/api/v1/sync")
    sign_in(page, people.zhang)
    page.locator(f'a[href="#/orders/{job.id}"]').click()
    expect(page.locator(".foot .main")).to_have_text("接单")
    page.reload()
    expect(page.get_by_text("浏览器清掉了")).to_have_count(0)


def test_what_is_cleared_under_the_running_app_is_a_loss_and_not_an_empty_outbox(
    context: BrowserContext, server: Server, people: People, job: Job, film: Film
) -> None:
    page = start(context, server, people.zhang, job)
    page.evaluate(SEND)
    context.set_offline(True)
    step(page, "接单")
    expect(page.locator(".state")).to_contain_text("1 项待发送")
    film(page)
    storage = {"origin": server.url, "storageTypes": "indexeddb,local_storage"}
    context.new_cdp_session(page).send("Storage.clearDataForOrigin", storage)
    said = page.get_by_role("note").filter(has_text="浏览器清掉了张师傅在这台手机里的数据")
    for again in (False, True):  # As it happens, and after a restart.
        if again:
            page.goto("about:blank")
            context.set_offline(False)
            page.goto(f"{server.url}/app/#/outbox")
        expect(said).to_contain_text("还有 1 项没有送达，很可能已经丢失")
        expect(said).to_contain_text("最后一次确认全部送达：")
        expect(page.get_by_text("没有留在手机里的内容")).to_have_count(0)
        film(page)
    sign_in(page, people.zhang)
    expect(page.get_by_text("全部已送达").first).to_be_visible()
    film(page)
    show(page, f"orders/{job.id}")
    step(page, "接单")
    expect(page.locator(".foot .main")).to_have_text("出发")


def test_even_without_a_note_the_servers_cookie_tells_that_somebody_worked_here(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    page.evaluate(SEND)
    clear(page, server, "indexeddb,cache_storage,service_workers,local_storage")
    expect(page.get_by_text("浏览器清掉了张师傅在这台手机里的数据")).to_be_visible()
    expect(page.get_by_text("是否有没送达的内容，现在查不到了")).to_be_visible()


def test_a_first_start_and_a_sign_out_are_no_loss(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = context.new_page()
    page.goto(f"{server.url}/app/")
    expect(page.get_by_label("用户名")).to_be_visible()
    expect(page.get_by_role("note")).to_have_count(0)
    sign_in(page, people.zhang)
    page.evaluate(SEND)
    show(page, "me")
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_label("用户名")).to_be_visible()
    page.reload()
    expect(page.get_by_label("用户名")).to_be_visible()
    expect(page.get_by_role("note")).to_have_count(0)


def test_where_only_the_list_of_people_is_gone_nothing_is_called_lost(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    context.set_offline(True)
    step(page, "接单")
    step(page, "出发")
    expect(page.locator(".state")).to_contain_text("2 项待发送")
    context.set_offline(False)
    page.goto(f"{server.url}/healthz")
    page.evaluate(DROP_DIRECTORY)
    page.route("**/api/v1/sync", lambda route: route.abort())
    page.goto(f"{server.url}/app/")
    expect(page.get_by_text("张师傅还有 2 项没有发送，仍在这台手机里")).to_be_visible()
    expect(page.get_by_text("很可能已经丢失")).to_have_count(0)
    sign_in(page, people.zhang)
    expect(page.locator(".state")).to_contain_text("2 项待发送")
    assert [line["data"]["to"] for line in lines(page, "order.stage")] == ["accepted", "en_route"]
