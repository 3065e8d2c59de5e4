"""What each kind of operation does to a work order, and who may write it ("Operations")."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.races.random_run.replay.facts import (
    added,
    changed,
    described,
    hidden,
    once,
    photographed,
    refused,
    removed,
    signed,
)  # fmt: skip
from tests.races.random_run.replay.order import CLOSED, REVIEWERS, Body, Effect, Operation, Order
from tests.races.random_run.replay.plans import (
    answer_flag,
    answered,
    edited,
    moved,
    opened,
    planned,
    reviewed,
    settle,
)  # fmt: skip

EFFECTS: Final[dict[str, tuple[str, Callable[[Order, Operation], Effect]]]] = {
    "order.open": ("opener", opened),
    "order.plan": ("office", planned),
    "order.stage": ("field", moved),
    "order.edit": ("field_or_office", edited),
    "order.review": ("reviewer", reviewed),
    "checklist.answer": ("field", answered),
    "arrival.record": ("field", once("arrivals", "arrival", ("position", "why_none"), ("position", "why_none"))),
    "departure.record": ("field", once("departures", "departure", ("position", "why_none"), ("position", "why_none"))),
    "material.add": ("field_or_office", added("materials")),
    "material.change": ("field_or_office", changed("materials")),
    "material.remove": ("field_or_office", removed("materials")),
    "labour.add": ("field_or_office", added("labour")),
    "labour.change": ("field_or_office", changed("labour")),
    "labour.remove": ("field_or_office", removed("labour")),
    "photo.add": ("field", photographed),
    "photo.edit": ("field", described),
    "photo.remove": ("field", hidden),
    "signature.record": ("field", signed),
    "signature.refuse": ("field", refused),
    "note.add": ("field_or_office", once("notes", "note", ("text",), ("text",))),
    "conflict.settle": ("field_or_office", settle),
    "flag.settle": ("office", answer_flag),
}


def may(who: str, op: Operation) -> bool:
    """Whether the author of `op` may write it."""
    return {
        "field": op.in_field,
        "field_or_office": op.in_field or op.of_office,
        "office": op.of_office,
        "reviewer": op.role in REVIEWERS,
        "opener": op.of_office or op.role == "technician",
    }[who]


RECORDS: Final = ("order.stage", "arrival.", "departure.", "material.", "labour.", "photo.", "signature.")


def facts_meet_plans(order: Order, before: Body, op: Operation) -> None:
    """The fact stands, and where the plan or the review says otherwise somebody is asked."""
    descriptions = ("order.edit", "checklist.")
    if not op.in_field or not op.kind.startswith((*RECORDS, *descriptions)):
        return
    if op.relation == "former":
        order.flag(op, "done_by_former_assignee")
    if before["review"]["state"] == "approved":
        order.flag(op, "changed_after_review")
    if op.kind.startswith(descriptions):
        return
    finisher = next((step["by"] for step in reversed(before["stages"]) if step["to"] in CLOSED), None)
    if before["stage"] in CLOSED and finisher not in (None, op.person):
        order.flag(op, "continued_after_finish")
    if before["disposition"] == "cancelled":
        ends = op.kind.startswith("signature.") or order.body["stage"] in CLOSED
        order.flag(op, "finished_after_cancel" if ends else "recorded_after_cancel")
