"""What the phones promise a server that was restored from a backup: what they still have comes back, and once."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import insert, select, update

from server.database import db, reading, writing
from server.models import Device, Document, JournalLine
from server.services import services, utc_now
from server.settings import Settings
from server.sync.exchange.office_ledger import NewOperation, write
from server.sync.store.facts_store import new_epoch, remember
from server.sync.store.feeds import Publication, person_feed, publish
from tests.conftest import People, TestPerson
from tests.pwa.conftest import Job, Phone, Server, give_job, sign_in
from tests.pwa.keeping import age_gone, noisy_jpeg, states_at_server, take
from tests.pwa.test_exchange import kinds_at_server, ledger_of
from tests.pwa.test_ledger import NOTE

SHOWN = "core.orders.value.map(({id, gone}) => [id, gone]).sort()"
RECALLS = "(async () => Object.keys((await (await core.store()).get('meta', 'recalls')) ?? {}))()"


@dataclass(frozen=True)
class Backup:
    """A server that can be put back to the moment in which this was made."""

    server: Server
    settings: Settings
    folder: Path

    @property
    def _database(self) -> Path:
        return self.settings.data / "undercroft.sqlite3"

    def make(self) -> Backup:
        """Copy the database and the photos aside."""
        self.folder.mkdir()
        with sqlite3.connect(self._database) as source, sqlite3.connect(self.folder / "database") as copy:
            source.backup(copy)
        (self.settings.data / "photos").mkdir(exist_ok=True)
        shutil.copytree(self.settings.data / "photos", self.folder / "photos")
        return self

    def put_back(self) -> None:
        """Forget what came after; a new history begins."""
        self.server.stop()
        with self.server.app.app_context():
            db.engine.dispose()
        for file in self.settings.data.glob("undercroft.sqlite3*"):
            file.unlink()
        shutil.copyfile(self.folder / "database", self._database)
        shutil.rmtree(self.settings.data / "photos")
        shutil.copytree(self.folder / "photos", self.settings.data / "photos")
        with self.server.app.app_context(), writing() as connection:
            remember(connection, "epoch", new_epoch())
            # As `undercroft restore` does: what the office's ledgers said after the backup was given out once.
            connection.execute(update(Device).where(Device.kind == "office").values(revoked_at=utc_now()))
        self.server.start()


@pytest.fixture
def backup(server: Server, settings: Settings, tmp_path: Path) -> Backup:
    """A backup that is not made yet."""
    return Backup(server, settings, tmp_path / "backup")


def office(app: APIFlask, people: People, kind: str, job: Job, data: dict[str, Any]) -> None:  # Any: JSON
    """Let the supervisor write an operation."""
    with app.app_context(), writing() as connection:
        running = services()
        outcomes = write(connection, running.pen, people.wang.id, [NewOperation(kind, job.id, data)], running.now())
    assert outcomes[0].status == "applied", outcomes[0]


def order_at_server(app: APIFlask, job: Job) -> dict[str, Any] | None:  # Any: JSON
    """The body of the order's document, if the server has one."""
    with app.app_context(), reading() as connection:
        body = connection.execute(select(Document.body).where(Document.id == job.id)).scalar_one_or_none()
    return json.loads(body) if body else None


def note_texts(body: dict[str, Any] | None) -> int:  # Any: JSON
    """How many notes the order has; each id once."""
    assert body is not None
    ids = Counter(note["id"] for note in body["notes"])
    assert set(ids.values()) <= {1}
    return len(ids)


def phone_of(page: Page, person: TestPerson) -> str:
    """Sign in; the device's id."""
    sign_in(page, person)
    device: str = ledger_of(page)["device"]
    return device


