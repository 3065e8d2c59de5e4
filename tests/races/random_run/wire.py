"""A client over a wire on which answers are lost and batches come twice, at once, or long after they were given up."""

from __future__ import annotations

import random
import threading
from typing import Any, Final

import requests

from tests.conftest import TestPerson
from tests.races.random_run.company import Company
from tests.races.random_run.story import Story
from tests.reference_client import Client, Json, Refused

FAULTS: Final = ("lost_answer", "lost_request", "twice", "twice_at_once", "late")
FAULTY: Final = 0.25
SYNC: Final = "/api/v1/sync"
SESSION: Final = "/api/v1/session"
# What a server says whose database, or another part of it, is away just now.
COMES_AGAIN: Final = (429, 502, 503, 504)
LONGEST_PAUSE_S: Final = 0.3
PATIENCE_S: Final = 20
# While no server is up people do not write without end.
MOST_UNSENT: Final = 12


class OnTheWire(Client):
    """One device of a person, of `number`; `rng` decides what it does. `told` is the highest seq that was ever
    acknowledged to it, `calm` whether the wire is without faults."""

    def __init__(self, company: Company, story: Story, person: TestPerson, number: int, rng: random.Random) -> None:
        super().__init__("")
        self.company, self.story, self.who, self.number, self.rng = company, story, person, number, rng
        self.name, self.person = f"{person.username}/{number}", {"id": person.id}
        self.calm = True
        self.late: list[dict[str, Any]] = []  # Any: arguments of a request
        self.told = 0
        self.errors: list[Refused] = []

    # Asking

    def call(self, method: str, path: str, **rest: Any) -> requests.Response:
        """As any client, where a server is up; signs in again where the session is not known (any more)."""
        self.server = self._a_server()
        try:
            if path == SYNC and not self.calm and self.rng.random() < FAULTY:
                return self._with_fault(self.rng.choice(FAULTS), method, path, rest)
            return super().call(method, path, **rest)
        except Refused as refused:
            if refused.status != 401 or path == SESSION:
                raise
            self.sign_in(self.who.username, self.who.password)
            return super().call(method, path, **rest)

    def _a_server(self, after: int = 0) -> str:
        up = self.company.addresses
        address = up[(self.number + after) % len(up)] or next((each for each in up if each), None)
        if address is None:
            raise requests.ConnectionError("no server is up")
        return address

    def _with_fault(self, fault: str, method: str, path: str, rest: dict[str, Any]) -> requests.Response:
        self.story.tell(self.name, fault)
        if fault == "lost_request":
            raise requests.ConnectionError("lost")
        if fault == "late":
            self.late.append(dict(rest))
            raise requests.ConnectionError("late")
        if fault == "twice_at_once":
            return self._at_once(method, path, rest)
        answer = super().call(method, path, **rest)
        if fault == "lost_answer":
            raise requests.ConnectionError("lost")
        return super().call(method, path, **rest) if fault == "twice" else answer

    def _at_once(self, method: str, path: str, rest: dict[str, Any]) -> requests.Response:
        """The same batch at the same moment at the next server."""
        other = threading.Thread(target=self._quietly, args=(self._a_server(1), rest), daemon=True)
        other.start()
        try:
            return super().call(method, path, **rest)
        finally:
            other.join(PATIENCE_S)

    def _quietly(self, server: str, rest: dict[str, Any]) -> None:
        """Send a batch whose answer reaches nobody."""
        headers = {"Authorization": f"Bearer {self.token}", **rest["headers"]}
        try:
            requests.post(server + SYNC, data=rest["data"], headers=headers, timeout=PATIENCE_S)
        except requests.RequestException:
            self.story.tell(self.name, "no server for a second copy")

    def deliver_late(self) -> None:
        """What was given up arrives after all."""
        while self.late:
            try:
                self._quietly(self._a_server(), self.late.pop())
            except requests.RequestException:
                return

    # Exchanging

    def take(self, answer: Json) -> None:
        """Within one life of the server the numbers of a feed go up, and what was acknowledged stays so."""
        if answer["epoch"] == self.epoch and "reset" not in answer:
            for change in answer["changes"]:
                assert change["seq"] > self.cursors.get(change["feed"], 0), f"{self.name}: {change['feed']} goes back"
            for feed, cursor in answer["cursors"].items():
                assert cursor >= self.cursors.get(feed, 0), f"{self.name}: the cursor of {feed} goes back"
            assert answer["acknowledged"] >= self.acknowledged or not self.epoch, f"{self.name}: acknowledged goes back"
        super().take(answer)
        self.told = max(self.told, self.acknowledged)
        for outcome in answer["outcomes"]:
            self.story.tell(self.name, f"{outcome['status']}", f"{outcome['id']} {outcome['reason'] or ''}")

    def try_to_sync(self) -> bool:
        """Exchange; False where it broke off, as it may while there is trouble."""
        try:
            self.sync()
        except requests.RequestException:
            return False
        except Refused as refused:
            self.story.tell(self.name, f"answer {refused.status}", str(refused.code))
            if refused.status not in COMES_AGAIN:
                self.errors.append(refused)
            return False
        return True

    def pause(self) -> None:
        """As people do between two things."""
        threading.Event().wait(self.rng.uniform(0, LONGEST_PAUSE_S))

    def keep_going(self, until: threading.Event) -> None:
        """Do something, exchange, and so on."""
        self.calm = False
        while not until.is_set():
            if len(self.ledger.lines) - self.acknowledged < MOST_UNSENT:
                self.do_something()
            if self.rng.random() < 0.8:
                self.try_to_sync()
            if self.late and self.rng.random() < 0.3:
                self.deliver_late()
            self.pause()
        self.calm = True

    def do_something(self) -> None:
        """Write a few operations."""
        raise NotImplementedError
