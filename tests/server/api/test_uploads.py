"""What becomes of a photo's content: kept, kept aside, known already, or shown by its preview."""

from __future__ import annotations

import io
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Never

import pytest
from PIL import Image
from sqlalchemy import update

from server.database import writing
from server.models import PhotoContent
from server.photos import Room, images, looking
from server.photos.images import CouldNotLook
from server.services import Services, utc_now
from tests.conftest import People
from tests.reference_client import Client
from tests.server.api.conftest import open_order
from tests.server.api.photo_help import (
    CONTENT,
    SMALL,
    Uploads,
    metadata,
    photo_record,
    record_photo,
    sha256_of,
)


def test_a_photo_that_is_in_is_stored_and_its_record_says_so(
    zhang: Client, uploads: Uploads, order: str, kept: Services
) -> None:
    photo = record_photo(zhang, order, SMALL)
    assert photo_record(zhang, order, photo)["state"] == "missing"
    created = uploads.create(SMALL)
    assert created.status_code == 201 and created.headers["Upload-Offset"] == "0"
    assert "Upload-Expires" in created.headers
    place = created.headers["Location"]
    first = uploads.patch(place, 0, SMALL[:100_000])
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, "100000")
    assert uploads.offset(place) == 100_000
    last = uploads.patch(place, 100_000, SMALL[100_000:])
    assert (last.status_code, last.headers["Upload-Offset"]) == (204, str(len(SMALL)))
    assert photo_record(zhang, order, photo)["state"] == "stored"
    with kept.photos.open(Room.ORIGINAL, sha256_of(SMALL)) as content:
        assert content.read() == SMALL
    assert list((kept.settings.data / "uploads").iterdir()) == []
    zhang.sync()
    assert zhang.held_documents("work_order")[order]["body"]["photos"][0]["state"] == "stored"


def test_a_record_that_comes_after_its_content_is_stored_at_once(zhang: Client, uploads: Uploads, order: str) -> None:
    assert uploads.whole(SMALL).status_code == 204
    assert photo_record(zhang, order, record_photo(zhang, order, SMALL))["state"] == "stored"


def test_content_can_come_with_its_creation(zhang: Client, uploads: Uploads, order: str) -> None:
    photo = record_photo(zhang, order, SMALL)
    told = metadata(sha256=sha256_of(SMALL), media_type="image/jpeg")
    headers = {"Upload_Length": str(len(SMALL)), "Upload_Metadata": told, "Content_Type": CONTENT}
    part = uploads.send("POST", body=SMALL[:5000], **headers)
    assert (part.status_code, part.headers["Upload-Offset"]) == (201, "5000")
    whole = uploads.send("POST", body=SMALL, **headers)
    assert (whole.status_code, whole.headers["Upload-Offset"]) == (201, str(len(SMALL)))
    assert photo_record(zhang, order, photo)["state"] == "stored"


def test_content_with_another_hash_is_discarded_and_the_record_stays_missing(
    zhang: Client, uploads: Uploads, order: str, kept: Services
) -> None:
    photo = record_photo(zhang, order, SMALL)
    place = uploads.create(SMALL).headers["Location"]
    answer = uploads.patch(place, 0, SMALL[:-1] + b"!")
    assert (answer.status_code, answer.json()["code"]) == (460, "content_differs")
    assert uploads.send("HEAD", place).status_code == 404
    assert photo_record(zhang, order, photo)["state"] == "missing"
    assert list((kept.settings.data / "uploads").iterdir()) == []
    assert not kept.photos.exists(Room.ORIGINAL, sha256_of(SMALL))
    assert uploads.whole(SMALL).status_code == 204


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"%PDF-1.7 an invoice", "not_an_image"), (SMALL[:120_000], "truncated"), (b"", "not_an_image")],
)
def test_a_file_that_is_no_photo_is_kept_aside_and_its_record_rejected(
    zhang: Client, uploads: Uploads, order: str, kept: Services, content: bytes, reason: str
) -> None:
    photo = record_photo(zhang, order, content)
    created = uploads.create(content)
    assert created.status_code == 201
    if content:
        assert uploads.patch(created.headers["Location"], 0, content).status_code == 204
    record = photo_record(zhang, order, photo)
    assert record["state"] == "rejected" and reason in str(record)
    with kept.photos.open(Room.REFUSED, sha256_of(content)) as bytes_kept:
        assert bytes_kept.read() == content
    assert uploads.send("GET", f"/api/v1/photos/{sha256_of(content)}").status_code == 404


