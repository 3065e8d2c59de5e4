"""A ledger that another person's session brings: somebody who has signed out of a shared phone left it there.

Its lines count as those of an export file do (import_ledger.py beside it), and by the same function. Because anybody
who is signed in may bring them, and nobody looks at them before, it is narrower than a file: nothing comes in that the
device's own key has not signed, and nothing that only a file's reader, or its own person, should let in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, func, select

from server.documents import types
from server.models import Batch, Device, Document, PhotoContent, PhotoDelivery, PhotoLink
from server.problems import Problem
from server.sync.apply import Author
from server.sync.exchange.exchange import Transaction, Write
from server.sync.exchange.import_ledger import HandedIn, chain_leads_through, take_in_file, whose
from server.sync.ledgers.anchors import AnchorMint
from server.sync.ledgers.kinds import never_from_a_file
from server.sync.ledgers.line import FIRST_PREV, Line, parse_line
from server.sync.ledgers.signed_file import is_signed
from server.sync.store.company import Company
from server.sync.store.former_ids import bearer_of

# So many ledgers of devices that nobody knows may one person bring within a day.
UNKNOWN_AT_MOST: Final = 20
UNKNOWN_WITHIN: Final = timedelta(hours=24)


@dataclass(frozen=True)
class Standing:
    """How far a ledger is here, durably: `head` is the SHA-256 of line `acknowledged`. `is_revoked`: what it brings is
    held. `known_by` as of a Device, None where it is not known; `is_callers`: whose session brings it."""

    acknowledged: int
    head: str
    is_revoked: bool
    known_by: str | None
    is_callers: bool = False


@dataclass(frozen=True)
class Lacking:
    """Of what a phone says that it holds: the content that this ledger's person has recorded and that is here
    (`stored`) or not (`lacking`), and the orders that are not here (`unknown_orders`)."""

    stored: list[str]
    lacking: list[str]
    unknown_orders: list[str]


def hand_in(
    write: Write,
    reading: Transaction,
    caller: Author,
    handed_in: HandedIn,
    mint: AnchorMint,
    company: Company,
    clock: Callable[[], datetime],
) -> Standing:
    """Take the lines in, and say how far the ledger is here; without lines only the latter.

    Raises Problem, and then nothing was taken in: as take_in_file does, `ledger_gap` and `ledger_fork` in place of
    export_gap and export_fork; `account_closed`; `ledger_by_own_hand` with the `seq` of the first line that comes from
    nobody but its person; `too_many_new_devices`.
    """
    with reading() as connection:
        known, person = _looked_at(connection, handed_in)
        vouched = person.id == caller.person_id
        if handed_in.lines and known is None and not vouched:
            _bound_unknown(connection, caller.person_id, clock())
    if handed_in.lines:
        try:
            take_in_file(write, handed_in, mint, company, clock, caller.person_id, vouched=vouched)
        except Problem as problem:
            raise _as_in_an_exchange(problem) from problem
    with reading() as connection:
        return replace(standing(connection, handed_in.device_id), is_callers=vouched)


def standing(connection: Connection, device_id: str) -> Standing:
    """How far the ledger of this device is here."""
    row = connection.execute(
        select(Device.acknowledged, Device.head_hash, Device.revoked_at, Device.known_by).where(Device.id == device_id)
    ).first()
    if row is None:
        return Standing(0, FIRST_PREV, False, None)
    return Standing(row.acknowledged, row.head_hash, row.revoked_at is not None, row.known_by)


def _looked_at(connection: Connection, handed_in: HandedIn) -> tuple[Any, Any]:  # Any: a row of device; of person
    """What `whose` says, once it is clear that the lines may come in by somebody else's session. Raises Problem."""
    if handed_in.lines:
        _check_signed(handed_in)
    known, person = whose(connection, handed_in)
    if not person.active:
        raise Problem("account_closed", username=handed_in.username)
    now = standing(connection, handed_in.device_id)
    if handed_in.first > now.acknowledged + 1 and not now.is_revoked:
        raise Problem("ledger_gap", acknowledged=now.acknowledged)
    if not now.is_revoked:
        _refuse_own_hand(handed_in, now.acknowledged)
    return known, person


