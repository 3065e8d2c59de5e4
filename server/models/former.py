"""What a restore left outside: ids that people had before, and ledgers that only a phone still has."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from server.models.base import Base, Id, UtcTime, in_byte_order


class FormerPerson(Base):
    """An id that was a person's before the server was restored to before they were added, and who they are now: an
    administrator said so (person.adopt)."""

    __tablename__ = "former_person"

    former: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)


# Why a ledger stays on a phone: nobody here has its person's id; the account is closed; lines before it are gone, or
# others stand in their place; what only the office writes stands in it; orders were lost that are told of there.
WHY_STRANDED: Final = ("unknown_person", "account_closed", "gap", "fork", "own_hand", "orders")


class StrandedLedger(Base):
    """A ledger on a phone that somebody else's session could not bring in, as that phone tells it.

    `person_id` and `username` are what the phone knows of whose it is. `lines`, `photos` and `orders`: how many are on
    that phone alone. `claimed_by` says that the ledger was theirs under that id, until it is answered; `refused_at` is
    when an administrator said that it was not.
    """

    __tablename__ = "stranded_ledger"
    __table_args__ = (CheckConstraint(f"why IN {WHY_STRANDED}", name="why"),)

    device_id: Mapped[str] = mapped_column(Id, primary_key=True)
    device_name: Mapped[str] = mapped_column(String(128))
    person_id: Mapped[str] = mapped_column(Id)
    username: Mapped[str] = mapped_column(in_byte_order(64))
    why: Mapped[str] = mapped_column(String(16))
    lines: Mapped[int] = mapped_column(Integer)
    photos: Mapped[int] = mapped_column(Integer)
    orders: Mapped[int] = mapped_column(Integer)
    told_by: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    told_at: Mapped[datetime] = mapped_column(UtcTime)
    claimed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    claimed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    refused_at: Mapped[datetime | None] = mapped_column(UtcTime)
