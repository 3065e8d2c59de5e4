"""The report that a customer signed, as paper."""

from __future__ import annotations

import json
from typing import Any

from apiflask import APIBlueprint, Schema
from flask import Response
from marshmallow.validate import OneOf

from server.api.schemas import Text
from server.api.work_orders import visible_document
from server.database import reading
from server.language import languages
from server.web import security
from server.web.report_files import newest_signature, report_response

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
