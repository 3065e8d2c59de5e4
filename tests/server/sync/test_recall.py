"""After a restore: phones send again what the server lost, and give back orders that only they still hold."""

from __future__ import annotations

import base64
import copy
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.server.sync.conftest import Office
from tests.server.sync.lost_history import Backups, findings, restore
from tests.server.sync.phone import Phone, new_id

Json = dict[str, Any]


@pytest.fixture
def backups(tmp_path: Path) -> Backups:
    """Where backups go."""
    folder = tmp_path / "backups"
    folder.mkdir()
    return Backups(folder)


def held_copy(phone: Phone, order: str) -> Json:
    """The data of the recall by which this phone gives the order back."""
    document = phone.documents[("work_order", order)]
    return {"version": document["version"], "seal": document["seal"], "body": copy.deepcopy(document["body"])}


def heal(phone: Phone, *orders: str) -> list[Json]:
    """What a phone does when it finds that the server has lost history: send again, then give back what it held."""
    copies = {order: held_copy(phone, order) for order in orders}
    phone.acknowledged = 0
    outcomes = phone.sync()
    for order, data in copies.items():
        phone.write("order.recall", order, data)
    return outcomes + phone.sync()


def material(quantity: str = "2") -> Json:
    """A material's line."""
    return {
        "line": new_id(), "part": None, "name": "seal", "unit": "set", "quantity": quantity, "unit_price": 1250,
        "source": "van",
    }  # fmt: skip


def flags(body: Json) -> list[str]:
    """The codes of an order's flags."""
    return [flag["code"] for flag in body["flags"]]


def test_an_order_that_only_the_office_had_written_comes_back(zhang: Phone, office: Office, backups: Backups) -> None:
    backup = backups.take()
    order = office.open(zhang.person_id)
    office.write("note.add", order, {"note": new_id(), "text": "the key is with the neighbour"})
    zhang.sync()
    before = zhang.order(order)
    restore(backup)
    heal(zhang, order)
    body = zhang.order(order)
    assert (body["number"], body["notes"], body["assignees"]) == (
        before["number"], before["notes"], [zhang.person_id]
    )  # fmt: skip
    assert flags(body) == ["recalled_from_phone"]
    assert zhang.documents[("work_order", order)]["version"] > 2
    assert findings() == []


def test_what_was_done_on_a_lost_order_is_there_once(zhang: Phone, office: Office, backups: Backups) -> None:
    backup = backups.take()
    order = office.open(zhang.person_id)
    zhang.sync()
    first = material()
    for to in ("accepted", "en_route", "on_site", "working", "paused", "working"):
        zhang.write("order.stage", order, {"to": to})
    zhang.write("order.edit", order, {"changes": {"diagnosis": {"was": "", "now": "worn"}}})
    zhang.write("order.edit", order, {"changes": {"diagnosis": {"was": "worn", "now": "worn seal"}}})
    zhang.write("material.add", order, first)
    zhang.write("material.change", order, {"line": first["line"], "changes": {"quantity": {"was": "2", "now": "3"}}})
    zhang.write("signature.refuse", order, {"reason": "absent"})
    zhang.sync()
    before = zhang.order(order)
    zhang.write("note.add", order, {"note": new_id(), "text": "not sent before the restore"})
    restore(backup)
    outcomes = heal(zhang, order)
    body = zhang.order(order)
    for name in ("stage", "stages", "diagnosis", "materials", "refusals", "conflicts", "charge"):
        assert body[name] == before[name], name
    assert [note["text"] for note in body["notes"]] == ["not sent before the restore"]
    assert {outcome["status"] for outcome in outcomes} == {"held", "applied"}
    assert findings() == []


def test_two_phones_give_the_same_order_back_in_any_order(
    zhang: Phone, li: Phone, office: Office, backups: Backups
) -> None:
    backup = backups.take()
    order = office.open(zhang.person_id, li.person_id)
    zhang.sync()
    zhang.write("note.add", order, {"note": new_id(), "text": "by Zhang"})
    zhang.write("order.edit", order, {"changes": {"diagnosis": {"was": "", "now": "worn"}}})
    zhang.sync()
    li.sync()
    li.write("note.add", order, {"note": new_id(), "text": "by Li"})
    li.write("order.edit", order, {"changes": {"diagnosis": {"was": "worn", "now": "worn seal"}}})
    li.sync()
    restore(backup)
    heal(zhang, order)
    heal(li, order)
    zhang.sync()
    body = zhang.order(order)
    assert sorted(note["text"] for note in body["notes"]) == ["by Li", "by Zhang"]
    assert body["diagnosis"] == "worn seal"
    assert [c for c in body["conflicts"] if c["settled"] is None] == []
    assert zhang.order(order) == li.order(order)
    assert findings() == []


