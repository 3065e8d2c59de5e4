"""What must be true on the server and the phone once both have everything."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, select

from server.models import Batch, Device, Document, FeedEntry, JournalLine
from server.sync.ledgers.ledger import signature_fits
from tests.reference_client import NOTHING_BEFORE, Client, Json

APPLIED = ("applied", "merged", "conflict")
# Where a fact stands in the document, and by what it is known there.
FACTS = {
    "note.add": ("notes", "id", "note"),
    "arrival.record": ("arrivals", "id", "arrival"),
    "departure.record": ("departures", "id", "departure"),
    "photo.add": ("photos", "id", "photo"),
    "signature.record": ("signatures", "id", "signature"),
    "material.add": ("materials", "line", "line"),
    "labour.add": ("labour", "line", "line"),
}


@dataclass(frozen=True)
class Claim:
    """What the screen said, and the lines that stood in the phone's database for it."""

    deed: str
    word: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class ServerSide:
    """One technician's ledgers, documents and feed, read from the database itself."""

    journal: dict[str, list[Any]]  # Any: rows of journal_line; by device, in order
    batches: list[Any]
    keys: dict[str, str]
    documents: dict[str, Json]
    feed: dict[str, Json]

    @classmethod
    def of(cls, data: Path, person: str) -> ServerSide:
        """What the server in this data folder has of this person."""
        engine = create_engine(f"sqlite:///{data / 'undercroft.sqlite3'}")
        try:
            with engine.connect() as connection:
                return cls._read(connection, person)
        finally:
            engine.dispose()

    @classmethod
    def _read(cls, connection: Connection, person: str) -> ServerSide:
        devices = connection.execute(select(Device.id, Device.public_key).where(Device.person_id == person)).all()
        journal = {
            device.id: list(
                connection.execute(
                    select(JournalLine.__table__).where(JournalLine.device_id == device.id).order_by(JournalLine.seq)
                )
            )
            for device in devices
        }
        known = [device.id for device in devices]
        batches = list(connection.execute(select(Batch.__table__).where(Batch.device_id.in_(known))))
        work_orders = connection.execute(select(Document.__table__).where(Document.type == "work_order"))
        documents = {row.id: {"version": row.version, "body": json.loads(row.body)} for row in work_orders}
        seen = connection.execute(
            select(FeedEntry.document_id).where(
                FeedEntry.feed == f"person:{person}", FeedEntry.type == "work_order", FeedEntry.gone.is_(False)
            )
        ).scalars()
        feed = {order: documents[order] for order in seen}
        return cls(journal, batches, {device.id: device.public_key for device in devices}, documents, feed)

    def rows(self) -> Iterator[Any]:  # Any: rows of journal_line
        """Every line of every ledger."""
        for rows in self.journal.values():
            yield from rows


def lines_of(
    deed: str, order: str | None, writes: tuple[tuple[str, Json], ...], phone: Json, before: Json
) -> tuple[str, ...]:
    """The lines of a deed that the phone has written since `before`: all of them, or none.

    `writes` are their kinds, each with a part of its data. A photo's record has its bytes beside it.
    """
    known = {(line["device"], line["seq"]) for line in before["lines"]}
    new = [line for line in phone["lines"] if (line["device"], line["seq"]) not in known]
    texts = [
        line["text"]
        for kind, part in writes
        for line in new
        if line["kind"] == kind and order in (None, line["target"]) and _holds(json.loads(line["text"])["data"], part)
    ]
    assert not texts or len(texts) >= len(writes), f"{deed}: only a part of it is in the phone's database"
    kept = {photo["sha256"] for photo in phone["photos"] if photo["holds"] == photo["sha256"]}
    for line in new:
        if line["kind"] == "photo.add":
            digest = json.loads(line["text"])["data"]["sha256"]
            assert digest in kept, f"{deed}: photo {digest} is recorded, and its bytes are not on the phone"
    return tuple(texts)


