"""What an export file claims, before anything of it is written: whose it says to be, how that is known, what is in it
and what would come of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from server.problems import Problem
from server.sync.exchange.import_ledger import HandedIn, whose
from server.sync.ledgers.kinds import never_from_a_file
from server.sync.ledgers.ledger import signature_fits
from server.sync.ledgers.line import ANCHOR, Line, parse_line

Known = Literal["session", "claim", "file", "nobody"]
Fate = Literal["here", "tried", "unknown_device", "device_revoked", "never", "unreadable", "unsigned"]


@dataclass(frozen=True)
class Claimed:
    """What a file says of itself. `known`: how its device is known here, as `known_by` of a Device; nobody where it is
    not at all. `signed`: its last line is signed with the key that the file names. `fates`: how many operations of a
    kind (None: cannot be read) would become what; time marks are left out. `lines` and `here`: how many lines, and how
    many of them are here already."""

    person_name: str
    device_name: str
    known: Known
    is_revoked: bool
    signed: bool
    lines: int
    here: int
    photos: int
    fates: list[tuple[str | None, Fate, int]]


def look(connection: Connection, handed_in: HandedIn, photos: int) -> Claimed:
    """Raises Problem as taking the file in would: export_unknown_person, export_other_device, export_gap."""
    known, person = whose(connection, handed_in)
    acknowledged = 0 if known is None else known.acknowledged
    is_revoked = known is not None and known.revoked_at is not None
    if handed_in.first > acknowledged + 1 and not is_revoked:
        raise Problem("export_gap", first=handed_in.first, acknowledged=acknowledged)
    how: Known = "nobody" if known is None else known.known_by
    last = handed_in.lines[-1] if handed_in.lines else b""
    signed = signature_fits(handed_in.public_key, handed_in.signature, last)
    here = max(0, min(len(handed_in.lines), acknowledged - handed_in.first + 1))
    counted: Counter[tuple[str | None, Fate]] = Counter()
    for place, raw in enumerate(handed_in.lines):
        line = parse_line(raw)
        kind = line.kind if isinstance(line, Line) else None
        if kind != ANCHOR:
            counted[kind, "here" if place < here else _fate(kind, how, is_revoked, signed)] += 1
    fates = [(kind, fate, count) for (kind, fate), count in counted.most_common()]
    name = handed_in.device_name if known is None else known.name
    return Claimed(person.name, name, how, is_revoked, signed, len(handed_in.lines), here, photos, fates)


def _fate(kind: str | None, known: Known, is_revoked: bool, signed: bool) -> Fate:
    if kind is None:
        return "unreadable"
    if not signed:
        return "unsigned"
    if is_revoked:
        return "device_revoked"
    if never_from_a_file(kind):
        return "never"
    return "unknown_device" if known in ("nobody", "file", "claim") else "tried"
