"""The form of a backup: a tar file of tables as lines of JSON, photo content under its hash, and the secrets.

`manifest.json` comes first, `end.json` last: a file without its end was cut off. Tables do not depend on the
database that they came from.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any, Final

from sqlalchemy import Date, LargeBinary, Table

from server.models import Base, UtcTime

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
END: Final = "end.json"
SECRET: Final = "secret.key"
FORMER: Final = "secret.fallbacks"
TABLES: Final = "tables"
PHOTOS: Final = "photos"
# Half a photo is sent again by its phone, and who has guessed how often is nobody's concern any more.
LEFT_OUT: Final = frozenset({"upload", "sign_in_attempt"})


@dataclass(frozen=True)
class Manifest:
    """What a backup is of. `revision` names the schema, `epoch` the history, `taken_at` is RFC 3339."""

    format: int
    version: str
    revision: str
    epoch: str
    taken_at: str

    def as_bytes(self) -> bytes:
        """As it stands in the file."""
        return json.dumps(self.__dict__, indent=1).encode()

    @classmethod
    def read(cls, raw: bytes) -> Manifest:
        """Raises ValueError for what is no manifest."""
        try:
            value = json.loads(raw)
            return cls(**{name: value[name] for name in cls.__dataclass_fields__})
        except (KeyError, TypeError) as error:
            raise ValueError("not a manifest") from error


def tables() -> list[Table]:
    """What a backup holds, in an order in which every row finds what it refers to."""
    return [table for table in Base.metadata.sorted_tables if table.name not in LEFT_OUT]


def hash_of(content: IO[bytes]) -> str:
    """The SHA-256 of what is left to read, in lower-case hex."""
    found = hashlib.sha256()
    while piece := content.read(1 << 20):
        found.update(piece)
    return found.hexdigest()


def write_rows(table: Table, rows: Iterable[Any], out: IO[bytes]) -> int:  # Any: rows of the table
    """Write rows as gzip'd lines of JSON; returns how many."""
    count = 0
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=6, mtime=0) as packed:
        for row in rows:
            values = [_plain(value) for value in row]
            packed.write(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n")
            count += 1
    return count


def read_rows(table: Table, names: list[str], source: IO[bytes]) -> Iterator[dict[str, Any]]:  # Any: column values
    """The rows that `write_rows` wrote, with the columns `names`, which an older version may have had; raises
    ValueError, OSError or EOFError where they are broken."""
    kinds = {column.name: column.type for column in table.columns}
    with gzip.GzipFile(fileobj=source, mode="rb") as unpacked:
        for text in unpacked:
            values = json.loads(text)
            yield {name: _typed(kinds.get(name), value) for name, value in zip(names, values, strict=True)}


def _plain(value: Any) -> Any:  # Any: what a column holds, JSON
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return value.isoformat() if isinstance(value, datetime | date) else value


def _typed(kind: object, value: Any) -> Any:  # Any: JSON, what a column holds
    if value is None:
        return None
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value)
    if isinstance(kind, UtcTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value
