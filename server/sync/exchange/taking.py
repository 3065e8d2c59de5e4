"""Taking one line of a batch into the journal: applied, or held with a reason, but always kept."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select

from server.documents import types
from server.documents.operation import Held
from server.models import Device, HeldLine, JournalLine
from server.rules.values import same
from server.security_log import tell_once_committed
from server.sync.apply import Author, apply_operation
from server.sync.ledgers.anchors import AnchorMint
from server.sync.ledgers.clocks import Arrival, LedgerClocks, bounds_of, how_judged
from server.sync.ledgers.faults import TROUBLE, as_held, seeing_others
from server.sync.ledgers.kinds import OF_NO_DOCUMENT, target_type
from server.sync.ledgers.line import ANCHOR, Line, Unreadable, hash_of, parse_line
from server.sync.ledgers.outcome import Outcome
from server.sync.operations import held
from server.sync.operations.authorship import UNKNOWN_DEVICE
from server.sync.store import held_documents
from server.sync.store.company import Company
from server.sync.store.document_store import type_of
from server.sync.store.feeds import Publication

# Made once: to put a statement together costs more than to run it.
NEW_LINE: Final = insert(JournalLine)
SAME_OPERATION: Final = (
    select(JournalLine.__table__, HeldLine.state, HeldLine.outcome, Device.known_by)
    .join(Device, Device.id == JournalLine.device_id)
    .outerjoin(HeldLine, HeldLine.position == JournalLine.position)
    .where(
        JournalLine.operation_id == bindparam("operation"),
        JournalLine.status.is_not(None),
        JournalLine.repeated.is_(False),
    )
    .order_by(JournalLine.position)
)


# Held for these, a line is nobody's word yet.
UNPROVEN: Final = frozenset({"unreadable", "broken_chain", "bad_signature", UNKNOWN_DEVICE})

# What somebody was not allowed to write, or did not write themselves.
TOLD: Final = frozenset({"not_permitted", "device_revoked", "bad_anchor"}) | UNPROVEN


@dataclass
class Ledger:
    """A device's ledger while a batch is taken in; `signed_from`: the place from which on the batch's signature
    stands for its lines, None where it does not fit; `revoked`: the device had been revoked before this came in;
    `handed_in`: it came in a file; `unknown`: nobody but a file says whose device it is.

    `arrival` is when and how the batch came; `changed_at` when its turn to write had come: those who ask what changed
    after a moment must not miss what waited.
    """

    author: Author
    acknowledged: int
    head_hash: str
    clocks: LedgerClocks
    arrival: Arrival
    signed_from: int | None
    batch_id: int
    changed_at: datetime
    revoked: bool = False
    handed_in: bool = False
    unknown: bool = False
    publications: list[Publication] = field(default_factory=list)


def take_line(connection: Connection, ledger: Ledger, raw: bytes, mint: AnchorMint, company: Company) -> Outcome | None:
    """Keep `raw` as the ledger's next line with what came of it; None for an anchor that was taken."""
    seq = ledger.acknowledged + 1
    line = parse_line(raw)
    clocks = ledger.clocks.as_json()
    outcome, inputs = _judged(connection, ledger, line, seq, mint, company)
    document = (outcome and outcome.document) or {}
    row = {
        "device_id": ledger.author.device_id,
        "seq": seq,
        "batch_id": ledger.batch_id,
        "bytes": raw,
        "hash": hash_of(raw),
        "operation_id": line.id,
        "kind": line.kind if isinstance(line, Line) else None,
        "person_id": ledger.author.person_id,
        "received_at": ledger.arrival.received_at,
        "status": outcome and outcome.status,
        "reason": outcome and outcome.reason,
        "detail": json.dumps(outcome.detail if outcome else {}, ensure_ascii=False),
        "document_type": document.get("type") or _target_type(connection, line),
        "document_id": document.get("id") or _target(line),
        "document_version": document.get("version"),
        "repeated": bool(outcome and outcome.repeated),
        "took_id": True if outcome and outcome.status != "held" and not outcome.repeated else None,
        "inputs": json.dumps(
            {"clocks": clocks} | ledger.arrival.as_inputs() | how_judged(line) | inputs, ensure_ascii=False
        ),
    }
    written = connection.execute(NEW_LINE, row)
    if outcome is not None and outcome.status == "held" and not outcome.repeated:
        _tell(connection, ledger.author, outcome)
        key = written.inserted_primary_key
        assert key is not None
        readable = line if isinstance(line, Line) else None
        ledger.publications += held_documents.keep_waiting(
            connection, int(key[0]), outcome, readable, ledger.author.person_id, ledger.changed_at
        )
    ledger.acknowledged = seq
    ledger.head_hash = hash_of(raw)
    if isinstance(line, Line):
        ledger.clocks.last = line.at
    return outcome


