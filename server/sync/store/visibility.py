"""Who sees a work order: the people of the office see all, others what their feed shows."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, select

from server.models import OFFICE_ROLES, DocumentPerson, WorkOrder


def sees_clause(person_id: str) -> ColumnElement[bool]:
    """A condition on WorkOrder: it is in the person's feed now."""
    theirs = select(DocumentPerson.document_id).where(DocumentPerson.person_id == person_id, DocumentPerson.sees)
    return WorkOrder.id.in_(theirs)


def may_see(connection: Connection, person_id: str, role: str, work_order_id: str) -> bool:
    """Whether this person may read this work order; False too where there is no such order."""
    query = select(WorkOrder.id).where(WorkOrder.id == work_order_id)
    if role not in OFFICE_ROLES:
        query = query.where(sees_clause(person_id))
    return connection.execute(query).first() is not None
