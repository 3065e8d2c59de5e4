"""Today: what of the day's plan is proven, what is only claimed, and what nobody has heard of yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from server.database import reading
from server.office.queries import people_queries, queries
from server.office.queries.people_queries import DeviceRow, PersonRow
from server.office.queries.queries import OrderRow
from server.office.shell import asked
from server.office.shell.drawing import Band, TimeAxis, band, time_axis
from server.office.shell.reader import Reader
from server.office.shell.reasons import sentences
from server.rules.stages import ENDS

SILENT: Final = timedelta(minutes=30)
"""A phone that was not heard for this long while its person has work is called silent."""
SOON: Final = timedelta(hours=1)
"""A deadline this near, with nobody arrived, is at risk."""
NARROWEST: Final = 9.0
"""Seconds of corroborated time are drawn this wide, or nobody would see them."""

RANKS: Final = ("contradicted", "late", "overdue", "unproven", "at_risk", "waiting", "verified", "off")
PRESSING: Final = ("overdue", "at_risk")
# The figures of the day by which its rows can be looked at.
SHOWN: Final = ("verified", "unproven", "contradicted", "late", "risk", "silent")


@dataclass(frozen=True)
class Contact:
    """What is known of a person's phones: when one was last heard, and whether that is long ago."""

    last_at: datetime | None
    silent_s: float | None
    open_orders: int


@dataclass(frozen=True)
class TimeLine:
    """The drawing of one row: what can be proven (`bounds`), what the phone says (`claimed`), and the plan."""

    window: Band | None
    bounds: Band | None
    tight: bool
    claimed: float | None
    deadline: float | None
    now: float | None


@dataclass(frozen=True)
class Row:
    """One technician with one order. `rank` is one of RANKS; `arrival` the document's record of it, if any."""

    order: OrderRow
    person: PersonRow | None
    contact: Contact | None
    arrival: dict[str, Any] | None  # Any: JSON of the document
    rank: str
    arrive_by: str | None
    line: TimeLine
    reasons: list[str]


def register(blueprint: Blueprint) -> None:
    """Add this module's pages."""
    blueprint.get("/", endpoint="today")(today)


def today() -> ResponseReturnValue:
    """GET /office/?day=2026-11-24; `part=live` answers with what changes by itself only."""
    reader: Reader = g.reader
    day = asked.day(request.args.get("day")) or reader.today
    start = datetime.combine(day, time(), reader.zone)
    end = datetime.combine(day + timedelta(days=1), time(), reader.zone)
    with reading() as connection:
        orders = queries.orders_of_day(connection, start, end)
        people = people_queries.people(connection)
        devices = people_queries.devices(connection)
        overdue = queries.count_overdue(connection, min(start, reader.now))
        to_review = queries.count_to_review(connection)
    assigned = [order for order in orders if order.body["assignees"] or order.body["arrivals"]]
    axis = time_axis([*_moments(assigned), *([reader.now] if day == reader.today else [])], start, end)
    rows = rows_of(assigned, people, contacts(people.values(), devices, reader.now), axis, reader)
    show = request.args.get("show", "")
    shown = [row for row in rows if is_counted(row, show)] if show in SHOWN else rows
    page = "office/today_live.html" if request.args.get("part") == "live" else "office/today.html"
    return render_template(
        page,
        day=day,
        rows=shown,
        show=show if show in SHOWN else "",
        axis=axis,
        overdue=overdue,
        to_review=to_review,
        figures=_figures(rows, orders),
        unassigned=[order for order in orders if not order.body["assignees"] and not order.body["arrivals"]],
        silent=_silent(rows),
        is_today=day == reader.today,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
    )


def contacts(
    people: Sequence[PersonRow] | Any, devices: Sequence[DeviceRow], now: datetime
) -> dict[str, Contact]:  # Any: a view of a dictionary's values
    """What was heard of each person, by id; the devices come last heard first."""
    heard: dict[str, datetime | None] = {}
    for device in devices:
        if device.revoked_at is None:
            heard.setdefault(device.person_id, device.last_seen_at)
    found = {}
    for person in people:
        last = heard.get(person.id)
        silent = None if last is None else (now - last).total_seconds()
        found[person.id] = Contact(
            last, silent if silent and silent > SILENT.total_seconds() else None, person.open_orders
        )
    return found


def rows_of(
    orders: Sequence[OrderRow], people: dict[str, PersonRow], heard: dict[str, Contact], axis: TimeAxis, reader: Reader
) -> list[Row]:
    """A row for every order and person of it (assigned, or arrived all the same), what needs a look first."""
    rows = []
    for order in orders:
        came = [arrival["by"] for arrival in order.body["arrivals"]]
        for person_id in dict.fromkeys([*order.body["assignees"], *came]):
            arrival = next((a for a in order.body["arrivals"] if a["by"] == person_id), None)
            rows.append(_row(order, people.get(person_id), heard.get(person_id), arrival, axis, reader))
    rows.sort(
        key=lambda row: (
            RANKS.index(row.rank),
            -_late_s(row, reader.now),
            row.order.body["window"] is None,
            (row.order.body["window"] or {}).get("start") or "",
            row.order.id,
        )
    )
    return rows


