"""Which line that waits somebody can let in."""

from __future__ import annotations

import pytest

from server.sync.ledgers.kinds import OF_NO_DOCUMENT
from server.sync.operations.held import APPLICABLE, can_be_let_in

ORDER = "0190e000-0000-7000-8000-000000000001"


@pytest.fixture(autouse=True)
def in_app() -> None:
    """No server is needed."""


@pytest.mark.parametrize("reason", sorted(APPLICABLE))
def test_a_readable_line_of_an_order_can_be_let_in_but_for_another_id(reason: str) -> None:
    assert can_be_let_in("note.add", ORDER, reason, {}, False)
    assert can_be_let_in("note.add", ORDER, reason, {"problem": "unknown_field"}, True)
    assert not can_be_let_in("note.add", ORDER, reason, {"problem": "id_taken"}, False)
    assert not can_be_let_in("note.add", None, reason, {}, False)
    assert not can_be_let_in("note.of_tomorrow", ORDER, reason, {}, False)
    assert not can_be_let_in(None, ORDER, reason, {}, False)


@pytest.mark.parametrize("reason", ["unreadable", "bad_anchor", "fault"])
def test_what_is_no_operation_cannot_be_let_in(reason: str) -> None:
    assert not can_be_let_in("note.add", ORDER, reason, {}, False)


def test_what_acts_for_the_office_comes_from_no_file() -> None:
    for kind, from_file in (("order.plan", False), ("order.review", False), ("order.edit", True)):
        assert can_be_let_in(kind, ORDER, "not_permitted", {}, False)
        assert can_be_let_in(kind, ORDER, "not_permitted", {}, True) == from_file, kind
    for kind in OF_NO_DOCUMENT:
        assert can_be_let_in(kind, ORDER, "not_permitted", {}, False) == (kind == "device.revoke"), kind
        assert not can_be_let_in(kind, ORDER, "not_permitted", {}, True), kind
