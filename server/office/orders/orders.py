"""The list of work orders: filters, search, sorting, pages by key, and all of it as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Final

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from server.database import reading
from server.documents.work_order.shapes import KINDS
from server.imports.findings import BYTE_ORDER_MARK, harmless
from server.office.orders import order_list
from server.office.orders.order_list import DATES, SORTS, Count, OrderFilter, sorting
from server.office.queries import people_queries, queries
from server.office.queries.queries import OrderRow
from server.office.shell import asked as asking
from server.rules.stages import STAGES
from server.web.made_files import answer_with

EXPORTED: Final = (
    "number",
    "state",
    "kind",
    "priority",
    "reported",
    "customer",
    "site",
    "address",
    "contact",
    "phone",
    "fault",
    "technician",
    "window-start",
    "window-end",
    "arrive-by",
    "arrived",
    "verdict",
    "review",
)
PORTION: Final = 400
"""Orders read at once while a file is sent."""


def register(blueprint: Blueprint) -> None:
    """Add this module's pages."""
    blueprint.get("/orders", endpoint="orders")(orders)
    blueprint.get("/orders.csv", endpoint="orders_file")(orders_file)


def orders() -> ResponseReturnValue:
    """GET /office/orders?words=&stage=&review=&kind=&person=&customer=&overdue=&date=&from=&to=&sort=&after="""
    asked = request.args
    wanted, order = wanted_orders(), sorting(asked.get("sort"))
    with reading() as connection:
        page = order_list.find_orders(connection, wanted, order, asked.get("after"))
        # The search of a page that is all there is has counted already.
        is_all = page.next is None and not asked.get("after")
        count = Count(len(page.rows), False) if is_all else order_list.count_orders(connection, wanted)
        people = people_queries.people(connection)
    kept = {name: value for name, value in asked.items() if name not in ("after", "sort") and value}
    return render_template(
        "office/orders.html",
        page=page,
        count=count,
        sorted=order,
        sorts=SORTS,
        dates=DATES,
        people=people,
        wanted=wanted,
        days=(asking.day(asked.get("from")), asking.day(asked.get("to"))),
        kept=kept,
        kinds=KINDS,
        stages=STAGES,
    )


def wanted_orders() -> OrderFilter:
    """What the address asks for."""
    asked = request.args
    first, last = asking.day(asked.get("from")), asking.day(asked.get("to"))
    return OrderFilter(
        asked.get("words", "").strip()[:100],
        asked.get("stage", ""),
        asked.get("review", ""),
        asked.get("kind", ""),
        asked.get("person", ""),
        asked.get("customer", ""),
        g.reader.now if asked.get("overdue") == "yes" else None,
        asked.get("date", "") if asked.get("date") in DATES else DATES[0],
        _midnight(first) if first else None,
        _midnight(last + timedelta(days=1)) if last else None,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), g.reader.zone)


def orders_file() -> ResponseReturnValue:
    """GET /office/orders.csv with what the list is asked with: all of its orders in its order, written to the disk and
    sent from there."""
    wanted, order = wanted_orders(), sorting(request.args.get("sort"))
    with reading() as connection:
        names = {person.id: person.name for person in people_queries.people(connection).values()}
    answer = answer_with(lambda file: file.writelines(_lines(wanted, order, names)), "text/csv")
    name = f"orders-{g.reader.local(g.reader.now):%Y%m%d-%H%M}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _lines(wanted: OrderFilter, order: order_list.Sorting, names: dict[str, str]) -> Iterator[bytes]:
    # The same few words come in every line.
    say: Callable[[str], str] = cache(g.reader.say)
    yield (BYTE_ORDER_MARK + _line([say(f"office-export-{name}") for name in EXPORTED])).encode()
    # Which orders, is read once: one that changes meanwhile would be in the file twice, or not at all.
    with reading() as connection:
        chosen = order_list.all_orders(connection, wanted, order)
    for start in range(0, len(chosen), PORTION):
        # A portion is read and let go of: a long list keeps nothing open.
        with reading() as connection:
            found = queries.orders_by_id(connection, chosen[start : start + PORTION])
        rows = [found[identity] for identity in chosen[start : start + PORTION] if identity in found]
        yield "".join(_line(_cells(row, names, say)) for row in rows).encode("utf-8", "replace")


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([harmless(cell) for cell in cells])
    return out.getvalue()


def _cells(row: OrderRow, names: dict[str, str], say: Callable[[str], str]) -> list[str]:
    body = row.body
    customer, site, window = body["customer"] or {}, body["site"] or {}, body["window"] or {}
    arrival = body["arrivals"][0] if body["arrivals"] else {}
    unknown = say("office-person-unknown")
    return [
        body["number"],
        say(f"office-state-{_word(body['state'])}"),
        say(f"kind-{_word(body['kind'])}"),
        say(f"priority-{body['priority']}"),
        _minute(body["reported_at"]),
        customer.get("name") or "",
        site.get("name") or "",
        site.get("address") or "",
        body["contact"]["name"] or "",
        body["contact"]["phone"] or "",
        body["fault"],
        say("office-list-sign").join(names.get(person, unknown) for person in body["assignees"]),
        _minute(window.get("start")),
        _minute(window.get("end")),
        _minute(body["deadlines"]["arrive_by"]),
        _minute(arrival["time"]["best"] if arrival else None),
        say(f"verdict-{arrival['verdict']}") if arrival else "",
        say(f"review-{body['review']['state']}"),
    ]


def _word(word: str) -> str:
    return word.replace("_", "-")


def _minute(at: str | None) -> str:
    """As spreadsheets read it, in the company's zone."""
    return "" if at is None else f"{g.reader.local(at):%Y-%m-%d %H:%M}"
