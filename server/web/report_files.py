"""The signed report as a file that is sent."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from flask import Response, request, url_for
from sqlalchemy import Connection

from server.language import languages
from server.paper.report_pdf import report_pdf
from server.problems import Problem
from server.services import services
from server.sync.operations.proof import line_of


def newest_signature(connection: Connection, body: dict[str, Any]) -> dict[str, Any]:  # Any: JSON
    """What the last `signature.record` of a work order's document recorded, with its `time` and `number` and the
    id of its `work_order`.

    Raises Problem `not_signed`.
    """
    if not body["signatures"]:
        raise Problem("not_signed")
    shown = body["signatures"][-1]
    raw = line_of(connection, shown["operation"], "signature.record")
    if raw is None:
        # A phone gave the order back after a restore, and has not sent its lines again yet.
        raise Problem("not_signed")
    recorded = json.loads(raw)
    known = {"work_order": recorded["target"], "number": body["number"], "time": shown["time"]}
    return {**recorded["data"], **known}


def dump_name(name: str) -> dict[str, str]:
    """A file name as parameters of Content-Disposition; beyond ASCII as RFC 6266 has it."""
    if name.isascii():
        return {"filename": name}
    return {
        "filename": name.encode("ascii", "replace").decode().replace("?", "_"),
        "filename*": f"UTF-8''{quote(name)}",
    }


def report_response(signature: dict[str, Any], language: str | None) -> Response:  # Any: JSON
    """The PDF of `newest_signature`, labelled in `language` or in the one that the customer read."""
    settings = services().settings
    read_in = json.loads(signature["report"]).get("language")
    labels = language or (read_in if read_in in languages() else settings.language)
    root = settings.public_url or request.url_root.rstrip("/")
    path = url_for("customer.check_paper", work_order_id=signature["work_order"], digest=signature["sha256"])
    link = f"{root}{path}"
    paper = report_pdf(signature, labels, link, settings.timezone)
    response = Response(paper, mimetype="application/pdf")
    # An order's number may be anything that people write; the header's own quoting keeps it a file name.
    name = "".join(letter if letter.isprintable() else " " for letter in signature["number"])
    response.headers.set("Content-Disposition", "inline", **dump_name(f"{name}.pdf"))
    response.headers["Cache-Control"] = "private, no-cache"
    return response
