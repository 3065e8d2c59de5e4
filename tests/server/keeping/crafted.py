"""Backups made by hand: a whole one of no database, and all that somebody may make of it."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from server.keeping import archive
from server.keeping.archive import part_of
from server.models import Base

Parts = list[tuple[str, bytes]]
MANIFEST: Final = {
    "format": 1,
    "version": "0.1.0",
    "revision": "0009",
    "epoch": "e",
    "taken_at": "2026-11-29T08:00:00+00:00",
}
SECRET: Final = "a secret for tests only, not for a server"


def columns_of(table: str) -> list[str]:
    """The columns of a table; of one that this version does not know, any."""
    known = Base.metadata.tables.get(table)
    return ["id"] if known is None else [column.name for column in known.columns]


def packed(*rows: list[Any]) -> bytes:
    """Rows as `backup` writes them."""
    return gzip.compress(b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows), 1, mtime=0)


def end_of(parts: Parts, photos: int = 0, **other: Any) -> dict[str, Any]:
    """What the end of these parts says; `other` replaces fields of it."""
    tables = [name[len("tables/") : -len(".ndjson.gz")] for name, _ in parts if name.startswith("tables/")]
    columns = {name: columns_of(name) for name in tables}
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in parts if not name.startswith("photos/")}
    return {"columns": columns, "sha256": hashes, "photos": photos} | other


def parts_of(tables: dict[str, bytes] | None = None, manifest: Any = None) -> Parts:
    """All but the end: `tables` by name, packed."""
    found = {"feed": packed(["all", 1], ["p", 2])} if tables is None else tables
    return [
        (archive.MANIFEST, json.dumps(MANIFEST | (manifest or {})).encode()),
        (archive.SECRET, SECRET.encode()),
        *((part_of(name), content) for name, content in found.items()),
    ]


def whole(parts: Parts, **other: Any) -> Parts:
    """With an end that fits."""
    return [*parts, (archive.END, json.dumps(end_of(parts, **other)).encode())]


def header(name: str, size: int = 0, kind: bytes = tarfile.REGTYPE, **fields: Any) -> bytes:
    """A member's header alone."""
    member = tarfile.TarInfo(name)
    member.size, member.type = size, kind
    for field, value in fields.items():
        setattr(member, field, value)
    return member.tobuf(tarfile.GNU_FORMAT)


def tarred(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """A tar file of these parts."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, content in parts:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return out.getvalue()


def before_end(parts: Parts) -> bytes:
    """Members of these parts, after which more may follow."""
    return tarred(parts).rstrip(b"\0").ljust(-(-len(tarred(parts).rstrip(b"\0")) // 512) * 512, b"\0")


def at(folder: Path, content: bytes) -> Path:
    """A file with this content."""
    file = folder / "crafted.backup"
    file.write_bytes(content)
    return file