def _holds(whole: object, part: object) -> bool:
    """Whether `part` stands in `whole`, at every depth."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(name in whole and _holds(whole[name], part[name]) for name in part)
    return whole == part


def reckon(server: ServerSide, phone: Json, claims: list[Claim], office: Client) -> None:
    """Everything at once, each part named by what it promises."""
    what_was_called_saved_is_in_the_journal(server, claims)
    the_ledgers_are_the_same(server, phone)
    every_chain_verifies(server)
    everything_is_applied_exactly_once(server)
    every_photo_is_there(server, phone, office)
    every_line_has_its_receipt(server, phone)
    the_phone_shows_what_the_server_has(server, phone)


def what_was_called_saved_is_in_the_journal(server: ServerSide, claims: list[Claim]) -> None:
    """Byte for byte."""
    taken = Counter(bytes(row.bytes) for row in server.rows())
    for claim in claims:
        for line in claim.lines:
            assert taken[line.encode()] == 1, f"{claim.deed}: “{claim.word}”, but {taken[line.encode()]} times: {line}"


def the_ledgers_are_the_same(server: ServerSide, phone: Json) -> None:
    """Every line that the phone wrote, in its place, and none that it did not write."""
    written = [(line["device"], line["seq"], line["text"].encode()) for line in phone["lines"]]
    taken = [(row.device_id, row.seq, bytes(row.bytes)) for row in server.rows()]
    missing, foreign = set(written) - set(taken), set(taken) - set(written)
    assert (missing, foreign) == (set(), set()), "the phone's ledger and the journal differ"


def every_chain_verifies(server: ServerSide) -> None:
    """Numbered without gaps, each line with the hash of the one before, each batch signed by the device's key."""
    for device, rows in server.journal.items():
        assert [row.seq for row in rows] == list(range(1, len(rows) + 1)), f"ledger {device} has gaps"
        hashes = [NOTHING_BEFORE, *(hashlib.sha256(row.bytes).hexdigest() for row in rows)]
        assert [row.hash for row in rows] == hashes[1:], f"ledger {device} has another hash"
        assert [json.loads(row.bytes)["prev"] for row in rows] == hashes[:-1], f"ledger {device} has a broken chain"
        ends = {row.seq: row.bytes for row in rows}
        batches = sorted((b for b in server.batches if b.device_id == device), key=lambda b: b.first_seq)
        for batch in batches:
            assert signature_fits(server.keys[device], batch.signature, ends[batch.last_seq]), batch
        for one, other in pairwise(batches):
            assert other.first_seq == one.last_seq + 1, f"batches of {device} overlap: {one}, {other}"


def everything_is_applied_exactly_once(server: ServerSide) -> None:
    """One outcome an operation, nothing held, and each fact once in its document."""
    operations = [row for row in server.rows() if row.kind != "anchor"]
    held = [(row.kind, row.reason, row.detail) for row in operations if row.status not in APPLIED]
    assert held == [], held
    again = [name for name, times in Counter(row.operation_id for row in operations).items() if times > 1]
    assert again == [], f"in the journal more than once: {again}"
    for row in operations:
        if row.kind not in FACTS:
            continue
        where, key, name = FACTS[row.kind]
        fact = json.loads(row.bytes)["data"][name]
        found = [one[key] for one in server.documents[row.document_id]["body"][where]]
        assert found.count(fact) == 1, f"{row.kind} {fact} stands {found.count(fact)} times"


def every_photo_is_there(server: ServerSide, phone: Json, office: Client) -> None:
    """Its bytes on the server under their hash, still on the phone, and its record says so."""
    kept = {photo["sha256"]: photo["holds"] for photo in phone["photos"]}
    for row in server.rows():
        if row.kind != "photo.add":
            continue
        data = json.loads(row.bytes)["data"]
        digest = data["sha256"]
        assert kept.get(digest) == digest, f"photo {digest} is not on the phone as it was taken"
        content = office.call("GET", f"/api/v1/photos/{digest}").content
        assert hashlib.sha256(content).hexdigest() == digest, f"photo {digest} is something else on the server"
        records = server.documents[row.document_id]["body"]["photos"]
        states = [record["state"] for record in records if record["id"] == data["photo"]]
        assert states == ["stored"], f"photo {digest} is {states} in its order"
    waiting = [one["sha256"] for one in phone["deliveries"] if one["state"] != "stored"]
    assert waiting == [], f"the phone still has to send {waiting}"


def every_line_has_its_receipt(server: ServerSide, phone: Json) -> None:
    """What the phone calls acknowledged it can answer for: with the outcome that the server has."""
    receipts = {(receipt["device"], receipt["seq"]): receipt["outcome"] for receipt in phone["receipts"]}
    assert phone["ledger"]["acknowledged"] == phone["ledger"]["seq"], phone["ledger"]
    for row in server.rows():
        assert (row.device_id, row.seq) in receipts, f"line {row.seq} has no receipt"
        if row.kind != "anchor":
            outcome = receipts[row.device_id, row.seq]
            assert outcome is not None, f"line {row.seq} ({row.kind}) has no outcome"
            told = (outcome["id"], outcome["status"])
            assert told == (row.operation_id, row.status), f"line {row.seq}: {told}, and in the journal {row.status}"


def the_phone_shows_what_the_server_has(server: ServerSide, phone: Json) -> None:
    """The same orders, the same versions, the same documents, and nothing on top."""
    # What was given to somebody else stays for a day, and is not theirs.
    own = [order for order in phone["orders"] if order["gone"] is None]
    shown = {order["id"]: {"version": order["version"], "body": order["body"]} for order in own}
    assert sorted(shown) == sorted(server.feed), "the phone shows other orders than its feed has"
    for order, document in server.feed.items():
        assert shown[order]["version"] == document["version"], f"order {order}: {shown[order]['version']} is shown"
        assert shown[order]["body"] == document["body"], f"order {order} is shown as something else"
    assert phone["held"] == [], phone["held"]
    assert phone["unsent"] == {"lines": 0, "photos": 0, "bytes": 0, "shut_out": 0}
