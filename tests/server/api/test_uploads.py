"""A photo's content comes in whole, once, from whoever has it, over whatever network there is."""

from __future__ import annotations

import base64
import hashlib
import io
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Never

import pytest
import requests
from apiflask import APIFlask
from PIL import Image
from sqlalchemy import select, update
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError

from server.api import upload_intake
from server.database import reading, writing
from server.evidence import images
from server.evidence.images import CouldNotLook
from server.models import PhotoContent, Upload
from server.photos import Room, looking
from server.photos.arriving import ArrivingFiles
from server.services import Services, services, utc_now
from server.settings import Settings
from tests.conftest import People
from tests.reference_client import Client
from tests.server.api.conftest import open_order
from tests.server.api.photo_help import (
    CONTENT,
    SMALL,
    Uploads,
    metadata,
    photo_of_5_mb,
    photo_record,
    record_photo,
    sha256_of,
    wait_until,
    wire_to,
)


@pytest.fixture
def uploads(zhang: Client) -> Uploads:
    return Uploads(zhang)


@pytest.fixture
def order(wang: Client, people: People) -> str:
    return open_order(wang, [people.zhang.id])


@pytest.fixture
def kept(app: APIFlask) -> Iterator[Services]:
    with app.app_context():
        yield services()


def checksum(algorithm: str, content: bytes) -> str:
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, content).digest()).decode()}"


def test_what_the_server_can_do_is_told_without_signing_in(live_server: str) -> None:
    answer = requests.options(f"{live_server}/api/v1/uploads", timeout=10)
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == answer.headers["Tus-Resumable"] == "1.0.0"
    assert answer.headers["Tus-Max-Size"] == str(25 * 1024 * 1024)
    assert answer.headers["Tus-Checksum-Algorithm"] == "sha1,sha256"
    told = set(answer.headers["Tus-Extension"].split(","))
    assert told == {"creation", "creation-with-upload", "checksum", "expiration", "termination"}


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


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_piece_that_was_damaged_on_its_way_is_not_kept(uploads: Uploads, algorithm: str) -> None:
    place = uploads.create(SMALL).headers["Location"]
    assert uploads.patch(place, 0, SMALL[:10]).status_code == 204
    piece = SMALL[10:90_000]
    answer = uploads.patch(place, 10, b"x" + piece[1:], Upload_Checksum=checksum(algorithm, piece))
    assert (answer.status_code, answer.json()["code"]) == (460, "checksum_differs")
    assert uploads.offset(place) == 10
    again = uploads.patch(place, 10, piece, Upload_Checksum=checksum(algorithm, piece))
    assert again.status_code == 204
    assert uploads.patch(place, 90_000, SMALL[90_000:]).status_code == 204


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


def test_sending_on_from_elsewhere_is_a_conflict_that_says_where(uploads: Uploads) -> None:
    place = uploads.create(SMALL).headers["Location"]
    uploads.patch(place, 0, SMALL[:1000])
    answer = uploads.patch(place, 999, SMALL[999:])
    assert (answer.status_code, answer.json()["code"], answer.json()["offset"]) == (409, "upload_offset", 1000)
    assert uploads.offset(place) == 1000


def test_more_than_was_announced_is_an_error(uploads: Uploads) -> None:
    place = uploads.create(SMALL).headers["Location"]
    announced = uploads.patch(place, 0, SMALL + b"more")
    assert (announced.status_code, announced.json()["code"]) == (413, "upload_too_long")

    def pieces() -> Iterator[bytes]:
        yield SMALL
        yield b"more"

    in_chunks = uploads.patch(place, 0, pieces())
    assert (in_chunks.status_code, in_chunks.json()["code"]) == (413, "upload_too_long")
    assert uploads.offset(place) == 0
    assert uploads.patch(place, 0, SMALL).status_code == 204


def test_two_at_once_on_one_upload_are_refused(uploads: Uploads, kept: Services) -> None:
    place = uploads.create(SMALL).headers["Location"]
    files = ArrivingFiles(kept.settings.data / "uploads")
    with files.alone(place.rpartition("/")[2]):
        for method in ("PATCH", "DELETE"):
            answer = uploads.send(method, place, SMALL, Upload_Offset="0", Content_Type=CONTENT)
            assert (answer.status_code, answer.json()["code"]) == (423, "upload_busy")
    assert uploads.patch(place, 0, SMALL).status_code == 204


def test_a_whole_upload_takes_no_more_but_can_be_asked_again(uploads: Uploads) -> None:
    place = uploads.create(SMALL).headers["Location"]
    uploads.patch(place, 0, SMALL)
    assert uploads.offset(place) == len(SMALL)
    assert uploads.patch(place, len(SMALL), b"").status_code == 204
    again = uploads.patch(place, 0, SMALL)
    assert (again.status_code, again.json()["code"]) == (409, "upload_offset")


