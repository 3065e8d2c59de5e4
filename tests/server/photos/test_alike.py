"""A photo that is used again is found among ten thousand, and hardly any other is called similar."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from apiflask import APIFlask
from PIL import Image, ImageEnhance, ImageOps
from sqlalchemy import Connection, func, insert, select

from server.database import reading, writing
from server.evidence.likeness import BANDS, BITS, CLOSE_BITS, Look, bands_of, bits_apart
from server.models import PhotoAlike, PhotoBand, PhotoContent, PhotoLook
from server.photos.alike import close_to, not_looked_at, note_looks
from server.photos.image_worker import CROPPED, Limits, inspect, looks_of
from server.photos.images import MAX_DECODING, MAX_PIXELS
from server.services import utc_now
from tests.photo_index import fill
from tests.photo_likes import pictures

PHOTOS = Path(__file__).parents[2] / "data" / "photos"
REAL = sorted(PHOTOS.glob("*.jpg"))
OTHERS, UNRELATED = 10_000, 1_000

# What is cut off the left, top, right and bottom, as a part of the side.
CROPS = {
    "whole": (0, 0, 0, 0),
    "left": (CROPPED, 0, 0, 0),
    "bottom": (0, 0, 0, CROPPED),
    "corner": (CROPPED, CROPPED, 0, 0),
    "round": (CROPPED / 2, CROPPED / 2, CROPPED / 2, CROPPED / 2),
    "all sides": (CROPPED, CROPPED, CROPPED, CROPPED),
    "uneven": (0.04, 0.01, 0, 0.03),
}


@pytest.fixture
def connection(app: APIFlask) -> Iterator[Connection]:
    """A transaction on an empty company."""
    with app.app_context(), writing() as opened:
        yield opened


def looks(picture: Image.Image) -> list[Look]:
    return [Look(gradients, bytes.fromhex(details)) for gradients, details in looks_of(picture)]


def looks_of_bytes(content: bytes, folder: Path) -> list[Look]:
    """As the worker sees them."""
    file = folder / "photo"
    file.write_bytes(content)
    answer = inspect(file, folder, Limits(MAX_PIXELS, MAX_DECODING))
    return [Look(gradients, bytes.fromhex(details)) for gradients, details in answer["looks"]]  # type: ignore[attr-defined]  # a list


@cache
def original(file: Path) -> Image.Image:
    """The photo, upright."""
    with Image.open(file) as opened:
        return ImageOps.exif_transpose(opened).convert("RGB")


@cache
def used_again(file: Path, crop: tuple[float, ...], brighter: float = 1.25) -> bytes:
    """The photo cropped, scaled to half, brightened and saved again."""
    photo = original(file)
    left, top, right, bottom = crop
    width, height = photo.size
    photo = photo.crop(
        (round(width * left), round(height * top), round(width * (1 - right)), round(height * (1 - bottom)))
    )
    photo = photo.resize((photo.width // 2, photo.height // 2), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    ImageEnhance.Brightness(photo).enhance(brighter).save(out, "JPEG", quality=70)
    return out.getvalue()


def add(connection: Connection, sha256: str, look: list[Look]) -> None:
    row = {"sha256": sha256, "size": 1, "media_type": "image/jpeg", "state": "stored", "stored_at": utc_now()}
    connection.execute(insert(PhotoContent).values(**row))
    note_looks(connection, sha256, look)


def test_among_ten_thousand_a_photo_used_again_is_found_and_unrelated_ones_are_not(
    connection: Connection, tmp_path: Path
) -> None:
    fill(connection, OTHERS, seed=1)
    originals = {file.name: looks_of_bytes(file.read_bytes(), tmp_path) for file in REAL}
    for name, look in originals.items():
        add(connection, name, look)

    missed = [
        (file.name, crop)
        for file in REAL
        for crop in CROPS
        if file.name
        not in {close.sha256 for close in close_to(connection, looks_of_bytes(used_again(file, CROPS[crop]), tmp_path))}
    ]
    assert missed == []

    unrelated = (look for picture in pictures(seed=2) if (look := looks(picture)))
    called = sum(bool(close_to(connection, look)) for look in itertools.islice(unrelated, UNRELATED))
    assert called <= UNRELATED / 1000


@pytest.mark.parametrize("crop", CROPS)
def test_an_original_that_comes_after_its_copy_is_found_too(connection: Connection, tmp_path: Path, crop: str) -> None:
    for file in REAL:
        add(connection, f"copy of {file.name}", looks_of_bytes(used_again(file, CROPS[crop]), tmp_path))
    for file in REAL:
        found = close_to(connection, looks_of_bytes(file.read_bytes(), tmp_path))
        assert [close.sha256 for close in found] == [f"copy of {file.name}"]


def test_both_photos_of_a_pair_know_of_it_once(connection: Connection, tmp_path: Path) -> None:
    original, copy = REAL[0].read_bytes(), used_again(REAL[0], CROPS["left"])
    for _ in range(2):
        for sha256, content in (("original", original), ("copy", copy)):
            if not connection.execute(select(PhotoContent).where(PhotoContent.sha256 == sha256)).first():
                add(connection, sha256, looks_of_bytes(content, tmp_path))
            else:
                note_looks(connection, sha256, looks_of_bytes(content, tmp_path))
    found = connection.execute(select(PhotoAlike.sha256, PhotoAlike.other_sha256, PhotoAlike.bits)).all()
    assert {(row.sha256, row.other_sha256) for row in found} == {("original", "copy"), ("copy", "original")}
    assert found[0].bits == found[1].bits <= CLOSE_BITS
    assert connection.execute(select(func.count()).select_from(PhotoBand)).scalar_one() == 2 * BANDS


def test_a_photo_that_shows_nothing_resembles_nothing(connection: Connection) -> None:
    wall = Image.linear_gradient("L").resize((320, 240))
    assert looks(wall) == [] and looks(Image.new("L", (320, 240), 7)) == []
    add(connection, "a wall", [])
    add(connection, "another wall", [])
    assert connection.execute(select(PhotoAlike)).first() is None
    assert not_looked_at(connection, 5) == []


def test_the_same_light_on_other_things_is_not_similar() -> None:
    """A lamp at the left makes nine of ten gradients equal; the details are not."""
    light = Image.linear_gradient("L").rotate(90).resize((320, 240))
    here, there = light.copy(), light.copy()
    for x in range(4):
        here.paste(90, (40 + 60 * x, 50, 52 + 60 * x, 70))
        there.paste(90, (55 + 60 * x, 150, 67 + 60 * x, 170))
    one, other = looks(here), looks(there)
    assert min((look.bits ^ other[0].bits).bit_count() for look in one) <= CLOSE_BITS
    assert bits_apart(one, other[0]) is None


def test_a_look_says_in_which_piece_it_agrees() -> None:
    look = Look(f"{0x1234:04x}" + "0" * 60, b"")
    assert look.bands[0] == 0x1234 and look.bands[15] == 15 << 16 and len(look.bands) == BANDS
    assert bands_of([look, look]) == sorted(set(look.bands))
    assert look.bits.bit_length() <= BITS


def test_photos_from_before_are_looked_at_after_the_start(app: APIFlask, tmp_path: Path) -> None:
    from server.housekeeping import catch_up
    from server.photos.arrival import hash_of
    from server.photos.store import Room
    from server.services import services

    copy = tmp_path / "copy.jpg"
    copy.write_bytes(used_again(REAL[0], CROPS["corner"]))
    with app.app_context():
        for file in (REAL[0], copy):
            services().photos.put(Room.ORIGINAL, hash_of(file), file)
        rows = [
            {"sha256": name, "size": 1, "media_type": "image/jpeg", "state": state, "stored_at": utc_now()}
            for name, state in ((hash_of(REAL[0]), "stored"), (hash_of(copy), "stored"), ("a" * 64, "rejected"))
        ]
        lost = rows[0] | {"sha256": "b" * 64}
        with writing() as connection:
            connection.execute(insert(PhotoContent), [*rows, lost])
        assert catch_up() == 2
        assert catch_up() == 0
        with reading() as connection:
            assert connection.execute(select(func.count()).select_from(PhotoLook)).scalar_one() == 2
            pair = connection.execute(select(PhotoAlike.sha256, PhotoAlike.other_sha256)).all()
        assert {row.sha256 for row in pair} == {hash_of(REAL[0]), hash_of(copy)}
