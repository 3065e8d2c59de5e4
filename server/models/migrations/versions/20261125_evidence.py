"""What later evidence is compared with: where people were seen, and how signatures were drawn.

What was recorded before stays out of it: hints begin with what comes in from here on.

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-25
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

POSITION = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make both tables, empty."""
    op.create_table(
        "sighting",
        sa.Column("id", POSITION, autoincrement=True, nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("fixed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sighting_person_id_person")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_sighting_device_id_device")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sighting")),
        sa.UniqueConstraint("operation_id", name=op.f("uq_sighting_operation_id")),
    )
    op.create_index("ix_sighting_person", "sighting", ["person_id", "id"])
    op.create_index("ix_sighting_digits", "sighting", ["person_id", "latitude", "longitude"])
    op.create_table(
        "signature_strokes",
        sa.Column("id", POSITION, autoincrement=True, nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("work_order_id", sa.String(length=36), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature_strokes")),
        sa.UniqueConstraint("operation_id", name=op.f("uq_signature_strokes_operation_id")),
    )
    op.create_index("ix_signature_strokes_digest", "signature_strokes", ["digest"])


def downgrade() -> None:
    """Only for development: hints that were given stay in the documents."""
    op.drop_table("signature_strokes")
    op.drop_table("sighting")
