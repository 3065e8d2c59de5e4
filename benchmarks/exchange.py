"""What an exchange costs, beside `GET /healthz` in the same run: `make benchmarks`.

An exchange with nothing new must not depend on how many work orders there are, and a delta only on what changed.
Figures are ratios to the plainest request, because a machine's speed says nothing about the product. README.md
beside this file says how to read them.
"""

from __future__ import annotations

import csv
import os
import platform
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

import requests

from server.demo.people import PASSWORD
from tests.browser.company import COMMAND, ROOT, environment, load_demo, serving
from tests.reference_client import Client, uuid7

ROUNDS = 40
WARM_UP = 5
PARTS = 500
PARTS_HEADER = ("配件号", "名称", "单位", "单价(元)", "仓库数量")
TECHNICIANS = ("liwei", "wanggang", "chenjie", "zhaomin")
CROWD_S = 5.0
# How long a phone with nothing to send waits before it asks again: IDLE_MS in pwa/static/app/sync/exchange.js.
IDLE_S = 60


@dataclass
class Measurement:
    """One action, timed once in every round; `prepare` runs before it and is not timed."""

    name: str
    action: Callable[[], object]
    prepare: Callable[[], object] = lambda: None
    taken: list[float] = field(default_factory=list)

    def once(self) -> None:
        """Time the action."""
        self.prepare()
        begun = time.perf_counter()
        self.action()
        self.taken.append(time.perf_counter() - begun)

    @property
    def median(self) -> float:
        """The median time in seconds, without the rounds that warm up."""
        return statistics.median(self.taken[WARM_UP:])


def main() -> None:
    """Load the demonstration company and more parts, serve them, and print what was measured."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        load_demo(folder)
        load_parts(folder)
        with serving(folder) as address:
            print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}")
            compare(address)
            crowd(address)


def load_parts(folder: Path) -> None:
    """Make the catalogue `PARTS` long, with prices from 1 to 500 yuan."""
    file = folder / "parts.csv"
    have = len((ROOT / "server" / "demo" / "data" / "parts.csv").read_text("utf-8-sig").splitlines()) - 1
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(PARTS_HEADER)
        rows.writerows(
            (f"BM{number:04}", f"机械密封 {number}", "套", f"{number}.00", 10) for number in range(have, PARTS)
        )
    subprocess.run(
        [*COMMAND, "load", str(file)], cwd=ROOT, env=environment(folder), check=True, stdout=subprocess.DEVNULL
    )


def compare(address: str) -> None:
    """Every measurement in turn, round after round, so that a slow moment of the machine meets them all."""
    phone, new_phone, office = Client(address), Client(address), Client(address)
    for client, username in ((phone, "liwei"), (new_phone, "wanggang"), (office, "zhangmin")):
        client.sign_in(username, PASSWORD)
        client.sync()
    documents = len(new_phone.documents)
    parts = len(new_phone.held_documents("part"))
    measurements = list(measurements_of(phone, new_phone, office, f"first exchange: {documents} documents"))
    for _ in range(WARM_UP + ROUNDS):
        for measurement in measurements:
            measurement.once()
    plainest = measurements[0].median
    print(f"medians of {ROUNDS} rounds; {parts} of the {documents} documents are parts\n")
    for measurement in measurements:
        print(f"{measurement.name:<40} {measurement.median * 1000:8.2f} ms  × {measurement.median / plainest:5.1f}")


def measurements_of(phone: Client, new_phone: Client, office: Client, first: str) -> Iterator[Measurement]:
    """What is measured; the plainest request comes first."""
    orders = cycle(list(phone.held_documents("work_order")))
    plain = requests.Session()

    def note(client: Client) -> None:
        client.write("note.add", next(orders), {"note": uuid7(), "text": "请带上楼门钥匙"})

    def office_changes_an_order() -> None:
        note(office)
        office.sync()

    def phone_with_nothing() -> None:
        new_phone.cursors = {}
        new_phone.documents = {}

    yield Measurement("GET /healthz", lambda: plain.get(f"{phone.server}/healthz", timeout=30).raise_for_status())
    yield Measurement("exchange with nothing new", phone.exchange)
    yield Measurement("exchange that brings one changed order", phone.exchange, office_changes_an_order)
    yield Measurement("exchange that sends one note", phone.exchange, lambda: note(phone))
    yield Measurement(first, new_phone.sync, phone_with_nothing)


def crowd(address: str) -> None:
    """How many idle exchanges a second the server answers to several phones that ask all at once."""
    phones = [Client(address) for _ in TECHNICIANS]
    for phone, username in zip(phones, TECHNICIANS, strict=True):
        phone.sign_in(username, PASSWORD)
        phone.sync()
    with ThreadPoolExecutor(len(phones)) as pool:
        rate = sum(pool.map(exchanges_a_second, phones))
    print(f"\n{rate:.0f} idle exchanges a second, of {len(phones)} phones that ask without a pause")
    print(f"enough for about {round(rate * IDLE_S, -2):.0f} idle phones, each asking every {IDLE_S} s")


def exchanges_a_second(phone: Client) -> float:
    """Ask again and again for a while."""
    begun = time.perf_counter()
    done = 0
    while time.perf_counter() - begun < CROWD_S:
        phone.exchange()
        done += 1
    return done / (time.perf_counter() - begun)


if __name__ == "__main__":
    main()
