"""Every text that a person reads stands in the catalogues, in each language with the same figures."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "pwa" / "static" / "language"
LANGUAGES = sorted(folder.name for folder in CATALOGUES.iterdir() if folder.is_dir())
ROOMS = sorted({file.name for file in CATALOGUES.glob("*/*.ftl")})

CODE = [
    *sorted((ROOT / "server").rglob("*.py")),
    *sorted((ROOT / "pwa").glob("*.py")),
    *sorted((ROOT / "pwa" / "static" / "app").rglob("*.js")),
    *sorted((ROOT / "pwa" / "static" / "office").rglob("*.js")),
    *sorted(path for path in (ROOT / "pwa" / "templates").rglob("*") if path.is_file()),
]
# t("id"), text(language, "id"), say("id"): the first literal of a call of one of the catalogue's functions.
CALL = re.compile(r"""\b(?:t|text|say|has_text)\(\s*(?:[\w.]+(?:\(\))?,\s*)?(f?)(["'`])([a-z][a-z0-9.-]*)""")
CJK = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
NAMES_OF_LANGUAGES = re.compile(r"中文")
"""A language is named in its own words wherever it is offered, so that it is found by whoever reads only it."""


class Figures(Visitor):
    """Collects the names of the variables that a pattern uses."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:
        self.names.add(node.id.name)


@cache
def messages(language: str, room: str) -> dict[str, set[str]]:
    """The messages of one file, `id` or `id.attribute`, each with the variables that it uses."""
    path = CATALOGUES / language / room
    if not path.exists():
        return {}
    found: dict[str, set[str]] = {}
    for entry in FluentParser().parse(path.read_text("utf-8")).body:
        assert not isinstance(entry, ast.Junk), f"{language}/{room}: {entry.content[:80]!r} is not Fluent"
        if isinstance(entry, ast.Message):
            patterns = {entry.id.name: entry.value} | {
                f"{entry.id.name}.{attribute.id.name}": attribute.value for attribute in entry.attributes
            }
            for name, pattern in patterns.items():
                if pattern is not None:
                    assert name not in found, f"{language}/{room} has {name} twice"
                    found[name] = figures(pattern)
    return found


def figures(pattern: ast.Pattern) -> set[str]:
    """The variables of a pattern."""
    visitor = Figures()
    visitor.visit(pattern)
    return visitor.names


def every_id(language: str) -> set[str]:
    """All ids of a language, whatever the room."""
    return {name for room in ROOMS for name in messages(language, room)}


@pytest.mark.parametrize("room", ROOMS)
def test_both_languages_say_the_same_things(room: str) -> None:
    said = {language: set(messages(language, room)) for language in LANGUAGES}
    everything = set().union(*said.values())
    missing = {language: sorted(everything - names) for language, names in said.items()}
    assert missing == {language: [] for language in LANGUAGES}


@pytest.mark.parametrize("room", ROOMS)
def test_both_languages_use_the_same_figures(room: str) -> None:
    first, *others = (messages(language, room) for language in LANGUAGES)
    differ = [name for other in others for name in first if name in other and first[name] != other[name]]
    assert differ == []


def test_no_text_stands_in_two_rooms() -> None:
    places: dict[str, list[str]] = {}
    for room in ROOMS:
        for name in messages(LANGUAGES[0], room):
            places.setdefault(name, []).append(room)
    assert {name: rooms for name, rooms in places.items() if len(rooms) > 1} == {}


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_text_that_the_code_asks_for_exists(path: Path) -> None:
    known = every_id(LANGUAGES[0])
    missing = []
    for match in CALL.finditer(path.read_text("utf-8")):
        formatted, quote, name = match.groups()
        goes_on = path.read_text("utf-8")[match.end() : match.end() + 1] != quote
        if name.endswith("-") or (goes_on and (formatted or quote == "`")):
            if not any(other.startswith(name) for other in known):
                missing.append(f"{name}…")
        elif not goes_on and "-" in name and name not in known:
            missing.append(name)
    assert missing == []


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_chinese_text_stands_outside_the_catalogues(path: Path) -> None:
    if "demo" in path.parts:
        pytest.skip("the demonstration company's own data")
    lines = NAMES_OF_LANGUAGES.sub("", path.read_text("utf-8")).splitlines()
    assert [f"{number}: {line.strip()}" for number, line in enumerate(lines, 1) if CJK.search(line)] == []
