"""A long ledger that somebody claims comes in by portions: others write in between, and its order stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from apiflask import APIFlask

from server.export_files.taking import import_file
from server.export_files.wiring import this_server
from server.office.inbox import import_file as pages
from server.sync.ledgers.line import hash_of
from server.sync.operations import authorship
from tests.conftest import People
from tests.databases import PATIENCE_S
from tests.races.gates import hand_in, not_yet_committed, note
from tests.races.visitors import Desk
from tests.server.conftest import Beside
from tests.server.export_files.files import parts_of, zipped
from tests.server.sync.conftest import Office
from tests.server.sync.phone import Phone
from tests.server.sync.test_held import texts, waiting

LINES = 7


@pytest.fixture(autouse=True)
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authorship, "PORTION", 3)


@pytest.fixture
def order(zhang: Phone, office: Office) -> str:
    return office.open(zhang.person_id)


@pytest.fixture
def lost(zhang: Phone, order: str) -> Phone:
    """A phone of Zhang's that only a file names, with notes on the order."""
    phone = Phone(zhang.person_id)
    for number in range(LINES):
        phone.write("note.add", order, note(str(number)))
    import_file(zipped(parts_of(phone)), this_server())
    return phone


def claims(by: Phone, ledger: Phone) -> dict[str, Any]:
    """`by` says that the ledger is theirs; the outcome's detail."""
    by.write("ledger.claim", ledger.id, {"head": hash_of(ledger.lines[-1])})
    return dict(by.sync()[-1]["detail"])


def test_each_claim_brings_a_portion_in_its_order_and_says_what_is_left(zhang: Phone, order: str, lost: Phone) -> None:
    said = [claims(zhang, lost) for _ in range(4)]
    assert said == [{"tried": 3, "left": 4}, {"tried": 3, "left": 1}, {"tried": 1}, {"tried": 0}]
    assert texts(zhang, order) == [str(number) for number in range(LINES)] and waiting() == []


def test_what_comes_in_of_the_ledger_between_two_portions_waits_behind_them(
    zhang: Phone, order: str, lost: Phone
) -> None:
    claims(zhang, lost)
    lost.write("note.add", order, note("later"))
    import_file(zipped(parts_of(lost)), this_server())
    assert texts(zhang, order) == ["0", "1", "2"]
    while claims(zhang, lost).get("left"):
        pass
    zhang.sync()
    assert texts(zhang, order) == [*map(str, range(LINES)), "later"] and waiting() == []


def test_two_claims_at_once_bring_everything_once(zhang: Phone, order: str, lost: Phone, beside: Beside) -> None:
    other = Phone(zhang.person_id).register()
    for phone in (zhang, other):
        phone.write("ledger.claim", lost.id, {"head": hash_of(lost.lines[-1])})
    with not_yet_committed(hand_in(zhang)):
        later = beside(other.sync)
    assert [each["detail"] for each in later.result(PATIENCE_S)] == [{"tried": 3, "left": 1}]
    claims(other, lost)
    zhang.sync()
    assert texts(zhang, order) == [str(number) for number in range(LINES)] and waiting() == []


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Callable[[], None]], None]]:
    """Does something after each transaction in which the page has claimed a portion."""

    def after_each(work: Callable[[], None]) -> None:
        true = pages.write

        def writing(operations: Any) -> Any:  # Any: as the page's own
            outcomes = true(operations)
            work()
            return outcomes

        monkeypatch.setattr(pages, "write", writing)

    yield after_each


def test_phones_write_between_the_portions_that_one_click_brings_in(
    app: APIFlask, people: People, li: Phone, office: Office, between: Callable[[Callable[[], None]], None]
) -> None:
    order, lost = office.open(li.person_id), Phone(people.wang.id, role="supervisor")
    for number in range(LINES):
        lost.write("note.add", order, note(str(number)))
    import_file(zipped(parts_of(lost, person={"id": people.wang.id, "username": "wang"})), this_server())

    def writes() -> None:
        li.write("note.add", order, note("li"))
        assert [each["status"] for each in li.sync()] == ["applied"]

    desk = Desk(app, people.wang)
    between(writes)
    answer = desk.browser.post(f"/office/ledgers/{lost.id}/claim", data={"head": hash_of(lost.lines[-1])})
    assert answer.status_code == 303
    assert texts(li, order) == ["0", "1", "2", "li", "3", "4", "5", "li", "6", "li"] and waiting() == []
