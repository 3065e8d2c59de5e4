"""A photo that was not taken on this job."""

from __future__ import annotations

import base64
import io
from datetime import timedelta

import pytest
from PIL import Image, ImageEnhance, ImageOps

from tests.adversary.conftest import Opens
from tests.adversary.day import Supervisor, Technician, codes
from tests.adversary.results import result
from tests.reference_client import TUS, Json, Refused
from tests.server.office.scene import LATITUDE, LONGITUDE, PHOTOS, Scene

ORIGINAL = (PHOTOS / "image00971.jpg").read_bytes()


def picture(content: bytes = ORIGINAL) -> Image.Image:
    """The picture, upright."""
    with Image.open(io.BytesIO(content)) as opened:
        return ImageOps.exif_transpose(opened).convert("RGB")


def saved(changed: Image.Image, exif: Image.Exif | None = None) -> bytes:
    """Saved again, without anything that a camera wrote but `exif`."""
    out = io.BytesIO()
    changed.save(out, "JPEG", quality=80, exif=exif or Image.Exif())
    return out.getvalue()


def cropped(part: float) -> Image.Image:
    """So much cut off at the left and at the top."""
    whole = picture()
    return whole.crop((round(whole.width * part), round(whole.height * part), whole.width, whole.height))


def with_camera(taken: str, software: str = "", latitude: float | None = None) -> bytes:
    """A picture that no order has, as a camera would have written it at "YYYY:MM:DD HH:MM:SS"."""
    exif = Image.Exif()
    exif[0x0110] = "Camera"
    if software:
        exif[0x0131] = software
    exif.get_ifd(0x8769)[0x9003] = taken
    if latitude is not None:
        degrees = [(int(value), int(value % 1 * 60), round(value * 60 % 1 * 60, 2)) for value in (latitude, LONGITUDE)]
        exif.get_ifd(0x8825).update({1: "N", 2: degrees[0], 3: "E", 4: degrees[1]})
    return saved(picture((PHOTOS / "jolla.jpg").read_bytes()), exif)


@pytest.fixture
def other(zhang: Technician, order: str, opens: Opens, scene: Scene) -> str:
    """A second order of Zhang's; the original is on the first, since a quarter past nine."""
    second = opens()
    zhang.sync()
    scene.at("9:15")
    zhang.take_photo(order, ORIGINAL)
    scene.at("9:40")
    return second


@result("hinted")
def test_the_file_of_another_order_is_used_again(
    zhang: Technician, supervisor: Supervisor, order: str, other: str
) -> None:
    photo = zhang.take_photo(other, ORIGINAL)
    assert supervisor.photo(other, photo)["state"] == "stored"
    for here, there in ((order, other), (other, order)):
        number = supervisor.order(there)["number"]
        supervisor.reads(here, f"工单 {number} 里也有同一个文件", f"The very same file is on order {number} too")


@result("hinted")
@pytest.mark.parametrize(
    "copy",
    [
        lambda: saved(picture()),
        lambda: saved(cropped(0.05)),
        lambda: saved(ImageEnhance.Brightness(cropped(0.04)).enhance(1.25)),
        lambda: saved(ImageOps.scale(picture(), 0.5)),
        lambda: saved(ImageOps.grayscale(picture()).convert("RGB")),
        lambda: ORIGINAL + b"\0",
    ],
    ids=["without EXIF", "cropped", "cropped and brightened", "halved", "without colours", "one byte more"],
)  # fmt: skip
def test_the_photo_of_another_order_is_saved_again(
    zhang: Technician, supervisor: Supervisor, order: str, other: str, copy: object
) -> None:
    assert callable(copy)
    zhang.take_photo(other, copy())
    number = supervisor.order(order)["number"]
    supervisor.reads(other, f"与工单 {number} 的一张照片看起来相似", f"Looks like a photo on order {number}")
    assert len(supervisor.remarks(order)) == len(supervisor.remarks(other)) == 2, "on both orders, and beside each"


@result("not detectable")
@pytest.mark.parametrize(
    "copy",
    [
        lambda: saved(ImageOps.mirror(picture())),
        lambda: saved(picture().rotate(90, expand=True)),
        lambda: saved(picture().rotate(8, Image.Resampling.BICUBIC)),
        lambda: saved(cropped(0.35)),
    ],
    ids=["mirrored", "on its side", "turned a little", "a third cut off"],
)
def test_the_photo_of_another_order_is_mirrored_turned_or_cropped_by_much(
    zhang: Technician, supervisor: Supervisor, other: str, copy: object
) -> None:
    assert callable(copy)
    photo = zhang.take_photo(other, copy())
    assert supervisor.photo(other, photo)["state"] == "stored"
    supervisor.sees_nothing_odd(other)


@result("not detectable")
def test_one_photo_stands_for_before_and_after_on_the_same_order(
    zhang: Technician, supervisor: Supervisor, order: str
) -> None:
    zhang.take_photo(order, ORIGINAL, purpose="before")
    zhang.take_photo(order, ORIGINAL, purpose="after")
    assert [photo["purpose"] for photo in supervisor.order(order)["photos"]] == ["before", "after"]
    supervisor.sees_nothing_odd(order)


