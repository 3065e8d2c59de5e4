"""What the office reads of a photo: why it was not taken, what helps, and what was first said of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import update

from server.database import writing
from server.language import has_text, text
from server.models import Document
from server.photos.images import MAX_BYTES, REASONS
from tests.server.office.scene import PHOTOS, Scene, new_id
from tests.server.office.test_photo_hints import take

Browser = Callable[..., FlaskClient]


@pytest.fixture
def order(scene: Scene) -> str:
    """An order of Li's."""
    opened = scene.open("zhangmin", "水泵异响", scene.site("1", "王先生", "桂花苑"), "liwei", ("09:00", "11:00"))
    scene.at("8:30").contact("liwei")
    return opened


def tiff(file: Path) -> None:
    Image.new("RGB", (320, 240), "red").save(file, "TIFF")


def broken(file: Path) -> None:
    """A JPEG whose tables are overwritten in its middle."""
    content = bytearray((PHOTOS / "DSCN0010.jpg").read_bytes())
    content[2:600] = b"\xff\xd8" * 299
    file.write_bytes(content)


def cut(file: Path) -> None:
    file.write_bytes((PHOTOS / "DSCN0010.jpg").read_bytes()[:60_000])


def too_many_bytes(file: Path) -> None:
    content = (PHOTOS / "DSCN0010.jpg").read_bytes()
    file.write_bytes(content + bytes(MAX_BYTES + 1 - len(content)))


def too_many_pixels(file: Path) -> None:
    Image.new("1", (9000, 9000)).save(file, "PNG")


CASES = {
    tiff: ("not_an_image", "这个文件不是照片（JPEG、PNG、WebP 或 HEIC）。", "This file is not a photo"),
    broken: ("broken", "文件已损坏，无法显示。", "The file is damaged"),
    cut: ("truncated", "文件不完整，后面的部分缺失。", "The file is not whole"),
    too_many_bytes: ("too_many_bytes", "文件超过 25 MiB，不能作为照片。", "larger than 25 MiB"),
    too_many_pixels: ("too_many_pixels", "像素过多，无法安全打开", "too many pixels"),
}


@pytest.mark.parametrize("make", CASES, ids=lambda make: make.__name__)
def test_a_photo_that_is_not_taken_says_why_and_what_helps(
    make: Callable[[Path], None], scene: Scene, order: str, browser: Browser, tmp_path: Path
) -> None:
    code, chinese, english = CASES[make]
    make(tmp_path / "file")
    take(scene, "liwei", order, tmp_path / "file")
    [record] = scene.body(order)["photos"]
    assert (record["state"], record["rejected_because"]) == ("rejected", code)
    for address in (f"/office/orders/{order}", "/office/evidence"):
        page = browser("chenhong").get(address).text
        assert chinese in page and "重拍一张" in page, address
        assert english in browser("chenhong", "en").get(address).text, address


def test_of_a_reason_that_nobody_here_knows_it_is_said_that_it_is_not_known(
    scene: Scene, order: str, browser: Browser, tmp_path: Path
) -> None:
    tiff(tmp_path / "file")
    take(scene, "liwei", order, tmp_path / "file")
    body = scene.body(order)
    del body["photos"][0]["rejected_because"]
    with writing() as connection:
        connection.execute(update(Document).where(Document.id == order).values(body=json.dumps(body)))
    page = browser("chenhong").get(f"/office/orders/{order}").text
    assert "也没有给出原因" in page


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_reason_has_a_sentence_and_what_helps(language: str) -> None:
    for code in (*REASONS, "unknown"):
        for message in (f"rejected-{code}", f"rejected-helps-{code}"):
            name = message.replace("_", "-")
            assert has_text(name) and text(language, name) not in ("", name)


def test_what_a_photo_shows_is_said_anew_and_what_was_said_first_stays(
    scene: Scene, order: str, browser: Browser
) -> None:
    photo = take(scene, "liwei", order, PHOTOS / "DSCN0010.jpg")
    changes = {"purpose": {"was": "fault", "now": "before"}, "caption": {"was": None, "now": "铭牌正面"}}
    scene.note("liwei", "9:40", "photo.edit", order, {"photo": photo, "changes": changes})
    scene.at("9:45").contact("liwei")
    record = scene.body(order)["photos"][0]
    assert (record["purpose"], record["caption"]) == ("before", "铭牌正面")
    page = browser("chenhong").get(f"/office/orders/{order}").text
    figure = re.search(rf'id="photo-{photo}".*?</figure>', page, re.S)
    assert figure and "处理前" in figure[0] and "铭牌正面" in figure[0] and "改过说明：李伟" in figure[0]
    assert "照片用途：故障 → 处理前" in page and "说明：（空） → 铭牌正面" in page
    english = browser("chenhong", "en").get(f"/office/orders/{order}").text
    assert "What the photo shows: Fault → Before" in english and "Described anew: " in english


def test_two_captions_are_a_conflict_that_the_office_can_settle(scene: Scene, order: str, browser: Browser) -> None:
    photo = take(scene, "liwei", order, PHOTOS / "DSCN0010.jpg")
    scene.person("zhaomin", "赵敏", "technician")
    plan = {"assignees": {"was": [scene.ids["liwei"]], "now": [scene.ids["liwei"], scene.ids["zhaomin"]]}}
    scene.office("zhangmin", "order.plan", order, {"changes": plan})
    scene.at("9:35").contact("zhaomin")
    for username, said, purpose in (("liwei", "正面", "before"), ("zhaomin", "背面", "part")):
        changes = {"caption": {"was": None, "now": said}, "purpose": {"was": "fault", "now": purpose}}
        scene.note(username, "9:40", "photo.edit", order, {"photo": photo, "changes": changes})
    scene.at("9:45").contact("liwei")
    scene.contact("zhaomin")
    body = scene.body(order)
    assert {one["field"] for one in body["conflicts"]} == {f"photos.{photo}.{name}" for name in changes}
    page = browser("chenhong").get(f"/office/orders/{order}").text
    assert "照片用途" in page and "正面" in page and "背面" in page and "处理前" in page
    [caption] = [one for one in body["conflicts"] if one["field"].endswith("caption")]
    settled = scene.office("chenhong", "conflict.settle", order, {"conflict": caption["id"], "value": "背面"})
    assert settled is None or settled.status == "applied"
    assert scene.body(order)["photos"][0]["caption"] == "背面"


def test_a_photo_of_another_order_is_none_to_describe(scene: Scene, order: str) -> None:
    data = {"photo": new_id(), "changes": {"caption": {"was": None, "now": "x"}}}
    scene.note("liwei", "9:40", "photo.edit", order, data)
    scene.at("9:45").contact("liwei")
    assert scene.body(order)["photos"] == []