def _tell(connection: Connection, author: Author, outcome: Outcome) -> None:
    if outcome.reason in TOLD:
        who = {"person": author.person_id, "device": author.device_id}
        tell_once_committed(connection, "line_held", reason=outcome.reason, **who)


def _target(line: Line | Unreadable) -> str | None:
    return line.target if isinstance(line, Line) else None


def _target_type(connection: Connection, line: Line | Unreadable) -> str | None:
    """What the target of a line is that has changed nothing: the type of the document that is there, else that of the
    one which the line would have opened; None where nobody knows."""
    if isinstance(line, Unreadable) or line.target is None:
        return None
    if line.kind in OF_NO_DOCUMENT:
        return target_type(line.kind)
    opened = types.opened_by(line.kind)
    return type_of(connection, line.target) or (opened.name if opened is not None else None)


def _judged(
    connection: Connection,
    ledger: Ledger,
    line: Line | Unreadable,
    seq: int,
    mint: AnchorMint,
    company: Company,
) -> tuple[Outcome | None, dict[str, Any]]:  # Any: JSON inputs
    if isinstance(line, Unreadable):
        return _held(line.id, seq, "unreadable", {"why": line.why}), {}
    broken = _broken(ledger, line, seq)
    if broken is not None:
        return broken, {}
    if line.kind == ANCHOR:
        return _anchor(ledger, line, seq, mint), {}
    try:
        return seeing_others(lambda: _applied(connection, ledger, line, seq, company))
    except Held as why:
        return _held(line.id, seq, why.reason, why.detail), {}
    except TROUBLE:
        raise  # the whole batch comes again
    except Exception as error:
        fault = as_held(error, line)
        return _held(line.id, seq, fault.reason, fault.detail), {}


def _applied(
    connection: Connection, ledger: Ledger, line: Line, seq: int, company: Company
) -> tuple[Outcome, dict[str, Any]]:  # Any: JSON inputs
    """Apply the line, unless that was done before. Raises Held, and what the database raises; then nothing was
    changed."""
    earlier, waiting = _earlier(connection, ledger, line)
    if earlier is not None:
        return replace(earlier, seq=seq, repeated=True), {}
    if ledger.revoked:
        raise Held("device_revoked")
    held.refuse_from_file(line, ledger.handed_in)
    if ledger.unknown:
        raise Held(UNKNOWN_DEVICE)
    with connection.begin_nested():
        bounds = bounds_of(line, ledger.clocks, ledger.arrival)
        applied = apply_operation(connection, line, ledger.author, bounds, ledger.changed_at, company)
        again = held.taken_in_again(connection, waiting, applied, ledger.changed_at)
    ledger.publications += applied.publications + again
    return applied.outcome, applied.inputs


def _broken(ledger: Ledger, line: Line, seq: int) -> Outcome | None:
    if line.seq != seq or line.device != ledger.author.device_id:
        return _held(line.id, seq, "broken_chain", {"problem": "not_its_place", "says_seq": line.seq})
    if line.prev != ledger.head_hash:
        return _held(line.id, seq, "broken_chain", {"problem": "prev", "expected": ledger.head_hash})
    if ledger.signed_from is None or seq < ledger.signed_from:
        return _held(line.id, seq, "bad_signature", {})
    return None


