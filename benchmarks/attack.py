"""A working day of phones beside those who want to stop it: `python -m benchmarks.attack [KIND…]`.

Each day under attack comes right after one without, on the same server, in several rounds; what counts is the median
of the rounds' ratios: the phones' slowest exchange at most twice as long, and no phone is answered anything but 200.
README.md beside this file says how to read it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import requests

from benchmarks.attackers import ATTACKS
from server.demo.people import PASSWORD
from tests.browser.company import ROOT, load_demo, serving
from tests.reference_client import Client, Refused, uuid7

TECHNICIANS = ("liwei", "wanggang", "chenjie", "zhaomin")
TOGETHER = "together"
ROUNDS = 5
DAY_S = 10.0
PAUSE_S = 2.0
# How long a person takes before the next button: four phones that are busy all day.
BETWEEN_S = 0.25
WORST = 2.0


@dataclass
class Day:
    """What the phones of one day saw: seconds of each exchange, and how often which answer but 200."""

    taken: list[float] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)

    @property
    def slowest(self) -> float:
        """Seconds."""
        return max(self.taken)

    @property
    def most(self) -> float:
        """Seconds within which 99 of 100 were done."""
        return sorted(self.taken)[int(0.99 * (len(self.taken) - 1))]


@dataclass
class Pair:
    """A day under attack, and the one before it."""

    without: Day
    under: Day


class Attacker:
    """A process that attacks when it is told to."""

    def __init__(self, address: str, kinds: list[str]) -> None:
        command = [sys.executable, "-m", "benchmarks.attackers", address, *kinds]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self.answers: Counter[str] = Counter()
        self._hear()

    @contextmanager
    def attacking(self) -> Iterator[None]:
        """The attack goes on as long as the block runs."""
        self._say("go")
        try:
            yield
        finally:
            self._say("stop")
            self.answers.update(json.loads(self._hear()))

    def end(self) -> None:
        """It is over."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()

    def _say(self, what: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{what}\n")

    def _hear(self) -> str:
        assert self.process.stdout is not None
        heard = self.process.stdout.readline()
        if not heard:
            raise SystemExit("an attacker has ended: what it said stands above")
        return heard


def main() -> None:
    """Serve the demonstration company and measure days with and without attacks; exit 1 if one hurts."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("kinds", nargs="*", metavar="KIND", help=f"of {', '.join([*ATTACKS, TOGETHER])}; without: all")
    reader.add_argument("--seconds", type=float, default=DAY_S, help="how long each day is")
    reader.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = reader.parse_args()
    kinds = {kind: [*ATTACKS] if kind == TOGETHER else [kind] for kind in chosen.kinds or [*ATTACKS, TOGETHER]}
    with tempfile.TemporaryDirectory() as name:
        load_demo(Path(name))
        with serving(Path(name)) as address:
            print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}")
            print(f"medians of {chosen.rounds} rounds of {chosen.seconds:.0f} s\n")
            hurt = compare(address, kinds, chosen.rounds, chosen.seconds)
    raise SystemExit(1 if hurt else 0)


def compare(address: str, kinds: dict[str, list[str]], rounds: int, seconds: float) -> bool:
    """Print a line for each kind of attack; whether one was felt more than it may be."""
    phones = [Client(address) for _ in TECHNICIANS]
    for phone, username in zip(phones, TECHNICIANS, strict=True):
        phone.sign_in(username, PASSWORD)
        phone.sync()
    with ExitStack() as stack:
        attackers = {}
        for kind, parts in kinds.items():
            attackers[kind] = Attacker(address, parts)
            stack.callback(attackers[kind].end)
        pairs = _measured(phones, attackers, rounds, seconds)
    felt = [tell(kind, pairs[kind], attackers[kind].answers) for kind in kinds]
    return any(felt)


def _measured(
    phones: list[Client], attackers: dict[str, Attacker], rounds: int, seconds: float
) -> dict[str, list[Pair]]:
    pairs: dict[str, list[Pair]] = {kind: [] for kind in attackers}
    day_of(phones, PAUSE_S)
    for _ in range(rounds):
        for kind, attacker in attackers.items():
            without = day_of(phones, seconds)
            with attacker.attacking():
                day_of(phones, PAUSE_S)
                under = day_of(phones, seconds)
            pairs[kind].append(Pair(without, under))
            # What the attack has left in the server's queues is not the next day's.
            day_of(phones, PAUSE_S)
    return pairs


def tell(kind: str, pairs: list[Pair], answers: Counter[str]) -> bool:
    """Print one line of the table; whether the attack was felt more than it may be."""
    slowest = [pair.under.slowest / pair.without.slowest for pair in pairs]
    most = [pair.under.most / pair.without.most for pair in pairs]
    refused: Counter[str] = sum((pair.under.refused + pair.without.refused for pair in pairs), Counter())
    exchanges = sum(len(pair.under.taken) for pair in pairs)
    print(
        f"{kind:<9}{exchanges:>6} exchanges, slowest"
        f" {statistics.median(pair.without.slowest for pair in pairs) * 1000:7.1f} →"
        f" {statistics.median(pair.under.slowest for pair in pairs) * 1000:7.1f} ms,"
        f" × {statistics.median(slowest):.2f} ({min(slowest):.2f} – {max(slowest):.2f});"
        f" 99 of 100 × {statistics.median(most):.2f}; not 200: {dict(refused) or 0};"
        f" the attacker was answered {dict(sorted(answers.items()))}",
        flush=True,
    )
    return bool(refused) or statistics.median(slowest) > WORST


def day_of(phones: list[Client], seconds: float) -> Day:
    """All phones write a note, exchange, and wait a moment, again and again for so many seconds."""
    day = Day()
    until = time.monotonic() + seconds

    def work(phone: Client) -> None:
        order = next(iter(phone.held_documents("work_order")))
        while time.monotonic() < until:
            phone.write("note.add", order, {"note": uuid7(), "text": "请带上楼门钥匙"})
            begun = time.perf_counter()
            try:
                phone.exchange()
            except Refused as refused:
                day.refused[f"{refused.status} {refused.code}"] += 1
            except requests.RequestException as broken:
                day.refused[type(broken).__name__] += 1
            day.taken.append(time.perf_counter() - begun)
            time.sleep(BETWEEN_S)

    with ThreadPoolExecutor(len(phones)) as pool:
        list(pool.map(work, phones))
    return day


if __name__ == "__main__":
    main()
