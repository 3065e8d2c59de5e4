"""The blueprint that serves the phone's app: the shell, the manifest, the service worker and the static files.

The shell is one page for every address under /app: which screen is shown is decided on the phone, which has to
know it without a network anyway.
"""

from __future__ import annotations

import json
from typing import Final

from flask import Blueprint, Response, abort, current_app, render_template, request, send_from_directory
from werkzeug.wrappers import Response as AnyResponse

from pwa.assets import STATIC, STATIC_URL, Precache, content_hash, csp_hash, import_map, needed_by, phone_files, styles
from server.language import languages, negotiate, text
from server.settings import Settings

blueprint: Final = Blueprint("pwa", __name__, url_prefix="/app", template_folder="templates")

# The bars of the browser around the app, by day and in the basement: --sunken of styles/tokens.css.
THEME_COLOR: Final = {"light": "#eceae4", "dark": "#0b0e10"}
_RESCUE_STYLES: Final = tuple(f"{STATIC_URL}styles/{name}.css" for name in ("tokens", "reset", "rescue"))
_A_YEAR: Final = "public, max-age=31536000, immutable"


@blueprint.get("/")
@blueprint.get("/<path:screen>")
def shell(screen: str = "") -> AnyResponse:
    """The app's page, the same for every screen; it may run our own scripts and nothing else."""
    page = Response(_shell(), mimetype="text/html")
    page.headers["Content-Security-Policy"] = _content_security_policy()
    page.headers["Cache-Control"] = "no-cache"
    page.headers["Permissions-Policy"] = "camera=(self), geolocation=(self), microphone=()"
    page.headers["Referrer-Policy"] = "same-origin"
    page.headers["X-Content-Type-Options"] = "nosniff"
    page.add_etag()
    return page.make_conditional(request)


@blueprint.get("/manifest.webmanifest")
def manifest() -> Response:
    """What the phone needs to install the app, in the language of the phone (or of ?language=)."""
    wanted = request.args.get("language", "")
    language = wanted if wanted in languages() else negotiate(request.headers.get("Accept-Language"))
    icons = sorted((STATIC / "icons").glob("*.png"))
    body = {
        "id": "/app/",
        "name": text(language, "app-name"),
        "short_name": text(language, "app-short-name"),
        "description": text(language, "app-description"),
        "lang": language,
        "start_url": "/app/",
        "scope": "/app/",
        "display": "standalone",
        "orientation": "any",
        "theme_color": THEME_COLOR["light"],
        "background_color": THEME_COLOR["light"],
        "icons": [_icon(icon.name) for icon in icons if _icon_size(icon.name)],
    }
    answer = Response(json.dumps(body, ensure_ascii=False), mimetype="application/manifest+json")
    answer.headers["Vary"] = "Accept-Language"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@blueprint.get("/service-worker.js")
def service_worker() -> AnyResponse:
    """The service worker of exactly this version: what it has to store stands in its first line."""
    precache = Precache.of(_shell())
    rescue = {"page": _rescue(), "policy": _content_security_policy(), "files": _rescue_files()}
    listed = json.dumps({"version": precache.version, "files": precache.files, "rescue": rescue}, separators=(",", ":"))
    code = (STATIC / "service-worker.js").read_text("utf-8")
    answer = Response(f"self.UNDERCROFT = {listed};\n{code}", mimetype="text/javascript")
    answer.headers["Service-Worker-Allowed"] = "/app/"
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.add_etag()
    return answer.make_conditional(request)


@blueprint.get("/static/<path:file>")
def static(file: str) -> AnyResponse:
    """A file of the app. With ?v=<its hash, or the beginning of it> it may be kept for ever; other hashes: 404."""
    answer = send_from_directory(STATIC, file, conditional=False, etag=False)
    digest = content_hash(STATIC / file)
    version = request.args.get("v")
    if version is not None and not (len(version) >= 8 and digest.startswith(version)):
        abort(404)
    if file.endswith(".ftl"):
        answer.mimetype = "text/plain"
    answer.headers["Cache-Control"] = "no-cache" if version is None else _A_YEAR
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.set_etag(digest)
    return answer.make_conditional(request)


def _shell() -> str:
    """The page's text: a function of the app's files and the company's settings alone."""
    settings = _settings()
    files = phone_files()
    return render_template(
        "shell/app.html",
        import_map=import_map(),
        language=settings.language,
        languages=" ".join(languages()),
        timezone=settings.timezone,
        currency=settings.currency,
        theme_color=THEME_COLOR,
        styles=styles(files),
        icons=[url for url in files if url.startswith(STATIC_URL + "icons/") and url.endswith((".svg", ".png"))],
        name=text(settings.language, "app-name"),
    )


def _rescue() -> str:
    """The page that the service worker shows where it has not all of the app and no network."""
    settings = _settings()
    first = [settings.language, *(language for language in languages() if language != settings.language)]
    return render_template(
        "shell/rescue.html", import_map=import_map(), languages=first, styles=_RESCUE_STYLES, say=text
    )


def _rescue_files() -> dict[str, str]:
    """What that page needs: URL -> text."""
    sheets = {url: (STATIC / url.removeprefix(STATIC_URL)).read_text("utf-8") for url in _RESCUE_STYLES}
    return {**sheets, **needed_by("app/rescue.js", STATIC)}


def _settings() -> Settings:
    return current_app.extensions["undercroft"].settings  # type: ignore[no-any-return]  # an untyped dict of Flask


def _content_security_policy() -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {csp_hash(import_map())}",
            "style-src 'self'",
            "img-src 'self' blob: data:",
            "media-src 'self' blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


def _icon_size(name: str) -> str:
    """The side that an icon's name ends with ("icon-192.png" -> "192"); empty where it says none."""
    last = name.rsplit(".", 1)[0].rsplit("-", 1)[-1]
    return last if last.isdigit() else ""


def _icon(name: str) -> dict[str, str]:
    side = _icon_size(name)
    return {
        "src": f"{STATIC_URL}icons/{name}",
        "sizes": f"{side}x{side}",
        "type": "image/png",
        "purpose": "maskable" if "maskable" in name else "any",
    }
