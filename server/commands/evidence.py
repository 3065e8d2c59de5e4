"""The command `evidence`. What it does is imported as it runs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from server.commands.load import language_option


@click.command("evidence")
@click.argument("number", metavar="ORDER_NUMBER")
@click.option(
    "--to", "file", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file; it must not exist."
)
@click.option("--whole-chain", is_flag=True, help="For a court: with other orders' lines where the chain needs them.")
@language_option
def evidence(number: str, file: Path, whole_chain: bool, language: str | None) -> None:
    """Write the evidence bundle of a work order: it can be checked with sha256sum and openssl, without Undercroft.

    Exits with 2 where there is no such order, or the file cannot be written.
    """
    from server.commands.run_evidence import run_evidence

    sys.exit(run_evidence(number, file, whole_chain, language))
