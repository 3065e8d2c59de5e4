"""What is recorded in the field: facts that know their id, and what is charged for."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from tests.races.random_run.replay.merging import alike
from tests.races.random_run.replay.order import OF_A_PHOTO, UNCHANGED, Body, Effect, Operation, Order, Refused, known
from tests.races.random_run.replay.plans import edits

COLUMNS: Final = {
    "materials": ("part", "name", "unit", "quantity", "unit_price", "source", "serial"),
    "labour": ("name", "method", "unit", "quantity", "unit_price"),
}
OF_A_LINE: Final = ("name", "unit", "quantity", "unit_price", "source", "serial", "method")


def once(room: str, key: str, names: tuple[str, ...], same: tuple[str, ...]) -> Callable[[Order, Operation], Effect]:
    """A fact that knows its id: `names` are kept, `same` must be what they were where it comes again."""

    def record(order: Order, op: Operation) -> Effect:
        there = known(order.body[room], "id", op.data[key])
        if there is None:
            fact = {"id": op.data[key], "by": op.person} | {name: op.data.get(name) for name in names}
            order.body[room].append(fact)
            return Effect()
        if any(not alike(there[name], op.data.get(name)) for name in same):
            raise Refused("invalid_data")
        return UNCHANGED

    return record


def photographed(order: Order, op: Operation) -> Effect:
    """photo.add: what was removed comes back."""
    there = known(order.body["photos"], "id", op.data["photo"])
    effect = _photo(order, op)
    photo = known(order.body["photos"], "id", op.data["photo"])
    assert photo is not None
    came_back = there is not None and photo["removed"]
    photo["removed"] = False
    return Effect() if came_back else effect


_photo = once("photos", "photo", ("sha256", "size", "media_type", "purpose", "caption", "taken_at"), ("sha256",))


def described(order: Order, op: Operation) -> Effect:
    """photo.edit: what a photo is said to show; one that was removed stays so."""
    photo = order.line("photos", op.data["photo"])
    return edits(order, op, f"photos.{photo['id']}.", OF_A_PHOTO)


def hidden(order: Order, op: Operation) -> Effect:
    """photo.remove."""
    photo = known(order.body["photos"], "id", op.data["photo"])
    if photo is None:
        raise Refused("invalid_data")
    was, photo["removed"] = photo["removed"], True
    return UNCHANGED if was else Effect()


def signed(order: Order, op: Operation) -> Effect:
    """signature.record."""
    data = op.data | {"report": json.loads(op.data["report"])}
    effect = _signature(order, Operation(**{**vars(op), "data": data}))
    if effect.changed and op.data.get("rating") is not None:
        order.body["rating"] = op.data["rating"]
    return effect


_signature = once("signatures", "signature", ("sha256", "signer", "report"), ("sha256", "signer"))


def refused(order: Order, op: Operation) -> Effect:
    """signature.refuse: its id is the operation's."""
    if known(order.body["refusals"], "id", op.id):
        return UNCHANGED
    said = {name: op.data.get(name) for name in ("reason", "comment")}
    order.body["refusals"].append({"id": op.id, "by": op.person} | said)
    return Effect()


def added(room: str) -> Callable[[Order, Operation], Effect]:
    """material.add, labour.add."""

    def add(order: Order, op: Operation) -> Effect:
        values = {name: op.data.get(name) for name in COLUMNS[room]}
        there = known(order.body[room], "line", op.data["line"])
        if there is not None and any(not alike(there[name], value) for name, value in values.items()):
            raise Refused("invalid_data")
        if there is not None and not there["removed"]:
            return UNCHANGED
        if there is None:
            there = {"line": op.data["line"], "by": op.person, "flags": []} | values
            order.body[room].append(there)
        there |= {"removed": False, "touched": {"device": op.device, "version": op.version}}
        return Effect()

    return add


def changed(room: str) -> Callable[[Order, Operation], Effect]:
    """material.change, labour.change: a change wins over a removal."""

    def change(order: Order, op: Operation) -> Effect:
        line = order.line(room, op.data["line"])
        effect = edits(order, op, f"{room}.{line['line']}.", OF_A_LINE)
        if line["removed"] and effect.status != "conflict":
            line["removed"] = False
            if line["touched"]["device"] != op.device:
                _keep(order, line, op)
            effect = Effect(effect.status)
        if effect.changed:
            line["touched"] = {"device": op.device, "version": op.version}
        return effect

    return change


def removed(room: str) -> Callable[[Order, Operation], Effect]:
    """material.remove, labour.remove: but for a change that its author had not seen."""

    def remove(order: Order, op: Operation) -> Effect:
        line = order.line(room, op.data["line"])
        if line["removed"]:
            return UNCHANGED
        if line["touched"]["device"] != op.device and line["touched"]["version"] > (op.seen or 0):
            _keep(order, line, op)
            return Effect()
        line |= {"removed": True, "touched": {"device": op.device, "version": op.version}}
        return Effect()

    return remove


def _keep(order: Order, line: Body, op: Operation) -> None:
    if "removed_and_changed" not in line["flags"]:
        line["flags"].append("removed_and_changed")
    order.flag(op, "removed_and_changed", line["line"])
