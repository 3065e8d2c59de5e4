"""The shapes of operations on parts that several types of document include (work-orders.md, "Shapes")."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import ValidationError, fields, validate, validates_schema

from server.documents.shapes import Changes, Position, Shape, identifier, instant, one_of

PHOTO_DECISIONS: Final = ("lost",)
RULINGS: Final = ("accepted", "rejected")
PURPOSES: Final = ("fault", "before", "during", "after", "part", "nameplate", "document")


WHY_NONE: Final = ("denied", "unavailable", "timeout", "unusable")


class Presence(Shape):
    position = fields.Nested(Position, allow_none=True, load_default=None)
    why_none = one_of(WHY_NONE, allow_none=True, load_default=None)


class ArrivalRecord(Presence):
    arrival = identifier()


class DepartureRecord(Presence):
    departure = identifier()


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


class ConflictSettle(Shape):
    conflict = identifier()
    value = fields.Raw(required=True, allow_none=True)


class ArrivalRule(Shape):
    arrival = identifier()
    decision = one_of(RULINGS, required=True)
    comment = fields.String(allow_none=True, load_default=None)


class PhotoSettle(Shape):
    photo = identifier()
    decision = one_of(PHOTO_DECISIONS, required=True)
    comment = fields.String(allow_none=True, load_default=None)


class Recall(Shape):
    """`packed` is the body's JSON, gzip'd, in base64, where it would not fit into a line otherwise."""

    version = fields.Integer(required=True, strict=True, validate=validate.Range(1, 2**31 - 2))
    seal = fields.String(required=True, validate=validate.Length(1, 64))
    body = fields.Dict(keys=fields.String(), load_default=None, allow_none=True)
    packed = fields.String(load_default=None, allow_none=True)

    @validates_schema
    def _one_of_both(self, data: dict[str, Any], **_: object) -> None:
        if (data["body"] is None) == (data["packed"] is None):
            raise ValidationError("one_of_body_and_packed", "body")
