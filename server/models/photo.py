"""Photo content: what is stored, who delivered it, where it belongs, what is on its way."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from server.models.base import Base, Id, Position, Sha256, UtcTime
from server.models.document import of_document


class PhotoContent(Base):
    """Bytes that came in whole and have this hash. state: `stored`, `rejected` (kept aside, `reason`) or
    `dropped` (was kept aside for its time, and is here no longer)."""

    __tablename__ = "photo_content"
    __table_args__ = (Index("ix_photo_content_state", "state", "stored_at"),)

    sha256: Mapped[str] = mapped_column(Sha256, primary_key=True)
    size: Mapped[int] = mapped_column(Position)
    media_type: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(32))
    width: Mapped[int | None] = mapped_column(Integer)
    height: Mapped[int | None] = mapped_column(Integer)
    facts: Mapped[str] = mapped_column(Text, default="{}")
    stored_at: Mapped[datetime] = mapped_column(UtcTime)


class PhotoLook(Base):
    """How a stored photo looks (server.evidence.likeness.Look); without figures where it shows next to nothing."""

    __tablename__ = "photo_look"

    number: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=True)
    sha256: Mapped[str] = mapped_column(Sha256, unique=True)
    gradients: Mapped[str | None] = mapped_column(String(64))
    details: Mapped[bytes | None] = mapped_column(LargeBinary)


class PhotoBand(Base):
    """A piece of a photo's look, by which close ones are found."""

    __tablename__ = "photo_band"

    band: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(ForeignKey("photo_look.number"), primary_key=True)


class PhotoAlike(Base):
    """Two photos that look like one, a row for either; `bits` of their gradients differ."""

    __tablename__ = "photo_alike"

    sha256: Mapped[str] = mapped_column(Sha256, primary_key=True)
    other_sha256: Mapped[str] = mapped_column(Sha256, primary_key=True)
    bits: Mapped[int] = mapped_column(Integer)


class PhotoPreview(Base):
    """A small picture shown until the original `sha256` is in; `preview_sha256` names its own bytes."""

    __tablename__ = "photo_preview"

    sha256: Mapped[str] = mapped_column(Sha256, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    preview_sha256: Mapped[str] = mapped_column(Sha256)
    stored_at: Mapped[datetime] = mapped_column(UtcTime)


class PhotoDelivery(Base):
    """Who has delivered a content themselves: knowing a hash gives nobody a photo."""

    __tablename__ = "photo_delivery"

    sha256: Mapped[str] = mapped_column(Sha256, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    delivered_at: Mapped[datetime] = mapped_column(UtcTime)


class PhotoLink(Base):
    """A photo record of a document names a content; `person_id` is who recorded it.

    `awaited_since` is when the record came, where the content is still to come: null where it is here or refused, and
    where the record was taken back or somebody has said that the photo is lost.
    """

    __tablename__ = "photo_link"
    __table_args__ = (
        of_document(),
        Index("ix_photo_link_sha256", "sha256"),
        Index(
            "ix_photo_link_awaited",
            "person_id",
            "awaited_since",
            sqlite_where=text("awaited_since IS NOT NULL"),
            postgresql_where=text("awaited_since IS NOT NULL"),
        ),
    )

    document_id: Mapped[str] = mapped_column(Id, primary_key=True)
    photo_id: Mapped[str] = mapped_column(Id, primary_key=True)
    document_type: Mapped[str] = mapped_column(String(16))
    sha256: Mapped[str] = mapped_column(Sha256)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    awaited_since: Mapped[datetime | None] = mapped_column(UtcTime)


class Upload(Base):
    """A tus upload under way. `offset` is what is durably stored; `length` was announced, in bytes."""

    __tablename__ = "upload"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    device_id: Mapped[str] = mapped_column(ForeignKey("device.id"))
    length: Mapped[int] = mapped_column(Position)
    offset: Mapped[int] = mapped_column(Position, default=0)
    sha256: Mapped[str] = mapped_column(Sha256)
    media_type: Mapped[str] = mapped_column(String(64))
    preview_of: Mapped[str | None] = mapped_column(Sha256)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    completed_at: Mapped[datetime | None] = mapped_column(UtcTime)
