"""Imports go downward: the rooms that decide something know nothing of Flask or of the rooms that use them."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PURE_OF_FLASK = ("sync", "work", "evidence", "rules", "models")
ABOVE = ("server.api", "server.office", "server.cli", "pwa")
ORDER = ("api", "office", "sync", "work", "evidence", "rules", "models")
"""The rooms from the top down; a room may use those after it (api and office stand side by side)."""


def modules(room: str) -> list[str]:
    """The names of all modules of a room under server/."""
    found = []
    for path in sorted((ROOT / "server" / room).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if "migrations" not in parts:
            found.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return found


def test_the_core_loads_without_flask_and_without_the_edges() -> None:
    names = [name for room in PURE_OF_FLASK for name in modules(room)]
    program = "\n".join(
        (
            "import importlib, sys",
            # Reading server/__init__.py would load the whole application, which is the edge itself.
            "package = type(sys)('server')",
            f"package.__path__ = [{str(ROOT / 'server')!r}]",
            "sys.modules['server'] = package",
            f"for name in {names!r}: importlib.import_module(name)",
            f"edges = {ABOVE!r} + ('flask', 'apiflask', 'flask_sqlalchemy', 'werkzeug')",
            "print([n for n in sys.modules if any(n == edge or n.startswith(edge + '.') for edge in edges)])",
        )
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.strip() == "[]"


@pytest.mark.parametrize("room", ORDER[2:])
def test_no_room_imports_one_that_stands_above_it(room: str) -> None:
    above = ORDER[: ORDER.index(room)]
    wrong = [
        f"{name} imports {imported}"
        for name in modules(room)
        for imported in imports_of(name)
        if any(imported == f"server.{upper}" or imported.startswith(f"server.{upper}.") for upper in above)
    ]
    assert wrong == []


def imports_of(module: str) -> set[str]:
    """The names that a module imports, as written, with `from a import b` also as `a.b`."""
    path = ROOT / Path(*module.split("."))
    source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    found: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{module} uses a relative import"
            found.update((node.module, *(f"{node.module}.{alias.name}" for alias in node.names)))
    return found


def test_no_two_modules_need_each_other() -> None:
    """Also where an import stands in a function, or is there for types alone."""
    root = ROOT / "server"
    every = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in root.rglob("*.py")
        if "migrations" not in path.parts
    }
    needs = {}
    for name in every:
        meant = imports_of(name) & every
        # Who takes a module out of a package does not need what the package's own file gathers for others.
        needs[name] = {other for other in meant if not any(each.startswith(f"{other}.") for each in meant)} - {name}
    assert [circle for circle in _circles(needs) if len(circle) > 1] == []


def _circles(needs: dict[str, set[str]]) -> list[list[str]]:
    """The groups of modules of which each reaches each other (Tarjan)."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        order[name] = lowest[name] = len(order)
        stack.append(name)
        for other in sorted(needs[name]):
            if other not in order:
                visit(other)
                lowest[name] = min(lowest[name], lowest[other])
            elif other in stack:
                lowest[name] = min(lowest[name], order[other])
        if lowest[name] == order[name]:
            at = stack.index(name)
            found.append(sorted(stack[at:]))
            del stack[at:]

    for name in sorted(needs):
        if name not in order:
            visit(name)
    return found
