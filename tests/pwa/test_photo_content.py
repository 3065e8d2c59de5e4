"""What the phone promises about photos: the bytes of the camera, after the lines, resumed, and never dropped early."""

from __future__ import annotations

import json
from base64 import b64encode

import pytest
from apiflask import APIFlask
from playwright.sync_api import Route

from tests.conftest import People
from tests.pwa.conftest import Job, Phone, sign_in
from tests.pwa.keeping import HERE, LATER, noisy_jpeg, states_at_server, take
from tests.pwa.test_ledger import NOTE


def test_lines_go_first_then_a_preview_then_the_original_byte_for_byte(
    app: APIFlask, phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    content = noisy_jpeg(600)
    sha256 = take(page, job, content)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url.split('/api/v1')[1]}"))
    page.evaluate("core.sendNow()")
    assert page.evaluate("core.unsent.value") == {"lines": 0, "photos": 0, "bytes": 0, "shut_out": 0}
    assert [request for request in asked if request.startswith("POST")][:3] == [
        "POST /sync",
        "POST /uploads",  # the preview
        "POST /uploads",  # the original
    ]
    assert states_at_server(app, job) == ["stored"]
    served = page.request.get(f"{phone.url}/api/v1/photos/{sha256}")
    assert served.body() == content


def test_a_preview_is_a_small_jpeg(phone: Phone, people: People) -> None:
    page = phone.tab()
    encoded = b64encode(noisy_jpeg(1200)).decode()
    size, media_type = page.evaluate(
        """async (base64) => {
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
          const {blob} = await core.makePreview(new Blob([bytes], {type: 'image/jpeg'}));
          return [blob.size, core.mediaTypeOf(new Uint8Array(await blob.arrayBuffer()).slice(0, 16))];
        }""",
        encoded,
    )
    assert 0 < size <= 64 * 1024
    assert media_type == "image/jpeg"


def test_an_upload_goes_on_where_it_broke_off(app: APIFlask, phone: Phone, people: People, job: Job) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    content = noisy_jpeg(1100)
    assert len(content) > 1024 * 1024
    take(page, job, content)
    offsets: list[int] = []

    def only_the_first_piece(route: Route) -> None:
        offset = int(route.request.headers.get("upload-offset", -1))
        if route.request.method == "HEAD" or offset > 0:
            route.abort()
        else:
            route.continue_()

    page.route("**/api/v1/uploads/*", only_the_first_piece)
    page.evaluate("core.sendNow()")
    assert page.evaluate("core.contact.value.code") == "no_contact"
    item = page.evaluate("core.outbox.value.find(({what}) => what === 'photo')")
    assert 0 < item["sent"] < item["bytes"] == len(content)

    page.unroute("**/api/v1/uploads/*")
    page.reload()  # Not even this run of the app has to go on.
    page.wait_for_function("document.title === 'ready'")
    page.on(
        "request",
        lambda request: offsets.append(int(request.headers["upload-offset"])) if request.method == "PATCH" else None,
    )
    page.evaluate("core.sendNow()")
    assert min(offsets) == item["sent"]
    assert states_at_server(app, job) == ["stored"]


