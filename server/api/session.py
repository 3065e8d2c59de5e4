"""The session: signing in with a device, and out again."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import Boolean, Dict, Integer, List, Nested, String
from flask import Response, jsonify, request
from marshmallow.validate import Length
from sqlalchemy import Connection, insert, select, update

from server.api.schemas import Lenient, NameAsGiven, PersonShown, PublicKey, Text
from server.database import reading, write, writing
from server.models import Device, SessionToken
from server.problems import Problem
from server.rules.ids import is_id
from server.security_log import tell_once_committed
from server.services import services
from server.steady_clock import Times
from server.sync.ledgers.ledger import kept_key
from server.sync.ledgers.line import FIRST_PREV
from server.sync.operations.authorship import give_way, vouched_for
from server.sync.store.device_bounds import make_room
from server.sync.store.facts_store import epoch
from server.sync.store.stranded import forget
from server.web import own_account, security
from server.web.bodies import describes_body, read_body

blueprint = APIBlueprint("session", __name__, url_prefix="/api/v1", tag="Session")


class DeviceSent(Lenient):
    """One installation of the app, as it introduces itself."""

    id = Text(required=True, validate=Length(max=64))
    name = NameAsGiven(required=True, validate=Length(min=1, max=128))
    # Any JSON object: what is wrong with a key is said with `invalid_key`.
    public_key = Dict(required=True)


class SignInSent(Lenient):
    """A sign-in."""

    username = Text(required=True, validate=Length(min=1, max=256))
    password = String(required=True, validate=Length(min=1, max=1024))
    device = Nested(DeviceSent, required=True)


class NewDeviceSent(Lenient):
    """The device that a session moves to."""

    device = Nested(DeviceSent, required=True)


class PasswordSent(Lenient):
    """The password that somebody has, and the one that they want."""

    old = String(required=True, validate=Length(min=1, max=1024))
    new = String(required=True, validate=Length(min=1, max=1024))


class DeviceShown(Schema):
    """A device."""

    id = String()
    name = String()
    public_key = Nested(PublicKey)


class LedgerAsked(Schema):
    """Of which device the caller wants to know how far its ledger is here."""

    device = Text(validate=Length(max=64))


class LedgerShown(Schema):
    """How far a ledger of this person is here, durably: `head` is the SHA-256 of line `acknowledged`.

    Both are of an empty ledger (0, 64 zeros) for a device that is unknown, or not theirs.
    """

    device = String()
    acknowledged = Integer()
    head = String()
    is_revoked = Boolean()


class SessionShown(Schema):
    """A session; `token` only in answer to a sign-in, `ledger` only where the question named a device.

    `wrong_passwords`, in answer to a sign-in: how many were tried for this account since the one before.
    """

    token = String()
    wrong_passwords = Integer()
    ledger = Nested(LedgerShown)
    person = Nested(PersonShown)
    device = Nested(DeviceShown)
    epoch = String()
    feeds = List(String())
    anchor = String()
    server_time = String()


@blueprint.post("/session")
@describes_body(SignInSent)
@blueprint.output(SessionShown)
@blueprint.doc(responses=[400, 401, 403, 409, 413, 429, 503])
def sign_in() -> Response:
    """Sign in

    Answers with a token, which a browser gets as a cookie as well.
    """
    security.refuse_cross_origin(request)
    sent = read_body(SignInSent())
    key = _checked_device(sent["device"])
    times = services().times()
    asking = security.Asking(security.client_address(request), device=(sent["device"]["id"], key))
    person = security.check_password(sent["username"], sent["password"], asking, times.steady)

    def begin(connection: Connection) -> tuple[security.Begun, dict[str, Any]]:  # Any: JSON of SessionShown
        _register(connection, sent["device"], key, person.id, times)
        begun = security.begin_session(connection, person, sent["device"]["id"], "app", times.steady)
        return begun, _shown(connection, begun.token, times)

    begun, shown = write(begin)
    response = jsonify(token=begun.token, wrong_passwords=begun.wrong_passwords, **shown)
    security.send_cookie(response, begun.token, "app")
    return response


@blueprint.get("/session")
@blueprint.input(LedgerAsked, location="query")
@blueprint.output(SessionShown)
@blueprint.doc(responses=[400, 401, 403])
def who_am_i(query_data: dict[str, Any]) -> dict[str, Any]:  # Any: LedgerAsked, SessionShown
    """Who I am

    With `device`, also how far that ledger is here. A revoked device cannot ask for itself: its person's next one does,
    to know which lines still have to be handed in as an export file.
    """
    caller = security.require_person()
    with reading() as connection:
        shown = _of(connection, caller, services().now())
        if "device" in query_data:
            shown["ledger"] = _ledger(connection, query_data["device"], caller.person_id)
        return shown


def _ledger(connection: Connection, device_id: str, person_id: str) -> dict[str, Any]:  # Any: JSON of LedgerShown
    own = (Device.id == device_id) & (Device.person_id == person_id)
    asked = select(Device.acknowledged, Device.head_hash, Device.revoked_at).where(own)
    acknowledged, head, revoked_at = connection.execute(asked).first() or (0, FIRST_PREV, None)
    return {"device": device_id, "acknowledged": acknowledged, "head": head, "is_revoked": revoked_at is not None}


@blueprint.delete("/session")
@blueprint.output({}, 204)
@blueprint.doc(responses=[401, 403])
def sign_out() -> Response:
    """Sign out"""
    caller = security.require_person()
    with writing() as connection:
        security.end_session(connection, caller)
    response = Response(status=204)
    security.forget_cookie(response, "app")
    return response


@blueprint.post("/session/password")
@describes_body(PasswordSent)
@blueprint.output(SessionShown)
@blueprint.doc(responses=[400, 401, 403, 413, 429])
def change_password() -> Response:
    """Change my password

    Every session of the person ends. This one goes on with the token in the answer, which a browser gets as a cookie.
    """
    caller = security.require_person()
    sent = read_body(PasswordSent())
    asked = own_account.Change(sent["old"], sent["new"], "app", security.client_address(request))
    token = own_account.change_own(caller, asked).token
    times = services().times()
    with reading() as connection:
        shown = _shown(connection, token, times)
    response = jsonify(token=token, **shown)
    security.send_cookie(response, token, "app")
    return response


@blueprint.post("/session/device")
@describes_body(NewDeviceSent)
@blueprint.output(SessionShown)
@blueprint.doc(responses=[400, 401, 403, 409, 413, 429])
def move_to_device() -> Response:
    """Move the session to a new device

    For a ledger that forked: the token stays as it is, without asking for the password.
    """
    caller = security.require_person()
    sent = read_body(NewDeviceSent())
    key = _checked_device(sent["device"])
    times = services().times()
    token = security.sent_token()

    def move(connection: Connection) -> dict[str, Any]:  # Any: JSON of SessionShown
        _register(connection, sent["device"], key, caller.person_id, times)
        own = SessionToken.token_hash == caller.token_id
        connection.execute(update(SessionToken).where(own).values(device_id=sent["device"]["id"]))
        tell_once_committed(connection, "session_moved", person=caller.person_id, device=sent["device"]["id"])
        return _shown(connection, token, times)

    shown = write(move)
    response = jsonify(token=token, **shown)
    security.send_cookie(response, token, "app")
    return response


def _checked_device(device: dict[str, Any]) -> str:  # Any: DeviceSent
    """The device's key as the text to keep; raises Problem `invalid_request` or `invalid_key`."""
    if not is_id(device["id"]):
        raise Problem("invalid_request", fields=[{"field": "device.id", "message": "Not a UUID in lower case."}])
    return _kept_key(device["public_key"])


