"""Where a person is known and signed in, as they see it themselves, and how they end it.

To end a session revokes no phone: what waits there stays, and goes after the next sign-in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Connection, ScalarSelect, and_, func, select, union_all, update

from server.documents import types
from server.models import Device, JournalLine, Person, SessionToken
from server.problems import Problem
from server.rules.marks import mark_of
from server.security_log import tell_once_committed
from server.sync.operations.accounts import BY_SELF

# More phones than anybody can have in use, and more browsers than anybody keeps open within a day.
SHOWN_AT_MOST: Final = 100
TOOK_EFFECT: Final = ("applied", "merged", "conflict")


@dataclass(frozen=True)
class Asking:
    """Whose own sessions it is about, and the device and `token_id` of the session that asks."""

    person_id: str
    device_id: str
    token_id: str


@dataclass(frozen=True)
class Known:
    """A phone, whose id is its device's, or a browser signed in to the office, whose id is its session's.

    `name` is how its person calls it or what it said of itself, None where that is unknown; `mark` tells it from others
    of the same name.
    `last_seen_at` is true to within half an hour in the office, and None for a phone that was never heard.
    `last_order` is the number of the work order on which a phone's last line took effect. `is_signed_in`: it has a
    session that lives.
    """

    id: str
    kind: Literal["phone", "office"]
    name: str | None
    mark: str
    known_since: datetime
    last_seen_at: datetime | None
    last_order: str | None
    is_present: bool
    is_signed_in: bool
    is_revoked: bool


@dataclass(frozen=True)
class OwnSessions:
    """The present one first, then what is signed in, each by when it was last seen; `left_off` more are not shown."""

    items: list[Known]
    left_off: int


def own_sessions(connection: Connection, asking: Asking, now: datetime) -> OwnSessions:
    """Where the person is known."""
    phones, browsers = _phones(connection, asking, now), _browsers(connection, asking, now)
    items = sorted([*phones, *browsers], key=_order)
    return OwnSessions(items, _count(connection, asking, now) - len(items))


def end_one(connection: Connection, asking: Asking, known_id: str, now: datetime) -> None:
    """End what lives of a phone's or a browser's sessions, for good.

    Raises Problem `not_found` for what is not theirs; `session_ended`, `not_signed_in` where their own session was
    ended meanwhile: of two that end each other, one stays.
    """
    _lock(connection, asking, now)
    if connection.execute(select(Device.id).where(_is_theirs(asking), Device.id == known_id)).first() is not None:
        _end(connection, asking, SessionToken.device_id == known_id, now)
        return
    browser = and_(SessionToken.person_id == asking.person_id, SessionToken.kind == "office")
    named = and_(browser, SessionToken.id == known_id, SessionToken.expires_at > now)
    if connection.execute(select(SessionToken.id).where(named)).first() is None:
        raise Problem("not_found")
    _end(connection, asking, SessionToken.id == known_id, now)


def end_others(connection: Connection, asking: Asking, now: datetime) -> None:
    """End every session of the person but the one that asks. Raises as `end_one` does where that one was ended."""
    _lock(connection, asking, now)
    _end(connection, asking, SessionToken.token_hash != asking.token_id, now)


def name_present(connection: Connection, asking: Asking, name: str) -> None:
    """Call the phone that asks so, for its person and the office. Raises Problem `not_found` for no phone of theirs."""
    theirs = and_(_is_theirs(asking), Device.id == asking.device_id)
    if not connection.execute(update(Device).where(theirs).values(name=name)).rowcount:
        raise Problem("not_found")


def _lock(connection: Connection, asking: Asking, now: datetime) -> None:
    """Nobody signs in as this person or ends their sessions until the transaction ends."""
    # Not `for update`: everybody who writes a row that names the person would have to wait as well.
    connection.execute(select(Person.id).where(Person.id == asking.person_id).with_for_update(key_share=True)).all()
    own = and_(SessionToken.token_hash == asking.token_id, SessionToken.expires_at > now)
    found = connection.execute(select(SessionToken.ended).where(own)).first()
    if found is None:
        raise Problem("not_signed_in")
    if found.ended is not None:
        raise Problem("session_ended", reason=found.ended)


def _end(connection: Connection, asking: Asking, which: ColumnElement[bool], now: datetime) -> None:
    ended = connection.execute(update(SessionToken).where(_lives(asking, now), which).values(ended=BY_SELF))
    if ended.rowcount:
        tell_once_committed(connection, "sessions_ended", person=asking.person_id, by=asking.person_id)


def _lives(asking: Asking, now: datetime) -> ColumnElement[bool]:
    return and_(SessionToken.person_id == asking.person_id, SessionToken.ended.is_(None), SessionToken.expires_at > now)


def _is_theirs(asking: Asking) -> ColumnElement[bool]:
    """A phone of theirs; what only a file says to be theirs is none."""
    return and_(Device.person_id == asking.person_id, Device.kind == "phone", Device.known_by != "file")


def _phones(connection: Connection, asking: Asking, now: datetime) -> list[Known]:
    lives = _lives(asking, now) & (SessionToken.kind == "app")
    used = select(SessionToken.device_id, func.max(SessionToken.last_used_at).label("at")).where(lives)
    signed_in = used.group_by(SessionToken.device_id).subquery()
    seen_at = func.coalesce(Device.last_seen_at, Device.created_at)
    wanted = (
        select(Device, signed_in.c.at.label("used_at"), _last_order().label("last_order"))
        .outerjoin(signed_in, signed_in.c.device_id == Device.id)
        .where(_is_theirs(asking))
        .order_by(signed_in.c.at.is_(None), Device.revoked_at.is_not(None), seen_at.desc(), Device.id)
        .limit(SHOWN_AT_MOST)
    )
    return [_phone(row, asking) for row in connection.execute(wanted)]


def _last_order() -> ScalarSelect[str]:
    """Of the device of the row around it."""
    took_effect = JournalLine.status.in_(TOOK_EFFECT)
    faces = [each.face for each in types.TYPES.values() if each.face is not None]
    called = union_all(*(select(face.table.c.id, face.number.label("number")) for face in faces)).subquery()
    return (
        select(called.c.number)
        .join(JournalLine, JournalLine.document_id == called.c.id)
        .where(JournalLine.device_id == Device.id, took_effect)
        .order_by(JournalLine.seq.desc())
        .limit(1)
        .scalar_subquery()
    )


def _phone(row: Any, asking: Asking) -> Known:  # Any: a row of device, with used_at
    return Known(
        id=row.id,
        kind="phone",
        name=row.name,
        mark=mark_of(row.id),
        known_since=row.created_at,
        last_seen_at=max(filter(None, (row.last_seen_at, row.used_at)), default=None),
        last_order=row.last_order,
        is_present=row.id == asking.device_id,
        is_signed_in=row.used_at is not None and row.revoked_at is None,
        is_revoked=row.revoked_at is not None,
    )


def _browsers(connection: Connection, asking: Asking, now: datetime) -> list[Known]:
    wanted = (
        select(SessionToken)
        .where(_lives(asking, now), SessionToken.kind == "office")
        .order_by(SessionToken.last_used_at.desc(), SessionToken.id)
        .limit(SHOWN_AT_MOST)
    )
    return [_browser(row, asking) for row in connection.execute(wanted)]


def _browser(row: Any, asking: Asking) -> Known:  # Any: a row of session_token
    return Known(
        id=row.id,
        kind="office",
        name=row.browser,
        mark=mark_of(row.id),
        known_since=row.created_at,
        last_seen_at=row.last_used_at,
        last_order=None,
        is_present=row.token_hash == asking.token_id,
        is_signed_in=True,
        is_revoked=False,
    )


def _order(known: Known) -> tuple[bool, bool, bool, float]:
    seen = known.last_seen_at or known.known_since
    return not known.is_present, not known.is_signed_in, known.is_revoked, -seen.timestamp()


def _count(connection: Connection, asking: Asking, now: datetime) -> int:
    phones = select(func.count()).select_from(Device).where(_is_theirs(asking))
    browsers = select(func.count()).select_from(SessionToken).where(_lives(asking, now), SessionToken.kind == "office")
    return int(connection.execute(phones).scalar_one() + connection.execute(browsers).scalar_one())
