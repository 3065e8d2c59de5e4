"""What shapes of operations are made of, checked by marshmallow.

Unknown fields are passed over: the protocol only ever adds. The line itself keeps them.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from server.rules.ids import is_id
from server.rules.instants import instant_of

MAX_AMOUNT: Final = 10**12


_QUANTITY: Final = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")


class Shape(Schema):
    """A shape that passes over fields it does not know."""

    class Meta:
        unknown = EXCLUDE


def an_id(value: str) -> None:
    """Raise ValidationError unless `value` is a UUID in lower case."""
    if not is_id(value):
        raise ValidationError("not_a_uuid")


def an_instant(value: str) -> None:
    """Raise ValidationError unless `value` is RFC 3339 with an offset, and a time that every zone has."""
    try:
        instant_of(value)
    except ValueError as error:
        raise ValidationError("not_a_time") from error


def a_quantity(value: str) -> None:
    """Raise ValidationError unless `value` is a decimal string of reasonable size, above zero."""
    try:
        if not _QUANTITY.fullmatch(value) or Decimal(value) <= 0:
            raise ValidationError("not_a_quantity")
    except InvalidOperation as error:
        raise ValidationError("not_a_quantity") from error


def identifier(**options: Any) -> fields.String:  # Any: marshmallow's own options
    """A required id, unless the options say otherwise."""
    return fields.String(validate=an_id, **({"required": True} | options))


def instant(**options: Any) -> fields.String:  # Any: marshmallow's own options
    """A time with an offset."""
    return fields.String(validate=an_instant, **options)


def amount() -> fields.Integer:
    """Money in minor units, never negative."""
    return fields.Integer(required=True, strict=True, validate=validate.Range(0, MAX_AMOUNT))


def one_of(words: tuple[str, ...], **options: Any) -> fields.String:  # Any: marshmallow's own options
    """One of the words."""
    return fields.String(validate=validate.OneOf(words), **options)


class Change(Shape):
    was = fields.Raw(allow_none=True, load_default=None)
    now = fields.Raw(allow_none=True, load_default=None)


class Changes(Shape):
    changes = fields.Dict(
        keys=fields.String(), values=fields.Nested(Change), required=True, validate=validate.Length(1, 64)
    )


def _within(limit: float) -> validate.Range:
    return validate.Range(-limit, limit)


class Position(Shape):
    latitude = fields.Float(required=True, validate=_within(90), allow_nan=False)
    longitude = fields.Float(required=True, validate=_within(180), allow_nan=False)
    accuracy_m = fields.Float(required=True, validate=validate.Range(0, 1e8), allow_nan=False)
    altitude_m = fields.Float(allow_none=True, load_default=None)
    speed_mps = fields.Float(allow_none=True, load_default=None)
    heading_deg = fields.Float(allow_none=True, load_default=None)
    fixed_at = instant(required=True)
    age_s = fields.Float(required=True, validate=validate.Range(0, 1e9), allow_nan=False)
