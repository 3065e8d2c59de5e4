"""What somebody typed into a form that was not taken in, because their session had ended or something was wrong with
it: the pages in between carry it on, and after them it is in its form again, to be sent, by whom it was typed and by
nobody else. Nothing stays at the server.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import Final
from urllib.parse import urlsplit

from flask import g, request

from server.office.shell.once import FIELD as ONCE
from server.office.shell.preferences import inside
from server.rules.ids import is_id

KEPT: Final = "kept"
# Whose page the form was filled in on (pwa/static/office/typed.js).
WRITER: Final = "writer"
# The one view whose forms have a file.
TAKES_A_FILE: Final = "office.import_file"
# Beside what is typed a form carries what the page had shown, and where it was.
_UNTYPED: Final = re.compile(rf"seen|back|page|{ONCE}|was\..*")
# Ids and words of ours, which were chosen and not typed.
_CHOSEN: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z_]+")


@dataclass(frozen=True)
class Kept:
    """A form that was not sent: where it goes, the page that it is on, and its fields in their order. `left_out` where
    it had passwords or files, which are not carried on. `writer`: the id of who typed it, None where it is not said."""

    action: str
    page: str
    fields: list[tuple[str, str]]
    left_out: bool
    writer: str | None = None

    def as_text(self) -> str:
        """For a hidden field."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @property
    def texts(self) -> list[str]:
        """What a person may have typed, to be read and copied."""
        typed = (text for name, text in self.fields if not _UNTYPED.fullmatch(name))
        return [text for text in typed if text.strip() and not _CHOSEN.fullmatch(text)]


def of_request() -> Kept:
    """The form that this request has sent."""
    fields = [(name, text) for name, text in request.form.items(multi=True) if name != WRITER]
    typed = [(name, text) for name, text in fields if "password" not in name]
    return Kept(request.path, _page(), typed, len(typed) < len(fields) or bool(request.files), writer())


def writer() -> str | None:
    """Who typed the form that this request has sent: whose page it was; else who is signed in."""
    # A form with a file is read where it is taken in, which alone knows how large it may be.
    named = None if request.endpoint == TAKES_A_FILE else request.form.get(WRITER)
    if named is not None and is_id(named):
        return named
    caller = g.get("caller")
    return caller.person_id if caller is not None else None


def writer_beside_a_file() -> str | None:
    """The same of a form with a file, once its view has set how large it may be."""
    named = request.form.get(WRITER, "")
    return named if is_id(named) else writer()


def carried() -> Kept | None:
    """What the sign-in form that this request has sent carries on; None for nothing, and for what is not from here."""
    try:
        read = json.loads(request.form.get(KEPT, ""))
        json.dumps(read, ensure_ascii=False).encode()  # halves of signs stand on no page
        fields = [(str(name), str(text)) for name, text in read["fields"]]
        action, page, left_out = str(read["action"]), str(read["page"]), bool(read["left_out"])
        named = read.get("writer")
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    typed_by = named if isinstance(named, str) and is_id(named) else None
    return Kept(action, inside(page), fields, left_out, typed_by) if inside(action) == action else None


def _page() -> str:
    """The page that the form is on: a form that other addresses show too says so, of others the browser."""
    if "page" in request.form:
        return inside(request.form["page"])
    try:
        said = urlsplit(request.referrer or "")
    except ValueError:
        return inside(request.form.get("back"))
    page = f"{said.path}?{said.query}" if said.query else said.path
    return inside(page if said.netloc == request.host else request.form.get("back"))
