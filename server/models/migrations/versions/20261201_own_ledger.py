"""The server writes too: a ledger of its own, and lines in it, are no person's.

Revision ID: 0018
Revises: 0017
Create Date: 2026-12-01
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TABLES: Final = ("device", "journal_line")
OWN: Final = "kind = 'system'"
WRITES: Final = "kind = 'system' AND revoked_at IS NULL"


def upgrade() -> None:
    """Whose a ledger is may be left open; the server has one ledger at most into which it writes."""
    _allow(nothing=True)
    op.create_index("ix_device_system", "device", ["kind"], unique=True, sqlite_where=sa.text(WRITES),
                    postgresql_where=sa.text(WRITES))  # fmt: skip


def downgrade() -> None:
    """What the server wrote would be nobody's: it stays away from a database in which it has written."""
    if op.get_bind().execute(sa.text(f"SELECT 1 FROM device WHERE {OWN}")).first() is not None:
        raise RuntimeError("The server has written lines of its own, which an earlier version does not understand.")
    op.drop_index("ix_device_system", "device")
    _allow(nothing=False)


def _allow(*, nothing: bool) -> None:
    """Let `person_id` be null, or no longer.

    SQLite cannot say so of a column that is there. Copying a journal would take long, and it is what must not be
    touched; so the text of the two tables is changed, as SQLite's own documentation does it for what changes nothing
    of what is stored ("Making Other Kinds Of Table Schema Changes").
    """
    if op.get_bind().dialect.name != "sqlite":
        for table in TABLES:
            op.alter_column(table, "person_id", existing_type=sa.String(length=36), nullable=nothing)
        return
    was, now = "person_id VARCHAR(36) NOT NULL", "person_id VARCHAR(36)"
    if not nothing:
        was, now = f"{now},", f"{was},"
    connection = op.get_bind()
    version = connection.execute(sa.text("PRAGMA schema_version")).scalar_one()
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    for table in TABLES:
        changed = connection.execute(
            sa.text(
                "UPDATE sqlite_schema SET sql = replace(sql, :was, :now) "
                "WHERE type = 'table' AND name = :table AND instr(sql, :was) > 0"
            ),
            {"was": was, "now": now, "table": table},
        )
        if changed.rowcount != 1:
            raise RuntimeError(f"The table {table} is not as it was made.")
    connection.execute(sa.text(f"PRAGMA schema_version = {version + 1}"))
    connection.execute(sa.text("PRAGMA writable_schema = OFF"))
