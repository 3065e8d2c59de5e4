"""An index of very many photos, for what is to be found in it."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime

from PIL.Image import Transpose
from sqlalchemy import Connection, insert, select

from server.evidence.likeness import Look
from server.models import PhotoBand, PhotoContent, PhotoLook
from server.photos.image_worker import look_of
from tests.photo_likes import pictures


def fill(connection: Connection, count: int, seed: int) -> None:
    """Put so many photos into the index that look like photos and like nothing else."""
    contents, looks, bands = [], [], {}
    for number, look in enumerate(itertools.islice(_looks(seed), count)):
        sha256 = hashlib.sha256(f"{seed} {number}".encode()).hexdigest()
        contents.append(
            {"sha256": sha256, "size": 1, "media_type": "image/jpeg", "state": "stored", "reason": None, "width": 1,
             "height": 1, "facts": "{}", "stored_at": datetime.now(UTC)}
        )  # fmt: skip
        looks.append({"sha256": sha256, "gradients": look.gradients, "details": look.details})
        bands[sha256] = look.bands
    connection.execute(insert(PhotoContent), contents)
    connection.execute(insert(PhotoLook), looks)
    rows = connection.execute(select(PhotoLook.number, PhotoLook.sha256)).all()
    pieces = [{"band": band, "number": row.number} for row in rows for band in bands.get(row.sha256, [])]
    connection.execute(insert(PhotoBand), pieces)


def _looks(seed: int) -> Iterator[Look]:
    """What the index holds of pictures, and of each one mirrored, turned upside down, and both: those are other
    pictures, and cheaper to come by."""
    for picture in pictures(seed):
        for way in (None, Transpose.FLIP_LEFT_RIGHT, Transpose.FLIP_TOP_BOTTOM, Transpose.ROTATE_180):
            if look := look_of(picture if way is None else picture.transpose(way)):
                yield Look(look[0], bytes.fromhex(look[1]))
