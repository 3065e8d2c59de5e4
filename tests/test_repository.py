"""What is committed stands by itself: no machine's paths, no registry's address, libraries as they were pinned."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from tools import vendor

ROOT = Path(__file__).resolve().parent.parent
MADE = {".git", ".venv", "node_modules", "data", "mutants", "__pycache__"}
# Written without their dots and slashes, so that this file does not contain what it looks for.
MACHINE_PATHS = re.compile(r"(?<![\w.~-])/(?:root|work|home)/\w")
LONGEST = 120
REGISTRIES = re.compile("registry[.]npmjs|pypi[.]org|pythonhosted[.]|npmmirror[.]")


def committed() -> list[Path]:
    """Every text file of the project: what git holds or would hold, or all files where this is no clone."""
    answer = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if answer.returncode == 0:
        paths = [ROOT / name for name in answer.stdout.split("\0") if name]
    else:
        paths = [path for path in ROOT.rglob("*") if not MADE.intersection(path.relative_to(ROOT).parts)]
    return [path for path in paths if path.is_file()]


def text_of(path: Path) -> str:
    """The file's text; empty for one that is no text."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return ""


@pytest.mark.parametrize("pattern", [MACHINE_PATHS, REGISTRIES], ids=["a machine's paths", "a registry's host"])
def test_the_repository_names_no(pattern: re.Pattern[str]) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}" for path in committed() if (match := pattern.search(text_of(path)))
    ]
    assert found == []


def test_no_line_of_our_javascript_is_longer_than_a_screen() -> None:
    """prettier leaves what stands in comments and in the text of templates; only an address may not be broken."""
    scripts = [path for path in committed() if path.suffix == ".js" and "vendor" not in path.parts]
    assert len(scripts) > 150
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in scripts
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if len(line) > LONGEST and not re.search(r"https?://\S+$", line)
    ]
    assert found == []


def test_the_browser_libraries_are_the_ones_that_were_pinned() -> None:
    assert vendor.check() == []


def test_a_changed_library_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "licences").mkdir()
    (tmp_path / "licences" / "idb.txt").write_text("ISC")
    (tmp_path / "idb.js").write_text("export const openDB = 1;")
    entry = {"name": "idb", "file": "idb.js", "sha256": vendor.sha256(tmp_path / "idb.js")}
    (tmp_path / "vendor.json").write_text(json.dumps([entry]))
    monkeypatch.setattr(vendor, "VENDOR", tmp_path)
    assert vendor.check() == []
    (tmp_path / "idb.js").write_text("export const openDB = 2;")
    (tmp_path / "other.js").write_text("")
    assert vendor.check() == ["other.js is not in vendor.json", "idb.js differs from the hash in vendor.json"]


def test_the_package_lock_pins_the_libraries_that_are_vendored() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    versions = {entry["name"]: entry["version"] for entry in vendor.read_list()}
    assert versions == {name: lock[f"node_modules/{name}"]["version"] for name in versions}
