"""What was decided, and what was refused, is found by when: without looking at every line and every photo.

Revision ID: 0011
Revises: 0010
Create Date: 2026-11-29
"""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the indexes."""
    op.create_index("ix_held_line_decided_at", "held_line", ["decided_at", "position"])
    op.create_index("ix_photo_content_state", "photo_content", ["state", "stored_at"])


def downgrade() -> None:
    """The same rows are found, more slowly."""
    op.drop_index("ix_photo_content_state", "photo_content")
    op.drop_index("ix_held_line_decided_at", "held_line")