def test_what_the_office_wrote_on_a_known_order_comes_back(zhang: Phone, office: Office, backups: Backups) -> None:
    order = office.open(zhang.person_id)
    backup = backups.take()
    office.write("note.add", order, {"note": new_id(), "text": "ring twice"})
    office.write("order.edit", order, {"changes": {"fault": {"was": "水泵漏水", "now": "两台水泵漏水"}}})
    zhang.sync()
    restore(backup)
    heal(zhang, order)
    body = zhang.order(order)
    assert ([note["text"] for note in body["notes"]], body["fault"]) == (["ring twice"], "两台水泵漏水")
    assert (body["conflicts"], flags(body)) == ([], ["recalled_from_phone"])
    assert findings() == []


def test_an_old_copy_says_nothing_new(zhang: Phone, li: Phone, office: Office, backups: Backups) -> None:
    order = office.open(zhang.person_id, li.person_id)
    zhang.sync()
    li.sync()
    office.write("order.edit", order, {"changes": {"fault": {"was": "水泵漏水", "now": "两台水泵漏水"}}})
    zhang.sync()
    restore(backups.take())
    heal(li, order)
    body = li.order(order)
    assert (body["fault"], body["conflicts"], flags(body)) == ("两台水泵漏水", [], [])


def test_what_both_sides_wrote_after_the_copy_stands_side_by_side(
    zhang: Phone, office: Office, backups: Backups
) -> None:
    order = office.open(zhang.person_id)
    backup = backups.take()
    office.write("note.add", order, {"note": new_id(), "text": "ring twice"})
    office.write("order.edit", order, {"changes": {"fault": {"was": "水泵漏水", "now": "两台水泵漏水"}}})
    zhang.sync()
    restore(backup)
    office.write("note.add", order, {"note": new_id(), "text": "written after the restore"})
    heal(zhang, order)
    body = zhang.order(order)
    assert [note["text"] for note in body["notes"]] == ["written after the restore", "ring twice"]
    (conflict,) = body["conflicts"]
    assert (conflict["field"], conflict["kept"]["value"], conflict["other"]["value"]) == (
        "fault", "水泵漏水", "两台水泵漏水"
    )  # fmt: skip
    assert conflict["other"]["by"] == office.person_id
    assert flags(body) == ["recalled_from_phone"]
    office.write("conflict.settle", order, {"conflict": conflict["id"], "value": "两台水泵漏水"})
    flag = body["flags"][0]
    office.write("flag.settle", order, {"code": flag["code"], "by": flag["by"], "decision": "confirmed"})
    zhang.sync()
    body = zhang.order(order)
    assert (body["fault"], body["conflicts"][0]["settled"]["value"]) == ("两台水泵漏水", "两台水泵漏水")
    assert body["flags"][0]["settled"]["decision"] == "confirmed"
    assert findings() == []


def test_a_question_that_only_the_copy_knows_is_asked_where_both_sides_went_on(
    zhang: Phone, li: Phone, office: Office, backups: Backups
) -> None:
    order = office.open(zhang.person_id, li.person_id)
    backup = backups.take()
    plan = {"assignees": {"was": [zhang.person_id, li.person_id], "now": [zhang.person_id]}}
    office.write("order.plan", order, {"changes": plan})
    li.write("material.add", order, material())
    li.sync()
    zhang.sync()
    assert flags(zhang.order(order)) == ["done_by_former_assignee"]
    restore(backup)
    office.write("note.add", order, {"note": new_id(), "text": "written after the restore"})
    heal(zhang, order)
    zhang.write("order.recall", order, held_copy(zhang, order))
    zhang.sync()
    assert [entry["by"] for entry in zhang.order(order)["materials"]] == [li.person_id]
    assert sorted(flags(zhang.order(order))) == ["done_by_former_assignee", "recalled_from_phone"]
    assert findings() == []


