"""order.recall: what a phone still holds of a work order after the server lost history (protocol.md, "Healing").

The body is one that this server gave out: its seal has been checked before anything here runs. It is therefore
believed, what was judged in it included; but where the server has a document of its own, that one goes on, and
what differs is shown side by side.
"""

from __future__ import annotations

from typing import Any, Final

from server.documents.bodies import find, mark_of
from server.documents.former import as_now
from server.documents.operation import Body, Held, Operation, Result
from server.documents.parts.edits import comparable, open_conflict, settlement
from server.documents.recalled import recalled_body
from server.documents.work_order import brought, decisions, fields
from server.documents.work_order.body import flag
from server.rules.stages import NOT_FORWARD, advance
from server.rules.values import same

RECALLED: Final = "recalled_from_phone"
SETS: Final = {
    "arrivals": "id", "departures": "id", "photos": "id", "signatures": "id", "refusals": "id", "notes": "id",
    "materials": "line", "labour": "line",
}  # fmt: skip


def recall_order(body: Body, op: Operation) -> Result:
    """Bring an order back, or what a document of an order that goes on has lost.

    `inputs["recall"]`: `sealed`, whether the seal fits; `number`, the one that the order has from now on; `photos`,
    what the server has of each photo's content, by the photo's id; `contained`, whether what the copy contains is
    contained from then on, `authors`, whether who had written it comes back too, `positions`, whether a settled
    position is known again by what was entered (lines from before these were so have them not).
    `inputs["former_people"]`: who they are now whose former ids the copy names. Raises Held (seal_differs).
    """
    inputs = op.inputs["recall"]
    offered = recalled_body(op.data)
    if offered is None or not inputs["sealed"]:
        raise Held("invalid_data", field="seal", problem="seal_differs")
    # A copy of its own: what a phone sent stays as it was sealed.
    recalled = as_now(offered, op.inputs.get("former_people", {}))
    for photo in recalled["photos"]:
        photo.pop("rejected_because", None)
        photo.update(inputs["photos"].get(photo["id"]) or {"state": "missing"})
    here, there = _lines(body), _lines(recalled)
    if body and there <= here:
        return _number(body, inputs["number"], op)
    if here <= there:
        return _bring_back(body, recalled, inputs["number"], op)
    return _bring_in(body, recalled, op)


def _lines(body: Body) -> set[str]:
    """The operations whose effect a document holds, or a copy brought, as `mark_of` names them."""
    return {*body.get("contains", ()), *brought.marks(body)}


def _number(body: Body, number: str, op: Operation) -> Result:
    """Nothing was lost but, maybe, the number: an order that was opened again from its phone had got a new one."""
    if body["number"] == number:
        return Result(changed=False)
    flag(body, op, "number_changed", number=body["number"])
    body["number"] = number
    return Result(detail={"number": number})


def _bring_back(body: Body, recalled: Body, number: str, op: Operation) -> Result:
    """The recalled document holds all that this one holds, and more: it goes on from there."""
    flags = [each for each in body.get("flags", []) if each not in recalled["flags"]]
    body.clear()
    body.update(recalled)
    body["flags"] += flags
    if number != body["number"]:
        flag(body, op, "number_changed", number=body["number"])
        body["number"] = number
    flag(body, op, RECALLED)
    return Result(detail={"number": number})


def _bring_in(body: Body, recalled: Body, op: Operation) -> Result:
    """Both went on from a common past. Facts that are missing come in, and what was decided; a description, plan,
    price or answer that a lost line had written becomes a conflict with what stands. What the copy contained
    is noted: lines that come again may have been (`server.documents.work_order.brought`)."""
    known = _lines(body)
    careful = op.inputs["recall"].get("contained")
    if careful:
        decisions.bring_in(body, recalled, op.inputs["recall"].get("positions", False))
    body["number"] = op.inputs["recall"]["number"]
    signed = {each["id"] for each in body["signatures"]}
    for name, key in SETS.items():
        body[name] += [each for each in recalled[name] if find(body[name], key, each[key]) is None]
    _move_on(body, recalled)
    body["plans"] += [each for each in recalled["plans"] if each not in body["plans"]]
    body["plans"].sort(key=lambda plan: int(plan["version"]))
    for item, answer in recalled["checklist"]["answers"].items():
        body["checklist"]["answers"].setdefault(item, answer)
    for name, author in recalled["edits"].items():
        if mark_of(author.get("operation", "")) not in known:
            _compare(body, recalled, name, op)
            if op.inputs["recall"].get("authors"):
                _name_author(body, recalled, name)
    for conflict in recalled["conflicts"]:
        if find(body["conflicts"], "id", conflict["id"]) is None:
            body["conflicts"].append(conflict)
            _face_what_stands(body, conflict, op)
    _compare_removals(body, recalled, op)
    _ask_again(body, recalled)
    later = careful and any(each["id"] not in signed for each in recalled["signatures"])
    body["rating"] = (later and recalled["rating"]) or body["rating"] or recalled["rating"]
    body["settled_charge"] = body["settled_charge"] or recalled["settled_charge"]
    if careful:
        brought.note(body, recalled, known)
    flag(body, op, RECALLED)
    return Result()


