"""The exchange: lines in, changes out, in one round trip (protocol.md, "Exchange").

Two halves. `take_in` runs inside one write transaction of the caller; only after its commit may the caller
send the acknowledgement. `give_out` then reads. `exchange` does both in the right order.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Protocol, TypeVar

from sqlalchemy import Connection, bindparam, insert, select, update

from server.evidence.reasons import utc_text
from server.evidence.time_bounds import Reading
from server.models import Batch, Device, JournalLine
from server.problems import Problem
from server.sync.apply import Author
from server.sync.exchange.taking import Ledger, stored_outcome, take_line
from server.sync.ledgers.anchors import AnchorMint
from server.sync.ledgers.clocks import Arrival, LedgerClocks
from server.sync.ledgers.ledger import signature_fits
from server.sync.ledgers.outcome import Outcome
from server.sync.store.company import Company
from server.sync.store.facts_store import epoch
from server.sync.store.feeds import changes_since, feeds_of, publish
from server.sync.store.locks import lock_for_lines
from server.sync.store.wanted import wanted_of

# Every write waits for the disk: five thousand idle phones must not keep it busy with saying that they are there.
SEEN_EVERY: Final = timedelta(minutes=5)
# Made once: to put a statement together costs more than to run it.
OF_DEVICE: Final = Device.id == bindparam("of_device")
DEVICE: Final = select(Device.__table__).where(OF_DEVICE).with_for_update()
SEEN: Final = select(Device.acknowledged, Device.last_seen_at, Device.revoked_at).where(OF_DEVICE)
NEW_BATCH: Final = insert(Batch)
ADVANCE: Final = (
    update(Device)
    .where(OF_DEVICE)
    .values({name: bindparam(name) for name in ("acknowledged", "head_hash", "readings", "last_seen_at")})
)
Transaction = Callable[[], AbstractContextManager[Connection]]
# Runs something in a write transaction unless others keep it waiting; whether it did.
WriteIfFree = Callable[[Callable[[Connection], object]], bool]
T = TypeVar("T")


class Write(Protocol):
    """Runs something in one write transaction, again where that has to give way; returns what it returned."""

    def __call__(self, work: Callable[[Connection], T], /) -> T: ...


@dataclass(frozen=True)
class Request:
    """One exchange as it was sent. `lines` are the exact bytes; `first` is the seq of the first of them; `wanted_from`
    is where the list of wanted photos goes on."""

    device_id: str
    epoch: str | None
    first: int
    lines: list[bytes]
    signature: str | None
    sent: Reading | None
    cursors: dict[str, int] = field(default_factory=dict)
    limit: int = 500
    wanted_from: int = 0


@dataclass(frozen=True)
class FromFile:
    """How lines come in that a person has handed in, in a file. `brought_by` is that person, None on the command line.
    The file's signature stands for the lines from seq `signed_from` on, for none where that is None: nobody but the
    chain says that a line was not changed on the way. At most `most` new lines come in at once; `batch_id` is the
    batch in which those before them did.
    """

    brought_by: str | None
    signed_from: int | None
    most: int
    batch_id: int | None = None


@dataclass(frozen=True)
class TakenIn:
    """What of the device's ledger is durable once the transaction commits, what came of each operation, and in which
    batch the new lines are, None where there was none."""

    acknowledged: int
    outcomes: list[Outcome]
    batch_id: int | None = None


@dataclass(frozen=True)
class Answer:
    """An exchange's answer as JSON text, with what is counted of it."""

    text: str
    outcomes: list[Outcome]
    changes: int


def exchange(
    write: Write,
    reading: Transaction,
    author: Author,
    request: Request,
    mint: AnchorMint,
    company: Company,
    clock: Callable[[], datetime],
    write_if_free: WriteIfFree | None = None,
) -> Answer:
    """Take `request` in, then give out. With `write_if_free`, who brings nothing waits for nobody who writes.

    Raises Problem: device_revoked, ledger_gap, ledger_fork. Where it raises, nothing was taken in.
    """
    now = clock()
    if request.lines:
        taken = write(lambda connection: take_in(connection, author, request, mint, company, now, clock()))
    else:
        taken = _nothing_new(write_if_free or write, reading, author, now)
    with reading() as connection:
        return give_out(connection, author, request, taken, mint, company, clock())


