"""Opening, planning, describing, moving on, reviewing and settling."""

from __future__ import annotations

from typing import Any, Final

from tests.races.random_run.replay.merging import alike
from tests.races.random_run.replay.order import (
    CLOSED,
    PLAN,
    ROOMS,
    SHARED,
    UNCHANGED,
    Body,
    Effect,
    Operation,
    Order,
    Refused,
    known,
    settled,
)  # fmt: skip

RANKS: Final = {
    "new": 0, "accepted": 1, "en_route": 2, "on_site": 3, "working": 4, "paused": 4, "finished": 5, "unable": 5,
}  # fmt: skip

NO_REVIEW: Final = {"state": "none", "by": None, "comment": None, "version": None}


def opened(order: Order, op: Operation) -> Effect:
    """order.open."""
    data, plan = op.data, {name: op.data[name] for name in PLAN if op.data.get(name) is not None}
    contact = data.get("contact") or {}
    order.body = {
        "number": data.get("number") or op.number, "kind": data["kind"],
        "opened": {"by": op.person, "channel": data.get("channel")},
        "disposition": "active", "assignees": [], "lead": None, "window": None, "priority": "normal",
        "instructions": "", "plans": [], "stage": "new", "stages": [], "arrivals": [], "departures": [], "photos": [],
        "materials": [], "labour": [], "signatures": [], "refusals": [], "rating": None, "notes": [],
        "fault": data["fault"], "requests": data.get("requests") or "",
        "contact": {name: contact.get(name) or "" for name in ("name", "phone")},
        "cause": "unknown", "diagnosis": "", "work_done": "", "checklist": {"answers": {}},
        "review": {**NO_REVIEW}, "settled_charge": None,
        "wishes": None, "edits": {}, "flags": [], "conflicts": [], "contains": [],
    }  # fmt: skip
    if op.of_office:
        order.body |= plan
        _choose_lead(order.body)
    else:
        order.body["wishes"] = plan or None
        order.flag(op, "opened_in_field")
    _log_plan(order, op)
    return Effect()


def planned(order: Order, op: Operation) -> Effect:
    """order.plan."""
    before = order.body["disposition"]
    effect = edits(order, op, "", PLAN)
    if effect.changed:
        follow_plan(order, op, before, "assignees" in op.data["changes"])
    return effect


def follow_plan(order: Order, op: Operation, before: str, of_people: bool) -> None:
    """What a changed plan brings with it."""
    body = order.body
    if body["assignees"] or of_people:
        body["flags"] = [each for each in body["flags"] if each["code"] != "opened_in_field"]
    _choose_lead(body)
    if body["disposition"] == "cancelled" != before and body["stage"] in CLOSED:
        order.flag(op, "finished_after_cancel")
    _log_plan(order, op)


def _choose_lead(body: Body) -> None:
    if body["lead"] not in body["assignees"]:
        body["lead"] = next(iter(body["assignees"]), None)


def _log_plan(order: Order, op: Operation) -> None:
    told = {name: order.body[name] for name in ("assignees", "window", "disposition")}
    order.body["plans"].append({"version": op.version, "by": op.person} | told | {"assignees": [*told["assignees"]]})


def edits(order: Order, op: Operation, prefix: str, allowed: tuple[str, ...]) -> Effect:
    if any(name not in allowed for name in op.data["changes"]):
        raise Refused("invalid_data")
    effect = UNCHANGED
    for name, change in op.data["changes"].items():
        now = change.get("now")
        emptied = "" if now is None and name not in ("lead", "window") else now
        effect = effect.with_(order.edit(prefix + name, change.get("was"), emptied, op))
    return effect


def edited(order: Order, op: Operation) -> Effect:
    """order.edit."""
    return edits(order, op, "", SHARED)


def answered(order: Order, op: Operation) -> Effect:
    """checklist.answer."""
    status = order.edit(f"checklist.{op.data['item']}", op.data.get("was"), op.data.get("now"), op)
    return UNCHANGED.with_(status)


