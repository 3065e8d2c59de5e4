"""A seal is over values: what a browser has read and written again is the same document."""

from __future__ import annotations

import hmac
import json
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st

from server.sync.ledgers.seal import Sealer

SEALER: Final = Sealer.of("a secret for tests only")
NUMBERS = st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False) | st.integers().map(float)
TEXTS = st.text(max_size=8) | st.sampled_from(["2.0,", "[25.0]", "1234567890123456", '"a":3.0}'])
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def of_a_browser(value: Any) -> Any:  # Any: JSON
    """The value after a browser had it: numbers are all of one kind there."""
    match value:
        case bool() | None | str():
            return value
        case int() | float():
            exact = float(value)
            return int(exact) if exact.is_integer() and abs(exact) < 2**53 else exact
        case list():
            return [of_a_browser(each) for each in value]
    return {name: of_a_browser(each) for name, each in value.items()}


@given(st.dictionaries(TEXTS, VALUES, max_size=4))
def test_what_a_browser_gives_back_fits_the_seal(body: dict[str, Any]) -> None:
    assert SEALER.fits(SEALER.seal("lamp", "order", 3, body), "lamp", "order", 3, of_a_browser(body))


@given(st.dictionaries(TEXTS, VALUES, max_size=4), TEXTS)
def test_another_document_does_not(body: dict[str, Any], name: str) -> None:
    other = body | {name: "changed" if body.get(name) != "changed" else None}
    assert not SEALER.fits(SEALER.seal("lamp", "order", 3, body), "lamp", "order", 3, other)


def before_types(identity: str, version: int, body: dict[str, Any]) -> str:
    """A seal as servers made them that knew one type: HMAC over id, version and body, written here once more."""
    text = json.dumps([identity, version, body], ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hmac.new(SEALER.key, text.encode(), "sha256").hexdigest()


def test_a_seal_is_good_for_its_type_alone() -> None:
    body = {"name": "Cellar"}
    seal = SEALER.seal("lamp", "one", 3, body)
    assert SEALER.fits(seal, "lamp", "one", 3, body)
    assert not SEALER.fits(seal, "work_order", "one", 3, body)
    assert not SEALER.fits(seal, "work_order", "one", 3, body, untyped=True)


def test_a_seal_from_before_types_is_good_only_where_there_were_such() -> None:
    body = {"name": "Cellar"}
    seal = before_types("one", 3, body)
    assert SEALER.fits(seal, "work_order", "one", 3, body, untyped=True)
    assert not SEALER.fits(seal, "work_order", "one", 4, body, untyped=True)
    assert not SEALER.fits(seal, "lamp", "one", 3, body)
