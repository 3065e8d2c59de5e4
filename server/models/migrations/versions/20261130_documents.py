"""People, photos and evidence belong to a document, whatever its type; ids are unique over all types that are targets.

Revision ID: 0017
Revises: 0016
Create Date: 2026-11-30
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID: Final = sa.String(length=36)
TYPE: Final = sa.String(length=16)
# As it was when this was written.
TARGETS: Final = "type NOT IN ('checklist', 'held', 'part', 'person', 'rules')"
AWAITED: Final = "awaited_since IS NOT NULL"
PERSON: Final = ("person_id", "sees", "assignee")
LINK: Final = ("photo_id", "sha256", "person_id", "awaited_since")
ROW: Final = ("kind", "item_id", "person_id", "at", "state", "weak", "reasons")
STROKES: Final = ("id", "operation_id", "digest", "signed_at")


def upgrade() -> None:
    """What is there is of work orders: until now there was no other type."""
    _move("work_order_person", "document_person", PERSON, _people, to_type=True)
    _move("photo_link", "photo_link", LINK, _links, to_type=True)
    _move("evidence_row", "evidence_row", ROW, _rows, to_type=True)
    _move("signature_strokes", "signature_strokes", STROKES, _strokes, to_type=True)
    op.create_index(
        "ix_document_target",
        "document",
        ["id"],
        unique=True,
        sqlite_where=sa.text(TARGETS),
        postgresql_where=sa.text(TARGETS),
    )


def downgrade() -> None:
    """Rows of other types would be lost: there are none that an earlier version knows."""
    op.drop_index("ix_document_target", "document")
    _move("document_person", "work_order_person", PERSON, _people, to_type=False)
    _move("photo_link", "photo_link", LINK, _links, to_type=False)
    _move("evidence_row", "evidence_row", ROW, _rows, to_type=False)
    _move("signature_strokes", "signature_strokes", STROKES, _strokes, to_type=False)


def _move(
    before: str, after: str, columns: tuple[str, ...], create: Callable[[str, bool], None], *, to_type: bool
) -> None:
    """Copy a table into its new shape by way of one without a name of its own: neither database lets a primary key or
    a column's reference be changed in place, and names of indexes are taken until the old one is gone."""
    names = ", ".join(f'"{name}"' for name in columns)
    was, now = ("work_order_id", "document_id") if to_type else ("document_id", "work_order_id")
    op.execute(f"CREATE TABLE moved AS SELECT {was}, {names} FROM {before}")
    op.drop_table(before)
    create(after, to_type)
    typed = ("document_type, ", "'work_order', ") if to_type else ("", "")
    op.execute(f"INSERT INTO {after} ({typed[0]}{now}, {names}) SELECT {typed[1]}{was}, {names} FROM moved")
    op.drop_table("moved")


def _document(table: str, to_type: bool) -> list[sa.schema.SchemaItem]:
    """The columns by which a row belongs to its document, and the reference."""
    if not to_type:
        name = op.f(f"fk_{table}_work_order_id_work_order")
        of_order = sa.ForeignKeyConstraint(["work_order_id"], ["work_order.id"], name=name)
        return [sa.Column("work_order_id", ID, nullable=False), of_order]
    name = op.f(f"fk_{table}_document_type_document")
    reference = (["document_type", "document_id"], ["document.type", "document.id"])
    columns: list[sa.schema.SchemaItem] = [
        sa.Column("document_type", TYPE, nullable=False),
        sa.Column("document_id", ID, nullable=False),
    ]
    return [*columns, sa.ForeignKeyConstraint(*reference, name=name)]


def _of(to_type: bool) -> str:
    return "document_id" if to_type else "work_order_id"


def _people(table: str, to_type: bool) -> None:
    op.create_table(
        table,
        *_document(table, to_type),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("sees", sa.Boolean(), nullable=False),
        sa.Column("assignee", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f(f"fk_{table}_person_id_person")),
        sa.PrimaryKeyConstraint(_of(to_type), "person_id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_person_id"), table, ["person_id"])


def _links(table: str, to_type: bool) -> None:
    op.create_table(
        table,
        *_document(table, to_type),
        sa.Column("photo_id", ID, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("awaited_since", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_photo_link_person_id_person")),
        sa.PrimaryKeyConstraint(_of(to_type), "photo_id", name=op.f("pk_photo_link")),
    )
    op.create_index("ix_photo_link_sha256", table, ["sha256"])
    op.create_index(
        "ix_photo_link_awaited",
        table,
        ["person_id", "awaited_since"],
        sqlite_where=sa.text(AWAITED),
        postgresql_where=sa.text(AWAITED),
    )


def _rows(table: str, to_type: bool) -> None:
    op.create_table(
        table,
        *_document(table, to_type),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("weak", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.String(length=240), nullable=False),
        sa.PrimaryKeyConstraint(_of(to_type), "kind", "item_id", name=op.f("pk_evidence_row")),
    )
    op.create_index("ix_evidence_row_weak", table, ["weak", "at", _of(to_type), "kind", "item_id"])
    op.create_index("ix_evidence_row_kind", table, ["kind", "weak", "at"])
    op.create_index("ix_evidence_row_person", table, ["person_id", "kind", "at"])
    op.create_index("ix_evidence_row_person_weak", table, ["person_id", "weak", "at"])


def _strokes(table: str, to_type: bool) -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    typed = [sa.Column("document_type", TYPE, nullable=False)] if to_type else []
    op.create_table(
        table,
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("operation_id", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        *typed,
        sa.Column(_of(to_type), ID, nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature_strokes")),
        sa.UniqueConstraint("operation_id", name=op.f("uq_signature_strokes_operation_id")),
    )
    op.create_index(op.f("ix_signature_strokes_digest"), table, ["digest"])
    if op.get_bind().dialect.name == "postgresql":
        # Numbers go on after the highest that is there.
        last = "(SELECT COALESCE(MAX(id), 0) + 1 FROM moved)"
        op.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last}, false)")
