"""One run: a company, its people and its trouble for some seconds, then peace, and then what must hold.

What is chosen follows from the seed; when it happens, and who comes first, does not.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.databases import Databases
from tests.races.random_run.company import Company
from tests.races.random_run.field import Phone
from tests.races.random_run.holding import differences_of, examine
from tests.races.random_run.office import Desk, Pages
from tests.races.random_run.story import Story, Wrong
from tests.races.random_run.trouble import Trouble

FIRST_ORDERS: Final = 12
TURNS: Final = 4
TRIES: Final = 60
PATIENCE_S: Final = 600


@dataclass(frozen=True)
class Wish:
    """How a run is meant to be: `clients` are phones, two of each technician; `fault` is one of planted.py."""

    seed: int
    seconds: float
    servers: int = 2
    clients: int = 10
    restores: bool = True
    fault: str | None = None


@dataclass(frozen=True)
class Figures:
    """What a run was."""

    seed: int
    seconds: float
    lines: int
    orders: int
    in_part: int
    counts: dict[str, int]


def run(databases: Databases, folder: Path, wish: Wish) -> Figures:
    """Raises Wrong where something does not hold."""
    began, story, rng = time.monotonic(), Story(), random.Random(wish.seed)
    company = Company(databases, folder, wish.servers, (wish.clients + 1) // 2, wish.fault)
    with company:
        if company.servers > 1 and not company.on_postgresql:
            company.servers = 1  # SQLite is for one server, of several processes
        trouble = Trouble(company, story, random.Random(rng.random()), wish.restores)
        with _told(wish, story):
            company.start_all()
            clients, pages = _begin(company, story, rng, wish.clients)
            _live(clients, pages, trouble, wish.seconds)
            _make_peace(clients)
            held = examine(company, clients, pages, trouble)
            found = [*held.found, *pages.errors, *_faults(clients)]
            if found:
                raise Wrong(differences_of(found, story))
    counts = dict(sorted(story.counts.items()))
    judged = held.judged
    orders = judged.whole + judged.in_part
    return Figures(wish.seed, time.monotonic() - began, held.lines, orders, judged.in_part, counts)


@contextmanager
def _told(wish: Wish, story: Story) -> Iterator[None]:
    """Whatever goes wrong is told with the seed, and with how long it took."""
    try:
        yield
    except Exception as error:
        after = time.monotonic() - story.began
        said = f"{wish}: after {after:.0f} s\n{type(error).__name__}: {error}\n{dict(story.counts)}"
        raise Wrong(said) from error


def _begin(company: Company, story: Story, rng: random.Random, phones: int) -> tuple[list[Phone], Pages]:
    """Everybody signs in, and the office has some work for them."""
    heard: list[str] = []
    people, office = company.people["technician"], [*company.people["supervisor"], *company.people["service_desk"]]
    clients: list[Phone] = []
    for number in range(phones):
        clients.append(Phone(company, story, people[number // 2], number, random.Random(rng.random())))
    for person in office:
        desk = Desk(company, story, person, len(clients), random.Random(rng.random()))
        desk.technicians = [each.id for each in people]
        clients.append(desk)
    for client in clients:
        client.heard = heard
    company.begin_sessions(clients)
    desk = clients[-1]
    assert isinstance(desk, Desk)
    for _ in range(FIRST_ORDERS):
        desk.register()
    for client in (desk, *clients):
        client.sync()
    return clients, Pages(company, story, office[0].username, random.Random(rng.random()), heard)


def _live(clients: Sequence[Phone], pages: Pages, trouble: Trouble, seconds: float) -> None:
    """Everybody does what they do until the time is over and each kind of trouble has come once, which takes longer on
    a machine that has other things to do; raises what any of them raised."""
    over = threading.Event()

    def until_over(going: Callable[[threading.Event], None]) -> None:
        try:
            going(over)
        except BaseException:
            over.set()
            trouble.has_been.set()
            raise

    with ThreadPoolExecutor(len(clients) + 2) as threads:
        doing = [threads.submit(until_over, each.keep_going) for each in (*clients, pages, trouble)]
        over.wait(seconds)
        trouble.has_been.wait(PATIENCE_S)
        over.set()
    for each in doing:
        each.result()


def _make_peace(clients: Sequence[Phone]) -> None:
    """What was given up arrives, and everybody exchanges until nothing more comes."""
    for client in clients:
        client.calm = True
        client.deliver_late()
    with ThreadPoolExecutor(len(clients)) as threads:
        for _ in range(TURNS):
            for done in [threads.submit(_sync_at_last, client) for client in clients]:
                done.result()


def _sync_at_last(client: Phone) -> None:
    for _ in range(TRIES):
        if client.try_to_sync():
            return
        client.pause()
    raise Wrong(f"{client.name} cannot exchange in peace")


def _faults(clients: Sequence[Phone]) -> list[str]:
    """Answers that say that the server is at a loss."""
    return [f"{client.name}: {error}" for client in clients for error in client.errors]
