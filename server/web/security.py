"""Who is asking: tokens, cookies, and refusing changes that another site makes a browser send.

The phone's app and other programs have tokens of kind `app`, the office's pages of kind `office`: one browser
can hold both, as two people.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from urllib.parse import urlsplit

from flask import Request, g, has_request_context, request
from sqlalchemy import Connection, bindparam, delete, insert, select, update
from uuid_utils import uuid7
from werkzeug.wrappers import Response

from server.database import reading, write_if_free
from server.models import Device, Person, SessionToken
from server.problems import Problem
from server.security_log import tell_once_committed
from server.services import services
from server.sync.store.feeds import feeds_of
from server.web import addresses, known_browser, wrong_passwords
from server.web.addresses import client_address
from server.web.sign_in import Asking, KnownPerson, check_password

__all__ = [
    "APP_COOKIE",
    "OFFICE_COOKIE",
    "Asking",
    "Begun",
    "Caller",
    "KnownPerson",
    "begin_session",
    "caller_for_token",
    "check_password",
    "client_address",
    "end_session",
    "forget_cookie",
    "office_caller",
    "refuse_cross_origin",
    "require_person",
    "send_cookie",
    "sent_token",
    "sign_in_office",
    "start_session",
]

Kind = Literal["app", "office"]

APP_COOKIE: Final = "undercroft_app"
OFFICE_COOKIE: Final = "undercroft_office"
COOKIES: Final[dict[Kind, tuple[str, str]]] = {
    "app": (APP_COOKIE, "/api"),
    "office": (OFFICE_COOKIE, "/office"),
}
# A technician may be away from any network for weeks; an office page is left open on a desk.
LIFETIME: Final[dict[Kind, timedelta]] = {"app": timedelta(days=90), "office": timedelta(hours=12)}
DROPPED_AFTER: Final = timedelta(days=30)
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Caller:
    """The person and device behind one request; `feeds` are the feeds that the person may read, `used_at` is when
    the session was last said to be in use."""

    person_id: str
    username: str
    name: str
    role: str
    device_id: str
    token_id: str
    used_at: datetime
    feeds: tuple[str, ...]


# Made once, like the other statements that every exchange runs: to put one together costs more than to run it.
CALLER: Final = (
    select(
        SessionToken.token_hash,
        SessionToken.person_id,
        SessionToken.device_id,
        SessionToken.last_used_at,
        SessionToken.ended,
        Person.active,
        Person.username,
        Person.name,
        Person.role,
        Device.revoked_at,
    )
    .join(Person, Person.id == SessionToken.person_id)
    .join(Device, Device.id == SessionToken.device_id)
    .where(
        SessionToken.token_hash == bindparam("token"),
        SessionToken.kind == bindparam("of_kind"),
        SessionToken.expires_at > bindparam("now", type_=SessionToken.expires_at.type),
    )
)


@dataclass(frozen=True)
class Begun:
    """A session that began: its token, and how many wrong passwords its person is to be told of with it."""

    token: str
    wrong_passwords: int


def begin_session(
    connection: Connection, person: KnownPerson, device_id: str, kind: Kind, now: datetime, browser: str | None = None
) -> Begun:
    """Begin a session for somebody whose password was right.

    Of wrong passwords they count as told once this transaction commits, and not where no session begins.

    Raises Problem `bad_credentials` where the account was closed, its password changed or its sessions ended since the
    password was looked at. The person's row stays locked: what ends sessions waits until this one can be ended too.
    """
    row = select(Person.active, Person.sign_in_version).where(Person.id == person.id).with_for_update(read=True)
    found = connection.execute(row).first()
    _end_earlier(connection, device_id, kind)
    if found is None or not found.active or found.sign_in_version != person.sign_in_version:
        raise Problem("bad_credentials")
    token = start_session(connection, person.id, device_id, kind, now, browser)
    return Begun(token, wrong_passwords.take_untold(connection, person.id, now))


def start_session(
    connection: Connection, person_id: str, device_id: str, kind: Kind, now: datetime, browser: str | None = None
) -> str:
    """Begin a session and return its token: 256 random bits, of which only the hash is kept."""
    token = secrets.token_urlsafe(32)
    where = {"device": device_id, "address": addresses.as_told()}
    tell_once_committed(connection, "sign_in", kind=kind, person=person_id, **where)
    connection.execute(
        insert(SessionToken).values(
            token_hash=_hash(token),
            id=str(uuid7()),
            browser=browser,
            person_id=person_id,
            device_id=device_id,
            kind=kind,
            created_at=now,
            last_used_at=now,
            expires_at=now + LIFETIME[kind],
        )
    )
    return token


def _end_earlier(connection: Connection, device_id: str, kind: Kind) -> None:
    """End the session that this one takes the place of: the phone's, or that of the office's browser.

    What was ended before stays: whoever still holds such a token goes on hearing why.
    """
    earlier = delete(SessionToken).where(SessionToken.ended.is_(None), SessionToken.kind == kind)
    if kind == "app":
        connection.execute(earlier.where(SessionToken.device_id == device_id))
    elif has_request_context() and (token := request.cookies.get(OFFICE_COOKIE)):
        connection.execute(earlier.where(SessionToken.token_hash == _hash(token)))


def drop_expired(connection: Connection, now: datetime) -> int:
    """Delete the sessions that expired a month ago and more; returns how many. Until then a clock that is put right
    gives them back."""
    return connection.execute(delete(SessionToken).where(SessionToken.expires_at <= now - DROPPED_AFTER)).rowcount


def end_session(connection: Connection, caller: Caller) -> None:
    """End the caller's session."""
    connection.execute(delete(SessionToken).where(SessionToken.token_hash == caller.token_id))
    tell_once_committed(connection, "sign_out", person=caller.person_id, device=caller.device_id)


