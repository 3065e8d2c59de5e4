"""Judging the rows of reported faults."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from server.imports.fields import RowReader
from server.imports.moments import Moment, NotAMoment
from server.imports.rows import Known, KnownPerson, WorkOrderRow
from server.imports.vocabulary import meanings
from server.rules.telephones import same_telephone


def parse_work_order(row: RowReader, known: Known) -> WorkOrderRow | None:
    """A reported fault, or None where the row is refused."""
    number = row.number("number")
    window = _window(row)
    reported_at = _reported_at(row, window[0] if window else None)
    customer, site, asset = _references(row, known)
    fault = row.text("fault", required=True)
    read = (row.text("requests"), row.text("contact_name", limit=128), _phone(row, customer, known))
    channel, priority = _channel(row), _priority(row)
    assignees = _assignees(row, known)
    if row.refused or number is None or reported_at is None:
        return None
    if customer is None or site is None or fault is None:
        return None
    return WorkOrderRow(number, reported_at, channel, customer, site, asset, fault, *read, priority, window, assignees)


def _references(row: RowReader, known: Known) -> tuple[str | None, str | None, str | None]:
    """The numbers of customer, site and asset, refused unless each is known and belongs to the one before."""
    customer, site = row.number("customer"), row.number("site")
    asset = row.number("asset", required=False)
    if customer is not None and customer not in known.customers:
        row.refuse("customer", "unknown_customer", number=customer)
    if site is not None:
        if site not in known.sites:
            row.refuse("site", "unknown_site", number=site)
        elif customer in known.customers and known.sites[site].customer != customer:
            owner = known.sites[site].customer
            row.refuse("site", "site_of_another_customer", number=site, owner=owner)
    if asset is not None:
        if asset not in known.assets:
            row.refuse("asset", "unknown_asset", number=asset)
        elif site in known.sites and known.assets[asset].site != site:
            row.refuse("asset", "asset_at_another_site", number=asset, place=known.assets[asset].site)
    return customer, site, asset


def _phone(row: RowReader, customer: str | None, known: Known) -> str | None:
    phone = row.phone("phone")
    filed = known.customers.get(customer or "")
    if phone and filed and filed.phone and not same_telephone(phone, filed.phone):
        row.notice("phone", "phone_differs", value=phone, known=filed.phone)
    return phone


def _channel(row: RowReader) -> str | None:
    channel = row.word("channel", meanings("channels"))
    if channel is not None and channel not in meanings("channels").values():
        row.notice("channel", "unknown_channel", value=channel)
        return None
    return channel


def _priority(row: RowReader) -> str:
    """An empty cell means normal; a word that nobody knows could mean anything, so it is refused."""
    priority = row.word("priority", meanings("priorities")) or "normal"
    if priority not in meanings("priorities").values():
        row.refuse("priority", "unknown_priority", value=priority)
    return priority


def _assignees(row: RowReader, known: Known) -> tuple[str, ...]:
    found: list[str] = []
    written = unicodedata.normalize("NFKC", row.text("assignees") or "")
    for name in re.split(r"[,;/\n\u3001]+", written):
        person = _person(name.strip(), known)
        if person is not None and person.role == "technician" and person.active:
            found.append(person.id)
        elif person is not None:
            row.refuse("assignees", "not_a_technician", name=name.strip())
        elif name.strip():
            row.refuse("assignees", "unknown_technician", name=name.strip())
    return tuple(dict.fromkeys(found))


def _person(name: str, known: Known) -> KnownPerson | None:
    """By username; or by a name that only one person has."""
    for person in known.people:
        if person.username == name.lower():
            return person
    named = [person for person in known.people if person.name == name]
    return named[0] if len(named) == 1 else None


def _window(row: RowReader) -> tuple[datetime, datetime] | None:
    start, end = _window_edge(row, "window_start"), _window_edge(row, "window_end")
    if start is None and end is None:
        return None
    if start is None or end is None:
        if not row.refused:
            row.refuse("window_start" if start is None else "window_end", "window_half")
        return None
    if end <= start:
        row.refuse("window_end", "window_reversed", start=f"{start:%Y-%m-%d %H:%M}")
        return None
    return start, end


def _window_edge(row: RowReader, column: str) -> datetime | None:
    moment = row.moment(column)
    if moment is None:
        return None
    if moment.year is None:
        row.refuse(column, "year_missing", value=row.shown(column))
        return None
    return _understood(row, column, moment, None)


def _understood(row: RowReader, column: str, moment: Moment, year: int | None) -> datetime | None:
    try:
        at = moment.at(row.timezone, year)
    except (NotAMoment, OverflowError):
        row.refuse(column, "date_impossible", value=row.shown(column))
        return None
    row.read_as(column, moment, at)
    return at


def _reported_at(row: RowReader, window_start: datetime | None) -> datetime | None:
    """When the fault was reported; without a year, the last such day that is not after the window's start."""
    before = row.refused
    moment = row.moment("reported_at")
    if moment is None:
        if row.refused == before and not row.shown("reported_at"):
            row.refuse("reported_at", "value_missing")
        return None
    written = row.shown("reported_at")
    if moment.year is None and window_start is None:
        row.refuse("reported_at", "year_missing", value=written)
        return None
    reported_at = _with_year(row, moment, window_start)
    if reported_at is None:
        return None
    if moment.year is None:
        row.notice("reported_at", "year_from_window", value=written, read=f"{reported_at:%Y-%m-%d %H:%M}")
    if moment.clock is None:
        row.notice("reported_at", "time_missing", value=written)
    elif window_start is not None and reported_at > window_start:
        row.notice("reported_at", "reported_after_window", start=f"{window_start:%Y-%m-%d %H:%M}")
    return reported_at


def _with_year(row: RowReader, moment: Moment, window_start: datetime | None) -> datetime | None:
    if moment.year is not None or window_start is None:
        return _understood(row, "reported_at", moment, None)
    at = _understood(row, "reported_at", moment, window_start.year)
    if at is not None and at > window_start:
        return _understood(row, "reported_at", moment, window_start.year - 1)
    return at
