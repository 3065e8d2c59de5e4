"""What the replay of one order reads: its own lines, by an index, however long the journal is."""

from __future__ import annotations

import re
from typing import Any, Final

from sqlalchemy import Connection, event, insert, select

from server.database import writing
from server.models import FormerPerson, JournalLine
from server.sync.exchange.replay import replayed
from tests.server.sync.conftest import Office
from tests.server.sync.phone import Phone

LINES: Final = 20_000


def test_lines_of_one_order_are_found_without_looking_through_the_journal(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    with writing() as connection, connection.begin_nested() as undone:
        _lengthen(connection)
        lines = _plan(connection, order)
        undone.rollback()
    read = [at for at, step in enumerate(lines) if re.search(r"Scan .*on journal_line", step)]
    assert not any("SCAN journal_line" in step for step in lines), "\n".join(lines)
    assert read == [at for at in read if "Cond:" in lines[at + 1]], "\n".join(lines)


def _lengthen(connection: Connection) -> None:
    """Many lines of other orders, and what the database then knows of its tables."""
    row = dict(connection.execute(select(JournalLine.__table__).limit(1)).mappings().one())
    del row["position"]
    other: dict[str, Any] = row | {"took_id": None}
    rows = [other | {"seq": 1000 + at, "operation_id": f"o{at}", "document_id": f"d{at % 999}"} for at in range(LINES)]
    connection.execute(insert(JournalLine), rows)
    connection.execute(insert(FormerPerson), [{"former": "f", "person_id": row["person_id"]}])
    connection.exec_driver_sql("ANALYZE")


def _plan(connection: Connection, order: str) -> list[str]:
    asked: list[Any] = []
    event.listen(connection, "before_cursor_execute", lambda *told: asked.append(told[2:4]))
    assert replayed(connection, order)["number"]
    statement, parameters = asked[0]
    explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    return [str(each[-1]) for each in connection.exec_driver_sql(f"{explain} {statement}", parameters)]
