"""A browser in which somebody signed in to the office before: its tries at that account count for themselves.

It carries a cookie that names the person and the browser, signed with the server's secret (OWASP's device cookies).
It opens nothing: without the password it gives a few tries that strangers cannot use up. What ends the person's
sessions, such as another password, makes it a stranger's too.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask import Request
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response

from server.services import services

COOKIE: Final = "undercroft_office_known"
PATH: Final = "/office/sign-in"
KEPT: Final = timedelta(days=180)


@dataclass(frozen=True)
class KnownBrowser:
    """What a cookie says: whose browser, what names it, and the `sign_in_version` that the person had then."""

    person_id: str
    name: str
    sign_in_version: int


def read(asked: Request) -> KnownBrowser | None:
    """What this server has signed; None for anything else. Whether it still counts, the person's row says."""
    try:
        said = _serializer().loads(asked.cookies.get(COOKIE, ""))
    except (BadData, UnicodeError):
        return None
    match said:
        case [str(person_id), str(name), int(version)]:
            return KnownBrowser(person_id, name, version)
    return None


def remember(asked: Request, response: Response, person_id: str, sign_in_version: int) -> None:
    """Give the browser the cookie, after a right password; a browser of another person gets a new name."""
    before = read(asked)
    browser = before.name if before is not None and before.person_id == person_id else secrets.token_urlsafe(16)
    secure = asked.is_secure or services().settings.public_url.startswith("https:")
    age = int(KEPT.total_seconds())
    value = _serializer().dumps([person_id, browser, sign_in_version])
    response.set_cookie(COOKIE, value, path=PATH, max_age=age, secure=secure, httponly=True, samesite="Strict")


def _serializer() -> URLSafeSerializer:
    sha256 = {"digest_method": hashlib.sha256}
    return URLSafeSerializer(services().settings.secret_key, salt="office-known-browser", signer_kwargs=sha256)
