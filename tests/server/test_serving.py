"""The real server process: slow and silent senders keep nobody else waiting."""

from __future__ import annotations

import resource
import socket
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from server.connections.patient_socket import PatientSocket
from server.serving import CONNECTIONS, connections_for
from tests.browser import company
from tests.browser.company import serving

HALF_A_REQUEST = (
    b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{"
)


def test_sixty_senders_who_stop_half_way_keep_nobody_waiting(tmp_path: Path) -> None:
    with serving(tmp_path) as address, ExitStack() as stack:
        where = urlsplit(address)
        for _ in range(60):
            slow = stack.enter_context(socket.create_connection((where.hostname or "", where.port or 0)))
            slow.sendall(HALF_A_REQUEST)
        assert requests.get(f"{address}/readyz", timeout=15).json()["status"] == "ready"


def test_a_silence_that_is_too_long_ends_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PatientSocket, "LONGEST_SILENCE_S", 0.01)
    silent, served = socket.socketpair()
    with silent, PatientSocket(fileno=served.detach()) as patient:
        patient.setblocking(True)
        silent.sendall(b"a")
        assert patient.recv(1) == b"a"
        with pytest.raises(ConnectionResetError):
            patient.recv(1)


@pytest.mark.parametrize(
    ("files", "connections"),
    [(256, 128), (4096, CONNECTIONS), (100_000, CONNECTIONS), (resource.RLIM_INFINITY, CONNECTIONS)],
)
def test_where_few_files_may_be_open_there_are_fewer_connections(files: int, connections: int) -> None:
    assert connections_for(files) == connections


def test_a_server_with_few_files_answers_beside_more_connections_than_it_has_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = 160
    limited = ("sh", "-c", f'ulimit -n {few}; exec "$0" "$@"', *company.COMMAND)
    monkeypatch.setattr(company, "COMMAND", limited)
    with ExitStack() as stack:
        where = urlsplit(address := stack.enter_context(company.serving(tmp_path)))
        for _ in range(3 * few):
            slow = stack.enter_context(socket.create_connection((where.hostname or "", where.port or 0)))
            slow.sendall(HALF_A_REQUEST[:30])
        assert requests.get(f"{address}/readyz", timeout=15).json()["status"] == "ready"
