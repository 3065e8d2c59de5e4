"""Orders and customers are found by their telephone numbers, however these are written; orders are sorted by deadline.

Revision ID: 0016
Revises: 0015
Create Date: 2026-11-30
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from server.rules.search import findable, texts_of_customer, texts_of_order

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

AT_A_TIME = 200


def upgrade() -> None:
    """Make `words` again where a telephone number may be among them."""
    connection = op.get_bind()
    op.create_index("ix_work_order_due", "work_order", ["arrive_by", "id"])
    columns = ("id", "words", "number", "name", "contact_name", "phone")
    customer = sa.table("customer", *map(sa.column, columns))
    with_phone = sa.select(customer).where(customer.c.phone.is_not(None))
    for rows in _portions(connection, with_phone, customer.c.id):
        _fill(connection, "customer", [(row, findable(texts_of_customer(row._mapping))) for row in rows])
    document = sa.table("document", *map(sa.column, ("type", "id", "body")))
    order = sa.table("work_order", *map(sa.column, ("id", "words")))
    orders = sa.select(order, document.c.body).join(
        document, sa.and_(document.c.type == "work_order", document.c.id == order.c.id)
    )
    for rows in _portions(connection, orders, order.c.id):
        _fill(connection, "work_order", [(row, findable(texts_of_order(json.loads(row.body)))) for row in rows])


def downgrade() -> None:
    """What was before finds by them too, if by less."""
    op.drop_index("ix_work_order_due", "work_order")


def _portions(connection: sa.Connection, statement: Any, identity: Any) -> Iterator[Any]:  # Any: Core's untyped columns
    """A few hundred rows at a time: there may be a hundred thousand."""
    after = ""
    while rows := connection.execute(statement.where(identity > after).order_by(identity).limit(AT_A_TIME)).all():
        yield rows
        after = rows[-1].id


def _fill(connection: sa.Connection, name: str, found: list[tuple[Any, str]]) -> None:  # Any: rows
    """Write what is another now."""
    table = sa.table(name, sa.column("id"), sa.column("words"))
    statement = sa.update(table).where(table.c.id == sa.bindparam("row")).values(words=sa.bindparam("found"))
    changed = [{"row": row.id, "found": words} for row, words in found if words != row.words]
    if changed:
        connection.execute(statement, changed)
