"""A person's own password, and the passwords that an administrator gives."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, select

from server.api import passwords
from server.api.security import Caller, Kind, begin_session
from server.api.sign_in import Asking, check_password
from server.database import reading, write
from server.models import Person
from server.passwords import company_words, refuse_weak
from server.problems import Problem
from server.services import services
from server.sync import accounts, office_ledger
from server.sync.kinds import NEW_PASSWORD
from server.sync.office_ledger import NewOperation
from server.sync.outcome import Outcome


def hash_new(username: str, password: str) -> str:
    """The hash to keep of a password that somebody wants to have, or is given; raises Problem `weak_password` and
    `busy`. Opens its own transaction: call it outside of any."""
    with reading() as connection:
        named = connection.scalar(select(Person.name).where(Person.username == username))
    refuse_weak(password, username, named or username, company_words(services().settings.public_url))
    return passwords.hash_password(password)


def change_own(caller: Caller, old: str, new: str, kind: Kind, asking: Asking) -> str:
    """Give the caller another password; every session of theirs ends, and the token of the one that goes on from here
    is returned.

    Raises Problem `bad_credentials` and `too_many_tries` as a sign-in does, `weak_password`.
    """
    now = services().times().steady
    person = check_password(caller.username, old, asking, now)
    hashed = hash_new(caller.username, new)

    def change(connection: Connection) -> str:
        row = select(Person.active, Person.sign_in_version).where(Person.id == person.id).with_for_update()
        found = connection.execute(row).one()
        if not found.active or found.sign_in_version != person.sign_in_version:
            raise Problem("bad_credentials")
        accounts.put_password(connection, person.id, hashed)
        renewed = replace(person, sign_in_version=person.sign_in_version + 1)
        return begin_session(connection, renewed, caller.device_id, kind, now)

    return write(change)


def set_password(connection: Connection, author_id: str, person_id: str, password_hash: str) -> Outcome:
    """An administrator gives somebody a password: the line says that, the hash is put beside it in this transaction."""
    here = services()
    said = NewOperation(NEW_PASSWORD, person_id, {})
    outcome = office_ledger.write(connection, here.pen, author_id, [said], here.now())[0]
    if outcome.status == "applied":
        accounts.put_password(connection, person_id, password_hash)
    return outcome
