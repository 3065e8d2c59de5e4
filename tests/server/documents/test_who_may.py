"""Who may write which kind of operation (work-orders.md, "Operations")."""

from __future__ import annotations

import pytest

from server.documents.operation import Actor, Relation
from server.documents.work_order.registry import REGISTRY, may
from server.models.person import OFFICE_ROLES, REVIEWER_ROLES, ROLES

IN_FIELD: tuple[Relation, ...] = ("assignee", "former", "opener", "admitted")
OFFICE = {
    "order.plan": "office", "flag.settle": "office", "photo.settle": "office", "order.review": "reviewer",
    "arrival.rule": "reviewer", "order.open": "anybody", "order.recall": "anybody", "order.edit": "both",
    "material.add": "both", "material.change": "both", "material.remove": "both", "labour.add": "both",
    "labour.change": "both", "labour.remove": "both", "note.add": "both", "conflict.settle": "both",
}  # fmt: skip


@pytest.mark.parametrize("kind", REGISTRY)
def test_who_may_write_it(kind: str) -> None:
    whose = OFFICE.get(kind, "field")
    for relation in (*IN_FIELD, "none"):
        on_it = relation != "none" and whose in ("field", "both")
        assert may(Actor("a", "technician", relation, "d"), REGISTRY[kind]) == (on_it or whose == "anybody"), relation
        assert may(Actor("a", "inspector", relation, "d"), REGISTRY[kind]) == on_it, relation
    for role in OFFICE_ROLES:
        allowed = whose in ("office", "both", "anybody") or (whose == "reviewer" and role in REVIEWER_ROLES)
        assert may(Actor("a", role, "office", "d"), REGISTRY[kind]) == allowed, role
    assert {"technician", "inspector", *OFFICE_ROLES} == set(ROLES)
