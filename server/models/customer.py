"""The customer's file: customers, their sites and the assets there.

`words` of each: by what it is found, as rules/search.py folds it.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, Float, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.models.base import Base, Id, in_byte_order


class Customer(Base):
    """`contract` is a key of the rule set's contracts; `warranty_card`: held, lost or null (unknown)."""

    __tablename__ = "customer"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(in_byte_order(32), unique=True)
    name: Mapped[str] = mapped_column(String(256))
    category: Mapped[str | None] = mapped_column(String(64))
    contact_name: Mapped[str | None] = mapped_column(String(128))
    phone: Mapped[str | None] = mapped_column(String(64), index=True)
    contract: Mapped[str | None] = mapped_column(String(64))
    file_opened_on: Mapped[date | None] = mapped_column(Date)
    warranty_card: Mapped[str | None] = mapped_column(String(8))
    words: Mapped[str] = mapped_column(Text, server_default="")


class Site(Base):
    """A place of work. Coordinates as they were entered, in `datum` (WGS-84, GCJ-02, BD-09; null: unknown)."""

    __tablename__ = "site"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(in_byte_order(32), unique=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customer.id"), index=True)
    name: Mapped[str] = mapped_column(String(256))
    address: Mapped[str | None] = mapped_column(String(512))
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    datum: Mapped[str | None] = mapped_column(String(8))
    radius_m: Mapped[float] = mapped_column(Float)
    access: Mapped[str | None] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text, server_default="")


class Asset(Base):
    """An installed thing under care, with the dates its warranty runs from."""

    __tablename__ = "asset"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(in_byte_order(32), unique=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"), index=True)
    name: Mapped[str] = mapped_column(String(256))
    brand: Mapped[str | None] = mapped_column(String(128))
    model: Mapped[str | None] = mapped_column(String(128))
    serial: Mapped[str | None] = mapped_column(String(128))
    warranty_category: Mapped[str | None] = mapped_column(String(64))
    completed_on: Mapped[date | None] = mapped_column(Date)
    accepted_on: Mapped[date | None] = mapped_column(Date)
    words: Mapped[str] = mapped_column(Text, server_default="")
