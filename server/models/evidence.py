"""What later evidence is compared with: where people were seen, and how signatures were drawn.

Both follow from the journal. They stand in tables of their own so that finding the few that matter costs the same
however much was recorded.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Float, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.models.base import Base, Id, Position, Sha256, UtcTime


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
    work_order_id: Mapped[str] = mapped_column(Id)
    signed_at: Mapped[datetime] = mapped_column(UtcTime)
