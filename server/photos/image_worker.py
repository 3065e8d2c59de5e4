"""The process that opens a photo that somebody sent. Run as a script, once for each photo; imports nothing of
the project, so that it starts in about a tenth of a second.

    python -I image_worker.py PHOTO FOLDER MAX_PIXELS MAX_MEMORY

writes `thumb.jpg` and `screen.jpg` into FOLDER and one JSON object to standard output: `{"facts": {...}, "looks":
[...]}`, or `{"refused": "<reason>"}`, or `{"ended": "too_much_memory"}` where its own limit stopped it. It may as
well be killed by its limits or end with an error; images.py says what that means.
"""

from __future__ import annotations

import io
import itertools
import json
import math
import operator
import os
import resource
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final, cast

from PIL import Image, ImageCms, ImageFile, ImageOps, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

CPU_S: Final = 20
CPU_GRACE_S: Final = 5
# Niceness: photos are looked at while phones exchange.
GIVING_WAY: Final = 10
# What the process may make of its own; with Python and its libraries, which are shared, that is under 300 MB.
DATA_BYTES: Final = 270 << 20
ADDRESS_BYTES: Final = 1536 << 20
WRITTEN_BYTES: Final = 8 << 20
COPIES: Final = (("screen", 1280, 82), ("thumb", 320, 78))
MEDIA_TYPES: Final = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",  # what Pillow calls a phone's JPEG with a second picture behind the first
    "PNG": "image/png",
    "WEBP": "image/webp",
    "HEIF": "image/heic",
}
# Importing its plugin is what makes Pillow know a format.
PLAIN_FORMATS: Final = [
    JpegImagePlugin.JpegImageFile.format,
    PngImagePlugin.PngImageFile.format,
    WebPImagePlugin.WebPImageFile.format,
]
HEIF_BRANDS: Final = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
# Tags of EXIF 2.32 and of its two inner directories.
ORIENTATION, MAKE, MODEL, SOFTWARE, CHANGED_AT = 0x0112, 0x010F, 0x0110, 0x0131, 0x0132
EXIF_IFD, TAKEN_AT, TAKEN_OFFSET = 0x8769, 0x9003, 0x9011
GPS_IFD, LATITUDE, LONGITUDE, GPS_TIME, GPS_DATE = 0x8825, 2, 4, 7, 29
SIDEWAYS: Final = {5, 6, 7, 8}
# Of a side, by which a copy may have been cropped and is still known; and the ways of cropping one axis.
CROPPED: Final = 0.05
CUTS: Final = ((0.0, 0.0), (CROPPED, 0.0), (0.0, CROPPED), (CROPPED / 2, CROPPED / 2), (CROPPED, CROPPED))
# Of 255 levels of grey, how far details deviate at least; with less a picture is a wall or a dark room like any other.
PLAIN: Final = 2.0
# Copies are made from at least so many times their pixels on a side.
ENOUGH: Final = 1.5
# What decoding takes for each pixel, in bytes, as measured: WebP is decoded into several pictures at once, HEIF into
# its own colours and ours. Pillow keeps three colours in four bytes.
WEBP_PIXEL: Final = 16.0
HEIF_PIXEL: Final = 4.7
NARROW: Final = {"1": 1, "L": 1, "P": 1, "I;16": 2}
WIDE_PIXEL: Final = 4
STRIP_PIXELS: Final = 500_000
# Of `_details`: places on a side, how far each is right of or below the middle, and the sum of the squares of that.
PLACES: Final = 20
ACROSS: Final = [at % PLACES - (PLACES - 1) / 2 for at in range(PLACES * PLACES)]
DOWN: Final = [at // PLACES - (PLACES - 1) / 2 for at in range(PLACES * PLACES)]
STEEP: Final = sum(each * each for each in ACROSS)
# `_gradients` and `_details` of a picture, as hex.
Look = tuple[str, str]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Limits:
    """What a photo may have: `pixels`, and bytes of `memory` for decoding it."""

    pixels: int
    memory: int


class Refused(Exception):
    """The file is no photo that can be taken; the only argument is the reason's code."""


def limit_this_process() -> None:
    """Let the kernel end this process, rather than the server suffer, when a file asks for too much; and let it wait
    where cores are short."""
    os.nice(GIVING_WAY)
    # At the soft limit comes SIGXCPU, at the hard one SIGKILL, which would look as if memory were short.
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S + CPU_GRACE_S))
    resource.setrlimit(resource.RLIMIT_DATA, (DATA_BYTES, DATA_BYTES))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_BYTES, ADDRESS_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN_BYTES, WRITTEN_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Inspect the photo that the arguments name."""
    limit_this_process()
    warnings.simplefilter("ignore")
    photo, folder, limits = Path(sys.argv[1]), Path(sys.argv[2]), Limits(*map(int, sys.argv[3:5]))
    answer: dict[str, object]
    try:
        answer = inspect(photo, folder, limits)
    except Refused as refused:
        answer = {"refused": refused.args[0]}
    except MemoryError:
        answer = {"ended": "too_much_memory"}
    json.dump(answer, sys.stdout)


def inspect(photo: Path, folder: Path, limits: Limits) -> dict[str, object]:
    """Decode the whole photo, write its copies, and tell what it says of itself and what it looks like.

    Raises Refused on account of the file; an OSError is the machine's.
    """
    facts, copies, looks = _looked_at(photo.read_bytes(), limits)
    for name, copy in copies.items():
        (folder / f"{name}.jpg").write_bytes(copy)
    return {"facts": facts, "looks": looks}


def _looked_at(content: bytes, limits: Limits) -> tuple[dict[str, object], dict[str, bytes], list[Look]]:
    """What the photo says of itself, its copies by name, and how it looks; raises Refused."""
    image = _opened(content)
    size = image.size
    if size[0] * size[1] > limits.pixels or _memory_for(image) > limits.memory:
        raise Refused("too_many_pixels")
    facts = _facts(image)
    image = _decoded(image, content)
    facts["width"], facts["height"] = size[::-1] if facts["orientation"] in SIDEWAYS else size
    try:
        copies, smallest = _copies(image)
        looks = looks_of(smallest)
    except MemoryError:
        raise
    except Exception as problem:  # as in _opened
        raise Refused("broken") from problem
    facts["perceptual_hash"] = looks[0][0] if looks else None
    return facts, copies, looks


def _copies(image: Image.Image) -> tuple[dict[str, bytes], Image.Image]:
    """The smaller copies by name, and the pixels of the smallest."""
    copies = {}
    small = _ready_to_shrink(image)
    for name, longest, quality in COPIES:
        small.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=3.0)
        small = _in_srgb(small)
        upright = ImageOps.exif_transpose(small)
        upright.info.clear()
        out = io.BytesIO()
        upright.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
        copies[name] = out.getvalue()
    return copies, upright


def _opened(content: bytes) -> Image.Image:
    """The image, of which only the head has been read."""
    Image.MAX_IMAGE_PIXELS = None  # _looked_at decides; Pillow's own limit only refuses at twice its value
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    formats = PLAIN_FORMATS
    is_heif = content[4:8] == b"ftyp" and content[8:12] in HEIF_BRANDS
    if is_heif:
        if not _boxes_are_whole(content):
            raise Refused("truncated")
        import pillow_heif  # takes as long to import as all the rest: only where it is needed

        pillow_heif.register_heif_opener()
        formats = ["HEIF"]
    try:
        return Image.open(io.BytesIO(content), formats=formats)
    except MemoryError:
        raise
    except Exception as problem:  # each decoder has its own way of saying no; all of them mean this
        raise Refused("broken" if is_heif or _begins_as_a_photo(content) else "not_an_image") from problem


def _begins_as_a_photo(content: bytes) -> bool:
    """Whether the first bytes are those of a JPEG, PNG or WebP: what cannot be opened all the same is damaged."""
    is_webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    return is_webp or content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))


def _boxes_are_whole(content: bytes) -> bool:
    """Whether no box of a HEIF file (ISO 14496-12) reaches beyond its end; the decoder would paint what is
    missing grey and say nothing."""
    place = 0
    while place + 8 <= len(content):
        size = int.from_bytes(content[place : place + 4])
        if size == 1:
            size = int.from_bytes(content[place + 8 : place + 16])
        elif size == 0:
            return True
        if size < 8:
            return False
        place += size
    return place == len(content)


def _memory_for(image: Image.Image) -> float:
    """How many bytes decoding an image will take, of which only the head has been read."""
    pixels = image.width * image.height
    if isinstance(image, JpegImagePlugin.JpegImageFile):
        drafted = pixels / _draft_of(image) ** 2 * WIDE_PIXEL
        if not image.info.get("progressive"):
            return drafted
        # Two bytes for each coefficient, of the whole picture before any of it is decoded.
        finest = max(across * down for _, across, down, _ in image.layer)
        return drafted + sum(2 * pixels * across * down / finest for _, across, down, _ in image.layer)
    each = {"WEBP": WEBP_PIXEL, "HEIF": HEIF_PIXEL}.get(str(image.format))
    return pixels * (each or NARROW.get(image.mode, WIDE_PIXEL))


def _draft_of(image: Image.Image) -> int:
    """By how much the decoder of JPEG may shrink a picture on its way, and still leave enough for the copies."""
    return next((scale for scale in (8, 4, 2) if max(image.size) >= scale * COPIES[0][1] * ENOUGH), 1)


def _decoded(image: Image.Image, content: bytes) -> Image.Image:
    """The pixels, every byte of the file having been decoded; of a large picture as many as the copies need."""
    try:
        if isinstance(image, JpegImagePlugin.JpegImageFile):
            scale = _draft_of(image)
            image.draft(None, (image.width // scale, image.height // scale))
        elif image.format == "HEIF":
            return _decoded_heif(image, content)
        image.load()
        return image
    except MemoryError:
        raise
    except Exception as problem:  # as in _opened
        said = str(problem).lower()
        if "memory" in said and "security limit" not in said:  # libheif calls a lie about the size that, too
            raise MemoryError from problem
        raise Refused("truncated" if "truncated" in said else "broken") from problem


def _decoded_heif(image: Image.Image, content: bytes) -> Image.Image:
    """As Pillow's plugin does it, but shrunk strip by strip from the decoder's own memory."""
    import pillow_heif

    pillow_heif.options.DECODE_THREADS = 1  # each has a stack and buffers of its own
    heif = pillow_heif.open_heif(io.BytesIO(content), convert_hdr_to_8bit=True)
    data, mode, stride = heif.data, heif.mode, heif.stride

    def strip(top: int, bottom: int) -> Image.Image:
        size, rows = (heif.size[0], bottom - top), data[top * stride : bottom * stride]
        return Image.frombuffer(mode, size, rows, "raw", mode, stride, 1)

    return _shrunk(heif.size, strip, image)


def _shrunk(size: tuple[int, int], strip: Callable[[int, int], Image.Image], source: Image.Image) -> Image.Image:
    """The picture of that size whose rows `strip(top, bottom)` gives, in colours that can be averaged, as small as the
    copies allow, with the orientation and profile of `source`. Needs no second picture of the full size."""
    factor = max(1, int(max(size) // (COPIES[0][1] * ENOUGH)))
    target = Image.new("L", (0, 0))
    rows = factor * max(1, STRIP_PIXELS // (size[0] * factor))
    for top in range(0, size[1], rows):
        small = _flat(strip(top, min(size[1], top + rows))).reduce(factor)
        if top == 0:
            target = Image.new(small.mode, (small.width, math.ceil(size[1] / factor)))
        target.paste(small, (0, top // factor))
    if profile := source.info.get("icc_profile"):
        target.info["icc_profile"] = profile
    return _keep_orientation(source, target)


def _ready_to_shrink(image: Image.Image) -> Image.Image:
    """The image in a mode in which pixels can be averaged; what is transparent becomes white."""
    is_small = max(image.size) < 2 * COPIES[0][1] * ENOUGH
    if is_small and image.mode in ("RGB", "L", "CMYK") and "transparency" not in image.info:
        return image
    return _shrunk(image.size, lambda top, bottom: image.crop((0, top, image.width, bottom)), image)


def _flat(image: Image.Image) -> Image.Image:
    """In colours that can be averaged, on white where it is transparent."""
    if image.mode in ("P", "PA", "LA", "La", "RGBa", "RGBA") or "transparency" in image.info:
        clear = image.convert("RGBA")
        flat = Image.new("RGB", clear.size, "white")
        flat.paste(clear, mask=clear.getchannel("A"))
        return flat
    return image if image.mode in ("RGB", "L", "CMYK") else image.convert("RGB")


def _keep_orientation(source: Image.Image, target: Image.Image) -> Image.Image:
    target.getexif()[ORIENTATION] = source.getexif().get(ORIENTATION, 1)
    return target


def _in_srgb(image: Image.Image) -> Image.Image:
    """The colours as a plain JPEG means them; a profile that cannot be read is left out of account."""
    profile = image.info.pop("icc_profile", None)
    if profile and image.mode in ("RGB", "CMYK", "L"):
        try:
            shown = ImageCms.profileToProfile(
                image,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGB",
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            shown = None
        if shown is not None:
            return _keep_orientation(image, shown)
    return image if image.mode == "RGB" else _keep_orientation(image, image.convert("RGB"))


def looks_of(image: Image.Image) -> list[Look]:
    """How a picture looks: as it is first, then as it would look cropped, and as it may have looked before somebody
    cropped it. Empty where it shows too little to be told from others.

    Each edge, or both opposite ones, may have lost up to CROPPED of its side. What was cut off is guessed by going on
    with the last row of pixels, which is near enough at this size.
    """
    if look_of(image) is None:
        return []
    grey = _grey(image)
    width, height = grey.size
    # A pixel more than is needed: a box must not begin a rounding error outside.
    edge = tuple(math.ceil(side * CROPPED / (1 - 2 * CROPPED)) + 1 for side in grey.size)
    wider = _continued(grey, *edge)
    found = []
    for (left, right), (top, bottom) in itertools.product(CUTS, CUTS):
        found.append(_look(grey, (width * left, height * top, width * (1 - right), height * (1 - bottom))))
        across, down = width / (1 - left - right), height / (1 - top - bottom)
        x, y = edge[0] - across * left, edge[1] - down * top
        found.append(_look(wider, (x, y, x + across, y + down)))
    return list(dict.fromkeys(found))


def look_of(image: Image.Image) -> Look | None:
    """How a picture looks as it is; None where it shows too little to be told from others."""
    grey = _grey(image)
    whole = (0.0, 0.0, float(grey.width), float(grey.height))
    details, deviation = _details(grey, whole)
    return (_gradients(grey, whole), details) if deviation >= PLAIN else None


def _grey(image: Image.Image) -> Image.Image:
    """In fractions of levels, so that a dark picture has as many as a bright one."""
    return image.convert("L").convert("F")


def _look(grey: Image.Image, box: Box) -> Look:
    return _gradients(grey, box), _details(grey, box)[0]


def _continued(image: Image.Image, across: int, down: int) -> Image.Image:
    """The picture with its outermost pixels repeated so far beyond its left and right, and its top and bottom."""
    width, height = image.size
    wide = Image.new(image.mode, (width + 2 * across, height))
    wide.paste(image.crop((0, 0, 1, height)).resize((across, height)), (0, 0))
    wide.paste(image, (across, 0))
    wide.paste(image.crop((width - 1, 0, width, height)).resize((across, height)), (across + width, 0))
    whole = Image.new(image.mode, (wide.width, height + 2 * down))
    whole.paste(wide.crop((0, 0, wide.width, 1)).resize((wide.width, down)), (0, 0))
    whole.paste(wide, (0, down))
    whole.paste(wide.crop((0, height - 1, wide.width, height)).resize((wide.width, down)), (0, down + height))
    return whole


def _gradients(grey: Image.Image, box: Box) -> str:
    """256 bits as 64 hex digits: whether each of 16 by 8 places of the box is brighter than its right neighbour, then
    whether each of 8 by 16 is brighter than the one below."""
    rows = _levels(grey.resize((17, 8), Image.Resampling.BOX, box))
    columns = _levels(grey.resize((8, 17), Image.Resampling.BOX, box))
    right = ((rows[row + at], rows[row + at + 1]) for row in range(0, 17 * 8, 17) for at in range(16))
    below = zip(columns[:-8], columns[8:], strict=True)
    # Less than a quarter of a level of grey is no difference: where a picture is one colour, nothing is noise.
    bits = "".join("1" if one > other + 0.25 else "0" for one, other in itertools.chain(right, below))
    return f"{int(bits, 2):064x}"


def _details(grey: Image.Image, box: Box) -> tuple[str, float]:
    """20 by 20 places of the box as bytes in hex, row by row: how far each is brighter (over 128) or darker than its
    surroundings, in 31sts of the deviation. With it that deviation, in levels of grey. Light that falls off over a
    whole wall is no detail: it makes different walls look alike."""
    fine = grey.resize((PLACES, PLACES), Image.Resampling.BOX, box)
    levels = _levels(fine)
    slopes = [sum(map(operator.mul, levels, along)) / STEEP for along in (ACROSS, DOWN)]
    over = [
        each - across * slopes[0] - down * slopes[1] for each, across, down in zip(_over(fine), *_tilted(), strict=True)
    ]
    deviation = math.sqrt(sum(map(operator.mul, over, over)) / len(over))
    scale = 31 / max(deviation, 0.01)
    scaled = [int(each * scale + 128.5) for each in over]
    if min(scaled) < 1 or max(scaled) > 255:  # seldom, and a check of each takes longer than all the rest
        scaled = [max(1, min(255, each)) for each in scaled]
    return bytes(scaled).hex(), deviation


def _over(fine: Image.Image) -> list[float]:
    """How far each place is brighter than its surroundings."""
    coarse = fine.resize((5, 5), Image.Resampling.BOX).resize(fine.size, Image.Resampling.BICUBIC)
    return list(map(operator.sub, _levels(fine), _levels(coarse)))


@cache
def _tilted() -> tuple[list[float], list[float]]:
    """What `_over` makes of light that falls off evenly, one level a place, across and down: it is not quite nothing at
    the edges, where surroundings are on one side only."""
    planes = []
    for along in (ACROSS, DOWN):
        plane = Image.new("F", (PLACES, PLACES))
        plane.putdata(along)
        planes.append(_over(plane))
    return planes[0], planes[1]


def _levels(grey: Image.Image) -> Sequence[float]:
    """The pixels of a picture of mode F, row by row."""
    return cast(Sequence[float], grey.get_flattened_data())


def _facts(image: Image.Image) -> dict[str, object]:
    """What the photo says of itself, None for what it does not say; EXIF that cannot be read says nothing."""
    facts: dict[str, object] = dict.fromkeys(
        ("taken_at", "gps_at", "latitude", "longitude", "make", "model", "software")
    )
    facts |= {"media_type": MEDIA_TYPES[str(image.format)], "orientation": 1}
    try:
        exif = image.getexif()
        camera, place = exif.get_ifd(EXIF_IFD), exif.get_ifd(GPS_IFD)
    except MemoryError:
        raise
    except Exception:  # EXIF is often damaged by good cameras, and is no part of the picture
        return facts
    orientation = exif.get(ORIENTATION)
    if isinstance(orientation, int) and 1 <= orientation <= 8:
        facts["orientation"] = orientation
    facts["make"], facts["model"], facts["software"] = (_words(exif.get(tag)) for tag in (MAKE, MODEL, SOFTWARE))
    facts["taken_at"] = _time(camera.get(TAKEN_AT) or exif.get(CHANGED_AT), camera.get(TAKEN_OFFSET))
    facts["gps_at"] = _gps_time(place)
    latitude, longitude = _degrees(place, LATITUDE, "S"), _degrees(place, LONGITUDE, "W")
    if latitude is not None and longitude is not None and abs(latitude) <= 90 and abs(longitude) <= 180:
        facts["latitude"], facts["longitude"] = latitude, longitude
    return facts


def _words(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    return "".join(sign for sign in value if sign.isprintable()).strip()[:120] or None


def _time(value: object, offset: object) -> str | None:
    """EXIF's "2008:10:22 16:28:39" as "2008-10-22T16:28:39", with its offset where the camera knew one."""
    try:
        moment = datetime.strptime(str(value).strip("\0 "), "%Y:%m:%d %H:%M:%S")
        if isinstance(offset, str) and offset.strip("\0 "):
            return datetime.fromisoformat(moment.isoformat() + offset.strip("\0 ")).isoformat()
    except ValueError:
        return None
    return moment.isoformat()


def _gps_time(place: Mapping[int, object]) -> str | None:
    """The satellites' time, in UTC; whole seconds."""
    date, clock = place.get(GPS_DATE), place.get(GPS_TIME)
    if not isinstance(date, str) or not isinstance(clock, tuple) or len(clock) != 3:
        return None
    try:
        day = datetime.strptime(date.strip("\0 "), "%Y:%m:%d")
        hour, minute, second = (int(float(part)) for part in clock)
        return day.replace(hour=hour, minute=minute, second=second, tzinfo=UTC).isoformat()
    except (ValueError, OverflowError, ZeroDivisionError):
        return None


def _degrees(place: Mapping[int, object], tag: int, negative: str) -> float | None:
    """Degrees, minutes and seconds as a number; its sign is in the tag before."""
    parts = place.get(tag)
    if not isinstance(parts, tuple) or len(parts) != 3:
        return None
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    angle = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(angle):
        return None
    return round(-angle if place.get(tag - 1) == negative else angle, 7)


if __name__ == "__main__":
    main()
