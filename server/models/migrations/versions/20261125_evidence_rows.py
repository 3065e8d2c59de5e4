"""A row for every arrival, photo, signature and refusal: what is weak is found without reading every order.

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-25
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from server.documents.parts.evidence_items import evidence_items
from server.models.base import UtcTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

AT_A_TIME = 200


def upgrade() -> None:
    """Make the table, and fill it from the documents that are there."""
    table = op.create_table(
        "evidence_row",
        sa.Column("work_order_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("weak", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.String(length=240), nullable=False),
        sa.ForeignKeyConstraint(
            ["work_order_id"], ["work_order.id"], name=op.f("fk_evidence_row_work_order_id_work_order")
        ),
        sa.PrimaryKeyConstraint("work_order_id", "kind", "item_id", name=op.f("pk_evidence_row")),
    )
    _fill(op.get_bind(), table)
    op.create_index("ix_evidence_row_weak", "evidence_row", ["weak", "at", "work_order_id", "kind", "item_id"])
    op.create_index("ix_evidence_row_kind", "evidence_row", ["kind", "weak", "at"])
    op.create_index("ix_evidence_row_person", "evidence_row", ["person_id", "kind", "at"])
    op.create_index("ix_evidence_row_person_weak", "evidence_row", ["person_id", "weak", "at"])


def downgrade() -> None:
    """The rows follow from the documents: nothing is lost."""
    op.drop_table("evidence_row")


def _fill(connection: sa.Connection, table: sa.Table) -> None:
    """A few hundred documents at a time: there may be a hundred thousand."""
    document = sa.table("document", sa.column("type"), sa.column("id"), sa.column("body"))
    orders = sa.select(document.c.id, document.c.body).where(document.c.type == "work_order")
    after = ""
    while True:
        found = connection.execute(orders.where(document.c.id > after).order_by(document.c.id).limit(AT_A_TIME)).all()
        if not found:
            return
        rows = [_row(row.id, item) for row in found for item in evidence_items(json.loads(row.body))]
        if rows:
            connection.execute(table.insert(), rows)
        after = found[-1].id


def _row(work_order_id: str, item: Any) -> dict[str, Any]:  # Any: an EvidenceItem of today; column values
    names = ("kind", "item_id", "person_id", "at", "state", "weak", "reasons")
    return {"work_order_id": work_order_id} | {name: getattr(item, name) for name in names}
