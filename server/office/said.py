"""One-time messages: said on the page after a redirect, then forgotten.

They are kept in a small signed cookie of the office's own path, so that the app's pages and the office's never
read each other's.
"""

from __future__ import annotations

import hashlib
from typing import Final, Literal

from flask import Response, g, request
from itsdangerous import BadSignature, URLSafeSerializer

from server.services import services

COOKIE: Final = "undercroft_office_said"
Tone = Literal["good", "note", "bad"]


def say(tone: Tone, message: str, **figures: str | int) -> None:
    """Say the catalogue's `message` on the next page that this person opens."""
    _waiting().append([tone, message, figures])


def take() -> list[tuple[str, str, dict[str, str | int]]]:
    """What is to be said now: (tone, message, figures); it will not be said again."""
    g.said_taken = True
    try:
        said = _serializer().loads(request.cookies.get(COOKIE, ""))
    except BadSignature:
        said = []
    now = [*said, *_waiting()]
    _waiting().clear()
    return [(tone, message, figures) for tone, message, figures in now]


def keep(response: Response) -> Response:
    """Write the cookie for what is still to be said, or take it back once it was said."""
    secure = request.is_secure
    if _waiting():
        response.set_cookie(
            COOKIE,
            _serializer().dumps(_waiting()),
            max_age=120,
            path="/office",
            secure=secure,
            httponly=True,
            samesite="Strict",
        )
    elif g.get("said_taken") and COOKIE in request.cookies:
        response.delete_cookie(COOKIE, path="/office", secure=secure, httponly=True, samesite="Strict")
    return response


def _waiting() -> list[list[object]]:
    if "said_waiting" not in g:
        g.said_waiting = []
    waiting: list[list[object]] = g.said_waiting
    return waiting


def _serializer() -> URLSafeSerializer:
    sha256 = {"digest_method": hashlib.sha256}
    return URLSafeSerializer(services().settings.secret_key, salt="office-said", signer_kwargs=sha256)
