"""The pages for people name every reason for which a file is refused, and no other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from server.problems import CATALOGUE

ROOT: Final = Path(__file__).resolve().parents[2]
OPERATE: Final = (ROOT / "docs" / "operate.md").read_text("utf-8")
NOTES: Final = (ROOT / "docs" / "protocol-notes.md").read_text("utf-8")
EXPORTS: Final = {code for code in CATALOGUE if code.startswith("export_")}
# Of the file that waits for its person, beside what taking it in is refused with.
PARKED: Final = {"busy", "disk_full"}


def table(heading: str) -> list[str]:
    """The codes in the first column of the table of refusals under a heading of operate.md."""
    section = OPERATE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = section.split("| refused as | when |\n|---|---|\n")[1].split("\n\n")[0].splitlines()
    return [code for row in rows for code in re.findall(r"`(\w+)`", row.split("|")[1])]


def raised(name: str, *folders: str) -> set[str]:
    """The codes with which the modules of these folders raise an error of this name."""
    texts = [file.read_text("utf-8") for folder in folders for file in (ROOT / "server" / folder).rglob("*.py")]
    return {code for text in texts for code in re.findall(rf'{name}\(\s*"(\w+)"', text)}


def test_every_reason_to_refuse_an_export_file_is_told() -> None:
    told = table("Export files")
    assert len(told) == len(set(told))
    assert set(told) == EXPORTS | PARKED
    of_files = raised("Problem", "export_files")
    assert of_files | raised("Problem", "sync", "office") & EXPORTS == EXPORTS | PARKED


def test_every_reason_to_refuse_a_backup_is_told() -> None:
    told = table("Backup, restore, check")
    catalogue = (ROOT / "pwa" / "static" / "language" / "en" / "cli.ftl").read_text("utf-8")
    sentences = {
        code.replace("-", "_") for code in re.findall(r"^restore-problem-([a-z-]+) =", catalogue, re.MULTILINE)
    }
    assert len(told) == len(set(told))
    assert set(told) == sentences
    assert raised("BadBackup", "keeping") <= sentences


def test_the_protocols_notes_name_every_reason_that_a_program_can_get() -> None:
    (line,) = re.findall(r"^- Refused, with nothing taken in: .*$", NOTES, re.MULTILINE)
    assert set(re.findall(r"`(export_\w+)`", line)) == EXPORTS - {"export_not_kept"}
