"""What must hold once the faults have stopped and everybody has exchanged."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, create_engine, text

from server.application import create_app
from server.database import db
from tests.races.random_run.company import Company
from tests.races.random_run.field import Phone
from tests.races.random_run.office import Pages
from tests.races.random_run.replay.comparing import facts_of
from tests.races.random_run.replay.judging import Judged, judge
from tests.races.random_run.trouble import Trouble
from tests.reference_client import Json
from tests.simulation.judged import wrongly_waiting

LINES: Final = text("SELECT bytes FROM journal_line WHERE device_id = :device ORDER BY seq")
DOCUMENTS: Final = text("SELECT id, version, body FROM document WHERE type = 'work_order'")
BECAME: Final = text("""
    SELECT j.operation_id, j.status, h.state FROM journal_line j LEFT JOIN held_line h ON h.position = j.position
    WHERE j.operation_id IS NOT NULL AND j.status IS NOT NULL
""")
COUNTED: Final = text("SELECT count(*) FROM journal_line")


@dataclass(frozen=True)
class Held:
    """What was found, and figures of the company in the end."""

    found: list[str]
    judged: Judged
    lines: int


def examine(company: Company, clients: Sequence[Phone], pages: Pages, trouble: Trouble) -> Held:
    """Look at all of it; the servers may go on."""
    engine = create_engine(company.settings.database_url)
    try:
        with engine.connect() as connection:
            documents = {row.id: {"version": row.version, "body": json.loads(row.body)}
                         for row in connection.execute(DOCUMENTS)}  # fmt: skip
            judged = judge(connection)
            found = [
                *_ledgers(connection, clients),
                *_facts(connection, documents, clients),
                *_pages(documents, pages, trouble),
                *_feeds(documents, judged, clients),
                *(f"replay: {each}" for each in judged.found),
            ]
            lines = connection.execute(COUNTED).scalar_one()
    finally:
        engine.dispose()
    return Held([*found, *_waiting(company, clients), *_check(company)], judged, lines)


def _ledgers(connection: Connection, clients: Sequence[Phone]) -> Iterator[str]:
    """Every line is in the journal, byte for byte, in its order, once."""
    for client in clients:
        for ledger in (*client.former, client.ledger):
            stored = [bytes(row.bytes).decode() for row in connection.execute(LINES, {"device": ledger.device})]
            if stored != ledger.lines:
                yield f"{client.name}: {len(ledger.lines)} lines of {ledger.device}, in the journal {len(stored)}"
        if client.told > len(client.ledger.lines) or client.acknowledged != len(client.ledger.lines):
            yield f"{client.name}: {client.acknowledged} acknowledged of {len(client.ledger.lines)}"


def _facts(connection: Connection, documents: dict[str, Json], clients: Sequence[Phone]) -> Iterator[str]:
    """Every fact is in one document once, or waits or was dismissed; none is there twice."""
    places: dict[tuple[str, str], list[str]] = {}
    for order, document in documents.items():
        for fact in facts_of(document["body"]):
            places.setdefault(fact, []).append(order)
    for fact, orders in places.items():
        if len(orders) > 1:
            yield f"{fact} is in {orders}"
    became: dict[str, set[str]] = {}
    for row in connection.execute(BECAME):
        became.setdefault(row.operation_id, set()).add(row.state or row.status)
    for client in clients:
        for each in client.facts:
            there = places.get((each.part, each.identity), [])
            if there != [each.order] and (there or not became.get(each.operation, set()) & {"waiting", "dismissed"}):
                yield f"{client.name}: {each} is in {there}, became {became.get(each.operation)}"


def _pages(documents: dict[str, Json], pages: Pages, trouble: Trouble) -> Iterator[str]:
    """What the page said it had taken is there once, but for what a restore took with it."""
    notes = Counter(note["text"] for each in documents.values() for note in each["body"]["notes"])
    for said, moment in pages.said.items():
        if notes[said] != 1 and not (notes[said] == 0 and trouble.forgot(moment)):
            yield f"{pages.username}: {said!r} is there {notes[said]} times"


def _feeds(documents: dict[str, Json], judged: Judged, clients: Sequence[Phone]) -> Iterator[str]:
    """A client shows what its person sees, as it stands, and nothing else."""
    for client in clients:
        shown = client.held_documents("work_order")
        for order in sorted(shown.keys() ^ judged.sees.get(client.who.id, set())):
            yield f"{client.name}: order {order} is shown {order in shown}"
        for order in sorted(shown.keys() & documents.keys()):
            stored = documents[order]
            if (shown[order]["version"], shown[order]["body"]) != (stored["version"], stored["body"]):
                yield f"{client.name}: order {order} shows {shown[order]['version']}, there is {stored['version']}"


def _waiting(company: Company, clients: Sequence[Phone]) -> Iterator[str]:
    with create_app(company.settings).app_context():
        wrong = wrongly_waiting({client.ledger.device for client in clients})
        db.engine.dispose()
    yield from (f"waits without an honest reason: {each}" for each in wrong)


def _check(company: Company) -> Iterator[str]:
    try:
        company.command("check")
    except subprocess.CalledProcessError as failed:
        yield f"undercroft check: {failed.output}{failed.stderr}"


def differences_of(found: list[str], story: Any) -> str:  # Any: a Story
    """What was found, with what had happened to the orders and operations that it names."""
    names = {word.strip("'\",:()") for each in found for word in each.split() if word.count("-") == 4}
    return "\n".join([*found[:60], "", "What had happened:", *story.about(names)])
