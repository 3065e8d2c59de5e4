"""What somebody left on a shared phone, brought in by the session of somebody else; and whose an id was before."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from server.database import reading, write, writing
from server.keeping.check import check_documents, check_held, check_ledgers
from server.keeping.check_former import check_former
from server.models import Batch, Device, Document, FormerPerson, HeldLine, JournalLine, Person
from server.problems import Problem
from server.services import services
from server.sync.apply import Author
from server.sync.exchange.exchange import take_in
from server.sync.exchange.handing_in import Standing, hand_in
from server.sync.exchange.import_ledger import HandedIn
from server.sync.ledgers.ledger import sign
from server.sync.ledgers.office_keys import public_jwk
from tests.conftest import People
from tests.databases import PATIENCE_S
from tests.races.gates import hand_in as takes_in
from tests.races.gates import not_yet_committed, written_by
from tests.server.conftest import Beside
from tests.server.sync.conftest import Office
from tests.server.sync.phone import Phone, new_id


@pytest.fixture
def order(office: Office, people: People) -> str:
    """An order for Zhang."""
    return office.open(people.zhang.id)


@pytest.fixture
def admin(people: People) -> Office:
    return Office(people.admin.id)


def note(phone: Phone, order: str, text: str = "看过了") -> str:
    return phone.write("note.add", order, {"note": new_id(), "text": text})


def ledger_of(phone: Phone, first: int = 1, lines: list[bytes] | None = None, **other: Any) -> HandedIn:
    lines = phone.lines[first - 1 :] if lines is None else lines
    signature = sign(phone.key, lines[-1]) if lines else None
    facts = {"device_name": "shared", "public_key": public_jwk(phone.key), "person_id": phone.person_id}
    facts |= {"username": "zhang", "first": first, "lines": lines, "signature": signature} | other
    return HandedIn(phone.id, **facts)


def bring(by: Phone, ledger: HandedIn) -> Standing:
    here, author = services(), Author(by.person_id, by.role, by.id)
    return hand_in(write, reading, author, ledger, here.anchors, here.company, here.now)


def refused(by: Phone, ledger: HandedIn) -> Problem:
    with pytest.raises(Problem) as told:
        bring(by, ledger)
    return told.value


def body_of(order: str) -> dict[str, Any]:
    with reading() as connection:
        body: dict[str, Any] = json.loads(
            connection.execute(select(Document.body).where(Document.id == order)).scalar_one()
        )
        return body


def texts(order: str) -> list[str]:
    return [each["text"] for each in body_of(order)["notes"]]


def waiting() -> list[str]:
    with reading() as connection:
        wanted = select(HeldLine.reason).where(HeldLine.state == "waiting").order_by(HeldLine.position)
        return list(connection.execute(wanted).scalars())


def nothing_wrong() -> bool:
    with reading() as connection:
        return [*check_ledgers(connection), *check_documents(connection), *check_held(connection)] == []


def bytes_of(phone: Phone) -> list[bytes]:
    with reading() as connection:
        kept = select(JournalLine.bytes).where(JournalLine.device_id == phone.id).order_by(JournalLine.seq)
        return list(connection.execute(kept).scalars())


def test_a_known_devices_lines_count_whoever_brings_them_and_once(zhang: Phone, li: Phone, order: str) -> None:
    note(zhang, order, "eins")
    zhang.sync()
    note(zhang, order, "zwei")
    note(zhang, order, "drei")
    stands = bring(li, ledger_of(zhang, first=2))
    assert (stands.acknowledged, stands.known_by) == (len(zhang.lines), "session")
    assert bring(li, ledger_of(zhang)) == stands, "it may come again"
    assert texts(order) == ["eins", "zwei", "drei"] and bytes_of(zhang) == zhang.lines
    assert {each["by"] for each in body_of(order)["notes"]} == {zhang.person_id}
    with reading() as connection:
        brought = select(Batch.handed_in, Batch.brought_by).where(Batch.device_id == zhang.id).order_by(Batch.id)
        assert list(connection.execute(brought))[-1] == (True, li.person_id)
    note(zhang, order, "vier")
    assert [each["status"] for each in zhang.sync() if not each["repeated"]] == ["applied"], "the phone goes on"
    assert nothing_wrong()


def test_how_far_it_is_here_is_told_without_lines(zhang: Phone, li: Phone, order: str) -> None:
    note(zhang, order)
    zhang.sync()
    assert bring(li, ledger_of(zhang, first=2, lines=[])).acknowledged == 1
    problem = refused(li, ledger_of(zhang, first=4, lines=[]))
    assert (problem.code, problem.figures) == ("ledger_gap", {"acknowledged": 1})
    stranger = Phone(li.person_id)
    other = ledger_of(stranger, lines=[])
    assert refused(li, HandedIn(**{**vars(other), "device_id": zhang.id})).code == "export_other_device"


def test_an_unknown_devices_lines_wait_and_a_revoked_ones_too(
    people: People, office: Office, li: Phone, order: str
) -> None:
    stranger = Phone(people.zhang.id)
    note(stranger, order)
    assert bring(li, ledger_of(stranger)).known_by == "file"
    lost = Phone(people.zhang.id).register()
    office.write("device.revoke", lost.id, {"reason": "lost"})
    note(lost, order)
    assert bring(li, ledger_of(lost)).is_revoked
    assert waiting() == ["unknown_device", "device_revoked"] and texts(order) == []
    assert nothing_wrong()


def test_what_the_key_has_not_signed_takes_no_place(zhang: Phone, li: Phone, order: str) -> None:
    note(zhang, order)
    note(zhang, order)
    forged = Phone(zhang.person_id, id=zhang.id)
    note(forged, order, "forged")
    for ledger in (
        ledger_of(zhang, signature=sign(forged.key, zhang.lines[-1])),
        ledger_of(zhang, signature=None),
        ledger_of(zhang, lines=[forged.lines[0], zhang.lines[1]]),
    ):
        assert refused(li, ledger).code == "export_unsigned"
    assert refused(li, ledger_of(forged)).code == "export_other_device"
    assert bytes_of(zhang) == [] and waiting() == []
    assert [each["status"] for each in zhang.sync()] == ["applied"] * 2


def test_what_only_its_person_says_is_left_to_them(people: People, li: Phone, order: str) -> None:
    boss = Phone(people.wang.id, "supervisor").register()
    note(boss, order, "eins")
    boss.write("order.review", order, {"verdict": "approved", "comment": None})
    problem = refused(li, ledger_of(boss))
    assert (problem.code, problem.figures) == ("ledger_by_own_hand", {"seq": 2})
    assert bring(li, ledger_of(boss, lines=boss.lines[:1])).acknowledged == 1
    assert texts(order) == ["eins"] and waiting() == []


def test_a_closed_accounts_ledger_comes_once_it_is_open(admin: Office, zhang: Phone, li: Phone, order: str) -> None:
    note(zhang, order)
    admin.write("person.close", zhang.person_id, {})
    assert refused(li, ledger_of(zhang)).code == "account_closed"
    admin.write("person.open", zhang.person_id, {})
    assert bring(li, ledger_of(zhang)).acknowledged == 1 and len(texts(order)) == 1


def test_one_person_brings_few_ledgers_of_nobody(
    people: People, li: Phone, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.sync.exchange.handing_in.UNKNOWN_AT_MOST", 2)
    for _ in range(2):
        stranger = Phone(people.zhang.id)
        note(stranger, order)
        bring(li, ledger_of(stranger))
    another = Phone(people.zhang.id)
    note(another, order)
    assert refused(li, ledger_of(another)).code == "too_many_new_devices"
    note(stranger, order)
    assert bring(li, ledger_of(stranger)).acknowledged == 2, "what is here goes on"


def test_ones_own_session_vouches_for_ones_other_ledger(people: People, zhang: Phone, order: str) -> None:
    other = Phone(people.zhang.id)
    note(other, order, "eins")
    assert bring(zhang, ledger_of(other)).known_by == "session"
    assert texts(order) == ["eins"] and waiting() == []


def test_the_phone_itself_and_another_session_bring_the_same_at_once(
    zhang: Phone, li: Phone, order: str, beside: Beside
) -> None:
    for text in ("eins", "zwei"):
        note(zhang, order, text)
    here, request = services(), zhang.request()
    author = Author(zhang.person_id, zhang.role, zhang.id)

    def own(connection: Any) -> None:
        take_in(connection, author, request, here.anchors, here.company, here.now(), here.now())

    with not_yet_committed(own):
        later = beside(lambda: bring(li, ledger_of(zhang)))
    assert later.result(PATIENCE_S).acknowledged == 2
    assert texts(order) == ["eins", "zwei"] and bytes_of(zhang) == zhang.lines and nothing_wrong()


# Somebody who was added after the backup


def copy_of(order: str, former: str, now: str) -> tuple[str, dict[str, Any]]:
    """The data of a recall, as the server gave the order out when `former` was a person; the order is forgotten."""
    with reading() as connection:
        row = connection.execute(select(Document.version, Document.body).where(Document.id == order)).one()
    body = json.loads(row.body.replace(now, former))
    lost = new_id()
    body["number"] = f"lost-{lost[-6:]}"
    seal = services().company.sealer.seal("work_order", lost, row.version, body)
    return lost, {"version": row.version, "seal": seal, "body": body}


def test_what_names_a_former_id_means_the_person_of_today(
    people: People, admin: Office, zhang: Phone, li: Phone, order: str
) -> None:
    former = new_id()
    before = Phone(former)
    note(before, order, "eins")
    assert refused(zhang, ledger_of(before)).code == "export_unknown_person"
    early, offered_early = copy_of(order, former, people.zhang.id)
    li.write("order.recall", early, offered_early)
    assert [each["status"] for each in li.sync()] == ["applied"]
    assert body_of(early)["assignees"] == [former]

    assert admin.write("person.adopt", people.zhang.id, {"former": former, "reason": "asked"}).status == "applied"
    assert body_of(early)["assignees"] == [people.zhang.id], "what is here names them anew"
    assert bring(zhang, ledger_of(before)).known_by == "session"
    assert texts(order) == ["eins"] and body_of(order)["notes"][0]["by"] == people.zhang.id
    assert bytes_of(before) == before.lines

    late, offered_late = copy_of(order, former, people.zhang.id)
    li.write("order.recall", late, offered_late)
    assert [each["status"] for each in li.sync()] == ["applied"]
    assert body_of(late)["assignees"] == [people.zhang.id]
    zhang.sync()
    assert zhang.order(late)["assignees"] == zhang.order(early)["assignees"] == [people.zhang.id]
    assert former not in json.dumps([body_of(each) for each in (early, late, order)])
    assert nothing_wrong()


def test_a_file_of_a_former_person_waits_for_them(
    people: People, admin: Office, zhang: Phone, li: Phone, order: str
) -> None:
    former = new_id()
    before = Phone(former)
    note(before, order)
    admin.write("person.adopt", people.zhang.id, {"former": former})
    assert bring(li, ledger_of(before)).known_by == "file", "Li's session says nothing of Zhang"
    assert waiting() == ["unknown_device"]
    assert bring(zhang, ledger_of(before)).known_by == "session"
    with reading() as connection:
        assert (
            connection.execute(select(Device.person_id).where(Device.id == before.id)).scalar_one() == zhang.person_id
        )


@pytest.mark.parametrize("by", ["zhang", "wang"])
def test_only_an_administrator_says_whose_an_id_was(people: People, zhang: Phone, by: str) -> None:
    former = new_id()
    if by == "wang":
        outcome = Office(people.wang.id).write("person.adopt", people.zhang.id, {"former": former}).reason
    else:
        zhang.write("person.adopt", people.zhang.id, {"former": former})
        outcome = zhang.sync()[0]["reason"]
    assert outcome == "not_permitted"
    with reading() as connection:
        assert connection.execute(select(FormerPerson.former)).all() == []


def test_an_id_is_given_once_and_never_that_of_somebody_who_is_here(people: People, admin: Office) -> None:
    former = new_id()
    adopt = lambda person, id: admin.write("person.adopt", person, {"former": id})  # noqa: E731  # said often
    assert adopt(people.zhang.id, people.li.id).detail == {"field": "former", "problem": "is_known"}
    assert adopt(new_id(), former).reason == "unknown_target"
    assert adopt(people.zhang.id, former).status == "applied"
    assert adopt(people.zhang.id, former).detail == {"already": True}
    assert adopt(people.li.id, former).detail == {"field": "former", "problem": "adopted"}


def test_the_check_finds_a_former_id_that_is_kept_otherwise_than_it_was_said(people: People, admin: Office) -> None:
    said, forgotten, made_up = sorted(new_id() for _ in range(3))
    for former in (said, forgotten):
        assert admin.write("person.adopt", people.zhang.id, {"former": former}).status == "applied"
    with reading() as connection:
        assert list(check_former(connection)) == []
    with writing() as connection:
        connection.execute(delete(FormerPerson).where(FormerPerson.former == forgotten))
        connection.execute(insert(FormerPerson).values(former=made_up, person_id=people.li.id))
        connection.execute(update(FormerPerson).where(FormerPerson.former == said).values(person_id=people.li.id))
    with reading() as connection:
        found = [(each.code, each.figures) for each in check_former(connection)]
    assert found == [("former-differs", {"former": former}) for former in (said, forgotten, made_up)]


def test_an_id_of_anything_but_a_person_is_nobodys_former_one(
    people: People, admin: Office, zhang: Phone, order: str
) -> None:
    said = note(zhang, order, "eins")
    zhang.sync()
    written = body_of(order)
    ids = [order, zhang.id, said, written["notes"][0]["id"]]
    told = [admin.write("person.adopt", people.li.id, {"former": each}) for each in ids]
    assert [each.detail for each in told] == [{"field": "former", "problem": "no_person"}] * len(ids)
    assert body_of(order) == written


def test_a_device_that_somebody_has_signed_in_with_is_nobody_elses(
    people: People, admin: Office, zhang: Phone, li: Phone, order: str
) -> None:
    former = new_id()
    before = Phone(former)
    note(before, order)
    taken = Phone(people.li.id, id=before.id, key=before.key).register()
    assert refused(li, ledger_of(before)).code == "export_unknown_person", "nor theirs, before an administrator says so"
    admin.write("person.adopt", people.zhang.id, {"former": former})
    assert refused(li, ledger_of(before)).code == "export_other_device"
    assert bytes_of(taken) == []


def test_of_two_who_are_given_one_id_at_once_one_has_it(people: People, beside: Beside) -> None:
    former = new_id()
    with writing() as connection:
        connection.execute(Person.__table__.update().where(Person.id == people.wang.id).values(role="admin"))
    adopt = {"former": former}
    with not_yet_committed(written_by(people.admin.id, "person.adopt", people.zhang.id, adopt)):
        later = beside(lambda: write(written_by(people.wang.id, "person.adopt", people.li.id, adopt)))
    assert later.result(PATIENCE_S).detail == {"field": "former", "problem": "adopted"}


def test_a_copy_that_comes_while_an_id_is_given_names_whoever_has_it(
    people: People, li: Phone, order: str, beside: Beside
) -> None:
    former = new_id()
    lost, offered = copy_of(order, former, people.zhang.id)
    li.write("order.recall", lost, offered)
    with not_yet_committed(written_by(people.admin.id, "person.adopt", people.zhang.id, {"former": former})):
        later = beside(li.sync)
    assert [each["status"] for each in later.result(PATIENCE_S)] == ["applied"]
    assert body_of(lost)["assignees"] == [people.zhang.id] and nothing_wrong()


def test_an_id_that_is_given_while_a_copy_comes_is_named_anew_in_it(
    people: People, li: Phone, order: str, beside: Beside
) -> None:
    former = new_id()
    lost, offered = copy_of(order, former, people.zhang.id)
    li.write("order.recall", lost, offered)
    with not_yet_committed(takes_in(li)):
        later = beside(lambda: write(written_by(people.admin.id, "person.adopt", people.zhang.id, {"former": former})))
    assert later.result(PATIENCE_S).status == "applied"
    assert body_of(lost)["assignees"] == [people.zhang.id] and nothing_wrong()


def test_a_server_that_forgot_whose_an_id_was_takes_nothing_in_under_it(
    people: People, admin: Office, zhang: Phone, order: str
) -> None:
    former = new_id()
    admin.write("person.adopt", people.zhang.id, {"former": former})
    with writing() as connection:
        connection.execute(delete(FormerPerson))
    before = Phone(former)
    note(before, order)
    assert refused(zhang, ledger_of(before)).code == "export_unknown_person"
