"""How two changes of one field meet."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.sync.operations.lines import differing_ranges
from server.sync.operations.merge import MOST_LINES, merge_field, merge_text, same
from tests.vector_cases import cases

texts = st.lists(st.sampled_from(["", "a", "b", "c", "d"]), max_size=8).map("\n".join)
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
    max_leaves=5,
)


@pytest.fixture(autouse=True)
def in_app() -> None:
    """No server is needed."""


@pytest.mark.parametrize(("given_", "expected"), cases("merge"))
def test_a_change_meets_the_current_value(given_: dict[str, Any], expected: dict[str, Any]) -> None:
    merged = merge_field(given_["was"], given_["now"], given_["current"])
    assert (merged.result, merged.value) == (expected["result"], expected["value"])
    assert type(merged.value) is type(expected["value"])


@given(values, values)
def test_nobody_else_changed_it_so_it_is_taken(was: Any, now: Any) -> None:
    merged = merge_field(was, now, was)
    assert merged.result == "applied"
    assert same(merged.value, now)


@given(values, values, values)
def test_only_a_conflict_leaves_something_out_and_then_the_earlier_stays(was: Any, now: Any, current: Any) -> None:
    merged = merge_field(was, now, current)
    if merged.result == "conflict":
        assert same(merged.value, current)


@given(texts, texts, texts)
def test_it_does_not_matter_who_came_first(base: str, one: str, other: str) -> None:
    assert merge_text(base, one, other) == merge_text(base, other, one)


@given(texts, texts)
def test_a_text_merges_with_its_unchanged_base(base: str, changed: str) -> None:
    assert merge_text(base, changed, base) == changed


@given(texts, st.lists(st.sampled_from(["new", "more"]), min_size=1), st.lists(st.just("above"), min_size=1))
def test_lines_added_at_both_ends_are_all_kept(base: str, below: list[str], above: list[str]) -> None:
    merged = merge_text(f"first\n{base}\nlast", "\n".join(["first", base, "last", *below]),
                        "\n".join([*above, "first", base, "last"]))  # fmt: skip
    assert merged == "\n".join([*above, "first", base, "last", *below])


@given(st.lists(st.sampled_from("abc"), max_size=8), st.lists(st.sampled_from("abc"), max_size=8))
def test_what_differs_and_what_is_equal_make_up_both_texts(base: list[str], other: list[str]) -> None:
    ranges = differing_ranges(base, other)
    assert ranges is not None
    made: list[str] = []
    position = 0
    for start, end, first, last in ranges:
        assert (start, first) != (end, last)
        made += base[position:start] + other[first:last]
        position = end
    assert made + base[position:] == other
    assert sum(end - start for start, end, _, _ in ranges) == len(base) - _longest_in_common(base, other)


def _longest_in_common(base: list[str], other: list[str]) -> int:
    if not base or not other:
        return 0
    if base[0] == other[0]:
        return 1 + _longest_in_common(base[1:], other[1:])
    return max(_longest_in_common(base[1:], other), _longest_in_common(base, other[1:]))


def test_a_text_of_many_lines_becomes_a_conflict_instead_of_a_long_wait() -> None:
    base = "\n" * MOST_LINES
    assert merge_field(base, f"{base}a", f"b{base}").result == "conflict"
