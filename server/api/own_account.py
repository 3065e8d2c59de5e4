"""A person's own password, and the passwords that an administrator gives."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sqlalchemy import Connection, select

from server.api import passwords
from server.api.security import Caller, Kind, begin_session
from server.api.sign_in import check_password
from server.database import write
from server.models import Person
from server.problems import Problem
from server.services import services
from server.sync import accounts, office_ledger
from server.sync.office_ledger import NewOperation
from server.sync.outcome import Outcome

NEW_PASSWORD: Final = accounts.NEW_PASSWORD


def hash_new(password: str) -> str:
    """The hash to keep of a password that somebody wants to have; raises Problem `unfit_password`."""
    if not passwords.SHORTEST <= len(password) <= passwords.LONGEST:
        raise Problem("unfit_password", shortest=passwords.SHORTEST, longest=passwords.LONGEST)
    try:
        return passwords.hash_password(password)
    except UnicodeEncodeError as error:
        raise Problem("unfit_password", shortest=passwords.SHORTEST, longest=passwords.LONGEST) from error


def change_own(caller: Caller, old: str, new: str, kind: Kind, address: str) -> str:
    """Give the caller another password; every session of theirs ends, and the token of the one that goes on from here
    is returned.

    Raises Problem `bad_credentials` and `too_many_tries` as a sign-in does, `unfit_password`.
    """
    now = services().now()
    person = check_password(caller.username, old, address, now)
    hashed = hash_new(new)

    def change(connection: Connection) -> str:
        row = select(Person.active, Person.sign_in_version).where(Person.id == person.id).with_for_update()
        found = connection.execute(row).one()
        if not found.active or found.sign_in_version != person.sign_in_version:
            raise Problem("bad_credentials")
        accounts.put_password(connection, person.id, hashed, now)
        renewed = replace(person, sign_in_version=person.sign_in_version + 1)
        return begin_session(connection, renewed, caller.device_id, kind, now)

    return write(change)


def set_password(connection: Connection, author_id: str, person_id: str, password_hash: str) -> Outcome:
    """An administrator gives somebody a password: the line says that, the hash is put beside it in this transaction."""
    here = services()
    now = here.now()
    said = NewOperation(NEW_PASSWORD, person_id, {})
    outcome = office_ledger.write(connection, here.pen, author_id, [said], now)[0]
    if outcome.status == "applied":
        accounts.put_password(connection, person_id, password_hash, now)
    return outcome
