"""Whether a file is a photo, what it says of itself, and smaller copies of it.

A file that somebody sent is opened in a process of its own (image_worker.py) with limits on memory, processor
time and time on the clock. A process is started for each photo and not kept: it starts in about a tenth of a
second, which is nothing beside sending the photo, the limits then count for one photo only, and what a
malicious file has done to a decoder ends with it.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from server.evidence.likeness import Look

MAX_BYTES: Final = 25 << 20
# What the smaller copies that are made of a photo take at most.
COPIES_BYTES: Final = 2 << 20
MAX_PIXELS: Final = 60_000_000
# For decoding, in bytes. A JPEG of MAX_PIXELS needs less; so do 57 megapixels of PNG, 48.9 of HEIC (the largest
# that phones take) and 14 of WebP.
MAX_DECODING: Final = 230_000_000
WALL_S: Final = 60
AT_ONCE: Final = 2

REASONS: Final = (
    "too_many_bytes", "not_an_image", "too_many_pixels", "truncated", "broken", "too_slow", "too_much_memory"
)  # fmt: skip

_WORKER: Final = Path(__file__).with_name("image_worker.py")
# How a worker ends that a file has brought to its end. SIGKILL is none of them: the kernel sends it when the
# machine is short of memory, whoever uses it.
_ENDS: Final = {
    -signal.SIGXCPU: "too_slow",
    -signal.SIGSEGV: "broken",
    -signal.SIGBUS: "broken",
    -signal.SIGILL: "broken",
    -signal.SIGFPE: "broken",
    -signal.SIGABRT: "broken",
}
_turn = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class ImageFacts:
    """What a photo is and says of itself. None of it is proven: anybody can write EXIF.

    `width` and `height` are in pixels as a person sees the photo, turned upright. `taken_at` is the camera's
    clock as ISO 8601, with an offset only where the camera gave one; `gps_at` is in UTC. `latitude` and
    `longitude` are in degrees, WGS-84 unless the phone thought otherwise. `perceptual_hash` is 256 bits in hex:
    photos that look alike differ in few (likeness.py); None for a picture that shows next to nothing.
    """

    media_type: str
    width: int
    height: int
    orientation: int
    taken_at: str | None
    gps_at: str | None
    latitude: float | None
    longitude: float | None
    make: str | None
    model: str | None
    software: str | None
    perceptual_hash: str | None

    def to_json(self) -> str:
        """As it is kept in `photo_content.facts`."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class Inspected:
    """A photo that can be taken, with two JPEG copies: upright, in sRGB, without EXIF, at most 1280 and 320
    pixels long. `looks` are what other photos are compared with: the picture as it is, with `perceptual_hash`,
    then the same cropped and uncropped; empty where that is None."""

    facts: ImageFacts
    screen: bytes
    thumb: bytes
    looks: tuple[Look, ...] = ()


@dataclass(frozen=True)
class ImageRefused:
    """A file that is not taken as a photo; `reason` is one of REASONS."""

    reason: str


class CouldNotLook(Exception):
    """There is no verdict on the file. `suspected` is one of REASONS where the worker reached its own limits or
    crashed, which may be the file's doing; None where the machine was short of memory, disk or time."""

    def __init__(self, what: str, suspected: str | None = None) -> None:
        super().__init__(what)
        self.suspected = suspected


def inspect_image(file: Path) -> Inspected | ImageRefused:
    """Look at the file: a fraction of a second for an ordinary photo, at most WALL_S once it is its turn.

    Raises CouldNotLook; only what the worker itself says of a file is a verdict. At most AT_ONCE are looked at
    at a time, others wait: a large photo takes up to 300 MB.
    """
    if file.stat().st_size > MAX_BYTES:
        return ImageRefused("too_many_bytes")
    try:
        with _turn, tempfile.TemporaryDirectory(prefix="undercroft-photo-") as folder:
            return _verdict(_answer(file, folder), Path(folder))
    except (OSError, MemoryError, subprocess.SubprocessError) as trouble:
        raise CouldNotLook(str(trouble)) from trouble


def _answer(file: Path, folder: str) -> dict[str, Any]:  # Any: JSON
    """What the worker says of the file; raises CouldNotLook, OSError and SubprocessError."""
    done = subprocess.run(
        [sys.executable, "-I", str(_WORKER), str(file), folder, str(MAX_PIXELS), str(MAX_DECODING)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=WALL_S,
        cwd=folder,
        check=False,
    )
    if done.returncode != 0:
        raise CouldNotLook(f"the worker ended with {done.returncode}", _ENDS.get(done.returncode))
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _verdict(answer: dict[str, Any], folder: Path) -> Inspected | ImageRefused:  # Any: JSON
    if "refused" in answer:
        return ImageRefused(str(answer["refused"]))
    if "ended" in answer:
        raise CouldNotLook("the worker reached its limit", str(answer["ended"]))
    return Inspected(
        facts=ImageFacts(**answer["facts"]),
        screen=(folder / "screen.jpg").read_bytes(),
        thumb=(folder / "thumb.jpg").read_bytes(),
        looks=tuple(Look(gradients, bytes.fromhex(details)) for gradients, details in answer["looks"]),
    )
