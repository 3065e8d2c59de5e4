"""The list of work orders: filters, search, pages by key."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from server.database import reading
from server.office import people_queries, queries
from server.office.queries import OrderFilter
from server.work.shapes import KINDS, STAGES


def register(blueprint: Blueprint) -> None:
    """Add this module's pages."""
    blueprint.get("/orders", endpoint="orders")(orders)


def orders() -> ResponseReturnValue:
    """GET /office/orders?words=&stage=&review=&kind=&person=&customer=&overdue=&after="""
    asked = request.args
    overdue = g.reader.now if asked.get("overdue") == "yes" else None
    wanted = OrderFilter(
        asked.get("words", "").strip()[:100],
        asked.get("stage", ""),
        asked.get("review", ""),
        asked.get("kind", ""),
        asked.get("person", ""),
        asked.get("customer", ""),
        overdue,
    )
    with reading() as connection:
        page = queries.find_orders(connection, wanted, asked.get("after"))
        people = people_queries.people(connection)
    kept = {name: value for name, value in asked.items() if name != "after" and value}
    return render_template(
        "office/orders.html", page=page, people=people, wanted=wanted, kept=kept, kinds=KINDS, stages=STAGES
    )
