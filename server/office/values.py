"""Which input suits a field of a work order, and what was typed into it: for a value that neither side had."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from babel.numbers import get_currency_precision

from server.office import forms
from server.office.forms import BadForm, Form
from server.office.people_queries import PersonRow
from server.office.reader import Reader
from server.work.shapes import CAUSES, DISPOSITIONS, PRIORITIES, SOURCES

Items = Mapping[str, dict[str, Any]]  # Any: a checklist's item as JSON, by its id

WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "cause": CAUSES,
    "priority": PRIORITIES,
    "disposition": DISPOSITIONS,
    "source": SOURCES,
}
LOOKS: Final[Mapping[str, str]] = {
    "fault": "long",
    "requests": "long",
    "instructions": "long",
    "diagnosis": "long",
    "work_done": "long",
    "contact.phone": "telephone",
    "assignees": "people",
    "lead": "choice",
    "window": "window",
    "site.position": "position",
    "quantity": "quantity",
    "unit_price": "money",
}
DATUMS: Final = ("WGS-84", "GCJ-02", "BD-09")


@dataclass(frozen=True)
class Input:
    """The input for a field. `look` names it for the template: text, long, telephone, choice, people, window,
    position, quantity, money. `options` are pairs of a value (JSON) and its word; `value` is what stands now."""

    look: str
    value: Any  # Any: JSON
    options: list[tuple[str, str]] = field(default_factory=list)


def input_for(name: str, value: Any, people: Iterable[PersonRow], items: Items, reader: Reader) -> Input:  # Any: JSON
    """The input for the field of this full name (`contact.phone`, `materials.<line>.quantity`, `checklist.<item>`)."""
    if name.startswith("checklist."):
        return _answer_input(items.get(name.partition(".")[2], {}), value, reader)
    last = _last(name)
    if last in WORDS:
        words = [(forms.shown(word), reader.say(f"{last}-{word}".replace("_", "-"))) for word in WORDS[last]]
        return Input("choice", value, words)
    look = LOOKS.get(last, "text")
    if last not in ("assignees", "lead"):
        return Input(look, value)
    technicians = [person for person in people if person.role == "technician" and person.active]
    return Input(look, value, [(forms.shown(person.id), person.name) for person in technicians])


def _last(name: str) -> str:
    """The field's own name, without the line of materials or labour that it belongs to."""
    return name.rpartition(".")[2] if name.startswith(("materials.", "labour.")) else name


def _answer_input(item: dict[str, Any], value: Any, reader: Reader) -> Input:  # Any: JSON
    if item.get("type") == "choice":
        return Input("choice", value, [(forms.shown(one), str(one)) for one in item.get("choices") or []])
    if item.get("type") in ("check", "photo"):
        answers = {"true": "answer-pass", "false": "answer-fail", '"not_applicable"': "answer-not-applicable"}
        return Input("choice", value, [(one, reader.say(word)) for one, word in answers.items()])
    return Input("text", value)


def typed(name: str, wanted: Input, form: Form, reader: Reader) -> Any:  # Any: JSON
    """What the form's fields `third…` say, as the field holds it. Raises BadForm."""
    text = form.get("third", "").replace("\r\n", "\n").strip()
    match wanted.look:
        case "choice":
            if text not in [value for value, _ in wanted.options]:
                raise BadForm("office-problem-choose")
            return json.loads(text)
        case "people":
            chosen = form.getlist("third")
            return [json.loads(value) for value, _ in wanted.options if value in chosen]
        case "window":
            return forms.window(form, reader.zone)
        case "money":
            return _minor(text, reader.currency)
        case "position":
            return _position(form)
        case _:
            return text or (None if name.startswith("checklist.") else "")


def _minor(text: str, currency: str) -> int:
    """An amount as people write it, in whole minor units."""
    try:
        amount = Decimal(text.replace(",", "")).scaleb(get_currency_precision(currency))
        if amount != amount.to_integral_value() or not 0 <= amount < Decimal(10) ** 15:
            raise BadForm("office-problem-amount")
    except InvalidOperation as error:
        raise BadForm("office-problem-amount") from error
    return int(amount)


def major(minor: Any, currency: str) -> str:  # Any: JSON, whole minor units where the document is sound
    """Minor units as they are typed: 125050 CNY is 1250.50."""
    return str(Decimal(minor).scaleb(-get_currency_precision(currency))) if isinstance(minor, int) else ""


def _position(form: Form) -> dict[str, Any] | None:  # Any: JSON
    latitude, longitude = form.get("third", "").strip(), form.get("third_longitude", "").strip()
    if not latitude and not longitude:
        return None
    datum = form.get("third_datum") or None
    try:
        position = {"latitude": float(latitude), "longitude": float(longitude), "datum": datum}
    except ValueError as error:
        raise BadForm("office-problem-position") from error
    inside = abs(position["latitude"]) <= 90 and abs(position["longitude"]) <= 180  # type: ignore[arg-type]  # floats by the lines above
    if not inside or datum not in (None, *DATUMS):
        raise BadForm("office-problem-position")
    return position
