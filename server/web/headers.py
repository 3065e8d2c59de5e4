"""Headers that every answer carries: what a browser may do with it."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, request

PERMISSIONS: Final = (
    "accelerometer=(), camera=(self), display-capture=(), geolocation=(self), gyroscope=(), magnetometer=(), "
    "microphone=(), payment=(), usb=()"
)


def content_security_policy(*script_sources: str) -> str:
    """The policy of all pages: nothing from elsewhere, no inline script but those named.

    `script_sources` are further sources as the header writes them: "'sha256-…'" or "'nonce-…'".
    """
    scripts = " ".join(("'self'", *script_sources))
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self'; img-src 'self' blob: data:; "
        "font-src 'self'; connect-src 'self'; media-src 'self' blob:; worker-src 'self'; "
        "manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def install(app: Flask) -> None:
    """Add the headers to every answer; a view that set one of them itself keeps its own."""
    app.after_request(_add)


def _add(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", content_security_policy())
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", PERMISSIONS)
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.path.startswith("/api/"):
        headers.setdefault("Cache-Control", "no-store")
    return response
