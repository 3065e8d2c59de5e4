"""What a log may say of an error: where it happened and of what kind it is, and no value that somebody typed.

The message of an error can hold anything: PostgreSQL names the row that stood in the way, a KeyError the text that
was looked for. Logs go further than the database and are kept otherwise, so they get none of it.
"""

from __future__ import annotations

import logging
import sqlite3
import time
import traceback
from types import TracebackType
from typing import Final

from psycopg import Error as PostgresqlError
from sqlalchemy.exc import DBAPIError

from server.problems import Problem

LOG_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"

_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class DiscreetFormatter(logging.Formatter):
    """Writes the errors that others log as `trace` does, and times in UTC."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def formatException(self, ei: _Raised) -> str:
        """Called by logging where a record comes with an error."""
        return trace(ei[1]) if ei[1] is not None else ""


def trace(error: BaseException) -> str:
    """The lines of the program that led to `error`, and to what caused it, the cause first."""
    chain: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in chain:
        chain.append(one)
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    told = [f"{''.join(traceback.format_tb(each.__traceback__))}{kind(each)}" for each in reversed(chain)]
    return "\nthen\n".join(told)


def kind(error: BaseException) -> str:
    """What `error` is, with those facts about it that no person has typed."""
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    facts = [str(fact) for fact in _facts(error) if fact is not None]
    return f"{name} ({'; '.join(facts)})" if facts else name


def _facts(error: BaseException) -> tuple[object, ...]:
    match error:
        case DBAPIError():
            # As it was prepared: values are sent beside it.
            return kind(error.orig) if error.orig is not None else None, error.statement
        case PostgresqlError():
            return error.sqlstate, error.diag.table_name, error.diag.constraint_name
        case sqlite3.IntegrityError():
            return (str(error),)  # names of tables, columns and constraints only
        case sqlite3.Error():
            return (getattr(error, "sqlite_errorname", None),)
        case Problem():
            return (error.code,)
        case OSError():
            return error.errno, error.strerror
    return ()
