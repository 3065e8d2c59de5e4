"""One-time messages: said on the page after a redirect, then forgotten.

They are kept in a small signed cookie of the office's own path, so that the app's pages and the office's never
read each other's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final, Literal

from flask import Response, g, request
from itsdangerous import BadSignature, URLSafeSerializer

from server.services import services

COOKIE: Final = "undercroft_office_said"
Tone = Literal["good", "note", "bad"]
_TYPED: Final = "typed"


def say(tone: Tone, message: str, **figures: str | int) -> None:
    """Say the catalogue's `message` on the next page that this person opens."""
    _waiting().append([tone, message, figures])


def keep_typed(about: str, fields: Mapping[str, str]) -> None:
    """Show what was typed into a form and not taken there again, to whoever typed it and to nobody else: `about` names
    the form on the next page."""
    _waiting().append([_TYPED, _of_caller(about), dict(fields)])


def has_typed() -> bool:
    """Whether the next page shows what was typed now."""
    return any(tone == _TYPED for tone, *_ in _waiting())


def typed(about: str) -> dict[str, str]:
    """What was typed into this form and not taken; nothing where it was not sent last."""
    return next((fields for tone, form, fields in _kept() if tone == _TYPED and form == _of_caller(about)), {})


def _of_caller(about: str) -> str:
    return f"{g.caller.person_id} {about}"


def take() -> list[tuple[str, str, dict[str, str | int]]]:
    """What is to be said now: (tone, message, figures); it will not be said again."""
    g.said_taken = True
    now = [*_kept(), *_waiting()]
    _waiting().clear()
    return [(tone, message, figures) for tone, message, figures in now if tone != _TYPED]


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


def _kept() -> list[list[Any]]:  # Any: a word, a word, and what goes with them
    """What the page before left to be said."""
    try:
        kept: list[list[Any]] = _serializer().loads(request.cookies.get(COOKIE, ""))
    except BadSignature:
        return []
    return kept


def _waiting() -> list[list[object]]:
    if "said_waiting" not in g:
        g.said_waiting = []
    waiting: list[list[object]] = g.said_waiting
    return waiting


def _serializer() -> URLSafeSerializer:
    sha256 = {"digest_method": hashlib.sha256}
    return URLSafeSerializer(services().settings.secret_key, salt="office-said", signer_kwargs=sha256)
