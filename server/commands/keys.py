"""The command `accept-key`. What it does is imported as it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from server.settings import Settings


@click.command("accept-key")
def accept_key() -> None:
    """Go on with the present key where the database's own is lost, with every server stopped.

    Only where the key is in no backup: what it made cannot be verified afterwards.
    """
    from server.application import create_app
    from server.database import migrate_to_newest, write
    from server.language import text
    from server.presence import alone
    from server.settings import Places, Settings

    try:
        with alone(Places.read()):
            settings = Settings.read()
            with create_app(settings, restoring=True).app_context():
                migrate_to_newest()
                ended = write(lambda connection: _accept(connection, settings))
    except BlockingIOError:
        from server.secret_key import UnusableSecret

        raise UnusableSecret("in_use") from None
    click.echo(text(settings.language, "accept-key-done", count=ended))


def _accept(connection: Connection, settings: Settings) -> int:
    """Note the key, and end the office ledgers that it does not open, as a restore ends all; returns how many."""
    from sqlalchemy import update

    from server import company_key
    from server.models import Device
    from server.services import services, utc_now
    from server.sync.ledgers.office_keys import renew_all

    company_key.belongs_to(connection, settings.secret_key)
    lost = renew_all(connection, services().vault)
    for device in lost:
        connection.execute(update(Device).where(Device.id == device).values(revoked_at=utc_now()))
    return len(lost)
