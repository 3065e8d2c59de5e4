"""`undercroft serve` as people run it: processes of their own, killed all at once in the end, or before."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Final

from server.settings import Settings
from tests.databases import environment

ROOT: Final = Path(__file__).resolve().parents[1]
COMMAND: Final = (sys.executable, "-c", "from server.commands.cli import main; main()", "serve", "--port", "0")
START_S: Final = 90
STOP_S: Final = 60


class RealServer:
    """A server on what `settings` name; `address` is where it listens, without a trailing slash."""

    def __init__(self, settings: Settings, command: Sequence[str] = COMMAND) -> None:
        self.address = ""
        self._command = command
        self._log = settings.data / "serve.log"
        # A server that is killed leaves its temporary files behind: they go with the data.
        temporary = settings.data / "tmp"
        temporary.mkdir(exist_ok=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("UNDERCROFT_")}
        self._environment = kept | environment(settings) | {"PYTHONUNBUFFERED": "1", "TMPDIR": str(temporary)}
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> RealServer:
        self.start()
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None,
                 _where: TracebackType | None) -> None:  # fmt: skip
        self.kill()

    def start(self) -> None:
        """Start it, and return once it listens, on a port of its own each time."""
        with self._log.open("a") as log:
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, env=self._environment, stdout=subprocess.PIPE, stderr=log, text=True,
                start_new_session=True,
            )  # fmt: skip
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], START_S)
        said = self._process.stdout.readline() if ready else ""
        found = re.search(r"http://\S+:\d+", said)
        if found is None:
            self.kill()
            raise AssertionError(f"no address in {said!r}\n{self._log.read_text()}")
        self.address = found.group()

    def kill(self) -> None:
        """kill -9 of all its processes."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.communicate(timeout=STOP_S)
            self._process = None

    def kill_worker(self, chosen: int) -> bool:
        """kill -9 of one of its worker processes, which it replaces; False where it has none just now."""
        assert self._process is not None
        answer = subprocess.run(["pgrep", "-P", str(self._process.pid)], capture_output=True, text=True)
        workers = sorted(map(int, answer.stdout.split()))
        if not workers:
            return False
        os.kill(workers[chosen % len(workers)], signal.SIGKILL)
        return True
