"""Settling a conflict: of two values that met, a person lets one stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from server.documents.bodies import find
from server.documents.operation import Body, Held, Operation, Result
from server.documents.parts.edits import Place, checked, comparable, open_conflict, settlement, written
from server.rules.values import same

PlaceOf = Callable[[Body, str], Place | None]
Take = Callable[[Body, Place, str, Any, Operation], None]  # Any: JSON


def settle(body: Body, op: Operation, place_of: PlaceOf, take: Take) -> Result:
    """conflict.settle: one value stands, chosen by whoever may edit the field.

    `place_of` finds a field by its full name, `take` lets a value stand in it with what follows. Where the field has
    changed since, in a way that the chooser had not seen, the choice and the new value are a
    conflict in their turn: no decision is dropped. Raises Held: unknown_conflict, or not_permitted for a plan's
    field from outside of the office.
    """
    conflict = find(body["conflicts"], "id", op.data["conflict"])
    if conflict is None:
        raise Held("invalid_data", field="conflict", problem="unknown_conflict")
    field = conflict["field"]
    place = place_of(body, field)
    if place is None:
        raise Held("invalid_data", field=field, problem="unknown_field")
    if place.of_plan and not op.actor.of_office:
        raise Held("not_permitted", field=field)
    value = checked({field: place.check}, field, op.data["value"])
    current = comparable(field, place.value)
    if same(value, current):
        return _agreed(conflict, value, op)
    if conflict["settled"] is not None:
        again = open_conflict(body, field, conflict["settled"]["value"], value, current, op)
        return Result("conflict", {"conflicts": [again["id"]]})
    if _has_changed_unseen(body, field, op):
        conflict["other"] = written(value, op)
        return Result("conflict", {"conflicts": [conflict["id"]]})
    take(body, place, field, value, op)
    if conflict["settled"] is None:
        conflict["settled"] = settlement(value, op)
    return Result(detail={"settled": [conflict["id"]]})


def _has_changed_unseen(body: Body, field: str, op: Operation) -> bool:
    """Whether somebody else wrote into the field after what the chooser had on the screen; the chooser's own phone
    knows what it wrote."""
    edit = body["edits"].get(field) or {}
    return op.seen is not None and edit.get("version", 0) > op.seen and edit.get("device") != op.actor.device


def _agreed(conflict: dict[str, Any], value: Any, op: Operation) -> Result:  # Any: JSON
    """What was chosen stands already."""
    if conflict["settled"] is not None:
        return Result(changed=False)
    conflict["settled"] = settlement(value, op)
    return Result(detail={"settled": [conflict["id"]]})
