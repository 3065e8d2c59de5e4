"""Yesterday's backup under twenty phones that have worked since: they heal it, in whatever order they come back."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from server.database import reading, writing
from server.keeping.check import check_all
from server.services import services, utc_now
from server.sync.store.people import add_person
from tests.reference_client import uuid7
from tests.simulation.phone import Phone
from tests.simulation.world import World

Json = dict[str, Any]
PHONES = 20


def technicians(world: World) -> list[Phone]:
    """Twenty technicians, each with a phone."""
    phones = []
    for number in range(PHONES):
        with writing() as connection:
            add_person(connection, f"t{number}", f"T{number}", "technician", "-", utc_now())
        phones.append(Phone(world, f"t{number}"))
    return phones


def opened(world: World, *people: str) -> str:
    """A new order for these people."""
    order = uuid7()
    world.office("order.open", order, {"kind": "repair", "fault": "leaks", "assignees": list(people)})
    return order


def works(phone: Phone, order: str) -> None:
    """A day's work on one order: two edits of one field on top of each other, a fact of every kind."""
    version = phone.orders()[order]["version"]
    line = {"line": uuid7(), "part": None, "name": "seal", "unit": "set", "quantity": "2", "unit_price": 1250,
            "source": "van"}  # fmt: skip
    phone.write("arrival.record", order, {"arrival": uuid7(), "position": None, "why_none": "timeout"}, version)
    for to in ("on_site", "working", "paused", "working"):
        phone.write("order.stage", order, {"to": to}, version)
    phone.write("order.edit", order, {"changes": {"diagnosis": {"was": "", "now": "worn"}}}, version)
    phone.write("order.edit", order, {"changes": {"diagnosis": {"was": "worn", "now": "worn seal"}}}, version)
    phone.write("material.add", order, line, version)
    changes = {"quantity": {"was": "2", "now": "3"}}
    phone.write("material.change", order, {"line": line["line"], "changes": changes}, version)
    photo = uuid7()
    data = {"photo": photo, "sha256": photo.replace("-", "") * 2, "size": 10, "media_type": "image/jpeg",
            "purpose": "after", "taken_at": "2026-11-24T09:00:00+08:00"}  # fmt: skip
    phone.write("photo.add", order, data, version)
    phone.write("signature.refuse", order, {"reason": "absent"}, version)
    phone.write("note.add", order, {"note": uuid7(), "text": "done"}, version)


def told(document: Json) -> Json:
    """What must be the same after as before: all but what the restore itself changes."""
    left_out = ("flags", "initials", "contains")
    return {name: value for name, value in document["body"].items() if name not in left_out}


@pytest.mark.parametrize("order_of_return", [1, 2, 3])
def test_twenty_phones_heal_yesterdays_backup(
    new_world: Callable[[], AbstractContextManager[World]], order_of_return: int
) -> None:
    with new_world() as world:
        phones = technicians(world)
        known = [opened(world, phone.person_id) for phone in phones]
        shared = opened(world, *(phone.person_id for phone in phones))
        world.back_up()
        lost = [opened(world, phone.person_id) for phone in phones]
        for order in (*known, *lost):
            world.office("note.add", order, {"note": uuid7(), "text": "the key is with the neighbour"})
        for phone, old, new in zip(phones, known, lost, strict=True):
            phone.sync()
            works(phone, old)
            works(phone, new)
            phone.write("note.add", shared, {"note": uuid7(), "text": "I was here"})
            phone.sync()
        for phone in phones:
            phone.sync()
        before = world.documents()
        for phone, new in zip(phones, lost, strict=True):
            phone.write("note.add", new, {"note": uuid7(), "text": "written while the server was down"})
        world.restore(0)

        coming = list(phones)
        random.Random(order_of_return).shuffle(coming)
        for _ in range(2):
            for phone in coming:
                phone.sync()

        with reading() as connection:
            assert [(found.code, found.figures) for found in check_all(connection, services().photos)] == []
        after = world.documents()
        assert after.keys() == before.keys()
        assert world.waiting() == []
        for order in (*known, *lost):
            late = [note for note in after[order]["body"]["notes"] if note not in before[order]["body"]["notes"]]
            assert len(late) == (order in lost)
            after[order]["body"]["notes"] = before[order]["body"]["notes"]
            assert told(after[order]) == told(before[order])
        assert len(after[shared]["body"]["notes"]) == PHONES
        for phone, *own in zip(phones, known, lost, strict=True):
            taken = {photo["sha256"] for order in own for photo in before[order]["body"]["photos"]}
            assert set(phone.exchange()["wanted"]) == taken and len(taken) == len(own)
        for phone, new in zip(phones, lost, strict=True):
            assert phone.orders()[new]["body"]["notes"][-1]["text"] == "written while the server was down"
