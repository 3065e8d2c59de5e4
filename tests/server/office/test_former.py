"""Ledgers that wait on phones, on the page of people; and whose an id was before a restore."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select

from server.database import reading, write
from server.models import FormerPerson, StrandedLedger
from server.services import utc_now
from server.sync.store import stranded
from server.sync.store.stranded import Stranded
from tests.conftest import People
from tests.server.export_files.files import parts_of, zipped
from tests.server.office.test_import_file import take_in
from tests.server.sync.conftest import Office
from tests.server.sync.phone import Phone, new_id

Browser = Callable[..., FlaskClient]


@pytest.fixture
def before(app: APIFlask, people: People) -> Iterator[Phone]:
    """Zhang's phone, with a note on an order of his, under an id that nobody has any more."""
    with app.app_context():
        phone = Phone(new_id())
        order = Office(people.wang.id).open(people.zhang.id)
        phone.write("note.add", order, {"note": new_id(), "text": "在地下室"})
        yield phone


def tell(phone: Phone, by: str, **other: Any) -> str:
    facts: dict[str, Any] = {"person_id": phone.person_id, "username": "zhang", "why": "unknown_person", "lines": 1}
    facts |= {"device_id": phone.id, "device_name": "Pixel", "photos": 2, "orders": 3} | other
    told = Stranded(**facts)
    return write(lambda connection: stranded.tell(connection, told, by, utc_now()))


def former_people() -> list[tuple[str, str]]:
    with reading() as connection:
        rows = connection.execute(select(FormerPerson.former, FormerPerson.person_id))
        return [(row.former, row.person_id) for row in rows]


def test_what_waits_on_a_phone_is_told_until_it_has_come(before: Phone, people: People, browser: Browser) -> None:
    supervisor = browser("wang", "en")
    assert tell(before, people.li.id, person_id=people.zhang.id, why="orders") == "told"
    page = supervisor.get("/office/people").text
    assert (
        "A phone still holds something of zhang that has not come here (Pixel): entries 1, photos 2, orders 3" in page
    )
    assert "has to sign in on that phone" in page and "/adoption" not in page
    assert tell(before, people.li.id, lines=0, photos=0, orders=0) == "nothing"
    assert "A phone still holds" not in supervisor.get("/office/people").text


def test_an_administrator_says_whose_it_was(before: Phone, people: People, browser: Browser) -> None:
    assert tell(before, people.zhang.id, is_mine=True) == "asked"
    address = f"/office/former/{before.person_id}/adoption"
    assert address not in browser("wang").get("/office/people").text
    assert browser("wang").post(address, data={"person": people.zhang.id, "confirmed": "yes"}).status_code == 403
    admin = browser("admin")
    page = admin.get("/office/people").text
    assert address in page and f'<option value="{people.zhang.id}" selected>' in page
    admin.post(address, data={"person": people.zhang.id})
    assert "请勾选确认" in admin.get("/office/people").text and former_people() == []
    admin.post(address, data={"person": "?", "confirmed": "yes"})
    assert "请选择原来是谁" in admin.get("/office/people").text and former_people() == []
    admin.post(address, data={"person": people.zhang.id, "confirmed": "yes", "reason": "问过本人"})
    assert "手机里的内容下次联网时送达" in admin.get("/office/people").text
    assert former_people() == [(before.person_id, people.zhang.id)]


def test_an_administrator_says_no_and_it_may_be_asked_again(before: Phone, people: People, browser: Browser) -> None:
    tell(before, people.li.id, is_mine=True)
    admin, address = browser("admin"), f"/office/former/{before.person_id}/refusal"
    assert address in admin.get("/office/people").text
    for said in ("已拒绝", "已经没有人这样询问"):
        admin.post(address)
        assert said in admin.get("/office/people").text
    assert tell(before, people.li.id) == "refused"
    assert tell(before, people.zhang.id, is_mine=True) == "asked"


def test_a_file_of_somebody_whom_nobody_knows_says_what_can_be_done(
    before: Phone, people: People, browser: Browser
) -> None:
    def form() -> dict[str, tuple[io.BytesIO, str]]:
        return {"file": (zipped(parts_of(before)), "0900.undercroft.zip")}

    address = f"/office/former/{before.person_id}/adoption"
    refused = browser("wang").post("/office/import", data=form())
    assert refused.status_code == 409 and "只有管理员可以" in refused.text and address not in refused.text
    admin = browser("admin")
    offered = admin.post("/office/import", data=form()).text
    assert address in offered and f'<option value="{people.zhang.id}" selected>' in offered
    admin.post(address, data={"person": people.zhang.id, "confirmed": "yes"})
    assert "保留待裁决" in take_in(browser("wang"), form()).text, "Zhang has still to say that it is his"


def test_nobody_tells_of_more_ledgers_than_a_phone_has(
    before: Phone, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stranded, "TOLD_AT_MOST", 2)
    ids = [new_id() for _ in range(3)]
    for identity in ids:
        tell(before, people.li.id, device_id=identity)
    with reading() as connection:
        kept = set(connection.execute(select(StrandedLedger.device_id)).scalars())
    assert len(kept) == 2 and ids[2] in kept


def test_what_somebody_asks_is_of_the_id_that_was_told_then(before: Phone, people: People, browser: Browser) -> None:
    assert tell(before, people.zhang.id, is_mine=True) == "asked"
    assert tell(before, people.zhang.id) == "asked"
    other = new_id()
    assert tell(before, people.li.id, person_id=other) == "told", "Zhang has not said that this one was his"
    assert f"/office/former/{other}/refusal" not in browser("admin").get("/office/people").text
    tell(before, people.zhang.id, person_id=other, is_mine=True)
    browser("admin").post(f"/office/former/{other}/refusal")
    assert tell(before, people.zhang.id, person_id=other) == "refused"
    assert tell(before, people.zhang.id) == "told"
