"""Settling what the merge and the flags had left to a person."""

from __future__ import annotations

from typing import Any

from server.documents.bodies import find
from server.documents.operation import Body, Held, Operation, Result
from server.documents.parts.conflicts import settle
from server.documents.parts.edits import Place, stand
from server.documents.work_order import fields
from server.documents.work_order.orders import convert_position, follow_plan, keep_answer


def settle_conflict(body: Body, op: Operation) -> Result:
    """conflict.settle, in a work order's fields; what follows from a plan, an answer or a place follows here too."""
    return settle(body, op, fields.place_of, _take)


def _take(body: Body, place: Place, field: str, value: Any, op: Operation) -> None:  # Any: JSON
    """Let the value stand, with what follows from it where the field is."""
    before = {"priority": body["priority"], "disposition": body["disposition"]}
    stand(body, place.holder, place.name, field, value, op)
    if place.of_plan:
        follow_plan(body, before, op, field == "assignees")
    elif field.startswith(f"{fields.CHECKLIST}."):
        keep_answer(body, place.name, value, op)
    elif "line" in place.holder:
        place.holder["touched"] = {"device": op.actor.device, "version": op.version}
    elif field == "site.position":
        convert_position(body)


def settle_flag(body: Body, op: Operation) -> Result:
    """flag.settle: the office has looked; the flag stays with the decision.

    `waive` lets the customer pay nothing for what was done after a cancellation, `charge` the whole. Raises Held
    (unknown_flag) where nothing is flagged like that.
    """
    wanted = (op.data["code"], op.data["by"], op.data["line"])
    flags = [each for each in body["flags"] if (each["code"], each.get("by"), each.get("line")) == wanted]
    if not flags:
        raise Held("invalid_data", field="code", problem="unknown_flag")
    open_flag = next((each for each in flags if not each.get("settled")), None)
    if open_flag is None:
        return Result(changed=False)
    open_flag["settled"] = {
        "decision": op.data["decision"],
        "comment": op.data["comment"],
        "by": op.actor.id,
        "at": op.at,
    }
    if op.data["decision"] == "waive":
        body["settled_charge"] = {"total": 0, "by": op.actor.id, "at": op.at}
    elif op.data["decision"] == "charge":
        body["settled_charge"] = {"total": body["charge"]["total"], "by": op.actor.id, "at": op.at}
    return Result()


def rule_arrival(body: Body, op: Operation) -> Result:
    """arrival.rule: a supervisor says whether an arrival counts. The verdict stays what the evidence gives.

    A later ruling replaces an earlier one; both are in the history. Raises Held (unknown_arrival).
    """
    arrival = find(body["arrivals"], "id", op.data["arrival"])
    if arrival is None:
        raise Held("invalid_data", field="arrival", problem="unknown_arrival")
    said = {"decision": op.data["decision"], "comment": op.data["comment"], "by": op.actor.id}
    before = arrival["ruling"]
    if before is not None and said.items() <= before.items():
        return Result(changed=False)
    arrival["ruling"] = said | {"at": op.at}
    return Result()


def settle_photo(body: Body, op: Operation) -> Result:
    """photo.settle: the content of a photo is lost; its record stands. Bytes that come all the same are taken.

    Raises Held (unknown_photo).
    """
    photo = find(body["photos"], "id", op.data["photo"])
    if photo is None:
        raise Held("invalid_data", field="photo", problem="unknown_photo")
    if photo.get("lost"):
        return Result(changed=False)
    photo["lost"] = {"comment": op.data["comment"], "by": op.actor.id, "at": op.at}
    return Result()
