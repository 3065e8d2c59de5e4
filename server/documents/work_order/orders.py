"""Opening, planning, moving on, describing and reviewing a work order."""

from __future__ import annotations

from typing import Any

from server.documents.bodies import find
from server.documents.operation import FIELD_RELATIONS, Body, Held, Operation, Result
from server.documents.parts.edits import checked, merge_changes, merge_field
from server.documents.work_order import fields
from server.documents.work_order.body import flag, new_body, no_review
from server.evidence.datum import interpretations
from server.rules.stages import ENDS, NOT_FORWARD, advance
from server.rules.values import same


def open_order(body: Body, op: Operation) -> Result:
    """order.open: fills the empty `body`. The office's plan stands; a technician's is kept as a wish."""
    body.update(new_body(op))
    plan = {name: op.data[name] for name in ("assignees", "lead", "window", "priority", "instructions")}
    plan = {name: value for name, value in plan.items() if value is not None}
    body["deadlines"] = op.inputs["deadlines"]
    if op.actor.of_office:
        for name, value in plan.items():
            body[name] = checked(fields.PLAN, name, value)
        _choose_lead(body)
    else:
        body["wishes"] = plan | op.inputs.get("wishes", {}) or None
        flag(body, op, "opened_in_field")
    _log_plan(body, op)
    return Result(detail={"number": body["number"]})


def plan_order(body: Body, op: Operation) -> Result:
    """order.plan: the office's fields. What has happened stays, whatever the plan says."""
    before = {"priority": body["priority"], "disposition": body["disposition"]}
    result = merge_changes(body, body, "", fields.PLAN, op)
    if result.changed:
        follow_plan(body, before, op, "assignees" in op.data["changes"])
    return result


def follow_plan(body: Body, before: dict[str, str], op: Operation, people_were_named: bool) -> None:
    """What follows from a changed plan; `before` holds `priority` and `disposition` as they were."""
    if body["assignees"] or people_were_named:
        body["flags"] = [f for f in body["flags"] if f["code"] != "opened_in_field"]
    _choose_lead(body)
    if body["priority"] != before["priority"] and "deadlines_by_priority" in op.inputs:
        body["deadlines"] = op.inputs["deadlines_by_priority"][body["priority"]]
    if body["disposition"] == "cancelled" != before["disposition"] and body["stage"] in ENDS:
        flag(body, op, "finished_after_cancel")
    _log_plan(body, op)


def _choose_lead(body: Body) -> None:
    """The lead is one of the assignees: the first where nobody, or somebody else, was named."""
    if body["lead"] not in body["assignees"]:
        body["lead"] = body["assignees"][0] if body["assignees"] else None


def _log_plan(body: Body, op: Operation) -> None:
    """Keep what was told when: lateness is judged against what the technician had been told."""
    body["plans"].append(
        {
            "version": op.version,
            "at": op.at,
            "by": op.actor.id,
            "assignees": list(body["assignees"]),
            "window": body["window"],
            "arrive_by": body["deadlines"]["arrive_by"],
            "disposition": body["disposition"],
        }
    )


def move_stage(body: Body, op: Operation) -> Result:
    """order.stage: forward along its line; a step back is in the history and changes nothing.

    `inputs["ways_back"]` is absent from lines of before `unable` could be taken back, and 3 in those of when that led
    to `working` alone: applied again, they mean what they meant.
    """
    if find(body["stages"], "operation", op.id):
        return Result(changed=False)
    review = body["review"]
    # Going back to work answers the review only where the review had been seen.
    returned = review["state"] == "returned" and (op.seen or 0) >= review["version"]
    knows = "ways_back" in op.inputs
    unable = knows and _takes_back_unable(body, op)
    before = stage_before_unable(body) if op.inputs.get("ways_back", 0) > 3 else None
    stage = advance(body["stage"], op.data["to"], review_returned=returned, own_unable=unable, before=before)
    if stage == NOT_FORWARD:
        return Result(detail={"not_forward": {"from": body["stage"], "to": op.data["to"]}}, changed=False)
    resumed = body["stage"] == "unable" and not returned
    body["stage"] = stage
    step = {"to": stage, "at": op.at, "by": op.actor.id, "reason": op.data["reason"], "operation": op.id}
    if knows:
        step["device"] = op.actor.device
    if resumed:
        body["review"] = body["stages"][-1].get("review") or no_review()
    elif stage in ENDS:
        if knows and review["state"] == "returned":
            step["review"] = review
        body["review"] = no_review() | {"state": "pending", "version": op.version}
    body["stages"].append(step)
    return Result(detail={"resumed": True} if resumed else {})


def stage_before_unable(body: Body) -> Any:  # Any: a stage
    """Where an order that stands on `unable` stood before."""
    return body["stages"][-2]["to"] if len(body["stages"]) > 1 else "new"


