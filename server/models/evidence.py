"""What later evidence is compared with, where people were seen and how signatures were drawn; and what lists of
evidence need.

The first two follow from the journal, the last from the documents. They stand in tables of their own so that finding
the few that matter costs the same however much was recorded.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Float, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.models.base import Base, Id, Position, Sha256, UtcTime
from server.models.document import of_document


class Sighting(Base):
    """The position of an arrival or departure. `fixed_at` is the best instant of the fix itself, null where the line's
    time is contradicted; `position` is JSON as documents have it."""

    __tablename__ = "sighting"
    __table_args__ = (
        Index("ix_sighting_person", "person_id", "id"),
        Index("ix_sighting_digits", "person_id", "latitude", "longitude"),
    )

    id: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=True)
    operation_id: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    device_id: Mapped[str] = mapped_column(ForeignKey("device.id"))
    fixed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    latitude: Mapped[float] = mapped_column(Float)
    longitude: Mapped[float] = mapped_column(Float)
    position: Mapped[str] = mapped_column(Text)


class SignatureStrokes(Base):
    """The digest of a signature's strokes, wherever on the pad and whenever they were drawn."""

    __tablename__ = "signature_strokes"

    id: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=True)
    operation_id: Mapped[str] = mapped_column(String(64), unique=True)
    digest: Mapped[str] = mapped_column(Sha256, index=True)
    document_type: Mapped[str] = mapped_column(String(16))
    document_id: Mapped[str] = mapped_column(Id)
    signed_at: Mapped[datetime] = mapped_column(UtcTime)


class EvidenceRow(Base):
    """An arrival, photo, signature or refusal (server.documents.parts.evidence_items), written with its document.

    `person_id` may name somebody whom this server does not know: a recalled order may.
    """

    __tablename__ = "evidence_row"
    __table_args__ = (
        of_document(),
        Index("ix_evidence_row_weak", "weak", "at", "document_id", "kind", "item_id"),
        Index("ix_evidence_row_kind", "kind", "weak", "at"),
        Index("ix_evidence_row_person", "person_id", "kind", "at"),
        Index("ix_evidence_row_person_weak", "person_id", "weak", "at"),
    )

    document_id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    item_id: Mapped[str] = mapped_column(Id, primary_key=True)
    document_type: Mapped[str] = mapped_column(String(16))
    person_id: Mapped[str] = mapped_column(Id)
    at: Mapped[datetime] = mapped_column(UtcTime)
    state: Mapped[str] = mapped_column(String(16))
    weak: Mapped[bool] = mapped_column(Boolean)
    reasons: Mapped[str] = mapped_column(String(240), default="")
