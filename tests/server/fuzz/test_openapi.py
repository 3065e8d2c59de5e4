"""Every route of the API, from its own OpenAPI document: what fits the document, and what does not."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from apiflask import APIFlask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode

from server.database import writing
from server.services import utc_now
from server.web.security import start_session
from tests.conftest import PASSWORD, People
from tests.reference_client import Ledger
from tests.server.fuzz.hostile import HOSTILE

SEED = 20
ODD_HEADERS = (
    "Accept-Language", "Accept", "Content-Encoding", "Content-Type", "Authorization", "Origin", "Range",
    "If-None-Match", "If-Modified-Since", "X-Forwarded-For", "Upload-Offset", "Upload-Length", "Upload-Metadata",
    "Upload-Checksum", "Tus-Resumable", "Sec-Fetch-Site", "Cookie",
)  # fmt: skip


@pytest.fixture(scope="module")
def new_token(app: APIFlask, people: People) -> Callable[[], str]:
    """Begins a session of the supervisor's; a route may end it."""
    ledger = Ledger()
    device = {"id": ledger.device, "name": "x", "public_key": ledger.public_key}
    sent = {"username": people.wang.username, "password": PASSWORD, "device": device}
    assert app.test_client().post("/api/v1/session", json=sent).status_code == 200

    def begin() -> str:
        with app.app_context(), writing() as connection:
            return start_session(connection, people.wang.id, ledger.device, "app", utc_now())

    return begin


def as_header(value: str) -> str:
    """`value` as the bytes of a header reach WSGI; a server passes no line ends on."""
    latin = value[:2_000].encode("utf-8", "surrogatepass").decode("latin-1")
    # The client itself refuses white space at an end.
    return latin.replace("\r", "").replace("\n", "").replace("\0", "").strip()


@pytest.fixture(scope="module")
def operations(app: APIFlask) -> list[Any]:  # Any: schemathesis' operations
    """Every operation of the document."""
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    return [found.ok() for found in schema.get_all_operations()]


def odd_headers(chance: random.Random) -> dict[str, str]:
    """One or two headers that no browser sends, or none."""
    names = chance.sample(ODD_HEADERS, chance.choice([0, 1, 2]))
    return {name: as_header(chance.choice(HOSTILE)) for name in names}


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
def test_no_request_that_the_document_describes_or_forbids_makes_the_api_stumble(
    operations: list[Any],  # Any: schemathesis' operations
    new_token: Callable[[], str],
    soak: bool,
    mode: GenerationMode,
) -> None:
    bounds = settings(
        max_examples=400 if soak else 5,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    tried = sum(tried_with(new_token(), each.as_strategy(generation_mode=mode), bounds) for each in operations)
    assert tried >= len(operations)


def tried_with(token: str, cases: st.SearchStrategy[Case], bounds: settings) -> int:
    """Try cases of one operation with this token; how many."""
    tried = 0

    @seeded(SEED)
    @bounds
    @given(case=cases, number=st.integers(0, 2**32))
    def one(case: Case, number: int) -> None:
        nonlocal tried
        tried += 1
        told = f"{case.method} {case.path} {case.query} {case.headers} {str(case.body)[:300]}"
        # As a program, or as a browser, whose requests are asked where they come from.
        known = {"Authorization": f"Bearer {token}"} if number % 2 else {"Cookie": f"undercroft_app={token}"}
        answer = case.call(headers=known | odd_headers(random.Random(number)))
        assert answer.status_code < 500, f"{answer.status_code}: {told}"

    one()
    return tried
