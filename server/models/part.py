"""The parts catalogue."""

from __future__ import annotations

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.models.base import Base, Id, Position, in_byte_order


class Part(Base):
    """A part. `unit_price` in minor units; `stock` is JSON {place: decimal string}; `initials` pinyin."""

    __tablename__ = "part"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(in_byte_order(64), unique=True)
    name: Mapped[str] = mapped_column(String(256))
    initials: Mapped[str] = mapped_column(String(256))
    unit: Mapped[str] = mapped_column(String(32))
    unit_price: Mapped[int] = mapped_column(Position)
    stock: Mapped[str] = mapped_column(Text, default="{}")
