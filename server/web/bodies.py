"""Reading a request's body without ever holding more of it than its limit."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from typing import Any, Final, TypeVar

from apiflask.scaffold import _annotate  # the library's own way to put a body into the OpenAPI text
from flask import request
from marshmallow import Schema, ValidationError

from server.problems import Problem

SMALL: Final = 256 * 1024
# What is read and thrown away of a body that is too long, so that its sender gets to hear the answer.
DRAINED: Final = 16 * 1024 * 1024
CHUNK: Final = 64 * 1024
# Each member costs a copy of all that follows it; what cuts a body into blocks cuts it into a few dozen.
MOST_MEMBERS: Final = 64

View = TypeVar("View", bound=Callable[..., object])


def describes_body(schema: type[Schema]) -> Callable[[View], View]:
    """Put `schema` into the OpenAPI text as the body of a view that reads it with `read_body`."""

    def decorate(view: View) -> View:
        _annotate(view, body=schema(), content_type="application/json")
        return view

    return decorate


def read_body(schema: Schema, limit: int = SMALL) -> dict[str, Any]:  # Any: the schema says what is in it
    """The request's JSON body as `schema` loads it.

    Raises Problem `too_large` (over `limit` bytes, sent or unpacked), `bad_encoding`, `not_json`,
    `invalid_request` with `fields`.
    """
    return load(schema, read_json(limit))


def load(schema: Schema, value: object) -> dict[str, Any]:  # Any: the schema says what is in it
    """`value` through `schema`; raises Problem `invalid_request` with the path of every wrong field."""
    try:
        loaded: dict[str, Any] = schema.load(value)  # type: ignore[arg-type]  # it checks the type itself
    except ValidationError as error:
        raise Problem("invalid_request", fields=wrong_fields(error.messages)) from error
    return loaded


def wrong_fields(messages: object, path: str = "") -> list[dict[str, str]]:
    """marshmallow's nested messages as a list of {"field": "device.public_key", "message": "…"}."""
    if isinstance(messages, dict):
        found = []
        for key, value in messages.items():
            inner = path if key == "_schema" else f"{path}.{key}" if path else str(key)
            found += wrong_fields(value, inner)
        return found
    if isinstance(messages, list):
        return [{"field": path, "message": str(message)} for message in messages]
    return [{"field": path, "message": str(messages)}]


def read_json(limit: int) -> object:
    """The JSON value in the request's body; see `read_body` for what is raised."""
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    raw = _read(limit)
    if encoding == "gzip":
        raw = _gunzip(raw, limit)
    elif encoding not in ("", "identity"):
        raise Problem("bad_encoding", encoding=encoding[:32])
    try:
        return json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Problem("not_json") from error


def _read(limit: int) -> bytes:
    try:
        return _read_whole(limit)
    except OSError as error:
        # The sender went away, or said nothing for too long.
        raise Problem("bad_request") from error


def _read_whole(limit: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    announced = request.content_length
    while size <= limit and (announced is None or announced <= limit):
        piece = request.stream.read(min(CHUNK, limit + 1 - size))
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)
        size += len(piece)
    drained = size
    while drained < DRAINED and (piece := request.stream.read(CHUNK)):
        drained += len(piece)
    raise Problem("too_large", limit=limit)


def _gunzip(packed: bytes, limit: int) -> bytes:
    """What is in `packed`, never unpacking more than `limit` bytes; up to MOST_MEMBERS members are read as one."""
    unpacked = b""
    members = 0
    while packed:
        members += 1
        if members > MOST_MEMBERS:
            raise Problem("bad_encoding", encoding="gzip")
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            unpacked += member.decompress(packed, limit + 1 - len(unpacked))
        except zlib.error as error:
            raise Problem("bad_encoding", encoding="gzip") from error
        if len(unpacked) > limit:
            raise Problem("too_large", limit=limit)
        if not member.eof:
            raise Problem("bad_encoding", encoding="gzip")
        packed = member.unused_data
    return unpacked


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")
