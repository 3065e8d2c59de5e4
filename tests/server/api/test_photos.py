"""Photos are shown to those who see the order they belong to, and to nobody else."""

from __future__ import annotations

import io
import itertools

import pytest
from PIL import Image

from server.photos.images import REASONS
from tests.conftest import People
from tests.reference_client import Client
from tests.server.api.conftest import SignIn, open_order
from tests.server.api.photo_help import PHOTOS, SMALL, Uploads, photo_record, record_photo, sha256_of
from tests.server.photos.mutations import mutated


@pytest.fixture
def address(zhang: Client, wang: Client, people: People) -> str:
    """Where a stored photo of Zhang's order is."""
    order = open_order(wang, [people.zhang.id])
    record_photo(zhang, order, SMALL)
    assert Uploads(zhang).whole(SMALL).status_code == 204
    return f"/api/v1/photos/{sha256_of(SMALL)}"


def test_the_original_comes_back_byte_for_byte(zhang: Client, wang: Client, address: str) -> None:
    for reader in (zhang, wang):
        answer = Uploads(reader).send("GET", address)
        assert answer.status_code == 200 and answer.content == SMALL
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"].startswith("inline; filename=")
        assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"


@pytest.mark.parametrize(("size", "longest"), [("screen", 640), ("thumb", 320)])
def test_copies_are_small_jpegs_without_exif(zhang: Client, address: str, size: str, longest: int) -> None:
    answer = Uploads(zhang).send("GET", f"{address}?size={size}")
    copy = Image.open(io.BytesIO(answer.content))
    assert (copy.format, max(copy.size)) == ("JPEG", longest)
    assert not copy.getexif()


def test_a_copy_that_the_store_lost_is_made_again(zhang: Client, address: str, app: object) -> None:
    from apiflask import APIFlask

    from server.services import services

    assert isinstance(app, APIFlask)
    with app.app_context():
        folder = services().settings.data / "photos" / "thumb"
    before = Uploads(zhang).send("GET", f"{address}?size=thumb").content
    for file in folder.glob("??/??/*"):
        file.unlink()
    assert Uploads(zhang).send("GET", f"{address}?size=thumb").content == before


def test_a_reader_who_has_it_is_not_sent_it_again(zhang: Client, address: str) -> None:
    tag = Uploads(zhang).send("GET", address).headers["ETag"]
    again = Uploads(zhang).send("GET", address, If_None_Match=tag)
    assert (again.status_code, again.content) == (304, b"")
    other_size = Uploads(zhang).send("GET", f"{address}?size=thumb", If_None_Match=tag)
    assert other_size.status_code == 200


def test_others_do_not_see_it(li: Client, zhang: Client, address: str) -> None:
    answer = Uploads(li).send("GET", address)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert Uploads(zhang).send("GET", address, without="Authorization").status_code == 401


def test_a_technician_who_lost_the_order_lost_the_photo(zhang: Client, wang: Client, people: People) -> None:
    order = open_order(wang, [people.zhang.id])
    record_photo(zhang, order, SMALL)
    Uploads(zhang).whole(SMALL)
    changes = {"assignees": {"was": [people.zhang.id], "now": [people.li.id]}}
    wang.write("order.plan", order, {"changes": changes})
    wang.sync()
    address = f"/api/v1/photos/{sha256_of(SMALL)}"
    assert Uploads(zhang).send("GET", address).status_code == 404
    assert Uploads(wang).send("GET", address).status_code == 200


def test_everybody_of_the_office_sees_it(sign_in: SignIn, people: People, address: str) -> None:
    for person in (people.chen, people.admin):
        assert Uploads(sign_in(person)).send("GET", address).status_code == 200


def test_heic_is_given_as_it_came_and_shown_as_jpeg(zhang: Client, wang: Client, people: People) -> None:
    content = (PHOTOS / "iphone_13_pro_max.heic").read_bytes()
    record_photo(zhang, open_order(wang, [people.zhang.id]), content, "image/heic")
    uploads = Uploads(zhang)
    # What the sender calls it does not matter.
    assert uploads.whole(content, media_type="image/png").status_code == 204
    address = f"/api/v1/photos/{sha256_of(content)}"
    original = uploads.send("GET", address)
    assert (original.headers["Content-Type"], original.content) == ("image/heic", content)
    shown = uploads.send("GET", f"{address}?size=screen")
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert Image.open(io.BytesIO(shown.content)).size == (960, 1280)


@pytest.mark.parametrize("name", ["x", "A" * 64, "a" * 64, "a" * 63, "..%2f..%2fsecret.key", "a" * 64 + "%0a"])
def test_what_is_no_photo_is_not_found(zhang: Client, name: str) -> None:
    assert Uploads(zhang).send("GET", f"/api/v1/photos/{name}").status_code == 404


def test_another_size_is_refused(zhang: Client, address: str) -> None:
    assert Uploads(zhang).send("GET", f"{address}?size=original").status_code == 422


def test_hostile_files_are_kept_with_a_verdict_over_the_real_endpoint(
    zhang: Client, wang: Client, people: People
) -> None:
    """A twentieth of what test_hostile.py shows to the worker alone; each is recorded on an order as a phone does."""
    order = open_order(wang, [people.zhang.id])
    uploads, states = Uploads(zhang), []
    for name, content in itertools.islice(mutated(), 3, None, 20):
        if not content:
            continue
        photo = record_photo(zhang, order, content)
        answer = uploads.whole(content)
        assert answer.status_code == 204, (name, answer.text)
        record = photo_record(zhang, order, photo)
        states.append(record["state"])
        assert record["state"] == "stored" or record["rejected_because"] in REASONS, name
    assert len(states) >= 24 and {"stored", "rejected"} == set(states)
