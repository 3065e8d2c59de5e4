"""After a restore another phone's copy comes first, and then the lines whose effect it brought: nothing is done twice,
and nothing that was decided is overturned or asked again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.server.sync.conftest import Office
from tests.server.sync.lost_history import Backups, restore
from tests.server.sync.phone import Phone, new_id
from tests.server.sync.test_recall import backups, flags, heal, held_copy, material  # noqa: F401  # a fixture


def edit(name: str, was: Any, now: Any) -> dict[str, Any]:
    """The data of an edit of one field."""
    return {"changes": {name: {"was": was, "now": now}}}


def opened(phone: Phone, order: str) -> list[dict[str, Any]]:
    """The conflicts that are open."""
    return [each for each in phone.order(order)["conflicts"] if each["settled"] is None]


@pytest.fixture
def order(zhang: Phone, li: Phone, office: Office) -> str:
    """An order that both know, as it was when the backup was made."""
    order = office.open(zhang.person_id, li.person_id)
    for phone in (zhang, li):
        phone.sync()
    return order


def lose(backups: Backups, backup: Path, office: Office, order: str) -> None:  # noqa: F811
    """The server is put back, and goes on."""
    restore(backup)
    office.write("note.add", order, {"note": new_id(), "text": "written after the restore"})


def test_what_the_office_decided_about_a_copy_stands_when_its_lines_come(
    zhang: Phone,
    li: Phone,
    office: Office,
    order: str,
    backups: Backups,  # noqa: F811
) -> None:
    backup = backups.take()
    zhang.write("order.edit", order, edit("diagnosis", "", "worn"))
    zhang.write("material.add", order, material())
    zhang.sync()
    li.sync()
    lose(backups, backup, office, order)
    heal(li, order)
    (conflict,) = opened(li, order)
    office.write("conflict.settle", order, {"conflict": conflict["id"], "value": ""})
    copy = held_copy(zhang, order)
    zhang.acknowledged = 0
    outcomes = zhang.sync()
    assert [each["detail"] for each in outcomes] == [{"already_in": True}, {}]
    zhang.write("order.recall", order, copy)
    zhang.sync()
    li.sync()
    body = li.order(order)
    assert (body["diagnosis"], opened(li, order), len(body["conflicts"])) == ("", [], 1)
    assert len(body["materials"]) == 1


def test_a_conflict_that_a_copy_brought_does_not_stand_twice(
    zhang: Phone,
    li: Phone,
    office: Office,
    order: str,
    backups: Backups,  # noqa: F811
) -> None:
    backup = backups.take()
    zhang.write("order.edit", order, edit("contact.phone", "", "13800000001"))
    zhang.sync()
    li.write("order.edit", order, edit("contact.phone", "", "13800000002"))
    li.sync()
    zhang.sync()
    lose(backups, backup, office, order)
    heal(zhang, order)
    before = len(opened(zhang, order))
    heal(li, order)
    zhang.sync()
    assert len(opened(zhang, order)) == before == 1


def test_an_old_copy_from_another_phone_says_nothing_new(
    zhang: Phone,
    li: Phone,
    office: Office,
    order: str,
    backups: Backups,  # noqa: F811
) -> None:
    backup = backups.take()
    zhang.write("order.edit", order, edit("diagnosis", "", "worn"))
    zhang.sync()
    li.sync()
    old = held_copy(li, order)
    lose(backups, backup, office, order)
    heal(li, order)
    version = li.documents[("work_order", order)]["version"]
    zhang.acknowledged = 0
    zhang.write("order.recall", order, old)
    zhang.sync()
    assert zhang.documents[("work_order", order)]["version"] == version


def test_what_was_decided_before_the_restore_is_not_asked_again(
    zhang: Phone,
    li: Phone,
    office: Office,
    order: str,
    backups: Backups,  # noqa: F811
) -> None:
    zhang.write("order.edit", order, edit("contact.phone", "", "13800000001"))
    zhang.write("arrival.record", order, {"arrival": new_id(), "position": None, "why_none": "unavailable"})
    zhang.sync()
    li.write("order.edit", order, edit("contact.phone", "", "13800000002"))
    li.sync()
    zhang.sync()
    (conflict,) = opened(zhang, order)
    (arrival,) = zhang.order(order)["arrivals"]
    backup = backups.take()
    office.write("conflict.settle", order, {"conflict": conflict["id"], "value": "13800000002"})
    ruled = {"arrival": arrival["id"], "decision": "accepted", "comment": "the customer says so"}
    assert office.write("arrival.rule", order, ruled).status == "applied"
    zhang.sync()
    lose(backups, backup, office, order)
    heal(zhang, order)
    body = zhang.order(order)
    assert (body["contact"]["phone"], opened(zhang, order)) == ("13800000002", [])
    assert body["arrivals"][0]["ruling"]["decision"] == "accepted"
    assert flags(body) == ["recalled_from_phone"]


def test_a_question_that_was_settled_before_the_restore_stays_settled(
    zhang: Phone,
    li: Phone,
    office: Office,
    order: str,
    backups: Backups,  # noqa: F811
) -> None:
    plan = {"assignees": {"was": [zhang.person_id, li.person_id], "now": [zhang.person_id]}}
    office.write("order.plan", order, {"changes": plan})
    li.write("material.add", order, material())
    li.sync()
    backup = backups.take()
    settled = {"code": "done_by_former_assignee", "by": li.person_id, "decision": "confirmed"}
    assert office.write("flag.settle", order, settled).status == "applied"
    zhang.sync()
    lose(backups, backup, office, order)
    heal(zhang, order)
    (flagged,) = [each for each in zhang.order(order)["flags"] if each["code"] == "done_by_former_assignee"]
    assert flagged["settled"]["decision"] == "confirmed"
