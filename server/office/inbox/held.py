"""The inbox: what waits for a decision, with the reason in plain words, and what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, Connection

from server.database import reading
from server.evidence.datum import DATUMS
from server.office.inbox import held_words
from server.office.inbox.cases import case_of
from server.office.queries import held_queries, people_queries, photo_queries, queries
from server.office.queries.journal_queries import JournalEntry
from server.office.queries.people_queries import PersonRow
from server.office.shell.forms import shown
from server.office.shell.reader import Reader
from server.office.shell.reasons import sentence
from server.office.shell.values import major
from server.office.shell.wording import kind_name, name_of
from server.problems import Problem
from server.sync.operations.held import seen_by

DECIDED_FIRST: Final = 10
"""Decided lines that the inbox itself shows, folded."""


def register(blueprint: Blueprint) -> None:
    """Add this module's pages."""
    blueprint.get("/inbox", endpoint="inbox")(inbox)
    blueprint.get("/inbox/held", endpoint="held_group")(group)
    blueprint.get("/inbox/decided", endpoint="decided")(decided)


def inbox() -> ResponseReturnValue:
    """GET /office/inbox?orders=&held=: each with the key of its own next page."""
    held_after = _position(request.args.get("held"))
    with reading() as connection:
        page = queries.orders_to_decide(connection, request.args.get("orders"), g.reader.now)
        groups = held_queries.waiting_groups(connection, held_after, _seen())
        latest = held_queries.decided(connection, None, DECIDED_FIRST, _seen())
        people = people_queries.people(connection)
        lists = {name for order in page.rows for name in order.body["checklist"]["lists"]}
        items = queries.checklist_items(connection, lists)
        lacking = photo_queries.overdue_photos(connection, page.rows, g.reader.now)
        counts = {
            "orders": queries.count_orders_to_decide(connection, g.reader.now),
            "held": held_queries.count_waiting(connection, _seen()),
            "review": queries.count_to_review(connection),
        }
        entries = [entry for one in groups.rows for entry in one.entries]
        numbers = numbers_of(connection, [*entries, *latest.rows])
    return render_template(
        "office/inbox.html",
        cases=[case_of(order, lacking.get(order.id, []), people, items, g.reader) for order in page.rows],
        next_orders=page.next,
        groups=groups,
        held_after=held_after,
        decided=latest,
        counts=counts,
        numbers=numbers,
        **decision_words(people, g.reader),
    )


def group() -> ResponseReturnValue:
    """GET /office/inbox/held?batch=&reason=&after=: every line of one group."""
    batch, reason = _position(request.args.get("batch")), request.args.get("reason", "")
    if not reason.isidentifier():
        raise Problem("not_found")
    with reading() as connection:
        found = held_queries.waiting_group(connection, batch, reason, _seen())
        if found is None:
            raise Problem("not_found")
        page = held_queries.page_of(connection, batch, reason, _position(request.args.get("after")))
        people = people_queries.people(connection)
        numbers = numbers_of(connection, page.rows)
    words = decision_words(people, g.reader)
    return render_template("office/held_group.html", group=found, page=page, numbers=numbers, **words)


def decided() -> ResponseReturnValue:
    """GET /office/inbox/decided?after=: what was applied or dismissed, last decided first."""
    with reading() as connection:
        page = held_queries.decided(connection, request.args.get("after"), held_queries.LINES, _seen())
        people = people_queries.people(connection)
        numbers = numbers_of(connection, page.rows)
    words = decision_words(people, g.reader)
    return render_template("office/decided.html", page=page, numbers=numbers, **words)


def numbers_of(connection: Connection, entries: Iterable[JournalEntry]) -> dict[str, str]:
    """Numbers of the orders that these lines are about."""
    return queries.numbers_of(connection, [entry.target for entry in entries if entry.target is not None])


def decision_words(people: Mapping[str, PersonRow], reader: Reader) -> dict[str, Any]:  # Any: for a template
    """What the parts in office/decisions.html use."""
    return {
        "is_mine": lambda entry: entry.person_id == g.caller.person_id,
        "who_wrote": lambda entry: author_of(entry, people, reader),
        "name_of": lambda person_id: name_of(person_id, people, reader),
        "kind_name": lambda kind: kind_name(kind, reader),
        "held_why": lambda held: held_words.why(held, reader),
        "what_can_be_done": lambda entry: held_words.what_can_be_done(entry, reader),
        "held_summary": lambda entry: held_words.summary(entry, people, reader),
        "most_at_once": held_queries.MOST_AT_ONCE,
        "sentence": lambda reason, room="reason": sentence(reason, reader, room),
        "shown": shown,
        "major": lambda minor: major(minor, reader.currency),
        "datums": DATUMS,
    }


def author_of(entry: JournalEntry, people: Mapping[str, PersonRow], reader: Reader) -> str:
    """Who wrote a line, or who is said to have where only a file says so."""
    name = name_of(entry.person_id, people, reader)
    return reader.say("office-says-to-be", name=name) if _is_hearsay(entry) else name


def _is_hearsay(entry: JournalEntry) -> bool:
    waits = entry.held is not None and entry.held.waits and entry.held.reason == "unknown_device"
    return waits or entry.known_by == "file"


def _seen() -> ColumnElement[bool]:
    """Which lines the reader may read."""
    return seen_by(g.caller.person_id, g.caller.role)


def _position(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 18 else 0
