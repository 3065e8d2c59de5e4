"""Loading the demonstration company, once or any number of times with the same result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from server.database import reading, write
from server.demo.people import ACCOUNTS, PASSWORD
from server.demo.public import remember_public_accounts
from server.imports.findings import FileProblem, FileReport
from server.imports.load import Progress, load_files, no_progress
from server.imports.rows import Known, WorkOrderRow
from server.imports.wiring import loading_as
from server.models import Customer, Document, Person
from server.password_hashes import hash_password
from server.rules.deadlines import deadlines
from server.rules.rule_set import RuleSet
from server.services import Services
from server.sync.store.facts_store import fact, remember
from server.sync.store.finding import rule_set_of
from server.sync.store.people import add_person

DEMONSTRATION: Final = "demonstration"
DATA: Final = Path(__file__).with_name("data")
OPENER: Final = "liuna"
# The day of the data on which most visits are planned; it is moved to the day of the first load.
BUSIEST_DAY: Final = date(2026, 11, 22)
KEEP: Final = "as in the files"
# Visits begin from eight in the morning to before seven in the evening.
DAY_FROM: Final = 8
DAY_TO: Final = 19
# How long before a visit its fault may have been reported, the longest first.
LEADS: Final = tuple(timedelta(minutes=minutes) for minutes in (2880, 1440, 1200, 600, 480, 300, 210, 150, 90, 60, 30))
LEEWAY: Final = timedelta(minutes=30)
LONGEST_BACK_DAYS: Final = 15


def load_demo(services: Services, progress: Progress = no_progress, *, keep_dates: bool = False) -> list[FileReport]:
    """Load the demonstration company; a repeated load changes nothing. Needs an app context.

    Its orders move by whole days, so that the busiest day is that of the first load, which is remembered;
    `keep_dates` on the first load leaves them as they are in the files. Raises FileProblem
    (not_the_demonstration) where the database holds another company.
    """
    first = write(lambda connection: _first_load(connection, services, keep_dates))
    zone = services.settings.timezone
    with reading() as connection:
        rules = rule_set_of(connection)
    adapt = _unmoved if first is None else mover(first.astimezone(ZoneInfo(zone)), rules, zone)
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


def _unmoved(row: WorkOrderRow, known: Known) -> WorkOrderRow:
    return row


def mover(first: datetime, rules: RuleSet, zone: str) -> Callable[[WorkOrderRow, Known], WorkOrderRow]:
    """Moves an order by the days between the busiest day and `first`, an aware time of the company's zone.

    What would then have been reported after `first` was reported some whole days earlier instead: nobody
    reports a fault tomorrow. Visits are planned by day, and begin before the deadline that the contract sets: where
    that had passed, the fault was reported later, and if need be all of it happened some whole days earlier.
    """
    days = first.date() - BUSIEST_DAY

    def move(row: WorkOrderRow, known: Known) -> WorkOrderRow:
        reported_at = row.reported_at + days
        if row.window is None:
            return replace(row, reported_at=_before(reported_at, first))
        customer = known.customers.get(row.customer)

        def in_time(at: datetime, start: datetime) -> bool:
            due = deadlines(at, customer.contract if customer else None, row.priority, rules, zone)["arrive_by"]
            return at <= start and (due is None or start + LEEWAY <= datetime.fromisoformat(due))

        start, length = by_day(row.window[0] + days), row.window[1] - row.window[0]
        for back in range(LONGEST_BACK_DAYS):
            visit = start - timedelta(days=back)
            reports = (_before(reported_at, first), *(visit - lead for lead in LEADS))
            found = next((at for at in reports if at <= first and in_time(at, visit)), None)
            if found is not None:
                return replace(row, reported_at=found, window=(visit, visit + length))
        return replace(row, reported_at=_before(reported_at, first), window=None)

    return move


def _before(at: datetime, first: datetime) -> datetime:
    while at > first:
        at -= timedelta(days=1)
    return at


def by_day(start: datetime) -> datetime:
    """The beginning of a visit; at night, an hour of the same day, over which those of the night are spread."""
    if DAY_FROM <= start.hour < DAY_TO:
        return start
    night = 24 - (DAY_TO - DAY_FROM)
    hour = DAY_FROM + (start.hour - DAY_TO) % 24 * (DAY_TO - DAY_FROM) // night
    return start.replace(hour=hour)
