"""A feed: every document once, in the order in which it changed last, in portions, from any cursor.

On SQLite in memory alone, one database for all: what the locks of feeds promise is tried in test_giving_out.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, insert, select

from server.database import prepare_engine
from server.models import Base, Document, Feed, FeedEntry
from server.sync.store import feeds
from server.sync.store.facts_store import remember
from server.sync.store.feeds import (
    COMPANY,
    FIRST_NUMBER,
    LEAST_BETWEEN,
    MAX_BODY_BYTES,
    MOST_BETWEEN,
    Changes,
    Publication,
    changes_since,
    feeds_of,
    first_number,
    number_anew,
    person_feed,
    publish,
    put_document,
)
from tests.server.sync.phone import new_id

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
MINE, YOURS = person_feed("zhang"), person_feed("li")


@pytest.fixture(autouse=True)
def in_app() -> None:
    """No test needs the app."""


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """A database without a file."""
    made = create_engine("sqlite://")
    prepare_engine(made, None)
    Base.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A transaction of one test, of which nothing stays."""
    with engine.connect() as made:
        yield made
        made.rollback()


def entries(connection: Connection, feed: str) -> list[tuple[Any, ...]]:
    """What stands in a feed."""
    columns = FeedEntry.seq, FeedEntry.type, FeedEntry.document_id, FeedEntry.gone, FeedEntry.reason
    rows = connection.execute(select(*columns).where(FeedEntry.feed == feed).order_by(FeedEntry.seq))
    return [tuple(row) for row in rows]


def head(connection: Connection, feed: str) -> int | None:
    """The last number that a feed has given out."""
    return connection.execute(select(Feed.head).where(Feed.name == feed)).scalar_one_or_none()


def document(connection: Connection, body: dict[str, Any] | str, kind: str = "work_order", **more: Any) -> str:
    """A document that is in no feed yet; its id."""
    identity = new_id()
    text = body if isinstance(body, str) else json.dumps(body, separators=(",", ":"))
    row = {"type": kind, "id": identity, "version": 3, "body": text, "changed_at": NINE, "seal": None} | more
    connection.execute(insert(Document).values(row))
    return identity


def since(connection: Connection, limit: int = 100, same_epoch: bool | None = True, **cursors: int) -> Changes:
    """What follows these cursors (`mine`, `yours`, `other`) in Zhang's feed and Li's."""
    names = {"mine": MINE, "yours": YOURS, "other": person_feed("other")}
    return changes_since(
        connection, [MINE, YOURS], {names[name]: cursor for name, cursor in cursors.items()}, same_epoch, limit
    )


def numbers(changes: Changes) -> list[tuple[str, int]]:
    """The feeds and places of changes."""
    return [(told["feed"], told["seq"]) for told in map(json.loads, changes.texts)]


def test_a_person_reads_their_own_feed_and_the_companys() -> None:
    assert feeds_of("zhang") == ["person:zhang", "company"]


def test_what_is_told_at_once_stands_in_each_feed_once_as_it_was_told_last(connection: Connection) -> None:
    publish(connection, [
        Publication(YOURS, "work_order", "b"),
        Publication(MINE, "work_order", "a", gone=True, reason="cancelled"),
        Publication(MINE, "held", "a"),
        Publication(MINE, "work_order", "c"),
        Publication(MINE, "work_order", "a"),
    ])  # fmt: skip
    assert entries(connection, MINE) == [
        (1, "work_order", "a", False, None), (2, "held", "a", False, None), (3, "work_order", "c", False, None),
    ]  # fmt: skip
    assert entries(connection, YOURS) == [(1, "work_order", "b", False, None)]
    publish(connection, [Publication(MINE, "work_order", "a", gone=True, reason="cancelled")])
    assert entries(connection, MINE) == [
        (2, "held", "a", False, None), (3, "work_order", "c", False, None), (4, "work_order", "a", True, "cancelled"),
    ]  # fmt: skip
    assert (head(connection, MINE), head(connection, YOURS)) == (4, 1)
    assert entries(connection, YOURS) == [(1, "work_order", "b", False, None)]


