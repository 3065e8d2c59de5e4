"""What the server remembers of itself."""

from __future__ import annotations

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.models.base import Base, Position


class ServerFact(Base):
    """A named fact: `epoch`, `company` (demonstration or own) and the like."""

    __tablename__ = "server_fact"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class Counter(Base):
    """The last number given out under a name, such as the work orders of a month."""

    __tablename__ = "counter"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[int] = mapped_column(Position)
