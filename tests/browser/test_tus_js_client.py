"""The browser's own upload library, as it is vendored, against the real server over a network that breaks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.conftest import People
from tests.reference_client import Client
from tests.server.api.conftest import open_order
from tests.server.api.photo_help import photo_of_5_mb, photo_record, record_photo, sha256_of, wire_to

LIBRARY = Path(__file__).parents[2] / "pwa" / "static" / "vendor" / "tus-js-client.js"

# The page tells of every answer that the server gave, so that the test can see that nothing was sent twice.
PAGE = """<!doctype html><meta charset="utf-8"><title>tus</title><script type="module">
import { Upload } from "/test/tus-js-client.js";
window.send = async (token, sha256, whole) => {
  const file = await (await fetch("/test/photo.jpg")).blob();
  const offsets = [];
  await new Promise((done, failed) => {
    const upload = new Upload(file, {
      endpoint: "/api/v1/uploads",
      retryDelays: [0, 50, 100, 200, 400, 800, 1600, 3200],
      headers: { Authorization: `Bearer ${token}` },
      metadata: { sha256, media_type: "image/jpeg" },
      storeFingerprintForResuming: false,
      chunkSize: whole ? Infinity : 1024 * 1024,
      onAfterResponse: (request, response) => {
        offsets.push([request.getMethod(), response.getStatus(), Number(response.getHeader("Upload-Offset"))]);
      },
      onSuccess: done,
      onError: failed,
    });
    upload.start();
  });
  return offsets;
};
window.ready = true;
</script>"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page with a storage of its own."""
    opened = browser.new_page()
    yield opened
    opened.close()


@pytest.fixture
def zhang(live_server: str, people: People) -> Client:
    client = Client(live_server)
    client.sign_in(people.zhang.username, people.zhang.password)
    return client


def serve(page: Page, address: str, content: bytes) -> None:
    """Open the page on the server's own origin."""

    def answer(route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        if name == "photo.jpg":
            route.fulfill(body=content, content_type="image/jpeg")
        elif name == "tus-js-client.js":
            route.fulfill(body=LIBRARY.read_text("utf-8"), content_type="text/javascript")
        else:
            route.fulfill(body=PAGE, content_type="text/html")

    page.route("**/test/*", answer)
    page.goto(f"{address}/test/page.html")
    page.wait_for_function("window.ready")


@pytest.mark.parametrize("whole", [True, False], ids=["in one request", "in pieces"])
def test_an_upload_that_is_cut_in_the_middle_is_resumed(
    page: Page, zhang: Client, live_server: str, people: People, whole: bool
) -> None:
    office = Client(live_server)
    office.sign_in(people.wang.username, people.wang.password)
    order = open_order(office, [people.zhang.id])
    content = photo_of_5_mb()
    photo = record_photo(zhang, order, content)
    with wire_to(live_server) as wire:
        serve(page, wire.address, content)
        wire.break_after = 2_500_000
        told = page.evaluate(
            "([token, sha256, whole]) => send(token, sha256, whole)", [zhang.token, sha256_of(content), whole]
        )
        assert wire.broke == 1
        resumed_at = [offset for method, status, offset in told if method == "HEAD" and status == 200]
        assert max(resumed_at) > 1_000_000
        assert told[-1] == ["PATCH", 204, len(content)]
    assert photo_record(zhang, order, photo)["state"] == "stored"
    assert zhang.call("GET", f"/api/v1/photos/{sha256_of(content)}").content == content