def test_what_a_restored_server_has_lost_comes_back_from_the_phone_and_once(
    app: APIFlask, phone: Phone, people: People, job: Job, backup: Backup
) -> None:
    page = phone.tab()
    device = phone_of(page, people.zhang)
    page.evaluate(NOTE, job.id)
    page.evaluate("core.sendNow()")
    backup.make()

    lost = give_job(app, people, people.zhang, "电梯异响")
    office(app, people, "order.edit", lost, {"changes": {"contact.phone": {"was": "", "now": "13800000009"}}})
    page.evaluate("core.sendNow()")
    for order in (job, lost):
        page.evaluate(NOTE, order.id)
    take(page, job, noisy_jpeg(64))
    take(page, lost, noisy_jpeg(65))
    page.evaluate("core.sendNow()")
    assert [states_at_server(app, order) for order in (job, lost)] == [["stored"], ["stored"]]
    before = order_at_server(app, lost)
    assert before is not None
    page.evaluate(NOTE, lost.id)  # And one that no server has seen.
    backup.put_back()
    assert order_at_server(app, lost) is None

    shown: list[Any] = []  # Any: JSON
    page.on("response", lambda _answer: shown.append(page.evaluate(SHOWN)))
    page.evaluate("core.sendNow()")
    both = sorted([order.id, None] for order in (job, lost))
    assert shown
    assert all(each == both for each in shown), "no order leaves the screen meanwhile"
    assert page.evaluate("core.contact.value.state") == "idle"
    assert page.evaluate(RECALLS) == []
    assert note_texts(order_at_server(app, job)) == 2
    back = order_at_server(app, lost)
    assert back is not None
    assert note_texts(back) == 2
    assert (back["number"], back["fault"], back["contact"]["phone"]) == (lost.number, "电梯异响", "13800000009")
    assert [flag["code"] for flag in back["flags"]] == ["recalled_from_phone"]
    assert back["conflicts"] == []
    assert [states_at_server(app, order) for order in (job, lost)] == [["stored"], ["stored"]]
    kinds = kinds_at_server(app, device)
    assert kinds.count("order.recall") == 1  # Of the other order, the phone's own lines had brought everything.
    assert kinds.count("note.add") == 4
    assert page.evaluate("core.held.value") == []
    page.evaluate("core.sendNow()")
    assert kinds_at_server(app, device) == kinds


def test_what_the_office_had_written_into_an_order_that_the_server_still_knows_comes_back(
    app: APIFlask, phone: Phone, people: People, job: Job, backup: Backup
) -> None:
    page = phone.tab()
    device = phone_of(page, people.zhang)
    backup.make()
    office(app, people, "order.edit", job, {"changes": {"requests": {"was": "", "now": "请带鞋套"}}})
    page.evaluate("core.sendNow()")
    backup.put_back()
    page.evaluate("core.sendNow()")
    body = order_at_server(app, job)
    assert body is not None
    assert body["requests"] == "请带鞋套"
    assert kinds_at_server(app, device).count("order.recall") == 1
    assert page.evaluate("core.orders.value[0].body.requests") == "请带鞋套"


def test_a_phone_that_the_restored_server_has_never_met_brings_everything_back(
    app: APIFlask, phone: Phone, people: People, job: Job, backup: Backup
) -> None:
    backup.make()
    page = phone.tab()
    device = phone_of(page, people.zhang)
    lost = give_job(app, people, people.zhang)
    page.evaluate("core.sendNow()")
    page.evaluate(NOTE, lost.id)
    take(page, lost, noisy_jpeg(64))
    page.evaluate("core.sendNow()")
    backup.put_back()
    page.evaluate("core.sendNow()")
    assert page.evaluate("core.session.value.ended") is True
    sign_in(page, people.zhang)
    assert page.evaluate("core.contact.value.state") == "idle"
    body = order_at_server(app, lost)
    assert body is not None
    assert (note_texts(body), body["number"]) == (1, lost.number)
    assert states_at_server(app, lost) == ["stored"]
    assert kinds_at_server(app, device).count("order.recall") == 1
    assert page.evaluate("core.held.value") == []
    assert page.evaluate(SHOWN) == sorted([order.id, None] for order in (job, lost))


def test_a_restore_that_lost_nothing_recalls_nothing(
    app: APIFlask, phone: Phone, people: People, job: Job, backup: Backup
) -> None:
    page = phone.tab()
    device = phone_of(page, people.zhang)
    page.evaluate(NOTE, job.id)
    page.evaluate("core.sendNow()")
    backup.make()
    backup.put_back()
    page.evaluate("core.sendNow()")
    assert page.evaluate(RECALLS) == []
    assert kinds_at_server(app, device) == ["anchor", "note.add"]


