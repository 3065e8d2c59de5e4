"""The work order as a type of document."""

from __future__ import annotations

from typing import Final

from server.documents.document_type import DocumentType, Kind
from server.documents.operation import Body, Operation, Result
from server.documents.parts.evidence_items import evidence_items
from server.documents.work_order import brought
from server.documents.work_order.audience import audience
from server.documents.work_order.derived import derive
from server.documents.work_order.face import FACE, complete
from server.documents.work_order.needs import inputs, needs
from server.documents.work_order.orders import facts_meet_plans
from server.documents.work_order.registry import OPENING, RECALLS, REGISTRY, may


def apply(kind: Kind, body: Body, operation: Operation) -> Result:
    """Bring `operation` into `body`, in place, with what follows from it."""
    before = {name: body.get(name) for name in ("stage", "disposition", "review")}
    before["stages"] = list(body.get("stages", []))
    result = kind.handler(body, operation)
    if result.changed:
        if operation.kind not in OPENING:
            facts_meet_plans(body, before, operation)
        derive(body)
    return result


WORK_ORDER: Final = DocumentType(
    name="work_order",
    kinds=REGISTRY,
    opening=OPENING,
    recalls=RECALLS,
    frees=frozenset({"order.plan", "conflict.settle"}),
    names_people=frozenset({"order.open", "order.plan", "order.recall", "conflict.settle"}),
    may=may,
    apply=apply,
    audience=audience,
    needs=needs,
    inputs=inputs,
    has_been_brought=brought.has_been,
    complete=complete,
    evidence=evidence_items,
    face=FACE,
    sealed_before_types=True,
    later={"arrivals": {"hints": []}, "signatures": {"place": None}},
)
