"""What goes wrong with the servers, drawn from the seed."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.races.random_run.company import Company
from tests.races.random_run.story import Story

LONGEST_QUIET_S: Final = 2.0


@dataclass
class Trouble:
    """Each kind comes in turn, in an order that is drawn anew each time round; `put_back` says from which moment to
    which the company forgot. `has_been` is set once each kind has come."""

    company: Company
    story: Story
    rng: random.Random
    restores: bool = True
    backup: tuple[Path, float] | None = None
    backups: int = 0
    put_back: list[tuple[float, float]] = field(default_factory=list)
    has_been: threading.Event = field(default_factory=threading.Event)

    def keep_going(self, until: threading.Event) -> None:
        """One after the other; when it ends all servers are up."""
        while not until.is_set():
            for what in self._round():
                until.wait(self.rng.uniform(0, LONGEST_QUIET_S))
                if until.is_set():
                    return
                getattr(self, f"_{what}")()
            self.has_been.set()

    def _round(self) -> list[str]:
        kinds = ["worker", "server", "worker"] + (["sessions", "sessions"] if self.company.on_postgresql else [])
        self.rng.shuffle(kinds)
        if self.restores:
            kinds.insert(0, "back_up")
            kinds.insert(self.rng.randint(2, len(kinds)), "restore")
        return kinds

    def _tell(self, what: str, about: str = "") -> None:
        self.story.tell("trouble", what, about)

    def _worker(self) -> None:
        which = self.rng.randrange(self.company.servers)
        if self.company.kill_worker(which, self.rng.randrange(8)):
            self._tell("kill of a worker", str(which))

    def _server(self) -> None:
        which = self.rng.randrange(self.company.servers)
        self.company.kill(which)
        self._tell("kill of a server", str(which))
        self.company.start(which)
        self._tell("start", str(which))

    def _sessions(self) -> None:
        ended = self.company.end_sessions(self.rng.uniform(0, 1))
        self._tell("end of sessions", str(ended))

    def _back_up(self) -> None:
        began = time.monotonic()
        self.backups += 1
        self.backup = self.company.back_up(str(self.backups)), began
        self._tell("backup", str(self.backups))

    def _restore(self) -> None:
        assert self.backup is not None
        file, taken = self.backup
        self.company.restore(file)
        self.put_back.append((taken, time.monotonic()))
        self._tell("restore", file.name)
        self.company.start_all()

    def forgot(self, moment: float) -> bool:
        """Whether what was written only at the server at this moment may be gone."""
        return any(taken <= moment <= restored for taken, restored in self.put_back)
