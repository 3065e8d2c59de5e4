"""Documents as devices hold them, and the feeds that carry them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import (
    Boolean,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from server.models.base import Base, Id, Position, UtcTime

# What no operation names as its target. Every other type shares its ids with no second document.
NO_TARGETS: Final = ("checklist", "held", "part", "person", "rules")
_CAN_BE_NAMED: Final = f"type NOT IN {NO_TARGETS}"


def of_document() -> ForeignKeyConstraint:
    """That a row belongs to a document that is there."""
    return ForeignKeyConstraint(["document_type", "document_id"], ["document.type", "document.id"])


class Document(Base):
    """One aggregate as one JSON text. `type`: work_order, held, person, part, checklist, rules.

    `seal` proves that this server made this version (server.sync.ledgers.seal).
    """

    __tablename__ = "document"
    __table_args__ = (
        Index(
            "ix_document_target",
            "id",
            unique=True,
            sqlite_where=text(_CAN_BE_NAMED),
            postgresql_where=text(_CAN_BE_NAMED),
        ),
    )

    type: Mapped[str] = mapped_column(String(16), primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    body: Mapped[str] = mapped_column(Text)
    seal: Mapped[str | None] = mapped_column(String(64))
    changed_at: Mapped[datetime] = mapped_column(UtcTime)


class DocumentPerson(Base):
    """Whose a document is or was: a row stays for good, so that facts by a former assignee still stand.

    `assignee`: theirs now, as a plan says. `sees`: it is in the person's feed now.
    """

    __tablename__ = "document_person"
    __table_args__ = (of_document(),)

    document_id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    document_type: Mapped[str] = mapped_column(String(16))
    sees: Mapped[bool] = mapped_column(Boolean)
    assignee: Mapped[bool] = mapped_column(Boolean)


class Feed(Base):
    """A feed and the last seq it handed out; its row is locked until commit by whoever takes the next."""

    __tablename__ = "feed"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    head: Mapped[int] = mapped_column(Position, default=0)


class FeedEntry(Base):
    """The newest place of a document in a feed: one entry a document."""

    __tablename__ = "feed_entry"
    __table_args__ = (UniqueConstraint("feed", "seq"),)

    feed: Mapped[str] = mapped_column(String(64), primary_key=True)
    type: Mapped[str] = mapped_column(String(16), primary_key=True)
    document_id: Mapped[str] = mapped_column(Id, primary_key=True)
    seq: Mapped[int] = mapped_column(Position)
    gone: Mapped[bool] = mapped_column(Boolean, default=False)
    reason: Mapped[str | None] = mapped_column(String(16))
