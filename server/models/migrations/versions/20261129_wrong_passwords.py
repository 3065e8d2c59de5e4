"""Wrong passwords by account and address: told to the account's owner and to the office.

Revision ID: 0008
Revises: 0007
Create Date: 2026-11-29
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; what was tried before nobody has counted."""
    op.create_table(
        "wrong_password",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("untold", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_wrong_password_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "address_hash", name=op.f("pk_wrong_password")),
    )
    op.create_index(op.f("ix_wrong_password_last_at"), "wrong_password", ["last_at"])


def downgrade() -> None:
    """Whoever was not told yet is not told."""
    op.drop_table("wrong_password")
