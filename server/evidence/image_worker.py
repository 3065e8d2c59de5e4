"""The process that opens a photo that somebody sent. Run as a script, once for each photo; imports nothing of
the project, so that it starts in about a tenth of a second.

    python -I image_worker.py PHOTO FOLDER MAX_PIXELS

writes `thumb.jpg` and `screen.jpg` into FOLDER and one JSON object to standard output: `{"facts": {...}}`, or
`{"refused": "<reason>"}`, or `{"ended": "too_much_memory"}` where its own limit stopped it. It may as well be killed
by its limits or end with an error; images.py says what that means.
"""

from __future__ import annotations

import io
import json
import math
import resource
import sys
import warnings
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from PIL import Image, ImageCms, ImageFile, ImageOps, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

CPU_S: Final = 20
CPU_GRACE_S: Final = 5
MEMORY_BYTES: Final = 1536 << 20
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


class Refused(Exception):
    """The file is no photo that can be taken; the only argument is the reason's code."""


def limit_this_process() -> None:
    """Let the kernel end this process, rather than the server suffer, when a file asks for too much."""
    # At the soft limit comes SIGXCPU, at the hard one SIGKILL, which would look as if memory were short.
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S + CPU_GRACE_S))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN_BYTES, WRITTEN_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Inspect the photo that the arguments name."""
    limit_this_process()
    warnings.simplefilter("ignore")
    photo, folder, max_pixels = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    answer: dict[str, object]
    try:
        answer = {"facts": inspect(photo, folder, max_pixels)}
    except Refused as refused:
        answer = {"refused": refused.args[0]}
    except MemoryError:
        answer = {"ended": "too_much_memory"}
    json.dump(answer, sys.stdout)


def inspect(photo: Path, folder: Path, max_pixels: int) -> dict[str, object]:
    """Decode the whole photo, write its copies, and tell what it says of itself.

    Raises Refused on account of the file; an OSError is the machine's.
    """
    facts, copies = _looked_at(photo.read_bytes(), max_pixels)
    for name, copy in copies.items():
        (folder / f"{name}.jpg").write_bytes(copy)
    return facts


def _looked_at(content: bytes, max_pixels: int) -> tuple[dict[str, object], dict[str, bytes]]:
    """What the photo says of itself, and its copies by name; raises Refused."""
    image = _opened(content)
    if image.width * image.height > max_pixels:
        raise Refused("too_many_pixels")
    facts = _facts(image)
    _decode(image)
    width, height = image.size
    facts["width"], facts["height"] = (height, width) if facts["orientation"] in SIDEWAYS else (width, height)
    try:
        copies, facts["perceptual_hash"] = _copies(image)
    except MemoryError:
        raise
    except Exception as problem:  # as in _opened
        raise Refused("broken") from problem
    return facts, copies


def _copies(image: Image.Image) -> tuple[dict[str, bytes], str]:
    """The smaller copies by name, and the perceptual hash of the smallest."""
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
    return copies, _difference_hash(upright)


def _opened(content: bytes) -> Image.Image:
    """The image, of which only the head has been read."""
    Image.MAX_IMAGE_PIXELS = None  # max_pixels decides; Pillow's own limit only refuses at twice its value
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
        raise Refused("broken" if is_heif else "not_an_image") from problem


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


def _decode(image: Image.Image) -> None:
    try:
        image.load()
    except MemoryError:
        raise
    except Exception as problem:  # as in _opened
        raise Refused("truncated" if "truncated" in str(problem).lower() else "broken") from problem


def _ready_to_shrink(image: Image.Image) -> Image.Image:
    """The image in a mode in which pixels can be averaged; what is transparent becomes white."""
    if image.mode in ("RGB", "L", "CMYK"):
        return image
    if image.mode in ("P", "PA", "LA", "La", "RGBa", "RGBA") or "transparency" in image.info:
        clear = image.convert("RGBA")
        flat = Image.new("RGB", clear.size, "white")
        flat.paste(clear, mask=clear.getchannel("A"))
        _keep_orientation(image, flat)
        return flat
    return _keep_orientation(image, image.convert("RGB"))


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


def _difference_hash(image: Image.Image) -> str:
    """64 bits as 16 hex digits, whether each of 8×8 places is brighter than its right neighbour: photos that
    look alike differ in few bits, however they were scaled or compressed."""
    grey = image.convert("L").resize((9, 8), Image.Resampling.BILINEAR)
    pixels = grey.tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            bits = bits << 1 | (pixels[row * 9 + column] > pixels[row * 9 + column + 1])
    return f"{bits:016x}"


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
