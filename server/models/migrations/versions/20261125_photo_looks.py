"""How photos look, and which of them look alike. Photos that are here already are looked at after the start.

Revision ID: 0005
Revises: 0004
Create Date: 2026-11-25
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

POSITION = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; how a photo looks follows from its pixels, which are not in the database."""
    op.create_table(
        "photo_look",
        sa.Column("number", POSITION, autoincrement=True, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("gradients", sa.String(length=64), nullable=True),
        sa.Column("details", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_photo_look")),
        sa.UniqueConstraint("sha256", name=op.f("uq_photo_look_sha256")),
    )
    op.create_table(
        "photo_band",
        sa.Column("band", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", POSITION, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["number"], ["photo_look.number"], name=op.f("fk_photo_band_number_photo_look")),
        sa.PrimaryKeyConstraint("band", "number", name=op.f("pk_photo_band")),
    )
    op.create_table(
        "photo_alike",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("other_sha256", sa.String(length=64), nullable=False),
        sa.Column("bits", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", "other_sha256", name=op.f("pk_photo_alike")),
    )


def downgrade() -> None:
    """All of it can be made again."""
    for table in ("photo_alike", "photo_band", "photo_look"):
        op.drop_table(table)
