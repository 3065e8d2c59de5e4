"""The demonstration company on a real server of its own: a process, a port, a folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.demo.people import PASSWORD as PASSWORD

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-c", "from server.commands.cli import main; main()")
STOP_S = 40


def load_demo(folder: Path) -> None:
    """The demonstration company in `folder`, as `undercroft load-demo` makes it."""
    done = subprocess.run([*COMMAND, "load-demo"], cwd=ROOT, env=environment(folder), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """`undercroft serve` on what is in `folder`; gives its address, without a trailing slash."""
    log = (folder / "serve.log").open("w+")
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0"],
        cwd=ROOT,
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    )
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        found = re.search(r"http://\S+:\d+", said)
        assert found, said + (folder / "serve.log").read_text()
        yield found.group()
    finally:
        process.terminate()
        process.wait(STOP_S)
        log.close()


def environment(folder: Path) -> dict[str, str]:
    """The settings of that server; nothing of the surroundings' settings reaches it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("UNDERCROFT_")}
    return kept | {"UNDERCROFT_DATA": str(folder), "PYTHONUNBUFFERED": "1"}
