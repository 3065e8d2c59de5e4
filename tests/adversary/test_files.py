"""A file that somebody made: Zhang, who knows no password but their own, hands in a file that names others."""

from __future__ import annotations

import io
import re

import pytest
from apiflask import APIFlask
from sqlalchemy import select

from server.database import reading
from server.models import Person
from server.sync.ledgers.line import hash_of
from tests.adversary.day import Supervisor, Technician
from tests.adversary.results import result
from tests.adversary.test_strangers import decide
from tests.conftest import People, TestPerson
from tests.reference_client import uuid7
from tests.server.export_files.files import parts_of, zipped
from tests.server.sync.phone import Phone


def taken_in(supervisor: Supervisor, forger: Phone, named: TestPerson) -> tuple[str, str]:
    """The supervisor takes a file in, in good faith: the page before anything is written, and the one after."""
    supervisor.get("/office/")
    browser = supervisor.browsers["en"]
    person = {"id": named.id, "username": named.username}
    file: io.BytesIO = zipped(parts_of(forger, person=person))
    looked = browser.post("/office/import", data={"file": (file, "a.zip")}).text
    found = re.search(r'action="(/office/import/[0-9a-f]+)"', looked)
    assert found is not None
    return looked, browser.post(found.group(1)).text


@result("proven false")
@pytest.mark.parametrize("kind", ["order.review", "device.revoke"])
def test_a_forged_file_acts_for_the_office(
    zhang: Technician, supervisor: Supervisor, people: People, order: str, kind: str
) -> None:
    forger = Phone(people.wang.id)
    data = {"order.review": {"verdict": "approved", "comment": None}, "device.revoke": {"reason": "lost"}}[kind]
    forger.write(kind, order if kind == "order.review" else zhang.ledger.device, data)
    before = supervisor.order(order)
    looked, _ = taken_in(supervisor, forger, people.wang)
    assert "Nobody knows" in looked and "It acts for the office, and comes from a file" in looked
    assert supervisor.held() == [("not_permitted", "from_a_file")]
    assert supervisor.order(order) == before
    zhang.sync()


@result("proven false")
@pytest.mark.parametrize("kind", ["person.close", "person.open", "person.end_sessions", "person.password"])
def test_a_forged_file_acts_for_an_administrator(
    app: APIFlask, li: Technician, supervisor: Supervisor, people: People, order: str, kind: str
) -> None:
    def account() -> object:
        shown = (Person.active, Person.password_hash, Person.sign_in_version)
        with app.app_context(), reading() as connection:
            return connection.execute(select(*shown).where(Person.id == people.li.id)).one()

    before = account()
    forger = Phone(people.admin.id)
    with app.app_context():
        known = Phone(people.admin.id).register()
    for phone in (forger, known):
        written = phone.write(kind, people.li.id, {"reason": "by order"})
        looked, _ = taken_in(supervisor, phone, people.admin)
        assert "It acts for the office, and comes from a file" in looked
        decide(supervisor, people.li.id, written, "apply")
    assert supervisor.held() == [("not_permitted", "from_a_file")] * 2
    assert account() == before
    li.sync()


@result("hinted")
def test_a_forged_file_says_that_a_colleague_recorded_something(
    zhang: Technician, li: Technician, supervisor: Supervisor, people: People, order: str
) -> None:
    forger = Phone(people.li.id)
    forger.write("note.add", order, {"note": uuid7(), "text": "Li said so"})
    _, page = taken_in(supervisor, forger, people.li)
    assert f"Only the file says that it is {people.li.name}" in page
    assert supervisor.held() == [("unknown_device", None)]
    assert "says to be" in supervisor.get("/office/inbox")
    assert supervisor.order(order)["notes"] == []


@result("proven false")
def test_who_forged_a_file_says_that_it_is_the_colleagues(
    zhang: Technician, supervisor: Supervisor, people: People, order: str
) -> None:
    forger = Phone(people.li.id)
    forger.write("note.add", order, {"note": uuid7(), "text": "Li said so"})
    taken_in(supervisor, forger, people.li)
    zhang.write("ledger.claim", forger.id, {"head": hash_of(forger.lines[-1])})
    zhang.sync()
    assert sorted(supervisor.held()) == [("not_permitted", None), ("unknown_device", None)]
    assert supervisor.order(order)["notes"] == []


@result("proven false")
def test_a_forged_file_takes_the_id_of_a_phone_that_has_not_been_heard_of(
    zhang: Technician, li: Technician, supervisor: Supervisor, people: People, order: str
) -> None:
    li.ledger.device = uuid7()
    forger = Phone(people.zhang.id, id=li.ledger.device)
    forger.write("note.add", order, {"note": uuid7(), "text": "first"})
    taken_in(supervisor, forger, people.zhang)
    li.announce(li.ledger)
    li.sync()
    assert supervisor.held() == [("unknown_device", None)]
