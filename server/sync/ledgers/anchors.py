"""Time anchors: tokens that nobody can know before the server has made them.

A line whose chain contains a token was written after the token's time: that is the proven lower bound of
evidence.md. A token is encrypted and authenticated, so it is opaque, unforgeable and unpredictable.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from cryptography.fernet import InvalidToken

from server.sync.ledgers.secrets import fernets_for

# No line comes in later: what every server takes for the time of a clock that was ahead.
NEVER: Final = datetime.max.replace(tzinfo=UTC)


class AnchorMint:
    """Makes anchor tokens under one secret; reads those of former ones too."""

    def __init__(self, secret: str, *former: str) -> None:
        self._fernet = fernets_for(secret, former, "anchor")

    def mint(self, now: datetime, in_doubt: bool = False) -> str:
        """A token that holds `now` to the microsecond; one that proves nothing while the server's clock is in doubt."""
        moment = NEVER if in_doubt else now.astimezone(UTC)
        return self._fernet.encrypt(moment.isoformat().encode()).decode()

    def read(self, token: str) -> datetime | None:
        """The server's time inside a token of ours; None for anything else."""
        try:
            return datetime.fromisoformat(self._fernet.decrypt(token.encode()).decode())
        except (InvalidToken, ValueError):
            return None
