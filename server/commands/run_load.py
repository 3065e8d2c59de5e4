"""What the commands `load` and `load-demo` do and print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import click

from server import demo
from server.at_work import at_work
from server.commands.progress import ProgressShown
from server.imports.findings import FileProblem, FileReport, SheetSummary, shortened, write_findings
from server.imports.load import load_files
from server.imports.wiring import loading_as
from server.language import languages, text
from server.services import services

ALIKE_SHOWN: Final = 15
FAILED: Final = 2
REFUSED: Final = 1


@dataclass(frozen=True)
class Wishes:
    """What the command line asks for; see the options of `load`."""

    username: str | None
    strict: bool
    findings_file: Path | None
    language: str | None


def run_load(files: Sequence[Path], wishes: Wishes) -> int:
    """Take the files in and say what came of them; the exit code."""
    reports: list[FileReport] = []
    failed = False
    with at_work() as settings:
        language = chosen(wishes.language, settings.language)
        try:
            loading = loading_as(services(), wishes.username)
        except FileProblem as problem:
            click.echo(problem.sentence(language), err=True)
            return FAILED
        with ProgressShown(language) as shown:
            for result in load_files(files, loading, shown):
                shown.end()
                if isinstance(result, FileProblem):
                    failed = True
                    click.echo(result.sentence(language), err=True)
                else:
                    reports.append(result)
                    print_report(result, language)
    refused = print_sum(reports, language)
    if wishes.findings_file is not None:
        failed = not _written(wishes.findings_file, reports, language) or failed
    if failed:
        return FAILED
    return REFUSED if wishes.strict and refused else 0


def run_load_demo(keep_dates: bool, wanted: str | None) -> int:
    """Load the demonstration company and print its accounts; the exit code."""
    with at_work() as settings:
        language = chosen(wanted, settings.language)
        try:
            with ProgressShown(language) as shown:
                reports = demo.load_demo(services(), shown, keep_dates=keep_dates)
        except FileProblem as problem:
            click.echo(problem.sentence(language), err=True)
            return FAILED
    for report in reports:
        print_summaries(report.sheets, report.file, language)
    print_sum(reports, language)
    click.echo(text(language, "import-demo-accounts", password=demo.PASSWORD))
    for account in demo.ACCOUNTS:
        role = text(language, "role-" + account.role.replace("_", "-"))
        click.echo(f"  {account.username:<10} {account.name}  {role}")
    return 0


def chosen(wanted: str | None, usual: str) -> str:
    """The language asked for, else the usual one. Raises click.BadParameter where it has no catalogue."""
    if wanted is not None and wanted not in languages():
        raise click.BadParameter(", ".join(languages()), param_hint="--language")
    return wanted or usual


def print_report(report: FileReport, language: str) -> None:
    """A file's sheets in numbers, and its findings; long runs of alike notices are cut short with a count."""
    if not report.sheets:
        click.echo(text(language, "import-nothing-taken", file=report.file))
    print_summaries(report.sheets, report.file, language)
    kept, more = shortened(report.findings, ALIKE_SHOWN)
    for finding in kept:
        click.echo(f"  {finding.sentence(language)}")
    for first, count in more:
        place = replace(first, row=0).place(language)
        click.echo("  " + text(language, "import-more", place=place, count=count, like=first.reason(language)))


def print_summaries(summaries: Iterable[SheetSummary], file: str, language: str) -> None:
    """A line for each sheet: how many rows were new, changed, unchanged, refused."""
    for summary in summaries:
        sheet = file if summary.sheet == Path(file).stem else f"{file} · {summary.sheet}"
        numbers = {
            "taken": summary.taken,
            "changed": summary.changed,
            "unchanged": summary.unchanged,
            "refused": summary.refused,
        }
        click.echo(text(language, "import-summary", sheet=sheet, **numbers))


def print_sum(reports: Iterable[FileReport], language: str) -> int:
    """One last line over all files; returns how many rows and sheets were refused."""
    reports = list(reports)
    sheets = [sheet for report in reports for sheet in report.sheets]
    refused = sum(report.refused for report in reports)
    numbers = {
        "taken": sum(sheet.taken for sheet in sheets),
        "changed": sum(sheet.changed for sheet in sheets),
        "unchanged": sum(sheet.unchanged for sheet in sheets),
        "refused": refused,
        "notices": sum(len(report.findings) for report in reports) - refused,
    }
    click.echo(text(language, "import-sum", **numbers))
    return refused


def _written(file: Path, reports: Iterable[FileReport], language: str) -> bool:
    try:
        write_findings(file, (finding for report in reports for finding in report.findings), language)
    except OSError as error:
        problem = FileProblem(str(file), "findings_not_written", why=error.strerror or "")
        click.echo(problem.sentence(language), err=True)
        return False
    return True