def test_nothing_told_moves_nothing(connection: Connection) -> None:
    before = head(connection, COMPANY)
    publish(connection, [])
    assert (head(connection, COMPANY), head(connection, MINE)) == (before, None)


def test_rows_of_feeds_are_taken_in_the_order_of_their_names(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two who write wait for each other otherwise."""
    taken: list[str] = []
    true = feeds._take_numbers

    def noting(connection: Connection, name: str, count: int) -> int:
        taken.append(name)
        return true(connection, name, count)

    monkeypatch.setattr(feeds, "_take_numbers", noting)
    publish(connection, [Publication(name, "part", "p") for name in ("c", "a", "b")])
    assert taken == ["a", "b", "c"]


def test_a_new_feed_counts_from_where_this_history_begins(connection: Connection) -> None:
    assert first_number(connection) == 0
    remember(connection, FIRST_NUMBER, "7000")
    assert first_number(connection) == 7000
    publish(connection, [Publication(MINE, "part", "p"), Publication(MINE, "part", "q")])
    assert [entry[0] for entry in entries(connection, MINE)] == [7001, 7002]
    assert head(connection, MINE) == 7002


@pytest.mark.parametrize("chance", [0, 12345])
def test_a_new_history_begins_beyond_every_number_of_the_last(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, chance: int
) -> None:
    asked: list[int] = []

    def below(limit: int) -> int:
        asked.append(limit)
        return chance

    monkeypatch.setattr(feeds.secrets, "randbelow", below)
    remember(connection, FIRST_NUMBER, "100")
    publish(
        connection, [Publication(MINE, "part", "p"), Publication(MINE, "part", "q"), Publication(YOURS, "part", "p")]
    )
    highest = max(head(connection, name) or 0 for name in (MINE, YOURS, COMPANY))
    assert highest == 102
    number_anew(connection)
    more = highest - 100 + chance + LEAST_BETWEEN
    assert asked == [MOST_BETWEEN - LEAST_BETWEEN]
    assert [entry[0] for entry in entries(connection, MINE)] == [101 + more, 102 + more]
    assert (head(connection, MINE), head(connection, YOURS)) == (102 + more, 101 + more)
    assert first_number(connection) == 100 + more > highest


def test_a_company_document_has_a_version_more_for_every_change_and_none_for_what_is_alike(
    connection: Connection,
) -> None:
    part = new_id()
    other = document(connection, {"name": "seal"}, "checklist")
    document(connection, {"name": "hose"}, "part")
    before = head(connection, COMPANY) or 0

    def row() -> Any:
        return connection.execute(
            select(Document.version, Document.body, Document.changed_at).where(
                Document.type == "part", Document.id == part
            )
        ).one()

    assert put_document(connection, "part", part, {"name": "密封", "price": 1.5}, NINE) is True
    assert tuple(row()) == (1, '{"name":"密封","price":1.5}', NINE)
    assert entries(connection, COMPANY)[-1] == (before + 1, "part", part, False, None)
    assert put_document(connection, "part", part, {"price": 1.5, "name": "密封"}, TEN) is False
    assert tuple(row())[0] == 1 and row().changed_at == NINE and head(connection, COMPANY) == before + 1
    assert put_document(connection, "part", part, {"name": "密封", "price": 2}, TEN) is True
    assert tuple(row()) == (2, '{"name":"密封","price":2}', TEN)
    assert entries(connection, COMPANY)[-1] == (before + 2, "part", part, False, None)
    # The same id of another type is another document.
    assert put_document(connection, "part", other, {"name": "seal"}, TEN) is True
    with pytest.raises(ValueError):
        put_document(connection, "part", part, {"price": float("nan")}, TEN)


def test_a_change_is_told_with_its_document_as_it_is_stored(connection: Connection) -> None:
    plain = document(connection, '{"a": 1,"b":"é"}', "part")
    sealed = document(connection, {"assignees": []}, seal="5ea1")
    publish(connection, [Publication(MINE, "part", plain), Publication(MINE, "work_order", sealed)])
    first, second = since(connection).texts
    told = '{"feed":"person:zhang","seq":%s,"type":"%s","id":"%s","version":3'
    assert first == told % (1, "part", plain) + ',"body":{"a": 1,"b":"é"}}'
    assert second == told % (2, "work_order", sealed) + ',"seal":"5ea1","body":{"assignees":[]}}'


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("reason", ["reassigned", "cancelled", None])
def test_what_left_a_feed_is_told_with_why_and_to_whom_it_went(
    connection: Connection, there: bool, reason: str | None
) -> None:
    identity = (
        document(connection, {"assignees": ["li"], "disposition": "active", "stage": "new", "plans": []})
        if there
        else new_id()
    )
    publish(connection, [Publication(MINE, "work_order", identity, gone=True, reason=reason)])
    (text,) = since(connection).texts
    start = f'{{"feed":"person:zhang","seq":1,"type":"work_order","id":"{identity}","gone":true,"reason":'
    to = ',"to":["li"]' if there and reason == "reassigned" else ""
    assert text == f"{start}{json.dumps(reason)}{to}}}"


@pytest.fixture
def three_and_two(connection: Connection) -> Connection:
    """Three documents in Zhang's feed, two in Li's."""
    for feed, count in ((MINE, 3), (YOURS, 2)):
        publish(connection, [Publication(feed, "part", document(connection, {}, "part")) for _ in range(count)])
    return connection


@pytest.mark.parametrize(
    ("limit", "told", "cursors", "holds", "more"),
    [
        (0, [], (0, 0), {}, True),
        (1, [(MINE, 1)], (1, 0), {}, True),
        (2, [(MINE, 1), (MINE, 2)], (2, 0), {}, True),
        (3, [(MINE, 1), (MINE, 2), (MINE, 3)], (3, 0), {MINE: 3}, True),
        (4, [(MINE, 1), (MINE, 2), (MINE, 3), (YOURS, 1)], (3, 1), {MINE: 3}, True),
        (5, [(MINE, 1), (MINE, 2), (MINE, 3), (YOURS, 1), (YOURS, 2)], (3, 2), {MINE: 3, YOURS: 2}, False),
        (6, [(MINE, 1), (MINE, 2), (MINE, 3), (YOURS, 1), (YOURS, 2)], (3, 2), {MINE: 3, YOURS: 2}, False),
    ],
)
def test_as_many_changes_come_as_are_asked_for_and_the_rest_is_asked_for_again(
    three_and_two: Connection,
    limit: int,
    told: list[tuple[str, int]],
    cursors: tuple[int, int],
    holds: dict[str, int],
    more: bool,
) -> None:
    changes = since(three_and_two, limit)
    assert numbers(changes) == told
    assert changes.cursors == dict(zip((MINE, YOURS), cursors, strict=True))
    assert (changes.holds, changes.more, changes.reset) == (holds, more, [])


@pytest.mark.parametrize(
    ("sizes", "told"),
    [
        # A body that fills the answer comes whole, the next one with the next answer.
        ([MAX_BODY_BYTES, 2, 2], 1),
        ([MAX_BODY_BYTES - 1, 2, 2], 2),
        ([MAX_BODY_BYTES - 2, 2, 2], 2),
        ([MAX_BODY_BYTES + 1, 2, 2], 1),
        ([MAX_BODY_BYTES // 2, MAX_BODY_BYTES // 2, 2], 2),
        ([2, 2, 2], 3),
    ],
)
def test_an_answer_ends_where_its_bodies_fill_it_across_feeds(
    connection: Connection, sizes: list[int], told: int
) -> None:
    for feed, size in zip((MINE, MINE, YOURS), sizes, strict=True):
        body = json.dumps("x" * (size - 2))
        publish(connection, [Publication(feed, "part", document(connection, body, "part"))])
    changes = since(connection)
    assert (len(changes.texts), changes.more) == (told, told < 3)
    assert changes.cursors == {MINE: min(told, 2), YOURS: max(0, told - 2)}
    assert MINE in changes.holds or told < 2, "of a feed that was read to its end"


def test_what_left_a_feed_fills_no_answer(connection: Connection) -> None:
    large = document(connection, json.dumps("x" * MAX_BODY_BYTES), "part")
    publish(connection, [Publication(MINE, "part", large, gone=True, reason="cancelled")])
    publish(connection, [Publication(MINE, "part", document(connection, {}, "part"))])
    changes = since(connection)
    assert (len(changes.texts), changes.more, changes.holds) == (2, False, {MINE: 1})
    publish(
        connection, [Publication(MINE, "part", document(connection, json.dumps("x" * (MAX_BODY_BYTES - 5)), "part"))]
    )
    publish(connection, [Publication(MINE, "part", document(connection, {}, "part"))])
    changes = since(connection)
    assert (len(changes.texts), changes.more) == (4, False)


def test_a_feed_whose_last_number_went_with_its_document_is_read_to_its_head(three_and_two: Connection) -> None:
    """The newest place of a document is its only one: what stood before it leaves a gap."""
    first = entries(three_and_two, MINE)[0]
    publish(three_and_two, [Publication(MINE, "part", first[2])])
    changes = since(three_and_two)
    assert [place for feed, place in numbers(changes) if feed == MINE] == [2, 3, 4]
    assert changes.cursors[MINE] == 4
    again = since(three_and_two, mine=4, yours=2)
    assert (again.texts, again.cursors, again.holds, again.more) == ([], {MINE: 4, YOURS: 2}, {}, False)


@pytest.mark.parametrize(
    ("cursors", "same_epoch", "reset", "told"),
    [
        ({}, True, [], 5),
        ({"mine": 2, "yours": 1}, True, [], 2),
        ({"mine": 3, "yours": 2}, True, [], 0),
        # Ahead of its head.
        ({"mine": 4, "yours": 2}, True, [MINE], 3),
        # Of a feed that is not this person's.
        ({"mine": 3, "yours": 2, "other": 1}, True, ["person:other"], 0),
        ({"mine": 3, "yours": 2}, False, [MINE, YOURS], 5),
        ({"mine": 3, "yours": 0}, False, [MINE], 5),
        ({"mine": 0, "yours": 0}, False, [], 5),
        # Nobody says of which epoch: their numbers do.
        ({"mine": 3, "yours": 1}, None, [], 1),
    ],
)
def test_a_cursor_of_another_history_or_feed_begins_anew_and_is_named(
    three_and_two: Connection, cursors: dict[str, int], same_epoch: bool | None, reset: list[str], told: int
) -> None:
    changes = since(three_and_two, same_epoch=same_epoch, **cursors)
    assert (changes.reset, len(changes.texts), changes.more) == (reset, told, False)
    assert changes.cursors == {MINE: 3, YOURS: 2}


@pytest.mark.parametrize(("cursor", "reset"), [(0, False), (1, True), (999, True), (1000, False), (1001, False)])
def test_a_number_of_before_this_history_is_told_from_one_of_it(
    connection: Connection, cursor: int, reset: bool
) -> None:
    remember(connection, FIRST_NUMBER, "1000")
    publish(connection, [Publication(MINE, "part", document(connection, {}, "part"))])
    assert since(connection, same_epoch=None, mine=cursor).reset == ([MINE] if reset else [])
    assert since(connection, same_epoch=True, mine=cursor).reset == []


def test_a_cursor_of_a_feed_that_has_nothing_yet_begins_anew(connection: Connection) -> None:
    changes = since(connection, mine=5)
    assert (changes.reset, changes.texts, changes.cursors) == ([MINE], [], {MINE: 0, YOURS: 0})


def test_changes_are_of_the_feeds_that_were_asked_for(three_and_two: Connection) -> None:
    changes = changes_since(three_and_two, [YOURS], {}, True, 100)
    assert numbers(changes) == [(YOURS, 1), (YOURS, 2)]
    assert (changes.cursors, changes.holds) == ({YOURS: 2}, {YOURS: 2})
