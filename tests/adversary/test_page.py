"""docs/adversary.md says what the tests show: every attack, with the result that its test has."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.adversary.results import RESULTS

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "adversary.md"
ROW = re.compile(r"^\|[^|]+\| ([a-z ]+) \|[^|]+\| `(test_\w+)` \|$", re.MULTILINE)


def on_the_page() -> dict[tuple[str, str], str]:
    """Every row's result, by the file that its section names and its test."""
    found = {}
    for section in re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE):
        file = re.search(r"^.*Tests: \[(\w+\.py)\]\(\.\./tests/adversary/(\w+\.py)\)$", section, re.MULTILINE)
        if file is not None:
            assert file[1] == file[2]
        for told, test in ROW.findall(section):
            assert file is not None, test
            found[file[1], test] = told
    return found


def in_the_tests() -> dict[tuple[str, str], str | None]:
    """Every test's result, by its file and name; None where it says none."""
    return {
        (file.name, test.name): _said(test)
        for file in sorted(HERE.glob("test_*.py"))
        if file != Path(__file__)
        for test in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(test, ast.FunctionDef) and test.name.startswith("test_")
    }


def _said(test: ast.FunctionDef) -> str | None:
    for mark in test.decorator_list:
        match mark:
            case ast.Call(func=ast.Name("result"), args=[ast.Constant(str(told))]):
                return told
    return None


def test_every_attack_is_on_the_page_with_the_result_of_its_test() -> None:
    page, tests = on_the_page(), in_the_tests()
    assert page == tests
    assert set(page.values()) == set(RESULTS)


def test_no_row_is_passed_over() -> None:
    mentioned = re.findall(r"`test_\w+`", PAGE.read_text(encoding="utf-8"))
    assert len(mentioned) == len(set(mentioned)) == len(on_the_page())


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)]+)\)", PAGE.read_text(encoding="utf-8")))
def test_every_link_leads_somewhere(link: str) -> None:
    text = PAGE.read_text(encoding="utf-8")
    headings = [
        re.sub(r"[^\w -]", "", line[3:]).lower().replace(" ", "-")
        for line in text.splitlines()
        if line.startswith("## ")
    ]
    assert link[1:] in headings if link.startswith("#") else (PAGE.parent / link).exists()
