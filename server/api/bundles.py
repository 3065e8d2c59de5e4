"""The evidence bundle of a work order: what a customer or a court can check without this server."""

from __future__ import annotations

import json
from typing import Any

from apiflask import APIBlueprint, Schema
from flask import Response
from marshmallow.validate import OneOf

from server.api.schemas import Text
from server.api.work_orders import visible_document
from server.database import reading
from server.web import security
from server.web.bundle_files import CHAINS, bundle_response

blueprint = APIBlueprint("bundles", __name__, url_prefix="/api/v1", tag="Work orders")


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
