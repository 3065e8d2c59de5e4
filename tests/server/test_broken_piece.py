"""A piece of a photo that breaks off on the way is worth what came of it, against the real server process."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.browser.company import PASSWORD, load_demo, serving
from tests.reference_client import TUS, Client

PATIENCE_S = 20


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("broken")
    load_demo(folder)
    with serving(folder) as found:
        yield found


def test_what_came_of_a_piece_that_breaks_off_is_kept(address: str) -> None:
    client = Client(address)
    client.sign_in("liwei", PASSWORD)
    upload = client.upload(b"x" * 300_000, "image/jpeg", chunk=8, stop_after=8)
    path = urlsplit(upload).path
    reached = offset(client, upload)
    for sent in (100_000, 120_000):
        send_part(address, client.token, path, reached, 190_000, sent)
        reached += sent
        assert arrives(client, upload, reached) == reached


def send_part(address: str, token: str, path: str, at: int, length: int, sent: int) -> None:
    """Announce a piece of `length` bytes, send `sent` of them, and go."""
    where = urlsplit(address)
    head = {
        **TUS, "Host": "x", "Authorization": f"Bearer {token}", "Upload-Offset": str(at),
        "Content-Type": "application/offset+octet-stream", "Content-Length": str(length),
    }  # fmt: skip
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    with socket.create_connection((where.hostname or "", where.port or 0)) as connection:
        connection.sendall(f"PATCH {path} HTTP/1.1\r\n{lines}\r\n".encode() + b"x" * sent)


def offset(client: Client, upload: str) -> int:
    return int(client.call("HEAD", upload, headers=TUS).headers["Upload-Offset"])


def arrives(client: Client, upload: str, wanted: int) -> int:
    """How far it has come as soon as it is as far as wanted, or after `PATIENCE_S`."""
    until = time.monotonic() + PATIENCE_S
    while (reached := offset(client, upload)) != wanted and time.monotonic() < until:
        time.sleep(0.05)
    return reached
