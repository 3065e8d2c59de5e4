"""What pages and code name is there: pages, files, tests; and the contract names every operation in its true shape."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from server.documents.work_order.registry import REGISTRY
from server.sync.ledgers.kinds import OF_NO_DOCUMENT
from tools import schema

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md"), ROOT / "benchmarks" / "README.md"])
SOURCES = sorted(
    path
    for room, endings in (("server", ".py"), ("pwa", ".py .js .html"), ("tests", ".py .json"), ("tools", ".py"))
    for path in (ROOT / room).rglob("*.*")
    if path.suffix in endings.split() and "vendor" not in path.parts
)
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
NAMED_FILE = re.compile(r"`((?:server|tests|docs|pwa|tools|benchmarks)/[\w./-]*[\w/])(?:::(\w+))?`")
NAMED_PAGE = re.compile(r"(?<![\w/.-])([a-z][a-z-]*\.md)\b")
# Decisions and the changelog say what was so on their day, and the design what is not there yet.
OF_THEIR_DAY = {"decisions", "design", "CHANGELOG.md"}


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def of_its_day(page: Path) -> bool:
    return bool(OF_THEIR_DAY & set(page.relative_to(ROOT).parts)) and page.name != "README.md"


@cache
def functions(file: Path) -> frozenset[str]:
    """The names of all functions and classes of a Python file."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return frozenset(node.name for node in ast.walk(ast.parse(text_of(file))) if isinstance(node, kinds))


def test_every_link_of_a_page_leads_somewhere() -> None:
    links = [(page, link) for page in PAGES for link in LINK.findall(text_of(page))]
    assert len(links) > 100
    assert [f"{page.relative_to(ROOT)}: {link}" for page, link in links if not (page.parent / link).exists()] == []


def test_every_file_and_test_that_a_page_names_is_there() -> None:
    named = [
        (page, file, test) for page in PAGES if not of_its_day(page) for file, test in NAMED_FILE.findall(text_of(page))
    ]
    assert len(named) > 300
    assert [
        f"{page.relative_to(ROOT)}: {file}::{test}"
        for page, file, test in named
        if not (ROOT / file).exists() or (test and test not in functions(ROOT / file))
    ] == []


def test_every_page_that_code_names_is_one_page_of_ours() -> None:
    pages = [page.name for page in DOCS.rglob("*.md") if "decisions" not in page.parts and page.name != "README.md"]
    named = [(path, name) for path in SOURCES for name in NAMED_PAGE.findall(text_of(path))]
    assert len(named) > 40
    assert [f"{path.relative_to(ROOT)}: {name}" for path, name in named if pages.count(name) != 1] == []


def test_the_picture_of_the_tables_is_what_the_models_say() -> None:
    assert text_of(schema.PICTURE) == schema.picture()  # make schema


def inside(text: str, at: int) -> str:
    """What stands between the brace at `at` and the one that closes it."""
    depth = 0
    for end in range(at, len(text)):
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        if depth == 0:
            return text[at + 1 : end]
    raise AssertionError(text[at : at + 60])


def top_level(text: str) -> dict[str, bool]:
    """The names at the first level of an object's shape, and whether each may be absent."""
    flat, depth = "", 0
    for sign in text:
        depth -= sign in "}]"
        flat += sign if depth == 0 else ""
        depth += sign in "{["
    return {name: absent == "?" for name, absent in re.findall(r'(?<!: )(?<!\| )"(\w+)"(\??)', flat)}


def shapes() -> dict[str, dict[str, bool]]:
    """The shape of each operation's data, as the contract has it."""
    page = text_of(DOCS / "contract" / "work-orders.md")
    block = page[page.index("## Shapes") :].split("```")[1]
    found = re.finditer(r"(?:^|(?<= ))([a-z]+\.[a-z]+(?:, [a-z]+\.[a-z]+)*) +(\{|as above)", block, re.MULTILINE)
    shape: dict[str, dict[str, bool]] = {}
    for hit in found:
        if hit[2] == "{":
            shape[hit[1]] = top_level(inside(block, hit.start(2)))
        else:  # labour.change, labour.remove as above
            shape |= {name: shape[name.replace("labour", "material")] for name in hit[1].split(", ")}
    return shape


@pytest.mark.parametrize("kind", sorted(REGISTRY))
def test_the_contract_has_the_true_shape_of(kind: str) -> None:
    fields = REGISTRY[kind].shape.fields.items()
    assert shapes()[kind] == {field.data_key or name: not field.required for name, field in fields}


def test_the_contract_names_every_kind_and_no_other() -> None:
    page = text_of(DOCS / "contract" / "work-orders.md")
    table = page[page.index("## Operations") : page.index("## Shapes")]
    named = set()
    for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE):
        kinds = re.findall(r"`([a-z]*\.[a-z_]+)`", row)
        named |= {kind if kind[0] != "." else kinds[0].split(".")[0] + kind for kind in kinds if "not built" not in row}
    assert named == REGISTRY.keys() | {"held.decide"}
    notes = text_of(DOCS / "protocol-notes.md")
    assert {kind for kind in OF_NO_DOCUMENT if f"`{kind}`" not in notes} == set()
