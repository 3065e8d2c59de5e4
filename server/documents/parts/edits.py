"""Edits that carry their base: each changed field meets what stands now (work-orders.md, "How changes meet")."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from marshmallow import ValidationError, fields, validate

from server.documents.operation import Body, Held, Operation, Result
from server.rules.values import same

Check = Callable[[Any], Any]  # Any: JSON in, the JSON to store out; raises ValidationError


def a_text(value: Any) -> str:  # Any: JSON
    """A text; nothing is the empty one. Raises ValidationError for what is none."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValidationError("not_a_text")
    return value


def a_word(words: tuple[str, ...]) -> Check:
    """A check for one of these words."""
    check = fields.String(required=True, validate=validate.OneOf(words))
    return check.deserialize


def checked(allowed: Mapping[str, Check], name: str, value: Any) -> Any:  # Any: JSON
    """`value` as it may stand in field `name`; raises Held(invalid_data) where it may not."""
    if name not in allowed:
        raise Held("invalid_data", field=name, problem="unknown_field")
    try:
        return allowed[name](value)
    except ValidationError as error:
        raise Held("invalid_data", field=name, problem=error.messages) from error


def within(body: Body, name: str) -> tuple[Body, str] | None:
    """The part of `body` that has the description of a dotted name, and its name there; None without that part.

    Only descriptions have such names: a dot in the id of a checklist's item is a sign like any other.
    """
    *way, last = name.split(".")
    for part in way:
        if not isinstance(body.get(part), dict):
            return None
        body = body[part]
    return body, last


def comparable(full_name: str, value: Any) -> Any:  # Any: JSON
    """`value` as an edit saw it: a site's position without what the server worked out from it."""
    if full_name == "site.position" and isinstance(value, dict):
        return {name: value.get(name) for name in ("latitude", "longitude", "datum")}
    return value


@dataclass(frozen=True)
class Place:
    """Where a field stands: `holder` is the part of the body, `name` the field's name in it."""

    holder: Body
    name: str
    check: Check
    of_plan: bool = False

    @property
    def value(self) -> Any:  # Any: JSON
        """What stands in the field, None where nothing does."""
        return self.holder.get(self.name)


def merge_changes(body: Body, holder: Body, prefix: str, allowed: Mapping[str, Check], op: Operation) -> Result:
    """Bring the operation's `changes` into `holder`, a part of `body` whose fields are named `prefix` + name.

    All fields are checked before any is changed; raises Held(invalid_data) for one that may not be.
    """
    changes = {
        name: (change["was"], checked(allowed, name, change["now"])) for name, change in op.data["changes"].items()
    }
    result = Result(changed=False)
    for name, (was, now) in changes.items():
        found = within(holder, name)
        assert found is not None  # every order has what an edit may change, but a site: whoever calls has looked for it
        result = result.joined(merge_field(body, *found, prefix + name, was, now, op))
    return result


def merge_field(
    body: Body,
    holder: Body,
    name: str,
    full_name: str,
    was: Any,
    now: Any,
    op: Operation,  # Any: JSON
) -> Result:
    """Bring one edit of `holder[name]` in; where it conflicts, both values are kept under the document's
    `conflicts`."""
    own = _own_unsettled(body, full_name, was, op)
    if own is not None:
        own["other"] |= {"value": now, "at": op.at, "operation": op.id}
        if same(now, own["kept"]["value"]):
            own["settled"] = settlement(own["kept"]["value"], op)
            return Result(detail={"settled": [own["id"]]})
        return Result("conflict", {"conflicts": [own["id"]]})
    current = comparable(full_name, holder.get(name))
    merged = op.merge(comparable(full_name, was), now, current)
    if merged.result == "conflict":
        conflict = open_conflict(body, full_name, was, now, current, op)
        return Result("conflict", {"conflicts": [conflict["id"]]})
    if same(merged.value, current):
        return Result(changed=False)
    stand(body, holder, name, full_name, merged.value, op)
    return Result(merged.result, {"merged": [full_name]} if merged.result == "merged" else {})


def stand(body: Body, holder: Body, name: str, full_name: str, value: Any, op: Operation) -> None:  # Any: JSON
    """Let `value` stand in the field, and say so in its open conflicts: what is kept there is what stands, and one
    whose other value came to stand is settled by that."""
    holder[name] = value
    author = {"by": op.actor.id, "at": op.at, "version": op.version, "device": op.actor.device, "operation": op.id}
    body["edits"][full_name] = author
    for conflict in body["conflicts"]:
        if conflict["field"] == full_name and conflict["settled"] is None:
            conflict["kept"] = {"value": value, "by": op.actor.id, "at": op.at}
            if same(conflict["other"]["value"], value):
                conflict["settled"] = settlement(value, op)


def settlement(value: Any, op: Operation) -> dict[str, Any]:  # Any: JSON
    """How a conflict was settled: the value, by whom, when, with which operation."""
    return {"value": value, "by": op.actor.id, "at": op.at, "operation": op.id}


def _own_unsettled(body: Body, full_name: str, was: Any, op: Operation) -> dict[str, Any] | None:  # Any: JSON
    """The conflict in which this device's own value stands aside, where the edit builds on that value."""
    for conflict in body["conflicts"]:
        other = conflict["other"]
        mine = conflict["field"] == full_name and other["device"] == op.actor.device
        if mine and conflict["settled"] is None and same(other["value"], was):
            return conflict  # type: ignore[no-any-return]  # conflicts are JSON objects of our own making
    return None


def open_conflict(
    body: Body,
    full_name: str,
    base: Any,
    other: Any,
    current: Any,
    op: Operation,  # Any: JSON
) -> dict[str, Any]:
    """Keep `other`, which was made of `base`, beside the `current` value; returns the conflict."""
    kept = body["edits"].get(full_name) or body["opened"]
    conflict = {
        "id": str(uuid5(UUID(op.id), full_name)),
        "field": full_name,
        "base": base,
        "kept": {"value": current, "by": kept["by"], "at": kept["at"]},
        "other": written(other, op),
        "settled": None,
    }
    body["conflicts"].append(conflict)
    return conflict


def written(value: Any, op: Operation) -> dict[str, Any]:  # Any: JSON
    """The other side of a conflict: a value, and who wrote it where and when."""
    return {"value": value, "by": op.actor.id, "at": op.at, "operation": op.id, "device": op.actor.device}
