"""What of an export file is refused before anything is written: too many lines, empty lines, an end without a
signature; and one file at a time, since the memory and the work of two would add up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

from server.problems import Problem
from server.sync.exchange.import_ledger import HandedIn
from server.sync.ledgers.signed_file import is_signed

# A phone that is used all day writes a few hundred lines: these are thirty days of 600 or more, never sent.
MAX_LINES: Final = 20_000
# As many as one exchange may bring. So many come in held where the signature was damaged on the way.
MAX_UNSIGNED_LINES: Final = 500

_TAKING_IN: Final = Lock()


class LineEnds:
    """Counts line ends while a ledger is unpacked: of one that has too many the rest need not be."""

    def __init__(self) -> None:
        self._found = 0

    def __call__(self, piece: bytes) -> None:
        """The next bytes; raises Problem export_too_many_lines, with as many lines as have been seen by then."""
        self._found += piece.count(b"\n")
        if self._found > MAX_LINES:
            raise Problem("export_too_many_lines", lines=self._found, most=MAX_LINES)


def lines_of(content: bytes) -> list[bytes]:
    """The lines of a ledger. Nothing is split before it has been counted.

    Raises Problem: export_too_many_lines; export_empty_line, which no app writes.
    """
    whole = content[:-1] if content.endswith(b"\n") else content
    if not content:
        return []
    count = whole.count(b"\n") + 1
    if count > MAX_LINES:
        raise Problem("export_too_many_lines", lines=count, most=MAX_LINES)
    lines = whole.split(b"\n")
    if b"" in lines:
        raise Problem("export_empty_line", line=lines.index(b"") + 1)
    return lines


def refuse_unsigned(ledger: HandedIn) -> None:
    """Raise Problem export_unsigned where nothing says who wrote more lines than may come in held for that."""
    if len(ledger.lines) > MAX_UNSIGNED_LINES and not is_signed(ledger.public_key, ledger.signature, ledger.lines):
        raise Problem("export_unsigned", lines=len(ledger.lines), most=MAX_UNSIGNED_LINES)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """While this process takes a file in; raises Problem export_busy where it does so already."""
    if not _TAKING_IN.acquire(blocking=False):
        raise Problem("export_busy")
    try:
        yield
    finally:
        _TAKING_IN.release()