def _anchor(ledger: Ledger, line: Line, seq: int, mint: AnchorMint) -> Outcome | None:
    token = line.data.get("anchor")
    server_time = mint.read(token) if isinstance(token, str) else None
    if server_time is None:
        return _held(line.id, seq, "bad_anchor", {})
    if server_time > ledger.arrival.not_after:
        return None  # made while the server's clock was ahead, or in doubt: it proves nothing
    try:
        ledger.clocks.saw_anchor(line, server_time)
    except (KeyError, TypeError, ValueError, OverflowError):
        return _held(line.id, seq, "bad_anchor", {"problem": "received"})
    return None


def _earlier(connection: Connection, ledger: Ledger, line: Line) -> tuple[Outcome | None, list[int]]:
    """What became of this operation when it came before, on another ledger of the same person; and where in the
    journal it waits, held, since then.

    What was only held comes in again: then it may fit. Raises Held where the id is that of something else: of what
    came first with it, or of what says other things. A line of which nobody knows whether its device wrote it, as when
    somebody puts another person's into their own ledger, takes nobody's id away.
    """
    rows = connection.execute(SAME_OPERATION, {"operation": line.id}).all()
    if not rows:
        return None, []
    mine = [row for row in rows if _is_same_operation(row, ledger, line) and not _was_nobodys(row)]
    settled = [row for row in mine if row.status != "held" or row.state in ("applied", "dismissed")]
    said_before = [row for row in settled if _says_the_same(row, line)]
    first_known = next((row for row in rows if not _is_unproven(row)), None)
    others = first_known is not None and first_known not in mine
    if others or (settled and not said_before) or (not settled and any(_took_effect(row) for row in rows)):
        raise Held("invalid_data", field="id", problem=held.ID_TAKEN)
    if not settled:
        return None, [row.position for row in mine]
    first = said_before[0]
    if first.state == "applied" and first.outcome is not None:
        return Outcome(**json.loads(first.outcome)), []
    outcome = stored_outcome(first, line.seq)
    return (replace(outcome, detail=outcome.detail | {"dismissed": True}) if first.state else outcome), []


def _took_effect(row: Any) -> bool:  # Any: a row of SAME_OPERATION
    return bool(row.status != "held" or row.state == "applied")


def _is_unproven(row: Any) -> bool:  # Any: a row of SAME_OPERATION
    nobodys = row.reason in UNPROVEN or row.known_by == "file"
    return bool(row.status == "held" and nobodys and row.state in ("waiting", "dismissed"))


def _was_nobodys(row: Any) -> bool:  # Any: a row of SAME_OPERATION
    """Whether it came from a device that only a file knows, and was dismissed: that says nothing of the true one."""
    return bool(row.known_by == "file" and row.state == "dismissed")


def _is_same_operation(row: Any, ledger: Ledger, line: Line) -> bool:  # Any: a row of SAME_OPERATION
    """Whether a line of the journal with this line's id is about the same, as far as it can be read."""
    before = parse_line(row.bytes)
    alike = isinstance(before, Unreadable) or (before.kind, before.target) == (line.kind, line.target)
    return row.person_id == ledger.author.person_id and alike


def _says_the_same(row: Any, line: Line) -> bool:  # Any: a row of SAME_OPERATION
    before = parse_line(row.bytes)
    return isinstance(before, Line) and same(before.data, line.data)


def stored_outcome(row: Any, seq: int) -> Outcome:  # Any: a journal row
    """The first outcome of a line, given again."""
    known = row.document_version is not None
    document = {"type": row.document_type, "id": row.document_id, "version": row.document_version}
    return Outcome(
        row.operation_id, seq, row.status, True, document if known else None, row.reason, json.loads(row.detail)
    )


def _held(identity: str | None, seq: int, reason: str, detail: dict[str, Any]) -> Outcome:  # Any: JSON
    return Outcome(identity, seq, "held", False, None, reason, detail)
