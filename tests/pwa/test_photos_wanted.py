"""What the phone promises about photos that the server lacks: what is still here goes again and makes room for nothing,
and what is nowhere is said to be."""

from __future__ import annotations

import json

import pytest
from apiflask import APIFlask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import delete, select

from server.database import writing
from server.models import Document, PhotoContent, PhotoDelivery
from server.services import services, utc_now
from server.sync.store.document_store import write_again
from server.sync.store.feeds import publish
from tests.conftest import People
from tests.pwa.conftest import Job, Phone, Server, give_job, sign_in
from tests.pwa.keeping import HERE, age_gone, noisy_jpeg, states_at_server, take
from tests.pwa.test_conditions import PHOTO, SEND, show
from tests.pwa.test_restore import SHOWN, Backup, backup, office  # noqa: F401  # a fixture
from tests.pwa.test_screens import start

NONE_UNSENT = {"lines": 0, "photos": 0, "bytes": 0, "shut_out": 0}
KEYS = "(async () => (await core.store()).getAllKeys('photos'))()"
# A disk that has room for the photos that are there and `spare` bytes more.
DISK = """async (spare) => {
  const kept = new Map((await (await core.store()).getAll('photos')).map(({sha256, size}) => [sha256, size]));
  const sum = () => [...kept.values()].reduce((all, size) => all + size, 0);
  const most = sum() + spare;
  const {add, delete: drop} = IDBObjectStore.prototype;
  IDBObjectStore.prototype.add = function (value, ...key) {
    if (this.name === 'photos') {
      if (sum() + value.size > most) throw new DOMException('no room', 'QuotaExceededError');
      kept.set(value.sha256, value.size);
    }
    return add.call(this, value, ...key);
  };
  IDBObjectStore.prototype.delete = function (key) {
    if (this.name === 'photos') kept.delete(key);
    return drop.call(this, key);
  };
}"""
# A disk that takes nothing that may grow until a photo has gone.
FULL = """() => {
  const {put, delete: drop} = IDBObjectStore.prototype;
  let full = true;
  IDBObjectStore.prototype.put = function (...values) {
    if (full && ['documents', 'deliveries'].includes(this.name)) throw new DOMException('', 'QuotaExceededError');
    return put.apply(this, values);
  };
  IDBObjectStore.prototype.delete = function (key) {
    if (this.name === 'photos') full = false;
    return drop.call(this, key);
  };
}"""
DROP = "import('/app/static/app/store/photos.js').then(({dropDelivered}) => dropDelivered({needed: Infinity}))"


def move_to_li(app: APIFlask, people: People, job: Job) -> None:
    """The office plans the order for somebody else."""
    changes = {"assignees": {"was": [people.zhang.id], "now": [people.li.id]}}
    office(app, people, "order.plan", job, {"changes": changes})


def lose_content(app: APIFlask, job: Job) -> None:
    """The server has lost the content of an order's photos, and its records say so."""
    with app.app_context(), writing() as connection:
        row = connection.execute(select(Document.version, Document.body).where(Document.id == job.id)).one()
        body = json.loads(row.body)
        for photo in body["photos"]:
            photo["state"] = "missing"
            for table in (PhotoDelivery, PhotoContent):
                connection.execute(delete(table).where(table.sha256 == photo["sha256"]))
        sealer = services().company.sealer
        publish(connection, write_again(connection, job.id, body, utc_now(), sealer, "work_order", row.version))


def test_photos_come_back_after_a_restore_though_their_order_has_left_the_phone(
    app: APIFlask,
    phone: Phone,
    people: People,
    job: Job,
    backup: Backup,  # noqa: F811
) -> None:
    page = phone.tab()
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, people.zhang)
    page.evaluate("core.sendNow()")
    move_to_li(app, people, job)
    backup.make()
    hashes = [take(page, job, noisy_jpeg(side)) for side in (64, 65)]
    page.evaluate("core.sendNow()")
    age_gone(page, hours=25)
    page.evaluate("core.sendNow()")
    assert page.evaluate(SHOWN) == []
    assert states_at_server(app, job) == ["stored", "stored"]
    backup.put_back()
    page.evaluate("core.sendNow()")
    assert states_at_server(app, job) == ["stored", "stored"]
    assert page.evaluate("core.unsent.value") == NONE_UNSENT
    assert all(page.evaluate(HERE, sha256) for sha256 in hashes)