def take_in(
    connection: Connection,
    author: Author,
    request: Request,
    mint: AnchorMint,
    company: Company,
    now: datetime,
    changed_at: datetime,
    file: FromFile | None = None,
) -> TakenIn:
    """Take the lines in, each in its own savepoint; all that came of them is in the caller's transaction.

    `now` is when the request arrived, `changed_at` the time inside the transaction. `file`: they were handed in. Then
    it is no contact with the device, and what a revoked device has written comes in as held.
    """
    device = connection.execute(DEVICE, {"of_device": author.device_id}).one()
    if device.revoked_at is not None and file is None:
        raise Problem("device_revoked")
    if request.first > device.acknowledged + 1:
        raise Problem("ledger_gap", acknowledged=device.acknowledged)
    overlap = max(0, min(len(request.lines), device.acknowledged - request.first + 1))
    outcomes = _repeated(connection, device, request, overlap)
    waiting = request.lines[overlap:]
    fresh = waiting if file is None else waiting[: file.most]
    if not fresh:
        if file is None:
            _seen(connection, device.id, now)
        return TakenIn(device.acknowledged, outcomes)
    lock_for_lines(connection, fresh)
    first = device.acknowledged + 1
    if file is None:
        signed_from = first if signature_fits(device.public_key, request.signature, fresh[-1]) else None
        batch_id = _new_batch(connection, device, request, len(fresh), now)
    else:
        signed_from = file.signed_from
        batch_id = file.batch_id or _new_batch(connection, device, request, len(waiting), now, file)
    clocks = LedgerClocks.from_json(json.loads(device.readings))
    arrival = Arrival(now, request.sent, company.doubt(now))
    clocks.forget_the_future(arrival.not_after)
    ledger = Ledger(
        author=author,
        acknowledged=device.acknowledged,
        head_hash=device.head_hash,
        clocks=clocks,
        arrival=arrival,
        signed_from=signed_from,
        batch_id=batch_id,
        changed_at=changed_at,
        revoked=device.revoked_at is not None,
        handed_in=file is not None,
        unknown=device.known_by in ("file", "claim"),
    )
    for raw in fresh:
        outcome = take_line(connection, ledger, raw, mint, company)
        if outcome is not None:
            outcomes.append(outcome)
    publish(connection, ledger.publications)
    reached = {
        "of_device": device.id,
        "acknowledged": ledger.acknowledged,
        "head_hash": ledger.head_hash,
        "readings": json.dumps(ledger.clocks.as_json()),
        "last_seen_at": now if file is None else device.last_seen_at,
    }
    connection.execute(ADVANCE, reached)
    return TakenIn(ledger.acknowledged, outcomes, batch_id)


def _repeated(connection: Connection, device: Any, request: Request, overlap: int) -> list[Outcome]:
    """The first outcomes of lines that were sent again; other bytes under a known seq are a fork.

    `device` is the device's row.
    """
    if overlap == 0:
        return []
    rows = connection.execute(
        select(JournalLine.__table__)
        .where(
            JournalLine.device_id == device.id,
            JournalLine.seq >= request.first,
            JournalLine.seq < request.first + overlap,
        )
        .order_by(JournalLine.seq)
    ).all()
    outcomes = []
    for row, raw in zip(rows, request.lines, strict=False):
        if row.bytes != raw:
            raise Problem("ledger_fork", acknowledged=device.acknowledged, seq=row.seq)
        if row.status is not None:
            outcomes.append(stored_outcome(row, row.seq))
    return outcomes


def _new_batch(
    connection: Connection,
    device: Any,
    request: Request,
    fresh: int,
    now: datetime,
    file: FromFile | None = None,
) -> int:
    """`device` is the device's row; returns the batch's id."""
    sent = request.sent
    row = {
        "device_id": device.id,
        "first_seq": device.acknowledged + 1,
        "last_seq": device.acknowledged + fresh,
        "signature": request.signature[:128] if request.signature else None,
        "sent": json.dumps(sent and {"wall": sent.wall.isoformat(), "mono": sent.mono_ms, "run": sent.run}),
        "received_at": now,
        "handed_in": file is not None,
        "brought_by": file and file.brought_by,
    }
    key = connection.execute(NEW_BATCH, row).inserted_primary_key
    assert key is not None
    return int(key[0])


def _nothing_new(write: Write | WriteIfFree, reading: Transaction, author: Author, now: datetime) -> TakenIn:
    """No lines: one row is read; that the device was seen is written at most once in SEEN_EVERY."""
    with reading() as connection:
        row = connection.execute(SEEN, {"of_device": author.device_id}).one()
    if row.revoked_at is not None:
        raise Problem("device_revoked")
    if row.last_seen_at is None or abs(now - row.last_seen_at) > SEEN_EVERY:
        write(lambda connection: _seen(connection, author.device_id, now))
    return TakenIn(row.acknowledged, [])


def _seen(connection: Connection, device_id: str, now: datetime) -> None:
    connection.execute(update(Device).where(Device.id == device_id).values(last_seen_at=now))


def give_out(
    connection: Connection,
    author: Author,
    request: Request,
    taken: TakenIn,
    mint: AnchorMint,
    company: Company,
    now: datetime,
) -> Answer:
    """The answer: outcomes, and what changed for this person since the cursors."""
    current = epoch(connection)
    same = None if request.epoch is None else request.epoch == current
    changes = changes_since(connection, feeds_of(author.person_id), request.cursors, same, request.limit)
    head = {
        "epoch": current,
        "server_time": utc_text(now),
        "anchor": mint.mint(now, company.doubt(now) is not None),
        "acknowledged": taken.acknowledged,
        "outcomes": [outcome.as_json() for outcome in taken.outcomes],
        "cursors": changes.cursors,
        "more": changes.more,
    }
    if changes.reset:
        head["reset"] = changes.reset
    if changes.holds:
        head["holds"] = changes.holds
    wanted, next_wanted = wanted_of(connection, author.person_id, request.wanted_from)
    if wanted:
        head["wanted"] = wanted
    if next_wanted is not None:
        head["wanted_next"] = next_wanted
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":"))
    # Bodies are stored as JSON texts and placed in as they are: a large first exchange parses none of them.
    whole = f'{text[:-1]},"changes":[{",".join(changes.texts)}]}}'
    return Answer(whole, taken.outcomes, len(changes.texts))
