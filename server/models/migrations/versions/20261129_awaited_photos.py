"""Photo records whose content is still to come are found at once, by whom they are of and since when they wait.

Revision ID: 0013
Revises: 0012
Create Date: 2026-11-29

"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

LINK = sa.table("photo_link", *map(sa.column, ("work_order_id", "photo_id", "awaited_since")))
ROW = sa.table("evidence_row", *map(sa.column, ("work_order_id", "kind", "item_id", "at", "state", "weak")))


def upgrade() -> None:
    """When a record came was not noted: those of before wait since they were made."""
    op.add_column("photo_link", sa.Column("awaited_since", sa.DateTime(timezone=True), nullable=True))
    awaited = sa.and_(ROW.c.kind == "photo", ROW.c.weak, ROW.c.state.in_(("missing", "preview")))
    same = sa.and_(ROW.c.work_order_id == LINK.c.work_order_id, ROW.c.item_id == LINK.c.photo_id)
    made = sa.select(ROW.c.at).where(awaited, same).scalar_subquery()
    keys = sa.select(ROW.c.work_order_id, ROW.c.item_id).where(awaited)
    links = sa.tuple_(LINK.c.work_order_id, LINK.c.photo_id).in_(keys)
    op.get_bind().execute(sa.update(LINK).where(links).values(awaited_since=made))
    op.create_index(
        "ix_photo_link_awaited",
        "photo_link",
        ["person_id", "awaited_since"],
        sqlite_where=sa.text("awaited_since IS NOT NULL"),
        postgresql_where=sa.text("awaited_since IS NOT NULL"),
    )


def downgrade() -> None:
    """It follows from the documents: nothing is lost."""
    op.drop_index("ix_photo_link_awaited", "photo_link")
    op.drop_column("photo_link", "awaited_since")
