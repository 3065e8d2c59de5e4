"""A shared phone: a technician hands in ledgers that are not theirs, or says that they are."""

from __future__ import annotations

from typing import Any

import pytest

from tests.adversary.conftest import Opens
from tests.adversary.day import Supervisor, Technician
from tests.adversary.results import result
from tests.reference_client import Ledger, Refused, uuid7
from tests.server.office.scene import Scene


@pytest.fixture
def lis(opens: Opens, li: Technician) -> str:
    """Li's order, on Li's phone."""
    order = opens("li")
    li.sync()
    return order


def handed_in(by: Technician, ledger: Ledger, person: str, **other: Any) -> dict[str, Any]:  # Any: JSON
    """What the server answers to Zhang, who brings a ledger."""
    device = {"id": ledger.device, "name": "phone", "public_key": ledger.public_key}
    body = {"device": device, "person": {"id": person, "username": "li"}, "first": 1, "lines": ledger.lines}
    body["signature"] = ledger.sign(ledger.lines[-1]) if ledger.lines else None
    answer: dict[str, Any] = by.call("POST", "/api/v1/ledgers", json=body | other).json()
    return answer


def refused(by: Technician, ledger: Ledger, person: str, **other: Any) -> Any:
    with pytest.raises(Refused) as told:
        handed_in(by, ledger, person, **other)
    return told.value.code


def note(ledger: Ledger, order: str) -> str:
    return ledger.write("note.add", order, {"note": uuid7(), "text": "收了现金"})


def history_of(supervisor: Supervisor, order: str) -> list[Any]:
    items = supervisor.client.call("GET", f"/api/v1/work-orders/{order}/history").json()["items"]
    return [entry for entry in items if entry["kind"] == "note.add"]


@result("proven false")
def test_lines_are_put_into_a_colleagues_ledger_by_another_session(
    zhang: Technician, li: Technician, lis: str, scene: Scene, supervisor: Supervisor
) -> None:
    own = Ledger(device=li.ledger.device)
    note(own, lis)
    assert refused(zhang, own, scene.ids["li"]) == "export_other_device"
    theirs = {"id": own.device, "name": "phone", "public_key": li.ledger.public_key}
    assert refused(zhang, own, scene.ids["li"], device=theirs) == "export_unsigned"
    assert history_of(supervisor, lis) == []
    li.write("note.add", lis, {"note": uuid7(), "text": "换了密封件"})
    li.sync()
    assert [entry["status"] for entry in history_of(supervisor, lis)] == ["applied"]


@result("hinted")
def test_a_made_up_phone_of_a_colleague_is_handed_in_by_another_session(
    zhang: Technician, lis: str, scene: Scene, supervisor: Supervisor
) -> None:
    made_up = Ledger()
    note(made_up, lis)
    assert handed_in(zhang, made_up, scene.ids["li"])["is_held"]
    assert [entry["reason"] for entry in history_of(supervisor, lis)] == ["unknown_device"]


@result("stopped")
def test_made_up_phones_of_colleagues_are_handed_in_one_after_the_other(
    zhang: Technician, lis: str, scene: Scene
) -> None:
    for _ in range(20):
        made_up = Ledger()
        note(made_up, lis)
        handed_in(zhang, made_up, scene.ids["li"])
    last = Ledger()
    note(last, lis)
    assert refused(zhang, last, scene.ids["li"]) == "too_many_new_devices"


@result("proven false")
def test_a_colleagues_store_is_said_to_be_ones_own(
    zhang: Technician, lis: str, scene: Scene, supervisor: Supervisor
) -> None:
    left = Ledger()
    note(left, lis)
    device = {"id": left.device, "name": "phone", "public_key": left.public_key}
    claim = {"device": device, "why": "unknown_person", "lines": 1, "photos": 0, "orders": 0, "is_mine": True}
    person = {"id": scene.ids["li"], "username": "zhang"}
    said = zhang.call("POST", "/api/v1/ledgers/waiting", json=claim | {"person": person}).json()
    assert said == {"state": "told"}, "Li is here: nobody is asked"
    adopted = zhang.write("person.adopt", scene.ids["zhang"], {"former": scene.ids["li"]})
    zhang.sync()
    assert zhang.outcome(adopted) == ("held", "not_permitted")
    handed_in(zhang, left, scene.ids["li"])
    assert [(entry["status"], entry["reason"]) for entry in history_of(supervisor, lis)] == [("held", "unknown_device")]


@result("proven false")
def test_an_id_that_nobody_has_is_said_to_have_been_ones_own(zhang: Technician, lis: str, scene: Scene) -> None:
    left, former = Ledger(), uuid7()
    note(left, lis)
    device = {"id": left.device, "name": "phone", "public_key": left.public_key}
    claim = {"device": device, "why": "unknown_person", "lines": 1, "photos": 0, "orders": 0, "is_mine": True}
    person = {"id": former, "username": "zhang"}
    said = zhang.call("POST", "/api/v1/ledgers/waiting", json=claim | {"person": person}).json()
    assert said == {"state": "asked"}
    assert refused(zhang, left, former) == "export_unknown_person", "an administrator decides"
