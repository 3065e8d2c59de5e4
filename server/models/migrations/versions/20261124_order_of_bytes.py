"""What lists are ordered by compares by bytes in PostgreSQL too, whatever language its server speaks.

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-24
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COLUMNS = (
    ("customer", "number", 32),
    ("site", "number", 32),
    ("asset", "number", 32),
    ("part", "number", 64),
    ("person", "username", 64),
    ("person", "name", 128),
)


def upgrade() -> None:
    """SQLite compares by bytes as it is."""
    _collate("C")


def downgrade() -> None:
    """Back to the database's own order."""
    _collate("default")


def _collate(collation: str) -> None:
    if op.get_context().dialect.name == "postgresql":
        for table, column, length in COLUMNS:
            op.alter_column(table, column, type_=sa.String(length, collation=collation))
