"""Time anchors: tokens that nobody can know before the server has made them.

A line whose chain contains a token was written after the token's time: that is the proven lower bound of
evidence.md. A token is encrypted and authenticated, so it is opaque, unforgeable and unpredictable.
"""

from __future__ import annotations

from copy import copy
from datetime import UTC, datetime
from typing import Final

from cryptography.fernet import InvalidToken

from server.sync.secrets import fernets_for

# Later than any clock: a line that bears such a token is taken, and nothing is proven by it.
NEVER: Final = datetime.max.replace(tzinfo=UTC)


class AnchorMint:
    """Makes anchor tokens under one secret; reads those of former ones too."""

    def __init__(self, secret: str, *former: str) -> None:
        self._fernet = fernets_for(secret, former, "anchor")
        self._in_doubt = False

    def in_doubt(self) -> AnchorMint:
        """The same, of a server that doubts its clock: what it makes holds NEVER."""
        made = copy(self)
        made._in_doubt = True
        return made

    def mint(self, now: datetime) -> str:
        """A token that holds `now` to the microsecond."""
        held = NEVER if self._in_doubt else now.astimezone(UTC)
        return self._fernet.encrypt(held.isoformat().encode()).decode()

    def read(self, token: str) -> datetime | None:
        """The server's time inside a token of ours; None for anything else."""
        try:
            return datetime.fromisoformat(self._fernet.decrypt(token.encode()).decode())
        except (InvalidToken, ValueError):
            return None
