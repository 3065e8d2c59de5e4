"""Damaged, lying and hostile files made of real photos, always the same ones."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pillow_heif
from PIL import Image

PHOTOS: Final = Path(__file__).parents[2] / "data" / "photos"
SEED: Final = 20261125
COUNT: Final = 500
# Every photo by itself; what is 100 megapixels large; what is two things at once.
BOMB: Final = (10_000, 10_000)


def mutated() -> Iterator[tuple[str, bytes]]:
    """COUNT files with their names: all the special ones, then sources with random damage."""
    made = [*bombs(), *polyglots()]
    chance = random.Random(SEED)
    originals = sources()
    ways = (flipped, flipped_in_head, cut, lied, zeroed, repeated, swapped)
    while len(made) < COUNT:
        name, content = originals[len(made) % len(originals)]
        way: Callable[[random.Random, bytes], bytes] = ways[len(made) // len(originals) % len(ways)]
        made.append((f"{way.__name__} {name}", way(chance, content)))
    return ((f"{number:03} {name}", content) for number, (name, content) in enumerate(made))


def sources() -> list[tuple[str, bytes]]:
    """Small files of every kind that is taken, with the EXIF of real cameras."""
    pillow_heif.register_heif_opener()
    with Image.open(PHOTOS / "DSCN0010.jpg") as photo:
        exif = photo.getexif()
        small = photo.convert("RGB").resize((320, 240))
    clear = small.copy()
    clear.putalpha(Image.linear_gradient("L").resize(small.size))

    def saved(image: Image.Image, kind: str, **options: object) -> bytes:
        out = io.BytesIO()
        image.save(out, kind, **options)  # type: ignore[arg-type]  # options differ by kind
        return out.getvalue()

    return [
        ("DSCN0025.jpg", (PHOTOS / "DSCN0025.jpg").read_bytes()),
        ("image00971.jpg", (PHOTOS / "image00971.jpg").read_bytes()),
        ("portrait_6.jpg", (PHOTOS / "portrait_6.jpg").read_bytes()),
        ("small.jpg", saved(small, "JPEG", exif=exif)),
        ("progressive.jpg", saved(small, "JPEG", exif=exif, progressive=True)),
        ("grey.jpg", saved(small.convert("L"), "JPEG")),
        ("plain.png", saved(small, "PNG", exif=exif)),
        ("clear.png", saved(clear, "PNG")),
        ("palette.png", saved(small.quantize(64), "PNG", transparency=0)),
        ("lossy.webp", saved(small, "WEBP", exif=exif, method=0)),
        ("lossless.webp", saved(clear, "WEBP", lossless=True, method=0)),
        ("moving.webp", saved(small, "WEBP", save_all=True, append_images=[small.rotate(180)], method=0)),
        ("small.heic", saved(small, "HEIF", exif=exif)),
        ("clear.heic", saved(clear, "HEIF")),
    ]


def flipped(chance: random.Random, content: bytes) -> bytes:
    """Some bytes anywhere are others."""
    return _changed(chance, content, len(content), chance.randint(1, 40))


def flipped_in_head(chance: random.Random, content: bytes) -> bytes:
    """Some bytes at the beginning, where sizes and tables are."""
    return _changed(chance, content, min(len(content), 700), chance.randint(1, 8))


def cut(chance: random.Random, content: bytes) -> bytes:
    """The end is missing."""
    return content[: chance.randrange(len(content))]


def lied(chance: random.Random, content: bytes) -> bytes:
    """The header says another size than the pixels have."""
    width, height = (chance.choice((0, 1, 7, 333, 9_999, 16_383, 65_535)) for _ in range(2))
    return with_size(content, width, height)


def zeroed(chance: random.Random, content: bytes) -> bytes:
    """A piece is nothing but zeros."""
    start = chance.randrange(len(content))
    size = chance.randint(1, 4000)
    return content[:start] + bytes(min(size, len(content) - start)) + content[start + size :]


def repeated(chance: random.Random, content: bytes) -> bytes:
    """A piece is there several times."""
    start = chance.randrange(len(content))
    piece = content[start : start + chance.randint(1, 3000)]
    return content[:start] + piece * chance.randint(2, 20) + content[start:]


def swapped(chance: random.Random, content: bytes) -> bytes:
    """Two pieces have changed places."""
    one, other = sorted(chance.randrange(len(content)) for _ in range(2))
    middle = (one + other) // 2
    return content[:one] + content[middle:other] + content[one:middle] + content[other:]


def _changed(chance: random.Random, content: bytes, within: int, count: int) -> bytes:
    damaged = bytearray(content)
    for _ in range(count):
        damaged[chance.randrange(within)] ^= chance.randint(1, 255)
    return bytes(damaged)


def with_size(content: bytes, width: int, height: int) -> bytes:
    """The same file with another size in its header; PNG's checksum is put right."""
    if content.startswith(b"\x89PNG"):
        head = struct.pack(">II", width, height) + content[24:29]
        return content[:16] + head + struct.pack(">I", zlib.crc32(b"IHDR" + head)) + content[33:]
    if content.startswith(b"\xff\xd8"):
        at = 2
        while content[at + 1] not in (0xC0, 0xC1, 0xC2):
            at += 2 + int.from_bytes(content[at + 2 : at + 4])
        return content[: at + 5] + struct.pack(">HH", height, width) + content[at + 9 :]
    if content.startswith(b"RIFF"):
        if content[12:16] == b"VP8X":
            return content[:24] + width.to_bytes(3, "little") + height.to_bytes(3, "little") + content[30:]
        return content[:26] + struct.pack("<HH", width, height) + content[30:]
    at = content.index(b"ispe")
    return content[: at + 8] + struct.pack(">II", width, height) + content[at + 16 :]


