"""A type of document that nobody here has heard of goes all the way that a work order goes, and is in no code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from server.database import reading, writing
from server.documents import types
from server.models import Document, DocumentPerson, EvidenceRow, JournalLine, PhotoDelivery, PhotoLink
from server.problems import Problem
from server.services import services, utc_now
from server.sync.operations.photo_state import content_arrived
from server.sync.store.document_store import stored, write_again
from server.sync.store.feeds import publish
from server.sync.store.visibility import may_see
from tests.conftest import People
from tests.lamp import LAMP
from tests.server.sync.conftest import Office
from tests.server.sync.lost_history import Backups, findings, restore
from tests.server.sync.phone import Phone, new_id
from tests.server.sync.test_facts import photo

SERVER = Path(__file__).resolve().parents[3] / "server"
Json = dict[str, Any]


@pytest.fixture(autouse=True)
def with_lamps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(types.TYPES, "lamp", LAMP)


@pytest.fixture
def backups(tmp_path: Path) -> Iterator[Backups]:
    yield Backups(tmp_path)


def opened(office: Office, keeper: str, identity: str | None = None) -> str:
    """A lamp of this keeper."""
    identity = identity or new_id()
    outcome = office.write("lamp.open", identity, {"name": "Cellar", "keeper": keeper})
    assert (outcome.status, outcome.document) == ("applied", {"type": "lamp", "id": identity, "version": 1})
    return identity


def shown(phone: Phone, lamp: str) -> Json:
    return dict(phone.documents[("lamp", lamp)]["body"])


def rename(was: str, now: str) -> Json:
    return {"changes": {"name": {"was": was, "now": now}}}


def test_it_is_nowhere_but_in_the_tests_and_sync_names_no_type() -> None:
    for path in SERVER.rglob("*.py"):
        assert not re.search(r"\blamp", path.read_text("utf-8"), re.IGNORECASE), path
    for path in (SERVER / "sync").rglob("*.py"):
        text = path.read_text("utf-8")
        assert not re.search(r"work_?order", text, re.IGNORECASE), path
        for name in types.TYPES:
            assert f'"{name}"' not in text, (path, name)


def test_a_phone_has_what_its_person_keeps_and_writes_on_it(zhang: Phone, li: Phone, office: Office) -> None:
    lamp = opened(office, zhang.person_id)
    zhang.sync()
    assert shown(zhang, lamp)["name"] == "Cellar"
    zhang.write("lamp.switch", lamp, {"on": True}, seen=1)
    zhang.write("lamp.edit", lamp, rename("Cellar", "Cellar, left"), seen=1)
    assert [each["status"] for each in zhang.sync()] == ["applied", "applied"]
    assert (shown(zhang, lamp)["on"], shown(zhang, lamp)["name"]) == (True, "Cellar, left")
    li.sync()
    assert ("lamp", lamp) not in li.documents
    li.write("lamp.switch", lamp, {"on": False})
    assert [(each["status"], each["reason"]) for each in li.sync()] == [("held", "not_permitted")]
    with reading() as connection:
        assert may_see(connection, zhang.person_id, "technician", lamp)
        assert not may_see(connection, li.person_id, "technician", lamp)
    assert findings() == []


def test_what_came_before_it_waits_and_is_applied_as_it_appears(zhang: Phone, office: Office) -> None:
    lamp = new_id()
    zhang.write("lamp.switch", lamp, {"on": True})
    assert [each["reason"] for each in zhang.sync()] == ["unknown_target"]
    with reading() as connection:
        noted = connection.execute(select(JournalLine.document_type).where(JournalLine.kind == "lamp.switch")).scalar()
    assert noted is None, "nobody knows yet what that is"
    opened(office, zhang.person_id, lamp)
    zhang.sync()
    assert shown(zhang, lamp)["on"]
    assert findings() == []


def test_a_supervisor_lets_a_strangers_line_in(zhang: Phone, li: Phone, office: Office) -> None:
    lamp = opened(office, zhang.person_id)
    line = li.write("lamp.switch", lamp, {"on": True})
    li.sync()
    decided = office.write("held.decide", lamp, {"operation": line, "decision": "apply"})
    assert (decided.detail["status"], decided.document) == ("applied", {"type": "lamp", "id": lamp, "version": 2})
    zhang.sync()
    assert shown(zhang, lamp)["on"]
    assert findings() == []


def test_two_names_are_a_conflict_and_a_person_settles_it(zhang: Phone, office: Office) -> None:
    lamp = opened(office, zhang.person_id)
    zhang.sync()
    office.write("lamp.edit", lamp, rename("Cellar", "Basement"), seen=1)
    zhang.write("lamp.edit", lamp, rename("Cellar", "Vault"), seen=1)
    assert [each["status"] for each in zhang.sync()] == ["conflict"]
    (conflict,) = shown(zhang, lamp)["conflicts"]
    assert (conflict["kept"]["value"], conflict["other"]["value"]) == ("Basement", "Vault")
    zhang.write("conflict.settle", lamp, {"conflict": conflict["id"], "value": "Vault"}, seen=3)
    assert [each["status"] for each in zhang.sync()] == ["applied"]
    assert (shown(zhang, lamp)["name"], shown(zhang, lamp)["conflicts"][0]["settled"]["value"]) == ("Vault", "Vault")
    assert findings() == []


def test_its_photos_wait_for_their_content_and_say_when_it_is_here(zhang: Phone, office: Office) -> None:
    lamp = opened(office, zhang.person_id)
    record = photo("c0" * 32)
    zhang.write("photo.add", lamp, record)
    assert [each["status"] for each in zhang.sync()] == ["applied"]
    with reading() as connection:
        link = connection.execute(select(PhotoLink)).one()
        assert (link.document_type, link.document_id, link.awaited_since is None) == ("lamp", lamp, False)
        row = connection.execute(select(EvidenceRow)).one()
        assert (row.document_type, row.document_id, row.kind, row.state) == ("lamp", lamp, "photo", "missing")
    with writing() as connection:
        delivered = {"sha256": record["sha256"], "person_id": zhang.person_id, "delivered_at": utc_now()}
        connection.execute(PhotoDelivery.__table__.insert().values(delivered))
        content_arrived(connection, record["sha256"], zhang.person_id, utc_now(), services().company)
    zhang.sync()
    assert [each["state"] for each in shown(zhang, lamp)["photos"]] == ["stored"]


def test_an_id_is_of_one_document_whatever_its_type(zhang: Phone, office: Office) -> None:
    lamp, order = opened(office, zhang.person_id), office.open(zhang.person_id)
    for kind, target, data in (
        ("lamp.open", order, {"name": "Cellar", "keeper": zhang.person_id}),
        ("order.open", lamp, {"kind": "repair", "fault": "It is dark."}),
    ):
        outcome = office.write(kind, target, data)
        assert (outcome.reason, outcome.detail) == ("invalid_data", {"field": "target", "problem": "target_exists"})
    outcome = office.write("lamp.edit", order, rename("Cellar", "Vault"))
    assert (outcome.reason, outcome.detail) == ("unknown_kind", {"kind": "lamp.edit", "type": "work_order"})
    assert findings() == []


def test_a_new_keeper_has_it_and_the_former_is_told_whose_it_is(zhang: Phone, li: Phone, office: Office) -> None:
    lamp = opened(office, zhang.person_id)
    zhang.sync()
    with writing() as connection:  # as a type would by an operation of its own
        row = stored(connection, lamp)
        body = shown(zhang, lamp) | {"keeper": li.person_id}
        assert types.TYPES[row.type] is LAMP
        sealer = services().company.sealer
        publish(connection, write_again(connection, lamp, body, utc_now(), sealer, row.type, row.version))
    answer = zhang.hand_over(zhang.request())
    (gone,) = [each for each in answer["changes"] if each["id"] == lamp]
    assert (gone["gone"], gone["reason"], gone["to"]) == (True, "reassigned", [li.person_id])
    li.sync()
    assert shown(li, lamp)["keeper"] == li.person_id
    zhang.write("lamp.switch", lamp, {"on": True})
    assert [each["status"] for each in zhang.sync()] == ["applied"], "whoever kept it may still say what they did"


def test_a_revoked_phone_says_nothing_more_of_it(zhang: Phone, office: Office) -> None:
    lamp = opened(office, zhang.person_id)
    office.write("device.revoke", zhang.id, {"reason": "lost"})
    zhang.write("lamp.switch", lamp, {"on": True})
    with pytest.raises(Problem, match="device_revoked"):
        zhang.sync()


def test_after_a_restore_the_phones_bring_it_back(zhang: Phone, office: Office, backups: Backups) -> None:
    backup = backups.take()
    lamp = opened(office, zhang.person_id)
    zhang.sync()
    zhang.write("lamp.switch", lamp, {"on": True}, seen=1)
    zhang.sync()
    held = zhang.documents[("lamp", lamp)]
    copy = {"version": held["version"], "seal": held["seal"], "body": held["body"]}
    restore(backup)
    zhang.acknowledged = 0
    assert [each["reason"] for each in zhang.sync()] == ["unknown_target"], "its lines come before it"
    zhang.write("lamp.recall", lamp, copy)
    zhang.sync()
    assert (shown(zhang, lamp)["on"], len(shown(zhang, lamp)["switched"])) == (True, 1), "and are not done twice"
    assert findings() == []
    zhang.write("lamp.recall", lamp, copy | {"seal": "0" * 64})
    assert [each["detail"]["problem"] for each in zhang.sync()] == ["seal_differs"]


def test_a_backup_brings_it_back_whole(zhang: Phone, office: Office, backups: Backups) -> None:
    lamp = opened(office, zhang.person_id)
    zhang.write("lamp.switch", lamp, {"on": True})
    zhang.sync()
    backup = backups.take()
    with reading() as connection:
        before = connection.execute(select(DocumentPerson)).all()
    office.write("lamp.edit", lamp, rename("Cellar", "Vault"))
    restore(backup)
    with reading() as connection:
        assert connection.execute(select(DocumentPerson)).all() == before
    zhang.sync()
    assert (shown(zhang, lamp)["name"], shown(zhang, lamp)["on"]) == ("Cellar", True)
    assert findings() == []


def test_check_says_where_it_is_not_what_the_journal_makes_of_it(zhang: Phone, office: Office) -> None:
    lamp = opened(office, zhang.person_id)
    with writing() as connection:
        anew = update(Document).where(Document.id == lamp)
        body = connection.execute(select(Document.body).where(Document.id == lamp)).scalar_one()
        connection.execute(anew.values(body=body.replace("Cellar", "Vault")))
    assert [each for each in findings() if each.startswith("document-differs")] != []


def test_a_phone_that_begins_anew_is_given_it_again(zhang: Phone, people: People, office: Office) -> None:
    lamp = opened(office, zhang.person_id)
    zhang.sync()
    zhang.documents.clear()
    zhang.cursors.clear()
    zhang.sync()
    assert shown(zhang, lamp)["name"] == "Cellar"
