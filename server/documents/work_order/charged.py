"""Materials and labour: sets of lines, each known by its id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from server.documents.bodies import find
from server.documents.operation import Body, Handler, Held, Operation, Result
from server.documents.parts.edits import Check, merge_changes
from server.documents.work_order import fields
from server.documents.work_order.body import flag

COLUMNS: Final = {
    "materials": ("part", "name", "unit", "quantity", "unit_price", "source", "serial"),
    "labour": ("name", "method", "unit", "quantity", "unit_price"),
}
CHECKS: Final[Mapping[str, Mapping[str, Check]]] = {
    "materials": fields.MATERIAL,
    "labour": fields.LABOUR,
}


def adding(where: str) -> Handler:
    """The handler of material.add or labour.add; adding a removed line again brings it back."""

    def add(body: Body, op: Operation) -> Result:
        values = {name: op.data[name] for name in COLUMNS[where]}
        known = find(body[where], "line", op.data["line"])
        if known is None:
            line = {"line": op.data["line"]} | values | {"removed": False, "flags": [], "by": op.actor.id}
            body[where].append(_touched(line, op))
            return Result()
        if any(known[name] != value for name, value in values.items()):
            raise Held("invalid_data", field="line", problem="line_taken")
        if not known["removed"]:
            return Result(changed=False)
        known["removed"] = False
        _touched(known, op)
        return Result()

    return add


def changing(where: str) -> Handler:
    """The handler of material.change or labour.change: merged by field; a change wins over a removal."""

    def change(body: Body, op: Operation) -> Result:
        line = _line(body, where, op)
        result = merge_changes(body, line, f"{where}.{line['line']}.", CHECKS[where], op)
        if line["removed"] and result.status != "conflict":
            line["removed"] = False
            if line["touched"]["device"] != op.actor.device:
                _keep_despite_removal(body, line, where, op)
            result.changed = True
        if result.changed:
            _touched(line, op)
        return result

    return change


def removing(where: str) -> Handler:
    """The handler of material.remove or labour.remove; a change the remover had not seen wins."""

    def remove(body: Body, op: Operation) -> Result:
        line = _line(body, where, op)
        if line["removed"]:
            return Result(changed=False)
        touched = line["touched"]
        if touched["device"] != op.actor.device and touched["version"] > (op.seen or 0):
            _keep_despite_removal(body, line, where, op)
            return Result(detail={"kept": line["line"]})
        line["removed"] = True
        _touched(line, op)
        return Result()

    return remove


def _line(body: Body, where: str, op: Operation) -> dict[str, Any]:  # Any: JSON
    line = find(body[where], "line", op.data["line"])
    if line is None:
        raise Held("invalid_data", field="line", problem="unknown_line")
    return line


def _touched(line: dict[str, Any], op: Operation) -> dict[str, Any]:  # Any: JSON
    line["touched"] = {"device": op.actor.device, "version": op.version}
    return line


def _keep_despite_removal(body: Body, line: dict[str, Any], where: str, op: Operation) -> None:  # Any: JSON
    if "removed_and_changed" not in line["flags"]:
        line["flags"].append("removed_and_changed")
    flag(body, op, "removed_and_changed", line=line["line"], where=where)
