"""A working day of phones beside somebody who wants to stop it: `python -m benchmarks.attack [--only slow]`.

The phones' slowest exchange under attack is compared with their slowest without, in the same run and on the same
server: at most twice as long, and no phone is answered 503. README.md beside this file says how to read it.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import platform
import socket
import tempfile
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import requests

from server.demo.people import PASSWORD
from tests.browser.company import load_demo, serving
from tests.reference_client import Client, Refused, uuid7

TECHNICIANS = ("liwei", "wanggang", "chenjie", "zhaomin")
DAY_S = 30.0
WARM_UP_S = 3.0
# How long a person takes before the next button: four phones that are busy all day.
BETWEEN_S = 0.25
WORST = 2.0
SLOW = 500
GUESSERS = 8
SENDERS = 4
PHOTO_BYTES = 4 * 1024 * 1024
PIECE_BYTES = 256 * 1024
EMPTY_LINES = 64 * 1024 * 1024
HEAD = b"GET /app/ HTTP/1.1\r\nX: "
BODY = b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n{"


@dataclass
class Day:
    """What the phones of one day saw: seconds of each exchange, and how often which refusal."""

    taken: list[float] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)

    @property
    def slowest(self) -> float:
        """Seconds."""
        return max(self.taken)


def main() -> None:
    """Serve the demonstration company and measure a day without an attack, and one under each; exit 1 if one hurts."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--only", choices=ATTACKS, help="this attack alone")
    reader.add_argument("--seconds", type=float, default=DAY_S, help="how long each day is")
    chosen = reader.parse_args()
    with tempfile.TemporaryDirectory() as name:
        load_demo(Path(name))
        with serving(Path(name)) as address:
            print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}")
            hurt = compare(address, [chosen.only] if chosen.only else list(ATTACKS), chosen.seconds)
    raise SystemExit(1 if hurt else 0)


def compare(address: str, attacks: list[str], seconds: float) -> bool:
    """Print a line for each day; whether an attack was felt more than it may be."""
    phones = [Client(address) for _ in TECHNICIANS]
    for phone, username in zip(phones, TECHNICIANS, strict=True):
        phone.sign_in(username, PASSWORD)
        phone.sync()
    day_of(phones, WARM_UP_S)
    without = day_of(phones, seconds)
    tell("no attack", without, without)
    hurt = False
    for name in attacks:
        with attacking(ATTACKS[name], address):
            under = day_of(phones, seconds)
        tell(name, under, without)
        hurt = hurt or bool(under.refused) or under.slowest > WORST * without.slowest
    return hurt


def tell(name: str, day: Day, without: Day) -> None:
    """One line of the table."""
    ratio = day.slowest / without.slowest
    refused = ", ".join(f"{code}: {count}" for code, count in day.refused.items()) or "nothing refused"
    print(f"{name:<12}{len(day.taken):>6} exchanges, slowest {day.slowest * 1000:8.1f} ms  × {ratio:4.1f}  {refused}")


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


Attack = Callable[[str, threading.Event], None]


@contextmanager
def attacking(attack: Attack, address: str) -> Iterator[None]:
    """The attack goes on, in threads of its own, as long as the block runs."""
    over = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(attack, address, over)
        try:
            yield
        finally:
            over.set()
        running.result()


def slow(address: str, over: threading.Event) -> None:
    """Connections that send a byte a second of a head or of a body; what the server ends begins anew."""
    where = urlsplit(address)
    held: dict[int, socket.socket] = {}
    while not over.wait(1):
        for number in range(SLOW):
            try:
                if number in held:
                    held[number].sendall(b"a")
                else:
                    held[number] = socket.create_connection((where.hostname or "", where.port or 0), 5)
                    held[number].sendall(HEAD if number % 2 else BODY)
            except OSError:
                if number in held:
                    held.pop(number).close()
    for each in held.values():
        each.close()


def sign_in(address: str, over: threading.Event) -> None:
    """Wrong passwords for many names at once, without a pause."""

    def guess(number: int) -> None:
        session, tried = requests.Session(), 0
        while not over.is_set():
            tried += 1
            name = TECHNICIANS[tried % len(TECHNICIANS)] if tried % 2 else f"nobody{number}-{tried}"
            device = {"id": uuid7(), "name": "x", "public_key": Client(address).ledger.public_key}
            body = {"username": name, "password": f"{number}-{tried}", "device": device}
            _try(partial(session.post, f"{address}/api/v1/session", json=body, timeout=30))

    _all_at_once(guess, GUESSERS)


def export(address: str, over: threading.Event) -> None:
    """A supervisor hands in a small file that unpacks to as many empty lines as a ledger may have bytes."""
    office = requests.Session()
    office.post(f"{address}/office/sign-in", {"username": "zhangmin", "password": PASSWORD}, timeout=30)
    file = _export_file(address)
    while not over.is_set():
        _try(lambda: office.post(f"{address}/office/import", files={"file": ("x.zip", file)}, timeout=60))


def _export_file(address: str) -> bytes:
    ledger = Client(address).ledger
    person = {"id": uuid7(), "username": "liwei", "name": "李伟"}
    about = {"id": ledger.device, "name": "x", "public_key": ledger.public_key, "person": person, "first": 1}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("device.json", json.dumps(about))
        archive.writestr("ledger.ndjson", b"\n" * EMPTY_LINES)
        archive.writestr("signature", ledger.sign(""))
    return file.getvalue()


def upload(address: str, over: threading.Event) -> None:
    """A technician begins photo after photo and never sends the second half."""
    thief = Client(address)
    thief.sign_in(TECHNICIANS[0], PASSWORD)

    def send(_number: int) -> None:
        client = Client(address)
        client.token = thief.token
        while not over.is_set():
            content = b"\xff\xd8\xff" + os.urandom(PHOTO_BYTES)
            try:
                client.upload(content, "image/jpeg", PIECE_BYTES, stop_after=PHOTO_BYTES // 2)
            except (Refused, requests.RequestException):
                over.wait(0.05)  # Refused: as fast as a program that does not care.

    _all_at_once(send, SENDERS)


def _all_at_once(what: Callable[[int], None], times: int) -> None:
    with ThreadPoolExecutor(times) as pool:
        list(pool.map(what, range(times)))


def _try(call: Callable[[], object]) -> None:
    try:
        call()
    except requests.RequestException:
        return  # What the attacker is answered does not matter.


ATTACKS: dict[str, Attack] = {"slow": slow, "sign_in": sign_in, "export": export, "upload": upload}

if __name__ == "__main__":
    main()
