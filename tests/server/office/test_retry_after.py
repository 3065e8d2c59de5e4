"""Whoever is told to come again is told when: every answer of 429 and 503, in the API and on the office's pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

import server
from server.office.queries import people_queries
from server.office.shell import session as office_session
from server.problems import CATALOGUE, Problem
from server.web import security
from tests.conftest import PASSWORD, People
from tests.reference_client import Ledger

# Of every sentence.
FIGURES = {"most": 1, "hours": 1, "uploads": 1, "bytes": 1, "limit": 1, "limit_bytes": 1}
AGAIN_LATER = sorted(code for code, status in CATALOGUE.items() if status in (429, 503))


@pytest.mark.parametrize("code", AGAIN_LATER)
def test_every_429_and_503_says_when_to_come_again(
    code: str, app: APIFlask, client: FlaskClient, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = {"username": "wang", "password": PASSWORD}
    assert client.post("/office/sign-in", data=sent).status_code == 303

    def refuse(*_: Any, **__: Any) -> None:
        raise Problem(code, **FIGURES)

    monkeypatch.setattr(security, "check_password", refuse)
    monkeypatch.setattr(office_session, "sign_in_office", refuse)
    monkeypatch.setattr(people_queries, "people", refuse)
    ledger = Ledger()
    device = {"id": ledger.device, "name": "phone", "public_key": ledger.public_key}
    answers = [
        client.post("/api/v1/session", json={**sent, "device": device}),
        client.post("/office/sign-in", data=sent),
        client.get("/office/people"),
    ]
    assert [(answer.status_code, answer.headers.get("Retry-After")) for answer in answers] == [
        (CATALOGUE[code], "5")
    ] * 3


def test_no_answer_is_made_of_a_problem_without_its_headers() -> None:
    """`Problem.headers` is the one place: where a status is taken, they are taken too."""
    found = 0
    for file in Path(server.__file__).parent.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert text.count("problem.status") == text.count("problem.headers"), file.name
        assert "Retry-After" not in text or file.name == "problems.py", file.name
        found += text.count("problem.status")
    assert found == 7
