"""A picture that is only in memory is lost by nothing that the app does: no failure, no sign-out, no update."""

from __future__ import annotations

import pytest
from apiflask import APIFlask
from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, expect

from tests.conftest import People
from tests.pwa.conftest import Job, Phone, Server, sign_in
from tests.pwa.keeping import noisy_jpeg
from tests.pwa.test_conditions import SEND, give_room, show
from tests.pwa.test_ledger import lines_of
from tests.pwa.test_screens import SLOW_DISK, lines, reassign, start
from tests.pwa.test_typed_text import FULL
from tests.pwa.waiting import until

# How writing fails until `mend()`, and the code by which it is known.
FAILURES = {
    "unexpected": "IDBObjectStore.prototype.add = () => { throw new TypeError('nobody thought of it'); }",
    "broken_off": "IDBObjectStore.prototype.add = () => { throw new DOMException('', 'AbortError'); }",
    "window_forgets": "(await import('/app/static/app/store/keeping.js')).forgets.value = true",
}
KEEP = """async ([order, breaks]) => {
  const {keepInTurn} = await import("/app/static/app/documents/parts/photo_queue.js");
  const {keepAgain, ownUnkept} = await import("/app/static/app/documents/parts/photo_keeping.js");
  const {forgets} = await import("/app/static/app/store/keeping.js");
  const {add} = IDBObjectStore.prototype;
  await new Function(`return (async () => { ${breaks} })()`)();
  const picture = new Blob([new Uint8Array([255, 216, 255, 224, 0])]);
  const kept = await keepInTurn(order, picture, {purpose: "before", caption: "泵房"});
  const whys = ownUnkept().map(({why}) => why);
  const again = [await keepAgain(ownUnkept()[0]), ownUnkept().length];
  IDBObjectStore.prototype.add = add;
  forgets.value = false;
  return [kept, whys, again, await keepAgain(ownUnkept()[0]), ownUnkept().length];
}"""
# A second picture that comes to nothing while the first one is tried again.
MEANWHILE = """async (order) => {
  const {keepAgain, keepPhoto, ownUnkept} = await import("/app/static/app/documents/parts/photo_keeping.js");
  const {add} = IDBObjectStore.prototype;
  IDBObjectStore.prototype.add = () => { throw new DOMException("no room", "QuotaExceededError"); };
  const picture = (last) => new Blob([new Uint8Array([255, 216, 255, last])]);
  const moment = {person: core.session.value.person.id, taken_at: "2026-03-02T00:00:00.000Z", position: null};
  const keep = (last) => keepPhoto(order, picture(last), "before", undefined, moment);
  await keep(1);
  const [first] = ownUnkept();
  await Promise.all([keepAgain(first), keepAgain(first), keep(2), keep(3)]);
  const held = ownUnkept().map(({photo}) => photo.photo);
  IDBObjectStore.prototype.add = add;
  await Promise.all([...ownUnkept(), ...ownUnkept()].map(keepAgain));
  return [held.length, new Set(held).size, ownUnkept().length];
}"""
NEW_VERSION = (
    "import('/app/static/app/shell/version.js').then(({newVersionWaits}) => { newVersionWaits.value = true; })"
)


