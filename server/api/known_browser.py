"""A browser in which somebody signed in to the office before: its tries at that account count for themselves.

It carries a cookie that names the person and the browser, signed with the server's secret (OWASP's device cookies).
It opens nothing: without the password it gives a few tries that strangers cannot use up.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from flask import Request
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response

from server.services import services

COOKIE: Final = "undercroft_office_known"
PATH: Final = "/office/sign-in"
KEPT: Final = timedelta(days=180)


def read(asked: Request) -> tuple[str, str] | None:
    """(the person's id, what names the browser) as this server has signed it; None for anything else."""
    try:
        person_id, browser = _serializer().loads(asked.cookies.get(COOKIE, ""))
    except (BadData, UnicodeError):
        return None
    return person_id, browser


def remember(asked: Request, response: Response, person_id: str) -> None:
    """Give the browser the cookie, after a right password; a browser of another person gets a new name."""
    before = read(asked)
    browser = before[1] if before is not None and before[0] == person_id else secrets.token_urlsafe(16)
    secure = asked.is_secure or services().settings.public_url.startswith("https:")
    age = int(KEPT.total_seconds())
    value = _serializer().dumps([person_id, browser])
    response.set_cookie(COOKIE, value, path=PATH, max_age=age, secure=secure, httponly=True, samesite="Strict")


def _serializer() -> URLSafeSerializer:
    sha256 = {"digest_method": hashlib.sha256}
    return URLSafeSerializer(services().settings.secret_key, salt="office-known-browser", signer_kwargs=sha256)
