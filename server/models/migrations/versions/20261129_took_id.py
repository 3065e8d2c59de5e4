"""Operations: of all that come with one id at the same moment, one takes effect.

Revision ID: 0012
Revises: 0011
Create Date: 2026-11-29

"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lines from before keep null: what they bear is seen by whoever comes later."""
    op.add_column("journal_line", sa.Column("took_id", sa.Boolean(), nullable=True))
    op.create_index(
        "ix_journal_line_took_id",
        "journal_line",
        ["operation_id"],
        unique=True,
        sqlite_where=sa.text("took_id"),
        postgresql_where=sa.text("took_id"),
    )


def downgrade() -> None:
    """Removes what `upgrade` made."""
    op.drop_index("ix_journal_line_took_id", "journal_line")
    op.drop_column("journal_line", "took_id")
