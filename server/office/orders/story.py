"""The story of one work order: the journal's lines as events in the order in which they happened. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from server.models import WRITTEN_HERE
from server.office.queries.journal_queries import JournalEntry

Side = Literal["plan", "fact", "sync"]

DECISIONS: Final = frozenset({"conflict.settle", "flag.settle", "arrival.rule", "photo.settle", "held.decide"})
PLAN_KINDS: Final = frozenset({"order.open", "order.plan", "order.review"}) | DECISIONS
GROUPED: Final = frozenset(
    {"photo.add", "material.add", "labour.add", "checklist.answer", "photo.settle", "held.decide"}
)
TOGETHER: Final = timedelta(minutes=10)
"""Photos, materials or answers that a person recorded one after the other, with nothing else between them and no
longer pause than this, are told as one event."""
WAITED: Final = timedelta(minutes=2)
"""A batch whose oldest line waited longer than this on the phone is told as an event of its own."""


@dataclass
class Event:
    """Something that happened, made of one or more lines of the same kind by the same person."""

    at: datetime
    side: Side
    kind: str
    person_id: str
    entries: list[JournalEntry] = field(default_factory=list)
    waited: timedelta | None = None
    """Of an event "sync": how long its oldest line had been on the phone."""

    @property
    def is_told_by_kind(self) -> bool:
        """Whether nothing can be told of it but its kind: it was held, and nobody may have checked what it says, not
        even where the same operation came again, said something else and was applied."""
        return self.side != "sync" and any(entry.status == "held" for entry in self.entries)

    @property
    def until(self) -> datetime:
        """When the last of its lines was written; `at` where it is a single moment."""
        return self.at if self.side == "sync" else self.entries[-1].written_at


def story(entries: Sequence[JournalEntry]) -> list[Event]:
    """Events by the time at which they happened; what came in late stands where it happened, not where it came in."""
    placed = sorted(entries, key=lambda entry: (entry.written_at, entry.position))
    events: list[Event] = []
    for entry in placed:
        _add(events, entry)
    events.extend(_deliveries(entries))
    return sorted(events, key=lambda event: (event.at, event.side == "sync"))


def _add(events: list[Event], entry: JournalEntry) -> None:
    at, kind = entry.written_at, entry.kind or "unreadable"
    last = next((event for event in reversed(events) if event.person_id == entry.person_id), None)
    joins = (
        last is not None
        and kind in GROUPED
        and last.kind == kind
        and entry.status != "held"
        and last.entries[-1].status != "held"
        and (kind != "held.decide" or entry.data.get("comment") == last.entries[-1].data.get("comment"))
        and at - last.entries[-1].written_at <= TOGETHER
    )
    if last is not None and joins:
        last.entries.append(entry)
        return
    side: Side = "plan" if kind in PLAN_KINDS or entry.device_kind in WRITTEN_HERE else "fact"
    events.append(Event(at, side, kind, entry.person_id, [entry]))


def _deliveries(entries: Sequence[JournalEntry]) -> list[Event]:
    """One event for every batch that brought lines which had waited on a phone."""
    batches: dict[int, list[JournalEntry]] = {}
    for entry in entries:
        if entry.device_kind not in WRITTEN_HERE:
            batches.setdefault(entry.batch_id, []).append(entry)
    found = []
    for lines in batches.values():
        waited = lines[0].received_at - min(line.written_at for line in lines)
        if waited >= WAITED:
            found.append(Event(lines[0].received_at, "sync", "sync", lines[0].person_id, lines, waited))
    return found