def test_the_phone_says_that_not_all_is_safe_while_the_server_wants_what_it_has(
    app: APIFlask,
    phone: Phone,
    people: People,
    job: Job,
    backup: Backup,  # noqa: F811
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    page.evaluate("core.sendNow()")
    move_to_li(app, people, job)
    backup.make()
    sha256 = take(page, job, noisy_jpeg(64))
    page.evaluate("core.sendNow()")
    backup.put_back()
    page.route("**/api/v1/uploads**", lambda route: route.abort())
    page.evaluate("core.sendNow()")
    assert page.evaluate("core.unsent.value.photos") == 1
    page.evaluate("core.dropDelivered({needed: Infinity})")
    assert page.evaluate(HERE, sha256)
    page.unroute("**/api/v1/uploads**")
    page.evaluate("core.sendNow()")
    assert states_at_server(app, job) == ["stored"]
    assert page.evaluate("core.onlyHere.value") == 0


def test_what_the_answer_calls_missing_makes_no_room_for_the_answer(
    app: APIFlask, phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    other = give_job(app, people, people.zhang, "电梯异响")
    page.evaluate("core.sendNow()")
    lost = take(page, job, noisy_jpeg(64))
    page.evaluate("core.sendNow()")
    safe = take(page, other, noisy_jpeg(65))
    page.evaluate("core.sendNow()")
    page.evaluate("core.sendNow()")
    lose_content(app, job)
    page.evaluate(FULL)
    page.evaluate("core.sendNow()")
    assert page.evaluate(KEYS) == [lost]
    assert [states_at_server(app, order) for order in (job, other)] == [["stored"], ["stored"]]
    assert not page.evaluate(HERE, safe)


def test_a_full_phone_gives_up_no_more_photos_than_are_needed_and_those_the_server_has_had_longest(
    app: APIFlask, phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, people.zhang)
    content: dict[str, int] = {}
    for first in (32, 53, 74):
        for side in range(first, first + 21):
            photo = noisy_jpeg(side)
            content[take(page, job, photo)] = len(photo)
        page.evaluate("core.sendNow()")
    page.evaluate("core.sendNow()")
    assert len(page.evaluate(KEYS)) == 63
    assert page.evaluate("core.unsent.value") == NONE_UNSENT
    page.evaluate(DISK, 100)
    new = noisy_jpeg(110)
    added = take(page, job, new)
    left = set(page.evaluate(KEYS))
    gone = [sha256 for sha256 in content if sha256 not in left]
    assert added in left
    oldest = list(content)[:21]
    assert set(gone) <= set(oldest)
    freed = sum(content[sha256] for sha256 in gone)
    assert len(new) - 100 <= freed
    # Whichever went last, without it there would not have been room.
    assert freed - max(content[sha256] for sha256 in gone) < len(new) - 100
    assert len(left) == 64 - len(gone)


def test_a_colleagues_record_of_the_same_photo_is_not_sent_for_again_and_again(
    app: APIFlask, phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    take(page, job, noisy_jpeg(64))
    page.evaluate("core.sendNow()")
    page.evaluate("core.sendNow()")
    page.evaluate(
        """async (id) => {
          const store = await core.store();
          const document = await store.get('documents', ['work_order', id]);
          const [own] = document.body.photos;
          document.body.photos.push({...own, id: core.newId(), by: core.newId(), state: 'missing'});
          await store.put('documents', document);
        }""",
        job.id,
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/uploads" in request.url else None)
    page.evaluate("core.sendNow()")
    assert asked == []
    assert page.evaluate("core.unsent.value") == NONE_UNSENT


def photo_on_screen(context: BrowserContext, server: Server, people: People, job: Job) -> Page:
    """The screen of an order's photos, after one was taken and delivered."""
    page = start(context, server, people.zhang, job)
    show(page, f"orders/{job.id}/photos")
    page.locator("input[type=file]").set_input_files(PHOTO)
    page.evaluate(SEND)
    page.evaluate(SEND)
    expect(page.locator(".photos .where")).to_have_text("已送达")
    return page


@pytest.mark.parametrize(
    ("language", "short", "said"),
    [("zh-CN", "缺失", "服务器和这台手机上都没有"), ("en", "Missing", "Neither on the server nor on this phone")],
)
def test_a_photo_that_is_nowhere_is_said_to_be(
    language: str,
    short: str,
    said: str,
    app: APIFlask,
    context: BrowserContext,
    server: Server,
    people: People,
    job: Job,
) -> None:
    page = photo_on_screen(context, server, people, job)
    page.evaluate("language => localStorage.setItem('undercroft-language', language)", language)
    page.evaluate(DROP)
    lose_content(app, job)
    page.reload()
    page.evaluate(SEND)
    expect(page.locator(".photos .where")).to_have_text(short)
    page.locator(".photos button").click()
    expect(page.locator(".viewer .chip.contradicted")).to_have_text(said)


def test_a_photo_that_the_server_has_lost_and_the_phone_has_waits_to_be_sent(
    app: APIFlask, context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = photo_on_screen(context, server, people, job)
    lose_content(app, job)
    page.route("**/api/v1/uploads**", lambda route: route.abort())
    page.evaluate(SEND)
    expect(page.locator(".photos .where")).to_have_text("存手机")
    expect(page.locator(".state")).to_contain_text("1 项待发送")
    page.unroute("**/api/v1/uploads**")
    page.evaluate(SEND)
    page.evaluate(SEND)
    expect(page.locator(".photos .where")).to_have_text("已送达")
    assert states_at_server(app, job) == ["stored"]
