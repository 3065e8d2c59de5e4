"""The report that a customer signed, as paper."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from apiflask import APIBlueprint, Schema
from flask import Response, request, url_for
from marshmallow.validate import OneOf
from sqlalchemy import Connection

from server.api import security
from server.api.schemas import Text
from server.api.work_orders import visible_document
from server.database import reading
from server.evidence.report_pdf import report_pdf
from server.language import languages
from server.problems import Problem
from server.services import services
from server.sync.proof import line_of

blueprint = APIBlueprint("reports", __name__, url_prefix="/api/v1", tag="Work orders")


class ReportQuery(Schema):
    """How the report is labelled."""

    language = Text(
        load_default=None,
        validate=OneOf(languages()),
        metadata={"description": "Of the labels; otherwise the language in which the customer read it."},
    )


@blueprint.get("/work-orders/<uuid:work_order_id>/report.pdf")
@blueprint.input(ReportQuery, location="query")
@blueprint.doc(responses={200: "The report as PDF", 401: "", 404: "`not_signed` before a signature is in"})
def show_report(work_order_id: object, query_data: dict[str, Any]) -> Response:  # Any: ReportQuery
    """The signed report as PDF"""
    caller = security.require_person()
    with reading() as connection:
        row = visible_document(connection, caller, str(work_order_id))
        signature = newest_signature(connection, json.loads(row.body))
    return report_response(signature, query_data["language"])


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
