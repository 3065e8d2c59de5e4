"""The evidence bundle of a work order as a file that is sent."""

from __future__ import annotations

import tempfile
from typing import IO, Any, Final, cast

from flask import Response, request, send_file
from sqlalchemy import Connection

from server.bundle.writing import Making, write_bundle
from server.models import OFFICE_ROLES, REVIEWER_ROLES
from server.problems import Problem
from server.services import services
from server.web.report_files import dump_name

CHAINS: Final = ("order", "whole")
# What is larger waits on the disk until it is sent.
IN_MEMORY: Final = 4 * 1024 * 1024


def bundle_response(
    connection: Connection,
    work_order_id: str,
    body: dict[str, Any],  # Any: JSON
    role: str,
    chain: str,
) -> Response:
    """The bundle of this document; raises Problem `not_permitted` where the role may not have it."""
    if role not in (REVIEWER_ROLES if chain == "whole" else OFFICE_ROLES):
        raise Problem("not_permitted")
    here = services()
    root = here.settings.public_url or request.url_root.rstrip("/")
    making = Making(
        here.photos, here.anchors, here.settings.timezone, here.settings.language, root, whole_chain=chain == "whole"
    )
    file = cast(IO[bytes], tempfile.SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115  # the response closes it
    write_bundle(connection, work_order_id, body, file, making)
    size = file.tell()
    file.seek(0)
    response = send_file(file, mimetype="application/zip")
    response.content_length = size
    name = "".join(letter if letter.isprintable() and letter not in '/\\"' else "_" for letter in body["number"])
    response.headers.set("Content-Disposition", "attachment", **dump_name(f"evidence-{name}.zip"))
    response.headers["Cache-Control"] = "private, no-store"
    return response
