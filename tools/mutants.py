"""Changes the server's rules one place at a time and sees whether a test notices (`make mutants`).

`python -m tools.mutants` goes on where it was: what a test has found stays found until its function changes; to begin
anew, remove the folder mutants/. Says by module what was found, and fails where a mutant stands that no test finds and
for which no reason is written down in tests/mutants.toml, or where a reason is for nothing any more.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tomllib
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Final

from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import walk_mutatable_files
from mutmut.utils.format_utils import (
    get_module_from_key,
    mangled_name_from_mutant_name,
    orig_function_and_class_names_from_key,
)

from tools.mutants_loop import EARLY, RESULTS, WANTED

ROOT: Final = Path(__file__).resolve().parents[1]
MUTANTS: Final = ROOT / "mutants"
REASONS: Final = ROOT / "tests" / "mutants.toml"
LOG: Final = MUTANTS / "run.log"
# A mutant that makes the tests wait for ever is noticed too.
FOUND: Final = frozenset({"killed", "timeout"})
PYTEST: Final = (sys.executable, "-m", "pytest", "--rootdir=.")
# What is called while modules are imported is tried again in processes that import anew, by these tests.
ANEW: Final = ("tests/server/documents", "tests/server/rules", "tests/server/evidence/test_vectors.py")


@dataclass(frozen=True)
class Reason:
    """Why mutants of a function stand: those that make one of `now` of the lines `was`, or any where no lines are
    named."""

    where: str
    was: str | None
    now: frozenset[str]
    why: str

    def fits(self, mutant: Mutant) -> bool:
        """Whether this mutant is one of them."""
        if self.where != mutant.where:
            return False
        return self.was is None or (self.was == mutant.lines[0] and mutant.lines[1] in self.now)


@dataclass(frozen=True)
class Mutant:
    """One change of one function, and what came of it, in mutmut's words."""

    name: str
    path: Path
    status: str

    @property
    def module(self) -> str:
        """The module that it changes."""
        return get_module_from_key(self.name)

    @property
    def where(self) -> str:
        """The function that it changes, with its module and class."""
        function, owner = orig_function_and_class_names_from_key(self.name)
        return ".".join(part for part in (self.module, owner, function) if part)

    @cached_property
    def lines(self) -> tuple[str, str]:
        """The lines as they are and as it makes them, without what they are indented by."""
        changed = get_diff_for_mutant(self.name, path=self.path).splitlines()[2:]
        was, now = ("\n".join(line[1:].strip() for line in changed if line[0] == sign) for sign in "-+")
        return was, now


def read_reasons(text: str) -> list[Reason]:
    """The reasons of a file; raises KeyError or ValueError for one that says too little."""
    reasons = []
    for each in tomllib.loads(text)["reason"]:
        now = [each["now"]] if isinstance(each.get("now"), str) else each.get("now", [])
        if ("was" in each) != bool(now) or not each["why"].strip():
            raise ValueError(f"{each['where']}: a reason names what it is about, and why")
        reasons.append(Reason(each["where"], each.get("was"), frozenset(now), each["why"]))
    return reasons


def without_reason(standing: Iterable[Mutant], reasons: list[Reason]) -> list[Mutant]:
    """Those for which no reason is written down."""
    return [mutant for mutant in standing if not any(reason.fits(mutant) for reason in reasons)]


def for_nothing(reasons: list[Reason], mutants: Iterable[Mutant]) -> list[str]:
    """What stands in the reasons and fits no mutant any more."""
    by_function: dict[str, list[Mutant]] = {}
    for mutant in mutants:
        by_function.setdefault(mutant.where, []).append(mutant)
    found = []
    for reason in reasons:
        there = by_function.get(reason.where, [])
        if not there:
            found.append(reason.where)
        elif reason.was is not None:
            made = {mutant.lines[1] for mutant in there if mutant.lines[0] == reason.was}
            found += [f"{reason.where}: {reason.was} -> {now}" for now in sorted(reason.now - made)]
    return found


def all_mutants() -> list[Mutant]:
    """Every mutant that there is, with what is known of it so far."""
    found = []
    for path in sorted(walk_mutatable_files()):
        data = SourceFileMutationData(path=path)
        data.load()
        found += [Mutant(name, path, status_by_exit_code[code]) for name, code in data.exit_code_by_key.items()]
    return found


