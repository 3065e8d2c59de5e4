"""Whether a file's end is signed by the key that the file names."""

from __future__ import annotations

from server.sync.ledgers.ledger import signature_fits


def is_signed(public_key: str, signature: str | None, lines: list[bytes]) -> bool:
    """Whether `signature` is that of the last line under `public_key` (a JWK's text). No lines need none."""
    return not lines or signature_fits(public_key, signature, lines[-1])
