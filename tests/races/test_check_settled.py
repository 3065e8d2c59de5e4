"""The check finds what was settled and does not stand any more; what somebody changed who knew it is no fault."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest
from sqlalchemy import Connection, delete, select, update

from server.database import reading, writing
from server.keeping.check import check_feeds
from server.keeping.check_settled import check_settled
from server.models import Document, FeedEntry
from server.services import services
from tests.conftest import People
from tests.races.gates import note
from tests.server.sync.conftest import Office
from tests.server.sync.lost_history import findings
from tests.server.sync.phone import Phone, new_id
from tests.server.sync.test_facts import photo as photo_of
from tests.server.sync.test_handing_in import copy_of

Body = dict[str, Any]  # Any: JSON
PLACE: Final = {"position": None, "why_none": "unavailable"}


@pytest.fixture(autouse=True)
def all_fits_in_the_end() -> Iterator[None]:
    """Here not everything does."""
    yield


@dataclass(frozen=True)
class Settled:
    """An order on which everything was settled that can be."""

    order: str
    arrival: str
    photo: str


def edit(name: str, was: str, now: str) -> dict[str, Any]:
    return {"changes": {name: {"was": was, "now": now}}}


@pytest.fixture
def settled(zhang: Phone, li: Phone, office: Office) -> Settled:
    order, arrival, photo = office.open(zhang.person_id), new_id(), new_id()
    zhang.sync()
    office.write("order.plan", order, {"changes": {"assignees": {"was": [zhang.person_id], "now": [li.person_id]}}}, 1)
    office.write("order.edit", order, edit("diagnosis", "", "seal"))
    zhang.write("order.edit", order, edit("diagnosis", "", "bearing"), 1)
    zhang.write("arrival.record", order, {"arrival": arrival} | PLACE)
    record = photo_of("ab" * 32) | {"photo": photo}
    zhang.write("photo.add", order, record)
    assert [each["status"] for each in zhang.sync()] == ["conflict", "applied", "applied"]
    body = body_of(order)
    flag = next(each for each in body["flags"] if each["code"] == "done_by_former_assignee")
    decided = {"code": flag["code"], "by": flag["by"], "line": flag.get("line"), "decision": "confirmed"}
    outcomes = [
        office.write("conflict.settle", order, {"conflict": body["conflicts"][0]["id"], "value": "bearing"}),
        office.write("flag.settle", order, decided),
        office.write("arrival.rule", order, {"arrival": arrival, "decision": "rejected"}),
        office.write("photo.settle", order, {"photo": photo, "decision": "lost"}),
    ]
    assert [each.status for each in outcomes] == ["applied"] * 4
    return Settled(order, arrival, photo)


def body_of(order: str) -> Body:
    with reading() as connection:
        text = connection.execute(select(Document.body).where(Document.id == order)).scalar_one()
    return dict(json.loads(text))


def behind_the_servers_back(order: str, damage: Callable[[Body], None]) -> None:
    body = body_of(order)
    damage(body)
    with writing() as connection:
        connection.execute(update(Document).where(Document.id == order).values(body=json.dumps(body)))


def found(order: str) -> list[str | int]:
    """What of the order is said to have been settled and not to stand."""
    with reading() as connection:
        kept = list(check_settled(connection, order, body_of(order)))
    assert {each.code for each in kept} <= {"settled-changed"}
    return [each.figures["what"] for each in kept]


def _value(body: Body) -> None:
    body["diagnosis"] = "seal"


def _asked_again(body: Body) -> None:
    body["conflicts"][0]["settled"] = None


def _flag(body: Body) -> None:
    body["flags"] = [each | {"settled": None} for each in body["flags"]]


def _ruling(body: Body) -> None:
    body["arrivals"][0]["ruling"]["decision"] = "accepted"


def _photo(body: Body) -> None:
    del body["photos"][0]["lost"]


DAMAGES: Final[dict[str, Callable[[Body], None]]] = {
    "diagnosis": _value,
    "diagnosis ": _asked_again,
    "done_by_former_assignee": _flag,
    "arrival": _ruling,
    "photo": _photo,
}


@pytest.mark.parametrize("what", DAMAGES)
def test_the_check_finds_what_was_settled_and_yet_changed(settled: Settled, what: str) -> None:
    assert found(settled.order) == [] and findings() == []
    behind_the_servers_back(settled.order, DAMAGES[what])
    (said,) = found(settled.order)
    assert str(said).startswith(what.strip())
    assert any("settled-changed" in str(each) for each in findings())


def test_a_value_that_only_who_did_not_know_it_wrote_over_is_found(
    settled: Settled, zhang: Phone, office: Office
) -> None:
    zhang.write("order.edit", settled.order, edit("diagnosis", "", "pump"), 1)
    zhang.sync()
    behind_the_servers_back(settled.order, lambda body: body.update(diagnosis="pump"))
    assert found(settled.order) == ["diagnosis"]


def test_what_somebody_changed_who_knew_it_is_no_fault(settled: Settled, office: Office) -> None:
    order, arrival = settled.order, settled.arrival
    office.write("order.edit", order, edit("diagnosis", "bearing", "shaft"))
    office.write("order.edit", order, edit("diagnosis", "shaft", "motor"))
    office.write("arrival.rule", order, {"arrival": arrival, "decision": "accepted"})
    office.write("photo.settle", order, {"photo": settled.photo, "decision": "lost"})
    assert body_of(order)["diagnosis"] == "motor"
    assert found(order) == [] and findings() == []


def test_a_text_into_which_another_was_merged_is_no_fault(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    zhang.sync()
    for was, now in (("", "one\ntwo\nthree"), ("one\ntwo\nthree", "one\ntwo\n3")):
        office.write("order.edit", order, edit("diagnosis", was, now))
    office.write("order.edit", order, edit("diagnosis", "one\ntwo\nthree", "one\ntwo\nIII"))
    (conflict,) = body_of(order)["conflicts"]
    office.write("conflict.settle", order, {"conflict": conflict["id"], "value": "one\ntwo\nIII"})
    merged = office.write("order.edit", order, edit("diagnosis", "one\ntwo\nthree", "1\ntwo\nthree"))
    assert (merged.status, body_of(order)["diagnosis"]) == ("merged", "1\ntwo\nIII")
    assert found(order) == [] and findings() == []


def test_a_feed_that_lacks_what_its_person_sees_is_found(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    zhang.write("note.add", order, note())
    zhang.sync()

    def lacking(connection: Connection) -> list[dict[str, str | int]]:
        return [each.figures for each in check_feeds(connection) if each.code == "feed-lacks"]

    with writing() as connection:
        assert lacking(connection) == []
        connection.execute(delete(FeedEntry).where(FeedEntry.document_id == order))
        assert lacking(connection) == [{"feed": f"person:{zhang.person_id}", "order": order}]


def test_a_flag_of_somebody_who_has_another_id_now_is_no_fault(
    people: People, zhang: Phone, li: Phone, settled: Settled
) -> None:
    former = new_id()
    lost, offered = copy_of(settled.order, former, zhang.person_id)
    for each in offered["body"]["flags"]:
        each["settled"] = None
    offered["seal"] = services().company.sealer.seal("work_order", lost, offered["version"], offered["body"])
    li.write("order.recall", lost, offered)
    assert [each["status"] for each in li.sync()] == ["applied"]
    flag = next(each for each in body_of(lost)["flags"] if each["code"] == "done_by_former_assignee")
    decided = {"code": flag["code"], "by": flag["by"], "line": flag.get("line"), "decision": "confirmed"}
    assert flag["by"] == former
    assert Office(people.wang.id).write("flag.settle", lost, decided).status == "applied"
    assert found(lost) == []
    assert Office(people.admin.id).write("person.adopt", zhang.person_id, {"former": former}).status == "applied"
    assert found(lost) == []
    behind_the_servers_back(lost, _flag)
    assert found(lost) == ["done_by_former_assignee"]
