"""Rows of a table as gzip'd lines of JSON: written, and read back without believing what stands there."""

from __future__ import annotations

import base64
import gzip
import json
import math
import re
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import IO, Any, Final

from sqlalchemy import Boolean, Date, Float, Integer, LargeBinary, String, Table

from server.models.base import UtcTime

AT_A_TIME: Final = 500
# Four times the largest order that a phone could give back: no row comes near it.
MAX_ROW_BYTES: Final = 16 << 20
# So many bytes of lines become one insertion, beside the line that goes beyond it.
BATCH_BYTES: Final = 4 << 20
BITS: Final = 63

# A list of texts, numbers, true, false and null, and of nothing that nests. The groups give nothing back, so that a
# long line takes no memory to be looked at.
_VALUE: Final = rb'(?:"(?:[^"\\]++|\\.)*+"|-?[0-9][0-9.eE+-]{0,39}+|null|true|false)'
_FLAT: Final = re.compile(rb"\[(?:" + _VALUE + rb"(?:, ?" + _VALUE + rb")*+)?+\]", re.DOTALL)
# What gzip raises for what is no gzip, is damaged or was cut off.
_DAMAGED: Final = (OSError, EOFError, zlib.error)


class BadRow(ValueError):
    """A row, counted from 1, that `write_rows` cannot have written."""

    def __init__(self, row: int) -> None:
        super().__init__(f"row {row}")
        self.row = row


class RowTooLong(ValueError):
    """A row of this table has more than MAX_ROW_BYTES."""

    def __init__(self, table: str) -> None:
        super().__init__(table)
        self.table = table


def write_rows(table: Table, rows: Iterable[Any], out: IO[bytes]) -> int:  # Any: rows of the table
    """Write rows; returns how many. Raises RowTooLong for one that could not be read back."""
    count = 0
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=6, mtime=0) as packed:
        for row in rows:
            values = [_plain(value) for value in row]
            line = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n"
            if len(line) > MAX_ROW_BYTES:
                raise RowTooLong(table.name)
            packed.write(line)
            count += 1
    return count


Rows = list[dict[str, Any]]  # Any: column values


def read_rows(table: Table, names: list[str], source: IO[bytes]) -> Iterator[Rows]:
    """What `write_rows` wrote, some at a time, with the columns `names`, which an older version may have had.

    Raises BadRow. Memory is bounded by MAX_ROW_BYTES and BATCH_BYTES, whatever unpacks.
    """
    kinds = {column.name: column.type for column in table.columns}
    batch: Rows = []
    size = 0
    for number, line in enumerate(_lines(source), start=1):
        try:
            values = _values(line)
            batch.append({name: _typed(kinds.get(name), value) for name, value in zip(names, values, strict=True)})
        except (ValueError, TypeError, OverflowError) as error:
            raise BadRow(number) from error
        size += len(line)
        if len(batch) == AT_A_TIME or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _lines(source: IO[bytes]) -> Iterator[bytes]:
    """Lines with their ends, none longer than a row may be. Raises BadRow."""
    number = 1
    try:
        with gzip.GzipFile(fileobj=source, mode="rb") as unpacked:
            while line := unpacked.readline(MAX_ROW_BYTES + 1):
                if len(line) > MAX_ROW_BYTES or not line.endswith(b"\n"):
                    raise BadRow(number)
                yield line
                number += 1
    except _DAMAGED as error:
        raise BadRow(number) from error


def _values(line: bytes) -> list[Any]:  # Any: JSON without lists and objects
    if not _FLAT.fullmatch(line, 0, len(line) - 1):
        raise ValueError("not a flat list")
    values: list[Any] = json.loads(line.decode("utf-8"))
    return values


def _plain(value: Any) -> Any:  # Any: what a column holds, JSON
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return value.isoformat() if isinstance(value, datetime | date) else value


def _typed(kind: object, value: Any) -> Any:  # Any: JSON, what a column holds
    """Raises ValueError, TypeError or OverflowError for what a column of this kind never held. Of a column that this
    version does not know, any text or number will do."""
    match kind:
        case _ if value is None:
            return None
        case LargeBinary():
            return base64.b64decode(value, validate=True)
        case UtcTime():
            return datetime.fromisoformat(value).astimezone(UTC) if _has_zone(value) else _refuse(value)
        case Date():
            return date.fromisoformat(value)
        case Boolean():
            return value if isinstance(value, bool) else _refuse(value)
        case Integer():
            return _whole(value)
        case Float():
            return _number(value)
        case String():
            return _text(value)
    return _of_any_kind(value)


def _of_any_kind(value: Any) -> Any:  # Any: JSON
    if isinstance(value, bool):
        return value
    return _text(value) if isinstance(value, str) else _whole(value) if isinstance(value, int) else _number(value)


def _has_zone(value: str) -> bool:
    return datetime.fromisoformat(value).tzinfo is not None


def _whole(value: Any) -> int:  # Any: JSON
    fits = isinstance(value, int) and not isinstance(value, bool) and value.bit_length() <= BITS
    return value if fits else _refuse(value)  # type: ignore[no-any-return]  # a number by the line above


def _number(value: Any) -> float:  # Any: JSON
    fits = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return value if fits else _refuse(value)  # type: ignore[no-any-return]  # a number by the line above


def _text(value: Any) -> str:  # Any: JSON
    if not isinstance(value, str) or "\0" in value:
        _refuse(value)
    value.encode("utf-8")  # half of a pair of surrogates is no text
    return str(value)


def _refuse(value: Any) -> Any:  # Any: JSON, never returned
    raise ValueError(f"a {type(value).__name__} does not belong here")
