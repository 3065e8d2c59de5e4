"""Who only reads does not wait for who writes, however long that takes."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import requests
from apiflask import APIFlask
from sqlalchemy import select, update

from server.database import CONNECTIONS, reading, writing
from server.models import Device, Document, Person, SessionToken
from server.services import utc_now
from tests.conftest import PASSWORD, People
from tests.databases import PATIENCE_S, wait_until_somebody_waits
from tests.races.gates import note
from tests.reference_client import Client
from tests.server.sync.conftest import Office
from tests.server.sync.phone import Phone

# The other writes as long; who waits for it waits longer than that, or until the test gives up.
WAITS_S = 5.0


def expiring(app: APIFlask) -> None:
    """Every session and phone was last seen long enough ago to be written down again."""
    long_ago = utc_now() - timedelta(hours=2)
    with app.app_context(), writing() as connection:
        connection.execute(update(SessionToken).values(last_used_at=long_ago))
        connection.execute(update(Device).values(last_seen_at=long_ago))


def used_at(app: APIFlask) -> list[object]:
    with app.app_context(), reading() as connection:
        return list(connection.execute(select(SessionToken.last_used_at)).scalars())


def test_a_page_is_read_while_another_writes_and_the_session_is_prolonged_by_the_next(
    app: APIFlask, live_server: str, people: People
) -> None:
    browser, page = requests.Session(), f"{live_server}/office/"
    browser.post(f"{page}sign-in", data={"username": "wang", "password": PASSWORD}).raise_for_status()
    expiring(app)
    before = used_at(app)
    with app.app_context(), writing() as connection:
        connection.execute(select(SessionToken).with_for_update())
        begun = time.monotonic()
        assert browser.get(page, allow_redirects=False).status_code == 200
        assert time.monotonic() - begun < WAITS_S
    assert used_at(app) == before
    assert browser.get(page, allow_redirects=False).status_code == 200
    assert used_at(app) != before


def test_a_phone_that_brings_nothing_is_answered_while_another_writes(
    app: APIFlask, live_server: str, people: People
) -> None:
    phone = Client(live_server)
    phone.sign_in("zhang", PASSWORD)
    phone.sync()
    expiring(app)
    with app.app_context(), writing() as connection:
        connection.execute(select(Device).with_for_update())
        begun = time.monotonic()
        assert phone.exchange()["more"] is False
        assert time.monotonic() - begun < WAITS_S


@pytest.mark.usefixtures("on_postgresql")
def test_who_reads_finds_a_connection_while_one_persons_many_phones_wait(
    app: APIFlask, people: People, zhang: Phone, office: Office
) -> None:
    order = office.open(zhang.person_id)
    phones = [Phone(zhang.person_id).register() for _ in range(3 * CONNECTIONS)]
    for phone in phones:
        phone.write("note.add", order, note())

    def hands_in(phone: Phone) -> None:
        with app.app_context():
            phone.sync()

    with ThreadPoolExecutor(len(phones)) as threads:
        with writing() as connection:
            connection.execute(select(Document).where(Document.id == order).with_for_update())
            waiting = [threads.submit(hands_in, phone) for phone in phones]
            wait_until_somebody_waits()
            time.sleep(0.5)  # so that all have come that can
            begun = time.monotonic()
            with reading() as other:
                assert other.execute(select(Person.id).where(Person.id == people.li.id)).scalar_one() == people.li.id
            assert time.monotonic() - begun < WAITS_S
        assert [each.result(PATIENCE_S) for each in waiting] == [None] * len(phones)