@pytest.fixture
def short_of_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A machine that ends every worker; `undo()` gives it its memory back."""
    worker = tmp_path / "killed.py"
    worker.write_text("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    monkeypatch.setattr(images, "_WORKER", worker)
    return monkeypatch


def test_a_server_short_of_memory_refuses_no_photo(
    zhang: Client, uploads: Uploads, order: str, kept: Services, short_of_memory: pytest.MonkeyPatch
) -> None:
    photo = record_photo(zhang, order, SMALL)
    place = uploads.create(SMALL).headers["Location"]
    for offset in (0, len(SMALL) - 1):
        assert uploads.offset(place) == offset
        answer = uploads.patch(place, offset, SMALL[offset:])
        assert (answer.status_code, answer.json()["code"]) == (503, "busy")
        assert int(answer.headers["Retry-After"]) > 0
        assert photo_record(zhang, order, photo)["state"] == "missing"
    assert not kept.photos.exists(Room.REFUSED, sha256_of(SMALL))
    short_of_memory.undo()
    assert uploads.patch(place, len(SMALL) - 1, SMALL[-1:]).status_code == 204
    assert photo_record(zhang, order, photo)["state"] == "stored"


@pytest.mark.usefixtures("kept")
def test_what_was_refused_is_looked_at_again_when_it_comes_again(
    zhang: Client, li: Client, uploads: Uploads, wang: Client, people: People, order: str
) -> None:
    """As after a fault of a decoder, or of the judgement, was mended."""
    refused = 'import sys; print(\'{"refused": "broken"}\')'
    records = [(zhang, order, record_photo(zhang, order, SMALL))]
    other = open_order(wang, [people.li.id])
    records.append((li, other, record_photo(li, other, SMALL)))
    with pytest.MonkeyPatch.context() as patch, tempfile.NamedTemporaryFile("w", suffix=".py") as worker:
        worker.write(refused)
        worker.flush()
        patch.setattr(images, "_WORKER", Path(worker.name))
        for sender in (zhang, li):
            assert Uploads(sender).whole(SMALL).status_code == 204
    assert {photo_record(*record)["state"] for record in records} == {"rejected"}
    assert uploads.create(SMALL).headers["Upload-Offset"] == str(len(SMALL))
    assert photo_record(*records[0])["state"] == "rejected", "it was looked at less than a minute ago"
    with writing() as connection:
        connection.execute(update(PhotoContent).values(stored_at=utc_now() - timedelta(minutes=2)))
    assert uploads.create(SMALL).headers["Upload-Offset"] == str(len(SMALL))
    assert {photo_record(*record)["state"] for record in records} == {"stored"}


@pytest.mark.usefixtures("kept", "order")
def test_a_second_look_at_a_bad_time_is_put_off(uploads: Uploads, monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(_file: Path) -> Never:
        raise CouldNotLook("the machine is short of memory")

    uploads.whole(b"no photo")
    with writing() as connection:
        connection.execute(update(PhotoContent).values(stored_at=utc_now() - timedelta(minutes=2)))
    monkeypatch.setattr(looking, "inspect_image", ended)
    answer = uploads.create(b"no photo")
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")


def test_what_a_person_delivered_before_is_complete_at_creation(
    zhang: Client, uploads: Uploads, wang: Client, people: People, order: str
) -> None:
    uploads.whole(SMALL)
    created = uploads.create(SMALL)
    assert (created.status_code, created.headers["Upload-Offset"]) == (201, str(len(SMALL)))
    assert uploads.offset(created.headers["Location"]) == len(SMALL)
    elsewhere = open_order(wang, [people.zhang.id])
    assert photo_record(zhang, elsewhere, record_photo(zhang, elsewhere, SMALL))["state"] == "stored"


def test_what_is_stored_on_an_order_that_a_person_sees_is_complete_at_creation(
    zhang: Client, li: Client, wang: Client, people: People
) -> None:
    both = open_order(wang, [people.zhang.id, people.li.id])
    record_photo(zhang, both, SMALL)
    Uploads(zhang).whole(SMALL)
    assert Uploads(li).create(SMALL).headers["Upload-Offset"] == str(len(SMALL))
    own = open_order(wang, [people.li.id])
    assert photo_record(li, own, record_photo(li, own, SMALL))["state"] == "stored"


def test_knowing_a_hash_gives_nobody_a_photo(
    zhang: Client, uploads: Uploads, li: Client, wang: Client, people: People, order: str
) -> None:
    record_photo(zhang, order, SMALL)
    uploads.whole(SMALL)
    own = open_order(wang, [people.li.id])
    stolen = record_photo(li, own, SMALL)
    assert photo_record(li, own, stolen)["state"] == "missing"
    assert Uploads(li).create(SMALL).headers["Upload-Offset"] == "0"
    for size in ("", "?size=thumb", "?size=screen"):
        answer = Uploads(li).send("GET", f"/api/v1/photos/{sha256_of(SMALL)}{size}")
        assert answer.status_code == 404
    Uploads(li).whole(SMALL)
    assert photo_record(li, own, stolen)["state"] == "stored"


def test_what_the_store_lost_is_asked_for_again(zhang: Client, uploads: Uploads, order: str, kept: Services) -> None:
    record_photo(zhang, order, SMALL)
    uploads.whole(SMALL)
    sha256 = sha256_of(SMALL)
    place = kept.settings.data / "photos" / "original" / sha256[:2] / sha256[2:4] / sha256
    place.unlink()
    assert uploads.create(SMALL).headers["Upload-Offset"] == "0"
    assert uploads.whole(SMALL).status_code == 204
    assert place.read_bytes() == SMALL


# What survives


def preview_of(content: bytes) -> bytes:
    out = io.BytesIO()
    small = Image.open(io.BytesIO(content))
    small.thumbnail((200, 200))
    small.save(out, "JPEG", quality=60)
    return out.getvalue()


def test_a_preview_is_shown_until_the_original_is_in(
    zhang: Client, uploads: Uploads, wang: Client, li: Client, order: str
) -> None:
    photo, sha256 = record_photo(zhang, order, SMALL), sha256_of(SMALL)
    preview = preview_of(SMALL)
    assert uploads.whole(preview, preview_of=sha256).status_code == 204
    assert photo_record(zhang, order, photo)["state"] == "preview"
    for reader in (zhang, wang):
        for size in ("", "?size=thumb"):
            shown = Uploads(reader).send("GET", f"/api/v1/photos/{sha256}{size}")
            assert (shown.status_code, shown.content) == (200, preview)
            assert shown.headers["Undercroft-Preview"] == "1"
            assert "immutable" not in shown.headers["Cache-Control"]
            assert shown.headers["Content-Type"] == "image/jpeg"
    assert Uploads(li).send("GET", f"/api/v1/photos/{sha256}").status_code == 404
    assert uploads.create(SMALL).headers["Upload-Offset"] == "0"
    uploads.whole(SMALL)
    shown = uploads.send("GET", f"/api/v1/photos/{sha256}")
    assert shown.content == SMALL and "Undercroft-Preview" not in shown.headers
    assert photo_record(zhang, order, photo)["state"] == "stored"
    late = uploads.create(preview, preview_of=sha256)
    assert late.headers["Upload-Offset"] == str(len(preview))
    assert photo_record(zhang, order, photo)["state"] == "stored"


def test_a_preview_by_somebody_else_is_never_shown(zhang: Client, li: Client, order: str) -> None:
    record_photo(zhang, order, SMALL)
    Uploads(li).whole(preview_of(SMALL), preview_of=sha256_of(SMALL))
    assert Uploads(zhang).send("GET", f"/api/v1/photos/{sha256_of(SMALL)}").status_code == 404


def test_a_preview_is_small_and_a_picture(zhang: Client, uploads: Uploads, order: str) -> None:
    photo = record_photo(zhang, order, SMALL)
    large = uploads.create(SMALL, preview_of="a" * 64)
    assert (large.status_code, large.json()["limit"]) == (413, 65536)
    assert uploads.whole(b"no picture", preview_of=sha256_of(SMALL)).status_code == 204
    assert photo_record(zhang, order, photo)["state"] == "missing"


# Bad input
