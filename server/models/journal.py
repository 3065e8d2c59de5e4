"""The journal: every line that the server took in, byte for byte, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from server.models.base import AuthorId, Base, Id, Position, Sha256, UtcTime


class Batch(Base):
    """One request that brought new lines, or an export file (`handed_in`) and who brought it (`brought_by`, null for
    the command line). `sent` is JSON, the device's clocks when it was sent."""

    __tablename__ = "batch"

    id: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=True)
    device_id: Mapped[str] = mapped_column(ForeignKey("device.id"), index=True)
    first_seq: Mapped[int] = mapped_column(Integer)
    last_seq: Mapped[int] = mapped_column(Integer)
    signature: Mapped[str | None] = mapped_column(String(128))
    sent: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UtcTime)
    handed_in: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    brought_by: Mapped[str | None] = mapped_column(Id)


class JournalLine(Base):
    """One line of one ledger and its outcome.

    `bytes` are never changed. `inputs` is JSON: what applying the line used beside the line and the document
    (the actor, times, looked-up customer and rules), so that documents can be built again from the journal.
    `status` is null for an anchor that was taken; otherwise applied, merged, conflict or held. `repeated`: the
    operation had come in before on another ledger of this person, and only its outcome was given again.
    `took_id`: the operation took effect as the line came in, as no other with its id may from then on; null where it
    did not, and on lines from before this was noted.
    """

    __tablename__ = "journal_line"
    __table_args__ = (
        UniqueConstraint("device_id", "seq"),
        Index("ix_journal_line_target", "document_id", "position"),
        Index("ix_journal_line_held", "status", "position"),
        Index(
            "ix_journal_line_took_id",
            "operation_id",
            unique=True,
            sqlite_where=text("took_id"),
            postgresql_where=text("took_id"),
        ),
    )

    position: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=True)
    device_id: Mapped[str] = mapped_column(ForeignKey("device.id"))
    seq: Mapped[int] = mapped_column(Integer)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    bytes: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[str] = mapped_column(Sha256)
    operation_id: Mapped[str | None] = mapped_column(String(64), index=True)
    kind: Mapped[str | None] = mapped_column(String(64))
    person_id: Mapped[str] = mapped_column(AuthorId, ForeignKey("person.id"), nullable=True)
    received_at: Mapped[datetime] = mapped_column(UtcTime)
    status: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(32))
    detail: Mapped[str] = mapped_column(Text, default="{}")
    document_type: Mapped[str | None] = mapped_column(String(16))
    document_id: Mapped[str | None] = mapped_column(Id)
    document_version: Mapped[int | None] = mapped_column(Integer)
    repeated: Mapped[bool] = mapped_column(Boolean, default=False)
    took_id: Mapped[bool | None] = mapped_column(Boolean)
    inputs: Mapped[str] = mapped_column(Text, default="{}")


HELD_STATES: Final = ("waiting", "applied", "dismissed")


class HeldLine(Base):
    """What became of a line that was held: it waits for a person, was applied after all, or was dismissed.

    The line's own row in the journal keeps its first outcome for good; `reason` and `detail` (JSON) say why it
    waits now. `outcome` is JSON, what came of applying it. `decided_by` is null where it was applied by itself,
    because what it had waited for came.
    """

    __tablename__ = "held_line"
    __table_args__ = (
        CheckConstraint(f"state IN {HELD_STATES}", name="state"),
        Index("ix_held_line_state", "state", "position"),
        Index("ix_held_line_target", "target", "state"),
        Index("ix_held_line_decided_at", "decided_at", "position"),
    )

    position: Mapped[int] = mapped_column(ForeignKey("journal_line.position"), primary_key=True, autoincrement=False)
    operation_id: Mapped[str | None] = mapped_column(String(64), index=True)
    target: Mapped[str | None] = mapped_column(Id)
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    reason: Mapped[str] = mapped_column(String(32))
    detail: Mapped[str] = mapped_column(Text, default="{}")
    outcome: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcTime)
    comment: Mapped[str | None] = mapped_column(Text)
