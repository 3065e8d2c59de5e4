"""Passwords: argon2id with the parameters that the OWASP Password Storage Cheat Sheet recommends."""

from __future__ import annotations

from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    """The PHC string to keep for `password`."""
    return HASHER.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether `password` belongs to the hash; without a hash it works as long and says no."""
    try:
        HASHER.verify(password_hash or _nobodys_hash(), password)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False
    return password_hash is not None


def outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(password_hash)


@cache
def _nobodys_hash() -> str:
    return HASHER.hash("nobody has this password")


_nobodys_hash()  # made when the module loads: the first unknown name must not take longer than the next
