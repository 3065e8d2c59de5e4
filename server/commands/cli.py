"""The command line. What a command needs is imported when it runs: others start sooner without it."""

from __future__ import annotations

import logging
import os

import click

from server import VERSION
from server.commands.accounts import close_account, end_sessions, open_account, set_password, typed_password
from server.commands.evidence import evidence
from server.commands.import_ledger import import_ledger
from server.commands.keeping import backup, check, restore
from server.commands.keys import accept_key
from server.commands.load import load, load_demo
from server.models import ROLES
from server.traces import LOG_FORMAT, DiscreetFormatter


class Commands(click.Group):
    """The commands, none of which runs with a secret that is none, or on a database of a later version."""

    def invoke(self, ctx: click.Context) -> object:
        """Called by click to run the command that was asked for."""
        from server.database import SchemaTooNew
        from server.own_files import keeping_to_oneself
        from server.secret_key import UnusableSecret

        try:
            with keeping_to_oneself():
                return super().invoke(ctx)
        except UnusableSecret as problem:
            raise _said(f"secret-problem-{problem.code.replace('_', '-')}", **problem.figures) from problem
        except SchemaTooNew as problem:
            raise _said("start-schema-too-new", version=VERSION) from problem


def _said(message: str, **figures: object) -> click.ClickException:
    """A sentence of the catalogue, before the settings can be read."""
    from server.language import text
    from server.settings import Settings

    return click.ClickException(text(os.environ.get("UNDERCROFT_LANGUAGE", Settings.language), message, **figures))


@click.group(cls=Commands)
@click.version_option(VERSION, prog_name="undercroft")
def main() -> None:
    """Undercroft: field service for places without signal."""
    to_stderr = logging.StreamHandler()
    to_stderr.setFormatter(DiscreetFormatter(LOG_FORMAT))
    logging.basicConfig(level=logging.WARNING, handlers=[to_stderr])


main.add_command(backup)
main.add_command(restore)
main.add_command(check)
main.add_command(load)
main.add_command(load_demo)
main.add_command(import_ledger)
main.add_command(evidence)
main.add_command(accept_key)
for _command in (set_password, close_account, open_account, end_sessions):
    main.add_command(_command)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="0: any free one.")
def serve(host: str, port: int) -> None:
    """Serve with the production server, migrating the database first. Stops gracefully on SIGTERM."""
    from server.serving import serve as serve_forever

    serve_forever(host, port)


@main.command("add-person")
@click.argument("username")
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--name", help="As others read it; the username where it is not given.")
def add_person(username: str, role: str, name: str | None) -> None:
    """Add a person and print their id.

    The password comes from a prompt, or from standard input when that is no terminal.
    """
    from server.at_work import at_work
    from server.database import write
    from server.language import text
    from server.password_hashes import hash_password
    from server.passwords import company_words, refuse_weak
    from server.problems import Problem
    from server.services import utc_now
    from server.settings import Settings
    from server.sync.store import people

    settings = Settings.read()
    password = typed_password(settings.language)
    try:
        refuse_weak(password, username, name or username, company_words(settings.public_url))
    except Problem as problem:
        raise click.ClickException(text(settings.language, "problem-weak-password-detail", **problem.figures)) from None
    with at_work():
        try:
            hashed, now = hash_password(password), utc_now()
            identity = write(
                lambda connection: people.add_person(connection, username, name or username, role, hashed, now)
            )
        except people.UsernameTaken as error:
            raise click.ClickException(text(settings.language, "cli-username-taken", username=username)) from error
        except ValueError as error:
            raise click.ClickException(text(settings.language, "cli-name-length")) from error
    click.echo(identity)
