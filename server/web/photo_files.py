"""Photo content on its way out."""

from __future__ import annotations

import re
from typing import Final

from flask import Response, send_file
from sqlalchemy import select

from server.database import reading
from server.models import PhotoContent
from server.photos import ContentMissing, Room
from server.photos.access import may_see, preview_of
from server.photos.arrival import make_copies_again
from server.photos.looking import NotNow
from server.problems import Problem
from server.services import services

SHA256: Final = re.compile(r"[0-9a-f]{64}")
SIZES: Final = {"": Room.ORIGINAL, "screen": Room.SCREEN, "thumb": Room.THUMB}
EXTENSIONS: Final = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic"}
A_YEAR_S: Final = 365 * 24 * 3600


def photo_response(sha256: str, size: str, person_id: str, role: str) -> Response:
    """The answer to somebody who asks for a photo; for the office's pages, which have a session of their own.

    `size` is "thumb", "screen", or "" for the original. Raises Problem `not_found`, `invalid_request`, and `busy`
    where a copy cannot be made now.
    """
    if size not in SIZES:
        raise Problem("invalid_request", fields=[{"field": "size", "message": "thumb or screen"}])
    if not SHA256.fullmatch(sha256):
        raise Problem("not_found")
    with reading() as connection:
        seen = may_see(connection, sha256, person_id, role)
        preview = None if seen else preview_of(connection, sha256, person_id, role)
        known = select(PhotoContent.media_type).where(PhotoContent.sha256 == sha256)
        media_type = connection.execute(known).scalar_one_or_none() or "application/octet-stream"
    try:
        if seen:
            return _content(sha256, SIZES[size], media_type)
        if preview:
            return _preview(preview)
    except ContentMissing:
        pass
    except NotNow as later:
        raise Problem("busy", retry_after_s=later.retry_after_s) from later
    raise Problem("not_found")


def _content(sha256: str, room: Room, media_type: str) -> Response:
    photos = services().photos
    if room is not Room.ORIGINAL:
        media_type = "image/jpeg"
        if not photos.exists(room, sha256):
            make_copies_again(photos, sha256)
    name = f"{sha256[:12]}{'' if room is Room.ORIGINAL else f'-{room}'}.{EXTENSIONS.get(media_type, 'bin')}"
    response = _bytes(sha256, room, media_type, name)
    response.headers["Cache-Control"] = f"private, max-age={A_YEAR_S}, immutable"
    return response


def _preview(sha256: str) -> Response:
    with services().photos.open(Room.PREVIEW, sha256) as content:
        media_type = _media_type(content.read(16))
    name = f"{sha256[:12]}-preview.{EXTENSIONS.get(media_type, 'bin')}"
    response = _bytes(sha256, Room.PREVIEW, media_type, name)
    # The same address gives the original as soon as it is in.
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Undercroft-Preview"] = "1"
    return response


def _bytes(sha256: str, room: Room, media_type: str, name: str) -> Response:
    response = send_file(
        services().photos.open(room, sha256),
        mimetype=media_type,
        download_name=name,
        etag=f"{sha256}-{room}",
        conditional=True,
    )
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    # Whatever a browser makes of the bytes, it runs nothing.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _media_type(head: bytes) -> str:
    """The kind of a photo that has been looked at before, by its first bytes."""
    if head.startswith(b"\x89PNG"):
        return "image/png"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    return "image/heic" if head[4:8] == b"ftyp" else "image/jpeg"
