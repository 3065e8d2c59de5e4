"""The evidence bundle of a work order: what a customer or a court can check without this server."""

from __future__ import annotations

import json
from typing import Any, Final

from apiflask import APIBlueprint, Schema
from flask import Response, request
from marshmallow.validate import OneOf
from sqlalchemy import Connection

from server.api import security
from server.api.made_files import answer_with
from server.api.reports import dump_name
from server.api.schemas import Text
from server.api.work_orders import visible_document
from server.bundle.writing import Making, write_bundle
from server.database import reading
from server.models import OFFICE_ROLES, REVIEWER_ROLES
from server.problems import Problem
from server.services import services

blueprint = APIBlueprint("bundles", __name__, url_prefix="/api/v1", tag="Work orders")

CHAINS: Final = ("order", "whole")


class BundleQuery(Schema):
    """How much of the chain the bundle shows."""

    chain = Text(
        load_default="order",
        validate=OneOf(CHAINS),
        metadata={
            "description": "`order`: lines of other orders, and what is held of this one, are in it as hashes only. "
            "`whole`: they are in it where the chain needs them, for a court; only reviewers may have that."
        },
    )


@blueprint.get("/work-orders/<uuid:work_order_id>/evidence.zip")
@blueprint.input(BundleQuery, location="query")
@blueprint.doc(responses={200: "The bundle as ZIP", 401: "", 403: "", 404: "", 503: "", 507: ""})
def show_bundle(work_order_id: object, query_data: dict[str, Any]) -> Response:  # Any: BundleQuery
    """The evidence bundle, for the office's roles"""
    caller = security.require_person()
    with reading() as connection:
        row = visible_document(connection, caller, str(work_order_id))
        return bundle_response(connection, row.id, json.loads(row.body), caller.role, query_data["chain"])


def bundle_response(
    connection: Connection,
    work_order_id: str,
    body: dict[str, Any],  # Any: JSON
    role: str,
    chain: str,
) -> Response:
    """The bundle of this document; raises Problem: not_permitted where the role may not have it, busy, disk_full."""
    if role not in (REVIEWER_ROLES if chain == "whole" else OFFICE_ROLES):
        raise Problem("not_permitted")
    here = services()
    root = here.settings.public_url or request.url_root.rstrip("/")
    making = Making(
        here.photos, here.anchors, here.settings.timezone, here.settings.language, root, whole_chain=chain == "whole"
    )
    response = answer_with(
        lambda file: write_bundle(connection, work_order_id, body, file, making), mimetype="application/zip"
    )
    name = "".join(letter if letter.isprintable() and letter not in '/\\"' else "_" for letter in body["number"])
    response.headers.set("Content-Disposition", "attachment", **dump_name(f"evidence-{name}.zip"))
    return response
