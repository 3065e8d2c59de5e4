"""What the phone promises when a photo cannot go: the others go, and what is lost is said."""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Callable

from apiflask import APIFlask
from playwright.sync_api import Page, Route, expect

from tests.conftest import People
from tests.pwa.conftest import CHINESE, Film, Job, MortalPhone, Phone, Server, sign_in
from tests.pwa.keeping import HERE, noisy_jpeg, states_at_server, take
from tests.pwa.test_ledger import NOTE
from tests.pwa.waiting import until

RESERVE = 512 * 1024
REMOVE = """async (target) => {
  const {id} = core.orders.value.find((order) => order.id === target).body.photos[0];
  await core.record([{kind: 'photo.remove', target, data: {photo: id}}]);
}"""


def metadata(route: Route) -> dict[str, str]:
    """What the creation of an upload says about it."""
    pairs = (pair.split(" ") for pair in route.request.headers.get("upload-metadata", "").split(",") if pair)
    return {name: base64.b64decode(value).decode() for name, value in pairs}


def fail(page: Page, chosen: Callable[[dict[str, str]], bool], how: Callable[[Route], None]) -> None:
    """Let the uploads fail whose metadata is `chosen`."""
    page.route("**/api/v1/uploads", lambda route: how(route) if chosen(metadata(route)) else route.continue_())


def broken(route: Route) -> None:
    """As a fault of the server."""
    headers = {"Tus-Resumable": "1.0.0", "Content-Type": "application/problem+json"}
    route.fulfill(status=500, headers=headers, body=json.dumps({"code": "internal"}))


def too_many(route: Route) -> None:
    """As where too many uploads are unfinished, and the server has no time for those that are."""
    headers = {"Tus-Resumable": "1.0.0", "Content-Type": "application/problem+json", "Retry-After": "60"}
    begins = route.request.url.endswith("/uploads")
    code, status = ("too_many_uploads", 429) if begins else ("busy", 503)
    route.fulfill(status=status, headers=headers, body=json.dumps({"code": code}))


