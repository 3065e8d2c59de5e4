"""A document is found by its id alone, whatever its type, by an index, however many there are."""

from __future__ import annotations

from typing import Any, Final

import pytest
from sqlalchemy import Connection, Select, insert

from server.database import writing
from server.models import Document
from server.services import utc_now
from server.sync.operations.apply_document import LOCKED
from server.sync.store.document_store import STORED, TYPE_OF
from tests.server.sync.conftest import Office
from tests.server.sync.phone import Phone

DOCUMENTS: Final = 20_000


@pytest.mark.parametrize("statement", [LOCKED, STORED, TYPE_OF], ids=["locked", "stored", "type"])
def test_an_id_alone_finds_its_document(zhang: Phone, office: Office, statement: Select[Any]) -> None:
    order = office.open(zhang.person_id)
    with writing() as connection, connection.begin_nested() as undone:
        row = {"type": "work_order", "version": 1, "body": "{}", "changed_at": utc_now()}
        connection.execute(insert(Document), [row | {"id": f"d{number}"} for number in range(DOCUMENTS)])
        connection.exec_driver_sql("ANALYZE")
        plan = _plan(connection, statement, order)
        undone.rollback()
    assert "ix_document_target" in plan, plan


def _plan(connection: Connection, statement: Select[Any], order: str) -> str:
    compiled = statement.params({"document": order}).compile(
        connection, dialect=connection.dialect, compile_kwargs={"literal_binds": True}
    )
    explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    return "\n".join(str(each[-1]) for each in connection.exec_driver_sql(f"{explain} {compiled}"))
