"""What it costs to find the photos that look like a new one among ten thousand, beside a limit.

Run as `python -m benchmarks.similar_photos`, on SQLite, or on the PostgreSQL that UNDERCROFT_DATABASE_URL names (an
empty database: it is filled). README.md beside this file says how to read it.
"""

from __future__ import annotations

import itertools
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from PIL.Image import Image
from sqlalchemy import select

from server.application import create_app
from server.database import migrate_to_newest, reading, writing
from server.evidence.likeness import Look, bits_apart
from server.models import PhotoLook
from server.photos.alike import close_to
from server.photos.image_worker import looks_of
from server.settings import Settings
from tests.photo_index import fill
from tests.photo_likes import pictures

PHOTOS: Final = 10_000
ASKED: Final = 100
LIMIT_MS: Final = 5.0


def main() -> None:
    """Fill an index, ask it for photos that it does not hold, and print what was measured."""
    asked = list(itertools.islice((each for each in map(_looks, pictures(seed=2)) if each), ASKED))
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings.read({**os.environ, "UNDERCROFT_DATA": folder}))
        with app.app_context():
            migrate_to_newest()
            with writing() as connection:
                fill(connection, PHOTOS, seed=1)
            with reading() as connection:
                found = [_ms(lambda look=look: close_to(connection, look)) for look in asked]
                stored = select(PhotoLook.gradients, PhotoLook.details)
                every = [_ms(lambda: [bits_apart(asked[0], Look(*row)) for row in connection.execute(stored)])]
    median, slow = statistics.median(found), statistics.quantiles(found, n=20)[-1]
    print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{ASKED} look-ups among {PHOTOS} photos\n")
    for name, taken in (("median", median), ("19 of 20 within", slow), ("comparing with all", every[0])):
        print(f"{name:<40} {taken:8.2f} ms  × {taken / LIMIT_MS:5.2f} of the limit")


def _looks(picture: Image) -> list[Look]:
    return [Look(gradients, bytes.fromhex(details)) for gradients, details in looks_of(picture)]


def _ms(action: Callable[[], object]) -> float:
    begun = time.perf_counter()
    action()
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main()
