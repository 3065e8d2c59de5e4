"""A person's own phones and office browsers: where they are signed in, and ending that."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from apiflask import APIBlueprint, Schema
from apiflask.fields import Boolean, Integer, List, Nested, String
from flask import Response, request
from marshmallow.validate import Length
from sqlalchemy import Connection

from server.api.schemas import Lenient, Name
from server.database import reading, write
from server.problems import Problem
from server.rules.ids import is_id
from server.services import services
from server.sync.operations import own_sessions
from server.web import own_account, security
from server.web.bodies import describes_body, read_body

blueprint = APIBlueprint("own_sessions", __name__, url_prefix="/api/v1", tag="Session")

LONGEST_NAME: Final = 64


class KnownShown(Schema):
    """A phone (`id` is its device's) or a browser that is signed in to the office (`id` is its session's).

    `name` is how its person calls it, or what it said of itself; `mark` tells it from others of that name.
    `is_present`: it asks now. `is_signed_in`: it has a session that lives. `last_seen_at` is true to within half an
    hour for `office`. `last_order` is the number of the work order on which a phone's last line took effect.
    """

    id = String()
    kind = String(metadata={"enum": ["phone", "office"]})
    name = String(allow_none=True)
    mark = String()
    known_since = String()
    last_seen_at = String(allow_none=True)
    last_order = String(allow_none=True)
    is_present = Boolean()
    is_signed_in = Boolean()
    is_revoked = Boolean()


class OwnSessionsShown(Schema):
    """The present one first, then what is signed in, last seen first; `left_off` more are not shown."""

    items = List(Nested(KnownShown))
    left_off = Integer()


class ConfirmationSent(Lenient):
    """The caller's password, once more: to hold a session is not enough to end others."""

    password = String(required=True, validate=Length(min=1, max=1024))


class NameSent(Lenient):
    """How somebody calls their phone."""

    name = Name(required=True, validate=Length(min=1, max=LONGEST_NAME))


@blueprint.get("/sessions")
@blueprint.output(OwnSessionsShown)
@blueprint.doc(responses=[401, 403])
def list_sessions() -> dict[str, Any]:  # Any: JSON of OwnSessionsShown
    """Where I am signed in"""
    asking = _asking(security.require_person())
    with reading() as connection:
        found = own_sessions.own_sessions(connection, asking, services().times().ended_by)
    return {"items": [_shown(known) for known in found.items], "left_off": found.left_off}


@blueprint.post("/sessions/others/ending")
@describes_body(ConfirmationSent)
@blueprint.output({}, 204)
@blueprint.doc(responses=[400, 401, 403, 413, 429, 503])
def end_others() -> Response:
    """End all my other sessions

    This one goes on. The others are answered 401 `session_ended`, `reason` `ended_by_self`, from then on.
    """
    asking = _confirmed()
    now = services().times().ended_by

    def end(connection: Connection) -> None:
        own_sessions.end_others(connection, asking, now)

    write(end)
    return Response(status=204)


@blueprint.post("/sessions/<known_id>/ending")
@describes_body(ConfirmationSent)
@blueprint.output({}, 204)
@blueprint.doc(responses=[400, 401, 403, 404, 413, 429, 503])
def end_one(known_id: str) -> Response:
    """End one of my sessions

    By an `id` of the list. A phone is not revoked by that: it sends what it kept after the next sign-in.
    """
    asking = _confirmed()
    now = services().times().ended_by
    if not is_id(known_id):
        raise Problem("not_found")

    def end(connection: Connection) -> None:
        own_sessions.end_one(connection, asking, known_id, now)

    write(end)
    return Response(status=204)


@blueprint.post("/sessions/present/name")
@describes_body(NameSent)
@blueprint.output({}, 204)
@blueprint.doc(responses=[400, 401, 403, 404, 413])
def name_present() -> Response:
    """Name the phone that asks

    So that a person, and the office, can tell their phones apart. An app that signs in says the same name of itself
    from then on. Without a password: nothing depends on it.
    """
    asking = _asking(security.require_person())
    sent = read_body(NameSent())

    def name(connection: Connection) -> None:
        own_sessions.name_present(connection, asking, sent["name"])

    write(name)
    return Response(status=204)


def _confirmed() -> own_sessions.Asking:
    """Who asks, once they have given their password; raises as `own_account.confirm` does."""
    caller = security.require_person()
    sent = read_body(ConfirmationSent())
    own_account.confirm(caller, sent["password"], security.client_address(request))
    return _asking(caller)


def _asking(caller: security.Caller) -> own_sessions.Asking:
    return own_sessions.Asking(caller.person_id, caller.device_id, caller.token_id)


def _shown(known: own_sessions.Known) -> dict[str, Any]:  # Any: JSON of KnownShown
    return {name: _text(value) if isinstance(value, datetime) else value for name, value in vars(known).items()}


def _text(at: datetime) -> str:
    return at.isoformat()
