"""Pages for customers: whoever holds a signed report sees whether it is genuine, without signing in."""

from __future__ import annotations

import json
from typing import Any, Final, Literal

from flask import Blueprint, render_template
from sqlalchemy import Connection, select

from server.database import reading
from server.evidence.time_bounds import proven
from server.language import format_time, text
from server.models import Document
from server.services import services
from server.sync.operations.proof import stands
from server.web.errors import reader_language

blueprint: Final = Blueprint("customer", __name__, template_folder="../../pwa/templates")

Verdict = Literal["genuine", "broken", "unknown"]


@blueprint.get("/check/<uuid:work_order_id>/<digest>")
def check_paper(work_order_id: object, digest: str) -> tuple[str, int]:
    """GET /check/<work order>/<SHA-256>: the link in the code on the paper, which names both.

    It says nothing that is not on the paper already, and nobody can guess it.
    """
    language = reader_language()
    with reading() as connection:
        verdict, number, signature = _judge(connection, str(work_order_id), digest)
    bounds = zip(("earliest", "latest"), proven(signature.get("time", {})), strict=True)
    zone = services().settings.timezone
    page = render_template(
        "customer/check.html",
        language=language,
        say=lambda message, **figures: text(language, message, **figures),
        verdict=verdict,
        number=number,
        digest=digest,
        superseded=signature.get("state") == "superseded",
        bounds={name: format_time(moment, language, zone) for name, moment in bounds if moment},
    )
    return page, 404 if verdict == "unknown" else 200


def _judge(connection: Connection, work_order_id: str, digest: str) -> tuple[Verdict, str, dict[str, Any]]:  # Any: JSON
    """What is known of a digest on a work order, its number, and the signature."""
    body = connection.execute(
        select(Document.body).where(Document.type == "work_order", Document.id == work_order_id)
    ).scalar_one_or_none()
    order: dict[str, Any] = json.loads(body) if body is not None else {"signatures": []}  # Any: JSON
    for signature in order["signatures"]:
        if signature["sha256"] == digest:
            whole = signature["state"] != "broken" and stands(connection, signature["operation"])
            return "genuine" if whole else "broken", order["number"], signature
    return "unknown", "", {}
