"""From where a request comes."""

from __future__ import annotations

from typing import Final

from flask import Request, has_request_context, request

from server.loopback import is_loopback
from server.web.wrong_passwords import hash_of

# Of an address's hash: enough to see which lines of a log belong together.
DIGITS: Final = 16


def client_address(asked: Request) -> str:
    """The address that asks; behind a proxy on this machine, the one that the proxy saw."""
    address = asked.remote_addr or ""
    forwarded = asked.headers.get("X-Forwarded-For", "")
    if is_loopback(address) and forwarded:
        return forwarded.rsplit(",", 1)[-1].strip()
    return address


def as_told(address: str | None = None) -> str | None:
    """How a log tells an address, that of this request where none is given; None where nobody asks."""
    if address is None and not has_request_context():
        return None
    return hash_of(client_address(request) if address is None else address)[:DIGITS]
