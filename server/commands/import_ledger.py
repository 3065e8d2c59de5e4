"""The command `import-ledger`. What it does is imported as it runs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from server.commands.load import language_option


@click.command("import-ledger")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@language_option
def import_ledger(file: Path, language: str | None) -> None:
    """Take in an export file (*.undercroft.zip) that a phone wrote because it could not send.

    With the same outcomes as if it had been sent, any number of times; the server may go on serving. Exits with 2
    where the file could not be taken in.
    """
    from server.commands.run_import_ledger import run_import_ledger

    sys.exit(run_import_ledger(file, language))
