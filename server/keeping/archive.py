"""The form of a backup: a tar file of tables as lines of JSON, photo content under its hash, and the secrets.

`manifest.json` comes first, `end.json` last: a file without its end was cut off. Tables do not depend on the
database that they came from.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, Final

from sqlalchemy import Boolean, Column, MetaData, Table

from server.models import Base
from server.models.base import Id

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
END: Final = "end.json"
SECRET: Final = "secret.key"
FORMER: Final = "secret.fallbacks"
TABLES: Final = "tables"
PHOTOS: Final = "photos"
# Half a photo is sent again by its phone, and who has guessed how often is nobody's concern any more.
LEFT_OUT: Final = frozenset({"upload", "sign_in_attempt"})

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")
_REVISION: Final = re.compile(r"[0-9A-Za-z_]{1,64}")
_VERSION: Final = re.compile(r"[0-9A-Za-z.+-]{1,64}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
# A company has some thirty tables of some twenty columns at most.
MAX_TABLES: Final = 256
MAX_COLUMNS: Final = 256


# Tables of earlier versions that have another name today.
_CALLED_OTHERWISE: Final = MetaData()
Table(
    "work_order_person",  # document_person since 0017
    _CALLED_OTHERWISE,
    Column("work_order_id", Id),
    Column("person_id", Id),
    Column("sees", Boolean),
    Column("assignee", Boolean),
)


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
        """Raises ValueError for what is no manifest. Of another format only its number is looked at."""
        value = _object(raw)
        if _count(value.get("format")) != FORMAT:
            return cls(value["format"], "", "", "", "")
        made = cls(**{name: value.get(name) for name in cls.__dataclass_fields__})  # type: ignore[arg-type]  # seen below
        texts = (made.version, made.revision, made.epoch, made.taken_at)
        if not all(isinstance(text, str) for text in texts) or not _REVISION.fullmatch(made.revision):
            raise ValueError("a field is not what it has to be")
        if not _VERSION.fullmatch(made.version) or datetime.fromisoformat(made.taken_at).tzinfo is None:
            raise ValueError("a field is not what it has to be")
        return made


@dataclass(frozen=True)
class End:
    """What a backup says that it holds: the columns of each table, the SHA-256 of each part but photos, how many
    photos, and of each table how many rows, where its version has counted them."""

    columns: dict[str, list[str]]
    sha256: dict[str, str]
    photos: int
    rows: dict[str, int]

    def as_bytes(self) -> bytes:
        """As it stands in the file."""
        return json.dumps(self.__dict__, indent=1).encode()

    @classmethod
    def read(cls, raw: bytes) -> End:
        """Raises ValueError for what is no end."""
        value = _object(raw)
        columns, sha256 = _mapping(value.get("columns")), _mapping(value.get("sha256"))
        rows = _mapping(value.get("rows", {}))
        parts = {part_of(name) for name in columns} | {MANIFEST, SECRET}
        if parts != set(sha256) - {FORMER} or not set(rows) <= set(columns) or not all(map(NAME.fullmatch, columns)):
            raise ValueError("it does not name the same tables everywhere")
        if not all(isinstance(one, str) and _SHA256.fullmatch(one) for one in sha256.values()):
            raise ValueError("a hash is none")
        counted = {name: _count(count) for name, count in rows.items()}
        return cls(
            {name: _columns(each) for name, each in columns.items()}, sha256, _count(value.get("photos")), counted
        )


def tables() -> list[Table]:
    """What a backup holds, in an order in which every row finds what it refers to."""
    return [table for table in Base.metadata.sorted_tables if table.name not in LEFT_OUT]


def readable_tables() -> list[Table]:
    """What a backup of any version may hold that is brought back: what is there today, and what was called otherwise
    then. The migrations that follow make of the one the other."""
    return [*tables(), *_CALLED_OTHERWISE.sorted_tables]


def part_of(table: str) -> str:
    """The name under which a table is in the file."""
    return f"{TABLES}/{table}.ndjson.gz"


def hash_of(content: IO[bytes]) -> str:
    """The SHA-256 of what is left to read, in lower-case hex."""
    found = hashlib.sha256()
    while piece := content.read(1 << 20):
        found.update(piece)
    return found.hexdigest()


def _object(raw: bytes) -> dict[str, Any]:  # Any: JSON
    try:
        return _mapping(json.loads(raw.decode("utf-8")))
    except RecursionError as error:
        raise ValueError("nested without end") from error


def _mapping(value: Any) -> dict[str, Any]:  # Any: JSON
    if not isinstance(value, dict) or len(value) > MAX_TABLES:
        raise ValueError("no object of this size")
    return value


def _columns(value: object) -> list[str]:
    named = isinstance(value, list) and all(isinstance(name, str) and NAME.fullmatch(name) for name in value)
    if not isinstance(value, list) or not named or not 0 < len(value) == len(set(value)) <= MAX_COLUMNS:
        raise ValueError("no list of columns")
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63:
        raise ValueError("no count")
    return value
