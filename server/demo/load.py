"""Loading the demonstration company, once or any number of times with the same result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from server.api.passwords import hash_password
from server.database import write
from server.demo.people import ACCOUNTS, PASSWORD
from server.demo.public import remember_public_accounts
from server.imports.findings import FileProblem, FileReport
from server.imports.load import Progress, load_files, no_progress
from server.imports.rows import WorkOrderRow
from server.imports.wiring import loading_as
from server.models import Customer, Document, Person
from server.services import Services
from server.sync.facts_store import fact, remember
from server.sync.people import add_person

DEMONSTRATION: Final = "demonstration"
DATA: Final = Path(__file__).with_name("data")
OPENER: Final = "liuna"
# The day of the data on which most visits are planned; it is moved to the day of the first load.
BUSIEST_DAY: Final = date(2026, 11, 22)
KEEP: Final = "as in the files"


def load_demo(services: Services, progress: Progress = no_progress, *, keep_dates: bool = False) -> list[FileReport]:
    """Load the demonstration company; a repeated load changes nothing. Needs an app context.

    Its orders move by whole days, so that the busiest day is that of the first load, which is remembered;
    `keep_dates` on the first load leaves them as they are in the files. Raises FileProblem
    (not_the_demonstration) where the database holds another company.
    """
    first = write(lambda connection: _first_load(connection, services, keep_dates))
    adapt = _unmoved if first is None else mover(first.astimezone(ZoneInfo(services.settings.timezone)))
    loading = replace(loading_as(services, OPENER), adapt=adapt)
    reports = []
    for result in load_files(sorted(DATA.glob("*.*")), loading, progress):
        if isinstance(result, FileProblem):
            raise result
        reports.append(result)
    return reports


def _first_load(connection: Connection, services: Services, keep_dates: bool) -> datetime | None:
    """Make the company's people at the first load; when that was, or None where its dates are kept."""
    if fact(connection, "company") == DEMONSTRATION:
        remembered = fact(connection, "demonstration_loaded_at") or KEEP
        return None if remembered == KEEP else datetime.fromisoformat(remembered)
    if any(connection.execute(select(model.id).limit(1)).first() for model in (Person, Customer, Document)):
        raise FileProblem("", "not_the_demonstration")
    now = services.now()
    remember(connection, "company", DEMONSTRATION)
    remember(connection, "demonstration_loaded_at", KEEP if keep_dates else now.isoformat())
    for account in ACCOUNTS:
        add_person(connection, account.username, account.name, account.role, hash_password(PASSWORD), now)
    remember_public_accounts(connection)
    return None if keep_dates else now


def _unmoved(row: WorkOrderRow) -> WorkOrderRow:
    return row


def mover(first: datetime) -> Callable[[WorkOrderRow], WorkOrderRow]:
    """Moves an order by the days between the busiest day and `first`, an aware time of the company's zone.

    What would then have been reported after `first` was reported some whole days earlier instead: nobody
    reports a fault tomorrow.
    """
    days = first.date() - BUSIEST_DAY

    def move(row: WorkOrderRow) -> WorkOrderRow:
        reported_at = row.reported_at + days
        while reported_at > first:
            reported_at -= timedelta(days=1)
        window = row.window and (row.window[0] + days, row.window[1] + days)
        return replace(row, reported_at=reported_at, window=window)

    return move
