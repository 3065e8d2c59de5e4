"""The shapes of every operation's `data` (work-orders.md, "Shapes"), checked by marshmallow.

Unknown fields are passed over: the protocol only ever adds. The line itself keeps them.
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from server.rules.ids import is_id
from server.rules.instants import instant_of

KINDS: Final = ("repair", "installation", "acceptance", "maintenance", "inspection", "survey", "return_visit")
PRIORITIES: Final = ("low", "normal", "high", "urgent")
DISPOSITIONS: Final = ("active", "on_hold", "cancelled")
STAGES: Final = ("new", "accepted", "en_route", "on_site", "working", "paused", "finished", "unable")
CAUSES: Final = ("supplier", "workmanship", "customer", "wear", "unknown")
SOURCES: Final = ("van", "warehouse", "bought", "customer")
PURPOSES: Final = ("fault", "before", "during", "after", "part", "nameplate", "document")
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


class Contact(Shape):
    name = fields.String(allow_none=True, load_default=None)
    phone = fields.String(allow_none=True, load_default=None)


class Window(Shape):
    start = instant(required=True)
    end = instant(required=True)

    @validates_schema
    def _in_order(self, data: dict[str, str], **_: object) -> None:
        if datetime.fromisoformat(data["start"]) > datetime.fromisoformat(data["end"]):
            raise ValidationError("ends_before_it_starts", "end")


class OrderOpen(Shape):
    kind = one_of(KINDS, required=True)
    fault = fields.String(required=True)
    requests = fields.String(allow_none=True, load_default=None)
    contact = fields.Nested(Contact, allow_none=True, load_default=None)
    customer = identifier(required=False, allow_none=True, load_default=None)
    site = identifier(required=False, allow_none=True, load_default=None)
    asset = identifier(required=False, allow_none=True, load_default=None)
    reported_at = instant(allow_none=True, load_default=None)
    channel = fields.String(allow_none=True, load_default=None)
    number = fields.String(allow_none=True, load_default=None, validate=validate.Length(1, 32))
    assignees = fields.List(identifier(), allow_none=True, load_default=None)
    lead = identifier(required=False, allow_none=True, load_default=None)
    window = fields.Nested(Window, allow_none=True, load_default=None)
    priority = one_of(PRIORITIES, allow_none=True, load_default=None)
    instructions = fields.String(allow_none=True, load_default=None)


class Change(Shape):
    was = fields.Raw(allow_none=True, load_default=None)
    now = fields.Raw(allow_none=True, load_default=None)


class Changes(Shape):
    changes = fields.Dict(
        keys=fields.String(), values=fields.Nested(Change), required=True, validate=validate.Length(1, 64)
    )


class OrderStage(Shape):
    to = one_of(STAGES, required=True)
    reason = fields.String(allow_none=True, load_default=None)


class ChecklistAnswer(Shape):
    item = fields.String(required=True, validate=validate.Length(1, 64))
    was = fields.Raw(allow_none=True, load_default=None)
    now = fields.Raw(allow_none=True, load_default=None)


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


WHY_NONE: Final = ("denied", "unavailable", "timeout", "unusable")


class Presence(Shape):
    position = fields.Nested(Position, allow_none=True, load_default=None)
    why_none = one_of(WHY_NONE, allow_none=True, load_default=None)


class ArrivalRecord(Presence):
    arrival = identifier()


class DepartureRecord(Presence):
    departure = identifier()


class MaterialAdd(Shape):
    line = identifier()
    part = fields.String(allow_none=True, load_default=None)
    name = fields.String(required=True, validate=validate.Length(1))
    unit = fields.String(required=True)
    quantity = fields.String(required=True, validate=a_quantity)
    unit_price = amount()
    source = one_of(SOURCES, required=True)
    serial = fields.String(allow_none=True, load_default=None)


class LabourAdd(Shape):
    line = identifier()
    name = fields.String(required=True, validate=validate.Length(1))
    method = fields.String(allow_none=True, load_default=None)
    unit = fields.String(required=True)
    quantity = fields.String(required=True, validate=a_quantity)
    unit_price = amount()


class LineChange(Changes):
    line = identifier()


class LineRemove(Shape):
    line = identifier()


class PhotoAdd(Shape):
    photo = identifier()
    sha256 = fields.String(required=True, validate=validate.Regexp(r"^[0-9a-f]{64}\Z"))
    size = fields.Integer(required=True, strict=True, validate=validate.Range(0, 2**40))
    media_type = fields.String(required=True, validate=validate.Length(1, 64))
    purpose = one_of(PURPOSES, required=True)
    caption = fields.String(allow_none=True, load_default=None)
    taken_at = instant(required=True)
    position = fields.Nested(Position, allow_none=True, load_default=None)


class PhotoRemove(Shape):
    photo = identifier()
    reason = fields.String(allow_none=True, load_default=None)


class PhotoEdit(Changes):
    photo = identifier()


class Signer(Shape):
    name = fields.String(required=True, validate=validate.Length(1, 128))
    role = fields.String(required=True, validate=validate.Length(1, 64))


class Box(Shape):
    width = fields.Float(required=True, validate=validate.Range(1, 1e5), allow_nan=False)
    height = fields.Float(required=True, validate=validate.Range(1, 1e5), allow_nan=False)


class Rating(Shape):
    score = fields.Integer(required=True, strict=True, validate=validate.Range(1, 5))
    comment = fields.String(allow_none=True, load_default=None)


# Far beyond any screen, any hour and any pen.
MAX_COORDINATE: Final = 10**9


def _a_point(value: object) -> None:
    """x, y, milliseconds and perhaps the pressure."""
    if not isinstance(value, list) or not 3 <= len(value) <= 4 or not all(map(_is_coordinate, value)):
        raise ValidationError("not_a_point")


def _is_coordinate(value: object) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and -MAX_COORDINATE <= value <= MAX_COORDINATE  # type: ignore[operator]  # a number by the line above


class SignatureRecord(Shape):
    signature = identifier()
    report = fields.String(required=True)
    sha256 = fields.String(required=True, validate=validate.Regexp(r"^[0-9a-f]{64}\Z"))
    signer = fields.Nested(Signer, required=True)
    box = fields.Nested(Box, required=True)
    strokes = fields.List(
        fields.List(fields.Raw(validate=_a_point), validate=validate.Length(1)),
        required=True,
        validate=validate.Length(1),
    )
    position = fields.Nested(Position, allow_none=True, load_default=None)
    rating = fields.Nested(Rating, allow_none=True, load_default=None)
    consent = fields.String(required=True, validate=validate.Length(1))


class SignatureRefuse(Shape):
    reason = one_of(("absent", "refused"), required=True)
    comment = fields.String(allow_none=True, load_default=None)


class NoteAdd(Shape):
    note = identifier()
    text = fields.String(required=True, validate=validate.Length(1))


class OrderReview(Shape):
    verdict = one_of(("approved", "returned"), required=True)
    comment = fields.String(allow_none=True, load_default=None)


class OrderRecall(Shape):
    """`packed` is the body's JSON, gzip'd, in base64, where it would not fit into a line otherwise."""

    version = fields.Integer(required=True, strict=True, validate=validate.Range(1, 2**31 - 2))
    seal = fields.String(required=True, validate=validate.Length(1, 64))
    body = fields.Dict(keys=fields.String(), load_default=None, allow_none=True)
    packed = fields.String(load_default=None, allow_none=True)

    @validates_schema
    def _one_of_both(self, data: dict[str, Any], **_: object) -> None:
        if (data["body"] is None) == (data["packed"] is None):
            raise ValidationError("one_of_body_and_packed", "body")


class ConflictSettle(Shape):
    conflict = identifier()
    value = fields.Raw(required=True, allow_none=True)


FLAG_DECISIONS: Final = ("confirmed", "charge", "waive")


class FlagSettle(Shape):
    """`code`, `by` and `line` as in the document's flag."""

    code = fields.String(required=True, validate=validate.Length(1, 64))
    by = identifier()
    line = identifier(required=False, allow_none=True, load_default=None)
    decision = one_of(FLAG_DECISIONS, required=True)
    comment = fields.String(allow_none=True, load_default=None)


