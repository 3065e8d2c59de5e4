"""The evidence bundle of a work order as a file that is sent."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, request
from sqlalchemy import Connection

from server.bundle.writing import Making, write_bundle
from server.models import OFFICE_ROLES, REVIEWER_ROLES
from server.problems import Problem
from server.services import services
from server.web.made_files import answer_with
from server.web.report_files import dump_name

CHAINS: Final = ("order", "whole")


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
