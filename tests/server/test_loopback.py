"""Which addresses are this machine."""

from __future__ import annotations

import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from server.loopback import is_loopback
from server.web.security import client_address

OWN = ("127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1")
OTHERS = ("203.0.113.7", "::ffff:203.0.113.7", "::", "", "localhost", "@")


@pytest.mark.parametrize(("address", "own"), [*((each, True) for each in OWN), *((each, False) for each in OTHERS)])
def test_loopback_is_this_machine_however_it_is_written(address: str, own: bool) -> None:
    assert is_loopback(address) is own


@pytest.mark.parametrize(("address", "asks"), [("::ffff:127.0.0.1", "198.51.100.4"), ("203.0.113.7", "203.0.113.7")])
def test_a_proxy_on_this_machine_is_believed_and_nobody_else(address: str, asks: str) -> None:
    headers = {"X-Forwarded-For": "192.0.2.9, 198.51.100.4"}
    environ = EnvironBuilder(headers=headers, environ_base={"REMOTE_ADDR": address}).get_environ()
    assert client_address(Request(environ)) == asks