def test_a_number_that_was_given_out_again_stays_with_who_has_it(
    zhang: Phone, office: Office, backups: Backups
) -> None:
    backup = backups.take()
    lost = office.open(zhang.person_id)
    zhang.sync()
    number = zhang.order(lost)["number"]
    restore(backup)
    new = office.open(zhang.person_id)
    heal(zhang, lost)
    assert zhang.order(new)["number"] == number
    assert zhang.order(lost)["number"] != number
    assert {"code": "number_changed", "number": number}.items() <= zhang.order(lost)["flags"][0].items()
    assert findings() == []


def test_a_copy_that_this_server_never_gave_out_is_held(zhang: Phone, office: Office, backups: Backups) -> None:
    backup = backups.take()
    order = office.open(zhang.person_id)
    zhang.sync()
    forged = held_copy(zhang, order)
    forged["body"]["charge"]["total"] = 1
    restore(backup)
    zhang.acknowledged = 0
    zhang.sync()
    for data in (forged, held_copy(zhang, order) | {"version": 7}, held_copy(zhang, order) | {"seal": "0" * 64}):
        zhang.write("order.recall", order, data)
    assert [(o["reason"], o["detail"]["problem"]) for o in zhang.sync()] == [("invalid_data", "seal_differs")] * 3
    zhang.write("order.recall", new_id(), held_copy(zhang, order))
    assert [o["detail"]["problem"] for o in zhang.sync()] == ["seal_differs"]


def test_a_copy_may_be_packed_and_survives_a_browser(zhang: Phone, office: Office, backups: Backups) -> None:
    backup = backups.take()
    order = office.open(zhang.person_id)
    zhang.sync()
    data = held_copy(zhang, order)
    # A browser writes 25.0 as 25 and may put members in another order.
    body = json.loads(json.dumps(data.pop("body"), sort_keys=True), parse_float=lambda text: float(text))
    packed = base64.b64encode(gzip.compress(json.dumps(body).encode())).decode()
    restore(backup)
    zhang.acknowledged = 0
    zhang.sync()
    zhang.write("order.recall", order, data | {"packed": packed})
    assert [o["status"] for o in zhang.sync()] == ["applied"]
    assert zhang.order(order)["fault"] == "水泵漏水"
    assert findings() == []


def test_a_number_of_which_a_browser_keeps_only_the_first_digits_breaks_no_seal(
    zhang: Phone, office: Office, backups: Backups
) -> None:
    backup = backups.take()
    order = office.open(zhang.person_id)
    for item, number in {"serial": 2**63 - 1, "huge": 10**300, "even": 1e16}.items():
        zhang.write("checklist.answer", order, {"item": item, "was": None, "now": number})
    zhang.sync()
    data = held_copy(zhang, order)
    for answer in data["body"]["checklist"]["answers"].values():
        answer["value"] = {2**63 - 1: 9223372036854776000}.get(answer["value"], float(answer["value"]))
    restore(backup)
    zhang.acknowledged = 0
    zhang.sync()
    zhang.write("order.recall", order, data)
    assert [o["status"] for o in zhang.sync()] == ["applied"]


def test_nothing_changes_where_nothing_was_lost(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    zhang.sync()
    version = zhang.documents[("work_order", order)]["version"]
    zhang.write("order.recall", order, held_copy(zhang, order))
    assert [o["status"] for o in zhang.sync()] == ["applied"]
    assert zhang.documents[("work_order", order)]["version"] == version


def test_an_answer_that_only_the_copy_has_stands_without_a_conflict(
    zhang: Phone, office: Office, backups: Backups
) -> None:
    order = office.open(zhang.person_id)
    backup = backups.take()
    zhang.sync()
    zhang.write("checklist.answer", order, {"item": "a", "was": None, "now": True})
    office.write("note.add", order, {"note": new_id(), "text": "ring twice"})
    zhang.sync()
    data = held_copy(zhang, order)
    restore(backup)
    office.write("note.add", order, {"note": new_id(), "text": "written after the restore"})
    other = Phone(zhang.person_id).register()
    other.write("order.recall", order, data)
    other.sync()
    assert other.order(order)["checklist"]["answers"]["a"]["value"] is True
    assert other.order(order)["conflicts"] == []
    assert findings() == []
