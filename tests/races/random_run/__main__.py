"""`python -m tests.races.random_run`: runs, each of a company of its own, one after the other, until time is over."""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.databases import Databases, PostgresqlDatabases, SqliteDatabases
from tests.postgresql import postgresql
from tests.races.random_run.run import Wish, run
from tests.races.random_run.story import Wrong

ONE_RUN_S: Final = 60
SHORTEST_S: Final = 10


def main() -> int:
    """The exit code: 1 where something did not hold."""
    asked = _asked()
    began, figures = time.monotonic(), Counter[str]()
    with tempfile.TemporaryDirectory(prefix="undercroft-run-") as folder, databases(asked.database, folder) as made:
        for seed in range(asked.seed, asked.seed + asked.runs if asked.runs else sys.maxsize):
            left = began + asked.seconds - time.monotonic()
            if left <= 0:
                break
            wish = Wish(
                seed,
                max(min(left, ONE_RUN_S), SHORTEST_S),
                asked.servers,
                asked.clients,
                not asked.no_restores,
                asked.fault,
            )
            try:
                done = run(made, Path(folder) / str(seed), wish)
            except Wrong as wrong:
                print(wrong)
                return 1
            figures.update(done.counts)
            figures.update({"runs": 1, "lines": done.lines, "orders": done.orders, "in part": done.in_part})
            print(f"{seed}: {done.seconds:.0f} s, {done.lines} lines, {done.orders} orders, {done.in_part} in part")
    print(json.dumps(_machine(asked, time.monotonic() - began) | dict(sorted(figures.items())), ensure_ascii=False))
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.races.random_run", description=__doc__)
    chosen = random.randrange(2**31)
    parser.add_argument("--seed", type=int, default=chosen, help="of the first run; the next has one more")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--runs", type=int, default=0, help="at most so many")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument("--servers", type=int, default=2, help="on PostgreSQL")
    parser.add_argument("--clients", type=int, default=10, help="phones, two of each technician")
    parser.add_argument("--no-restores", action="store_true")
    parser.add_argument("--fault", help="one of planted.py")
    return parser.parse_args()


@contextmanager
def databases(kind: str, folder: str) -> Iterator[Databases]:
    """Databases of this kind, as the tests have them."""
    (Path(folder) / "migrated").mkdir()
    if kind == "sqlite":
        yield SqliteDatabases(Path(folder) / "migrated")
        return
    with postgresql() as address:
        made = PostgresqlDatabases(Path(folder) / "migrated", address)
        yield made
        made.close()


def _machine(asked: argparse.Namespace, seconds: float) -> dict[str, object]:
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "seconds": round(seconds)}
    return {"database": asked.database, "seed": asked.seed, "clients": asked.clients} | machine


if __name__ == "__main__":
    sys.exit(main())
