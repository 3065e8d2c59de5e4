"""Schemas that several resources share."""

from __future__ import annotations

import unicodedata
from typing import Any, Final

from apiflask import Schema
from apiflask.fields import Boolean, Dict, Float, Integer, List, Nested, String
from marshmallow import EXCLUDE, ValidationError
from marshmallow.validate import Length, Range

from server.models import PRODUCT, SYSTEM

LARGEST_WHOLE: Final = 2**53 - 1
# Ends of lines, and what turns the direction of the text after it.
UNSEEN: Final = frozenset("\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Text(String):
    """A text that every database can keep: valid Unicode without NUL."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:  # Any: upstream
        loaded = super()._deserialize(value, attr, data, **kwargs)
        assert isinstance(loaded, str)
        if "\0" in loaded or any(0xD800 <= ord(character) <= 0xDFFF for character in loaded):
            raise ValidationError("Not valid Unicode text.")
        return loaded


class Name(Text):
    """What somebody calls something: one line, without space around it, with nothing that is not seen in it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:  # Any: upstream
        loaded = super()._deserialize(value, attr, data, **kwargs).strip()
        if any(map(_is_unseen, loaded)):
            raise ValidationError("Not one line of text.")
        return loaded


class NameAsGiven(Text):
    """A name from a client of before, of which nothing was asked: what is not seen, and what ends a line, becomes a
    space."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:  # Any: upstream
        loaded = super()._deserialize(value, attr, data, **kwargs)
        seen = (" " if _is_unseen(character) else character for character in loaded)
        return " ".join("".join(seen).split())


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) == "Cc" or character in UNSEEN


class Whole(Integer):
    """A whole number as JSON has it: no text, no true, no 1.0."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:  # Any: upstream
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.make_error("invalid", input=value)
        if not 0 <= value <= LARGEST_WHOLE:
            raise ValidationError("Out of range.")
        return value


class Lenient(Schema):
    """A body that may grow: fields that this version does not know are passed over."""

    class Meta:
        unknown = EXCLUDE


class PublicKey(Lenient):
    """An ECDSA P-256 public key as JWK (RFC 7517)."""

    kty = Text(required=True, validate=Length(max=16))
    crv = Text(required=True, validate=Length(max=16))
    x = Text(required=True, validate=Length(max=128))
    y = Text(required=True, validate=Length(max=128))
    d = Text(load_only=True, metadata={"description": "Never sent: a private key is refused."})


class Clock(Lenient):
    """What a device's clocks said."""

    wall = Text(required=True, validate=Length(max=64), metadata={"description": "RFC 3339 with an offset."})
    mono = Float(required=True, metadata={"description": "Milliseconds since `run` began."})
    run = Text(required=True, validate=Length(min=1, max=64))


class PersonShown(Schema):
    """A person as everybody may see them; `system` is the server itself, and no person."""

    id = String()
    username = String()
    name = String()
    role = String()


def writer(row: Any) -> dict[str, str]:  # Any: a row of a line with its person, or without one
    """Who wrote a line, as PersonShown: a person, or the server itself."""
    if row.person_id == SYSTEM:
        return {"id": SYSTEM, "username": SYSTEM, "name": PRODUCT, "role": SYSTEM}
    return {"id": row.person_id, "username": row.username, "name": row.name, "role": row.role}


class DocumentShown(Schema):
    """A document: one aggregate, one version."""

    type = String()
    id = String()
    version = Integer()
    body = Dict(keys=String())


class DocumentName(Schema):
    """Which document an outcome is about."""

    type = String()
    id = String()
    version = Integer()


class OutcomeShown(Schema):
    """What the server did with one operation."""

    id = String()
    seq = Integer()
    status = String(metadata={"enum": ["applied", "merged", "conflict", "held"]})
    repeated = Boolean()
    document = Nested(DocumentName, allow_none=True)
    reason = String(allow_none=True)
    detail = Dict(keys=String())


class ChangeShown(Schema):
    """One entry of a feed: a document, or `gone` with a reason, and `to` whom where it is a colleague's now."""

    feed = String()
    seq = Integer()
    type = String()
    id = String()
    version = Integer()
    body = Dict(keys=String())
    gone = Boolean()
    reason = String()
    to = List(String())


class SyncAnswer(Schema):
    """The answer of an exchange."""

    epoch = String()
    server_time = String()
    anchor = String()
    acknowledged = Integer()
    outcomes = List(Nested(OutcomeShown))
    changes = List(Nested(ChangeShown))
    cursors = Dict(keys=String(), values=Integer())
    more = Boolean()
    reset = List(String())
    wanted = List(String(), metadata={"description": "SHA-256 of photos of yours whose content is missing here."})
    wanted_next = Integer(metadata={"description": "There are more of them: the next `wanted_from`."})


class SyncRequest(Lenient):
    """The body of an exchange. `lines` holds each line as the text that the ledger holds."""

    protocol = Whole(required=True)
    device = Text(required=True, validate=Length(max=64))
    epoch = Text(load_default=None, allow_none=True, validate=Length(max=64))
    first = Whole(load_default=None, allow_none=True, validate=Range(min=1, max=2**31 - 1))
    # Plain String: what a line may not hold is said by its outcome, not by refusing the whole batch.
    lines = List(String(), load_default=list)
    signature = Text(load_default=None, allow_none=True, validate=Length(max=256))
    sent = Nested(Clock, load_default=None, allow_none=True)
    cursors = Dict(keys=Text(validate=Length(max=64)), values=Whole(), load_default=dict, validate=Length(max=64))
    limit = Whole(load_default=500, validate=Range(min=1))
    wanted_from = Whole(load_default=0, validate=Range(max=2**31 - 1))
