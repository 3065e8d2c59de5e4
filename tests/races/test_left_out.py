"""Every lock of the database has a test that fails without it (left_out.py, found_by.py), or a reason to have none."""

from __future__ import annotations

from tests.races.found_by import FOUND_BY, KEPT_ALL_THE_SAME
from tests.races.left_out import places


def test_each_place_that_asks_for_a_lock_is_known() -> None:
    assert sorted({*FOUND_BY, *KEPT_ALL_THE_SAME}) == places()


def test_no_place_has_both_a_test_and_a_reason_to_have_none() -> None:
    assert FOUND_BY.keys() & KEPT_ALL_THE_SAME.keys() == set()
