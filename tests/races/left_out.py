"""Locks of the database that are left out on purpose, one place of the code at a time (`make planted`).

A place is where the code asks for a lock: a `with_for_update`, an advisory lock, or a call of one of the functions in
server/sync/store/locks.py. Leaving it out takes the lock out of the statements run from there, and nothing else.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any, Final
from unittest.mock import patch

from sqlalchemy import Engine, event

from tests import databases

SERVER: Final = Path(__file__).parents[2] / "server"
ADVISORY: Final = frozenset({"pg_advisory_xact_lock", "pg_advisory_xact_lock_shared"})
LOCKING: Final = ADVISORY | {"with_for_update"}
LOCKS: Final = SERVER / "sync" / "store" / "locks.py"
OF_A_ROW: Final = re.compile(r" FOR (NO KEY UPDATE|KEY SHARE|UPDATE|SHARE)( OF \w+)?")
OF_ALL: Final = re.compile(r"pg_advisory_xact_lock(_shared)?\(")
# So long the first of two waits for the second to wait, which may never come to it now.
SOON_S: Final = 4.0


@dataclass(frozen=True, order=True)
class Place:
    """Where a lock is asked for: the file under server/, the function (or the statement made once, with the module's
    name for it), and how."""

    file: str
    where: str
    how: str

    def __str__(self) -> str:
        return f"{self.file} {self.where} {self.how}"


@cache
def functions_that_lock() -> frozenset[str]:
    """The functions of server/sync/store/locks.py."""
    body = ast.parse(LOCKS.read_text("utf-8")).body
    return frozenset(node.name for node in body if isinstance(node, ast.FunctionDef))


@cache
def places() -> list[Place]:
    """Every place in the server's code that asks for a lock of the database."""
    found: set[Place] = set()
    for file in SERVER.rglob("*.py"):
        for top in ast.parse(file.read_text("utf-8")).body:
            found |= set(_in(top, file.relative_to(SERVER).as_posix(), _named(top)))
    return sorted(found)


def _named(top: ast.stmt) -> str:
    """The name of a statement that a module makes once."""
    targets = top.targets if isinstance(top, ast.Assign) else [top.target] if isinstance(top, ast.AnnAssign) else []
    return next((each.id for each in targets if isinstance(each, ast.Name)), "")


def _in(node: ast.AST, file: str, where: str) -> Iterator[Place]:
    if isinstance(node, ast.FunctionDef):
        where = node.name
    if isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called in LOCKING | functions_that_lock():
            yield Place(file, where, called)
    for child in ast.iter_child_nodes(node):
        yield from _in(child, file, where)


@contextmanager
def left_out(place: Place) -> Iterator[list[str]]:
    """The lock at this place is not taken. Gives the statements that it was taken out of."""
    done: list[str] = []

    def change(_c: object, _u: object, statement: str, parameters: Any, context: Any, _m: object) -> tuple[str, Any]:
        if not _asks_for_a_lock(statement, place.how) or not _comes_from(place, context):
            return statement, parameters
        done.append(statement)
        return OF_ALL.sub("concat(", OF_A_ROW.sub("", statement)), parameters

    event.listen(Engine, "before_cursor_execute", change, retval=True)
    try:
        with patch.object(databases, "WAITS_S", SOON_S), patch.object(databases, "MUST_WAIT", False):
            yield done
    finally:
        event.remove(Engine, "before_cursor_execute", change)


def places_asked_at(statement: str, context: Any) -> list[Place]:  # Any: SQLAlchemy's execution context
    """From which places the statement that is about to be run asks for its lock."""
    return [place for place in places() if _asks_for_a_lock(statement, place.how) and _comes_from(place, context)]


def _asks_for_a_lock(statement: str, how: str) -> bool:
    if how in ADVISORY:
        return f"{how}(" in statement
    return OF_ALL.search(statement) is not None or OF_A_ROW.search(statement) is not None


def _comes_from(place: Place, context: Any) -> bool:  # Any: SQLAlchemy's execution context
    if place.where.isupper():
        module = import_module("server." + place.file.removesuffix(".py").replace("/", "."))
        return context is not None and context.invoked_statement is getattr(module, place.where)
    frames = list(_frames(sys._getframe()))
    if place.how in LOCKING:
        return bool(frames) and frames[0] == (place.file, place.where)
    asked = (LOCKS.relative_to(SERVER).as_posix(), place.how)
    return any((inner, outer) == (asked, (place.file, place.where)) for inner, outer in pairwise(frames))


def _frames(frame: FrameType | None) -> Iterator[tuple[str, str]]:
    """The server's functions that are at work, innermost first; what a function made inside another stays its own."""
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith(f"{SERVER}/"):
            yield file.removeprefix(f"{SERVER}/"), frame.f_code.co_name
        frame = frame.f_back