def test_bytes_stay_on_the_phone_until_the_server_has_had_them_for_30_days(
    phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    sha256 = take(page, job, noisy_jpeg(64))
    page.evaluate(LATER, 400)
    page.evaluate("core.dropDelivered({needed: Infinity})")
    assert page.evaluate(HERE, sha256)  # Not delivered: neither time nor need takes it.
    page.evaluate("core.sendNow()")
    page.evaluate(LATER, 29)
    page.evaluate("core.dropDelivered({needed: 0})")
    assert page.evaluate(HERE, sha256)
    page.evaluate(LATER, 2)
    page.evaluate("core.dropDelivered({needed: 0})")
    assert not page.evaluate(HERE, sha256)


def test_what_is_no_photo_is_refused(phone: Phone) -> None:
    page = phone.tab()
    refused = "(text) => core.takeIn(new Blob([text], {type: 'image/jpeg'})).catch(({code}) => code)"
    assert page.evaluate(refused, "<svg onload=alert(1)>") == "not_a_photo"
    assert page.evaluate(refused, "") == "not_a_photo"


@pytest.mark.parametrize("status", [400, 404, 407, 413])
def test_the_page_of_somebody_else_refuses_no_photo(
    status: int, app: APIFlask, phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    safe = page.evaluate("core.contact.value.last_all_safe")
    take(page, job, noisy_jpeg(64))
    portal = "<html>Please log in to the hotel's network</html>"
    answer = {"status": status, "content_type": "text/html", "body": portal}
    page.route("**/api/v1/uploads**", lambda route: route.fulfill(**answer))
    page.evaluate("core.sendNow()")
    assert page.evaluate("core.contact.value.code") == "no_contact"
    assert page.evaluate("core.contact.value.last_all_safe") == safe
    assert page.evaluate("core.outbox.value.map(({what, state}) => [what, state])") == [["photo", "waiting"]]
    page.unroute("**/api/v1/uploads**")
    page.evaluate("core.sendNow()")
    assert states_at_server(app, job) == ["stored"]
    assert page.evaluate("core.contact.value.last_all_safe") > safe


def test_a_photo_that_the_server_refused_keeps_the_person_and_can_be_sent_again(
    app: APIFlask, phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    safe = page.evaluate("core.contact.value.last_all_safe")
    sha256 = take(page, job, noisy_jpeg(64))
    answer = {
        "status": 413,
        "headers": {"Tus-Resumable": "1.0.0", "Content-Type": "application/problem+json"},
        "body": json.dumps({"code": "too_large", "status": 413}),
    }
    page.route("**/api/v1/uploads**", lambda route: route.fulfill(**answer))
    page.evaluate("core.sendNow()")
    shown = "core.outbox.value.map(({state, code}) => [state, code])"
    assert page.evaluate(shown) == [["rejected", "too_large"]]
    assert page.evaluate("core.contact.value.last_all_safe") == safe
    assert page.evaluate("core.unsent.value.photos") == 1
    assert page.evaluate("core.signOut().catch(({code}) => code)") == "unsent"
    page.unroute("**/api/v1/uploads**")
    page.evaluate("core.sendNow()")
    assert page.evaluate("core.unsent.value.photos") == 1, "what was refused is not sent for ever"
    page.evaluate("(sha256) => core.tryAgain(sha256)", sha256)
    page.evaluate("core.sendNow()")
    assert states_at_server(app, job) == ["stored"]
    assert page.evaluate("core.unsent.value.photos") == 0


def test_a_line_does_not_wait_for_a_photo_that_is_on_its_way(
    app: APIFlask, phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    page.evaluate("core.start()")
    held: list[Route] = []
    page.route("**/api/v1/uploads**", lambda route: held.append(route))
    with page.expect_request("**/api/v1/uploads"):
        take(page, job, noisy_jpeg(64))
    page.evaluate(NOTE, job.id)
    page.wait_for_function("core.unsent.value.lines === 0", timeout=10_000)
    assert page.evaluate("core.outbox.value.map(({what, state}) => [what, state])") == [["photo", "sending"]]
    assert page.evaluate("core.contact.value.state") == "sending"
    page.unroute("**/api/v1/uploads**")
    for route in held:
        route.continue_()
    page.wait_for_function("core.unsent.value.photos === 0 && core.contact.value.state === 'idle'", timeout=10_000)
    assert states_at_server(app, job) == ["stored"]


def test_an_upload_in_which_nothing_moves_is_given_up(phone: Phone, people: People, job: Job) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    take(page, job, noisy_jpeg(64))
    page.clock.install()
    page.route("**/api/v1/uploads**", lambda _route: None)
    with page.expect_request("**/api/v1/uploads"):
        page.evaluate("void core.sendNow()")
    with page.expect_request("**/api/v1/uploads", timeout=10_000):  # The next try.
        page.clock.fast_forward(61_000)
