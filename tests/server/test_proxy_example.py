"""The example of docs/install.md for nginx, run by a real one where there is one."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.browser.company import PASSWORD, ROOT, load_demo, serving
from tests.reference_client import TUS, Client
from tests.server.api.photo_help import SMALL

NGINX = shutil.which("nginx")
PATIENCE_S = 20
pytestmark = pytest.mark.skipif(NGINX is None, reason="there is no nginx here")


def example(port: int, server: str) -> str:
    """What install.md says, without TLS, on another port, and before the server of this test."""
    text = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    block = re.search(r"```nginx\n(.*?)```", text, re.DOTALL)
    assert block is not None
    plain = re.sub(r"^\tssl_certificate.*\n", "", block[1], flags=re.MULTILINE)
    return plain.replace("443 ssl http2", f"127.0.0.1:{port}").replace("127.0.0.1:8080", urlsplit(server).netloc)


@contextmanager
def proxy(folder: Path, server: str) -> Iterator[str]:
    """nginx before `server`; gives its address."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    own = " ".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    events = f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{ worker_connections 4096; }}"
    configuration = folder / "nginx.conf"
    configuration.write_text(f"{events} http {{ access_log off; {own} {example(port, server)} }}")
    assert NGINX is not None
    process = subprocess.Popen([NGINX, "-c", str(configuration), "-e", str(folder / "error.log")])
    try:
        until = time.monotonic() + PATIENCE_S
        while not (folder / "pid").exists() or not (folder / "pid").read_text():
            assert process.poll() is None and time.monotonic() < until, (folder / "error.log").read_text()
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("proxy")
    load_demo(folder)
    with serving(folder) as server, proxy(folder, server) as found:
        yield found


def test_phones_exchange_and_photos_come_through_it(address: str) -> None:
    phone = Client(address)
    phone.sign_in("liwei", PASSWORD)
    phone.sync()
    assert phone.documents
    upload = phone.upload(SMALL, "image/jpeg", chunk=64 * 1024)
    assert phone.call("HEAD", upload, headers=TUS).headers["Upload-Offset"] == str(len(SMALL))
    assert requests.get(f"{address}/metrics", timeout=PATIENCE_S).status_code == 404


def test_one_address_has_a_hundred_connections_and_another_is_not_kept_out(address: str) -> None:
    where = urlsplit(address)
    half = b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
    with ExitStack() as stack:
        for _ in range(100):
            slow = socket.create_connection((where.hostname or "", where.port or 0), source_address=("127.0.0.2", 0))
            stack.enter_context(slow).sendall(half)
        with closing(
            socket.create_connection((where.hostname or "", where.port or 0), source_address=("127.0.0.2", 0))
        ) as more:
            more.settimeout(PATIENCE_S)
            more.sendall(half)
            assert more.recv(12) == b"HTTP/1.1 429"
        assert requests.get(f"{address}/healthz", timeout=PATIENCE_S).ok
