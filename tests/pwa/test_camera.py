"""A camera that the phone takes away: no photo of what is not there, and it comes back by itself."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import People
from tests.pwa.conftest import Film, Job, Phone, Server
from tests.pwa.test_conditions import lines, start

OPEN = """() => new Promise((resolve) => {
  window.said = [];
  window.video = document.body.appendChild(document.createElement('video'));
  window.camera = core.runCamera(video, (trouble) => { said.push(trouble && trouble.code); resolve(); });
})"""
TAKE = "camera.take().then((blob) => core.takeIn(blob)).then(({media_type, size}) => [media_type, size > 100])"
REFUSED = "camera.take().catch(({code}) => code)"
# What a phone does for a call: the track ends, and the page is told.
TAKEN_AWAY = """() => {
  const [track] = document.querySelector('video').srcObject.getVideoTracks();
  track.stop();
  track.dispatchEvent(new Event('ended'));
}"""
# The same without an end: no picture comes any more, and the element keeps the last one.
MUTED = """(is_muted) => {
  const [track] = document.querySelector('video').srcObject.getVideoTracks();
  Object.defineProperty(track, 'muted', {configurable: true, get: () => is_muted});
  track.dispatchEvent(new Event(is_muted ? 'mute' : 'unmute'));
}"""
NOBODY_HAS_IT = """() => {
  window.asked = 0;
  const {mediaDevices} = navigator;
  window.given = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async () => { asked += 1; throw new DOMException('in a call', 'NotReadableError'); };
}"""
FREE_AGAIN = "() => { navigator.mediaDevices.getUserMedia = given; }"
# As browsers have it that know no ImageCapture: the picture comes from the screen.
NO_IMAGE_CAPTURE = "delete window.ImageCapture"
COLOURS = """() => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 64;
  const context = canvas.getContext('2d');
  window.paint = (colour) => { context.fillStyle = colour; context.fillRect(0, 0, 64, 64); };
  // A canvas gives a picture whenever it is painted.
  window.painting = setInterval(() => paint('red'), 50);
  navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(20);
}"""
COLOUR_OF_A_PHOTO = """async () => {
  clearInterval(painting);
  setTimeout(() => { painting = setInterval(() => paint('blue'), 50); }, 500);
  const image = await createImageBitmap(await camera.take());
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext('2d').drawImage(image, 0, 0);
  const [red, , blue] = canvas.getContext('2d').getImageData(5, 5, 1, 1).data;
  return [red < 60, blue > 190];
}"""


def opened(phone: Phone, before: str = "() => {}") -> Page:
    """A tab in which the camera runs, as `before` has prepared the browser."""
    page = phone.tab()
    page.evaluate(before)
    page.evaluate(OPEN)
    return page


@pytest.mark.parametrize("without", ["() => {}", NO_IMAGE_CAPTURE])
def test_the_camera_gives_a_photo(without: str, phone: Phone) -> None:
    page = opened(phone, without)
    assert page.evaluate("said") == [None]
    media_type, has_content = page.evaluate(TAKE)
    assert media_type in ("image/jpeg", "image/png")
    assert has_content
    page.evaluate("camera.stop()")
    assert page.evaluate("video.srcObject") is None


def test_a_photo_shows_what_came_after_the_press(phone: Phone) -> None:
    page = opened(phone, COLOURS)
    page.evaluate(NO_IMAGE_CAPTURE)
    assert page.evaluate(COLOUR_OF_A_PHOTO) == [True, True]


def test_a_picture_that_stands_still_is_no_photo(phone: Phone) -> None:
    page = opened(phone, COLOURS)
    page.evaluate(NO_IMAGE_CAPTURE)
    # A canvas that nobody paints gives no new picture, as a camera that froze.
    page.evaluate("clearInterval(painting)")
    assert page.evaluate(REFUSED) == "camera_away"
    page.evaluate("() => { painting = setInterval(() => paint('red'), 50); }")
    page.wait_for_function("said.at(-1) === null")
    assert page.evaluate("said")[:2] == [None, "camera_away"]


@pytest.mark.parametrize("without", ["() => {}", NO_IMAGE_CAPTURE])
def test_a_camera_that_was_taken_away_takes_no_photo_and_comes_back(without: str, phone: Phone) -> None:
    page = opened(phone, without)
    page.evaluate(NOBODY_HAS_IT)
    page.evaluate(TAKEN_AWAY)
    assert page.evaluate("said.at(-1)") == "camera_away"
    assert page.evaluate(REFUSED) == "camera_away"
    page.wait_for_function("asked >= 2")
    page.evaluate(FREE_AGAIN)
    page.wait_for_function("said.at(-1) === null")
    assert page.evaluate(TAKE)[1]


@pytest.mark.parametrize("event", ["visibilitychange", "focus", "pageshow", "resume"])
def test_whatever_a_phone_says_on_coming_back_the_camera_starts(event: str, phone: Phone) -> None:
    page = opened(phone)
    page.evaluate(NOBODY_HAS_IT)
    page.evaluate(TAKEN_AWAY)
    page.wait_for_function("asked >= 1")
    page.evaluate("() => { for (let id = setTimeout(() => {}, 0); id > 0; id -= 1) clearTimeout(id); }")
    page.evaluate(FREE_AGAIN)
    where = "document" if event in ("visibilitychange", "resume") else "window"
    page.evaluate(f"{where}.dispatchEvent(new Event('{event}'))")
    page.wait_for_function("said.at(-1) === null")


def test_a_camera_that_is_muted_takes_no_photo(phone: Phone) -> None:
    page = opened(phone)
    page.evaluate(MUTED, True)
    assert page.evaluate("said.at(-1)") == "camera_away"
    page.evaluate(MUTED, False)
    assert page.evaluate("said.at(-1)") is None
    assert page.evaluate(TAKE)[1]


def test_who_said_no_is_asked_again_only_when_they_come_back(phone: Phone) -> None:
    page = phone.tab()
    page.evaluate(
        """() => {
          const refuse = async () => { asked += 1; throw new DOMException('', 'NotAllowedError'); };
          Object.assign(window, {asked: 0});
          navigator.mediaDevices.getUserMedia = refuse;
        }"""
    )
    page.evaluate(OPEN)
    assert page.evaluate("said") == ["camera_denied"]
    page.wait_for_timeout(2500)
    assert page.evaluate("asked") == 1
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.wait_for_function("asked === 2")


def test_the_screen_says_that_the_camera_is_gone_and_takes_the_next_photo_by_itself(
    context: BrowserContext, server: Server, people: People, job: Job, film: Film
) -> None:
    context.grant_permissions(["camera", "geolocation"])
    page = start(context, server, people.zhang, job)
    page.evaluate("screen => { location.hash = '#/' + screen }", f"orders/{job.id}/photos")
    page.get_by_role("button", name="拍照").click()
    camera = page.get_by_role("dialog", name="相机")
    shutter = camera.get_by_role("button", name="拍照")
    page.wait_for_function("() => document.querySelector('video')?.readyState >= 2")
    film(page)
    page.evaluate(NOBODY_HAS_IT)
    page.evaluate(TAKEN_AWAY)
    expect(camera.get_by_role("alert")).to_contain_text("相机被手机收走了")
    expect(shutter).to_be_disabled()
    film(page)
    assert lines(page, "photo.add") == []
    page.wait_for_function("() => asked >= 1")
    page.evaluate(FREE_AGAIN)
    expect(shutter).to_be_enabled()
    shutter.click()
    expect(camera.get_by_text("已存 1 张")).to_be_visible()
    film(page)
    assert len(lines(page, "photo.add")) == 1
