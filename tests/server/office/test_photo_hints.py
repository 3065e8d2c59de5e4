"""What the office sees of photos that do not fit, or that are on another order too, and what a technician does not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image

from server.database import reading, writing
from server.photos.arrival import hash_of, keep, record_content
from server.services import services
from server.sync.exchange.replay import replayed, stored
from tests.server.office.scene import PHOTOS, Scene, new_id

Browser = Callable[..., FlaskClient]


@pytest.fixture
def orders(scene: Scene) -> tuple[str, str]:
    """Two orders at two customers; the first is Li's, the second Zhao's."""
    scene.person("zhaomin", "赵敏", "technician")
    here = scene.open("zhangmin", "水泵异响", scene.site("1", "王先生", "桂花苑"), "liwei", ("09:00", "11:00"))
    there = scene.open("zhangmin", "水管漏水", scene.site("2", "何女士", "榕湖苑"), "zhaomin", ("09:00", "11:00"))
    scene.at("8:30").contact("liwei")
    scene.contact("zhaomin")
    return here, there


def deliver(scene: Scene, username: str, file: Path) -> None:
    kept = keep(services().photos, file, hash_of(file), "image/jpeg")
    with writing() as connection:
        record_content(connection, kept, scene.ids[username], scene.now, services().company)


def take(scene: Scene, username: str, order: str, file: Path, clock: str = "9:30", deliver_it: bool = True) -> str:
    """The technician records a photo and sends it; the record's id."""
    data = {
        "photo": new_id(), "sha256": hash_of(file), "size": file.stat().st_size, "media_type": "image/jpeg",
        "purpose": "fault", "taken_at": f"2026-11-24T0{clock}:00+08:00", "position": scene.fix(clock, 0, 0),
    }  # fmt: skip
    scene.note(username, clock, "photo.add", order, data)
    scene.at(clock).contact(username)
    if deliver_it:
        deliver(scene, username, file)
    return str(data["photo"])


