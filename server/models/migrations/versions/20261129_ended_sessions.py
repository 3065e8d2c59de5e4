"""Sessions that were ended say why, and a person's sign-ins have a version that ends those under way.

Revision ID: 0009
Revises: 0008
Create Date: 2026-11-29
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every session that lives goes on."""
    op.add_column("person", sa.Column("sign_in_version", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("session_token", sa.Column("ended", sa.String(length=24), nullable=True))


def downgrade() -> None:
    """Without the column, a session that was ended would live again: those go."""
    op.execute("DELETE FROM session_token WHERE ended IS NOT NULL")
    op.drop_column("session_token", "ended")
    op.drop_column("person", "sign_in_version")
