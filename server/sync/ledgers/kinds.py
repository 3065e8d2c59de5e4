"""Kinds of operations that are about no document, and those that no file brings."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, or_

from server.documents import types
from server.models import JournalLine

DECIDES: Final = "held.decide"
REVOKES: Final = "device.revoke"
CLAIMS: Final = "ledger.claim"
CLOSES: Final = "person.close"
OPENS: Final = "person.open"
ENDS_SESSIONS: Final = "person.end_sessions"
NEW_PASSWORD: Final = "person.password"
ADOPTS: Final = "person.adopt"
# What is written on the office's pages or in a session of one's own, and believed from no file, whoever brings it:
# the page where it is decided shows what it is about, a file does not.
OF_NO_DOCUMENT: Final = frozenset({DECIDES, REVOKES, CLAIMS, CLOSES, OPENS, ENDS_SESSIONS, NEW_PASSWORD, ADOPTS})

# What a line can be about that is no document: its id may be that of a document too.
NO_DOCUMENTS: Final = ("device", "person")


def never_from_a_file(kind: str) -> bool:
    """Whether no file brings it, whoever that brings."""
    return kind in OF_NO_DOCUMENT or kind in types.office_kinds()


def target_type(kind: str) -> str | None:
    """What the target of an operation about no document is: a person, a device; None of the others."""
    if kind in (REVOKES, CLAIMS):
        return "device"
    return "person" if kind in OF_NO_DOCUMENT and kind != DECIDES else None


def is_about(document_id: Any, line: Any = JournalLine) -> ColumnElement[bool]:  # Any: a value or column; JournalLine
    """A condition on the journal's lines: the line names this document, whether or not it was there. What names a
    device or a person by the same id is about those."""
    of_documents = or_(line.document_type.is_(None), line.document_type.not_in(NO_DOCUMENTS))
    condition: ColumnElement[bool] = (line.document_id == document_id) & of_documents
    return condition
