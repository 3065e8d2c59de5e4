"""What the office does: supervisors and the service desk by the API, and somebody on the pages."""

from __future__ import annotations

import random
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import requests

from tests.conftest import PASSWORD
from tests.races.random_run import words
from tests.races.random_run.company import Company
from tests.races.random_run.field import MOST_ORDERS, Phone
from tests.races.random_run.story import Story
from tests.races.random_run.wire import COMES_AGAIN
from tests.reference_client import Json, Refused, uuid7

WHAT: Final = (
    "open", "note", "reassign", "reassign", "reassign", "dispose", "rank", "edit", "edit", "review", "settle", "price",
    "answer", "decide", "decide", "decide", "material",
)  # fmt: skip
PAGE_S: Final = 30


class Desk(Phone):
    """A supervisor, or somebody of the service desk, with a program that speaks the protocol."""

    technicians: list[str]

    def do_something(self) -> None:
        """One thing, about an order as it is just now."""
        what = self.rng.choice(WHAT)
        if what == "open" or not self.heard:
            return self._register()
        order = self.rng.choice(self.heard)
        try:
            document = self.call("GET", f"/api/v1/work-orders/{order}").json()
            getattr(self, f"_{what}")(order, document)
        except requests.RequestException:
            return
        except Refused as refused:
            if refused.status != 404 and refused.status < 500:
                raise

    def register(self) -> None:
        """One more order, for somebody or for nobody yet."""
        order, people = uuid7(), self._some()
        self.heard.append(order)
        data = {"kind": "repair", "fault": self.rng.choice(words.WORDS), "assignees": people}
        self._write("order.open", order, {}, data | {"contact": {"name": "Wu", "phone": "138"}, "requests": "soon"})

    def _register(self) -> None:
        if len(self.heard) < MOST_ORDERS:
            self.register()

    def _some(self) -> list[str]:
        return self.rng.sample(self.technicians, self.rng.randint(0, min(3, len(self.technicians))))

    def _plan(self, order: str, document: Json, name: str, now: Any) -> None:  # Any: JSON
        changes = {name: {"was": document["body"][name], "now": now}}
        self._write("order.plan", order, document, {"changes": changes})

    def _reassign(self, order: str, document: Json) -> None:
        self._plan(order, document, "assignees", self._some())

    def _dispose(self, order: str, document: Json) -> None:
        self._plan(order, document, "disposition", self.rng.choice(("active", "active", "on_hold", "cancelled")))

    def _rank(self, order: str, document: Json) -> None:
        self._plan(order, document, "priority", self.rng.choice(("low", "normal", "high")))

    def _review(self, order: str, document: Json) -> None:
        if document["body"]["stage"] in ("finished", "unable"):
            verdict = self.rng.choice(("approved", "returned"))
            self._write("order.review", order, document, {"verdict": verdict, "comment": "seen"})

    def _price(self, order: str, document: Json) -> None:
        for line in document["body"]["materials"][:1]:
            changes = {"unit_price": {"was": line["unit_price"], "now": self.rng.randrange(5000)}}
            self._write("material.change", order, document, {"line": line["line"], "changes": changes})

    def _answer(self, order: str, document: Json) -> None:
        """An answer to a question that a flag asks."""
        asked = [each for each in document["body"]["flags"] if not each.get("settled")]
        if asked:
            chosen = self.rng.choice(asked)
            data = {name: chosen.get(name) for name in ("code", "by", "line")}
            self._write("flag.settle", order, document, data | {"decision": "confirmed"})

    def _decide(self, order: str, document: Json) -> None:
        """Let in or dismiss something that waits, wherever that is."""
        if self.who.role != "supervisor":
            return
        waiting = self.call("GET", "/api/v1/held?limit=200").json()["items"]
        if waiting:
            chosen = self.rng.choice(waiting)
            data = {"operation": chosen["operation"], "decision": self.rng.choice(("apply", "apply", "dismiss"))}
            self.write("held.decide", order, data)
            self.story.tell(self.name, f"held.decide {data['decision']}", str(chosen["operation"]))


@dataclass
class Pages:
    """Somebody who writes notes, and decides, on the office's pages: their ledger is the server's. `said` are the texts
    of notes whose answer was heard, with the moment; each is there once."""

    company: Company
    story: Story
    username: str
    rng: random.Random
    heard: list[str]
    said: dict[str, float] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.browser = requests.Session()

    def keep_going(self, until: threading.Event) -> None:
        """One thing after the other."""
        while not until.is_set():
            with suppress(requests.RequestException):
                self._do_something()
            threading.Event().wait(self.rng.uniform(0, 0.5))

    def _do_something(self) -> None:
        if not self.heard:
            return
        order, text = self.rng.choice(self.heard), f"on the page {uuid7()}"
        answer = self._post(f"/office/orders/{order}/notes", {"text": text})
        if "/office/sign-in" in answer.headers.get("Location", "") or answer.status_code in (401, 403):
            self._post("/office/sign-in", {"username": self.username, "password": PASSWORD})
        elif answer.status_code == 303:
            self.said[text] = time.monotonic()
            self.story.tell(self.username, "note on the page", f"{order} {text}")
        elif answer.status_code != 404 and answer.status_code not in COMES_AGAIN:
            self.errors.append(f"the page answered {answer.status_code}: {answer.text[:200]}")

    def _post(self, path: str, form: dict[str, str]) -> requests.Response:
        up = [each for each in self.company.addresses if each]
        if not up:
            raise requests.ConnectionError("no server is up")
        server = self.rng.choice(up)
        return self.browser.post(server + path, data=form, allow_redirects=False, timeout=PAGE_S)