def bombs() -> list[tuple[str, bytes]]:
    """Small files that say they are 100 megapixels, or become very much when they are unpacked."""
    small = dict(sources())
    pngs = [
        ("bomb grey.png", png(BOMB, 0, 10_001 * 10_000)),
        ("bomb colour.png", png(BOMB, 2, 30_001 * 10_000)),
        ("bomb clear.png", png(BOMB, 6, 40_001 * 10_000)),
        ("bomb within the pixels.png", png((10_000, 5_900), 6, 40_001 * 5_900)),
        ("bomb within both limits.png", png((10_000, 5_900), 0, 10_001 * 5_900)),
        ("bomb one row.png", png((60_000_000, 1), 0, 60_000_001)),
        ("bomb too much data.png", png((100, 100), 2, 200_000_000)),
        ("bomb text.png", png((100, 100), 2, 30_100, _chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(100_000_000))))),
        ("bomb profile.png", png((100, 100), 2, 30_100, _chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(100_000_000))))),
    ]
    lies = [(f"bomb {name}", with_size(content, *BOMB)) for name, content in small.items()]
    within = [(f"bomb within {name}", with_size(content, 7_600, 7_600)) for name, content in small.items()]
    return pngs + lies + within


def polyglots() -> list[tuple[str, bytes]]:
    """Files that are two things at once, whichever one looks for."""
    small = dict(sources())
    jpeg, picture, webp, heic = (small[name] for name in ("small.jpg", "plain.png", "lossy.webp", "small.heic"))
    comment = b"\xff\xfe" + struct.pack(">H", 60) + b"*/=1;alert(document.cookie)/*".ljust(58)
    archive = b"PK\x03\x04" + bytes(200) + b"PK\x05\x06" + bytes(18)
    return [
        ("jpeg and zip", jpeg + archive),
        ("zip and jpeg", archive + jpeg),
        ("jpeg and html", jpeg[:2] + comment + jpeg[2:] + b"<script>alert(1)</script>"),
        ("html and jpeg", b"<html>" + jpeg),
        ("gif and jpeg", b"GIF89a" + jpeg),
        ("pdf and jpeg", b"%PDF-1.7\n" + jpeg),
        ("jpeg and png", jpeg + picture),
        ("png and jpeg", picture + jpeg),
        ("heic and jpeg", heic + jpeg),
        ("head of heic and jpeg", heic[:24] + jpeg),
        ("head of webp and png", webp[:12] + picture),
        ("jpeg in jpeg", jpeg[:400] + jpeg + jpeg[400:]),
        ("program and png", b"MZ" + picture),
        ("svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("postscript", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) run\n"),
        ("nothing", b""),
    ]


def png(size: tuple[int, int], colours: int, data: int, more: bytes = b"") -> bytes:
    """A PNG of this size and kind of colours whose rows are so many zeros."""
    head = struct.pack(">IIBBBBB", *size, 8, colours, 0, 0, 0)
    rows = _chunk(b"IDAT", _zeros(data))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + more + rows + _chunk(b"IEND", b"")


def _zeros(size: int) -> bytes:
    packer = zlib.compressobj(1)
    piece = bytes(1 << 20)
    packed = [packer.compress(piece[: min(len(piece), size - at)]) for at in range(0, size, len(piece))]
    return b"".join([*packed, packer.flush()])


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