def _check_signed(handed_in: HandedIn) -> None:
    """Raise Problem `export_unsigned` unless the signature stands for every line: otherwise anybody could put lines of
    theirs in the place where the device's next ones belong."""
    signed = is_signed(handed_in.public_key, handed_in.signature, handed_in.lines)
    if not signed or not chain_leads_through(handed_in.lines):
        raise Problem("export_unsigned", lines=len(handed_in.lines), most=0)


def _refuse_own_hand(handed_in: HandedIn, acknowledged: int) -> None:
    """What is written on the office's pages or in a session of one's own would be held for good if it came so."""
    for seq, raw in enumerate(handed_in.lines, start=handed_in.first):
        line = parse_line(raw)
        if seq > acknowledged and isinstance(line, Line) and never_from_a_file(line.kind):
            raise Problem("ledger_by_own_hand", seq=seq)


def _bound_unknown(connection: Connection, person_id: str, now: datetime) -> None:
    """Raise Problem `too_many_new_devices` for one more ledger of an unknown device than one may bring in a day."""
    new = (
        select(func.count(Device.id.distinct()))
        .join(Batch, Batch.device_id == Device.id)
        .where(Device.known_by == "file", Device.created_at > now - UNKNOWN_WITHIN, Batch.brought_by == person_id)
    )
    if connection.execute(new).scalar_one() >= UNKNOWN_AT_MOST:
        hours = UNKNOWN_WITHIN // timedelta(hours=1)
        retry = int(UNKNOWN_WITHIN.total_seconds())
        raise Problem("too_many_new_devices", most=UNKNOWN_AT_MOST, hours=hours, retry_after_s=retry)


def _as_in_an_exchange(problem: Problem) -> Problem:
    match problem.code:
        case "export_gap":
            return Problem("ledger_gap", acknowledged=problem.figures["acknowledged"])
        case "export_fork":
            return Problem("ledger_fork", seq=problem.figures["seq"])
    return problem


def lacking(connection: Connection, handed_in: HandedIn, content: Iterable[str], orders: Iterable[str]) -> Lacking:
    """What of the content and the orders that a phone says it holds of this ledger is not here. Nobody learns a hash or
    an id that they do not say themselves."""
    bearer = bearer_of(connection, handed_in.person_id)
    asked, offered = list(dict.fromkeys(content)), list(dict.fromkeys(orders))
    links = select(PhotoLink.sha256, PhotoLink.awaited_since).where(
        PhotoLink.person_id == bearer, PhotoLink.sha256.in_(asked)
    )
    rows = connection.execute(links).all() if asked else []
    awaited = {row.sha256 for row in rows if row.awaited_since is not None}
    recorded = {row.sha256 for row in rows}
    here: set[str] = set()
    if offered:
        known = select(Document.id).where(types.is_target(), Document.id.in_(offered))
        here = set(connection.execute(known).scalars())
    return Lacking(
        [each for each in asked if each in recorded - awaited],
        [each for each in asked if each in awaited],
        [each for each in offered if each not in here],
    )


def deliverable(connection: Connection, handed_in: HandedIn, bringer: str, content: list[str]) -> list[tuple[str, str]]:
    """Which of the content that this ledger's person recorded and that is awaited the one who brings it has delivered
    in full themselves: handing it on gives the records nothing that whoever recorded it did not have.
    Each with that person."""
    lacks = lacking(connection, handed_in, content, ()).lacking
    theirs = (
        select(PhotoDelivery.sha256)
        .join(PhotoContent, PhotoContent.sha256 == PhotoDelivery.sha256)
        .where(PhotoDelivery.person_id == bringer, PhotoDelivery.sha256.in_(lacks))
    )
    bearer = bearer_of(connection, handed_in.person_id)
    if not lacks or bearer is None:
        return []
    return [(sha256, bearer) for sha256 in sorted(connection.execute(theirs).scalars())]
