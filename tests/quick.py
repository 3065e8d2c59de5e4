"""Without what is slow on purpose, argon2 and waiting for the disk: for tests that ask a thousand things of one
company, and neither stop it nor guess."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from apiflask import APIFlask
from argon2.exceptions import VerificationError
from sqlalchemy import event

from server import password_hashes
from server.database import db
from tests.conftest import PASSWORD


class Plain:
    """Stands for argon2: the password is PASSWORD, or it is wrong."""

    def hash(self, password: str) -> str:
        """Nothing is looked up in it."""
        return "plain"

    def verify(self, password_hash: str, password: str) -> bool:
        """Raises VerificationError for any other."""
        if password != PASSWORD:
            raise VerificationError
        return True

    def check_needs_rehash(self, password_hash: str) -> bool:
        """Never."""
        return False


@contextmanager
def quick(app: APIFlask) -> Iterator[None]:
    """As long as the block runs; before anything was asked of the app."""
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", lambda opened, _: opened.execute("PRAGMA synchronous = OFF"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(password_hashes, "HASHER", Plain())
        patched.setattr(os, "fsync", lambda _: None)
        yield
