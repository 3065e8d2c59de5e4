"""What becomes of held lines, and the seal of work orders.

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-24
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

POSITION = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table, and let everything wait in it that was held until now."""
    op.create_table(
        "held_line",
        sa.Column("position", POSITION, autoincrement=False, nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=True),
        sa.Column("target", sa.String(length=36), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.String(length=36), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'applied', 'dismissed')", name=op.f("ck_held_line_state")),
        sa.ForeignKeyConstraint(
            ["position"], ["journal_line.position"], name=op.f("fk_held_line_position_journal_line")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_held_line_decided_by_person")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_held_line")),
    )
    op.create_index("ix_held_line_operation_id", "held_line", ["operation_id"])
    op.create_index("ix_held_line_state", "held_line", ["state", "position"])
    op.create_index("ix_held_line_target", "held_line", ["target", "state"])
    op.execute(
        "INSERT INTO held_line (position, operation_id, target, state, reason, detail)"
        " SELECT position, operation_id, document_id, 'waiting', reason, detail FROM journal_line"
        " WHERE status = 'held' AND NOT repeated"
    )
    with op.batch_alter_table("document") as table:
        table.add_column(sa.Column("seal", sa.String(length=64), nullable=True))


def downgrade() -> None:
    """Only for development: decisions about held lines would be lost."""
    with op.batch_alter_table("document") as table:
        table.drop_column("seal")
    op.drop_table("held_line")