@result("hinted")
def test_a_photo_of_last_week_says_so_itself(
    zhang: Technician, supervisor: Supervisor, order: str, scene: Scene
) -> None:
    last_week = (scene.now - timedelta(days=7)).strftime("%Y:%m:%d %H:%M:%S")
    photo = zhang.take_photo(order, with_camera(last_week))
    hint = supervisor.photo(order, photo)["hints"][0]
    assert (hint["code"], hint["direction"], hint["amount"], hint["unit"]) == ("exif_time_differs", "before", 7, "days")
    supervisor.reads(order, "早于记录时间约 7 天", "about 7 days before this was recorded")


@result("hinted")
def test_a_photo_of_today_was_taken_somewhere_else(
    zhang: Technician, supervisor: Supervisor, order: str, scene: Scene
) -> None:
    now = scene.now.strftime("%Y:%m:%d %H:%M:%S")
    photo = zhang.take_photo(order, with_camera(now, latitude=LATITUDE + 0.1))
    assert codes(supervisor.photo(order, photo)["hints"]) == ["exif_place_differs"]
    supervisor.reads(order, "公里", "By the camera’s position the photo was taken 11 km from the site’s centre")


@result("hinted")
def test_an_editing_program_left_its_name(zhang: Technician, supervisor: Supervisor, order: str, scene: Scene) -> None:
    now = scene.now.strftime("%Y:%m:%d %H:%M:%S")
    photo = zhang.take_photo(order, with_camera(now, software="Adobe Photoshop 25.1"))
    assert supervisor.photo(order, photo)["hints"] == [{"code": "edited_by", "software": "Adobe Photoshop 25.1"}]
    supervisor.reads(order, "图片编辑软件", "The file was written by an editing program: Adobe Photoshop 25.1.")


@result("not detectable")
@pytest.mark.parametrize("how", ["taken off", "written anew"])
def test_what_the_camera_wrote_on_a_photo_of_last_week_is(
    zhang: Technician, supervisor: Supervisor, order: str, scene: Scene, how: str
) -> None:
    now = scene.now.strftime("%Y:%m:%d %H:%M:%S")
    never_used = picture((PHOTOS / "jolla.jpg").read_bytes())
    content = saved(never_used) if how == "taken off" else with_camera(now, latitude=LATITUDE)
    photo = zhang.take_photo(order, content, taken_at=zhang.ledger.clocks()["wall"])
    assert (supervisor.photo(order, photo)["state"], supervisor.photo(order, photo)["hints"]) == ("stored", [])
    supervisor.sees_nothing_odd(order)


@result("proven false")
def test_the_photo_is_taken_after_its_record_was_sent(zhang: Technician, supervisor: Supervisor, order: str) -> None:
    photo = zhang.take_photo(order, ORIGINAL, deliver=False)
    taken_later = saved(cropped(0.1))
    with pytest.raises(Refused) as refused:
        _send_as(zhang, taken_later, supervisor.photo(order, photo))
    assert (refused.value.status, refused.value.code) == (460, "content_differs")
    assert supervisor.photo(order, photo)["state"] == "missing"
    supervisor.reads(order, "等待照片", "Waiting for the photo")


@result("proven false")
def test_a_photo_that_only_a_colleague_has_is_named_by_its_hash(
    zhang: Technician, li: Technician, supervisor: Supervisor, order: str, opens: Opens
) -> None:
    lis = opens("li")
    li.sync()
    li.take_photo(lis, ORIGINAL)
    photo = zhang.take_photo(order, ORIGINAL, deliver=False)
    assert supervisor.photo(order, photo)["state"] == "missing"
    with pytest.raises(Refused) as refused:
        zhang.call("GET", f"/api/v1/photos/{supervisor.photo(order, photo)['sha256']}")
    assert refused.value.status == 404


@result("proven false")
def test_a_photo_is_taken_away_again(zhang: Technician, supervisor: Supervisor, order: str) -> None:
    photo = zhang.take_photo(order, ORIGINAL)
    zhang.write("photo.remove", order, {"photo": photo})
    zhang.sync()
    record = supervisor.photo(order, photo)
    assert (record["state"], record["removed"]) == ("stored", True), "hidden, not deleted"
    assert supervisor.history(order)[-2:] == ["photo.add", "photo.remove"]
    assert supervisor.client.call("GET", f"/api/v1/photos/{record['sha256']}").content == ORIGINAL


def _send_as(technician: Technician, content: bytes, record: Json) -> None:
    """Upload other bytes of the recorded length under the recorded hash."""
    pairs = {"sha256": record["sha256"], "media_type": "image/jpeg"}
    told = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in pairs.items())
    headers = {**TUS, "Upload-Length": str(record["size"]), "Upload-Metadata": told}
    place = technician.call("POST", "/api/v1/uploads", headers=headers).headers["Location"]
    technician.resume(place, content[: record["size"]].ljust(record["size"], b"\0"))