def moved(order: Order, op: Operation) -> Effect:
    """order.stage: forward, paused and working, or back to work: after a review that was seen, or by whoever said
    `unable` and knew of it, until it is reviewed; they may go back to where the order stood, too."""
    body, to = order.body, op.data["to"]
    if known(body["stages"], "operation", op.id):
        return UNCHANGED
    review = body["review"]
    returned = review["state"] == "returned" and (op.seen or 0) >= review["version"]
    again = body["stage"] in CLOSED and to == "working" and returned
    stood = body["stages"][-2]["to"] if len(body["stages"]) > 1 else "new"
    resumed = body["stage"] == "unable" and to in ("working", stood) and _takes_back(body, op)
    forward = RANKS[to] > RANKS[body["stage"]] or {to, body["stage"]} == {"working", "paused"}
    if not (forward or again or resumed):
        return UNCHANGED
    body["stage"] = to
    step = {"to": to, "by": op.person, "reason": op.data.get("reason"), "operation": op.id}
    step |= {"device": op.device, "review": None}
    if resumed:
        body["review"] = body["stages"][-1]["review"] or NO_REVIEW
    if to in CLOSED:
        step["review"] = review if review["state"] == "returned" else None
        body["review"] = NO_REVIEW | {"state": "pending", "version": op.version}
    body["stages"].append(step)
    return Effect()


def _takes_back(body: Body, op: Operation) -> bool:
    last, review = body["stages"][-1], body["review"]
    if review["state"] != "pending" or last["by"] != op.person:
        return False
    return last.get("device") == op.device or (op.seen or 0) >= review["version"]


def reviewed(order: Order, op: Operation) -> Effect:
    """order.review: of what the reviewer had seen, or had done themselves."""
    body, review = order.body, order.body["review"]
    if body["stage"] not in CLOSED:
        raise Refused("invalid_data")
    if op.seen is not None and (review["version"] or 0) > op.seen:
        waits = review["state"] == "pending"
        if not (body["stages"][-1].get("device") == op.device if waits else review["by"] == op.person):
            raise Refused("invalid_data")
    said = {"state": op.data["verdict"], "comment": op.data.get("comment")}
    order.body["review"] = said | {"by": op.person, "version": op.version}
    return Effect()


def settle(order: Order, op: Operation) -> Effect:
    """conflict.settle: one value stands, unless the field has changed in a way that the chooser had not seen."""
    conflict = known(order.body["conflicts"], "id", op.data["conflict"])
    if conflict is None:
        raise Refused("invalid_data")
    name = conflict["field"]
    if name in PLAN and not op.of_office:
        raise Refused("not_permitted")
    given = op.data["value"]
    value = "" if given is None and not name.startswith("checklist.") else given
    if alike(value, order.value(name)):
        if conflict["settled"] is not None:
            return UNCHANGED
        conflict["settled"] = settled(value, op)
        return Effect()
    if conflict["settled"] is not None:
        order.open_conflict(name, conflict["settled"]["value"], value, op)
        return Effect("conflict")
    edit = order.body["edits"].get(name) or {}
    if op.seen is not None and edit.get("version", 0) > op.seen and edit.get("device") != op.device:
        conflict["other"] = {"value": value, "by": op.person, "operation": op.id, "device": op.device}
        return Effect("conflict")
    _choose(order, op, conflict, value)
    return Effect()


def _choose(order: Order, op: Operation, conflict: Body, value: Any) -> None:  # Any: JSON
    name, before = conflict["field"], order.body["disposition"]
    order.put(name, value, op)
    if name in PLAN:
        follow_plan(order, op, before, name == "assignees")
    room, _, rest = name.partition(".")
    if room in ROOMS:
        touched = {"device": op.device, "version": op.version}
        order.line(room, rest.partition(".")[0])["touched"] = touched
    if conflict["settled"] is None:
        conflict["settled"] = settled(value, op)


def answer_flag(order: Order, op: Operation) -> Effect:
    """flag.settle."""
    wanted = op.data["code"], op.data["by"], op.data.get("line")
    asked = [each for each in order.body["flags"] if (each["code"], each["by"], each.get("line")) == wanted]
    if not asked:
        raise Refused("invalid_data")
    still = next((each for each in asked if not each.get("settled")), None)
    if still is None:
        return UNCHANGED
    still["settled"] = {"decision": op.data["decision"], "by": op.person, "comment": op.data.get("comment")}
    return Effect()
