"""Documents as devices hold them, and the feeds that carry them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.models.base import Base, Id, Position, UtcTime


class Document(Base):
    """One aggregate as one JSON text. `type`: work_order, held, person, part, checklist, rules.

    `seal` proves that this server made this version of a work order (server.sync.ledgers.seal).
    """

    __tablename__ = "document"

    type: Mapped[str] = mapped_column(String(16), primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    body: Mapped[str] = mapped_column(Text)
    seal: Mapped[str | None] = mapped_column(String(64))
    changed_at: Mapped[datetime] = mapped_column(UtcTime)


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
