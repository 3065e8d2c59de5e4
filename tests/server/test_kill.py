"""kill -9 of the whole server at any moment, while devices talk to it: what it has acknowledged is there.

Ten times, two hundred with `--soak`. The moments follow from the seed that a failure prints.
"""

from __future__ import annotations

import hashlib
import json
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import requests
from apiflask import APIFlask
from sqlalchemy import select

from server.database import reading
from server.models import Batch, Device, JournalLine
from server.settings import Settings
from server.sync.ledgers.ledger import signature_fits
from tests.conftest import People, TestPerson
from tests.real_server import RealServer
from tests.reference_client import NOTHING_BEFORE, Client, uuid7
from tests.server.killed import Changer, Sender
from tests.server.sync.lost_history import findings

KILLS, KILLS_WITH_TIME = 10, 200
# So many times as many, where by then no two photos were whole and no two passwords changed.
AT_MOST = 3
# Then another one is written about: no real order has thousands of notes.
KILLS_OF_AN_ORDER = 5
LONGEST_TALK_S = 0.7
# Until photos and passwords have had their turn too: on a machine that is busy a change of password takes a second.
FIRST_TALKS_S = 3.0
# Between two exchanges of a phone: lines go first, and without an end of them nothing else has a turn.
LONGEST_PAUSE_S = 0.2
PATIENCE_S = 60


@dataclass
class Caller:
    """Somebody with a device who writes and sends, whatever becomes of the server."""

    client: Client
    rng: random.Random
    order: str = ""
    confirmed: int = 0
    checked_batches: set[int] = field(default_factory=set)

    def talk(self, answered: threading.Event) -> None:
        """Write and send until the server is gone; `answered` is set by its first answer to anybody."""
        while True:
            for _ in range(self.rng.randint(1, 5)):
                self.client.write("note.add", self.order, {"note": uuid7(), "text": "看过了" * self.rng.randint(1, 50)})
            try:
                self.client.exchange()
            except requests.RequestException:
                return
            # What an answer has said once holds for good, whatever a later one says.
            self.confirmed = max(self.confirmed, self.client.acknowledged)
            answered.set()
            threading.Event().wait(self.rng.uniform(0, LONGEST_PAUSE_S))


def test_what_was_acknowledged_survives_every_kill(
    app: APIFlask, settings: Settings, people: People, seed: int, soak: bool
) -> None:
    rng = random.Random(seed)
    server = RealServer(settings)
    callers: list[Caller] = []
    senders: list[Sender] = []
    changers: list[Changer] = []
    kills = KILLS_WITH_TIME if soak else KILLS
    for kill in range(AT_MOST * kills):
        if kill >= kills and all_have_gone_on(senders, changers):
            break
        server.start()
        if not callers:
            callers = begin(server.address, people, rng)
            senders = [Sender(signed_in(server.address, people.li), random.Random(rng.random()))]
            changers = [Changer(signed_in(server.address, people.chen), people.chen, people.chen.password)]
        if kill % KILLS_OF_AN_ORDER == 0:
            open_order(callers, server.address, people)
        longest_s = LONGEST_TALK_S if all_have_gone_on(senders, changers) else FIRST_TALKS_S
        talk_and_kill(server, [*callers, *senders, *changers], rng.uniform(0, longest_s))
        with app.app_context():
            for caller in callers:
                assert_kept(caller, f"after kill {kill + 1}")
            for sender in senders:
                sender.assert_kept(f"after kill {kill + 1}")
            for changer in changers:
                changer.assert_whole(app.test_client, f"after kill {kill + 1}")
    with server:
        for caller in callers:
            caller.client.server = server.address
            caller.client.sync()
        for sender in senders:
            sender.client.server = server.address
            sender.send_one()
    with app.app_context():
        for sender in senders:
            sender.assert_kept("in the end")
        assert all_have_gone_on(senders, changers), f"no turn for photos or passwords in {kill + 1} kills"
        for caller in callers:
            assert assert_kept(caller, "in the end") == len(caller.client.ledger.lines)
        assert findings() == []


def all_have_gone_on(senders: list[Sender], changers: list[Changer]) -> bool:
    """Whether kills came after some photo was whole and some password changed, and not only before."""
    return all(len(sender.forgotten) > 1 for sender in senders) and all(len(one.ended) > 1 for one in changers)


def begin(address: str, people: People, rng: random.Random) -> list[Caller]:
    """Two phones of one technician, one of another, and the office."""
    callers = []
    for person in (people.zhang, people.zhang, people.li, people.wang):
        callers.append(Caller(signed_in(address, person), random.Random(rng.random())))
    return callers


def signed_in(address: str, person: TestPerson) -> Client:
    """A new device of this person."""
    client = Client(address)
    client.sign_in(person.username, person.password)
    return client


def open_order(callers: list[Caller], address: str, people: People) -> None:
    """The office opens an order that all of them write about from now on."""
    office = callers[-1].client
    office.server = address
    order = uuid7()
    assignees = [people.zhang.id, people.li.id]
    office.write("order.open", order, {"kind": "repair", "fault": "水泵漏水", "assignees": assignees})
    office.sync()
    for caller in callers:
        caller.order = order


def talk_and_kill(server: RealServer, callers: list[Caller | Sender | Changer], after_s: float) -> None:
    """Let all of them talk at once, and kill the server in the middle of it, so long after its first answer."""
    answered = threading.Event()
    with ThreadPoolExecutor(len(callers)) as threads:
        for caller in callers:
            caller.client.server = server.address
        talking = [threads.submit(caller.talk, answered) for caller in callers]
        answered.wait(PATIENCE_S)
        threading.Event().wait(after_s)
        server.kill()
        for done in talking:
            done.result()


def assert_kept(caller: Caller, when: str) -> int:
    """The journal holds every acknowledged line, byte for byte, in a chain that was signed; returns how many lines."""
    ledger = caller.client.ledger
    with reading() as connection:
        device = connection.execute(select(Device.__table__).where(Device.id == ledger.device)).one()
        lines = connection.execute(
            select(JournalLine.bytes, JournalLine.hash)
            .where(JournalLine.device_id == ledger.device)
            .order_by(JournalLine.seq)
        ).all()
        batches = connection.execute(select(Batch.__table__).where(Batch.device_id == ledger.device)).all()
    assert len(lines) >= caller.confirmed, when
    assert [row.bytes.decode() for row in lines] == ledger.lines[: len(lines)], when
    before = NOTHING_BEFORE
    for row in lines:
        assert json.loads(row.bytes)["prev"] == before, when
        before = hashlib.sha256(row.bytes).hexdigest()
        assert row.hash == before, when
    assert (device.acknowledged, device.head_hash) == (len(lines), before), when
    for batch in batches:
        if batch.id not in caller.checked_batches:
            assert signature_fits(device.public_key, batch.signature, lines[batch.last_seq - 1].bytes), when
            caller.checked_batches.add(batch.id)
    return len(lines)
