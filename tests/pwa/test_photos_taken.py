"""Every press of the shutter takes a photo, each that is not one says why, and what a photo shows can be said anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from server.database import writing
from server.services import services, utc_now
from server.sync.operations.photo_state import content_rejected
from tests.conftest import People
from tests.pwa.conftest import CHINESE, Film, Job, MortalPhone, Server
from tests.pwa.test_camera import FREE_AGAIN, NOBODY_HAS_IT, TAKEN_AWAY
from tests.pwa.test_conditions import PHOTO, SEND, give_room, show
from tests.pwa.test_screens import SLOW_DISK, lines, start, work
from tests.pwa.test_typed_text import BEGIN, DRAFTS, LINE, again
from tests.pwa.waiting import until

# A browser that knows no ImageCapture takes the picture from the screen; one that does is the other case.
NO_IMAGE_CAPTURE = "delete window.ImageCapture"
HAS_IMAGE_CAPTURE = "() => {}"


def camera_of(page: Page, job: Job) -> Any:  # Any: a Locator
    """The camera, over the order's photos."""
    show(page, f"orders/{job.id}/photos")
    page.get_by_role("button", name="拍照", exact=True).click()
    page.wait_for_function("() => document.querySelector('video')?.readyState >= 2")
    return page.get_by_role("dialog", name="相机")


@pytest.mark.parametrize("browser_has", [HAS_IMAGE_CAPTURE, NO_IMAGE_CAPTURE])
def test_every_press_takes_a_photo_while_earlier_ones_are_being_saved(
    browser_has: str, context: BrowserContext, server: Server, people: People, job: Job, film: Film
) -> None:
    context.grant_permissions(["camera", "geolocation"])
    page = start(context, server, people.zhang, job)
    page.evaluate(browser_has)
    camera = camera_of(page, job)
    page.evaluate(SLOW_DISK)
    shutter = camera.get_by_role("button", name="拍照")
    for presses in range(1, 9):
        expect(shutter).to_be_enabled()
        shutter.click()
        expect(camera.get_by_text(f"正在存 {presses} 张")).to_be_visible()
    # No more than these are held in memory, and the shutter says so.
    expect(shutter).to_be_disabled()
    film(page)
    expect(camera.get_by_text("已存")).to_have_count(0)
    expect(page.get_by_text("照片已存到手机")).to_have_count(0)
    assert page.evaluate("() => !dispatchEvent(new Event('beforeunload', {cancelable: true}))")
    page.evaluate("letGo()")
    expect(camera.get_by_text("已存 8 张")).to_be_visible()
    expect(camera.get_by_text("正在存")).to_have_count(0)
    expect(shutter).to_be_enabled()
    taken = [line["data"] for line in lines(page, "photo.add")]
    assert len(taken) == 8
    assert len({data["photo"] for data in taken}) == 8
    moments = [data["taken_at"] for data in taken]
    assert moments == sorted(moments) and len(set(moments)) == 8, "when it was pressed, not when it was saved"


