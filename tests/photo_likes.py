"""Pictures that look like photos, by the thousand and always the same: what similar photos are to be told from.

Half are put together of pieces of real photos; half are rooms with lamps, pipes and boxes, of which many are little
more than light on a wall, because such photos are what field workers take and what hashes confuse.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageOps

PHOTOS: Final = Path(__file__).with_name("data") / "photos"
LONG, SHORT = 96, 72


def pictures(seed: int) -> Iterator[Image.Image]:
    """Endlessly many, grey, of 96 by 72 pixels or upright."""
    chance = random.Random(seed)
    real = [_reduced(file) for file in sorted(PHOTOS.glob("*.jpg"))]
    while True:
        size = (LONG, SHORT) if chance.random() < 0.6 else (SHORT, LONG)
        picture = _pieces(chance, real, size) if chance.random() < 0.5 else _room(chance, size)
        noise = Image.effect_noise((size[0] // 2, size[1] // 2), chance.randint(5, 40)).resize(size)
        yield Image.blend(picture, noise, 0.1)


def _reduced(file: Path) -> Image.Image:
    with Image.open(file) as photo:
        photo.draft("L", (320, 320))
        return ImageOps.exif_transpose(photo).convert("L").resize((240, 180))


def _pieces(chance: random.Random, real: list[Image.Image], size: tuple[int, int]) -> Image.Image:
    """Two pieces of real photos side by side or one in the other, with some things in front."""
    one, other = (_piece(chance, chance.choice(real), size) for _ in range(2))
    mask = Image.new("1", size)
    draw = ImageDraw.Draw(mask)
    x, y = chance.randrange(size[0]), chance.randrange(size[1])
    if chance.random() < 0.5:
        draw.rectangle((0, 0, x, size[1]), fill=1)
    else:
        draw.rectangle((x // 2, y // 2, x // 2 + size[0] // 2, y // 2 + size[1] // 2), fill=1)
    one.paste(other, mask=mask)
    _things(chance, one, chance.randint(0, 4))
    return one


def _piece(chance: random.Random, photo: Image.Image, size: tuple[int, int]) -> Image.Image:
    wide, high = (side * chance.uniform(0.3, 0.7) for side in photo.size)
    x, y = chance.uniform(0, photo.width - wide), chance.uniform(0, photo.height - high)
    piece = photo.resize(size, Image.Resampling.BILINEAR, (x, y, x + wide, y + high))
    turned = chance.choice([None, *(Image.Transpose(way) for way in (0, 1, 3))])
    return piece if turned is None else piece.transpose(turned)


def _room(chance: random.Random, size: tuple[int, int]) -> Image.Image:
    """Light that falls off over a wall, perhaps a lamp, and some things."""
    dark, bright = sorted((chance.randint(10, 120), chance.randint(100, 250)))
    light = Image.linear_gradient("L").rotate(chance.choice((0, 90, 180, 270))).resize(size)
    room = light.point([dark + (bright - dark) * level // 255 for level in range(256)])
    if chance.random() < 0.6:
        lamp = ImageChops.invert(Image.radial_gradient("L").resize((chance.randint(60, 200), chance.randint(60, 200))))
        shine = Image.new("L", size)
        shine.paste(lamp, (chance.randint(-90, 30), chance.randint(-90, 30)))
        room = ImageChops.add(room, shine.point([level // 2 for level in range(256)]))
    _things(chance, room, chance.randint(3, 14))
    return room


def _things(chance: random.Random, picture: Image.Image, count: int) -> None:
    draw = ImageDraw.Draw(picture)
    for _ in range(count):
        x, y = chance.randint(-12, picture.width), chance.randint(-12, picture.height)
        box = (x, y, x + chance.randint(2, 46), y + chance.randint(2, 46))
        match chance.randrange(3):
            case 0:
                draw.rectangle(box, fill=chance.randint(0, 255))
            case 1:
                draw.ellipse(box, fill=chance.randint(0, 255))
            case _:
                draw.line(box, fill=chance.randint(0, 255), width=chance.randint(1, 7))
