"""What the phone promises about its room: nothing goes by the phone's own clock, and a full disk empties by itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from apiflask import APIFlask
from playwright.sync_api import Page, Route

from tests.conftest import People
from tests.pwa.conftest import Job, Phone, give_job, sign_in
from tests.pwa.keeping import HERE, LATER, noisy_jpeg, states_at_server, take
from tests.pwa.test_ledger import NOTE, lines_of
from tests.pwa.waiting import until

IN_TEN_YEARS = datetime(2036, 11, 24, tzinfo=UTC)
CLEAN_UP = "Promise.all([core.dropSettled(), core.dropDelivered({roomIsShort: false})])"
# The disk is full for new documents until bytes of a photo go.
FULL = """() => {
  const {put, delete: drop} = IDBObjectStore.prototype;
  let full = true;
  IDBObjectStore.prototype.put = function (...values) {
    if (full && this.name === 'documents') throw new DOMException('', 'QuotaExceededError');
    return put.apply(this, values);
  };
  IDBObjectStore.prototype.delete = function (key) {
    if (this.name === 'photos') full = false;
    return drop.call(this, key);
  };
}"""


def test_a_phone_whose_clock_jumps_keeps_its_copies(phone: Phone, people: People, job: Job) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    sha256 = take(page, job, noisy_jpeg(64))
    page.evaluate("core.sendNow()")
    kept = lines_of(page)
    page.reload()  # Each run cleans up once, then by the hour.
    page.wait_for_function("document.title === 'ready'")
    page.clock.set_system_time(IN_TEN_YEARS)
    page.evaluate(NOTE, job.id)
    page.evaluate("core.sendNow()")
    assert page.evaluate("new Date().getFullYear()") == 2036
    assert lines_of(page)[: len(kept)] == kept
    assert page.evaluate(HERE, sha256)


def test_what_was_delivered_while_the_clock_was_ahead_goes_after_30_days(
    phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    page.clock.set_system_time(IN_TEN_YEARS)
    sign_in(page, people.zhang)
    sha256 = take(page, job, noisy_jpeg(64))
    page.evaluate("core.sendNow()")
    page.evaluate(LATER, 31)
    page.evaluate("core.dropSettled()")
    page.evaluate("core.dropDelivered({needed: 0})")
    assert lines_of(page) == []
    assert not page.evaluate(HERE, sha256)


@pytest.mark.parametrize("wrong", [365, -365], ids=["ahead", "behind"])
def test_a_server_whose_clock_is_wrong_for_a_moment_takes_no_copies(
    phone: Phone, people: People, job: Job, wrong: int
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    sha256 = take(page, job, noisy_jpeg(64))
    page.evaluate("core.sendNow()")
    off = server_days_off(page, wrong)
    of_then = take(page, job, noisy_jpeg(65))
    page.evaluate("core.sendNow()")
    kept = lines_of(page)
    page.evaluate(CLEAN_UP)
    assert (lines_of(page), page.evaluate(HERE, sha256), page.evaluate(HERE, of_then)) == (kept, True, True)
    off[0] = 0
    page.evaluate("core.sendNow()")
    page.evaluate(CLEAN_UP)
    assert (lines_of(page), page.evaluate(HERE, sha256), page.evaluate(HERE, of_then)) == (kept, True, True)


def test_what_was_delivered_to_a_server_whose_clock_was_wrong_goes_after_30_days(
    phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    off = server_days_off(page, 365)
    sign_in(page, people.zhang)
    sha256 = take(page, job, noisy_jpeg(64))
    page.evaluate("core.sendNow()")
    off[0] = 0
    page.evaluate("core.sendNow()")
    for days, here in ((29, True), (31, False)):
        off[0] = days
        page.clock.set_system_time(datetime.now(UTC) + timedelta(days=days))
        page.evaluate("core.sendNow()")
        page.evaluate(CLEAN_UP)
        assert (lines_of(page) != [], page.evaluate(HERE, sha256)) == (here, here)


def server_days_off(page: Page, days: int) -> list[int]:
    """From now on the server's clock is so many days ahead; whoever changes the first of the list sets it."""
    off = [days]

    def answer(route: Route) -> None:
        answered = route.fetch()
        told = answered.json()
        if "server_time" in told:
            right = datetime.fromisoformat(told["server_time"])
            told["server_time"] = (right + timedelta(days=off[0])).isoformat()
        route.fulfill(response=answered, json=told)

    page.route("**/api/v1/sync", answer)
    page.route("**/api/v1/session", answer)
    return off


def test_an_answer_that_finds_no_room_takes_that_of_delivered_photos(
    app: APIFlask, phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    sha256 = take(page, job, noisy_jpeg(64))
    page.evaluate("core.sendNow()")
    give_job(app, people, people.zhang)
    page.evaluate(FULL)
    page.evaluate("core.sendNow()")
    assert page.evaluate("core.contact.value.state") == "idle"
    assert page.evaluate("core.orders.value.length") == 2
    assert not page.evaluate(HERE, sha256)


def test_a_photo_goes_though_its_progress_finds_no_room(app: APIFlask, phone: Phone, people: People, job: Job) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    take(page, job, noisy_jpeg(64))
    page.evaluate(
        """() => {
          const {put} = IDBObjectStore.prototype;
          IDBObjectStore.prototype.put = function (value, ...rest) {
            if (value.state === 'sending') throw new DOMException('', 'QuotaExceededError');
            return put.call(this, value, ...rest);
          };
        }"""
    )
    page.evaluate("core.sendNow()")
    assert states_at_server(app, job) == ["stored"]


def test_photos_go_though_the_server_cannot_take_lines(app: APIFlask, phone: Phone, people: People, job: Job) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    take(page, job, noisy_jpeg(64))
    page.route("**/api/v1/uploads**", lambda route: route.abort())
    page.evaluate("core.sendNow()")
    page.unroute("**/api/v1/uploads**")
    problem = {"status": 500, "content_type": "application/problem+json", "body": json.dumps({"code": "internal"})}
    page.route("**/api/v1/sync", lambda route: route.fulfill(**problem))
    page.evaluate(NOTE, job.id)
    page.evaluate("core.sendNow()")
    assert states_at_server(app, job) == ["stored"]
    until(page, "core.contact.value.state === 'failed' && core.contact.value.code === 'internal'")
    assert page.evaluate("core.unsent.value.lines") == 1
