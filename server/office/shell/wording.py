"""People, fields, values, kinds and answers in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from server.language import has_text
from server.models import SYSTEM
from server.office.queries.people_queries import PersonRow
from server.office.shell.reader import Reader

People = Mapping[str, PersonRow]


def name_of(person_id: str | None, people: People, reader: Reader) -> str:
    """A person's name, or the server's; a sentence where nobody has that id."""
    if person_id == SYSTEM:
        return reader.say("office-person-system")
    person = people.get(person_id or "")
    return person.name if person else reader.say("office-person-unknown")


def field_name(name: str, reader: Reader) -> str:
    """A document's field by its word; a line of materials or labour by its column."""
    last = name.rpartition(".")[2]
    for message in (
        f"office-field-{name.replace('.', '-').replace('_', '-')}",
        f"office-field-{last.replace('_', '-')}",
    ):
        if has_text(message):
            return reader.say(message)
    if name.startswith("checklist."):
        return reader.say("office-field-checklist")
    return name


def field_value(name: str, value: Any, reader: Reader, people: People) -> str:  # Any: JSON
    """A field's value as people read it."""
    if value in (None, "", []):
        return reader.say("office-empty")
    if name == "assignees" and isinstance(value, list):
        return reader.say("office-list-sign").join(name_of(str(one), people, reader) for one in value)
    if name == "lead":
        return name_of(str(value), people, reader)
    if name == "window" and isinstance(value, dict):
        return reader.span(value.get("start"), value.get("end"))
    last = name.rpartition(".")[2]
    if last in ("priority", "disposition", "cause", "source", "purpose") and has_text(
        f"{last}-{value}".replace("_", "-")
    ):
        return reader.say(f"{last}-{value}".replace("_", "-"))
    if name.endswith("unit_price") and isinstance(value, int):
        return reader.money(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def kind_name(kind: str | None, reader: Reader) -> str:
    """A kind of operation by its word; as it is written where nobody here knows it."""
    message = f"office-kind-{(kind or 'unreadable').replace('.', '-')}"
    return reader.say(message) if has_text(message) else kind or "—"


def answer_word(value: Any, reader: Reader) -> str:  # Any: JSON
    """An answer of a checklist as people read it, by the words that the phone has on its buttons."""
    if isinstance(value, bool):
        return reader.say("answer-pass" if value else "answer-fail")
    if isinstance(value, str) and has_text(f"answer-{value.replace('_', '-')}"):
        return reader.say(f"answer-{value.replace('_', '-')}")
    return "—" if value is None else str(value)
