"""The headers of a tus request, read strictly."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import request

from server.problems import Problem

if TYPE_CHECKING:
    from hashlib import _Hash

MAX_PREVIEW_BYTES: Final = 64 << 10
ALGORITHMS: Final = ("sha1", "sha256")
SHA256: Final = re.compile(r"[0-9a-f]{64}")
MEDIA_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")
WHOLE_NUMBER: Final = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True)
class Metadata:
    """What a client says of the content that it is about to send."""

    sha256: str
    media_type: str
    preview_of: str | None


@dataclass(frozen=True)
class Checksum:
    """What the bytes of one request must hash to."""

    algorithm: str
    expected: bytes

    def start(self) -> _Hash:
        """A hash of nothing yet."""
        return hashlib.new(self.algorithm, usedforsecurity=False)


def read_length(limit: int) -> int:
    """Upload-Length in bytes; raises Problem `bad_upload_header`, `too_large`."""
    length = _number("Upload-Length")
    if length > limit:
        raise Problem("too_large", limit=limit)
    return length


def read_offset() -> int:
    """Upload-Offset in bytes; raises Problem `bad_upload_header`."""
    return _number("Upload-Offset")


def read_metadata() -> Metadata:
    """Upload-Metadata; raises Problem `bad_upload_header`. Keys that nobody here knows are passed over."""
    pairs: dict[str, str] = {}
    for pair in request.headers.get("Upload-Metadata", "").split(","):
        key, _, value = pair.strip().partition(" ")
        if key in pairs:
            raise Problem("bad_upload_header", header="Upload-Metadata")
        pairs[key] = _decoded(value.strip(), "Upload-Metadata").decode("utf-8", errors="replace")
    sha256, preview_of = pairs.get("sha256", ""), pairs.get("preview_of") or None
    media_type = pairs.get("media_type", "application/octet-stream").strip().lower()
    hashes = (sha256, preview_of) if preview_of else (sha256,)
    if not all(SHA256.fullmatch(given) for given in hashes) or not MEDIA_TYPE.fullmatch(media_type):
        raise Problem("bad_upload_header", header="Upload-Metadata")
    return Metadata(sha256, media_type[:64], preview_of)


def read_checksum() -> Checksum | None:
    """Upload-Checksum, None where there is none; raises Problem `bad_upload_header`."""
    given = request.headers.get("Upload-Checksum")
    if given is None:
        return None
    algorithm, _, value = given.strip().partition(" ")
    expected = _decoded(value.strip(), "Upload-Checksum")
    if algorithm not in ALGORITHMS or len(expected) != hashlib.new(algorithm).digest_size:
        raise Problem("bad_upload_header", header="Upload-Checksum")
    return Checksum(algorithm, expected)


def _number(header: str) -> int:
    given = request.headers.get(header, "")
    if not WHOLE_NUMBER.fullmatch(given):
        raise Problem("bad_upload_header", header=header)
    return int(given)


def _decoded(value: str, header: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise Problem("bad_upload_header", header=header) from None
