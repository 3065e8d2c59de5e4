"""Who sees a document: the people of the office see all, others what their feed shows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from server.documents import types
from server.models import OFFICE_ROLES, Document, DocumentPerson


def sees_clause(document_id: Any, person_id: str) -> ColumnElement[bool]:  # Any: a column, of whatever table
    """A condition on a column that names documents: it is in the person's feed now."""
    theirs = select(DocumentPerson.document_id).where(DocumentPerson.person_id == person_id, DocumentPerson.sees)
    clause: ColumnElement[bool] = document_id.in_(theirs)
    return clause


def may_see(connection: Connection, person_id: str, role: str, document_id: str) -> bool:
    """Whether this person may read this document; False too where there is no such one, or nobody's operations name it
    (types.is_target)."""
    query = select(Document.id).where(types.is_target(), Document.id == document_id)
    if role not in OFFICE_ROLES:
        query = query.where(sees_clause(Document.id, person_id))
    return connection.execute(query).first() is not None