def _move_on(body: Body, recalled: Body) -> None:
    """Take the stage and the review that a lost line had brought; an earlier one says nothing new."""
    known = {step.get("operation") for step in body["stages"]}
    missing = [step for step in recalled["stages"] if step.get("operation") not in known]
    resumed = _resumed(body, recalled)
    body["stages"] = sorted([*body["stages"], *missing], key=lambda step: str(step["at"]))
    if missing and advance(body["stage"], recalled["stage"], review_returned=False) != NOT_FORWARD:
        body["stage"] = recalled["stage"]
    if resumed:
        body["stage"], body["review"] = recalled["stage"], recalled["review"]
    if (recalled["review"]["version"] or 0) > (body["review"]["version"] or 0):
        body["review"] = recalled["review"]


def _resumed(body: Body, recalled: Body) -> bool:
    """Whether the copy knows that an `unable` which stands here, unreviewed, was taken back by its author."""
    last = body["stages"][-1] if body["stages"] else {}
    if body["stage"] != "unable" or body["review"]["state"] != "pending" or "device" not in last:
        return False
    told = [step.get("operation") for step in recalled["stages"]]
    return last["operation"] in told[:-1] and recalled["stage"] != "unable"


def _compare(body: Body, recalled: Body, name: str, op: Operation) -> None:
    """Keep the recalled value beside the one that stands, with the name of whoever had written it."""
    here, there = fields.place_of(body, name), fields.place_of(recalled, name)
    if here is None or there is None or (name == "site.position" and not (body["site"] and recalled["site"])):
        return
    current, other = (comparable(name, each.value) for each in (here, there))
    beside = [each["other"]["value"] for each in body["conflicts"] if each["field"] == name]
    if same(current, other) or any(same(other, value) for value in beside):
        return
    conflict = open_conflict(body, name, None, other, current, op)
    author = recalled["edits"][name]
    conflict["other"] |= {"by": author["by"], "at": author["at"]}


def _name_author(body: Body, recalled: Body, name: str) -> None:
    """What both sides hold alike was written by whoever the copy says, unless somebody has written it here since: it
    shows that a photo was described anew, and whom a later edit meets."""
    here, there = fields.place_of(body, name), fields.place_of(recalled, name)
    if here is None or there is None or not decisions.is_as_it_was(body, recalled, name):
        return
    if same(comparable(name, here.value), comparable(name, there.value)):
        body["edits"][name] = recalled["edits"][name]


def _face_what_stands(body: Body, conflict: dict[str, Any], op: Operation) -> None:  # Any: JSON
    """An open conflict that comes in is one with what stands here."""
    place = fields.place_of(body, conflict["field"])
    if place is None or conflict["settled"] is not None:
        return
    current = comparable(conflict["field"], place.value)
    author = body["edits"].get(conflict["field"]) or body["opened"]
    conflict["kept"] = {"value": current, "by": author["by"], "at": author["at"]}
    if same(conflict["other"]["value"], current):
        conflict["settled"] = settlement(current, op)


def _ask_again(body: Body, recalled: Body) -> None:
    """A question that a lost line had raised is asked, or stands as it was decided, unless it has come up here too."""
    known = {_question(each) for each in body["flags"]}
    gone = {RECALLED, "opened_in_field"}  # the one is asked anew, the other ends without a decision
    body["flags"] += [each for each in recalled["flags"] if each["code"] not in gone and _question(each) not in known]


def _question(flagged: dict[str, Any]) -> tuple[Any, ...]:  # Any: JSON
    return flagged["code"], flagged.get("by"), flagged.get("line")


def _compare_removals(body: Body, recalled: Body, op: Operation) -> None:
    """A line that a lost operation had taken away stands, with a question."""
    for room in ("materials", "labour"):
        for line in recalled[room]:
            here = find(body[room], "line", line["line"])
            if here is not None and line["removed"] and not here["removed"]:
                flag(body, op, "removed_and_changed", line=line["line"], where=room)
