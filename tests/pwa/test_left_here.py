"""What a phone promises of people who are not signed in on it: what they left there comes with anybody's contact."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from apiflask import APIFlask
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from server.database import reading, writing
from server.keeping.check import check_documents, check_held, check_ledgers
from server.models import Document, HeldLine, StrandedLedger
from server.services import services, utc_now
from server.sync.exchange.office_ledger import NewOperation, write
from server.sync.operations import authorship
from server.sync.store.people import add_person
from tests.conftest import People, TestPerson
from tests.pwa.conftest import Job, Phone, give_job, sign_in
from tests.pwa.keeping import noisy_jpeg, states_at_server, take
from tests.pwa.test_exchange import kinds_at_server, ledger_of
from tests.pwa.test_ledger import NOTE
from tests.pwa.test_photo_failures import fail
from tests.pwa.test_restore import Backup, backup, note_texts, order_at_server, phone_of  # noqa: F401  # a fixture

UNSENT_OF = """async (person) => {
  const [{ readStoreOf }, { readUnsent }] = await Promise.all(
    ["store/database", "store/unsent"].map((room) => import(`/app/static/app/${room}.js`)));
  return (await readStoreOf(person, readUnsent)).unsent;
}"""
LEFT = """async () => (await import("/app/static/app/sync/left_here.js")).left.value"""
SAY_MINE = """async (id) => (await import("/app/static/app/sync/left_here.js")).sayItIsMine(id)"""


def unsent_of(page: Page, person: str) -> int:
    """How many lines and photos of a person's store the server is not known to have."""
    found = page.evaluate(UNSENT_OF, person)
    return int(found["lines"] + found["photos"] + found["shut_out"])


def waiting(app: APIFlask) -> list[tuple[Any, ...]]:  # Any: columns
    """What phones have told of ledgers that stay on them."""
    with app.app_context(), reading() as connection:
        rows = select(StrandedLedger.username, StrandedLedger.why, StrandedLedger.lines, StrandedLedger.orders)
        return [tuple(row) for row in connection.execute(rows)]


def held(app: APIFlask) -> list[str]:
    with app.app_context(), reading() as connection:
        return list(connection.execute(select(HeldLine.reason).where(HeldLine.state == "waiting")).scalars())


def nothing_wrong(app: APIFlask) -> bool:
    with app.app_context(), reading() as connection:
        return [*check_ledgers(connection), *check_documents(connection), *check_held(connection)] == []


def test_after_a_restore_what_somebody_left_comes_with_the_next_contact_of_anybody(
    app: APIFlask,
    phone: Phone,
    people: People,
    backup: Backup,  # noqa: F811
) -> None:
    page = phone.tab()
    device = phone_of(page, people.zhang)
    job = give_job(app, people, people.zhang)
    page.evaluate("core.sendNow()")
    backup.make()
    page.evaluate(NOTE, job.id)
    take(page, job, noisy_jpeg(64))
    page.evaluate("core.sendNow()")
    before = kinds_at_server(app, device)
    assert states_at_server(app, job) == ["stored"]
    page.evaluate("core.signOut()")
    backup.put_back()
    assert kinds_at_server(app, device) != before

    sign_in(page, people.li)
    assert kinds_at_server(app, device) == before
    assert note_texts(order_at_server(app, job)) == 1
    page.evaluate("core.sendNow()")
    assert states_at_server(app, job) == ["stored"]
    assert unsent_of(page, people.zhang.id) == 0 and page.evaluate(LEFT) == {}
    assert waiting(app) == [] and held(app) == [] and nothing_wrong(app)

    page.evaluate("core.signOut()")
    sign_in(page, people.zhang)
    assert ledger_of(page)["device"] == device
    assert kinds_at_server(app, device) == before, "and nothing comes twice"