@pytest.mark.parametrize("code", FAILURES)
def test_a_picture_that_could_not_be_written_stays_until_it_can_be(
    code: str, phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    assert page.evaluate(KEEP, [job.id, FAILURES[code]]) == [False, [code], [False, 1], True, 0]
    assert len([text for text in lines_of(page) if '"photo.add"' in text and "泵房" in text]) == 1


def test_a_picture_that_comes_to_nothing_while_another_is_tried_again_stays_too(
    phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    assert page.evaluate(MEANWHILE, job.id) == [3, 3, 0]
    assert len([text for text in lines_of(page) if '"photo.add"' in text]) == 3, "each once"


def test_nobody_signs_out_or_updates_while_a_picture_is_only_in_memory(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    page.evaluate(SEND)
    page.evaluate(NEW_VERSION)
    update = page.locator(".new-version")
    expect(update).to_be_visible()

    # It is on its way to the disk.
    page.evaluate(SLOW_DISK)
    choose(page, job, 64, 65)
    expect(page.locator("p", has_text="正在存 2 张")).to_be_visible()
    expect(update).to_have_count(0)
    refused(page, "还有 2 张照片只在屏幕上")
    page.evaluate("letGo()")
    until(page, "async () => (await import('/app/static/app/documents/parts/photo_queue.js')).beingSaved() === 0")
    expect(update).to_be_visible()
    assert len(lines(page, "photo.add")) == 2
    page.evaluate(SEND)
    page.evaluate(SEND)

    # It found no room there.
    give_room(page, 0)
    choose(page, job, 66)
    expect(page.get_by_role("heading", name="照片没有存下")).to_be_visible()
    expect(update).to_have_count(0)
    asks = refused(page, "还有 1 张照片只在屏幕上")
    asks.get_by_role("button", name="去看照片").click()
    page.get_by_role("button", name="放弃").click()
    expect(update).to_be_visible()
    show(page, "me")
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_label("用户名")).to_be_visible()


TAKE_NEW_VERSION = "import('/app/static/app/shell/version.js').then(({takeNewVersion}) => takeNewVersion())"
RELOADED = "() => window.notReloaded === undefined"
HANDED = """async (order) => {
  (await import("/app/static/app/ui/router.js")).handedOver.value = order;
}"""


def test_nobody_signs_out_or_updates_while_a_typed_text_is_only_in_memory(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    page.evaluate(SEND)
    page.evaluate(NEW_VERSION)
    update = page.locator(".new-version")
    expect(update).to_be_visible()
    page.evaluate(FULL)
    show(page, f"orders/{job.id}/photos")
    page.get_by_label("说明").fill("铭牌")
    expect(page.locator(".notice", has_text="刚才输入的文字没有存下")).to_be_visible()
    expect(update).to_have_count(0)
    page.evaluate("() => { window.notReloaded = true; }")
    page.evaluate(TAKE_NEW_VERSION)  # Pressed just before.
    show(page, "me")
    page.get_by_role("button", name="仍然离开").click()
    asks = refused(page, "还有 1 处输入的文字只在屏幕上")
    asks.get_by_role("button", name="再存一次").click()
    expect(asks).to_have_count(0)
    asks = refused(page, "还有 1 处输入的文字只在屏幕上")
    assert page.evaluate("window.notReloaded")
    asks.get_by_role("button", name="放弃输入的文字").click()
    page.wait_for_function(RELOADED)

    # Nor while a customer has the phone.
    expect(page.get_by_role("button", name="退出登录")).to_be_visible()
    page.evaluate("() => { window.notReloaded = true; }")
    page.evaluate(HANDED, job.id)
    page.evaluate(TAKE_NEW_VERSION)
    expect(page.get_by_role("button", name="退出登录")).to_have_count(0)
    assert page.evaluate("window.notReloaded")
    page.evaluate(HANDED, None)
    page.wait_for_function(RELOADED)


def test_an_order_that_is_given_away_is_found_while_a_picture_of_it_is_only_in_memory(
    context: BrowserContext, server: Server, people: People, job: Job, app: APIFlask
) -> None:
    page = start(context, server, people.zhang, job)
    give_room(page, 0)
    choose(page, job, 64)
    expect(page.get_by_role("heading", name="照片没有存下")).to_be_visible()
    show(page, "today")
    door = page.get_by_role("link", name="1 张照片没有存下，只在屏幕上")
    expect(door).to_be_visible()
    reassign(app, people, job)
    page.evaluate(SEND)
    door.click()
    expect(page.get_by_text("这一单已转给李师傅")).to_be_visible()
    expect(page.get_by_role("heading", name="照片没有存下")).to_be_visible()


# The first finds no room, the second something that nobody thought of.
MIXED = """() => {
  const failures = [new DOMException("no room", "QuotaExceededError"), new TypeError("nobody thought of it")];
  const {add} = IDBObjectStore.prototype;
  IDBObjectStore.prototype.add = function (value, ...key) {
    if (value.blob !== undefined && failures.length > 0) throw failures.shift();
    return add.call(this, value, ...key);
  };
}"""


def test_that_the_phone_is_full_is_said_beside_what_else_keeps_pictures_from_it(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    page.evaluate(MIXED)
    choose(page, job, 64, 65)
    unkept = page.locator(".unkept")
    for sentence in ("2 张照片没有存下", "手机空间已满", "没想到的错"):
        expect(unkept.get_by_role("alert")).to_contain_text(sentence)
    for way_out in ("先发送，再存", "导出文件"):
        expect(unkept.get_by_role("button", name=way_out)).to_be_visible()


NO_PHOTO = """async (order) => (await import("/app/static/app/documents/parts/photo_queue.js"))
  .keepInTurn(order, new Blob(["no photo"]), {purpose: "before"}, "扫描件.tif")"""
# From now on somebody else is signed in, in this tab.
NEXT_PERSON = """async (next) => {
  const {session} = await import("/app/static/app/store/session.js");
  session.value = {...session.value, person: {...session.value.person, id: next}};
}"""
HELD = """async () => (await import("/app/static/app/store/in_memory.js")).inMemory().map(({person}) => person)"""
QUEUED = "async () => (await import('/app/static/app/documents/parts/photo_queue.js')).beingSaved()"


def test_what_came_of_chosen_pictures_is_told_to_whoever_chose_them_wherever_they_are(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    page.evaluate(NO_PHOTO, job.id)
    door = page.get_by_role("link", name="有 1 张照片没有存下")
    for screen in ("today", "me", f"orders/{job.id}"):
        show(page, screen)
        expect(door).to_be_visible()
    door.click()
    expect(page.locator(".failed")).to_contain_text("扫描件.tif")
    expect(door).to_have_count(0)
    page.get_by_role("button", name="知道了").click()
    show(page, "today")
    expect(page.get_by_role("heading", name="今天", level=1)).to_be_visible()
    expect(door).to_have_count(0)

    # Two that wait behind a slow disk stay theirs, whoever has signed in by then.
    page.evaluate(SLOW_DISK)
    choose(page, job, 64, 65)
    until(page, f"async () => (await ({QUEUED})()) === 2")
    page.evaluate(NEXT_PERSON, people.li.id)
    page.evaluate("letGo()")
    until(page, f"async () => (await ({QUEUED})()) === 0")
    assert page.evaluate(HELD) == [people.zhang.id]
    expect(page.get_by_role("heading", name="照片没有存下")).to_have_count(0)


def choose(page: Page, job: Job, *sides: int) -> None:
    """Pictures out of the gallery."""
    show(page, f"orders/{job.id}/photos")
    page.locator("input[type=file]").set_input_files(
        [FilePayload(name=f"{side}.jpg", mimeType="image/jpeg", buffer=noisy_jpeg(side)) for side in sides]
    )


def refused(page: Page, why: str) -> Locator:
    """Signing out is, and says why."""
    show(page, "me")
    page.get_by_role("button", name="退出登录").click()
    asks = page.get_by_role("dialog", name="现在还不能退出")
    expect(asks).to_contain_text(why)
    return asks
