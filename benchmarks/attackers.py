"""Those who want to stop the server: `python -m benchmarks.attackers ADDRESS KIND…`, as attack.py starts it.

A process of its own, and the lowest priority: what the phones feel is then the server's work, and not the attacker's
program on the same cores. It says `ready` once it is prepared, attacks from a line `go` to a line `stop`, and then
says in one line of JSON what it was answered and how often.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import select
import socket
import sys
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from urllib.parse import urlsplit

import requests
from PIL import Image

from server.demo.people import PASSWORD
from tests.reference_client import TUS, Client, Refused, uuid7
from tests.server.api.photo_help import record_photo

SLOW = 500
GUESSERS = 8
SENDERS = 4
EMPTY_LINES = 32 * 1024 * 1024 - 1
HEAD = b"GET /app/ HTTP/1.1\r\nX: "
BODY = b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n{"
# A technician with another phone than the one that is measured, and one of the office.
THIEF = "zhaomin"
SUPERVISOR = "zhangmin"
PHOTO_SIDES = (2400, 1800)
PIECE_BYTES = 256 * 1024

# What is answered, as a status or as what broke; one for all threads.
Answers = Counter[str]
# Attacks until the event is set, and counts what it was answered.
Attack = Callable[[threading.Event, Answers], None]


def main() -> None:
    """Prepare the attacks that the arguments name, and let them loose as standard input says."""
    os.nice(19)
    address, *kinds = sys.argv[1:]
    attacks = [ATTACKS[kind](address) for kind in kinds]
    print("ready", flush=True)
    for line in sys.stdin:
        if line.strip() == "go":
            print(json.dumps(_until_stop(attacks)), flush=True)


def _until_stop(attacks: list[Attack]) -> Answers:
    over, answers = threading.Event(), Counter[str]()
    with ThreadPoolExecutor(len(attacks)) as pool:
        running = [pool.submit(attack, over, answers) for attack in attacks]
        while sys.stdin.readline().strip() not in ("stop", ""):
            pass
        over.set()
    for each in running:
        each.result()
    return answers


def slow(address: str) -> Attack:
    """Connections that send a byte a second of a head or of a body; what the server ends begins anew."""
    return lambda over, answers: _hold(over, answers, address, lambda number: HEAD if number % 2 else BODY, b"a")


def read(address: str) -> Attack:
    """Connections that ask for a photo and take a few bytes of it a second; what the server ends begins anew."""
    thief = _signed_in(address)
    content = _photo(0)
    digest = hashlib.sha256(content).hexdigest()
    thief.upload(content, "image/jpeg")
    thief.sync()
    record_photo(thief, next(iter(thief.held_documents("work_order"))), content)
    thief.call("GET", f"/api/v1/photos/{digest}")
    asked = f"GET /api/v1/photos/{digest} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {thief.token}\r\n\r\n".encode()
    return lambda over, answers: _hold(over, answers, address, lambda _: asked, b"")


def _hold(over: threading.Event, answers: Answers, address: str, first: Callable[[int], bytes], then: bytes) -> None:
    """Keep `SLOW` connections: each sends what `first` gives, and every second `then`, or without that takes a byte."""
    held: dict[int, socket.socket] = {}
    while not over.wait(1):
        for number in range(SLOW):
            try:
                if number in held:
                    _trickle(held[number], then)
                else:
                    held[number] = _connected(address)
                    held[number].sendall(first(number))
                    answers["connections"] += 1
            except OSError:
                answers["ended"] += 1
                if number in held:
                    held.pop(number).close()
    for each in held.values():
        each.close()


def _connected(address: str) -> socket.socket:
    """A connection with as little room for what comes as the system allows."""
    where = urlsplit(address)
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.settimeout(5)
    made.connect((where.hostname or "", where.port or 0))
    return made


def _trickle(connection: socket.socket, then: bytes) -> None:
    """Raises OSError where the other side has ended it."""
    if then:
        connection.sendall(then)
    elif select.select([connection], [], [], 0)[0] and not connection.recv(16):
        raise ConnectionResetError


def sign_in(address: str) -> Attack:
    """Wrong passwords for names that exist and names that do not, each try from another address."""
    device = {"id": uuid7(), "name": "x", "public_key": Client(address).ledger.public_key}

    def guess(number: int, over: threading.Event, answers: Answers) -> None:
        session = requests.Session()
        url = f"{address}/api/v1/session"
        for tried in count():
            if over.is_set():
                return
            name = f"nobody{number}-{tried}" if tried % 2 else "chenjie"
            body = {"username": name, "password": f"{number}-{tried}", "device": device | {"id": uuid7()}}
            # As a proxy on this machine would pass it on.
            from_ = {"X-Forwarded-For": f"10.{number}.{tried >> 8 & 255}.{tried & 255}"}
            _count(answers, partial(session.post, url, json=body, headers=from_, timeout=30))

    return _several(GUESSERS, guess)


def export(address: str) -> Attack:
    """A supervisor hands in a small file that unpacks to as many empty lines as a ledger may have bytes."""
    office = requests.Session()
    form = {"username": SUPERVISOR, "password": PASSWORD}
    office.post(f"{address}/office/sign-in", form, timeout=30).raise_for_status()
    file = _export_file(address)

    def hand_in(_number: int, over: threading.Event, answers: Answers) -> None:
        while not over.is_set():
            sent = {"file": ("x.zip", file)}
            _count(answers, partial(office.post, f"{address}/office/import", files=sent, timeout=60))

    return _several(2, hand_in)


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


def upload(address: str) -> Attack:
    """Photos as fast as they go: one that has to be looked at, then one of which the half comes and is given up."""
    thief = _signed_in(address)

    def send(number: int, over: threading.Event, answers: Answers) -> None:
        client = Client(address)
        client.token = thief.token
        for sent in count():
            if over.is_set():
                return
            content = _photo(time.time_ns() + number)
            if sent % 2:
                _count(answers, partial(_given_up, client, content))
            else:
                _count(answers, partial(client.upload, content, "image/jpeg", PIECE_BYTES))

    return _several(SENDERS, send)


def _given_up(client: Client, content: bytes) -> None:
    half = client.upload(content, "image/jpeg", PIECE_BYTES, stop_after=len(content) // 2)
    client.call("DELETE", half, headers=TUS)


def _photo(number: int) -> bytes:
    """A JPEG of some megabytes that the server has not had before."""
    return _plain_photo() + number.to_bytes(8)


_made: list[bytes] = []


def _plain_photo() -> bytes:
    if not _made:
        width, height = PHOTO_SIDES
        out = io.BytesIO()
        noise = random.Random(5).randbytes(width * height // 4 * 3)
        image = Image.frombytes("RGB", (width // 2, height // 2), noise).resize(PHOTO_SIDES)
        image.save(out, "JPEG", quality=85)
        _made.append(out.getvalue())
    return _made[0]


def _signed_in(address: str) -> Client:
    thief = Client(address)
    thief.sign_in(THIEF, PASSWORD)
    return thief


def _several(number: int, what: Callable[[int, threading.Event, Answers], None]) -> Attack:
    """So many at once."""

    def attack(over: threading.Event, answers: Answers) -> None:
        with ThreadPoolExecutor(number) as pool:
            list(pool.map(lambda each: what(each, over, answers), range(number)))

    return attack


def _count(answers: Answers, call: Callable[[], object]) -> None:
    """Make the call and count how it was answered; what is refused at once is tried again at once."""
    try:
        answer = call()
        answers[str(answer.status_code if isinstance(answer, requests.Response) else 200)] += 1
    except Refused as refused:
        answers[str(refused.status)] += 1
    except requests.RequestException as broken:
        answers[type(broken).__name__] += 1


ATTACKS: dict[str, Callable[[str], Attack]] = {
    "slow": slow,
    "read": read,
    "sign_in": sign_in,
    "export": export,
    "upload": upload,
}

if __name__ == "__main__":
    main()
