"""Writing an evidence bundle. What is in it, and why, is in docs/decisions/0025-evidence-bundle.md."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any, Final

from sqlalchemy import Connection

from server.bundle import excerpts
from server.bundle.archive import SUMS, Archive
from server.bundle.excerpts import Excerpt, LedgerOf
from server.evidence.reasons import utc_text
from server.language import languages, text
from server.models import PRODUCT
from server.paper.report_pdf import report_pdf
from server.photos import ContentMissing, PhotoStore, Room
from server.sync.ledgers.anchors import NEVER, AnchorMint
from server.sync.ledgers.kinds import NO_DOCUMENTS
from server.sync.ledgers.ledger import signature_der, signature_fits, spki_pem
from server.sync.ledgers.line import ANCHOR, Line, Unreadable, parse_line
from server.sync.operations.proof import line_of

Body = Mapping[str, Any]  # JSON of a document

LINES_HEAD: Final = (
    "device", "seq", "operation", "kind", "person", "written_at", "received_at", "status", "reason",
    "author_known_by", "proof",
)  # fmt: skip
ANCHORS_HEAD: Final = ("device", "seq", "server_time")
PHOTOS_HEAD: Final = ("photo", "sha256", "file", "state", "removed")
ENDINGS: Final = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic"}


@dataclass(frozen=True)
class Making:
    """What a bundle is made with. `root` is the address of this server, for the code on the paper; `whole_chain`:
    lines of other orders, and those of this one that were held, are in it where the chain needs them."""

    photos: PhotoStore
    mint: AnchorMint
    timezone: str
    language: str
    root: str
    whole_chain: bool = False


@dataclass
class _Tables:
    """What is said about the lines beside their bytes, one row a line."""

    lines: list[tuple[str, ...]] = field(default_factory=list)
    anchors: list[tuple[str, ...]] = field(default_factory=list)


def write_bundle(connection: Connection, work_order_id: str, body: Body, out: IO[bytes], making: Making) -> None:
    """Write the bundle of a work order with this document into `out`; `connection` sees one moment.

    The same order makes the same bytes, until something is written on it. Lines and photos are written one after
    the other, so that memory does not grow with them.
    """
    archive = Archive(out)
    try:
        _write(archive, connection, work_order_id, body, making)
    except BaseException:
        archive.give_up()
        raise
    archive.close()


def _write(archive: Archive, connection: Connection, work_order_id: str, body: Body, making: Making) -> None:
    tables = _Tables()
    for ledger in excerpts.ledgers(connection, work_order_id, making.whole_chain):
        _add_ledger(archive, connection, ledger, work_order_id, tables, making)
    archive.add("lines.tsv", _tsv(LINES_HEAD, tables.lines))
    archive.add("anchors.tsv", _tsv(ANCHORS_HEAD, tables.anchors))
    reports = _add_reports(archive, connection, work_order_id, body, making)
    photos = _add_photos(archive, body, making.photos)
    listed = any(row[-1] == "listed" for row in tables.lines)
    for language in languages():
        archive.add(f"README.{language}.txt", readme(language, str(body["number"]), reports, photos, listed, making))


def readme(language: str, number: str, reports: int, photos: int, listed: bool, making: Making) -> str:
    """How to check everything that is in the bundle, in plain words."""
    parts = [text(language, "bundle-readme-start", number=number, sums=SUMS), text(language, "bundle-readme-lines")]
    if listed:
        parts.append(text(language, "bundle-readme-listed"))
    if making.whole_chain:
        parts.append(text(language, "bundle-readme-whole"))
    if reports:
        parts.append(text(language, "bundle-readme-reports"))
    if photos:
        parts.append(text(language, "bundle-readme-photos"))
    parts.append(text(language, "bundle-readme-limits"))
    return "\n\n".join(parts) + "\n"


def _add_ledger(
    archive: Archive, connection: Connection, ledger: LedgerOf, work_order_id: str, tables: _Tables, making: Making
) -> None:
    folder = f"ledgers/{ledger.device_id}"
    archive.add(f"{folder}/public_key.pem", spki_pem(ledger.public_key))
    for excerpt in ledger.excerpts:
        _add_excerpt(archive, connection, ledger, excerpt, work_order_id, tables, making)


def _add_excerpt(
    archive: Archive, connection: Connection, ledger: LedgerOf, excerpt: Excerpt, work_order_id: str,
    tables: _Tables, making: Making,
) -> None:  # fmt: skip
    folder = f"ledgers/{ledger.device_id}"
    signed = excerpts.signatures(connection, ledger.device_id, excerpt)
    chain: list[str] = []
    rows = _Rows()
    before: str | None = None
    for row in excerpts.lines(connection, ledger.device_id, excerpt):
        line = parse_line(row.bytes)
        name = f"{row.seq:08}"
        chain.append(f"{row.hash}  lines/{name}.json\n")
        if before is not None and not (isinstance(line, Line) and line.prev == before):
            rows.settle("broken")
        before = row.hash
        of_order = row.document_type not in NO_DOCUMENTS and row.document_id == work_order_id
        ours = of_order and (row.counts or making.whole_chain)
        if ours or row.kind == ANCHOR or making.whole_chain:
            archive.add(f"{folder}/lines/{name}.json", row.bytes)
        else:
            rows.settle("listed")
        if ours:
            rows.add(_row(ledger.device_id, row, line))
        if row.kind == ANCHOR:
            tables.anchors.append(_anchor(ledger.device_id, row.seq, line, making.mint))
        der = signature_der(signed.get(row.seq))
        if der is not None:
            archive.add(f"{folder}/signatures/{name}.der", der)
            archive.add(f"{folder}/signatures/{name}.digest", bytes.fromhex(row.hash))
            fits = signature_fits(ledger.public_key, signed[row.seq], row.bytes)
            rows.settle("signed" if fits else "broken")
    rows.settle("unsigned")
    tables.lines += rows.done
    archive.add(f"{folder}/chain-{excerpt.first:08}-{excerpt.last:08}.sha256", "".join(chain))


@dataclass
class _Rows:
    """Rows of lines whose proof is known only by what follows them in the ledger."""

    done: list[tuple[str, ...]] = field(default_factory=list)
    waiting: list[tuple[str, ...]] = field(default_factory=list)

    def add(self, row: tuple[str, ...]) -> None:
        self.waiting.append(row)

    def settle(self, proof: str) -> None:
        """What waits gets this proof: `signed`, `listed` (a line in between is not in the bundle), `broken` or
        `unsigned`."""
        self.done += [(*row, proof) for row in self.waiting]
        self.waiting = []


def _row(device_id: str, row: Any, line: Line | Unreadable) -> tuple[str, ...]:  # Any: a row of excerpts.lines
    written_at = utc_text(line.at.wall) if isinstance(line, Line) else ""
    return (
        device_id, str(row.seq), row.operation_id or "", row.kind or "", row.name or PRODUCT, written_at,
        utc_text(row.received_at), row.status or "", row.reason or "", row.known_by,
    )  # fmt: skip


def _anchor(device_id: str, seq: int, line: Line | Unreadable, mint: AnchorMint) -> tuple[str, ...]:
    token = line.data.get("anchor") if isinstance(line, Line) else None
    server_time = mint.read(token) if isinstance(token, str) else None
    return device_id, str(seq), "" if server_time in (None, NEVER) else utc_text(server_time)


def _add_reports(archive: Archive, connection: Connection, work_order_id: str, body: Body, making: Making) -> int:
    """Every text that was signed, byte for byte, and the paper made from it. Returns how many there are."""
    count = 0
    for shown in body["signatures"]:
        raw = line_of(connection, shown["operation"], "signature.record")
        if raw is None:
            continue  # a phone gave the order back after a restore, and has not sent its lines again yet
        count += 1
        data = json.loads(raw)["data"]
        archive.add(f"reports/{count}/report.json", data["report"])
        link = f"{making.root}/check/{work_order_id}/{data['sha256']}"
        read_in = json.loads(data["report"]).get("language")
        language = read_in if read_in in languages() else making.language
        signature = {**data, "time": shown["time"]}
        archive.add(f"reports/{count}/report.pdf", report_pdf(signature, language, link, making.timezone))
    return count


def _add_photos(archive: Archive, body: Body, store: PhotoStore) -> int:
    """The original of every photo that the server has; what is missing or was refused is listed as such."""
    rows: list[tuple[str, ...]] = []
    added: dict[str, str] = {}
    for photo in body["photos"]:
        sha256, state = photo["sha256"], photo["state"]
        if state == "stored" and sha256 not in added:
            name = f"photos/{sha256}.{ENDINGS.get(photo['media_type'], 'bin')}"
            try:
                with store.open(Room.ORIGINAL, sha256) as content:
                    archive.add_stream(name, content)
                added[sha256] = name
            except ContentMissing:
                state = "missing"
        file = added.get(sha256, "") if state == "stored" else ""
        rows.append((photo["id"], sha256, file, state, "yes" if photo["removed"] else "no"))
    archive.add("photos.tsv", _tsv(PHOTOS_HEAD, rows))
    return len(added)


def _tsv(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    return "".join("\t".join(" ".join(value.split()) for value in row) + "\n" for row in (head, *rows))
