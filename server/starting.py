"""What is said at each start of the server about how it is set up."""

from __future__ import annotations

import logging
import os

import click

from server.database import reading, write
from server.demo.public import public_accounts, remember_public_accounts, stands_beside_real_ones
from server.language import text
from server.secret_key import open_to_others
from server.services import services
from server.settings import Settings
from server.sync.ledgers.office_keys import renew_all

log = logging.getLogger(__name__)


def warn_at_start(settings: Settings) -> None:
    """Print and log what endangers this server. Needs an app context and the newest schema."""
    for warning in warnings(settings):
        log.warning("%s", warning)
        click.echo(warning, err=True)


def warnings(settings: Settings) -> list[str]:
    """A sentence for each danger: secrets that others read, a secret that opens no office ledger, public accounts
    beside real ones. What a former secret had sealed is sealed with the present one."""
    files = open_to_others(os.environ, settings.data)
    found = [text(settings.language, "start-secret-open", file=str(file)) for file in files]
    if lost := write(lambda connection: renew_all(connection, services().vault)):
        found.append(text(settings.language, "start-secret-other", count=len(lost)))
    write(remember_public_accounts)
    with reading() as connection:
        public = public_accounts(connection)
        if stands_beside_real_ones(connection, public):
            found.append(text(settings.language, "start-public-password", usernames=", ".join(public)))
    return found