def test_what_came_of_a_phone_that_the_server_had_not_known_counts_once_its_person_signs_in(
    app: APIFlask,
    phone: Phone,
    people: People,
    job: Job,
    backup: Backup,  # noqa: F811
) -> None:
    backup.make()
    page = phone.tab()
    device = phone_of(page, people.zhang)
    page.evaluate(NOTE, job.id)
    take(page, job, noisy_jpeg(64))
    page.evaluate("core.sendNow()")
    page.evaluate("core.signOut()")
    backup.put_back()
    sign_in(page, people.li)
    assert set(held(app)) == {"unknown_device"} and note_texts(order_at_server(app, job)) == 0
    page.evaluate("core.signOut()")
    sign_in(page, people.zhang)
    assert held(app) == [] and note_texts(order_at_server(app, job)) == 1
    page.evaluate("core.sendNow()")
    assert states_at_server(app, job) == ["stored"] and page.evaluate("core.held.value") == []
    assert kinds_at_server(app, device).count("ledger.claim") == 1 and nothing_wrong(app)


def test_a_long_ledger_is_claimed_portion_by_portion(
    app: APIFlask,
    phone: Phone,
    people: People,
    job: Job,
    backup: Backup,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(authorship, "PORTION", 2)
    backup.make()
    page = phone.tab()
    device = phone_of(page, people.zhang)
    for _ in range(5):
        page.evaluate(NOTE, job.id)
    page.evaluate("core.sendNow()")
    page.evaluate("core.signOut()")
    backup.put_back()
    sign_in(page, people.li)
    assert held(app) == ["unknown_device"] * 5
    page.evaluate("core.signOut()")
    sign_in(page, people.zhang)
    assert held(app) == [] and note_texts(order_at_server(app, job)) == 5
    assert kinds_at_server(app, device).count("ledger.claim") == 3 and nothing_wrong(app)


def test_what_is_left_is_looked_for_again_once_somebody_else_was_signed_in(
    app: APIFlask, phone: Phone, people: People
) -> None:
    page = phone.tab()
    phone_of(page, people.zhang)
    job = give_job(app, people, people.zhang)
    page.evaluate("core.sendNow()")
    page.evaluate("core.signOut()")
    sign_in(page, people.li)  # and nothing of Zhang's is left
    page.evaluate("core.sendNow()")
    page.evaluate("core.signOut()")
    sign_in(page, people.zhang)
    page.evaluate("core.endSession()")
    page.evaluate(NOTE, job.id)
    assert unsent_of(page, people.zhang.id) == 1
    sign_in(page, people.li)
    page.evaluate("core.sendNow()")
    assert note_texts(order_at_server(app, job)) == 1 and unsent_of(page, people.zhang.id) == 0


def test_what_an_ended_session_left_unsent_comes_with_anybody(app: APIFlask, phone: Phone, people: People) -> None:
    page = phone.tab()
    device = phone_of(page, people.zhang)
    job = give_job(app, people, people.zhang)
    page.evaluate("core.sendNow()")
    with app.app_context(), writing() as connection:
        operation = NewOperation("person.end_sessions", people.zhang.id, {})
        write(connection, services().pen, people.admin.id, [operation], utc_now())
    page.evaluate(NOTE, job.id)
    take(page, job, noisy_jpeg(64))
    page.evaluate("core.sendNow()")
    assert page.evaluate("core.session.value.ended") and unsent_of(page, people.zhang.id) > 0
    sign_in(page, people.li)
    assert note_texts(order_at_server(app, job)) == 1
    page.evaluate("core.sendNow()")
    assert states_at_server(app, job) == ["stored"]
    assert unsent_of(page, people.zhang.id) == 0
    assert "note.add" in kinds_at_server(app, device) and nothing_wrong(app)


def leave_unsent(app: APIFlask, page: Page, people: People, record: Callable[[Job], object]) -> tuple[str, Job]:
    """Zhang's session ends with something of his unsent, and Li signs in; Zhang's device, and his order."""
    device = phone_of(page, people.zhang)
    job = give_job(app, people, people.zhang)
    page.evaluate("core.sendNow()")
    with app.app_context(), writing() as connection:
        operation = NewOperation("person.end_sessions", people.zhang.id, {})
        write(connection, services().pen, people.admin.id, [operation], utc_now())
    record(job)
    page.evaluate("core.sendNow()")
    assert page.evaluate("core.session.value.ended")
    return device, job


def test_a_photo_of_a_colleague_that_is_refused_keeps_no_other_and_is_not_sent_again(
    app: APIFlask, phone: Phone, people: People
) -> None:
    page = phone.tab()
    hashes: list[str] = []

    def record(job: Job) -> None:
        hashes.extend(take(page, job, noisy_jpeg(side)) for side in (64, 65, 66))

    _, job = leave_unsent(app, page, people, record)
    refused, tried = min(hashes), []

    def refuse(route: Route) -> None:
        tried.append(route.request.url)
        headers = {"Tus-Resumable": "1.0.0", "Content-Type": "application/problem+json"}
        route.fulfill(status=415, headers=headers, body='{"code": "unsupported_photo"}')

    fail(page, lambda about: about["sha256"] == refused, refuse)
    sign_in(page, people.li)
    for _ in range(2):
        page.evaluate("core.sendNow()")
    assert sorted(states_at_server(app, job)) == ["missing", "stored", "stored"]
    assert len(tried) == 1


RECORD_WHILE_BRINGING = """(job) => {
  const {open, send} = XMLHttpRequest.prototype;
  window.asked = [];
  XMLHttpRequest.prototype.open = function (method, url, ...more) {
    this.url = String(url);
    return open.call(this, method, url, ...more);
  };
  XMLHttpRequest.prototype.send = async function (...given) {
    const path = this.url.split('/').at(-1);
    if (path === 'ledgers' && !window.asked.includes('ledgers')) {
      await core.record([{kind: 'note.add', target: job, data: {note: core.newId(), text: '等钥匙'}}]);
    }
    if (path === 'ledgers' || path === 'sync') window.asked.push(path);
    return send.apply(this, given);
  };
}"""


def test_what_others_left_gives_way_to_what_is_recorded_meanwhile(app: APIFlask, phone: Phone, people: People) -> None:
    page = phone.tab()
    note = "{kind: 'note.add', target, data: {note: core.newId(), text: '到了'}}"
    many = f"(target) => core.record(Array.from({{length: 600}}, () => ({note})))"
    device, _ = leave_unsent(app, page, people, lambda job: page.evaluate(many, job.id))
    own = give_job(app, people, people.li)
    page.evaluate("([name, password]) => core.signIn(name, password)", [people.li.username, people.li.password])
    page.evaluate(RECORD_WHILE_BRINGING, own.id)
    page.evaluate("core.sendNow()")
    assert kinds_at_server(app, device).count("note.add") == 600
    asked = page.evaluate("window.asked")
    assert asked[:4] == ["sync", "ledgers", "sync", "ledgers"], asked
    assert ledger_of(page)["acknowledged"] == ledger_of(page)["seq"] == 2


def test_whose_store_is_needed_is_said_on_the_phone_and_in_the_office(
    app: APIFlask,
    phone: Phone,
    people: People,
    backup: Backup,  # noqa: F811
) -> None:
    page = phone.tab()
    phone_of(page, people.zhang)
    page.evaluate("core.sendNow()")
    backup.make()
    lost = give_job(app, people, people.zhang)
    page.evaluate("core.sendNow()")
    page.evaluate(NOTE, lost.id)
    page.evaluate("core.sendNow()")
    page.evaluate("core.signOut()")
    backup.put_back()
    sign_in(page, people.li)
    assert held(app) == ["unknown_target"], "the line is here, its order is not"
    assert waiting(app) == [("zhang", "orders", 0, 1)]
    page.goto(f"{phone.url}/app/#/outbox")
    expect(page.get_by_role("note").filter(has_text="张师傅")).to_be_visible()

    page = phone.tab()
    page.evaluate("core.signOut()")
    sign_in(page, people.zhang)
    assert note_texts(order_at_server(app, lost)) == 1
    assert held(app) == []
    page.evaluate("core.signOut()")
    sign_in(page, people.li)
    assert waiting(app) == [], "nothing is needed any more"


def test_what_a_full_phone_cannot_note_is_brought_again(app: APIFlask, phone: Phone, people: People) -> None:
    page = phone.tab()
    device = phone_of(page, people.zhang)
    job = give_job(app, people, people.zhang)
    page.evaluate("core.sendNow()")
    page.evaluate("core.endSession()")
    page.evaluate(NOTE, job.id)
    page.evaluate(
        """() => {
          window.put = IDBObjectStore.prototype.put;
          IDBObjectStore.prototype.put = function (value) {
            if (this.name === 'receipts') throw new DOMException('full', 'QuotaExceededError');
            return window.put.apply(this, arguments);
          };
        }"""
    )
    sign_in(page, people.li)
    assert page.evaluate("core.contact.value.state") == "idle", "one's own exchange is not kept"
    assert note_texts(order_at_server(app, job)) == 1 and unsent_of(page, people.zhang.id) == 1
    page.evaluate("() => { IDBObjectStore.prototype.put = window.put; }")
    page.evaluate("core.sendNow()")
    assert unsent_of(page, people.zhang.id) == 0
    assert kinds_at_server(app, device).count("note.add") == 1


def test_two_tabs_bring_it_once(app: APIFlask, phone: Phone, people: People) -> None:
    page = phone.tab()
    device = phone_of(page, people.zhang)
    job = give_job(app, people, people.zhang)
    page.evaluate("core.sendNow()")
    page.evaluate("core.endSession()")
    page.evaluate(NOTE, job.id)
    sign_in(page, people.li)
    other = phone.tab()
    for tab in (page, other):
        tab.evaluate("void (window.going = core.sendNow())")
    for tab in (page, other):
        tab.evaluate("window.going")
    assert kinds_at_server(app, device).count("note.add") == 1
    assert unsent_of(other, people.zhang.id) == 0


# Somebody who was added after the backup


@pytest.fixture
def added(app: APIFlask, password_hash: str) -> Any:  # Any: a function that adds her
    """Adds Wu, as often as she is wanted."""

    def add() -> TestPerson:
        with app.app_context(), writing() as connection:
            identity = add_person(connection, "wu", "吴师傅", "technician", password_hash, utc_now())
        return TestPerson(identity, "wu", "吴师傅", "technician")

    return add


def adopt(app: APIFlask, people: People, person: TestPerson, former: TestPerson) -> None:
    with app.app_context(), writing() as connection:
        operation = NewOperation("person.adopt", person.id, {"former": former.id, "reason": "asked her"})
        outcome = write(connection, services().pen, people.admin.id, [operation], utc_now())[0]
    assert outcome.status == "applied", outcome


def test_somebody_who_was_added_after_the_backup_gets_everything_back(
    app: APIFlask,
    phone: Phone,
    people: People,
    backup: Backup,  # noqa: F811
    added: Any,
) -> None:
    page = phone.tab()
    backup.make()
    before = added()
    device = phone_of(page, before)
    job = give_job(app, people, before)
    page.evaluate("core.sendNow()")
    page.evaluate(NOTE, job.id)
    take(page, job, noisy_jpeg(64))
    page.evaluate("core.sendNow()")
    assert states_at_server(app, job) == ["stored"]
    page.evaluate(NOTE, job.id)
    backup.put_back()
    page.evaluate("core.sendNow()")

    again = added()
    sign_in(page, again)
    assert kinds_at_server(app, device) == []
    assert page.evaluate(LEFT)[before.id]["why"] == "unknown_person"
    page.goto(f"{phone.url}/app/#/outbox")
    page.get_by_role("button", name="These are mine, from before").click()
    expect(page.get_by_text("An administrator is asked whether it is yours", exact=False)).to_be_visible()
    with app.app_context(), reading() as connection:
        assert connection.execute(select(StrandedLedger.claimed_by)).scalar_one() == again.id

    adopt(app, people, again, before)
    page = phone.tab()
    page.evaluate("core.sendNow()")
    page.evaluate("core.sendNow()")
    body = order_at_server(app, job)
    assert note_texts(body) == 2
    assert body is not None and body["assignees"] == [again.id] and before.id not in json.dumps(body)
    assert states_at_server(app, job) == ["stored"]
    assert kinds_at_server(app, device).count("note.add") == 2
    assert unsent_of(page, before.id) == 0 and page.evaluate(LEFT) == {} and waiting(app) == []
    assert [order["id"] for order in page.evaluate("core.orders.value")] == [job.id]
    assert held(app) == [] and nothing_wrong(app)
    with app.app_context(), reading() as connection:
        bodies = connection.execute(select(Document.body).where(Document.type == "work_order")).scalars()
        assert all(before.id not in text for text in bodies)
    page.goto(f"{phone.url}/app/#/outbox")
    expect(page.get_by_role("note").filter(has_text="吴师傅")).to_have_count(0)
