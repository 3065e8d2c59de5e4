"""Which input suits a field of a work order, and what was typed into it: for a value that neither side had."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final

from babel.numbers import get_currency_precision

from server.documents.parts.shapes import PURPOSES
from server.documents.work_order.shapes import CAUSES, DISPOSITIONS, PRIORITIES, SOURCES
from server.evidence.datum import DATUMS
from server.office.queries.people_queries import PersonRow
from server.office.shell import forms
from server.office.shell.forms import BadFigure, BadForm, Form
from server.office.shell.reader import Reader
from server.rules.figures import LATITUDE, LONGITUDE, MEASURE, PRICE, QUANTITY, Kind, NotTaken, figure_of

Items = Mapping[str, dict[str, Any]]  # Any: a checklist's item as JSON, by its id

WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "cause": CAUSES,
    "priority": PRIORITIES,
    "disposition": DISPOSITIONS,
    "source": SOURCES,
    "purpose": PURPOSES,
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
DEGREES: Final = ("\N{DEGREE SIGN}",)
SHORT: Final = frozenset({"quantity", "number", "money", "position", "window"})
"""Looks of which what was typed and not taken is shown again."""
TYPED: Final = ("third", "third_longitude", "third_datum", "window_day", "window_start", "window_end")


@dataclass(frozen=True)
class Input:
    """The input for a field. `look` names it for the template: text, long, telephone, choice, people, window,
    position, quantity, number, money. `options` are pairs of a value (JSON) and its word; `value` is what stands now,
    `unit` that of a quantity or number."""

    look: str
    value: Any  # Any: JSON
    options: list[tuple[str, str]] = field(default_factory=list)
    unit: str = ""


def input_for(
    name: str,
    value: Any,  # Any: JSON
    people: Iterable[PersonRow],
    items: Items,
    reader: Reader,
    body: Mapping[str, Any],  # Any: JSON of the order's document
) -> Input:
    """The input for the field of this full name (`contact.phone`, `materials.<line>.quantity`, `checklist.<item>`)."""
    if name.startswith("checklist."):
        return _answer_input(items.get(name.partition(".")[2], {}), value, reader)
    last = _last(name)
    if last in WORDS:
        words = [(forms.shown(word), reader.say(f"{last}-{word}".replace("_", "-"))) for word in WORDS[last]]
        return Input("choice", value, words)
    look = LOOKS.get(last, "text")
    if last not in ("assignees", "lead"):
        return Input(look, value, unit=_unit_of(name, body) if look == "quantity" else "")
    technicians = [person for person in people if person.role == "technician" and person.active]
    return Input(look, value, [(forms.shown(person.id), person.name) for person in technicians])


def _last(name: str) -> str:
    """The field's own name, without the line of materials or labour, or the photo, that it belongs to."""
    return name.rpartition(".")[2] if name.startswith(("materials.", "labour.", "photos.")) else name


def _unit_of(name: str, body: Mapping[str, Any]) -> str:  # Any: JSON
    """The unit of the line of materials or labour whose quantity this is."""
    room, _, rest = name.partition(".")
    return next((str(one["unit"]) for one in body.get(room, []) if one["line"] == rest.partition(".")[0]), "")


def _answer_input(item: dict[str, Any], value: Any, reader: Reader) -> Input:  # Any: JSON
    if item.get("type") == "choice":
        return Input("choice", value, [(forms.shown(one), str(one)) for one in item.get("choices") or []])
    if item.get("type") in ("check", "photo"):
        answers = {"true": "answer-pass", "false": "answer-fail", '"not_applicable"': "answer-not-applicable"}
        return Input("choice", value, [(one, reader.say(word)) for one, word in answers.items()])
    if item.get("type") == "number":
        return Input("number", value, unit=str(item.get("unit") or ""))
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
            window = forms.window(form, reader.zone)
            stands = window is not None and forms.has_same_minutes(wanted.value, window)
            return wanted.value if stands else window
        case "money":
            return _minor(form, reader)
        case "position":
            return _position(form, reader)
        case "quantity":
            return _figure(form, "third", QUANTITY, [wanted.unit], reader) or ""
        case "number":
            return _figure(form, "third", MEASURE, [wanted.unit], reader)
        case _:
            return text or (None if name.startswith("checklist.") else "")


def _figure(form: Form, name: str, kind: Kind, units: Iterable[str], reader: Reader) -> str | None:
    """The figure in a field of the form; None where nothing was typed. Raises BadFigure."""
    try:
        return figure_of(form.get(name, ""), kind, units)
    except NotTaken as problem:
        raise BadFigure(name, _sentence(problem, reader)) from problem


def _sentence(problem: NotTaken, reader: Reader) -> str:
    bounds = {name: float(bound) for name, bound in problem.figures.items() if name in ("least", "most")}
    figures = problem.figures | bounds | {"unit": problem.figures.get("unit") or "none"}
    return reader.say(f"figure-{problem.code}".replace("_", "-"), **figures)


def _minor(form: Form, reader: Reader) -> int:
    """An amount as people write it, in whole minor units."""
    places = get_currency_precision(reader.currency)
    units = reader.say("figure-money-units").split()
    amount = _figure(form, "third", replace(PRICE, places=places), units, reader)
    if amount is None:
        raise BadForm("office-problem-amount")
    return int(Decimal(amount).scaleb(places))


def major(minor: Any, currency: str) -> str:  # Any: JSON, whole minor units where the document is sound
    """Minor units as they are typed: 125050 CNY is 1250.50."""
    return str(Decimal(minor).scaleb(-get_currency_precision(currency))) if isinstance(minor, int) else ""


def _position(form: Form, reader: Reader) -> dict[str, Any] | None:  # Any: JSON
    latitude = _figure(form, "third", LATITUDE, DEGREES, reader)
    longitude = _figure(form, "third_longitude", LONGITUDE, DEGREES, reader)
    datum = form.get("third_datum") or None
    if latitude is None and longitude is None:
        return None
    if latitude is None or longitude is None or datum not in (None, *DATUMS):
        raise BadForm("office-problem-position")
    return {"latitude": float(latitude), "longitude": float(longitude), "datum": datum}