def copied(folder: Path, name: str) -> Path:
    """The photo scaled to half and saved again."""
    file = folder / f"again {name}"
    with Image.open(PHOTOS / name) as photo:
        photo.resize((photo.width // 2, photo.height // 2)).save(file, "JPEG", quality=70)
    return file


def hints(scene: Scene, order: str) -> list[list[str]]:
    return [[hint["code"] for hint in photo["hints"]] for photo in scene.body(order)["photos"]]


def test_hints_come_with_the_content_and_are_sentences_on_the_page(
    scene: Scene, orders: tuple[str, str], browser: Browser
) -> None:
    take(scene, "liwei", orders[0], PHOTOS / "DSCN0010.jpg", deliver_it=False)
    assert hints(scene, orders[0]) == [[]]
    deliver(scene, "liwei", PHOTOS / "DSCN0010.jpg")
    assert hints(scene, orders[0]) == [["exif_time_differs", "exif_place_differs", "exif_place_differs"]]
    chinese, english = (
        browser("chenhong", language).get(f"/office/orders/{orders[0]}").text for language in ("zh-CN", "en")
    )
    assert "按相机时钟，照片拍摄于" in chinese and "距现场中心" in chinese
    assert "By the camera’s clock the photo was taken at" in english and "about 6,607 days before" in english


def test_a_later_record_of_a_stored_content_gets_hints_of_its_own(scene: Scene, orders: tuple[str, str]) -> None:
    take(scene, "liwei", orders[0], PHOTOS / "DSCN0010.jpg")
    take(scene, "liwei", orders[0], PHOTOS / "DSCN0010.jpg", "9:40", deliver_it=False)
    first, second = scene.body(orders[0])["photos"]
    assert second["state"] == "stored" and [hint["code"] for hint in second["hints"]] == [
        hint["code"] for hint in first["hints"]
    ]
    assert second["hints"][0]["minutes"] - first["hints"][0]["minutes"] == pytest.approx(10, abs=1)


def test_content_that_comes_twice_changes_nothing(scene: Scene, orders: tuple[str, str]) -> None:
    take(scene, "liwei", orders[0], PHOTOS / "DSCN0010.jpg")
    before = scene.version(orders[0])
    deliver(scene, "liwei", PHOTOS / "DSCN0010.jpg")
    assert scene.version(orders[0]) == before


def test_orders_with_hints_are_made_again_from_the_journal(scene: Scene, orders: tuple[str, str]) -> None:
    take(scene, "liwei", orders[0], PHOTOS / "DSCN0010.jpg")
    take(scene, "liwei", orders[0], PHOTOS / "DSCN0010.jpg", "9:40")
    with reading() as connection:
        assert replayed(connection, orders[0]) == stored(connection, orders[0])


@pytest.mark.parametrize("same", [True, False], ids=["the same file", "saved again"])
def test_the_office_sees_the_other_photo_beside_it_on_both_orders(
    scene: Scene, orders: tuple[str, str], browser: Browser, tmp_path: Path, same: bool
) -> None:
    original = PHOTOS / "image00971.jpg"
    other = original if same else copied(tmp_path, "image00971.jpg")
    here = take(scene, "liwei", orders[0], original)
    there = take(scene, "zhaomin", orders[1], other, "9:50")
    for order, other_order, mine, theirs, shown in (
        (orders[0], orders[1], here, there, other),
        (orders[1], orders[0], there, here, original),
    ):
        page = browser("chenhong").get(f"/office/orders/{order}").text
        pair = re.search(rf'<li id="pair-{mine}-{theirs}">(.*?)</li>', page, re.DOTALL)
        assert pair is not None
        number = scene.body(other_order)["number"]
        said = f"工单 {number} 里也有同一个文件" if same else f"与工单 {number} 的一张照片看起来相似"
        assert said in pair.group(1) and hash_of(shown) in pair.group(1)
        assert f"/office/orders/{other_order}#photo-{theirs}" in pair.group(1)
        assert browser("chenhong").get(f"/office/photos/{hash_of(shown)}?size=thumb").status_code == 200


def test_the_technicians_documents_say_nothing_of_the_other_order(
    scene: Scene, orders: tuple[str, str], tmp_path: Path
) -> None:
    take(scene, "liwei", orders[0], PHOTOS / "image00971.jpg")
    before = scene.version(orders[0])
    take(scene, "zhaomin", orders[1], PHOTOS / "image00971.jpg", "9:50")
    take(scene, "zhaomin", orders[1], copied(tmp_path, "image00971.jpg"), "9:55")
    assert scene.version(orders[0]) == before
    for username in ("liwei", "zhaomin"):
        scene.contact(username)
        told = json.dumps(list(scene.phones[username].documents.values()), ensure_ascii=False)
        assert "reused" not in told and "similar" not in told
    told = json.dumps(list(scene.phones["zhaomin"].documents.values()), ensure_ascii=False)
    assert scene.body(orders[0])["number"] not in told and orders[0] not in told


def test_naming_a_hash_puts_nobody_under_suspicion(scene: Scene, orders: tuple[str, str], browser: Browser) -> None:
    take(scene, "liwei", orders[0], PHOTOS / "image00971.jpg")
    take(scene, "zhaomin", orders[1], PHOTOS / "image00971.jpg", "9:50", deliver_it=False)
    for order in orders:
        assert 'class="pairs"' not in browser("chenhong").get(f"/office/orders/{order}").text


def test_a_photo_hidden_on_the_wrong_order_is_forgotten(
    scene: Scene, orders: tuple[str, str], browser: Browser
) -> None:
    wrong = take(scene, "liwei", orders[0], PHOTOS / "image00971.jpg")
    take(scene, "zhaomin", orders[1], PHOTOS / "image00971.jpg", "9:50")
    scene.note("liwei", "9:55", "photo.remove", orders[0], {"photo": wrong})
    scene.at("9:56").contact("liwei")
    assert 'class="pairs"' not in browser("chenhong").get(f"/office/orders/{orders[1]}").text


def test_two_photos_of_one_order_are_not_compared(
    scene: Scene, orders: tuple[str, str], browser: Browser, tmp_path: Path
) -> None:
    take(scene, "liwei", orders[0], PHOTOS / "image00971.jpg")
    take(scene, "liwei", orders[0], copied(tmp_path, "image00971.jpg"), "9:40")
    assert 'class="pairs"' not in browser("chenhong").get(f"/office/orders/{orders[0]}").text


def test_of_many_pairs_the_nearest_are_shown_and_the_others_counted(
    scene: Scene, orders: tuple[str, str], browser: Browser
) -> None:
    take(scene, "liwei", orders[0], PHOTOS / "image00971.jpg")
    for minute in range(8):
        take(scene, "zhaomin", orders[1], PHOTOS / "image00971.jpg", f"9:4{minute}", deliver_it=minute == 0)
    page = browser("chenhong").get(f"/office/orders/{orders[0]}").text
    assert page.count('<li id="pair-') == 6 and "另有 2 张未显示" in page


def test_facts_that_cannot_be_compared_are_no_hint(scene: Scene, orders: tuple[str, str]) -> None:
    take(scene, "liwei", orders[0], PHOTOS / "image00971.jpg")
    assert hints(scene, orders[0]) == [[]]
