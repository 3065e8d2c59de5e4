"""Which fields an edit may change, what may stand in them, and where they are in the document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from server.documents.operation import Body, Held
from server.documents.work_order.shapes import (
    CAUSES,
    DISPOSITIONS,
    MAX_AMOUNT,
    PRIORITIES,
    PURPOSES,
    SOURCES,
    Window,
    a_quantity,
    an_id,
)

Check = Callable[[Any], Any]  # Any: JSON in, the JSON to store out; raises ValidationError


def _text(value: Any) -> str:  # Any: JSON
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValidationError("not_a_text")
    return value


def _word(words: tuple[str, ...]) -> Check:
    check = fields.String(required=True, validate=validate.OneOf(words))
    return check.deserialize


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
    datum = fields.String(allow_none=True, validate=validate.OneOf(("WGS-84", "GCJ-02", "BD-09")))


CHECKLIST: Final = "checklist"
PLAN: Final[Mapping[str, Check]] = {
    "assignees": _ids,
    "lead": _optional_id,
    "window": _window,
    "priority": _word(PRIORITIES),
    "disposition": _word(DISPOSITIONS),
    "instructions": _text,
}
SHARED: Final[Mapping[str, Check]] = {
    "fault": _text,
    "requests": _text,
    "contact.name": _text,
    "contact.phone": _text,
    "cause": _word(CAUSES),
    "diagnosis": _text,
    "work_done": _text,
    "site.position": _site_position,
}
MATERIAL: Final[Mapping[str, Check]] = {
    "name": _text,
    "unit": _text,
    "quantity": _quantity,
    "unit_price": _amount,
    "source": _word(SOURCES),
    "serial": _text,
}
LABOUR: Final[Mapping[str, Check]] = {
    "name": _text,
    "method": _text,
    "unit": _text,
    "quantity": _quantity,
    "unit_price": _amount,
}

PHOTOS: Final = "photos"
PHOTO: Final[Mapping[str, Check]] = {"caption": _text, "purpose": _word(PURPOSES)}
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


def checked(allowed: Mapping[str, Check], name: str, value: Any) -> Any:  # Any: JSON
    """`value` as it may stand in field `name`; raises Held(invalid_data) where it may not."""
    if name not in allowed:
        raise Held("invalid_data", field=name, problem="unknown_field")
    try:
        return allowed[name](value)
    except ValidationError as error:
        raise Held("invalid_data", field=name, problem=error.messages) from error


def within(body: Body, name: str) -> tuple[Body, str] | None:
    """The part of `body` that has the description of a dotted name, and its name there; None without that part.

    Only descriptions have such names: a dot in the id of a checklist's item is a sign like any other.
    """
    *way, last = name.split(".")
    for part in way:
        if not isinstance(body.get(part), dict):
            return None
        body = body[part]
    return body, last


def comparable(full_name: str, value: Any) -> Any:  # Any: JSON
    """`value` as an edit saw it: a site's position without what the server worked out from it."""
    if full_name == "site.position" and isinstance(value, dict):
        return {name: value.get(name) for name in ("latitude", "longitude", "datum")}
    return value


@dataclass(frozen=True)
class Place:
    """Where a field stands: `holder` is the part of the body, `name` the field's name in it."""

    holder: Body
    name: str
    check: Check
    of_plan: bool = False

    @property
    def value(self) -> Any:  # Any: JSON
        """What stands in the field, None where nothing does."""
        return self.holder.get(self.name)


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
