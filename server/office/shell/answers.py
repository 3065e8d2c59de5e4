"""Answers of an order's checklists in words, the same that the phone has on its buttons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from server.office.shell.reader import Reader
from server.office.shell.wording import answer_word
from server.rules.scripts import only_in, read_in

Item = Mapping[str, Any]  # Any: a checklist's item, JSON


@dataclass(frozen=True)
class Answer:
    """What was asked, what was answered, and whether that answer says that something is not as it should be."""

    asked: str
    word: str
    failed: bool


def answers_of(body: Mapping[str, Any], items: Mapping[str, Item], reader: Reader) -> list[Answer]:  # Any: JSON
    """The answers of a work order's document that stand; `items` by their id."""
    given = body["checklist"]["answers"].items()
    return [_answer(items.get(name, {}), name, one["value"], reader) for name, one in given if one["value"] is not None]


def _answer(item: Item, name: str, value: Any, reader: Reader) -> Answer:  # Any: JSON
    kind = item.get("type")
    word = reader.say("answer-done") if kind == "photo" and value is True else answer_word(value, reader)
    return Answer(asked(item, name, reader), word, value is False or (kind == "number" and _is_outside(item, value)))


def asked(item: Item, name: str, reader: Reader) -> str:
    """What an item asks, in the reader's language where it is known in that; its name where the item is not known."""
    return read_in(item, reader.language) if item.get("text") else name


def only_language(body: Mapping[str, Any], items: Mapping[str, Item], reader: Reader) -> str | None:  # Any: JSON
    """The one language of what the answered items ask, where that is not the reader's."""
    known = [items[name] for name in body["checklist"]["answers"] if items.get(name, {}).get("text")]
    return only_in(known, reader.language)


def _is_outside(item: Item, value: Any) -> bool:  # Any: JSON
    """Whether a number is below or above what the item allows; a text that is no number is not judged."""
    try:
        number = Decimal(str(value))
        low, high = (None if item.get(end) is None else Decimal(str(item[end])) for end in ("low", "high"))
        return (low is not None and number < low) or (high is not None and number > high)
    except InvalidOperation:
        return False
