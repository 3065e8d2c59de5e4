"""Which fields an edit may change, what may stand in them, and where they are in the document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from server.documents.operation import Body
from server.documents.parts.edits import Check, Place, a_text, a_word, within
from server.documents.parts.photos import PHOTO, PHOTOS
from server.documents.shapes import MAX_AMOUNT, a_quantity, an_id
from server.documents.work_order.shapes import CAUSES, DISPOSITIONS, PRIORITIES, SOURCES, Window
from server.evidence.datum import DATUMS


def _optional_id(value: Any) -> str | None:  # Any: JSON
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValidationError("not_a_uuid")
    an_id(value)
    return value


def _ids(value: Any) -> list[str]:  # Any: JSON
    loaded = fields.List(fields.String(required=True, validate=an_id)).deserialize(value or [])
    return list(dict.fromkeys(name for name in loaded or [] if name is not None))


def _window(value: Any) -> Any:  # Any: JSON
    return None if value is None else Window().load(value)


def _quantity(value: Any) -> str:  # Any: JSON
    if not isinstance(value, str):
        raise ValidationError("not_a_quantity")
    a_quantity(value)
    return value


def _amount(value: Any) -> int:  # Any: JSON
    loaded = fields.Integer(strict=True, validate=validate.Range(0, MAX_AMOUNT)).deserialize(value)
    assert isinstance(loaded, int)
    return loaded


def _site_position(value: Any) -> Any:  # Any: JSON
    return None if value is None else _SitePosition().load(value)


class _SitePosition(Schema):
    class Meta:
        unknown = EXCLUDE

    latitude = fields.Float(required=True, validate=validate.Range(-90, 90), allow_nan=False)
    longitude = fields.Float(required=True, validate=validate.Range(-180, 180), allow_nan=False)
    datum = fields.String(allow_none=True, validate=validate.OneOf(DATUMS))


CHECKLIST: Final = "checklist"
PLAN: Final[Mapping[str, Check]] = {
    "assignees": _ids,
    "lead": _optional_id,
    "window": _window,
    "priority": a_word(PRIORITIES),
    "disposition": a_word(DISPOSITIONS),
    "instructions": a_text,
}
SHARED: Final[Mapping[str, Check]] = {
    "fault": a_text,
    "requests": a_text,
    "contact.name": a_text,
    "contact.phone": a_text,
    "cause": a_word(CAUSES),
    "diagnosis": a_text,
    "work_done": a_text,
    "site.position": _site_position,
}
MATERIAL: Final[Mapping[str, Check]] = {
    "name": a_text,
    "unit": a_text,
    "quantity": _quantity,
    "unit_price": _amount,
    "source": a_word(SOURCES),
    "serial": a_text,
}
LABOUR: Final[Mapping[str, Check]] = {
    "name": a_text,
    "method": a_text,
    "unit": a_text,
    "quantity": _quantity,
    "unit_price": _amount,
}

_ROOMS: Final[Mapping[str, tuple[str, Mapping[str, Check]]]] = {
    "materials": ("line", MATERIAL),
    "labour": ("line", LABOUR),
    PHOTOS: ("id", PHOTO),
}
"""Lists of the document whose entries have fields that an edit may change: what an entry is known by, and which."""


def an_answer(value: Any) -> Any:  # Any: JSON
    """An answer to a checklist's item: a word, a number, yes or no, a photo's id; or none."""
    if not (value is None or isinstance(value, str | int | float | bool)):
        raise ValidationError("not_an_answer")
    return value


def place_of(body: Body, full_name: str) -> Place | None:
    """Where a field is that an edit or an answer may change, by its full name; None where there is none such.

    The holder of a checklist's answer is a copy: whoever changes it puts the answer back.
    """
    if full_name in PLAN:
        return Place(body, full_name, PLAN[full_name], of_plan=True)
    if full_name in SHARED:
        found = within(body, full_name)
        return found and Place(*found, SHARED[full_name])
    room, _, rest = full_name.partition(".")
    if room == CHECKLIST and rest:
        answers = {item: answer["value"] for item, answer in body["checklist"]["answers"].items()}
        return Place(answers, rest, an_answer)
    key, checks = _ROOMS.get(room, ("", {}))
    identity, _, name = rest.partition(".")
    holder = next((each for each in body[room] if each[key] == identity), None) if checks else None
    return Place(holder, name, checks[name]) if holder is not None and name in checks else None
