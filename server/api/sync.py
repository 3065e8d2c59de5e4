"""The exchange over HTTP: what may come in is bounded here, what it means is `server.sync.exchange.exchange`'s."""

from __future__ import annotations

from typing import Any, Final

from apiflask import APIBlueprint
from flask import Response

from server.api.metrics import count_exchange
from server.api.schemas import SyncAnswer, SyncRequest
from server.database import reading, write_first, write_if_free
from server.evidence.time_bounds import Reading
from server.problems import Problem
from server.services import services
from server.sync.apply import Author
from server.sync.exchange.exchange import Request, exchange
from server.sync.ledgers import line
from server.web import security
from server.web.bodies import describes_body, load, read_json

blueprint = APIBlueprint("sync", __name__, url_prefix="/api/v1", tag="Exchange")

PROTOCOL: Final = 1
MAX_LINES: Final = 500
MAX_CHANGES: Final = 500
MAX_LINES_BYTES: Final = 2 * 1024 * 1024
# The lines, escaped as texts inside a JSON text, and what stands around them.
MAX_BODY_BYTES: Final = 2 * MAX_LINES_BYTES


@blueprint.post("/sync")
@describes_body(SyncRequest)
@blueprint.output(SyncAnswer)
@blueprint.doc(responses=[400, 401, 403, 409, 413])
def exchange_lines() -> Response:
    """Exchange: lines in, changes out"""
    caller = security.require_person()
    asked = _read_request()
    if asked.device_id != caller.device_id:
        raise Problem("wrong_device")
    here = services()
    answer = exchange(
        write_first,
        reading,
        Author(caller.person_id, caller.role, caller.device_id),
        asked,
        here.anchors,
        here.company,
        here.now,
        write_if_free,
    )
    outcomes = [(outcome.status, outcome.repeated) for outcome in answer.outcomes]
    count_exchange(len(asked.lines), outcomes, answer.changes)
    return Response(answer.text.encode("utf-8", "replace"), mimetype="application/json")


def _read_request() -> Request:
    value = read_json(MAX_BODY_BYTES)
    _check_protocol(value)
    body = load(SyncRequest(), value)
    lines = [text.encode("utf-8", "surrogatepass") for text in body["lines"]]
    if sum(map(len, lines)) > MAX_LINES_BYTES:
        raise Problem("too_large", limit=MAX_LINES_BYTES)
    if lines and body["first"] is None:
        raise Problem("invalid_request", fields=[{"field": "first", "message": "Missing where there are lines."}])
    return Request(
        device_id=body["device"],
        epoch=body["epoch"],
        first=body["first"] or 1,
        lines=lines,
        signature=body["signature"],
        sent=_clocks(body["sent"]),
        cursors=body["cursors"],
        limit=min(body["limit"], MAX_CHANGES),
        wanted_from=body["wanted_from"],
    )


def _check_protocol(value: object) -> None:
    """Refuse what can only be refused before the fields are looked at: another version, too many lines."""
    if not isinstance(value, dict):
        return
    version, lines = value.get("protocol"), value.get("lines")
    if isinstance(version, int) and not isinstance(version, bool) and version != PROTOCOL:
        raise Problem("unsupported_protocol", supported=PROTOCOL)
    if isinstance(lines, list) and len(lines) > MAX_LINES:
        raise Problem("batch_too_long", limit=MAX_LINES)


def _clocks(sent: dict[str, Any] | None) -> Reading | None:  # Any: the schema Clock
    if sent is None:
        return None
    try:
        return line.reading(sent)
    except (ValueError, OverflowError) as error:
        raise Problem("invalid_request", fields=[{"field": "sent", "message": str(error)}]) from error