RULINGS: Final = ("accepted", "rejected")


class ArrivalRule(Shape):
    arrival = identifier()
    decision = one_of(RULINGS, required=True)
    comment = fields.String(allow_none=True, load_default=None)


PHOTO_DECISIONS: Final = ("lost",)


class PhotoSettle(Shape):
    photo = identifier()
    decision = one_of(PHOTO_DECISIONS, required=True)
    comment = fields.String(allow_none=True, load_default=None)


class LineNamed(Shape):
    device = identifier()
    seq = fields.Integer(required=True, strict=True, validate=validate.Range(1, 2**31 - 1))


HELD_DECISIONS: Final = ("apply", "dismiss")


class HeldDecide(Shape):
    """`line` names a held line that has no readable operation id."""

    operation = identifier(required=False, allow_none=True, load_default=None)
    line = fields.Nested(LineNamed, allow_none=True, load_default=None)
    decision = one_of(HELD_DECISIONS, required=True)
    comment = fields.String(allow_none=True, load_default=None)

    @validates_schema
    def _one_of_both(self, data: dict[str, Any], **_: object) -> None:
        if (data["operation"] is None) == (data["line"] is None):
            raise ValidationError("one_of_operation_and_line", "operation")


class DeviceRevoke(Shape):
    reason = fields.String(allow_none=True, load_default=None)


class LedgerClaim(Shape):
    head = fields.String(required=True, validate=validate.Regexp("[0-9a-f]{64}\\Z"))


class PersonAdopt(Shape):
    """`former`: the id that the person had before the server was restored."""

    former = identifier()
    reason = fields.String(allow_none=True, load_default=None)


class AccountChange(Shape):
    reason = fields.String(allow_none=True, load_default=None)
