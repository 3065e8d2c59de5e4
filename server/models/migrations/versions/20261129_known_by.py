"""How it is known whose a device is, and which batches came in a file.

A device that only a file had named was never heard of by itself; a batch from a file says nothing of clocks.

Revision ID: 0007
Revises: 0006
Create Date: 2026-11-29
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, filled for what is there."""
    known_by = sa.Column("known_by", sa.String(length=8), nullable=False, server_default="session")
    op.add_column("device", known_by)
    op.execute(
        "UPDATE device SET known_by = 'file' WHERE kind = 'phone' AND last_seen_at IS NULL AND revoked_at IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM session_token WHERE session_token.device_id = device.id)"
    )
    op.add_column("batch", sa.Column("handed_in", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("batch", sa.Column("brought_by", sa.String(length=36), nullable=True))
    op.execute("UPDATE batch SET handed_in = (1 = 1) WHERE sent = 'null'")


def downgrade() -> None:
    """Forget it; what is held stays held."""
    op.drop_column("batch", "brought_by")
    op.drop_column("batch", "handed_in")
    op.drop_column("device", "known_by")
