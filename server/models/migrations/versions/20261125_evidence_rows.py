"""A row for every arrival, photo, signature and refusal: what is weak is found without reading every order.

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-25
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

AT_A_TIME = 200

# What was weak when these rows were made: how it is judged since must not change this migration.
IN_FAVOUR: Final = frozenset(
    {"inside", "on_time", "late", "no_deadline", "elapsed_agrees", "gps_agrees", "clock_moved_elsewhere"}
)
BY_THE_WAY: Final = frozenset({"elapsed_shorter", "gps_older", "gps_later"})
GOOD: Final = {"arrival": ("verified",), "photo": ("stored",), "signature": ("intact",), "refusal": ()}
MOST_REASONS: Final = 240


def upgrade() -> None:
    """Make the table, and fill it from the documents that are there."""
    table = op.create_table(
        "evidence_row",
        sa.Column("work_order_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("weak", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.String(length=240), nullable=False),
        sa.ForeignKeyConstraint(
            ["work_order_id"], ["work_order.id"], name=op.f("fk_evidence_row_work_order_id_work_order")
        ),
        sa.PrimaryKeyConstraint("work_order_id", "kind", "item_id", name=op.f("pk_evidence_row")),
    )
    _fill(op.get_bind(), table)
    op.create_index("ix_evidence_row_weak", "evidence_row", ["weak", "at", "work_order_id", "kind", "item_id"])
    op.create_index("ix_evidence_row_kind", "evidence_row", ["kind", "weak", "at"])
    op.create_index("ix_evidence_row_person", "evidence_row", ["person_id", "kind", "at"])
    op.create_index("ix_evidence_row_person_weak", "evidence_row", ["person_id", "weak", "at"])


def downgrade() -> None:
    """The rows follow from the documents: nothing is lost."""
    op.drop_table("evidence_row")


def _fill(connection: sa.Connection, table: sa.Table) -> None:
    """A few hundred documents at a time: there may be a hundred thousand."""
    document = sa.table("document", sa.column("type"), sa.column("id"), sa.column("body"))
    orders = sa.select(document.c.id, document.c.body).where(document.c.type == "work_order")
    after = ""
    while True:
        found = connection.execute(orders.where(document.c.id > after).order_by(document.c.id).limit(AT_A_TIME)).all()
        if not found:
            return
        rows = [{"work_order_id": row.id} | item for row in found for item in _items(json.loads(row.body))]
        if rows:
            connection.execute(table.insert(), rows)
        after = found[-1].id


def _items(body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:  # Any: a work order's document; column values
    for arrival in body.get("arrivals", ()):
        weak = arrival["verdict"] not in GOOD["arrival"]
        yield _item("arrival", arrival, arrival["time"]["best"], arrival["verdict"], _against(arrival) if weak else ())
    for photo in body.get("photos", ()):
        if not photo["removed"]:
            why = photo.get("rejected_because")
            yield _item("photo", photo, photo.get("at") or photo["taken_at"], photo["state"], (why,) if why else ())
    for signature in body.get("signatures", ()):
        yield _item("signature", signature, signature["time"]["best"], signature["state"], signature["differs"])
    for refusal in body.get("refusals", ()):
        yield _item("refusal", refusal, refusal["time"]["best"], refusal["reason"], ())


def _item(kind: str, record: Mapping[str, Any], at: str, state: str, reasons: Any) -> dict[str, Any]:  # Any: JSON
    return {
        "kind": kind,
        "item_id": record["id"],
        "person_id": record["by"],
        "at": _moment(at),
        "state": state,
        "weak": state not in GOOD[kind],
        "reasons": ",".join(sorted(dict.fromkeys(str(reason) for reason in reasons)))[:MOST_REASONS],
    }


def _against(arrival: Mapping[str, Any]) -> list[str]:  # Any: JSON
    codes = [str(reason["code"]) for reason in arrival["reasons"]]
    against = [code for code in codes if code not in IN_FAVOUR | BY_THE_WAY]
    if not against and arrival["time"]["grade"] == "claimed":
        against = ["time_claimed"]
    return against


def _moment(text: str) -> datetime:
    """In UTC; the beginning of all time where a phone wrote what is none."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return datetime(1970, 1, 1, tzinfo=UTC)
