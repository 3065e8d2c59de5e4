"""The commands `backup`, `restore` and `check`. What they do is imported as they run."""

from __future__ import annotations

from pathlib import Path

import click

from server.commands.load import language_option


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@language_option
def backup(file: Path, language: str | None) -> None:
    """Write the whole company to FILE: database, photos, and the secret key. The server may go on serving.

    Keep the file as safe as what is in it: customers' data, signatures, and the key.
    """
    from server.commands.run_keeping import run_backup

    run_backup(file, language)


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--replace", is_flag=True, help="Sets a database that is in use aside (SQLite); nothing is deleted.")
@language_option
def restore(file: Path, replace: bool, language: str | None) -> None:
    """Bring a backup back, with the server stopped. Phones then send again what they have and the backup lacks."""
    from server.commands.run_keeping import run_restore

    run_restore(file, replace, language)


@click.command("check")
@language_option
def check(language: str | None) -> None:
    """Check every ledger, document, feed and photo. Exits with 1 and says what is wrong, if anything is."""
    from server.commands.run_keeping import run_check

    run_check(language)
