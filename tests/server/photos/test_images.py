"""Photos are recognised by their content; whatever else comes in is refused with a reason and harms nobody."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from server.language import has_text, languages
from server.photos import images
from server.photos.images import CouldNotLook, ImageFacts, ImageRefused, Inspected, inspect_image

PHOTOS = Path(__file__).parents[2] / "data" / "photos"


def inspected(file: Path) -> Inspected:
    answer = inspect_image(file)
    assert isinstance(answer, Inspected)
    return answer


def written(folder: Path, content: bytes) -> Path:
    file = folder / "content"
    file.write_bytes(content)
    return file


def made(kind: str, image: Image.Image, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)  # type: ignore[arg-type]  # options differ by kind
    return out.getvalue()


def test_a_cameras_time_place_and_software_are_read() -> None:
    facts = inspected(PHOTOS / "DSCN0010.jpg").facts
    assert facts == ImageFacts(
        media_type="image/jpeg",
        width=640,
        height=480,
        orientation=1,
        taken_at="2008-10-22T16:28:39",
        gps_at="2008-10-23T14:27:07+00:00",
        latitude=43.4674483,
        longitude=11.8851267,
        make="NIKON",
        model="COOLPIX P6000",
        software="Nikon Transfer 1.1 W",
        perceptual_hash=facts.perceptual_hash,
    )


def test_an_iphones_heic_is_taken_and_shown_as_jpeg() -> None:
    answer = inspected(PHOTOS / "iphone_13_pro_max.heic")
    assert answer.facts.media_type == "image/heic"
    assert (answer.facts.width, answer.facts.height) == (3024, 4032)
    assert answer.facts.taken_at == "2022-02-16T12:55:41+01:00"
    screen = Image.open(io.BytesIO(answer.screen))
    assert (screen.format, screen.size) == ("JPEG", (960, 1280))


def test_a_turned_photo_gives_upright_copies() -> None:
    answer = inspected(PHOTOS / "portrait_6.jpg")
    assert answer.facts.orientation == 6
    assert (answer.facts.width, answer.facts.height) == (450, 600)
    assert Image.open(io.BytesIO(answer.screen)).size == (450, 600)
    assert Image.open(io.BytesIO(answer.thumb)).size == (240, 320)


def test_turning_puts_the_top_at_the_top(tmp_path: Path) -> None:
    lying = Image.new("RGB", (400, 200), "white")
    lying.paste("red", (0, 0, 100, 200))
    exif = lying.getexif()
    exif[0x0112] = 6  # the left edge is the top
    thumb = Image.open(io.BytesIO(inspected(written(tmp_path, made("JPEG", lying, exif=exif))).thumb))
    assert thumb.size == (160, 320)
    red, green, _blue = thumb.convert("RGB").getpixel((80, 20))  # type: ignore[misc]  # an RGB pixel is three
    assert red > 200 and green < 60


def test_copies_carry_no_exif() -> None:
    answer = inspected(PHOTOS / "DSCN0010.jpg")
    for copy in (answer.screen, answer.thumb):
        assert b"Exif" not in copy and b"NIKON" not in copy
        assert not Image.open(io.BytesIO(copy)).getexif()


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("PNG", "LA"),
        ("PNG", "1"),
        ("PNG", "I;16"),
        ("WEBP", "RGBA"),
        ("JPEG", "CMYK"),
    ],
)
def test_every_way_of_keeping_colours_gives_copies(tmp_path: Path, kind: str, mode: str) -> None:
    answer = inspected(written(tmp_path, made(kind, Image.new(mode, (700, 500)))))
    assert answer.facts.media_type == f"image/{kind.lower()}"
    assert Image.open(io.BytesIO(answer.thumb)).mode == "RGB"


def test_formats_are_told_by_content_and_other_formats_refused(tmp_path: Path) -> None:
    gif = made("GIF", Image.new("RGB", (20, 20)))
    for content in (gif, b"", b"%PDF-1.7", b"<svg/>", b"\0" * 5000):
        assert inspect_image(written(tmp_path, content)) == ImageRefused("not_an_image")
    for content in (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP"):
        assert inspect_image(written(tmp_path, content)) == ImageRefused("broken"), "it begins as a photo does"


@pytest.mark.parametrize("name", ["image00971.jpg", "DSCN0010.jpg"])
def test_a_truncated_photo_is_refused(tmp_path: Path, name: str) -> None:
    content = (PHOTOS / name).read_bytes()
    assert inspect_image(written(tmp_path, content[: len(content) * 2 // 3])) == ImageRefused("truncated")


def test_a_truncated_heic_is_refused(tmp_path: Path) -> None:
    content = (PHOTOS / "iphone_13_pro_max.heic").read_bytes()
    answer = inspect_image(written(tmp_path, content[:1_000_000]))
    assert isinstance(answer, ImageRefused) and answer.reason in ("truncated", "broken")


def png_header(width: int, height: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = zlib.compress(bytes(10_000_000), 9)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_a_decompression_bomb_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    bomb = png_header(60_000, 60_000)
    assert inspect_image(written(tmp_path, bomb)) == ImageRefused("too_many_pixels")


def no_verdict_on(file: Path) -> str | None:
    """That there is no verdict on the file; what it is suspected of."""
    with pytest.raises(CouldNotLook) as trouble:
        inspect_image(file)
    return trouble.value.suspected


def test_a_picture_that_needs_too_much_memory_ends_only_the_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "MAX_PIXELS", 10**12)
    monkeypatch.setattr(images, "MAX_DECODING", 10**12)
    assert no_verdict_on(written(tmp_path, png_header(60_000, 60_000))) == "too_much_memory"


@pytest.mark.parametrize(
    ("program", "suspected"),
    [
        ("os.kill(os.getpid(), signal.SIGKILL)", None),  # what a machine does that is short of memory
        ("os.kill(os.getpid(), signal.SIGTERM)", None),
        ("sys.exit(1)", None),
        ("signal.pause()", None),
        ("resource.setrlimit(resource.RLIMIT_CPU, (1, 6))\nwhile True: pass", "too_slow"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "broken"),
        ("os.abort()", "broken"),
    ],
)
def test_a_worker_that_ends_without_a_verdict_gives_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, suspected: str | None
) -> None:
    ending = tmp_path / "ending.py"
    ending.write_text(f"import os, resource, signal, sys\nresource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n{program}")
    monkeypatch.setattr(images, "_WORKER", ending)
    monkeypatch.setattr(images, "WALL_S", 0.3 if "pause" in program else 30)
    assert no_verdict_on(PHOTOS / "DSCN0010.jpg") == suspected


def test_a_worker_that_cannot_start_gives_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images.sys, "executable", "/nowhere/python")
    assert no_verdict_on(PHOTOS / "DSCN0010.jpg") is None


def test_a_folder_in_which_nothing_can_be_written_gives_no_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images.tempfile, "tempdir", str(tmp_path / "gone"))
    assert no_verdict_on(PHOTOS / "DSCN0010.jpg") is None


def test_more_than_25_mib_is_refused_without_opening_it(tmp_path: Path) -> None:
    file = tmp_path / "large"
    with file.open("wb") as out:
        out.truncate(images.MAX_BYTES + 1)
    assert inspect_image(file) == ImageRefused("too_many_bytes")


def test_damaged_exif_is_no_reason_to_refuse(tmp_path: Path) -> None:
    content = (PHOTOS / "DSCN0010.jpg").read_bytes()
    start = content.index(b"Exif\0\0") + 6
    damaged = content[:start] + b"\xff" * 600 + content[start + 600 :]
    facts = inspected(written(tmp_path, damaged)).facts
    assert facts.taken_at is None and facts.width == 640


def test_alike_photos_have_alike_hashes(tmp_path: Path) -> None:
    original = Image.open(PHOTOS / "DSCN0010.jpg")
    smaller = made("JPEG", original.resize((500, 375)), quality=50)

    def distance(one: str | None, other: str | None) -> int:
        assert one and other
        return (int(one, 16) ^ int(other, 16)).bit_count()

    first = inspected(PHOTOS / "DSCN0010.jpg").facts.perceptual_hash
    assert distance(first, inspected(written(tmp_path, smaller)).facts.perceptual_hash) <= 16
    assert distance(first, inspected(PHOTOS / "image00971.jpg").facts.perceptual_hash) > 70


def test_every_reason_can_be_read_in_every_language() -> None:
    for language in languages():
        for reason in images.REASONS:
            assert has_text(f"rejected-{reason.replace('_', '-')}", language)
