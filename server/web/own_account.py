"""A person's own password, and the passwords that an administrator gives."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from server import password_hashes
from server.database import reading, write
from server.models import Person, SessionToken
from server.passwords import company_words, refuse_weak
from server.problems import Problem
from server.security_log import tell_once_committed
from server.services import services
from server.sync.exchange import office_ledger
from server.sync.exchange.office_ledger import NewOperation
from server.sync.ledgers.kinds import NEW_PASSWORD
from server.sync.ledgers.outcome import Outcome
from server.sync.operations import accounts
from server.web.security import Caller, Kind, start_session
from server.web.sign_in import Asking, check_password


def hash_new(username: str, password: str) -> str:
    """The hash to keep of a password that somebody wants to have, or is given; raises Problem `weak_password` and
    `busy`. Opens its own transaction: call it outside of any."""
    with reading() as connection:
        named = connection.scalar(select(Person.name).where(Person.username == username))
    refuse_weak(password, username, named or username, company_words(services().settings.public_url))
    return password_hashes.hash_password(password)


@dataclass(frozen=True)
class Change:
    """What somebody who is signed in sends: the password that they have, the one that they want, and from where."""

    old: str
    new: str
    kind: Kind
    address: str
    browser: str | None = None


@dataclass(frozen=True)
class Changed:
    """The token of the session that goes on, and what the person's `sign_in_version` is from then on."""

    token: str
    sign_in_version: int


def change_own(caller: Caller, asked: Change) -> Changed:
    """Give the caller another password; every session of theirs ends, and one goes on from here with another token.

    Wrong tries count for the caller's session alone: strangers cannot use them up.

    Raises Problem `bad_credentials` and `too_many_tries` as a sign-in does, `weak_password`; `session_ended` and
    `not_signed_in` where the caller's own session was ended meanwhile.
    """
    now = services().times().steady
    person = check_password(caller.username, asked.old, Asking(asked.address, session=caller.token_id), now)
    hashed = hash_new(caller.username, asked.new)

    def change(connection: Connection) -> Changed:
        row = select(Person.active, Person.sign_in_version).where(Person.id == person.id).with_for_update()
        found = connection.execute(row).one()
        _refuse_ended(connection, caller)
        if not found.active or found.sign_in_version != person.sign_in_version:
            raise Problem("bad_credentials")
        tell_once_committed(connection, "password_changed", person=person.id, device=caller.device_id)
        accounts.put_password(connection, person.id, hashed)
        token = start_session(connection, person.id, caller.device_id, asked.kind, now, asked.browser)
        return Changed(token, person.sign_in_version + 1)

    return write(change)


def _refuse_ended(connection: Connection, caller: Caller) -> None:
    """The person's row is locked: nobody else ends the session from now on."""
    own = select(SessionToken.ended).where(SessionToken.token_hash == caller.token_id)
    found = connection.execute(own).first()
    if found is None:
        raise Problem("not_signed_in")
    if found.ended is not None:
        raise Problem("session_ended", reason=found.ended)


def confirm(caller: Caller, password: str, address: str) -> None:
    """That it is the caller who asks, and not somebody who only holds their session; opens its own transactions.

    Wrong tries count as in `change_own`, with those. Raises Problem `bad_credentials`, `too_many_tries` and `busy`.
    """
    check_password(caller.username, password, Asking(address, session=caller.token_id), services().times().steady)


def set_password(connection: Connection, author_id: str, person_id: str, password_hash: str) -> Outcome:
    """An administrator gives somebody a password: the line says that, the hash is put beside it in this transaction."""
    here = services()
    said = NewOperation(NEW_PASSWORD, person_id, {})
    outcome = office_ledger.write(connection, here.pen, author_id, [said], here.now())[0]
    if outcome.status == "applied":
        accounts.put_password(connection, person_id, password_hash)
    return outcome
