"""Every page and form of the office with hostile values: an answer, never a traceback.

The names of the fields are read from the office's own source, so a new field is tried without being listed.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.server.fuzz.hostile import HOSTILE

ROOT = Path(__file__).resolve().parents[3]
NAMED = re.compile(r"""(?:form|args|query|asked|files|values)(?:\.get|\.getlist)?[(\[]["']([\w.]+)["']""")
IN_PAGES = re.compile(r"""\bname="([\w.]+)\"""")
# Its session is needed for what follows; a password is hashed slowly on purpose, and tests of its own try it.
LEFT_OUT = {"office.end_session", "office.begin_session"}
# What takes a form past its first look, so that the hostile value beside it is met deeper inside.
PLAUSIBLE = {
    "fault": "水泵异响", "kind": "repair", "priority": "normal", "channel": "phone", "text": "已完工",
    "window_day": "2026-11-24", "window_start": "09:00", "window_end": "08:00", "seen": "1", "confirmed": "yes",
    "disposition": "cancelled", "decision": "dismiss", "comment": "看过", "back": "/office/", "position": "1",
    "batch": "1", "reason": "not_permitted", "was.window": "null", "language": "en", "theme": "dark",
}  # fmt: skip


def field_names() -> list[str]:
    """Every name of a field or of a part of a query that the office reads or its pages send."""
    found = {"was.window", "was.assignees", "was.contact.name", "was.priority"}
    for file in (ROOT / "server" / "office").rglob("*.py"):
        found |= set(NAMED.findall(file.read_text(encoding="utf-8")))
    for page in (ROOT / "pwa" / "templates").rglob("*.html"):
        found |= set(IN_PAGES.findall(page.read_text(encoding="utf-8")))
    return sorted(found)


def rules(app: APIFlask, method: str) -> Iterator[Rule]:
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        ours = rule.endpoint.startswith(("office.", "customer.")) and rule.endpoint not in LEFT_OUT
        if ours and method in (rule.methods or ()):
            yield rule


def address(rule: Rule, order: str, chance: random.Random) -> str:
    """An address of the rule: of an order that there is, or of nothing."""

    def part(match: re.Match[str]) -> str:
        kind = match[0]
        if "uuid" in kind:
            return chance.choice([order, "00000000-0000-7000-8000-000000000000"])
        return (
            chance.choice(["7", "9" * 30, "a", "f" * 64])
            if "int" in kind
            else chance.choice(["a", "f" * 64, "%00", "%ED%A0%80"])
        )

    return re.sub(r"<[^>]+>", part, rule.rule)


def tried(client: FlaskClient, method: str, path: str, values: dict[str, Any]) -> None:
    """Send it, and see that the server did not stumble."""
    sent = {"query_string": values} if method == "GET" else {"data": values}
    told = f"{method} {path} { ({name: ascii(value)[:80] for name, value in values.items()}) }"
    try:
        answer = client.open(path, method=method, headers={"Accept": "text/html"}, **sent)
    except Exception as error:
        raise AssertionError(told) from error
    assert answer.status_code < 500, f"{answer.status_code}: {told}"


def storable(values: dict[str, str]) -> dict[str, Any]:
    """As bytes, since half a surrogate pair is sent as three of them."""
    return {name: value.encode("utf-8", "surrogatepass") for name, value in values.items()}


@pytest.fixture
def rounds(soak: bool) -> int:
    """How many random forms each route gets."""
    return 300 if soak else 4


@pytest.mark.parametrize("username", ["chenhong", "admin"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_hostile_value_makes_a_page_of_the_office_stumble(
    app: APIFlask, browser: Callable[..., FlaskClient], order: str, rounds: int, seed: int,
    username: str, method: str,
) -> None:  # fmt: skip
    chance, client, names = random.Random(seed), browser(username), field_names()
    for rule in rules(app, method):
        for _ in range(rounds):
            hostile = chance.sample(names, chance.choice([1, 3, len(names) // 2]))
            some = PLAUSIBLE | {name: chance.choice(HOSTILE) for name in hostile}
            tried(client, method, address(rule, order, chance), storable(some))
