"""Imports go downward: the rooms that decide something know nothing of Flask or of the rooms that use them."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PURE_OF_FLASK = ("sync", "documents", "paper", "evidence", "rules", "models")
ABOVE = ("server.api", "server.office", "server.commands.cli", "pwa")


def modules(room: str) -> list[str]:
    """The names of all modules of a room under server/."""
    found = []
    for path in sorted((ROOT / "server" / room).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if "migrations" not in parts:
            found.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return found


def test_the_core_loads_without_flask_and_without_the_edges() -> None:
    found = {room: modules(room) for room in PURE_OF_FLASK}
    assert all(found.values()), found
    names = [name for room in PURE_OF_FLASK for name in found[room]]
    program = "\n".join(
        (
            "import importlib, sys",
            f"for name in {names!r}: importlib.import_module(name)",
            f"edges = {ABOVE!r} + ('flask', 'apiflask', 'flask_sqlalchemy', 'werkzeug')",
            "print([n for n in sys.modules if any(n == edge or n.startswith(edge + '.') for edge in edges)])",
        )
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.strip() == "[]"


def test_every_room_of_the_server_has_its_place_in_the_fences() -> None:
    """What import-linter is told of (pyproject.toml) is all there is: a room without a place has no fence."""
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"][0]
    placed = {name for layer in contract["layers"] for name in re.split(r" [:|] ", layer)}
    rooms = {f"server.{path.stem}" for path in (ROOT / "server").iterdir() if path.suffix == ".py"}
    rooms |= {f"server.{path.name}" for path in (ROOT / "server").iterdir() if (path / "__init__.py").exists()}
    assert placed == rooms - {"server.__init__"}


APP = ROOT / "pwa" / "static" / "app"


def fences() -> dict[str, list[str]]:
    """The fences of .oxlintrc.json: room -> what may not be imported, and what may all the same."""
    found = json.loads((ROOT / ".oxlintrc.json").read_text("utf-8"))["overrides"]
    return {
        files.removeprefix("pwa/static/app/").removesuffix("/**").removesuffix("/*.js"): fence["rules"][
            "no-restricted-imports"
        ][1]["patterns"][0]["group"]
        for fence in found
        for files in fence["files"]
    }


def imported(room: str) -> Iterator[tuple[str, str]]:
    """Each module of a room of the phone, with each that it imports as written; a type that it names counts too."""
    for path in (APP / room).glob("*.js"):
        for name in re.findall(r'(?:from|import\(|import)\s*"(\.[^"]+)"', path.read_text("utf-8")):
            yield path.name, name


def is_fenced_off(name: str, group: list[str]) -> bool:
    """Whether a fence stands before what is imported: the last of its patterns that fits has the word."""
    for pattern in reversed(group):
        wanted = pattern.removeprefix("!")
        if name == wanted or (wanted.endswith("/**") and name.startswith(wanted[:-2])):
            return not pattern.startswith("!")
    return False


def test_every_room_of_the_phone_has_its_fence_and_no_exception_that_it_does_not_need() -> None:
    rooms = {path.parent.relative_to(APP).as_posix() for path in APP.rglob("*.js")}
    assert fences().keys() == rooms - {".", "shell"}
    used = {(room, name) for room in fences() for _, name in imported(room)}
    allowed = {(room, name[1:]) for room, group in fences().items() for name in group if name.startswith("!")}
    assert {each for each in allowed if not each[1].endswith("**")} - used == set()


def test_no_room_of_the_phone_imports_or_names_a_type_over_its_fence() -> None:
    """What oxlint says of imports holds for the types in comments, which it does not read."""
    over = {
        f"{room}/{module} -> {name}"
        for room, group in fences().items()
        for module, name in imported(room)
        if is_fenced_off(name, group)
    }
    assert over == set()


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


MIGRATIONS = ROOT / "server" / "models" / "migrations" / "versions"
# Both fill what today's search looks through, so they fold as it does: who changes the folding fills it anew in a
# migration of its own.
FOLD_AS_TODAY = {"20261130_telephones.py": {"server.rules.search"}, "20261130_words.py": {"server.rules.search"}}


def test_no_migration_needs_the_program_of_today() -> None:
    """What an old migration does must not change with the program: it has what it needs itself."""
    found = {}
    for path in sorted(MIGRATIONS.glob("*.py")):
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
        names = {"." * node.level + (node.module or "") for node in nodes if isinstance(node, ast.ImportFrom)}
        names |= {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        if own := {name for name in names if name.split(".")[0] in ("server", "")}:
            found[path.name] = own
    assert found == FOLD_AS_TODAY
