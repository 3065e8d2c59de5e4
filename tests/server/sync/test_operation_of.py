"""A line as the operation that it is."""

from __future__ import annotations

from datetime import datetime

import pytest

from server.documents.operation import Actor
from server.sync.ledgers.line import Line, parse_line
from server.sync.operations.apply_document import operation_of
from server.sync.operations.merge import merge_field
from tests.server.documents.test_apply_vectors import bounds_at
from tests.server.sync.phone import Phone, new_id

FORMER, NOW = "0190a000-0000-7000-8000-00000000000a", "0190a000-0000-7000-8000-00000000000b"
AT = "2026-11-24T01:01:00.000Z"


@pytest.fixture(autouse=True)
def in_app() -> None:
    """No server is needed."""


def line_of(kind: str) -> Line:
    """A line of this kind."""
    phone = Phone(new_id())
    phone.now = datetime.fromisoformat(AT)
    phone.write(kind, new_id(), {}, seen=7)
    line = parse_line(phone.lines[0])
    assert isinstance(line, Line)
    return line


def test_an_operation_has_all_that_its_line_says_and_what_was_found_for_it() -> None:
    line, actor, bounds = line_of("order.plan"), Actor(NOW, "supervisor", "office", new_id()), bounds_at(AT)
    operation = operation_of(line, {"changes": {}}, actor, bounds, 9, {"deadlines": {}})
    assert (operation.id, operation.kind, operation.target) == (line.id, "order.plan", line.target)
    assert (operation.data, operation.actor, operation.seen) == ({"changes": {}}, actor, 7)
    assert (operation.at, operation.wall, operation.bounds) == (AT, line.at.wall, bounds)
    assert (operation.version, operation.merge, operation.inputs) == (9, merge_field, {"deadlines": {}})


@pytest.mark.parametrize(("kind", "meant"), [("order.plan", NOW), ("flag.settle", NOW), ("order.recall", FORMER)])
def test_a_former_id_means_who_they_are_now_but_in_a_sealed_copy(kind: str, meant: str) -> None:
    actor, data = Actor(NOW, "supervisor", "office", new_id()), {"by": FORMER, "people": [FORMER, NOW]}
    operation = operation_of(line_of(kind), data, actor, bounds_at(AT), 9, {"former_people": {FORMER: NOW}})
    assert operation.data == {"by": meant, "people": [meant, NOW]}
    assert operation_of(line_of(kind), data, actor, bounds_at(AT), 9, {}).data == data
