"""What happened in a run, kept in memory and told where something did not hold."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from typing import Final

KEPT: Final = 4000


class Story:
    """A log of actions, and how often each came; many threads write."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.counts: Counter[str] = Counter()
        self._told: deque[str] = deque(maxlen=KEPT)
        self._lock = threading.Lock()

    def tell(self, who: str, what: str, about: str = "") -> None:
        """`what` is counted, `about` is not."""
        with self._lock:
            self.counts[what] += 1
            self._told.append(f"{time.monotonic() - self.began:8.3f} {who}: {what} {about}".rstrip())

    def about(self, names: set[str]) -> list[str]:
        """The actions that name one of these, and all trouble."""
        with self._lock:
            return [line for line in self._told if " trouble: " in line or any(name in line for name in names)]


class Wrong(AssertionError):
    """What must hold does not; the text says all that is known."""
