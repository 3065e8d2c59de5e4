"""Taking an export file in: the lines in one transaction, then one photo after the other."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Final, Literal

from sqlalchemy import Connection, select

from server import disk
from server.export_files.bounds import one_at_a_time, refuse_unsigned
from server.export_files.looking import Claimed, look
from server.export_files.reading import ExportFile, TooLarge, open_export
from server.models import PhotoContent
from server.photos import PhotoStore, Room
from server.photos.arrival import keep, record_content, record_delivery
from server.photos.images import COPIES_BYTES
from server.photos.looking import NotNow
from server.sync.exchange.exchange import Transaction, Write
from server.sync.exchange.import_ledger import HandedIn, TakenFromFile, take_in_file
from server.sync.ledgers.anchors import AnchorMint
from server.sync.ledgers.line import Line, parse_line
from server.sync.ledgers.outcome import Outcome
from server.sync.store.company import Company

PhotoState = Literal["stored", "rejected", "differs", "too_large", "later", "no_room"]
PHOTO_STATES: Final[tuple[PhotoState, ...]] = ("stored", "rejected", "differs", "too_large", "later", "no_room")
# What an answer names one by one; of the rest it tells the number.
NAMED: Final = 10
UNKNOWN_TYPE: Final = "application/octet-stream"


@dataclass(frozen=True)
class Server:
    """What taking a file in needs of the server. `write` runs something in a write transaction,
    `reading` begins one that reads."""

    write: Write
    reading: Transaction
    mint: AnchorMint
    company: Company
    photos: PhotoStore
    clock: Callable[[], datetime]
    free_bytes: Callable[[Path], int]


@dataclass(frozen=True)
class Came:
    """One operation of the file and what came of it; `kind` and `target` are None where it cannot be read."""

    kind: str | None
    target: str | None
    outcome: Outcome


@dataclass(frozen=True)
class Imported:
    """What came of a file. `photos`: what became of each photo in it, by its hash: stored; rejected (no photo, kept
    aside); differs (damaged, not kept); too_large; later (to be looked at when the file comes again); no_room (it
    would touch the room that is kept for lines, and finds its place when the file comes again)."""

    ledger: HandedIn
    result: TakenFromFile
    photos: dict[str, PhotoState]

    @property
    def operations(self) -> list[Came]:
        """Every operation in the order of the lines."""
        return [self._came(outcome) for outcome in self.result.taken.outcomes]

    @property
    def telling(self) -> list[Came]:
        """The few operations that an answer names: first what was not simply applied, in the order of the lines."""
        return sorted(self.operations, key=lambda came: came.outcome.status == "applied")[:NAMED]

    @property
    def telling_photos(self) -> dict[str, PhotoState]:
        """The few photos that an answer names, by hash: first those that are not safe on the server now."""
        return dict(sorted(self.photos.items(), key=lambda photo: photo[1] == "stored")[:NAMED])

    def _came(self, outcome: Outcome) -> Came:
        line = parse_line(self.ledger.lines[outcome.seq - self.ledger.first])
        return Came(line.kind, line.target, outcome) if isinstance(line, Line) else Came(None, None, outcome)


def look_at_file(file: IO[bytes], server: Server) -> Claimed:
    """What an export file claims; nothing is written. Raises Problem as import_file does."""
    with one_at_a_time(), open_export(file) as export, server.reading() as connection:
        refuse_unsigned(export.ledger)
        return look(connection, export.ledger, len(export.photos))


def import_file(file: IO[bytes], server: Server, brought_by: str | None = None) -> Imported:
    """Take in what an export file holds, as if its phone had sent it; `brought_by` is the person who brought it.

    Raises Problem as open_export, refuse_unsigned and take_in_file do, and export_busy; then nothing was taken in.
    """
    with one_at_a_time(), open_export(file) as export:
        refuse_unsigned(export.ledger)
        result = take_in_file(server.write, export.ledger, server.mint, server.company, server.clock, brought_by)
        photos = {sha256: _photo(export, sha256, result.person_id, server) for sha256 in export.photos}
    return Imported(export.ledger, result, photos)


def _photo(export: ExportFile, sha256: str, person_id: str, server: Server) -> PhotoState:
    """Keep one photo as an upload of it would be kept, where an upload would have room."""
    arriving, size = server.free_bytes(Path(tempfile.gettempdir())), export.size_of(sha256)
    if not disk.leaves_reserve(arriving, server.photos.free_bytes(), size, size + COPIES_BYTES):
        return "no_room"
    try:
        return _copied(export, sha256, person_id, server)
    except OSError as error:
        if disk.is_full(error):
            return "no_room"
        raise


def _copied(export: ExportFile, sha256: str, person_id: str, server: Server) -> PhotoState:
    with tempfile.NamedTemporaryFile() as copy:
        try:
            if not export.copy_photo(sha256, copy):
                return "differs"
        except TooLarge:
            return "too_large"
        return _kept(Path(copy.name), sha256, person_id, server)


def _kept(file: Path, sha256: str, person_id: str, server: Server) -> PhotoState:
    if server.photos.exists(Room.ORIGINAL, sha256) and (state := _delivered_again(sha256, person_id, server)):
        return state
    try:
        kept = keep(server.photos, file, sha256, UNKNOWN_TYPE)
    except NotNow:
        return "later"
    server.write(lambda connection: record_content(connection, kept, person_id, server.clock(), server.company))
    return "stored" if kept.facts else "rejected"


def _delivered_again(sha256: str, person_id: str, server: Server) -> PhotoState | None:
    """Where the content is here already, only write down that this person has delivered it."""

    def record(connection: Connection) -> PhotoState | None:
        state = connection.execute(select(PhotoContent.state).where(PhotoContent.sha256 == sha256)).scalar_one_or_none()
        if state != "stored":
            return None
        record_delivery(connection, sha256, person_id, server.clock(), server.company)
        return "stored"

    return server.write(record)
