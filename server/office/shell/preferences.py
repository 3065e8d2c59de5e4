"""Language and theme of the office's pages, kept in the browser."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from server.language import languages, negotiate
from server.office.shell.reader import THEMES, Reader
from server.services import services
from server.web.security import refuse_cross_origin

LANGUAGE_COOKIE = "undercroft_office_language"
THEME_COOKIE = "undercroft_office_theme"
YEAR_S = 365 * 24 * 3600


def register(blueprint: Blueprint) -> None:
    """Add this module's pages."""
    blueprint.post("/preferences", endpoint="change_preferences")(change_preferences)


def reader() -> Reader:
    """The reader of this request: what they chose, else what their browser asks for, else the company's language."""
    settings = services().settings
    language = request.cookies.get(LANGUAGE_COOKIE, "")
    if language not in languages():
        language = negotiate(request.headers.get("Accept-Language"), settings.language)
    theme = request.cookies.get(THEME_COOKIE, "")
    return Reader(
        language,
        theme if theme in THEMES else THEMES[0],
        ZoneInfo(settings.timezone),
        settings.currency,
        services().now(),
    )


def change_preferences() -> ResponseReturnValue:
    """POST /office/preferences: keep language or theme and go back to where they were changed."""
    refuse_cross_origin(request)
    response = redirect(inside(request.form.get("back")), 303)
    for name, cookie, allowed in (("language", LANGUAGE_COOKIE, languages()), ("theme", THEME_COOKIE, THEMES)):
        value = request.form.get(name, "")
        if value in allowed:
            response.set_cookie(
                cookie, value, max_age=YEAR_S, path="/office", secure=request.is_secure, httponly=True, samesite="Lax"
            )
    return response


def inside(back: str | None) -> str:
    """`back` if it is a page of the office, else Today: nobody is sent to another site from here.

    Signs that cannot be printed are in no address of ours; a header takes no line ends.
    """
    if not back or not back.startswith("/office/") or not back.isprintable():
        return url_for("office.today")
    if "\\" not in back and "//" not in back.partition("?")[0]:
        return back
    return url_for("office.today")
