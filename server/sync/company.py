"""What applying operations depends on, without the rest of the server's settings."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from server.sync.seal import Sealer


@dataclass(frozen=True)
class Company:
    """`timezone` an IANA name, `currency` an ISO 4217 code; `sealer` seals the documents that are written."""

    sealer: Sealer
    timezone: str = "Asia/Shanghai"
    currency: str = "CNY"

    @property
    def zone(self) -> ZoneInfo:
        """The company's time zone."""
        return ZoneInfo(self.timezone)
