"""What the tests of photos share: uploads as plain requests, records of photos, a network that can be cut."""

from __future__ import annotations

import base64
import hashlib
import io
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import requests
from PIL import Image

from tests.reference_client import Client, Json, uuid7

PHOTOS = Path(__file__).parents[2] / "data" / "photos"
CONTENT = "application/offset+octet-stream"
TUS = {"Tus-Resumable": "1.0.0"}
SMALL = (PHOTOS / "DSCN0010.jpg").read_bytes()


def sha256_of(content: bytes) -> str:
    """Lower-case hex."""
    return hashlib.sha256(content).hexdigest()


@cache
def photo_of_5_mb() -> bytes:
    """A JPEG of a little more than five megabytes, always the same."""
    noise = random.Random(5).randbytes(1800 * 1400 * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", (1800, 1400), noise).save(out, "JPEG", quality=93, subsampling=0)
    assert 5_000_000 < len(out.getvalue()) < 10_000_000
    return out.getvalue()


def metadata(**pairs: str) -> str:
    """An Upload-Metadata header."""
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())


class Uploads:
    """tus requests of one person, each as it is, without any cleverness."""

    def __init__(self, client: Client) -> None:
        self.server = client.server
        self.headers = {**TUS, "Authorization": f"Bearer {client.token}"}

    def send(
        self, method: str, path: str = "", body: object = None, without: str = "", **headers: str
    ) -> requests.Response:
        """One request; header names with underscores for dashes, `without` leaves one of the usual out."""
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        usual = {key: value for key, value in self.headers.items() if key != without}
        address = path if path.startswith("http") else f"{self.server}{path or '/api/v1/uploads'}"
        return requests.request(method, address, headers={**usual, **named}, data=body, timeout=30)  # type: ignore[arg-type]  # tests send all kinds of bodies

    def create(self, content: bytes, media_type: str = "image/jpeg", **pairs: str) -> requests.Response:
        """Begin an upload of `content`; `pairs` are further metadata, or replace what is usual."""
        told = metadata(**{"sha256": sha256_of(content), "media_type": media_type, **pairs})
        return self.send("POST", Upload_Length=str(len(content)), Upload_Metadata=told)

    def patch(self, place: str, offset: int, body: object, **headers: str) -> requests.Response:
        """The next bytes."""
        usual = {"Upload_Offset": str(offset), "Content_Type": CONTENT}
        return self.send("PATCH", place, body, **{**usual, **headers})

    def offset(self, place: str) -> int:
        """How far an upload is, as HEAD says."""
        return int(self.send("HEAD", place).headers["Upload-Offset"])

    def whole(self, content: bytes, **pairs: str) -> requests.Response:
        """Create and send all; the answer to the last bytes."""
        return self.patch(self.create(content, **pairs).headers["Location"], 0, content)


def record_photo(client: Client, order: str, content: bytes, media_type: str = "image/jpeg") -> str:
    """A photo record on an order, sent; its id."""
    photo = uuid7()
    data = {
        "photo": photo,
        "sha256": sha256_of(content),
        "size": len(content),
        "media_type": media_type,
        "purpose": "fault",
        "taken_at": "2026-11-24T09:20:00+08:00",
    }
    client.write("photo.add", order, data)
    client.sync()
    return photo


def photo_record(client: Client, order: str, photo: str) -> Json:
    """The record as the document now has it."""
    body = client.call("GET", f"/api/v1/work-orders/{order}").json()["body"]
    found: Json = next(each for each in body["photos"] if each["id"] == photo)
    return found


def wait_until(holds: Callable[[], bool], within_s: float = 20) -> bool:
    """Whether something comes to hold in time."""
    end = time.monotonic() + within_s
    pause = threading.Event()
    while not holds():
        if time.monotonic() > end:
            return False
        pause.wait(0.02)
    return True


class Wire:
    """A way to a server that breaks once: after `break_after` more bytes from the client, in all its
    connections together."""

    def __init__(self, server: str) -> None:
        host, _, port = server.removeprefix("http://").partition(":")
        self._target = (host, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.break_after: int | None = None
        self.broke = 0

    def carry(self) -> None:
        """Carry connections until the listener is closed."""
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = socket.create_connection(self._target)
            threading.Thread(target=self._forward, args=(near, far), daemon=True).start()
            threading.Thread(target=self._back, args=(far, near), daemon=True).start()

    def _forward(self, near: socket.socket, far: socket.socket) -> None:
        try:
            while piece := near.recv(65536):
                left = self.break_after
                if left is not None and len(piece) > left:
                    far.sendall(piece[:left])
                    self.break_after = None
                    self.broke += 1
                    break
                if left is not None:
                    self.break_after = left - len(piece)
                far.sendall(piece)
        except OSError:
            pass
        finally:
            _close(far, near)

    def _back(self, far: socket.socket, near: socket.socket) -> None:
        try:
            while piece := far.recv(65536):
                near.sendall(piece)
        except OSError:
            pass
        finally:
            _close(near)

    def close(self) -> None:
        """Take no more connections."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def _close(*ends: socket.socket) -> None:
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


@contextmanager
def wire_to(server: str) -> Iterator[Wire]:
    """A wire to a server, for as long as the block runs."""
    wire = Wire(server)
    thread = threading.Thread(target=wire.carry, daemon=True)
    thread.start()
    yield wire
    wire.close()
    thread.join()
