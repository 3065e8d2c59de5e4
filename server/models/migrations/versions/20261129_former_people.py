"""Ids that people had before a restore, and ledgers that only a phone still has.

Revision ID: 0014
Revises: 0013
Create Date: 2026-11-29

"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

WHY = ("unknown_person", "account_closed", "gap", "fork", "own_hand", "orders")


def upgrade() -> None:
    """Two tables that nothing stands in yet."""
    # Lists are ordered by it: by its bytes, as SQLite does it, whatever language PostgreSQL speaks.
    username = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")
    op.create_table(
        "former_person",
        sa.Column("former", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_former_person_person_id_person")),
        sa.PrimaryKeyConstraint("former", name=op.f("pk_former_person")),
    )
    op.create_index(op.f("ix_former_person_person_id"), "former_person", ["person_id"])
    op.create_table(
        "stranded_ledger",
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("device_name", sa.String(128), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("username", username, nullable=False),
        sa.Column("why", sa.String(16), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("photos", sa.Integer(), nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("told_by", sa.String(length=36), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.String(length=36), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"why IN {WHY}", name=op.f("ck_stranded_ledger_why")),
        sa.ForeignKeyConstraint(["told_by"], ["person.id"], name=op.f("fk_stranded_ledger_told_by_person")),
        sa.ForeignKeyConstraint(["claimed_by"], ["person.id"], name=op.f("fk_stranded_ledger_claimed_by_person")),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_stranded_ledger")),
    )
    op.create_index(op.f("ix_stranded_ledger_told_by"), "stranded_ledger", ["told_by"])


def downgrade() -> None:
    """Who had another id before is forgotten: the lines of the administrators stay in the journal."""
    op.drop_table("stranded_ledger")
    op.drop_table("former_person")
