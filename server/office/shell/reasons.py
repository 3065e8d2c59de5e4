"""Reasons, flags and holds in words."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from server.language import has_text
from server.office.shell.reader import Reader
from server.rules.lengths import told_accuracy, told_length

Coded = dict[str, Any]  # Any: {"code": …, …figures}, JSON of the document


# From here on people count in hours.
MANY_MINUTES: Final = 120


def sentence(reason: Coded, reader: Reader, room: str = "reason") -> str:
    """One reason, flag or hint as a sentence: `<room>-<code>` with its figures, times on the company's clock and
    dates as the reader writes them."""
    code = str(reason["code"])
    message = f"{room}-{code.replace('_', '-')}"
    if not has_text(message):
        return reader.say("office-code-unknown", code=code)
    figures = {name: _figure(name, value, reader) for name, value in _lengths(reason).items() if name != "code"}
    minutes = figures.get("minutes")
    if isinstance(minutes, int) and minutes >= MANY_MINUTES and has_text(f"{message}-hours"):
        return reader.say(f"{message}-hours", hours=minutes // 60, minutes=minutes % 60)
    return reader.say(message, **figures)


def sentences(reasons: Iterable[Coded], reader: Reader, room: str = "reason") -> list[str]:
    """Each reason once, in its order."""
    return list(dict.fromkeys(sentence(reason, reader, room) for reason in reasons))


def rejection(photo: Coded, reader: Reader) -> str:
    """Why the server did not take a photo's content; that this is not known where it is not."""
    code = str(photo.get("rejected_because") or "unknown")
    known = has_text(f"rejected-{code.replace('_', '-')}")
    return sentence({"code": code if known else "unknown"}, reader, "rejected")


def _lengths(reason: Coded) -> Coded:
    """What was measured, told no finer than its accuracy. Where the figure itself is what is odd, it stays as it is."""
    accuracy = reason.get("accuracy_m")
    if not isinstance(accuracy, int | float) or not reason.keys() & {"distance_m", "stated_m"}:
        accuracy = None
    told = dict(reason)
    for name, value in reason.items():
        if not isinstance(value, int | float) or not math.isfinite(value):
            continue
        if name in ("distance_m", "farthest_m"):
            told[name] = told_length(value, accuracy)
        elif name in ("accuracy_m", "stated_m") and accuracy is not None:
            told[name] = told_accuracy(value)
    return told


def _figure(name: str, value: object, reader: Reader) -> object:
    if name == "seconds" and isinstance(value, int | float):
        return abs(value)  # the sentence says in words which way
    if not isinstance(value, str) or value[4:5] != "-":
        return value
    try:
        if len(value) == len("2026-11-24"):
            return reader.day(value, "medium")
        return reader.second(datetime.fromisoformat(value)) if len(value) >= 20 and "T" in value else value
    except ValueError:
        return value