def test_an_upload_that_was_left_alone_expires(uploads: Uploads, kept: Services) -> None:
    place = uploads.create(SMALL).headers["Location"]
    with writing() as connection:
        connection.execute(update(Upload).values(expires_at=utc_now() - timedelta(seconds=1)))
    assert uploads.send("HEAD", place).status_code == 410
    gone = uploads.patch(place, 0, SMALL)
    assert (gone.status_code, gone.json()["code"]) == (410, "upload_expired")
    uploads.create(SMALL)
    assert uploads.send("HEAD", place).status_code == 404
    assert len(list((kept.settings.data / "uploads").iterdir())) == 1


@pytest.mark.usefixtures("kept")
def test_going_on_keeps_an_upload_alive(uploads: Uploads) -> None:
    place = uploads.create(SMALL).headers["Location"]
    soon = utc_now() + timedelta(minutes=1)
    with writing() as connection:
        connection.execute(update(Upload).values(expires_at=soon))
    uploads.patch(place, 0, SMALL[:10])
    with reading() as connection:
        assert connection.execute(select(Upload.expires_at)).scalar_one() > soon


def test_an_upload_can_be_given_up(uploads: Uploads, kept: Services) -> None:
    place = uploads.create(SMALL).headers["Location"]
    uploads.patch(place, 0, SMALL[:10])
    assert uploads.send("DELETE", place).status_code == 204
    assert uploads.send("HEAD", place).status_code == 404
    assert list((kept.settings.data / "uploads").iterdir()) == []


def test_nobody_touches_anothers_upload(uploads: Uploads, li: Client) -> None:
    place = uploads.create(SMALL).headers["Location"]
    other = Uploads(li)
    assert other.send("HEAD", place).status_code == 404
    assert other.patch(place, 0, SMALL).status_code == 404
    assert other.send("DELETE", place).status_code == 404
    assert uploads.offset(place) == 0


def test_behind_something_that_knows_only_post_it_works_too(uploads: Uploads) -> None:
    place = uploads.create(SMALL).headers["Location"]
    headers = {"Upload_Offset": "0", "Content_Type": CONTENT, "X_HTTP_Method_Override": "PATCH"}
    assert uploads.send("POST", place, SMALL[:10], **headers).status_code == 204
    assert uploads.offset(place) == 10
    assert uploads.send("POST", place, X_HTTP_Method_Override="DELETE").status_code == 204
    assert uploads.send("POST", place, X_HTTP_Method_Override="EAT").status_code == 405


# What need not be sent


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


def test_an_upload_goes_on_after_the_server_was_started_again(
    zhang: Client, uploads: Uploads, order: str, settings: Settings
) -> None:
    from server import create_app

    photo = record_photo(zhang, order, SMALL)
    place = uploads.create(SMALL).headers["Location"]
    uploads.patch(place, 0, SMALL[:70_000])
    restarted = create_app(settings).test_client()
    headers = {**uploads.headers, "Upload-Offset": "70000"}
    assert restarted.head(place, headers=headers).headers["Upload-Offset"] == "70000"
    answer = restarted.patch(place, data=SMALL[70_000:], headers=headers, content_type=CONTENT)
    assert answer.status_code == 204
    assert photo_record(zhang, order, photo)["state"] == "stored"


def test_bytes_that_were_written_but_never_acknowledged_do_no_harm(uploads: Uploads, kept: Services) -> None:
    place = uploads.create(SMALL).headers["Location"]
    uploads.patch(place, 0, SMALL[:1000])
    with (kept.settings.data / "uploads" / place.rpartition("/")[2]).open("ab") as file:
        file.write(b"left behind by a crash" * 10_000)
    assert uploads.offset(place) == 1000
    assert uploads.patch(place, 1000, SMALL[1000:]).status_code == 204


def test_an_upload_whose_bytes_were_lost_begins_again(uploads: Uploads, kept: Services) -> None:
    place = uploads.create(SMALL).headers["Location"]
    uploads.patch(place, 0, SMALL[:1000])
    (kept.settings.data / "uploads" / place.rpartition("/")[2]).unlink()
    assert uploads.send("HEAD", place).status_code == 404
    assert uploads.whole(SMALL).status_code == 204