def test_a_long_document_is_recalled_packed(
    app: APIFlask, phone: Phone, people: People, job: Job, backup: Backup
) -> None:
    page = phone.tab()
    device = phone_of(page, people.zhang)
    backup.make()
    lost = give_job(app, people, people.zhang)
    for _ in range(3):
        office(app, people, "note.add", lost, {"note": new_epoch(), "text": "管道走向见附图。" * 1200})
    page.evaluate("core.sendNow()")
    backup.put_back()
    page.evaluate("core.sendNow()")
    assert note_texts(order_at_server(app, lost)) == 3
    assert "order.recall" in kinds_at_server(app, device)
    with app.app_context(), reading() as connection:
        line = select(JournalLine.bytes).where(JournalLine.kind == "order.recall")
        assert "packed" in json.loads(connection.execute(line).scalar_one())["data"]


def test_a_copy_that_fits_into_no_line_stays_on_the_phone_and_is_told(
    app: APIFlask, phone: Phone, people: People, job: Job, backup: Backup
) -> None:
    page = phone.tab()
    device = phone_of(page, people.zhang)
    backup.make()
    lost = give_job(app, people, people.zhang)
    for seed in range(3):
        text = random.Random(seed).randbytes(25_000).hex()
        office(app, people, "note.add", lost, {"note": new_epoch(), "text": text})
    page.evaluate("core.sendNow()")
    assert page.evaluate("core.unoffered.value") == []
    backup.put_back()
    page.evaluate("core.sendNow()")
    assert "order.recall" not in kinds_at_server(app, device)
    assert page.evaluate("core.unoffered.value") == [lost.id]
    assert page.evaluate(SHOWN) == sorted([[job.id, None], [lost.id, None]])
    page.goto(f"{phone.url}/app/#/outbox")
    expect(page.get_by_role("note").filter(has_text=lost.number)).to_be_visible()
    expect(page.get_by_text("All safe", exact=True)).to_have_count(0)


def test_a_copy_without_a_seal_is_not_offered(
    app: APIFlask, phone: Phone, people: People, job: Job, backup: Backup
) -> None:
    page = phone.tab()
    device = phone_of(page, people.zhang)
    backup.make()
    lost = give_job(app, people, people.zhang)
    page.evaluate("core.sendNow()")
    page.evaluate(
        """async (id) => {
          const store = await core.store();
          const {seal, ...document} = await store.get('documents', ['work_order', id]);
          await store.put('documents', document);
        }""",
        lost.id,
    )
    backup.put_back()
    page.evaluate("core.sendNow()")
    assert page.evaluate(SHOWN) == [[job.id, None]]
    assert kinds_at_server(app, device) == []


def test_a_copy_is_offered_only_after_everything_else_was_sent_and_survives_until_then(
    app: APIFlask, phone: Phone, people: People, job: Job, backup: Backup
) -> None:
    page = phone.tab()
    phone_of(page, people.zhang)
    backup.make()
    lost = give_job(app, people, people.zhang)
    page.evaluate("core.sendNow()")
    backup.put_back()
    page.evaluate(
        """(target) => {
          const put = IDBObjectStore.prototype.add;
          IDBObjectStore.prototype.add = function (value) {
            if (value.kind === 'order.recall') throw new Error('the app dies here');
            return put.apply(this, arguments);
          };
        }""",
        lost.id,
    )
    page.evaluate("core.sendNow()")
    assert page.evaluate(RECALLS) == [lost.id]
    page.reload()
    page.wait_for_function("document.title === 'ready'")
    assert [lost.id, None] in page.evaluate(SHOWN)
    page.evaluate(NOTE, lost.id)
    page.evaluate("core.sendNow()")
    assert page.evaluate(RECALLS) == []
    assert note_texts(order_at_server(app, lost)) == 1
    assert page.evaluate("core.held.value") == []


def test_an_archived_order_leaves_the_phone(app: APIFlask, phone: Phone, people: People, job: Job) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    with app.app_context(), writing() as connection:
        feed = person_feed(people.zhang.id)
        publish(connection, [Publication(feed, "work_order", job.id, gone=True, reason="archived")])
    page.evaluate("core.sendNow()")
    assert page.evaluate(SHOWN) == []