def is_counted(row: Row, figure: str) -> bool:
    """Whether a row stands in this figure, one of `SHOWN`."""
    arrival = row.arrival
    match figure:
        case "verified":
            return arrival is not None and arrival["verdict"] == "verified"
        case "late":
            return arrival is not None and arrival["punctual"] == "late"
        case "risk":
            return row.rank in PRESSING
        case "silent":
            return row.person is not None and row.contact is not None and row.contact.silent_s is not None
        case _:
            return row.rank == figure


def _late_s(row: Row, now: datetime) -> float:
    """Seconds after the deadline, where somebody is late or will soon be (then negative); 0 of all others."""
    if row.arrive_by is None or row.rank not in ("late", *PRESSING):
        return 0.0
    came = datetime.fromisoformat(row.arrival["time"]["best"]) if row.arrival else now
    return (came - datetime.fromisoformat(row.arrive_by)).total_seconds()


def _row(
    order: OrderRow,
    person: PersonRow | None,
    contact: Contact | None,
    arrival: dict[str, Any] | None,
    axis: TimeAxis,
    reader: Reader,
) -> Row:  # Any: JSON
    arrive_by = (arrival or {}).get("arrive_by") or order.body["deadlines"]["arrive_by"]
    return Row(
        order,
        person,
        contact,
        arrival,
        rank(order.body, arrival, arrive_by, reader.now),
        arrive_by,
        time_line(order.body["window"], arrival, arrive_by, axis, reader.now),
        sentences((arrival or {}).get("reasons", []), reader),
    )


def rank(
    body: dict[str, Any], arrival: dict[str, Any] | None, arrive_by: str | None, now: datetime
) -> str:  # Any: JSON
    """What a supervisor should think of first about one technician and one order, a word of RANKS."""
    if arrival is not None:
        if arrival["verdict"] == "contradicted" or arrival["punctual"] == "late":
            return "contradicted" if arrival["verdict"] == "contradicted" else "late"
        return "verified" if arrival["verdict"] == "verified" else "unproven"
    if body["disposition"] != "active" or body["stage"] in ENDS or body["stage"] in ("on_site", "working"):
        return "off" if body["disposition"] != "active" else "unproven"
    left = None if arrive_by is None else datetime.fromisoformat(arrive_by) - now
    if left is not None and left <= SOON:
        return "overdue" if left < timedelta(0) else "at_risk"
    return "waiting"


def time_line(
    window: dict[str, str] | None, arrival: dict[str, Any] | None, arrive_by: str | None, axis: TimeAxis, now: datetime
) -> TimeLine:  # Any: JSON
    """Where everything of one row stands on the axis."""
    planned = None
    if window is not None:
        planned = band(axis, datetime.fromisoformat(window["start"]), datetime.fromisoformat(window["end"]))
    deadline = None if arrive_by is None else datetime.fromisoformat(arrive_by)
    bounds, claimed, tight = None, None, False
    if arrival is not None:
        moment = arrival["time"]
        tight = moment["grade"] == "corroborated"
        latest = datetime.fromisoformat(moment["latest"])
        # Without an anchor nothing proves that it was not earlier: the band is open to the left.
        earliest = (
            datetime.fromisoformat(moment["earliest"])
            if moment["earliest"]
            else min(axis.start, latest) - timedelta(days=1)
        )
        bounds = band(axis, earliest, latest, NARROWEST)
        said = datetime.fromisoformat(moment.get("claimed") or moment["best"])
        claimed = axis.x(said) if axis.holds(said) else None
    return TimeLine(
        planned,
        bounds,
        tight,
        claimed,
        axis.x(deadline) if deadline is not None and axis.holds(deadline) else None,
        axis.x(now) if axis.holds(now) else None,
    )


def _moments(orders: Sequence[OrderRow]) -> list[datetime]:
    texts: list[str | None] = []
    for order in orders:
        window = order.body["window"] or {}
        texts += [window.get("start"), window.get("end"), order.body["deadlines"]["arrive_by"]]
        for arrival in order.body["arrivals"]:
            texts += [arrival["time"]["best"], arrival["time"].get("claimed")]
    return [datetime.fromisoformat(text) for text in texts if text]


def _figures(rows: Sequence[Row], orders: Sequence[OrderRow]) -> dict[str, int]:
    """Orders of the day, and how many technicians' rows stand in each class."""
    counted = {figure: sum(is_counted(row, figure) for row in rows) for figure in SHOWN if figure != "silent"}
    return {"planned": len(orders)} | counted


def _silent(rows: Sequence[Row]) -> int:
    return len({row.person.id for row in rows if row.person and row.contact and row.contact.silent_s is not None})
