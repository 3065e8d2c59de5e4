"""In another person's name: Zhang wants Li to have done it."""

from __future__ import annotations

import json

import pytest

from tests.adversary.conftest import Opens
from tests.adversary.day import Phone, Supervisor, Technician, codes, packed
from tests.adversary.results import result
from tests.conftest import People
from tests.reference_client import Refused, uuid7
from tests.server.office.scene import Scene


@pytest.fixture
def lis(opens: Opens, li: Technician, scene: Scene) -> str:
    """Li's order, on Li's phone; it is ten past nine."""
    order = opens("li")
    li.sync()
    scene.at("9:10")
    return order


def note(text: str = "已完工") -> dict[str, str]:
    """The data of a note."""
    return {"note": uuid7(), "text": text}


@result("proven false")
def test_lines_are_sent_for_another_persons_device(
    zhang: Technician, li: Technician, supervisor: Supervisor, lis: str
) -> None:
    body = zhang.batch() | {"device": li.ledger.device}
    with pytest.raises(Refused) as refused:
        zhang.call("POST", "/api/v1/sync", **zhang.packed(body))
    assert (refused.value.status, refused.value.code) == (403, "wrong_device")
    supervisor.sees_nothing_odd(lis)


@result("proven false")
@pytest.mark.parametrize("key", ["own", "the other's public key"])
def test_another_persons_device_is_signed_in_under_the_own_name(
    zhang: Technician, li: Technician, supervisor: Supervisor, lis: str, key: str
) -> None:
    stolen = Phone(scene=zhang.scene, device=li.ledger.device)
    if key != "own":
        stolen.key = li.ledger.key
    with pytest.raises(Refused) as refused:
        zhang.announce(stolen)
    assert (refused.value.status, refused.value.code) == (409, "device_taken")
    supervisor.sees_nothing_odd(lis)


@result("proven false")
def test_another_persons_session_is_stolen_but_not_their_key(
    zhang: Technician, li: Technician, supervisor: Supervisor, lis: str
) -> None:
    li.ledger.key = zhang.ledger.key  # Li's token and Li's lines in Zhang's hands: only the key stays on Li's phone
    operation = li.write("note.add", lis, note())
    li.sync()
    assert li.outcome(operation) == ("held", "bad_signature")
    assert supervisor.order(lis)["notes"] == []
    assert supervisor.held() == [("bad_signature", None)] * 2, "its time mark too"
    supervisor.reads(lis, "批次的签名与这台设备的密钥不符", "does not belong to this device's key")


@result("proven false")
def test_lines_that_another_person_signed_are_put_into_the_own_ledger(
    zhang: Technician, li: Technician, supervisor: Supervisor, lis: str
) -> None:
    li.ledger.anchor = zhang.ledger.anchor = None
    li.write("note.add", lis, note("李师傅的话"))
    zhang.ledger.lines.append(li.ledger.lines[-1])
    zhang.sync()
    assert supervisor.held() == [("broken_chain", "not_its_place")]
    assert supervisor.order(lis)["notes"] == []
    li.sync()
    assert [each["text"] for each in supervisor.order(lis)["notes"]] == ["李师傅的话"], "and Li's own still counts"


@result("proven false")
def test_another_persons_operation_is_sent_under_its_own_id_with_other_words(
    zhang: Technician, li: Technician, supervisor: Supervisor, order: str, lis: str
) -> None:
    taken = li.write("note.add", lis, note("李师傅的话"))
    li.sync()
    zhang.ledger.write("note.add", order, note("别的话"), identity=taken)
    zhang.sync()
    assert zhang.outcome(taken) == ("held", "invalid_data")
    assert supervisor.held() == [("invalid_data", "id_taken")]
    assert [each["text"] for each in supervisor.order(lis)["notes"]] == ["李师傅的话"]


@result("proven false")
def test_work_is_recorded_on_an_order_that_is_not_ones_own(zhang: Technician, supervisor: Supervisor, lis: str) -> None:
    operation = zhang.arrive(lis, zhang.fix())
    zhang.sync()
    assert zhang.outcome(operation) == ("held", "not_permitted")
    assert (supervisor.order(lis)["arrivals"], supervisor.held()) == ([], [("not_permitted", None)])
    supervisor.reads(lis, "此人无权对这张工单这样操作", "The person may not do this to this order.")


@result("proven false")
def test_a_phone_that_was_lost_is_used_after_it_was_revoked(
    li: Technician, supervisor: Supervisor, lis: str, scene: Scene
) -> None:
    scene.office("wang", "device.revoke", li.ledger.device, {"reason": "丢失"})
    li.arrive(lis, li.fix())
    with pytest.raises(Refused) as refused:
        li.exchange()
    assert (refused.value.status, refused.value.code) == (401, "not_signed_in")
    with pytest.raises(Refused) as again:
        li.sign_in(li.me.username, li.me.password)
    assert (again.value.status, again.value.code) == (403, "device_revoked")
    assert supervisor.order(lis)["arrivals"] == []


@result("not detectable")
def test_another_persons_unlocked_phone_is_used(li: Technician, supervisor: Supervisor, lis: str) -> None:
    li.arrive(lis, li.fix())
    li.sync()
    arrival = supervisor.arrival(lis)
    assert (arrival["by"], arrival["verdict"]) == (li.me.id, "verified")
    supervisor.sees_nothing_odd(lis)


@result("hinted")
def test_another_person_who_is_far_away_lends_their_password(
    li: Technician, supervisor: Supervisor, lis: str, opens: Opens, people: People, scene: Scene
) -> None:
    away = opens("li")
    li.sync()
    li.arrive(away, li.fix(east_m=40_000.0))
    li.sync()
    scene.at("9:20")
    other = Technician(li.server, scene, people.li)
    other.arrive(lis, other.fix())
    other.sync()
    arrival = supervisor.arrival(lis)
    assert (arrival["by"], codes(arrival["hints"])) == (people.li.id, ["too_fast"])
    supervisor.reads(lis, "任何车辆都达不到", "faster than any vehicle")


@result("not detectable")
def test_another_person_who_stays_silent_lends_their_password(
    li: Technician, supervisor: Supervisor, lis: str, people: People, scene: Scene
) -> None:
    other = Technician(li.server, scene, people.li)
    other.arrive(lis, other.fix())
    other.sync()
    assert (supervisor.arrival(lis)["by"], supervisor.arrival(lis)["verdict"]) == (people.li.id, "verified")
    supervisor.sees_nothing_odd(lis)


@result("proven false")
def test_a_line_that_names_another_person_counts_for_its_own_device(
    zhang: Technician, li: Technician, supervisor: Supervisor, opens: Opens
) -> None:
    both = opens("zhang", "li")
    zhang.sync()
    zhang.write("note.add", both, note() | {"by": li.me.id, "person": li.me.id})
    zhang.ledger.lines[-1] = packed(json.loads(zhang.ledger.lines[-1]) | {"person": li.me.id, "by": li.me.id})
    zhang.sync()
    assert [each["by"] for each in supervisor.order(both)["notes"]] == [zhang.me.id]
