"""What every app of a run would make anew, and all have alike: the code of templates and of addresses, statements in
the words of a database. And passwords are hashed as on a server, by argon2 in threads of their own, at a cost that no
server would have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.interfaces import Compiled
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from server import password_hashes
from server.database import db

AS_ON_A_SERVER: Final = password_hashes.HASHER
CHEAP: Final = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Templates(BytecodeCache):
    """Compiled templates by name and source, as Jinja keys them."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Puts into the bucket what was compiled of the same source."""
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])
        if bucket.code is None:
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps what was compiled."""
        self._compiled[bucket.key] = bucket.bytecode_to_string()


TEMPLATES: Final = Templates()
# Far more than there are.
STATEMENTS: Final[LRUCache[object, Compiled]] = LRUCache(5000)


@contextmanager
def builders_made_once() -> Iterator[None]:
    """Werkzeug compiles two functions for each address of each app; they hold nothing of the app."""
    made: dict[object, Callable[..., tuple[str, str]]] = {}
    compile_builder = Rule._compile_builder

    def remembered(self: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if self.defaults:
            return compile_builder(self, append_unknown)
        key = (self.rule, tuple(self._trace), append_unknown)
        if key not in made:
            made[key] = compile_builder(self, append_unknown)
        return made[key]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Rule, "_compile_builder", remembered)
        yield


@contextmanager
def dialects_alike() -> Iterator[None]:
    """What was compiled for one engine's dialect serves another's of its kind: a run has one server, or one SQLite."""
    with pytest.MonkeyPatch.context() as patched:
        for kind in (SQLiteDialect_pysqlite, PGDialect_psycopg):
            patched.setattr(kind, "__eq__", lambda one, other: type(one) is type(other))
            patched.setattr(kind, "__hash__", lambda one: hash(type(one)))
        yield


def make_once(app: Flask) -> None:
    """Before anything is asked of the app: it takes what others of this run have made."""
    app.jinja_env.bytecode_cache = TEMPLATES
    with app.app_context():
        db.engine._compiled_cache = STATEMENTS
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", lambda opened, _: opened.execute("PRAGMA synchronous = OFF"))


@contextmanager
def hashing_by(hasher: PasswordHasher) -> Iterator[None]:
    """As long as the block runs, in this process."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(password_hashes, "HASHER", hasher)
        _make_nobodys_hash()
        yield
    _make_nobodys_hash()


def _make_nobodys_hash() -> None:
    """As the module does when it loads: what stands for the hasher in a test need not make one."""
    password_hashes._nobodys_hash.cache_clear()
    password_hashes._nobodys_hash()


@pytest.fixture
def hashing_as_on_a_server() -> Iterator[None]:
    """Passwords cost what they cost on a server."""
    with hashing_by(AS_ON_A_SERVER):
        yield
