"""Every kind of operation: its shape, its meaning and who may write it."""

from __future__ import annotations

from typing import Final

from server.documents.document_type import Kind
from server.documents.operation import FIELD_RELATIONS, Actor
from server.documents.parts import photos
from server.documents.parts import shapes as parts
from server.documents.shapes import Changes
from server.documents.work_order import charged, facts, orders, recall, settling, shapes, signatures
from server.models.person import REVIEWER_ROLES

REGISTRY: Final[dict[str, Kind]] = {
    "order.open": Kind(shapes.OrderOpen(), orders.open_order, "opener"),
    "order.plan": Kind(Changes(), orders.plan_order, "office"),
    "order.stage": Kind(shapes.OrderStage(), orders.move_stage, "field"),
    "order.edit": Kind(Changes(), orders.edit_order, "field_or_office"),
    "order.review": Kind(shapes.OrderReview(), orders.review_order, "reviewer"),
    "checklist.answer": Kind(shapes.ChecklistAnswer(), orders.answer_checklist, "field"),
    "arrival.record": Kind(parts.ArrivalRecord(), facts.record_arrival, "field"),
    "departure.record": Kind(parts.DepartureRecord(), facts.record_departure, "field"),
    "material.add": Kind(shapes.MaterialAdd(), charged.adding("materials"), "field_or_office"),
    "material.change": Kind(shapes.LineChange(), charged.changing("materials"), "field_or_office"),
    "material.remove": Kind(shapes.LineRemove(), charged.removing("materials"), "field_or_office"),
    "labour.add": Kind(shapes.LabourAdd(), charged.adding("labour"), "field_or_office"),
    "labour.change": Kind(shapes.LineChange(), charged.changing("labour"), "field_or_office"),
    "labour.remove": Kind(shapes.LineRemove(), charged.removing("labour"), "field_or_office"),
    "photo.add": Kind(parts.PhotoAdd(), photos.add_photo, "field"),
    "photo.edit": Kind(parts.PhotoEdit(), photos.edit_photo, "field"),
    "photo.remove": Kind(parts.PhotoRemove(), photos.remove_photo, "field"),
    "signature.record": Kind(parts.SignatureRecord(), signatures.record_signature, "field"),
    "signature.refuse": Kind(parts.SignatureRefuse(), signatures.refuse_signature, "field"),
    "note.add": Kind(parts.NoteAdd(), orders.add_note, "field_or_office"),
    "order.recall": Kind(parts.Recall(), recall.recall_order, "holder"),
    "conflict.settle": Kind(parts.ConflictSettle(), settling.settle_conflict, "field_or_office"),
    "flag.settle": Kind(shapes.FlagSettle(), settling.settle_flag, "office"),
    "arrival.rule": Kind(parts.ArrivalRule(), settling.rule_arrival, "reviewer"),
    "photo.settle": Kind(parts.PhotoSettle(), settling.settle_photo, "office"),
}
# What makes a document where there is none; the second gives one back that the server has lost.
OPENS: Final = "order.open"
RECALLS: Final = "order.recall"
OPENING: Final = frozenset({OPENS, RECALLS})


def may(actor: Actor, kind: Kind) -> bool:
    """Whether `actor` may write an operation of `kind` on the work order that their relation is to."""
    in_field = actor.relation in FIELD_RELATIONS
    match kind.who:
        case "field":
            return in_field
        case "field_or_office":
            return in_field or actor.of_office
        case "office":
            return actor.of_office
        case "reviewer":
            return actor.role in REVIEWER_ROLES
        case "opener" | "holder":
            # A recall is believed for its seal: only who was given the document has that.
            return actor.of_office or actor.role == "technician"
