"""What applying operations depends on, without the rest of the server's settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from server.sync.ledgers.seal import Sealer


def believed(_wall: datetime) -> None:
    """A clock that nobody doubts."""


@dataclass(frozen=True)
class Company:
    """`timezone` an IANA name, `currency` an ISO 4217 code; `sealer` seals the documents that are written. `doubt` says
    of what the server's clock shows how late it can be at most, None where the clock is believed."""

    sealer: Sealer
    timezone: str = "Asia/Shanghai"
    currency: str = "CNY"
    doubt: Callable[[datetime], datetime | None] = believed

    @property
    def zone(self) -> ZoneInfo:
        """The company's time zone."""
        return ZoneInfo(self.timezone)
