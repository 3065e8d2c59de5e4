"""What the edges need besides the database, put together once by create_app()."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from flask import current_app

from server.clock_witness import load
from server.disk import free_bytes
from server.photos import PhotoStore
from server.settings import Settings
from server.steady_clock import SteadyClock, Times
from server.sync.exchange.office_ledger import OfficePen
from server.sync.ledgers.anchors import AnchorMint
from server.sync.ledgers.office_keys import KeyVault
from server.sync.ledgers.seal import Sealer
from server.sync.store.company import Company


def utc_now() -> datetime:
    """The server's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Services:
    """The parts of one running server."""

    settings: Settings
    photos: PhotoStore
    anchors: AnchorMint
    vault: KeyVault
    sealer: Sealer
    now: Callable[[], datetime] = utc_now
    free_bytes: Callable[[Path], int] = free_bytes
    clock: SteadyClock = field(default_factory=lambda: SteadyClock(load))

    def times(self) -> Times:
        """What the clock says now, and what it is as far as can be trusted; to be called outside of any transaction."""
        return self.clock.times(self.now())

    @property
    def company(self) -> Company:
        """What applying operations depends on."""
        return Company(self.sealer, self.settings.timezone, self.settings.currency, self.clock.latest)

    @property
    def pen(self) -> OfficePen:
        """What `server.sync.exchange.office_ledger.write` needs."""
        return OfficePen(self.vault, self.anchors, self.company, self.now)


def services() -> Services:
    """The services of the current app; raises RuntimeError outside an app context."""
    found = current_app.extensions["undercroft"]
    assert isinstance(found, Services)
    return found
