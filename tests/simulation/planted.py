"""Faults that are planted on purpose, one by one: a proof is worth what it finds (`make planted`).

Each is what somebody might really write. What a history says of it, and after how many histories, stands in
docs/proofs/simulation.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final
from unittest.mock import patch

from sqlalchemy import Connection, update

from server.database import db
from server.models import FeedEntry
from server.sync.ledgers.outcome import Outcome
from tests.simulation.phone import Phone
from tests.simulation.servers import Server
from tests.simulation.world import Killed

Plant = Callable[[], AbstractContextManager[object]]


def acknowledges_before_the_commit() -> AbstractContextManager[object]:
    """The answer does not wait for the commit, so a death in between takes back what was acknowledged."""
    from server import database

    def hasty(work: Callable[[Connection], object]) -> object:
        with database.db.engine.connect().execution_options(undercroft_writes=True) as connection:
            result = work(connection)
            try:
                connection.commit()
            except Killed:
                connection.rollback()
            return result

    return patch("server.api.sync.write_first", hasty)


def a_changed_document_keeps_its_place_in_the_feed() -> AbstractContextManager[object]:
    """An entry is updated where it stands, and whoever has read past it never sees the change."""
    from server.sync.store import feeds

    true = feeds.publish

    def lazy(connection: Connection, publications: Any) -> None:  # Any: an iterable of publications
        fresh = []
        for entry in publications:
            same = (FeedEntry.feed == entry.feed, FeedEntry.document_id == entry.document_id)
            done = connection.execute(update(FeedEntry).where(*same).values(gone=entry.gone, reason=entry.reason))
            if done.rowcount == 0:
                fresh.append(entry)
        true(connection, fresh)

    return patch("server.sync.exchange.exchange.publish", lazy)


def the_last_writer_wins() -> AbstractContextManager[object]:
    """The merge forgets the base: whoever comes last overwrites what they had not seen."""
    from server.sync.operations.merge import Merged

    return patch("server.sync.operations.apply_document.merge_field", lambda was, now, current: Merged("applied", now))


def a_conflict_keeps_one_value() -> AbstractContextManager[object]:
    """The office's value stands and the other is dropped, as others do it silently."""

    def dropping(body: Any, full_name: str, *_: object) -> dict[str, str]:  # Any: JSON
        return {"id": full_name}

    return patch("server.documents.parts.edits.open_conflict", dropping)


def a_held_line_stops_the_batch() -> AbstractContextManager[object]:
    """One line that cannot be applied fails the request, again and again."""

    def stopping(identity: str | None, seq: int, reason: str, detail: Any) -> Outcome:  # Any: JSON
        raise RuntimeError(f"cannot apply line {seq}: {reason}")

    return patch("server.sync.exchange.taking._held", stopping)


def a_restore_keeps_the_epoch() -> AbstractContextManager[object]:
    """Phones cannot tell that the server has lost history."""
    return patch("server.keeping.restore.remember", lambda *_: None)


def documents_do_not_say_what_they_contain() -> AbstractContextManager[object]:
    """Lines that are sent again after a recall are applied twice."""
    from server.sync.exchange import replay

    return _both(
        patch("server.sync.operations.apply_document.note_contained", lambda *_: None),
        patch.object(replay, "note_contained", lambda *_: None),
    )


def a_phone_gives_nothing_back() -> AbstractContextManager[object]:
    """What only the office had written, and a phone still holds, is gone with the server."""
    return patch("tests.reference_client.Client.give_back", lambda _: False)


def a_held_line_is_in_no_list() -> AbstractContextManager[object]:
    """It is kept, but nobody is shown it."""
    return patch("server.sync.store.held_documents.keep_waiting", lambda *_: [])


def an_order_that_appears_frees_nothing() -> AbstractContextManager[object]:
    """What came before the order waits for ever."""
    return patch("server.sync.operations.held.release_target", lambda *_: ([], []))


def a_former_assignee_is_a_stranger() -> AbstractContextManager[object]:
    """Who was reassigned while they worked below ground cannot hand in what they did."""
    return patch("server.documents.work_order.registry.FIELD_RELATIONS", frozenset({"assignee", "opener", "admitted"}))


def nobody_is_told_that_an_order_left() -> AbstractContextManager[object]:
    """A reassigned order stays on the phone."""
    from server.sync.store import document_store

    true = document_store._share

    def silent(*arguments: Any) -> Any:  # Any: as the original
        return [entry for entry in true(*arguments) if not entry.gone]

    return patch.object(document_store, "_share", silent)


def the_chain_leaves_held_lines_out() -> AbstractContextManager[object]:
    """The line after a held one is compared with the one before it."""
    from server.sync.exchange import taking

    true = taking.take_line

    def leaving_out(connection: Connection, ledger: Any, *rest: Any) -> Any:  # Any: as the original
        before = ledger.head_hash
        outcome = true(connection, ledger, *rest)
        if outcome is not None and outcome.status == "held":
            ledger.head_hash = before
        return outcome

    return patch("server.sync.exchange.exchange.take_line", leaving_out)


