"""What the phone promises about exchanges: nothing twice, nothing lost, and a way out of every disagreement."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from playwright.sync_api import Page, Route
from sqlalchemy import delete, select, update

from server.application import create_app
from server.database import db, reading, writing
from server.models import Device, JournalLine
from server.services import services, utc_now
from server.settings import Settings
from server.sync.exchange.office_ledger import NewOperation, write
from server.sync.ledgers.line import hash_of
from server.sync.store.people import add_person
from tests.conftest import People, TestPerson
from tests.databases import Databases
from tests.pwa.conftest import Job, MortalPhone, Phone, Server, give_job, sign_in
from tests.pwa.keeping import LATER, age_gone
from tests.pwa.test_ledger import NOTE, lines_of, verified

LEDGER = "(async () => (await (await core.store()).get('meta', 'ledger')))()"


def ledger_of(page: Page) -> dict[str, Any]:  # Any: the app's own record
    """The head of the phone's ledger."""
    found: dict[str, Any] = page.evaluate(
        f"{LEDGER}.then(({{device, seq, acknowledged}}) => ({{device, seq, acknowledged}}))"
    )
    return found


def kinds_at_server(app: APIFlask, device: str) -> list[str]:
    """The kinds of the lines that the server has from a device, in order."""
    with app.app_context(), reading() as connection:
        lines = connection.execute(
            select(JournalLine.bytes).where(JournalLine.device_id == device).order_by(JournalLine.seq)
        ).scalars()
        return [json.loads(line)["kind"] for line in lines]


def notes_shown(page: Page) -> int:
    """How many notes the only order on the screen has."""
    found: int = page.evaluate("core.orders.value[0].body.notes.length")
    return found


