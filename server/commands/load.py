"""The commands `load` and `load-demo`. What they do is imported as they run: others start sooner."""

from __future__ import annotations

import sys
from pathlib import Path

import click

language_option = click.option("--language", metavar="LANGUAGE", help="zh-CN or en; otherwise UNDERCROFT_LANGUAGE.")


@click.command("load")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--as", "username", metavar="USERNAME", help="Opens the work orders; usually the service desk.")
@click.option("--strict", is_flag=True, help="Exit with 1 where a row was refused.")
@click.option(
    "--findings", "findings_file", type=click.Path(path_type=Path), help="Writes every finding to a CSV file."
)
@language_option
def load(
    files: tuple[Path, ...],
    username: str | None,
    strict: bool,
    findings_file: Path | None,
    language: str | None,
) -> None:
    """Take a company's own spreadsheets in (xlsx, csv): customers, sites, assets, reported faults, parts,
    warranty terms, checklists.

    Every good row is taken in, each bad one is listed with sheet, row, column and reason. Loading again
    changes nothing that is already there. Exits with 2 where a file could not be taken in at all.
    """
    from server.commands.run_load import Wishes, run_load

    sys.exit(run_load(files, Wishes(username, strict, findings_file, language)))


@click.command("load-demo")
@click.option("--keep-dates", is_flag=True, help="Leaves the orders in the week of the files.")
@language_option
def load_demo(keep_dates: bool, language: str | None) -> None:
    """Load the demonstration company, and print its accounts. Loading it again changes nothing."""
    from server.commands.run_load import run_load_demo

    sys.exit(run_load_demo(keep_dates, language))