def _kept_key(jwk: dict[str, Any]) -> str:  # Any: JSON of a stranger
    """A P-256 public key in its shortest form; raises Problem `invalid_key` for anything else."""
    try:
        return kept_key(jwk)
    except ValueError as error:
        raise Problem("invalid_key") from error


def _register(connection: Connection, device: dict[str, Any], key: str, person_id: str, times: Times) -> None:
    """Make the device known, or know it again.

    Raises Problem `device_taken` where it is another's, or the same id comes with another key: a device is
    its key, and its ledger could not be verified any more. What a file alone had named so gives way to who signs in.
    Raises `too_many_devices` and `too_many_new_devices` for one more than a person may have.
    """
    known = connection.execute(
        select(Device.person_id, Device.kind, Device.public_key, Device.known_by, Device.revoked_at)
        .where(Device.id == device["id"])
        .with_for_update()
    ).first()  # fmt: skip
    if known is not None and known.known_by == "file" and not _is_same_device(known, person_id, key):
        give_way(connection, device["id"], times.wall, services().company)
        known = None
    if known is None:
        make_room(connection, person_id, times.steady)
        new = {"id": device["id"], "person_id": person_id, "kind": "phone", "name": device["name"], "public_key": key}
        connection.execute(insert(Device).values(**new, created_at=times.steady, last_seen_at=times.wall))
        return
    if not _is_same_device(known, person_id, key):
        raise Problem("device_taken")
    if known.revoked_at is not None:
        raise Problem("device_revoked")
    forget(connection, device["id"])
    seen = {"name": device["name"], "last_seen_at": times.wall}
    connection.execute(update(Device).where(Device.id == device["id"]).values(**seen))
    vouched_for(connection, device["id"])


def _is_same_device(known: Any, person_id: str, key: str) -> bool:  # Any: a row of device
    same_key = json.loads(known.public_key) == json.loads(key)
    return bool(known.person_id == person_id and known.kind == "phone" and same_key)


def _shown(connection: Connection, token: str, times: Times) -> dict[str, Any]:  # Any: JSON of SessionShown
    caller = security.caller_for_token(connection, token, "app", times.ended_by)
    if caller is None:
        raise Problem("not_signed_in")
    return _of(connection, caller, times.wall)


def _of(connection: Connection, caller: security.Caller, now: datetime) -> dict[str, Any]:  # Any: JSON
    device = connection.execute(select(Device.name, Device.public_key).where(Device.id == caller.device_id)).one()
    return {
        "person": {
            "id": caller.person_id,
            "username": caller.username,
            "name": caller.name,
            "role": caller.role,
        },
        "device": {"id": caller.device_id, "name": device.name, "public_key": json.loads(device.public_key)},
        "epoch": epoch(connection),
        "feeds": list(caller.feeds),
        "anchor": services().anchors.mint(now, services().company.doubt(now) is not None),
        "server_time": now.isoformat(),
    }
