"""A photo's content comes in whole, once, from whoever has it, over whatever network there is (tus 1.0.0)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from sqlalchemy import select, update
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError

from server.api import upload_intake
from server.database import reading, writing
from server.models import PhotoContent, Upload
from server.photos.arriving import ArrivingFiles
from server.services import Services, utc_now
from server.settings import Settings
from tests.reference_client import Client
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


def test_an_upload_goes_on_after_the_server_was_started_again(
    zhang: Client, uploads: Uploads, order: str, settings: Settings
) -> None:
    from server.application import create_app

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
