"""What the office's pages read of the journal: lines, and when they were written as far as that is known."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from server.models import Batch, Device, HeldLine, JournalLine
from server.sync.ledgers.clocks import bounds_as_judged
from server.sync.ledgers.line import Line, parse_line
from server.sync.operations.held import can_be_let_in, seen_by


@dataclass(frozen=True)
class HeldState:
    """What became of a line that was held. `state` is one of HELD_STATES; `reason` and `detail` say why it waits
    now, or last waited; `by` is None where it was applied by itself."""

    state: str
    reason: str
    detail: dict[str, Any]  # Any: JSON
    by: str | None
    at: datetime | None
    comment: str | None

    @property
    def waits(self) -> bool:
        """Whether nobody has decided yet."""
        return self.state == "waiting"


@dataclass(frozen=True)
class JournalEntry:
    """One line of the journal as the story of an order needs it. `written_at` is the best time that its evidence
    gives, never just what the phone's clock says; the receipt where there is no evidence. `held` is None for a line
    that never was. `handed_in`: it came in a file; `known_by` as of a Device: how it is known whose it is."""

    position: int
    operation: str | None
    kind: str | None
    person_id: str
    device_id: str
    seq: int
    device_kind: str
    device_name: str
    batch_id: int
    received_at: datetime
    written_at: datetime
    status: str | None
    reason: str | None
    detail: dict[str, Any]  # Any: JSON
    line: dict[str, Any]  # Any: JSON, empty where the line could not be read
    held: HeldState | None
    handed_in: bool
    known_by: str

    @property
    def data(self) -> dict[str, Any]:  # Any: JSON
        """The operation's data, empty where there is none that could be read."""
        data = self.line.get("data")
        return data if isinstance(data, dict) else {}

    @property
    def applicable(self) -> bool:
        """Whether a supervisor can let it in; what is left can only be dismissed, or waits for another version."""
        return self.held is not None and can_be_let_in(
            self.kind, self.target, self.held.reason, self.held.detail, self.handed_in
        )

    @property
    def target(self) -> str | None:
        """What the line says that it is about, whether that exists or not."""
        target = self.line.get("target")
        return target if isinstance(target, str) else None


def history(connection: Connection, order_id: str, person_id: str, role: str) -> list[JournalEntry]:
    """Every line on a work order that this person may read, in the order in which the server took them in."""
    theirs = (JournalLine.document_id == order_id, seen_by(person_id, role))
    statement = journal().where(*theirs).order_by(JournalLine.position)
    return [entry(row) for row in connection.execute(statement)]


def waiting_on(connection: Connection, order_id: str, person_id: str, role: str, limit: int) -> list[JournalEntry]:
    """The first `limit` lines on a work order that wait for a decision, of those that this person may read."""
    waits = (HeldLine.target == order_id, HeldLine.state == "waiting", seen_by(person_id, role))
    statement = journal().where(*waits).order_by(JournalLine.position).limit(limit)
    return [entry(row) for row in connection.execute(statement)]


def journal() -> Any:  # Any: the column types of a joined Core select say nothing here
    """Lines of the journal with what `entry` reads of them."""
    return (
        select(
            JournalLine.position,
            JournalLine.operation_id,
            JournalLine.kind,
            JournalLine.person_id,
            JournalLine.device_id,
            JournalLine.seq,
            JournalLine.batch_id,
            JournalLine.received_at,
            JournalLine.status,
            JournalLine.reason,
            JournalLine.detail,
            JournalLine.inputs,
            JournalLine.bytes,
            Batch.sent,
            Batch.handed_in,
            Device.kind.label("device_kind"),
            Device.name.label("device_name"),
            Device.known_by,
            HeldLine.state.label("held_state"),
            HeldLine.reason.label("held_reason"),
            HeldLine.detail.label("held_detail"),
            HeldLine.decided_by,
            HeldLine.decided_at,
            HeldLine.comment,
        )
        .join(Device, Device.id == JournalLine.device_id)
        .join(Batch, Batch.id == JournalLine.batch_id)
        .outerjoin(HeldLine, HeldLine.position == JournalLine.position)
        .where(JournalLine.repeated.is_(False))
    )


def entry(row: Any) -> JournalEntry:  # Any: a row of journal()
    """A row of `journal()`."""
    try:
        line = json.loads(row.bytes)
    except (ValueError, RecursionError):
        line = {}
    return JournalEntry(
        row.position,
        row.operation_id,
        row.kind,
        row.person_id,
        row.device_id,
        row.seq,
        row.device_kind,
        row.device_name,
        row.batch_id,
        row.received_at,
        _written_at(row),
        row.status,
        row.reason,
        json.loads(row.detail),
        line if isinstance(line, dict) else {},
        _held(row),
        row.handed_in,
        row.known_by,
    )


def _held(row: Any) -> HeldState | None:  # Any: a row of journal()
    if row.held_state is None:
        return None
    detail = json.loads(row.held_detail)
    return HeldState(row.held_state, row.held_reason, detail, row.decided_by, row.decided_at, row.comment)


def _written_at(row: Any) -> datetime:  # Any: a row of journal()
    """The best time by the ledger's clocks before the line and the exchange that brought it, as it was judged."""
    line = parse_line(row.bytes)
    if not isinstance(line, Line):
        return row.received_at  # type: ignore[no-any-return]  # UtcTime
    try:
        return bounds_as_judged(line, json.loads(row.inputs), row.sent, row.received_at).best
    except (OverflowError, ValueError):
        return row.received_at  # type: ignore[no-any-return]  # UtcTime