def test_what_was_held_is_said_until_it_is_decided_and_then_how(
    app: APIFlask, phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    theirs = give_job(app, people, people.li)
    page.evaluate(NOTE, theirs.id)
    page.evaluate("core.sendNow()")
    (held,) = page.evaluate("core.held.value")
    assert (held["kind"], held["target"], held["reason"]) == ("note.add", theirs.id, "not_permitted")
    assert page.evaluate("core.decided.value") == []
    decision = {"operation": held["id"], "decision": "dismiss", "comment": "不是你的单"}
    with app.app_context(), writing() as connection:
        running = services()
        operation = NewOperation("held.decide", None, decision)
        outcomes = write(connection, running.pen, people.wang.id, [operation], running.now())
    assert outcomes[0].status == "applied", outcomes[0]
    page.evaluate("core.sendNow()")
    assert page.evaluate("core.held.value") == []
    (decided,) = page.evaluate("core.decided.value")
    shown = (decided["id"], decided["state"], decided["by"], decided["comment"])
    assert shown == (held["id"], "dismissed", people.wang.id, "不是你的单")


def let_it_become_another_device(app: APIFlask, page: Page, device: str) -> str:
    """Let the server know one line more of the device than the phone does, as of a phone that was put back."""
    with app.app_context(), writing() as connection:
        last = connection.execute(
            select(JournalLine.__table__).where(JournalLine.device_id == device).order_by(JournalLine.seq.desc())
        ).first()
        assert last is not None
        values = last._asdict() | {"seq": last.seq + 1, "operation_id": None, "status": None}
        del values["position"]
        connection.execute(insert(JournalLine).values(**values))
        connection.execute(update(Device).where(Device.id == device).values(acknowledged=last.seq + 1))
    page.evaluate("core.sendNow()")
    moved: str = ledger_of(page)["device"]
    assert moved != device
    return moved


def test_what_was_delivered_under_the_name_of_a_former_device_is_sent_again(
    app: APIFlask, phone: Phone, people: People, job: Job, backup: Backup
) -> None:
    page = phone.tab()
    former = phone_of(page, people.zhang)
    page.evaluate("core.sendNow()")
    backup.make()
    page.evaluate(NOTE, job.id)
    page.evaluate("core.sendNow()")
    device = let_it_become_another_device(app, page, former)
    # The order leaves the phone: nothing but the lines themselves can bring the note back.
    office(app, people, "order.plan", job, {"changes": {"assignees": {"was": [people.zhang.id], "now": []}}})
    page.evaluate("core.sendNow()")
    age_gone(page, hours=25)
    page.evaluate("core.sendNow()")
    assert page.evaluate(SHOWN) == []
    backup.put_back()
    page.evaluate("core.sendNow()")
    assert (kinds_at_server(app, former), kinds_at_server(app, device).count("note.add")) == ([], 1)
    assert note_texts(order_at_server(app, job)) == 1


def test_an_order_that_another_phone_has_brought_back_as_somebody_elses_leaves_the_screen(
    app: APIFlask, phone: Phone, browser: Browser, people: People, job: Job, backup: Backup
) -> None:
    page = phone.tab()
    phone_of(page, people.zhang)
    other = Phone(phone.url)
    other.use(browser.new_context())
    of_li = other.tab()
    phone_of(of_li, people.li)
    backup.make()
    lost = give_job(app, people, people.zhang, "电梯异响")
    page.evaluate("core.sendNow()")
    changes = {"assignees": {"was": [people.zhang.id], "now": [people.li.id]}}
    office(app, people, "order.plan", lost, {"changes": changes})
    of_li.evaluate("core.sendNow()")
    backup.put_back()
    of_li.evaluate("core.sendNow()")
    assert order_at_server(app, lost) is not None
    page.evaluate("core.sendNow()")
    page.evaluate("core.sendNow()")
    assert page.evaluate(SHOWN) == [[job.id, None]]
    assert of_li.evaluate(SHOWN) == [[lost.id, None]]
    other.context.close()


def test_an_order_whose_copy_the_server_does_not_believe_stays_on_the_phone(
    app: APIFlask, phone: Phone, people: People, job: Job, backup: Backup
) -> None:
    page = phone.tab()
    phone_of(page, people.zhang)
    backup.make()
    lost = give_job(app, people, people.zhang, "电梯异响")
    page.evaluate("core.sendNow()")
    page.evaluate(
        """async (id) => {
          const store = await core.store();
          await store.put('documents', {...await store.get('documents', ['work_order', id]), seal: '0'.repeat(64)});
        }""",
        lost.id,
    )
    backup.put_back()
    page.evaluate("core.sendNow()")
    page.evaluate("core.sendNow()")
    assert [entry["kind"] for entry in page.evaluate("core.held.value")] == ["order.recall"]
    assert page.evaluate(SHOWN) == sorted([[job.id, None], [lost.id, None]])
