"""A line: one JSON text in a ledger, read without ever being rewritten (protocol.md, "A line")."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from typing import Any, Final

from server.evidence.time_bounds import Reading
from server.rules.ids import is_id
from server.rules.instants import instant_of
from server.rules.values import storable

MAX_LINE_BYTES: Final = 64 * 1024
FIRST_PREV: Final = "0" * 64
ANCHOR: Final = "anchor"


@dataclass(frozen=True)
class Line:
    """A line that could be read. `target` and `seen` are None where the line has none."""

    v: int
    id: str
    device: str
    seq: int
    prev: str
    at: Reading
    kind: str
    target: str | None
    seen: int | None
    data: dict[str, Any]  # Any: JSON as the device wrote it; work/ validates it by kind


@dataclass(frozen=True)
class Unreadable:
    """A line that could not be read: `why` is a code, `id` the operation's id where that much was readable."""

    why: str
    id: str | None = None


def hash_of(line: bytes) -> str:
    """SHA-256 of a line's bytes, lower-case hex: the next line's `prev`."""
    return hashlib.sha256(line).hexdigest()


def prev_of(raw: bytes) -> str | None:
    """What a line says of the one before it, though the rest of it may not be readable; None where it says nothing."""
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    prev = value.get("prev") if isinstance(value, dict) else None
    return prev if isinstance(prev, str) else None


def parse_line(raw: bytes) -> Line | Unreadable:
    """Read one line of any version that was ever accepted; never raises."""
    if len(raw) > MAX_LINE_BYTES:
        return Unreadable("line_too_long")
    try:
        value = json.loads(raw, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return Unreadable("not_json")
    if not isinstance(value, dict):
        return Unreadable("not_an_object")
    identity = value.get("id")
    known_id = identity if isinstance(identity, str) and is_id(identity) else None
    if value.get("v") != 1:
        return Unreadable("unknown_version", known_id)
    try:
        return _line(value)
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError):
        return Unreadable("wrong_shape", known_id)


def _line(value: dict[str, Any]) -> Line:  # Any: JSON
    target, seen = value.get("target"), value.get("seen")
    data, kind = value["data"], value["kind"]
    fits = (
        is_id(value["id"])
        and is_id(value["device"])
        and _whole(value["seq"])
        and isinstance(value["prev"], str)
        and isinstance(kind, str)
        and 0 < len(kind) <= 64
        and isinstance(data, dict)
        and (target is None or is_id(target))
        and (seen is None or _whole(seen))
        and storable(value)
    )
    if not fits:
        raise ValueError("a field is not what the protocol says")
    return Line(
        v=1,
        id=value["id"],
        device=value["device"],
        seq=value["seq"],
        prev=value["prev"],
        at=reading(value["at"]),
        kind=kind,
        target=target,
        seen=seen,
        data=data,
    )


def reading(value: Any) -> Reading:  # Any: JSON
    """A Reading from its JSON form; raises ValueError, TypeError or KeyError where it is none."""
    wall = instant_of(value["wall"])
    mono, run = value["mono"], value["run"]
    if isinstance(mono, bool) or not isinstance(mono, int | float):
        raise ValueError("a reading needs a number")
    if not math.isfinite(mono) or not isinstance(run, str) or not 0 < len(run) <= 64:
        raise ValueError("a reading needs a finite number and a run")
    return Reading(wall, float(mono), run)


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")
