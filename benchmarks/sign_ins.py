"""150 wrong sign-ins at once against the real server: what its processes take at the most, before and after.

    .venv/bin/python -m benchmarks.sign_ins [how many at once]

Reads VmHWM of every process of the server (Linux), without that of the one that starts the others. Each sign-in comes
from an address and for a name of its own, so that none is refused for having tried too often.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests

from tests.browser.company import serving

ROUNDS = 3


def processes() -> dict[int, float]:
    """The server's working processes, each with the most memory that it has had resident, in MB."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (folder / "stat").exists():
            parents[int(folder.name)] = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
    arbiters = {pid for pid, parent in parents.items() if parent == os.getpid()}
    return {pid: _peak(pid) for pid, parent in parents.items() if parent in arbiters}


def _peak(pid: int) -> float:
    status = (Path("/proc") / str(pid) / "status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def main(at_once: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as address:

        def guess(n: int) -> int:
            sent = {"username": f"name {n}", "password": "a guess"}
            headers = {"X-Forwarded-For": f"192.0.2.{n % 250}"}
            return requests.post(f"{address}/office/sign-in", data=sent, headers=headers, timeout=60).status_code

        for n in range(8):
            guess(n)  # both processes have begun
        before = processes()
        statuses: Counter[int] = Counter()
        began = time.monotonic()
        with ThreadPoolExecutor(at_once) as threads:
            for _ in range(ROUNDS):
                statuses.update(threads.map(guess, range(at_once)))
        took = time.monotonic() - began
        after = processes()
    print(f"{ROUNDS} times {at_once} at once in {took:.1f} s; answers: {dict(statuses)}")
    for when, peaks in (("before", before), ("after", after)):
        print(f"{when}: {sum(peaks.values()):.0f} MB in {len(peaks)} processes, the most resident of each together")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 150)