def caller_for_token(connection: Connection, token: str, kind: Kind, now: datetime) -> Caller | None:
    """Who holds `token`; None if nobody does (any more).

    Raises Problem `session_ended` with `reason`, and `device_revoked`.
    """
    found = connection.execute(CALLER, {"token": _hash(token), "of_kind": kind, "now": now}).first()
    if found is not None and found.ended is not None:
        raise Problem("session_ended", reason=found.ended)
    if found is None or not found.active:
        return None
    if found.revoked_at is not None:
        raise Problem("device_revoked")
    return Caller(
        person_id=found.person_id,
        username=found.username,
        name=found.name,
        role=found.role,
        device_id=found.device_id,
        token_id=found.token_hash,
        used_at=found.last_used_at,
        feeds=tuple(feeds_of(found.person_id)),
    )


def require_person() -> Caller:
    """The caller of this request to the API.

    Raises Problem `not_signed_in`, `session_ended`, `device_revoked`, or `cross_origin` where a browser's cookie speaks
    for a change that another site asked for.
    """
    token = sent_token()
    caller = _caller(token, "app") if token else None
    if caller is None:
        raise Problem("not_signed_in")
    g.caller = caller
    return caller


def sent_token() -> str:
    """The token that this request to the API came with, "" where there is none; raises `cross_origin`."""
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return bearer.strip()
    token = request.cookies.get(APP_COOKIE, "")
    if token:
        refuse_cross_origin(request)
    return token


def office_caller() -> Caller | None:
    """Who is signed in to the office's pages; raises Problem `cross_origin`, `session_ended`, `device_revoked`."""
    token = request.cookies.get(OFFICE_COOKIE)
    if not token:
        return None
    refuse_cross_origin(request)
    return _caller(token, "office")


def sign_in_office(username: str, password: str) -> KnownPerson:
    """Check a sign-in from the office's sign-in page; the page then begins the session.

    Raises Problem `bad_credentials`, `too_many_tries`, `busy`, `cross_origin`.
    """
    refuse_cross_origin(request)
    asking = Asking(client_address(request), browser=known_browser.read(request))
    return check_password(username, password, asking, services().times().steady)


def _caller(token: str, kind: Kind) -> Caller | None:
    times = services().times()
    with reading() as connection:
        caller = caller_for_token(connection, token, kind, times.ended_by)
    # The session's end is pushed, but rarely, because a write costs a disk sync; and not while others write, because
    # who only reads a page does not wait for them.
    # A use that lies in the future was noted by a clock that was ahead.
    if caller is not None and abs(times.steady - caller.used_at) >= LIFETIME[kind] / 24:
        later = {"last_used_at": times.steady, "expires_at": times.steady + LIFETIME[kind]}
        row = update(SessionToken).where(SessionToken.token_hash == caller.token_id)
        write_if_free(lambda connection: connection.execute(row.values(**later)))
    return caller


def refuse_cross_origin(asked: Request) -> None:
    """Raise Problem `cross_origin` for a change that a page of another origin made a browser send.

    Browsers say so themselves in Sec-Fetch-Site, older ones in Origin; a program sends neither.
    """
    if asked.method in SAFE_METHODS:
        return
    site = asked.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise Problem("cross_origin")
        return
    origin = asked.headers.get("Origin")
    if origin is None:
        return
    ours = {asked.host.lower(), _place(services().settings.public_url)} - {""}
    if _place(origin) not in ours:
        raise Problem("cross_origin")


def _place(address: str) -> str:
    """Host and port of an address, "" where it is none."""
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:
        return ""


def send_cookie(response: Response, token: str, kind: Kind) -> None:
    """Give a browser the token where its scripts and other sites cannot reach it."""
    name, path = COOKIES[kind]
    secure = request.is_secure or services().settings.public_url.startswith("https:")
    age = None if kind == "office" else LIFETIME[kind]
    response.set_cookie(name, token, path=path, max_age=age, secure=secure, httponly=True, samesite="Strict")


def forget_cookie(response: Response, kind: Kind) -> None:
    """Take the cookie back."""
    name, path = COOKIES[kind]
    response.delete_cookie(name, path=path, httponly=True, samesite="Strict")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
