"""The commands that set a password, close and open an account, and end its sessions.

Each writes a line into the office ledger of an administrator, as the administrator's page does.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from server.sync.ledgers.outcome import Outcome

    # With the administrator's and the person's ids.
    Work = Callable[[Connection, str, str], Outcome]

BY: Final = "The administrator in whose name it is written; the first other one where it is not given."


@click.command("set-password")
@click.argument("username")
@click.option("--by", help=BY)
def set_password(username: str, by: str | None) -> None:
    """Give a person another password, which ends their sessions.

    The password comes from a prompt, or from standard input when that is no terminal.
    """
    from server.settings import Settings

    language = Settings.read().language
    password = typed_password(language)

    def prepare() -> Work:
        from server.web import own_account

        hashed = _hashed(username, password, language)
        return lambda connection, author, person: own_account.set_password(connection, author, person, hashed)

    _change(username, by, prepare)


def _with_reason(name: str, kind: str, about: str) -> click.Command:
    """A command that writes an operation of this kind about a person."""

    @click.command(name, help=about)
    @click.argument("username")
    @click.option("--reason", help="As the story shows it.")
    @click.option("--by", help=BY)
    def command(username: str, reason: str | None, by: str | None) -> None:
        _change(username, by, lambda: _writing(kind, reason))

    return command


close_account = _with_reason(
    "close-account", "person.close", "Close a person's account: nobody signs in with it, and its sessions end for good."
)
open_account = _with_reason(
    "open-account", "person.open", "Open a closed account again. No session from before comes back."
)
end_sessions = _with_reason(
    "end-sessions", "person.end_sessions", "End every session of a person, in the app and in the office."
)


def typed_password(language: str) -> str:
    """From whoever sits there, typed twice, or the first line of what is piped in, of which no more is read than makes
    it too long."""
    from server.language import text
    from server.passwords import LONGEST

    if not sys.stdin.isatty():
        return sys.stdin.readline(LONGEST + 3).rstrip("\r\n")
    again = text(language, "cli-password-again")
    typed: str = click.prompt(
        text(language, "cli-password-prompt"), hide_input=True, confirmation_prompt=again, err=True
    )
    return typed


def _hashed(username: str, password: str, language: str) -> str:
    """The hash of a password that this person is to have; raises ClickException where it cannot be."""
    from server.language import text
    from server.problems import Problem
    from server.web.own_account import hash_new

    try:
        return hash_new(username.strip().lower(), password)
    except Problem as problem:
        raise click.ClickException(text(language, problem.message, **problem.sayable)) from problem


def _writing(kind: str, reason: str | None) -> Work:
    from server.services import services
    from server.sync.exchange import office_ledger
    from server.sync.exchange.office_ledger import NewOperation

    def work(connection: Connection, author: str, person: str) -> Outcome:
        here = services()
        operation = NewOperation(kind, person, {"reason": reason})
        return office_ledger.write(connection, here.pen, author, [operation], here.now())[0]

    return work


def _change(username: str, by: str | None, prepare: Callable[[], Work]) -> None:
    """Run what `prepare` returns with the administrator's and the person's ids, and say what came of it."""
    from server.at_work import at_work
    from server.database import write
    from server.language import text

    with at_work() as settings:
        work = prepare()

        def change(connection: Connection) -> Outcome:
            person = _id_of(connection, username, settings.language)
            return work(connection, _author(connection, by, person, settings.language), person)

        outcome = write(change)
    if outcome.status != "applied":
        raise click.ClickException(text(settings.language, "cli-account-refused"))
    click.echo(text(settings.language, "cli-account-done", username=username))


def _id_of(connection: Connection, username: str, language: str) -> str:
    from sqlalchemy import select

    from server.language import text
    from server.models import Person

    named = select(Person.id).where(Person.username == username.strip().lower())
    found: str | None = connection.execute(named).scalar_one_or_none()
    if found is None:
        raise click.ClickException(text(language, "cli-account-unknown", username=username))
    return found


def _author(connection: Connection, by: str | None, person_id: str, language: str) -> str:
    """Who is said to have done it; the person's own name only where there is no other administrator."""
    from sqlalchemy import select

    from server.language import text
    from server.models import Person

    if by is not None:
        return _id_of(connection, by, language)
    admins = select(Person.id).where(Person.role == "admin", Person.active)
    usual = admins.order_by(Person.id == person_id, Person.created_at, Person.id).limit(1)
    found: str | None = connection.execute(usual).scalar_one_or_none()
    if found is None:
        raise click.ClickException(text(language, "cli-account-no-admin"))
    return found
