"""A session has a name of its own and says in which browser it began, so that its person can tell it from others.

Revision ID: 0010
Revises: 0009
Create Date: 2026-11-29
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from uuid_utils import uuid7

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SESSIONS = sa.table("session_token", sa.column("token_hash", sa.String), sa.column("id", sa.String))


def upgrade() -> None:
    """Every session that is there gets an id; in which browser it began nobody knows any more."""
    op.add_column("session_token", sa.Column("id", sa.String(length=36), nullable=True))
    op.add_column("session_token", sa.Column("browser", sa.String(length=64), nullable=True))
    connection = op.get_bind()
    for token in connection.execute(sa.select(SESSIONS.c.token_hash)).scalars().all():
        connection.execute(sa.update(SESSIONS).where(SESSIONS.c.token_hash == token).values(id=str(uuid7())))
    with op.batch_alter_table("session_token") as batch:
        batch.alter_column("id", existing_type=sa.String(length=36), nullable=False)
    op.create_index(op.f("ix_session_token_id"), "session_token", ["id"], unique=True)


def downgrade() -> None:
    """Drop both; whoever is signed in stays so."""
    op.drop_index(op.f("ix_session_token_id"), "session_token")
    op.drop_column("session_token", "browser")
    op.drop_column("session_token", "id")
