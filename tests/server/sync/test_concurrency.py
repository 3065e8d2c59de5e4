"""Many at once against several real server processes: nobody misses anything, nothing is done twice, no error.

Ten seconds, a minute with `--soak`. What each writer does follows from the seed that a failure prints; the order in
which the processes come is not in our hands.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any, Final, TypeVar

import pytest
from apiflask import APIFlask
from sqlalchemy import select

from server.database import reading
from server.models import Document, FeedEntry, JournalLine
from server.settings import Settings
from tests.conftest import People, TestPerson
from tests.real_server import RealServer
from tests.reference_client import Client, Json, uuid7
from tests.server.sync.lost_history import findings

SHARED_ORDERS: Final = 6
SENT_TWICE: Final = 0.1

AnyClient = TypeVar("AnyClient", bound=Client)


class Follower(Client):
    """A phone that only reads, and looks at the numbers that it is given."""

    def take(self, answer: Json) -> None:
        """Within a feed, each number is beyond the one before it, over all answers."""
        assert "reset" not in answer
        for change in answer["changes"]:
            last = self.cursors.get(change["feed"], 0)
            assert change["seq"] > last, f"{change['feed']} gave {change['seq']} after {last}"
            self.cursors[change["feed"]] = change["seq"]
        for feed, cursor in answer["cursors"].items():
            assert cursor >= self.cursors.get(feed, 0), f"the cursor of {feed} went back to {cursor}"
        super().take(answer)

    def follow(self, until: threading.Event) -> None:
        """Read all the time, and then the rest."""
        while not until.is_set():
            self.exchange()
        self.sync()

    @property
    def versions(self) -> dict[tuple[str, str, str], int]:
        """Of every document that this phone holds, by feed, type and id."""
        return {key: document["version"] for key, document in self.documents.items()}


class Writer(Client):
    """A device that writes all the time, about orders that others write about too."""

    rng: random.Random
    shared: list[str]
    technicians: list[str]

    def keep_writing(self, until: float) -> None:
        """A few operations, then an exchange; now and then the same batch once more, as after a lost answer."""
        own: list[str] = []
        while time.monotonic() < until:
            for _ in range(self.rng.randint(1, 4)):
                self.write_something(own)
            first = self.acknowledged + 1
            self.exchange()
            if self.rng.random() < SENT_TWICE:
                again = self.call("POST", "/api/v1/sync", **self.packed(self.batch(first))).json()
                assert all(outcome["repeated"] for outcome in again["outcomes"])

    def write_something(self, own: list[str]) -> None:
        """A new order, of which others learn by their feeds alone; or a note on one that all know."""
        if self.rng.random() < 0.3:
            own.append(self.open([]))
        else:
            # Many write about the same few; what is missed of one's own, no later note of another hides.
            order = self.rng.choice(self.rng.choice([self.shared, own]) or self.shared)
            self.write("note.add", order, {"note": uuid7(), "text": "看过了"})

    def open(self, assignees: list[str], **more: str) -> str:
        """A new order; its id."""
        order = uuid7()
        self.write("order.open", order, {"kind": "repair", "fault": "水泵漏水", "assignees": assignees, **more})
        return order


class Planner(Writer):
    """Somebody in the office."""

    def write_something(self, own: list[str]) -> None:
        """A new order for one or all technicians; or one that is planned for others than before."""
        chosen = self.rng.sample(self.technicians, self.rng.randint(1, len(self.technicians)))
        if own and self.rng.random() < 0.4:
            changes = {"assignees": {"was": self.technicians, "now": chosen}}
            self.write("order.plan", self.rng.choice(own), {"changes": changes})
        else:
            # With a number of its own: those that the server gives would make the writers queue up long before the end.
            own.append(self.open(chosen, number=f"{self.ledger.device[-8:]}-{len(own)}"))


@pytest.fixture
def servers(settings: Settings) -> Iterator[list[str]]:
    """The addresses of two servers of one company, each of several processes where the machine has the cores."""
    with RealServer(settings) as one, RealServer(settings) as other:
        yield [one.address, other.address]


def signed_in(client: AnyClient, person: TestPerson) -> AnyClient:
    client.sign_in(person.username, person.password)
    return client


def test_many_at_once_miss_nothing_and_do_nothing_twice(
    app: APIFlask, people: People, servers: list[str], seed: int, soak: bool
) -> None:
    technicians = [people.zhang, people.li]
    readers = [signed_in(Follower(servers[n % 2]), technicians[n // 4]) for n in range(8)]
    writers: list[Writer] = [signed_in(Writer(servers[n % 2]), technicians[n % 2]) for n in range(6)]
    writers += [
        signed_in(Planner(server), person) for server, person in zip(servers, (people.wang, people.chen), strict=True)
    ]
    shared = [writers[-1].open([person.id for person in technicians]) for _ in range(SHARED_ORDERS)]
    writers[-1].exchange()
    for number, writer in enumerate(writers):
        writer.rng = random.Random(seed + number)
        writer.shared, writer.technicians = shared, [person.id for person in technicians]

    run_together(readers, writers, 60 if soak else 10)

    with app.app_context():
        nothing_was_missed(readers)
        nothing_was_done_twice(writers)
        assert findings() == []


def run_together(readers: list[Follower], writers: list[Writer], seconds: float) -> None:
    """Returns when the writers' time is over and the readers have read all; raises what any of them raised."""
    over = threading.Event()
    with ThreadPoolExecutor(len(readers) + len(writers)) as threads:
        try:
            following = [threads.submit(reader.follow, over) for reader in readers]
            until = time.monotonic() + seconds
            writing = [threads.submit(writer.keep_writing, until) for writer in writers]
            for done in as_completed(writing):
                done.result()
        finally:
            over.set()
        for done in following:
            done.result()


def nothing_was_missed(readers: list[Follower]) -> None:
    """Each reader holds the newest version of exactly what its feeds carry."""
    rows = select(FeedEntry.feed, FeedEntry.type, FeedEntry.document_id, Document.version).join(
        Document, (Document.type == FeedEntry.type) & (Document.id == FeedEntry.document_id)
    )
    with reading() as connection:
        carried = connection.execute(rows.where(FeedEntry.gone.is_(False))).all()
    for reader in readers:
        mine = {(row.feed, row.type, row.document_id): row.version for row in carried if row.feed in reader.cursors}
        assert reader.versions == mine
        assert sum(1 for _, kind, _ in mine if kind == "work_order") > SHARED_ORDERS


def nothing_was_done_twice(writers: list[Writer]) -> None:
    """The journal holds each ledger as it was written; every operation was applied, and every note stands once."""
    with reading() as connection:
        lines = connection.execute(select(JournalLine.device_id, JournalLine.bytes).order_by(JournalLine.seq)).all()
        bodies = connection.execute(select(Document.body).where(Document.type == "work_order")).scalars()
        noted: Counter[str] = Counter(note["id"] for body in bodies for note in json.loads(body)["notes"])
    for writer in writers:
        assert [row.bytes.decode() for row in lines if row.device_id == writer.ledger.device] == writer.ledger.lines
        refused = [outcome for outcome in writer.outcomes.values() if outcome["status"] == "held"]
        assert refused == []
    written: list[dict[str, Any]] = [
        json.loads(line) for writer in writers for line in writer.ledger.lines
    ]  # Any: JSON
    assert noted == Counter(line["data"]["note"] for line in written if line["kind"] == "note.add")
