"""Lists by keyset: a page says where the next one begins, whatever was added meanwhile."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Any, Final, TypedDict, TypeVar

from apiflask import Schema
from apiflask.fields import Integer, String
from marshmallow.validate import Length, Range
from sqlalchemy import Row, Select

from server.problems import Problem

LARGEST_PAGE: Final = 500
USUAL_PAGE: Final = 100

Found = TypeVar("Found")
AnyRow = Row[*tuple[Any, ...]]  # Any: the columns are named where they are read
AnySelect = Select[*tuple[Any, ...]]  # Any: as above


class PageQuery(Schema):
    """Which page of a list."""

    limit = Integer(
        load_default=USUAL_PAGE,
        validate=Range(min=1, max=LARGEST_PAGE),
        metadata={"description": "How many items at most."},
    )
    cursor = String(
        load_default=None,
        validate=Length(max=512),
        metadata={"description": "`next` of the page before; absent for the first page."},
    )


class Page(TypedDict):
    """One page as it is sent."""

    items: list[dict[str, Any]]  # Any: JSON of the resource
    next: str | None


def read_cursor(cursor: str | None, *types: type) -> list[Any] | None:  # Any: of the types asked for
    """The keys after which a page begins, None for the first; raises Problem `bad_cursor`."""
    if cursor is None or cursor == "":
        return None
    try:
        keys = json.loads(urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError) as error:
        raise Problem("bad_cursor") from error
    if not isinstance(keys, list) or [type(key) for key in keys] != list(types):
        raise Problem("bad_cursor")
    if any(isinstance(key, str) and not _storable(key) for key in keys):
        raise Problem("bad_cursor")
    if any(isinstance(key, int) and abs(key) >= 2**53 for key in keys):
        raise Problem("bad_cursor")
    return keys


def page(
    found: Sequence[Found],
    limit: int,
    shown: Callable[[Found], dict[str, Any]],  # Any: JSON
    keys: Callable[[Found], list[object]],
) -> Page:
    """A page of the first `limit` of `found`, which holds one more where there is a next page."""
    items = found[:limit]
    more = len(found) > limit
    return {
        "items": [shown(item) for item in items],
        "next": write_cursor(keys(items[-1])) if more and items else None,
    }


def write_cursor(keys: list[object]) -> str:
    """An opaque text that `read_cursor` understands."""
    raw = json.dumps(keys, separators=(",", ":")).encode()
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _storable(value: str) -> bool:
    return "\0" not in value and not any(0xD800 <= ord(character) <= 0xDFFF for character in value)