def a_removal_is_final() -> AbstractContextManager[object]:
    """Adding again what was removed, or sent twice, makes a second line."""
    from server.documents.work_order import charged

    return patch.object(charged, "find", lambda *_: None)


def an_old_copy_takes_over() -> AbstractContextManager[object]:
    """A recalled copy replaces the document whatever it lacks."""
    from server.documents.work_order import recall

    return patch.object(recall, "_lines", lambda body: set())


def what_a_revoked_phone_brings_is_set_aside() -> AbstractContextManager[object]:
    """The office is told that the file was taken in, and it was not."""
    return patch("tests.simulation.world.World.hand_in", lambda *_: True)


def what_a_revoked_phone_brings_counts() -> AbstractContextManager[object]:
    """Nobody decides whether what a lost phone says is true."""
    from server.sync.exchange import exchange

    true = exchange.take_line

    def trusting(connection: Connection, ledger: Any, *rest: Any) -> Any:  # Any: as the original
        ledger.revoked = False
        return true(connection, ledger, *rest)

    return patch.object(exchange, "take_line", trusting)


def each_server_remembers_orders() -> AbstractContextManager[object]:
    """Each process keeps the orders that it has read, and does not hear what the other has changed."""
    from server.sync.operations import apply_document

    kept: dict[tuple[str, str], Any] = {}  # Any: rows of document
    true_read, true_write, true_start = apply_document._lock_document, apply_document.write_document, Server.start

    def remembering(connection: Connection, order: str) -> Any:  # Any: as the original
        key = (_process(), order)
        if kept.get(key) is None:
            kept[key] = true_read(connection, order)
        return kept[key]

    def writing(connection: Connection, kind: Any, order: str, *rest: Any, **more: Any) -> Any:  # Any: as the original
        kept.pop((_process(), order), None)
        return true_write(connection, kind, order, *rest, **more)

    def starting(self: Server) -> None:
        kept.clear()
        true_start(self)

    return _both(
        _both(
            patch.object(apply_document, "_lock_document", remembering),
            patch.object(apply_document, "write_document", writing),
        ),
        patch.object(Server, "start", starting),
    )


def _process() -> str:
    return str(id(db.engine))


def what_ends_goes_by_the_wall_clock() -> AbstractContextManager[object]:
    """Whatever a server's clock says is believed."""
    from server.steady_clock import Known, Reading, SteadyClock

    def believing(_: SteadyClock, now: Reading) -> Known:
        return Known(now.wall, now)

    return patch.object(SteadyClock, "_find", believing)


def an_anchor_of_the_future_proves() -> AbstractContextManager[object]:
    """What was given out while a clock was ahead is never doubted."""
    from server.sync.ledgers.clocks import LedgerClocks

    return patch.object(LedgerClocks, "forget_the_future", lambda *_: None)


def what_a_copy_settled_is_asked_again() -> AbstractContextManager[object]:
    """A recalled copy brings its conflicts, and not what was decided about them."""
    return patch("server.documents.work_order.decisions.bring_in", lambda *_: None)


def a_copy_does_not_say_what_it_brought() -> AbstractContextManager[object]:
    """Lines that a copy contained are done again where the document went on with its own."""
    return patch("server.documents.work_order.brought.note", lambda *_: None)


def the_store_of_a_lost_account_is_dropped() -> AbstractContextManager[object]:
    """A phone forgets what it had for an account whose name is another one's now."""
    true = Phone._turn_to

    def dropping(phone: Phone, person_id: str) -> None:
        true(phone, person_id)
        phone.others = {}

    return patch.object(Phone, "_turn_to", dropping)


def _both(one: AbstractContextManager[object], other: AbstractContextManager[object]) -> AbstractContextManager[object]:
    @contextmanager
    def both() -> Iterator[None]:
        with one, other:
            yield

    return both()


PLANTED: Final[tuple[Plant, ...]] = (
    acknowledges_before_the_commit,
    a_changed_document_keeps_its_place_in_the_feed,
    the_last_writer_wins,
    a_conflict_keeps_one_value,
    a_held_line_stops_the_batch,
    a_restore_keeps_the_epoch,
    documents_do_not_say_what_they_contain,
    a_phone_gives_nothing_back,
    a_held_line_is_in_no_list,
    an_order_that_appears_frees_nothing,
    a_former_assignee_is_a_stranger,
    nobody_is_told_that_an_order_left,
    the_chain_leaves_held_lines_out,
    a_removal_is_final,
    an_old_copy_takes_over,
    what_a_revoked_phone_brings_is_set_aside,
    what_a_revoked_phone_brings_counts,
    each_server_remembers_orders,
    what_ends_goes_by_the_wall_clock,
    an_anchor_of_the_future_proves,
    what_a_copy_settled_is_asked_again,
    a_copy_does_not_say_what_it_brought,
    the_store_of_a_lost_account_is_dropped,
)