def make_mutants() -> None:
    """Write the mutants of what has changed, in a process of their own: mutmut changes where modules come from."""
    made = (
        "from mutmut.__main__ import copy_also_copy_files, copy_src_dir, create_mutants; import os;"
        "os.makedirs('mutants', exist_ok=True); copy_src_dir(); copy_also_copy_files(); create_mutants(2)"
    )
    subprocess.run([sys.executable, "-c", made], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def run(wanted: list[Mutant], options: Namespace) -> None:
    """Try those of these that no test has found yet (mutants_loop.py)."""
    again = [mutant.name for mutant in wanted if mutant.status not in FOUND]
    if not again:
        return
    (MUTANTS / WANTED).write_text(
        json.dumps({"mutants": again, "children": options.children, "quick": options.quick, "most": options.most})
    )
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutmut"]
    # Without a terminal reporter, which would tell what thousands of forks see.
    command = [*PYTEST, "-s", "-p", "no:terminal", "-o", "addopts=--import-mode=importlib", "-p", "tools.mutants_loop",
               *settings["pytest_add_cli_args"], *settings["pytest_add_cli_args_test_selection"]]  # fmt: skip
    with LOG.open("w", encoding="utf-8") as log:
        done = subprocess.run(
            command, cwd=MUTANTS, env=os.environ | {"MUTANT_UNDER_TEST": "stats"}, stdout=log, stderr=log
        )
    take_in()
    if done.returncode != 0:
        sys.exit(f"the tests could not run; {LOG.relative_to(ROOT)} says why")


def take_in() -> None:
    """What was found, into mutmut's own files; also of a run that was broken off."""
    results = MUTANTS / RESULTS
    if not results.exists():
        return
    found = dict(json.loads(line) for line in results.read_text().splitlines())
    for path in walk_mutatable_files():
        data = SourceFileMutationData(path=path)
        data.load()
        data.exit_code_by_key |= {name: found[name] for name in data.exit_code_by_key.keys() & found.keys()}
        data.save()
    results.unlink()


def try_anew(mutants: list[Mutant]) -> None:
    """Try mutants of what is called at import, each in a process that imports it."""
    if not mutants:
        return
    early = set(json.loads((MUTANTS / EARLY).read_text()))
    for mutant in mutants:
        if mangled_name_from_mutant_name(mutant.name) not in early:
            continue
        command = [*PYTEST, "-x", "-q", "-p", "no:cacheprovider", *ANEW]
        environment = os.environ | {"MUTANT_UNDER_TEST": mutant.name}
        tried = subprocess.run(command, cwd=MUTANTS, env=environment, capture_output=True)
        data = SourceFileMutationData(path=mutant.path)
        data.load()
        # Tests that could not even be read (2) or found (4) have noticed it too.
        data.exit_code_by_key[mutant.name] = 1 if tried.returncode in (1, 2, 3, 4) else tried.returncode
        data.save()


def chosen(mutants: list[Mutant], options: Namespace) -> list[Mutant]:
    """Those that are asked for, module by module as they are named, or a sample of them that the seed draws."""
    wanted = {each.name: each for pattern in options.modules for each in mutants if fnmatchcase(each.module, pattern)}
    if options.sample is None:
        return list(wanted.values())
    # In the order of their names, which no file system changes.
    names = random.Random(options.seed).sample(sorted(wanted), options.sample)
    return [wanted[name] for name in names]


def tell(mutants: list[Mutant], reasons: list[Reason]) -> list[Mutant]:
    """Print by module what came of it; returns those that stand without a reason."""
    print(
        f"{'module':<40} {'mutants':>8} {'run':>6} {'found':>6} {'timeout':>8} {'no test':>8} {'reason':>7} {'left':>5}"
    )
    left = []
    for module in sorted({mutant.module for mutant in mutants}):
        there = [mutant for mutant in mutants if mutant.module == module]
        count = Counter(mutant.status for mutant in there)
        standing = [mutant for mutant in there if mutant.status not in FOUND | {"not checked"}]
        unexplained = without_reason(standing, reasons)
        left += unexplained
        done = len(there) - count["not checked"]
        explained = len(standing) - len(unexplained)
        figures = (len(there), done, count["killed"], count["timeout"], count["no tests"], explained, len(unexplained))
        print(f"{module:<40}", *(f"{figure:>8}" for figure in figures))
    for mutant in left:
        print(f"\n{mutant.status}: {mutant.name}\n- {mutant.lines[0]}\n+ {mutant.lines[1]}")
    return left


def main() -> int:
    """Try them, and say what stands."""
    parser = ArgumentParser(prog="python -m tools.mutants")
    parser.add_argument("modules", nargs="*", help="patterns of modules, server.sync.* say")
    parser.add_argument("--sample", type=int, help="how many of them, drawn at random")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--children", type=int, default=2)
    parser.add_argument("--quick", action="store_true", help="only by tests without a database")
    parser.add_argument("--most", type=int, help="how many tests a mutant gets at most: more are left than stand")
    parser.add_argument("--tell", action="store_true", help="only say what the last runs have found")
    options = parser.parse_args()
    options.modules = options.modules or ["*"]
    os.chdir(ROOT)
    reasons = read_reasons(REASONS.read_text(encoding="utf-8"))
    if not options.tell:
        make_mutants()
        if options.sample is not None:
            print(f"seed {options.seed}")
        take_in()
        wanted = chosen(all_mutants(), options)
        run(wanted, options)
        names = set() if options.quick else {mutant.name for mutant in wanted}
        try_anew([mutant for mutant in all_mutants() if mutant.name in names and mutant.status not in FOUND])
    found = all_mutants()
    wanted = chosen(found, options)
    left = tell(wanted, reasons)
    stale = for_nothing(reasons, found)
    for each in stale:
        print(f"\na reason for nothing: {each}")
    return 1 if left or stale else 0


if __name__ == "__main__":
    sys.exit(main())