def test_a_photo_that_the_server_cannot_take_keeps_no_other(
    app: APIFlask, phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    first = min(take(page, job, noisy_jpeg(side)) for side in (64, 65, 66))
    fail(page, lambda about: about["sha256"] == first, broken)
    page.evaluate("core.sendNow()")
    assert sorted(states_at_server(app, job)) == ["missing", "stored", "stored"]
    until(page, "core.contact.value.state === 'failed' && core.contact.value.code === 'internal'")
    assert page.evaluate("core.outbox.value.map(({state, code}) => [state, code])") == [["waiting", "internal"]]


def test_a_photo_on_which_the_connection_breaks_comes_last_the_next_time(
    app: APIFlask, phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    first = min(take(page, job, noisy_jpeg(side)) for side in (64, 65, 66))
    fail(page, lambda about: about["sha256"] == first, lambda route: route.abort())
    page.evaluate("core.sendNow()")
    page.evaluate("core.sendNow()")
    assert sorted(states_at_server(app, job)) == ["missing", "stored", "stored"]


def test_what_is_begun_is_finished_where_no_other_may_begin(
    app: APIFlask, phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    for side in (64, 65, 66):
        take(page, job, noisy_jpeg(side))
    page.route("**/api/v1/uploads/*", too_many)  # After the first, which is begun by then, the phone waits.
    page.evaluate("core.sendNow()")
    page.unroute("**/api/v1/uploads/*")
    page.route("**/api/v1/uploads", too_many)
    page.evaluate("core.sendNow()")
    assert sorted(states_at_server(app, job)) == ["missing", "missing", "stored"]
    assert page.evaluate("core.contact.value.code") == "too_many_uploads"
    page.unroute("**/api/v1/uploads")
    page.evaluate("core.sendNow()")
    assert states_at_server(app, job) == ["stored"] * 3


def test_an_original_goes_without_the_preview_that_fails(app: APIFlask, phone: Phone, people: People, job: Job) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    take(page, job, noisy_jpeg(600))
    fail(page, lambda about: "preview_of" in about, broken)
    page.evaluate("core.sendNow()")
    assert states_at_server(app, job) == ["stored"]
    assert page.evaluate("core.contact.value.state") == "idle"


def lose(phone: MortalPhone) -> None:
    """The file system has lost the largest photo's bytes."""
    files = [file for file in phone.profile.rglob("*.indexeddb.blob/**/*") if file.is_file()]
    max((file for file in files if file.stat().st_size != RESERVE), key=lambda file: file.stat().st_size).unlink()


def test_a_photo_that_the_browser_has_lost_is_said_and_keeps_no_other(
    app: APIFlask, mortal_phone: MortalPhone, server: Server, people: People, job: Job, film: Film
) -> None:
    mortal_phone.context.add_init_script(CHINESE)
    page = mortal_phone.tab()
    sign_in(page, people.zhang)
    page.route("**/api/v1/uploads**", lambda route: route.abort())
    lost = take(page, job, noisy_jpeg(90))
    take(page, job, noisy_jpeg(64))
    page.evaluate("core.sendNow()")
    page.unroute("**/api/v1/uploads**")
    lose(mortal_phone)
    page.evaluate("core.sendNow()")
    assert sorted(states_at_server(app, job)) == ["missing", "stored"]
    shown = "core.outbox.value.map(({what, state, code, sha256}) => [what, state, code, sha256])"
    assert page.evaluate(shown) == [["photo", "rejected", "unreadable", lost]]
    assert page.evaluate(HERE, lost)  # Nothing is deleted.
    assert page.evaluate("core.orders.value[0].body.photos.length") == 2

    # The file has everything else, and names it; so does the screen, which blames nobody.
    page.context.set_offline(True)
    page.evaluate(NOTE, job.id)
    screen = mortal_phone.context.new_page()
    page.context.set_offline(False)
    screen.route("**/api/v1/**", lambda route: route.abort())
    screen.goto(f"{server.url}/app/#/outbox")
    expect(screen.get_by_text("这台手机读不出这张照片了，所以发不出去")).to_be_visible()
    expect(screen.get_by_text("内容被拒绝")).to_have_count(0)
    film(screen)
    with screen.expect_download() as saved:
        screen.get_by_role("button", name="导出").click()
    expect(screen.locator(".toast.wrong")).to_contain_text(f"没有放进文件：{job.number} 处理前")
    film(screen)
    with zipfile.ZipFile(saved.value.path()) as packed:
        assert set(packed.namelist()) == {"ledger.ndjson", "signature", "device.json", "unreadable.json"}
        assert '"note.add"' in packed.read("ledger.ndjson").decode()
        assert [one["sha256"] for one in json.loads(packed.read("unreadable.json"))] == [lost]
    screen.close()

    # The same picture once more: its bytes are written anew, and both records have them.
    assert take(page, job, noisy_jpeg(90)) == lost
    page.evaluate("core.sendNow()")
    assert states_at_server(app, job) == ["stored"] * 3
    assert page.evaluate("core.onlyHere.value") == 0


def test_a_lost_photo_ends_when_its_record_is_removed(
    app: APIFlask, mortal_phone: MortalPhone, people: People, job: Job
) -> None:
    page = mortal_phone.tab()
    sign_in(page, people.zhang)
    page.route("**/api/v1/uploads**", lambda route: route.abort())
    take(page, job, noisy_jpeg(90))
    page.evaluate("core.sendNow()")
    page.unroute("**/api/v1/uploads**")
    lose(mortal_phone)
    page.evaluate("core.sendNow()")
    assert page.evaluate("core.unsent.value.photos") == 1
    page.evaluate(REMOVE, job.id)
    page.evaluate("core.sendNow()")
    assert page.evaluate("core.onlyHere.value") == 0
    page.evaluate("core.signOut()")
    assert page.evaluate("core.session.value") is None
