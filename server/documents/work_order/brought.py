"""Which lines a recalled copy has brought the effect of, where the document goes on with its own.

A line that comes again, and that the copy contained, has been where all that it changed is represented: what the copy
held in the field stands here, or stands in a conflict, or was decided upon since. Then it is not done a second time.
Whatever else the copy contained is done as it comes: facts know their id, and what is not here is not taken for done.
"""

from __future__ import annotations

from typing import Any, Final

from server.documents.bodies import find, mark_of
from server.documents.operation import Body
from server.documents.parts.edits import comparable
from server.documents.parts.photos import PHOTOS
from server.documents.work_order import fields
from server.rules.values import same

NAME: Final = "brought"


def marks(body: Body) -> list[str]:
    """The operations that copies contained and that are not noted as contained here."""
    return [mark for copy in body.get(NAME, ()) for mark in copy["marks"]]


def note(body: Body, recalled: Body, known: set[str]) -> None:
    """Note what a copy contained, once it was brought in; `known` is what this document had known before."""
    more = [mark for mark in [*recalled["contains"], *marks(recalled)] if mark not in known]
    names = {*recalled["edits"], *(conflict["field"] for conflict in recalled["conflicts"])}
    here = sorted(name for name in names if _is_represented(body, recalled, name))
    body.setdefault(NAME, []).append({"marks": more, "fields": here})


def has_been(body: Body, operation_id: str, kind: str, data: dict[str, Any]) -> bool:  # Any: validated JSON
    """Whether a line is one that a copy has brought, with everything that it changed."""
    names = set(_changed(body, kind, data))
    copies = [copy for copy in body.get(NAME, ()) if mark_of(operation_id) in copy["marks"]]
    return bool(names) and any(names <= set(copy["fields"]) for copy in copies)


def _changed(body: Body, kind: str, data: dict[str, Any]) -> list[str]:  # Any: validated JSON
    """The full names of the fields that an edit changes; none for what is no edit."""
    match kind:
        case "order.edit" | "order.plan":
            return list(data["changes"])
        case "checklist.answer":
            return [f"{fields.CHECKLIST}.{data['item']}"]
        case "material.change":
            return [f"materials.{data['line']}.{name}" for name in data["changes"]]
        case "labour.change":
            return [f"labour.{data['line']}.{name}" for name in data["changes"]]
        case "photo.edit":
            return [f"{PHOTOS}.{data['photo']}.{name}" for name in data["changes"]]
        case "conflict.settle":
            conflict = find(body["conflicts"], "id", data["conflict"])
            return [] if conflict is None else [conflict["field"]]
    return []


def _is_represented(body: Body, recalled: Body, name: str) -> bool:
    """Whether what the copy holds in a field stands here, or beside it in an open conflict; its conflicts too, and that
    the field can be seen."""
    here, there = fields.place_of(body, name), fields.place_of(recalled, name)
    if here is None or there is None or here.holder.get("removed") != there.holder.get("removed"):
        return False
    if not all(_stands(body, each) for each in recalled["conflicts"] if each["field"] == name):
        return False
    value = comparable(name, there.value)
    sides = [each["other"] for each in body["conflicts"] if each["field"] == name and each["settled"] is None]
    stands = comparable(name, here.value)
    return any(same(each, value) for each in (stands, *(side["value"] for side in sides)))


def _stands(body: Body, conflict: dict[str, Any]) -> bool:  # Any: JSON
    here = find(body["conflicts"], "id", conflict["id"])
    return here is not None and same(here["other"]["value"], conflict["other"]["value"])
