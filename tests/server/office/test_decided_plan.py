"""Of a million lines that were decided, and as many photos, a page and the housekeeping read a few."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, true

from server.database import writing
from server.office.queries import held_queries
from server.photos.dropping import _note_dropped
from server.services import utc_now
from tests.server.office.scene import Scene


def plan(connection: Connection, asked: list[Any]) -> str:
    """How the database would carry out the last statement that was asked, with tables too large to be read whole."""
    statement, parameters = asked[-1]
    explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    if connection.dialect.name != "sqlite":
        for way in ("enable_seqscan", "enable_sort", "enable_bitmapscan"):
            connection.exec_driver_sql(f"SET LOCAL {way} = off")
    return "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"{explain} {statement}", parameters))


@pytest.mark.parametrize("after", [None, "2026-11-29T08:00:00+00:00~7"])
def test_what_was_decided_last_is_read_by_an_index_in_its_order(scene: Scene, after: str | None) -> None:
    asked: list[Any] = []
    with writing() as connection:
        event.listen(connection, "before_cursor_execute", lambda *told: asked.append(told[2:4]))
        held_queries.decided(connection, after, 50, true())
        found = plan(connection, asked[:1])
    assert "ix_held_line_decided_at" in found and "TEMP B-TREE" not in found and "Sort" not in found, found


def test_what_is_dropped_is_found_by_an_index(scene: Scene) -> None:
    asked: list[Any] = []
    with writing() as connection:
        event.listen(connection, "before_cursor_execute", lambda *told: asked.append(told[2:4]))
        _note_dropped(connection, utc_now() + timedelta(days=60))
        changes = [each for each in asked if each[0].startswith("UPDATE photo_content")]
        plans = [plan(connection, [each]) for each in changes]
    assert len(plans) == 2, "what a wrong clock has dated, and what is old"
    assert all("ix_photo_content_state" in found for found in plans), plans