def test_what_the_office_planned_comes_to_the_phone_and_goes_back(
    app: APIFlask, phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    assert page.evaluate("core.orders.value.map(({id, body}) => [id, body.number])") == [[job.id, job.number]]
    page.evaluate(NOTE, job.id)
    assert page.evaluate("core.orders.value[0].waiting") == 1
    page.evaluate("core.sendNow()")
    assert page.evaluate("[core.orders.value[0].waiting, core.orders.value[0].version]") == [0, 2]
    assert kinds_at_server(app, ledger_of(page)["device"]) == ["anchor", "note.add"]
    assert page.evaluate("core.contact.value.state") == "idle"
    assert page.evaluate("core.contact.value.last_all_safe") is not None


def test_a_lost_answer_applies_nothing_twice(app: APIFlask, phone: Phone, people: People, job: Job) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    page.evaluate(NOTE, job.id)

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/api/v1/sync", lose_the_answer, times=1)
    page.evaluate("core.sendNow()")
    assert page.evaluate("core.contact.value.code") == "no_contact"
    assert ledger_of(page)["acknowledged"] == 0
    assert len(kinds_at_server(app, ledger_of(page)["device"])) == 2
    page.evaluate("core.sendNow()")
    assert ledger_of(page)["acknowledged"] == 2
    assert notes_shown(page) == 1
    assert len(kinds_at_server(app, ledger_of(page)["device"])) == 2


def test_a_server_that_lost_history_is_healed_by_the_phone(
    app: APIFlask, phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    for _ in range(3):
        page.evaluate(NOTE, job.id)
        page.evaluate("core.sendNow()")
    device = ledger_of(page)["device"]
    kept = lines_of(page)
    assert ledger_of(page)["acknowledged"] == len(kept) == 6
    forget_after(app, device, kept, 2)
    page.evaluate("core.sendNow()")
    assert ledger_of(page)["acknowledged"] == 6
    assert len(kinds_at_server(app, device)) == 6


def count_exchanges(page: Page) -> list[str]:
    """The requests to exchange from now on; the phone gives up after so many that a test can only end."""
    asked: list[str] = []

    def pass_on(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) > 20:
            route.abort()
        else:
            route.continue_()

    page.route("**/api/v1/sync", pass_on)
    return asked


def test_a_server_that_lost_more_than_the_phone_still_keeps_gets_the_rest_as_a_new_device(
    app: APIFlask, phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    page.evaluate(NOTE, job.id)
    page.evaluate("core.sendNow()")
    device = ledger_of(page)["device"]
    page.evaluate(LATER, 31)
    page.evaluate("core.dropSettled()")
    for _ in range(2):
        page.evaluate(NOTE, job.id)
        page.evaluate("core.sendNow()")
    with app.app_context(), writing() as connection:
        connection.execute(delete(JournalLine).where(JournalLine.device_id == device))
        connection.execute(update(Device).where(Device.id == device).values(acknowledged=0, head_hash="0" * 64))
    asked = count_exchanges(page)
    page.evaluate("core.sendNow()")
    ledger = ledger_of(page)
    assert len(asked) < 6
    assert ledger["device"] != device
    assert ledger["acknowledged"] == ledger["seq"] > 0
    assert page.evaluate("core.held.value") == []
    assert kinds_at_server(app, device) == []
    assert kinds_at_server(app, ledger["device"]).count("note.add") == 2


@pytest.fixture
def new_company(tmp_path: Path, databases: Databases) -> Iterator[Settings]:
    """Settings of another company that nobody is known to."""
    with databases.migrated(tmp_path / "new") as settings:
        yield settings


def test_the_same_name_in_a_new_company_begins_with_an_empty_ledger(
    app: APIFlask,
    server: Server,
    phone: Phone,
    people: People,
    job: Job,
    new_company: Settings,
    password_hash: str,
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    page.evaluate(NOTE, job.id)
    page.evaluate("core.sendNow()")
    first_device = ledger_of(page)["device"]
    server.stop()
    server.app = fresh = create_app(new_company)
    with fresh.app_context(), writing() as connection:
        name = people.zhang.username
        identity = add_person(connection, name, "张师傅", "technician", password_hash, utc_now())
        office = add_person(connection, "wang", "王主管", "supervisor", password_hash, utc_now())
    zhang = TestPerson(identity, name, "张师傅", "technician")
    wang = TestPerson(office, "wang", "王主管", "supervisor")
    theirs = give_job(fresh, replace(people, wang=wang), zhang)
    server.start()

    asked = count_exchanges(page)
    sign_in(page, zhang)
    assert ledger_of(page)["device"] != first_device
    assert ledger_of(page)["seq"] == 0
    page.evaluate(NOTE, theirs.id)
    page.evaluate("core.sendNow()")
    assert len(asked) < 6
    assert page.evaluate("core.held.value") == []
    assert kinds_at_server(fresh, ledger_of(page)["device"]) == ["anchor", "note.add"]
    sign_in(page, zhang)  # Once more: the store that is theirs goes on.
    assert ledger_of(page)["acknowledged"] == 2
    assert page.evaluate("core.contact.value.state") == "idle"
    with fresh.app_context():
        db.engine.dispose()


def forget_after(app: APIFlask, device: str, lines: list[str], seq: int) -> None:
    """Put the device's ledger on the server back to line `seq`, as a restored backup would."""
    with app.app_context(), writing() as connection:
        connection.execute(delete(JournalLine).where(JournalLine.device_id == device, JournalLine.seq > seq))
        head = hash_of(lines[seq - 1].encode())
        connection.execute(update(Device).where(Device.id == device).values(acknowledged=seq, head_hash=head))


def test_a_forked_ledger_goes_on_as_a_new_device_and_loses_nothing(
    app: APIFlask, mortal_phone: MortalPhone, people: People, job: Job, tmp_path: Path
) -> None:
    page = mortal_phone.tab()
    sign_in(page, people.zhang)
    page.evaluate(NOTE, job.id)
    page.evaluate("core.sendNow()")
    first_device = ledger_of(page)["device"]
    cookies = mortal_phone.context.cookies()  # The browser writes them to the disk only now and then.
    mortal_phone.kill()
    copied = mortal_phone.copied_to(tmp_path / "copied")

    mortal_phone.start().context.add_cookies(cookies)  # type: ignore[arg-type]  # what the browser gave, it takes
    page = mortal_phone.tab()
    page.evaluate(NOTE, job.id)
    page.evaluate("core.sendNow()")
    assert page.evaluate("core.contact.value.state") == "idle"
    mortal_phone.kill()

    try:
        copied.start().context.add_cookies(cookies)  # type: ignore[arg-type]  # as above
        page = copied.tab()
        page.evaluate(NOTE, job.id)
        old = [json.loads(line) for line in lines_of(page)][-1]
        page.evaluate("core.sendNow()")
        assert page.evaluate("core.contact.value.state") == "idle"
        ledger = ledger_of(page)
        assert ledger["device"] != first_device
        assert page.evaluate("core.session.value.device.id") == ledger["device"]
        assert ledger["acknowledged"] == ledger["seq"]
        carried = [json.loads(line) for line in lines_of(page)]
        carried = [line for line in carried if line["device"] == ledger["device"] and line["kind"] == "note.add"]
        assert [(line["id"], line["at"]) for line in carried] == [(old["id"], old["at"])]
        assert old in [json.loads(line) for line in lines_of(page)]  # The old line stays as it was.
        assert notes_shown(page) == 3
    finally:
        copied.kill()


PUT_BACK = """async (seq) => {
  const store = await core.store();
  const ledger = await store.get('meta', 'ledger');
  const line = await store.get('lines', [ledger.device, seq]);
  for (const name of ['lines', 'receipts']) {
    await store.delete(name, IDBKeyRange.bound([ledger.device, seq + 1], [ledger.device, Infinity]));
  }
  const hash = core.hashOf(new TextEncoder().encode(line.text));
  await store.put('meta', {...ledger, seq, hash, acknowledged: seq}, 'ledger');
}"""


def test_what_is_recorded_during_an_exchange_is_never_taken_for_lines_that_the_server_had_before(
    app: APIFlask, phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    for _ in range(2):
        page.evaluate(NOTE, job.id)
        page.evaluate("core.sendNow()")
    first_device = ledger_of(page)["device"]
    page.evaluate(PUT_BACK, 2)  # As a phone's backup would: the server has four lines.
    waiting: list[Route] = []
    page.route("**/api/v1/sync", lambda route: waiting.append(route), times=1)
    with page.expect_request("**/api/v1/sync"):
        page.evaluate("void (window.sent = core.sendNow())")
    for _ in range(4):
        page.evaluate(NOTE, job.id)
    waiting[0].continue_()
    page.evaluate("window.sent")
    ledger = ledger_of(page)
    assert ledger["device"] != first_device
    assert ledger["acknowledged"] == ledger["seq"]
    assert kinds_at_server(app, ledger["device"]).count("note.add") == 4
    assert notes_shown(page) == 6


def test_an_order_that_left_stays_until_everything_of_it_is_delivered(
    app: APIFlask, phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    changes = {"assignees": {"was": [people.zhang.id], "now": [people.li.id]}}
    with app.app_context(), writing() as connection:
        running = services()
        operation = NewOperation("order.plan", job.id, {"changes": changes})
        write(connection, running.pen, people.wang.id, [operation], running.now())
    page.evaluate(
        """async (target) => {
          const taken = await core.takeIn(new Blob([new Uint8Array([0xff, 0xd8, 0xff, 1, 2, 3])]));
          const {photo, sha256, size, media_type} = taken;
          const data = {photo, sha256, size, media_type, purpose: 'before', taken_at: new Date().toISOString()};
          await core.record([{kind: 'photo.add', target, data}], [{...taken, target}]);
        }""",
        job.id,
    )
    page.route("**/api/v1/uploads", lambda route: route.abort())
    page.evaluate("core.exchangeAll()")
    assert page.evaluate("core.orders.value.map(({gone, waiting}) => [gone, waiting])") == [["reassigned", 1]]
    page.unroute("**/api/v1/uploads")
    page.evaluate("core.sendNow()")
    page.evaluate("core.refreshOrders()")
    # What was begun on it is found for a day, as it was recorded, though the feed carries it no more.
    shown = "core.orders.value.map(({gone_to, waiting, body}) => [gone_to, waiting, body.photos.length])"
    assert page.evaluate(shown) == [[[people.li.id], 0, 1]]
    page.evaluate("core.sendNow()")
    assert page.evaluate(shown) == [[[people.li.id], 0, 1]]
    age_gone(page, hours=23)
    page.evaluate("core.exchangeAll()")
    assert page.evaluate("core.orders.value.length") == 1
    age_gone(page, hours=25)
    page.evaluate("core.exchangeAll()")
    assert page.evaluate("core.orders.value.length") == 0


def test_a_long_day_goes_in_several_batches(app: APIFlask, phone: Phone, people: People, job: Job) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    page.evaluate(
        """(target) => core.record(Array.from({length: 510}, () => (
          {kind: 'note.add', target, data: {note: core.newId(), text: '检查了水泵和阀门'}})))""",
        job.id,
    )
    encodings: list[str | None] = []
    page.on("request", lambda request: encodings.append(request.headers.get("content-encoding")))
    page.evaluate("core.sendNow()")
    assert encodings[0] == "gzip"
    assert len(encodings) >= 2
    assert ledger_of(page)["acknowledged"] == 511
    assert kinds_at_server(app, ledger_of(page)["device"]) == ["anchor"] + ["note.add"] * 510
    assert notes_shown(page) == 510


def test_another_persons_session_in_the_browser_takes_nothing_along(
    app: APIFlask, phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    page.evaluate(NOTE, job.id)
    key = "(await core.store().then((store) => store.get('meta', 'ledger'))).public_key"
    device = f"{{id: core.newId(), name: 'x', public_key: {key}}}"
    page.evaluate(
        f"""async ([username, password]) => fetch('/api/v1/session', {{method: 'POST',
          headers: {{'Content-Type': 'application/json'}},
          body: JSON.stringify({{username, password, device: {device}}})}})""",
        [people.li.username, people.li.password],
    )
    page.evaluate("core.sendNow()")
    assert page.evaluate("core.session.value.ended") is True
    assert page.evaluate("core.unsent.value.lines") == 1
    assert kinds_at_server(app, ledger_of(page)["device"]) == []


def test_an_ended_session_loses_nothing(app: APIFlask, phone: Phone, people: People, job: Job) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    phone.context.clear_cookies()
    page.evaluate(NOTE, job.id)
    page.evaluate("core.sendNow()")
    assert page.evaluate("core.session.value.ended") is True
    page.evaluate(NOTE, job.id)
    assert page.evaluate("core.unsent.value.lines") == 2
    sign_in(page, people.zhang)
    assert page.evaluate("core.session.value.ended") is False
    assert page.evaluate("core.unsent.value.lines") == 0
    assert len(verified(lines_of(page))) == ledger_of(page)["acknowledged"]


def test_tabs_take_turns_and_show_the_same(phone: Phone, people: People, job: Job) -> None:
    one, other = phone.tab(), phone.tab()
    sign_in(one, people.zhang)
    other.wait_for_function("core.session.value !== null && core.orders.value.length === 1")
    other.evaluate(NOTE, job.id)
    one.wait_for_function("core.orders.value[0]?.body.notes.length === 1 && core.unsent.value.lines === 1")
    for page in (one, other):
        page.evaluate("void (window.sent = core.sendNow())")
    for page in (one, other):
        page.evaluate("window.sent")
    other.wait_for_function("core.orders.value[0].waiting === 0 && core.unsent.value.lines === 0")
    assert len(verified(lines_of(one))) == ledger_of(one)["acknowledged"]