def _takes_back_unable(body: Body, op: Operation) -> bool:
    """Whether the last step is this person's own `unable`, which nobody has reviewed and which they knew of: they said
    it on this device, or had seen the document with it."""
    if body["stage"] != "unable" or body["review"]["state"] != "pending":
        return False
    last = body["stages"][-1] if body["stages"] else {}
    knew = last.get("device") == op.actor.device or (op.seen or 0) >= body["review"]["version"]
    return last.get("to") == "unable" and last.get("by") == op.actor.id and knew


def edit_order(body: Body, op: Operation) -> Result:
    """order.edit: shared descriptions."""
    if "site.position" in op.data["changes"] and body["site"] is None:
        raise Held("invalid_data", field="site.position", problem="no_site")
    result = merge_changes(body, body, "", fields.SHARED, op)
    if "site.position" in op.data["changes"]:
        convert_position(body)
    return result


def convert_position(body: Body) -> None:
    """What the phone judges a place by, converted once, here as in the customer's file."""
    position = (body["site"] or {}).get("position")
    if position is not None:
        position["wgs84"] = interpretations(position)


def answer_checklist(body: Body, op: Operation) -> Result:
    """checklist.answer: one item, merged like a field; answers may be words, numbers or photo ids."""
    item = op.data["item"]
    now = checked({item: fields.an_answer}, item, op.data["now"])
    values = {name: answer["value"] for name, answer in body["checklist"]["answers"].items()}
    before = values.get(item)
    result = merge_field(body, values, item, f"{fields.CHECKLIST}.{item}", op.data["was"], now, op)
    if not same(values.get(item), before):
        keep_answer(body, item, values.get(item), op)
    return result


def keep_answer(body: Body, item: str, value: Any, op: Operation) -> None:  # Any: JSON
    """Let an answer stand, with its author."""
    body["checklist"]["answers"][item] = {"value": value, "by": op.actor.id, "at": op.at}


def add_note(body: Body, op: Operation) -> Result:
    """note.add: append only. Raises Held (note_taken) where the id is that of another text."""
    known = find(body["notes"], "id", op.data["note"])
    if known is not None:
        if known["text"] != op.data["text"]:
            raise Held("invalid_data", field="note", problem="note_taken")
        return Result(changed=False)
    body["notes"].append({"id": op.data["note"], "text": op.data["text"], "by": op.actor.id, "at": op.at})
    return Result()


def review_order(body: Body, op: Operation) -> Result:
    """order.review: approves, or sends back to the field; only something that was finished can be reviewed, and only
    as its reviewer has seen it.

    `inputs["answers_seen"]` is absent from lines of before that was asked: applied again, they mean what they meant.
    Raises Held: not_finished, stage_unseen, review_unseen.
    """
    if body["stage"] not in ENDS:
        raise Held("invalid_data", field="verdict", problem="not_finished")
    if "answers_seen" in op.inputs:
        _refuse_unseen(body, op)
    body["review"] = {
        "state": op.data["verdict"],
        "by": op.actor.id,
        "at": op.at,
        "comment": op.data["comment"],
        "version": op.version,
    }
    return Result()


def _refuse_unseen(body: Body, op: Operation) -> None:
    """Raise Held where the order was finished, given up or reviewed after what the reviewer had on the screen. What
    came from their own device, and their own review, they know; who says nothing of what they saw is believed."""
    review = body["review"]
    if op.seen is None or op.seen >= (review["version"] or 0):
        return
    if review["state"] != "pending":
        if review["by"] != op.actor.id:
            raise Held("invalid_data", field="verdict", problem="review_unseen")
    elif not body["stages"] or body["stages"][-1].get("device") != op.actor.device:
        raise Held("invalid_data", field="verdict", problem="stage_unseen")


FACTS = ("order.stage", "arrival.", "departure.", "material.", "labour.", "photo.", "signature.")
RECORDS = (*FACTS, "order.edit", "checklist.")


def facts_meet_plans(body: Body, before: Body, op: Operation) -> None:
    """Flag where a fact and the plan or the review disagree; the fact stands (principle 1).

    `before` holds `stage`, `stages`, `disposition` and `review` as they were before the operation.
    """
    if op.actor.relation not in FIELD_RELATIONS or not op.kind.startswith(RECORDS):
        return
    if op.actor.relation == "former":
        flag(body, op, "done_by_former_assignee")
    if before["review"]["state"] == "approved":
        flag(body, op, "changed_after_review")
    if not op.kind.startswith(FACTS):
        return
    finisher = next((s["by"] for s in reversed(before["stages"]) if s["to"] in ENDS), None)
    if before["stage"] in ENDS and finisher not in (None, op.actor.id):
        flag(body, op, "continued_after_finish")
    if before["disposition"] == "cancelled":
        finishes = op.kind.startswith("signature.") or body["stage"] in ENDS
        flag(body, op, "finished_after_cancel" if finishes else "recorded_after_cancel")
