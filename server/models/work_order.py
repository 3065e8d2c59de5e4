"""What lists need of work orders; the work order itself is its document."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.models.base import Base, Id, UtcTime


class WorkOrder(Base):
    """The searchable face of a work order's document, written together with it. `words`: by what it is found, as
    rules/search.py folds it."""

    __tablename__ = "work_order"
    __table_args__ = (
        Index("ix_work_order_changed", "changed_at", "id"),
        Index("ix_work_order_window", "window_start", "id"),
        Index("ix_work_order_state", "state", "id"),
        Index("ix_work_order_due", "arrive_by", "id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    stage: Mapped[str] = mapped_column(String(16))
    disposition: Mapped[str] = mapped_column(String(16))
    priority: Mapped[str] = mapped_column(String(8))
    review: Mapped[str] = mapped_column(String(16))
    customer_id: Mapped[str | None] = mapped_column(Id, index=True)
    site_id: Mapped[str | None] = mapped_column(Id, index=True)
    asset_id: Mapped[str | None] = mapped_column(Id, index=True)
    reported_at: Mapped[datetime | None] = mapped_column(UtcTime)
    window_start: Mapped[datetime | None] = mapped_column(UtcTime)
    window_end: Mapped[datetime | None] = mapped_column(UtcTime)
    arrive_by: Mapped[datetime | None] = mapped_column(UtcTime)
    needs_decision: Mapped[bool] = mapped_column(Boolean, default=False)
    changed_at: Mapped[datetime] = mapped_column(UtcTime)
    words: Mapped[str] = mapped_column(Text, server_default="")
