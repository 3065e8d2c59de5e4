"""By what orders, customers, sites and assets are found, folded, in a column of each.

Revision ID: 0015
Revises: 0014
Create Date: 2026-11-30
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

from server.rules.search import findable, texts_of_asset, texts_of_customer, texts_of_order, texts_of_site

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

AT_A_TIME = 200
Texts = Callable[[Mapping[str, Any]], list[str | None]]  # Any: column values
FILES: Final[Mapping[str, tuple[Texts, tuple[str, ...]]]] = {
    "customer": (texts_of_customer, ("number", "name", "contact_name")),
    "site": (texts_of_site, ("number", "name", "address")),
    "asset": (texts_of_asset, ("number", "name", "brand", "model", "serial")),
}


def upgrade() -> None:
    """Add the columns, and fill them from what is there."""
    connection = op.get_bind()
    for name in ("work_order", *FILES):
        op.add_column(name, sa.Column("words", sa.Text(), nullable=False, server_default=""))
    for name, (texts, columns) in FILES.items():
        table = sa.table(name, sa.column("id"), *map(sa.column, columns))
        for rows in _portions(connection, sa.select(table), table.c.id):
            _fill(connection, name, [(row.id, findable(texts(row._mapping))) for row in rows])
    document = sa.table("document", sa.column("type"), sa.column("id"), sa.column("body"))
    orders = sa.select(document.c.id, document.c.body).where(document.c.type == "work_order")
    for rows in _portions(connection, orders, document.c.id):
        _fill(connection, "work_order", [(row.id, findable(texts_of_order(json.loads(row.body)))) for row in rows])


def downgrade() -> None:
    """What is in them follows from the rest: nothing is lost."""
    for name in ("work_order", *FILES):
        op.drop_column(name, "words")


def _portions(connection: sa.Connection, statement: Any, identity: Any) -> Iterator[Any]:  # Any: Core's untyped columns
    """A few hundred rows at a time: there may be a hundred thousand."""
    after = ""
    while rows := connection.execute(statement.where(identity > after).order_by(identity).limit(AT_A_TIME)).all():
        yield rows
        after = rows[-1].id


def _fill(connection: sa.Connection, name: str, found: list[tuple[str, str]]) -> None:
    table = sa.table(name, sa.column("id"), sa.column("words"))
    statement = sa.update(table).where(table.c.id == sa.bindparam("row")).values(words=sa.bindparam("found"))
    connection.execute(statement, [{"row": identity, "found": words} for identity, words in found])
