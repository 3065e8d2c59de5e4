"""What every app of a run would make anew, and all have alike: the code of templates and of addresses. And passwords
are hashed as on a server, by argon2 in threads of their own, at a cost that no server would have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import pytest
from argon2 import PasswordHasher
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from server.api import passwords

AS_ON_A_SERVER: Final = passwords.HASHER
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
def hashing_by(hasher: PasswordHasher) -> Iterator[None]:
    """As long as the block runs, in this process."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(passwords, "HASHER", hasher)
        passwords._nobodys_hash.cache_clear()
        yield
    passwords._nobodys_hash.cache_clear()


@pytest.fixture
def hashing_as_on_a_server() -> Iterator[None]:
    """Passwords cost what they cost on a server."""
    with hashing_by(AS_ON_A_SERVER):
        yield
