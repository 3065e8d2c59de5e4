"""Faults that are planted in the servers of a run (`--fault`, `check_planted.py`): a run is worth what it finds.

Each is what somebody might really write. A server with one is started by a program that calls `plant` first; its
workers inherit it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, Final
from unittest.mock import patch

from sqlalchemy import Connection, insert, select, update

Patched = Any  # Any: what patch gives


def orders_are_not_locked() -> Iterable[Patched]:
    """Two who change one order at once both begin from what was there."""
    from server.sync.exchange import exchange
    from server.sync.operations import apply_document
    from server.sync.operations import held as held_lines

    unlocked = select(*apply_document.LOCKED.selected_columns).where(*apply_document.LOCKED._where_criteria)
    yield patch.object(apply_document, "LOCKED", unlocked)
    yield patch.object(exchange, "lock_for_lines", lambda *_: None)
    yield patch.object(held_lines, "lock_documents", lambda *_: None)


def a_decision_locks_no_order() -> Iterable[Patched]:
    """Somebody is put on an order while a line that waits for that is decided upon."""
    from server.sync.operations import held as held_lines

    yield patch.object(held_lines, "lock_documents", lambda *_: None)


def feed_numbers_come_before_their_turn() -> Iterable[Patched]:
    """A feed's next number is read, and not taken by locking the feed: who commits last may have the lower one."""
    from server.database import db
    from server.models import Feed
    from server.sync.store import feeds

    true = feeds._take_numbers

    def hasty(connection: Connection, name: str, count: int) -> int:
        if connection.dialect.name == "sqlite":
            return true(connection, name, count)
        with db.engine.begin() as beside:
            taken = update(Feed).where(Feed.name == name).values(head=Feed.head + count).returning(Feed.head)
            head = beside.execute(taken).scalar_one_or_none()
            if head is None:
                beside.execute(insert(Feed).values(name=name, head=count))
            return count if head is None else int(head)

    yield patch.object(feeds, "_take_numbers", hasty)


def acknowledged_before_the_commit() -> Iterable[Patched]:
    """One in five answers does not wait for its commit, and that does not come."""
    import random

    from server import database
    from server.api import sync

    def hasty(work: Callable[[Connection], object]) -> object:
        if random.random() < 0.8:
            return database.write_first(work)
        return _rolled_back(work)

    yield patch.object(sync, "write_first", hasty)


def _rolled_back(work: Callable[[Connection], object]) -> object:
    from server import database

    class Enough(Exception):
        pass

    results: list[object] = []

    def then_nothing(connection: Connection) -> None:
        results.append(work(connection))
        raise Enough

    with suppress(Enough):
        database.write_first(then_nothing)
    return results[-1]


def the_last_writer_wins() -> Iterable[Patched]:
    """The merge forgets the base."""
    from server.sync.operations import apply_document
    from server.sync.operations.merge import Merged

    yield patch.object(apply_document, "merge_field", lambda was, now, current: Merged("applied", now))


def an_order_that_appears_frees_nothing() -> Iterable[Patched]:
    """What waits for an order, or to be on it, waits for ever."""
    from server.sync.operations import held as held_lines

    yield patch.object(held_lines, "release_target", lambda *_: ([], []))


def a_dismissal_is_forgotten() -> Iterable[Patched]:
    """What was dismissed is let in."""
    from server.sync.operations.shapes import HeldDecide

    true = HeldDecide.load

    def deaf(self: Any, data: Any, **rest: Any) -> Any:  # Any: as the original
        return true(self, data, **rest) | {"decision": "apply"}

    yield patch.object(HeldDecide, "load", deaf)


def a_note_stands_twice() -> Iterable[Patched]:
    """A fact that comes again under another operation is there again."""
    from server.documents.work_order import orders

    true = orders.find

    def blind(items: Any, key: str, value: str) -> Any:  # Any: as the original
        return None if items and "text" in items[0] else true(items, key, value)

    yield patch.object(orders, "find", blind)


FAULTS: Final[dict[str, Callable[[], Iterable[Patched]]]] = {
    each.__name__: each
    for each in (
        orders_are_not_locked,
        a_decision_locks_no_order,
        feed_numbers_come_before_their_turn,
        acknowledged_before_the_commit,
        the_last_writer_wins,
        an_order_that_appears_frees_nothing,
        a_dismissal_is_forgotten,
        a_note_stands_twice,
    )
}


def plant(name: str) -> None:
    """Plant a fault for as long as this process lives, and those that it makes."""
    for each in FAULTS[name]():
        each.start()
