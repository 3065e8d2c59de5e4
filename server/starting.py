"""What is said at each start of the server about how it is set up."""

from __future__ import annotations

import logging
import os

import click

from server.database import reading, write
from server.demo.public import public_accounts, remember_public_accounts, stands_beside_real_ones
from server.language import text
from server.secret_key import FILE, is_open_to_others
from server.settings import Settings

log = logging.getLogger(__name__)


def warn_at_start(settings: Settings) -> None:
    """Print and log what endangers this server. Needs an app context and the newest schema."""
    for warning in warnings(settings):
        log.warning("%s", warning)
        click.echo(warning, err=True)


def warnings(settings: Settings) -> list[str]:
    """A sentence for each danger: a secret that others read, public accounts beside real ones."""
    found = []
    if is_open_to_others(os.environ, settings.data):
        found.append(text(settings.language, "start-secret-open", file=str(settings.data / FILE)))
    write(remember_public_accounts)
    with reading() as connection:
        public = public_accounts(connection)
        if stands_beside_real_ones(connection, public):
            found.append(text(settings.language, "start-public-password", usernames=", ".join(public)))
    return found