def test_a_caption_goes_with_one_photo_however_fast_the_next_follows(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    context.grant_permissions(["camera", "geolocation"])
    page = start(context, server, people.zhang, job)
    show(page, f"orders/{job.id}/photos")
    page.get_by_label("说明").fill("铭牌正面")
    camera = camera_of(page, job)
    page.evaluate(SLOW_DISK)
    for _ in range(3):
        camera.get_by_role("button", name="拍照").click()
    expect(camera.get_by_text("正在存 3 张")).to_be_visible()
    # What is not on the disk yet goes on to it, whether or not the camera is still open.
    camera.get_by_role("button", name="好", exact=True).click()
    expect(page.locator("p", has_text="正在存 3 张")).to_be_visible()
    page.evaluate("letGo()")
    expect(page.locator(".photo")).to_have_count(3)
    assert [line["data"].get("caption") for line in lines(page, "photo.add")] == ["铭牌正面", None, None]


def test_a_camera_that_is_taken_away_between_two_presses_says_which_photo_is_none(
    context: BrowserContext, server: Server, people: People, job: Job, film: Film
) -> None:
    context.grant_permissions(["camera", "geolocation"])
    page = start(context, server, people.zhang, job)
    page.evaluate(NO_IMAGE_CAPTURE)
    camera = camera_of(page, job)
    shutter = camera.get_by_role("button", name="拍照")
    shutter.click()
    expect(camera.get_by_text("已存 1 张")).to_be_visible()
    page.evaluate(NOBODY_HAS_IT)
    page.evaluate(
        f"() => {{ document.querySelector('.shutter').click(); document.querySelector('.shutter').click();"
        f" ({TAKEN_AWAY})(); }}"
    )
    expect(camera.get_by_text("有 2 张照片没有存下")).to_be_visible()
    expect(camera.locator(".failed li").first).to_contain_text("相机被手机收走了")
    expect(shutter).to_be_disabled()
    film(page)
    page.evaluate(FREE_AGAIN)
    expect(shutter).to_be_enabled()
    camera.get_by_role("button", name="知道了").click()
    expect(camera.locator(".failed")).to_have_count(0)
    shutter.click()
    expect(camera.get_by_text("已存 2 张")).to_be_visible()
    assert len(lines(page, "photo.add")) == 2


# A press whose picture comes with letGo().
SLOW_PICTURE = """() => {
  const take = ImageCapture.prototype.takePhoto;
  ImageCapture.prototype.takePhoto = async function (...given) {
    await new Promise((resolve) => { window.letGo = resolve; });
    return take.apply(this, given);
  };
}"""


def test_back_leaves_the_camera_once_its_picture_is_taken(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    context.grant_permissions(["camera", "geolocation"])
    page = start(context, server, people.zhang, job)
    camera = camera_of(page, job)
    until(page, "() => history.state?.over === 1")
    page.evaluate(SLOW_PICTURE)
    camera.get_by_role("button", name="拍照").click()
    page.wait_for_function("() => window.letGo !== undefined")
    page.go_back()
    # It is open, and has its place in the history again.
    until(page, "() => history.state?.over === 1")
    expect(camera).to_be_visible()
    page.evaluate("letGo()")
    expect(camera).to_have_count(0)
    expect(page.locator(".photo")).to_have_count(1)


def test_on_a_full_phone_all_pictures_of_a_series_stay_and_are_kept_once_there_is_room(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    context.grant_permissions(["camera", "geolocation"])
    page = start(context, server, people.zhang, job)
    camera = camera_of(page, job)
    give_room(page, 0)
    page.evaluate("() => { for (let press = 0; press < 3; press += 1) document.querySelector('.shutter').click(); }")
    asking = page.get_by_role("dialog", name="照片没有存下")
    expect(asking.get_by_role("alert")).to_contain_text("3 张照片没有存下")
    assert lines(page, "photo.add") == []
    expect(camera.get_by_text("已存")).to_have_count(0)
    give_room(page, None)
    asking.get_by_role("button", name="再存一次").click()
    expect(asking).to_have_count(0)
    assert len(lines(page, "photo.add")) == 3


def test_many_files_that_wait_leave_the_shutter_free(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    context.grant_permissions(["camera", "geolocation"])
    page = start(context, server, people.zhang, job)
    show(page, f"orders/{job.id}/photos")
    page.evaluate(SLOW_DISK)
    page.locator("input[type=file]").set_input_files([PHOTO] * 8)
    expect(page.locator("p", has_text="正在存 8 张")).to_be_visible()
    camera = camera_of(page, job)
    camera.get_by_role("button", name="拍照").click()
    expect(camera.get_by_text("正在存 9 张")).to_be_visible()
    page.evaluate("letGo()")


def test_files_that_are_no_photos_are_named_each_with_its_reason_and_what_helps(
    context: BrowserContext, server: Server, people: People, job: Job, tmp_path: Path, film: Film
) -> None:
    page = start(context, server, people.zhang, job)
    show(page, f"orders/{job.id}/photos")
    Image.new("RGB", (320, 240), "red").save(tmp_path / "扫描件.tif", "TIFF")
    (tmp_path / "large.jpg").write_bytes(b"\xff\xd8\xff" + bytes(25 << 20))
    page.locator("input[type=file]").set_input_files([tmp_path / "扫描件.tif", PHOTO, tmp_path / "large.jpg"])
    failed = page.locator(".failed")
    expect(failed.get_by_text("有 2 张照片没有存下")).to_be_visible()
    expect(failed.locator("li").nth(0)).to_contain_text("扫描件.tif：这个文件不是照片（JPEG、PNG、WebP 或 HEIC）")
    expect(failed.locator("li").nth(0)).to_contain_text("请另存为 JPEG 再选一次")
    expect(failed.locator("li").nth(1)).to_contain_text("large.jpg：照片超过 25 MB")
    expect(page.locator(".photo")).to_have_count(1)
    film(page)
    failed.get_by_role("button", name="知道了").click()
    expect(failed).to_have_count(0)


@pytest.mark.parametrize(
    ("code", "why", "helps"),
    [
        ("not_an_image", "这个文件不是照片（JPEG、PNG、WebP 或 HEIC）。", "请把图片另存为 JPEG"),
        ("broken", "文件已损坏，无法显示。", "请从相册再选一次原图"),
        ("a_new_one", "服务器没有把这个文件收作照片", "重拍一张"),
    ],
)
def test_a_photo_that_the_server_did_not_take_says_why_wherever_it_is_shown(
    code: str, why: str, helps: str, app: APIFlask, context: BrowserContext, server: Server, people: People, job: Job,
    film: Film
) -> None:  # fmt: skip
    page = start(context, server, people.zhang, job)
    show(page, f"orders/{job.id}/photos")
    page.locator("input[type=file]").set_input_files(PHOTO)
    expect(page.locator(".photo")).to_have_count(1)
    page.evaluate(SEND)
    [line] = lines(page, "photo.add")
    with app.app_context(), writing() as connection:
        content_rejected(connection, line["data"]["sha256"], people.zhang.id, code, utc_now(), services().company)
    page.evaluate(SEND)
    rejected = page.locator(".rejected")
    expect(rejected).to_contain_text(why)
    expect(rejected).to_contain_text(helps)
    film(page)
    page.locator(".photo").click()
    expect(page.locator(".viewer")).to_contain_text(why)
    expect(page.locator(".viewer")).to_contain_text(helps)
    film(page)
    for screen in (f"orders/{job.id}", "outbox"):
        show(page, screen)
        expect(page.locator("main")).to_contain_text(why)
        film(page)
    # Removing it ends the matter.
    show(page, f"orders/{job.id}/photos")
    page.locator(".photo").click()
    page.get_by_role("button", name="移除").click()
    expect(rejected).to_have_count(0)


def test_a_damaged_photo_is_refused_by_the_server_and_the_phone_says_so(
    context: BrowserContext, server: Server, people: People, job: Job, tmp_path: Path
) -> None:
    page = start(context, server, people.zhang, job)
    show(page, f"orders/{job.id}/photos")
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff" + b"\xff\xd8" * 500)
    page.locator("input[type=file]").set_input_files(tmp_path / "broken.jpg")
    expect(page.locator(".photo")).to_have_count(1)
    page.evaluate(SEND)
    page.evaluate(SEND)
    expect(page.locator(".rejected")).to_contain_text("文件已损坏，无法显示。")


def test_what_the_next_photo_shows_follows_the_job(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    chosen = page.get_by_role("radiogroup", name="照片用途").locator("[aria-checked=true]")

    def begins_with(purpose: str) -> None:
        show(page, f"orders/{job.id}/photos")
        expect(chosen).to_have_text(purpose)

    begins_with("故障")
    show(page, f"orders/{job.id}")
    work(page)
    begins_with("处理前")
    page.locator("input[type=file]").set_input_files(PHOTO)
    expect(page.locator(".photo")).to_have_count(1)
    expect(chosen).to_have_text("处理前")
    show(page, f"orders/{job.id}")
    begins_with("处理中")
    show(page, f"orders/{job.id}")
    page.get_by_label("处理方法").fill("换机封")
    page.get_by_label("处理方法").blur()
    until(
        page, "async () => (await import('/app/static/app/store/documents.js')).orders.value[0].body.work_done !== ''"
    )
    begins_with("处理后")
    assert [line["data"]["purpose"] for line in lines(page, "photo.add")] == ["before"]


def test_purpose_and_caption_are_changed_afterwards(
    context: BrowserContext, server: Server, people: People, job: Job, film: Film
) -> None:
    page = start(context, server, people.zhang, job)
    show(page, f"orders/{job.id}/photos")
    page.locator("input[type=file]").set_input_files(PHOTO)
    context.set_offline(True)
    page.locator(".photo").click()
    viewer = page.locator(".viewer")
    viewer.get_by_role("button", name="改说明").click()
    words = page.get_by_role("dialog", name="改说明")
    words.get_by_role("radio", name="铭牌").click()
    words.get_by_label("说明").fill(" 铭牌正面 ")
    film(page)
    words.get_by_role("button", name="保存").click()
    expect(words).to_have_count(0)
    expect(viewer).to_contain_text("铭牌正面")
    film(page)
    [line] = lines(page, "photo.edit")
    assert line["data"]["changes"] == {
        "purpose": {"was": "fault", "now": "nameplate"},
        "caption": {"was": "", "now": "铭牌正面"},
    }
    [added] = lines(page, "photo.add")
    assert added["data"]["purpose"] == "fault"
    # Nothing changed, nothing written.
    viewer.get_by_role("button", name="改说明").click()
    words.get_by_role("button", name="保存").click()
    expect(words).to_have_count(0)
    assert len(lines(page, "photo.edit")) == 1
    context.set_offline(False)
    page.evaluate(SEND)
    shown = page.evaluate(
        "async () => (await import('/app/static/app/store/documents.js')).orders.value[0].body.photos"
        ".map(({purpose, caption}) => [purpose, caption])"
    )
    assert shown == [["nameplate", "铭牌正面"]]


def test_a_half_written_caption_survives_a_death(
    mortal_phone: MortalPhone, server: Server, people: People, job: Job
) -> None:
    mortal_phone.context.add_init_script(CHINESE)
    page = start(mortal_phone.context, server, people.zhang, job)
    page.evaluate(BEGIN, [job.id, LINE])
    show(page, f"orders/{job.id}/photos")
    page.locator("input[type=file]").set_input_files(PHOTO)
    page.locator(".photo").click()
    page.get_by_role("button", name="改说明").click()
    words = page.get_by_role("dialog", name="改说明")
    words.get_by_label("说明").fill("泵体裂")
    until(page, DRAFTS, "泵体裂")
    mortal_phone.kill()
    page = again(mortal_phone, server)
    show(page, f"orders/{job.id}/photos")
    page.locator(".photo").click()
    page.get_by_role("button", name="改说明").click()
    expect(page.get_by_role("dialog", name="改说明").get_by_label("说明")).to_have_value("泵体裂")
