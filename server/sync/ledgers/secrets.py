"""Keys derived from the server's one secret, one for each purpose."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def fernet_for(secret: str, purpose: str) -> Fernet:
    """Authenticated encryption under a key that only this `purpose` uses (HKDF, RFC 5869)."""
    return Fernet(base64.urlsafe_b64encode(_derived(secret, purpose)))


def check_value(secret: str) -> str:
    """What tells whether another secret is this one, and says nothing else of it; 64 hexadecimal digits."""
    return _derived(secret, "key-check").hex()


def _derived(secret: str, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"undercroft:" + purpose.encode()).derive(
        secret.encode()
    )


def fernets_for(secret: str, former: tuple[str, ...], purpose: str) -> MultiFernet:
    """Encrypts under `secret`, and also opens what was encrypted under one of the `former` ones."""
    return MultiFernet([fernet_for(each, purpose) for each in (secret, *former)])
