"""Kinds of operations that are about no work order, and those that no file brings."""

from __future__ import annotations

from typing import Final

from server.documents.work_order.registry import REGISTRY

DECIDES: Final = "held.decide"
REVOKES: Final = "device.revoke"
CLAIMS: Final = "ledger.claim"
CLOSES: Final = "person.close"
OPENS: Final = "person.open"
ENDS_SESSIONS: Final = "person.end_sessions"
NEW_PASSWORD: Final = "person.password"
ADOPTS: Final = "person.adopt"
# What is written on the office's pages or in a session of one's own, and believed from no file, whoever brings it:
# the page where it is decided shows what it is about, a file does not.
OF_NO_ORDER: Final = frozenset({DECIDES, REVOKES, CLAIMS, CLOSES, OPENS, ENDS_SESSIONS, NEW_PASSWORD, ADOPTS})
NEVER_FROM_A_FILE: Final = OF_NO_ORDER | {name for name, kind in REGISTRY.items() if kind.who in ("office", "reviewer")}
