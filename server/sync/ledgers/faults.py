"""What goes wrong that is not the operation's fault: the machine's trouble, and our own mistakes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final, TypeVar

from sqlalchemy.exc import IntegrityError, InterfaceError, InternalError, OperationalError, TimeoutError

from server.documents.operation import Held
from server.sync.ledgers.line import Line
from server.traces import trace

log = logging.getLogger(__name__)

T = TypeVar("T")

# The machine, or the database itself, is in trouble: nothing is wrong with the operation, and it comes again.
# DataError is none of them: that is a value that does not fit.
TROUBLE: Final = (MemoryError, OSError, OperationalError, InterfaceError, InternalError, TimeoutError)


def as_held(error: Exception, line: Line) -> Held:
    """A fault of ours in applying `line`, as the reason for which it is held: nothing else must wait for it."""
    log.error("could not apply operation %r (%r)\n%s", line.id, line.kind, trace(error))
    return Held("invalid_data", problem="could_not_apply", error=type(error).__name__)


def seeing_others(work: Callable[[], T]) -> T:
    """What `work` returns, which undoes what it did where it raises. It is done once more where somebody else has
    opened the same order, taken the same number or begun the same count in this moment: now that can be seen."""
    try:
        return work()
    except IntegrityError:
        return work()
