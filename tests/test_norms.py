"""The norms are all there, and what is said to meet a demand exists: its pages, its tests, and how many are met."""

from __future__ import annotations

import ast
import csv
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from server.application import create_app
from server.commands.cli import main
from server.settings import Settings

ROOT: Final = Path(__file__).resolve().parent.parent
NORMS: Final = ROOT / "docs" / "norms"
SCREENS: Final = ROOT / "pwa" / "static" / "app" / "shell" / "app.js"
COLUMNS: Final = ("id", "norm", "words", "demand", "kind", "reading", "page", "test")
OURS: Final = ("page", "test")
# How many demands each norm has: S01-01 to S01-27, and so on.
DEMANDS: Final = (27, 17, 30, 21, 16, 27, 26, 12, 23, 17, 20, 19, 24, 26, 1, 20, 24, 16, 46, 18, 47)
# What was given, which nobody here changes: the text, and the demands without the columns that are ours.
TEXT_AS_GIVEN: Final = "662585b7a1ee73633ba4dda91a67b90bd650fd3e259731ffdfd41dd867a6c4db"
DEMANDS_AS_GIVEN: Final = "87695422a5193a31a0634d4c01891b8343798310167e847f999e7d9f683c8279"


def table() -> tuple[list[str], list[dict[str, str]]]:
    """The columns of the file, and its rows."""
    with (NORMS / "requirements.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        rows = list(reader)
    return list(reader.fieldnames or ()), rows


HEAD, ROWS = table()
MET: Final = [row for row in ROWS if row["test"]]


def parts(cell: str) -> list[str]:
    """What a cell names."""
    return cell.split("; ") if cell else []


def test_every_demand_is_there_once_and_as_it_was_given() -> None:
    assert list(COLUMNS) == HEAD
    assert all(None not in row and None not in row.values() for row in ROWS), "a row is as long as the head"
    ids = [f"S{norm:02}-{each:02}" for norm, many in enumerate(DEMANDS, 1) for each in range(1, many + 1)]
    assert [row["id"] for row in ROWS] == ids and len(ids) == 477
    assert [row["norm"] for row in ROWS] == [identity[:3] for identity in ids]
    given = "\n".join("\t".join(row[name] for name in COLUMNS if name not in OURS) for row in ROWS)
    assert hashlib.sha256(given.encode()).hexdigest() == DEMANDS_AS_GIVEN
    text = (NORMS / "after-sales-norms.zh.txt").read_bytes()
    assert hashlib.sha256(text).hexdigest() == TEXT_AS_GIVEN


def test_where_it_is_met_is_said_exactly_where_a_test_proves_it() -> None:
    assert [row["id"] for row in ROWS if bool(row["page"]) != bool(row["test"])] == []
    for row in MET:
        for name in OURS:
            named = parts(row[name])
            assert len(set(named)) == len(named) and all(each == each.strip() != "" for each in named), row["id"]


@cache
def proofs_in(file: str) -> frozenset[str]:
    """The names of the tests in a file; none where there is no such file."""
    path = ROOT / file
    if not (path.is_file() and path.name.startswith("test_")):
        return frozenset()
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = [each.name for each in ast.parse(path.read_text("utf-8")).body if isinstance(each, functions)]
    return frozenset(name for name in found if name.startswith("test_"))


def test_every_test_that_is_named_exists() -> None:
    named = {(row["id"], test) for row in MET for test in parts(row["test"])}
    missing = []
    for identity, test in sorted(named):
        file, _, name = test.partition("::")
        if not file.startswith("tests/") or name not in proofs_in(file):
            missing.append(f"{identity}: {test}")
    assert missing == []


def screens() -> Iterator[str]:
    """The addresses of the phone's screens, as the app chooses among them."""
    program = SCREENS.read_text("utf-8")
    for name in re.findall(r'case "([\w-]+)":', program):
        yield f"#/{name}/<id>" if name == "orders" else f"#/{name}"
    of_an_order = re.search(r"const OF_AN_ORDER = \{([^}]*)\}", program)
    assert of_an_order is not None
    for name in re.findall(r"(\w+): \w+", of_an_order[1]):
        yield f"#/orders/<id>/{name}"


@pytest.fixture
def places(tmp_path: Path) -> frozenset[str]:
    """Every address of the server, with <id> for what varies, every screen of the phone and every command."""
    app = create_app(Settings.read({"UNDERCROFT_DATA": str(tmp_path)}))
    routes = {re.sub(r"<[^>]*>", "<id>", str(rule)) for rule in app.url_map.iter_rules()}
    return frozenset({*routes, *screens(), *(f"undercroft {name}" for name in main.commands)})


def test_every_page_that_is_named_exists(places: frozenset[str]) -> None:
    assert {"/office/orders/<id>", "/check/<id>/<id>", "#/orders/<id>/sign", "#/me", "undercroft load"} <= places
    missing = [f"{row['id']}: {page}" for row in MET for page in parts(row["page"]) if page not in places]
    assert missing == []


def test_the_page_counts_as_the_file_does() -> None:
    page = (NORMS / "README.md").read_text("utf-8")
    told = re.findall(r"^\| (S\d\d|all) \|.*\| (\d+) \| (\d+) \|$", page, re.MULTILINE)
    asked, met = Counter(row["norm"] for row in ROWS), Counter(row["norm"] for row in MET)
    counted = [(norm, str(asked[norm]), str(met[norm])) for norm in sorted(asked)]
    assert told == [*counted, ("all", str(len(ROWS)), str(len(MET)))]