def test_the_whole_is_acknowledged_only_once_it_is_recorded(
    zhang: Client, uploads: Uploads, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = record_photo(zhang, order, SMALL)
    place = uploads.create(SMALL).headers["Location"]

    def fails(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(upload_intake, "record_content", fails)
    assert uploads.patch(place, 0, SMALL).status_code == 500
    assert uploads.offset(place) < len(SMALL)
    monkeypatch.undo()
    assert uploads.patch(place, uploads.offset(place), SMALL[uploads.offset(place) :]).status_code == 204
    assert photo_record(zhang, order, photo)["state"] == "stored"


def test_tuspy_goes_on_where_its_network_broke(zhang: Client, order: str, tmp_path: Path) -> None:
    content = photo_of_5_mb()
    photo = record_photo(zhang, order, content)
    file = tmp_path / "photo.jpg"
    file.write_bytes(content)
    with wire_to(zhang.server) as wire:
        client = TusClient(f"{wire.address}/api/v1/uploads", headers={"Authorization": f"Bearer {zhang.token}"})
        told = {"sha256": sha256_of(content), "media_type": "image/jpeg"}
        first = client.uploader(str(file), metadata=told)
        first.set_url(first.create_url())
        wire.break_after = 2_500_000
        with pytest.raises((TusCommunicationError, OSError)):
            first.upload()
        assert wire.broke == 1
        second = client.uploader(str(file), url=first.url, retries=20, retry_delay=0.1)
        # What had arrived before the break is kept, as soon as the server has noticed the break.
        assert wait_until(lambda: 2_200_000 < second.get_offset() < 2_500_000)
        second.offset = second.get_offset()
        second.upload()
    assert photo_record(zhang, order, photo)["state"] == "stored"


# Previews


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


def test_uploads_need_a_person_and_the_right_version(uploads: Uploads) -> None:
    place = uploads.create(SMALL).headers["Location"]
    for method, path in (("POST", ""), ("HEAD", place), ("PATCH", place), ("DELETE", place)):
        assert uploads.send(method, path, without="Authorization").status_code == 401
        old = uploads.send(method, path, without="Tus-Resumable")
        assert (old.status_code, old.headers["Tus-Version"]) == (412, "1.0.0")


GOOD = {
    "Upload_Length": "10",
    "Upload_Metadata": metadata(sha256="a" * 64, media_type="image/jpeg"),
    "Content_Type": "application/json",
}


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"Upload_Length": ""}, 400, "bad_upload_header"),
        ({"Upload_Length": "-1"}, 400, "bad_upload_header"),
        ({"Upload_Length": "1e3"}, 400, "bad_upload_header"),
        ({"Upload_Length": "9" * 4000}, 400, "bad_upload_header"),
        ({"Upload_Length": str(25 * 1024 * 1024 + 1)}, 413, "too_large"),
        ({"Upload_Metadata": ""}, 400, "bad_upload_header"),
        ({"Upload_Metadata": "sha256 !!!"}, 400, "bad_upload_header"),
        ({"Upload_Metadata": metadata(sha256="A" * 64)}, 400, "bad_upload_header"),
        ({"Upload_Metadata": metadata(sha256="a" * 63)}, 400, "bad_upload_header"),
        ({"Upload_Metadata": metadata(sha256="a" * 64, media_type="text\n")}, 400, "bad_upload_header"),
        ({"Upload_Metadata": metadata(sha256="a" * 64, preview_of="../x")}, 400, "bad_upload_header"),
        ({"Upload_Metadata": f"{metadata(sha256='a' * 64)},{metadata(sha256='b' * 64)}"}, 400, "bad_upload_header"),
        ({"Upload_Checksum": "md5 AAAA", "Content_Type": CONTENT}, 400, "bad_upload_header"),
        ({"Upload_Checksum": "sha1 AAAA", "Content_Type": CONTENT}, 400, "bad_upload_header"),
    ],
)
def test_a_wrong_header_is_named(uploads: Uploads, wrong: dict[str, str], status: int, code: str) -> None:
    answer = uploads.send("POST", body=b"0123456789", **{**GOOD, **wrong})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_the_next_bytes_need_their_type_and_place(uploads: Uploads) -> None:
    place = uploads.create(SMALL).headers["Location"]
    assert uploads.patch(place, 0, SMALL, Content_Type="image/jpeg").status_code == 415
    assert uploads.patch(place, 0, SMALL, Upload_Offset="x").status_code == 400
    assert uploads.patch(f"{place}x", 0, SMALL).status_code == 404
    assert uploads.send("HEAD", "/api/v1/uploads/..%2f..%2fsecret.key").status_code == 404


def test_a_refused_first_piece_leaves_nothing_behind(uploads: Uploads, kept: Services) -> None:
    told = metadata(sha256=sha256_of(SMALL), media_type="image/jpeg")
    headers = {"Upload_Length": str(len(SMALL)), "Upload_Metadata": told, "Content_Type": CONTENT}
    answer = uploads.send("POST", body=SMALL, Upload_Checksum=checksum("sha1", b"other"), **headers)
    assert answer.status_code == 460
    assert list((kept.settings.data / "uploads").iterdir()) == []
    with reading() as connection:
        assert connection.execute(select(Upload.id)).all() == []
        assert connection.execute(select(PhotoContent.sha256)).all() == []
