"""The outcome of one operation, as the protocol gives it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """`status`: applied, merged, conflict or held (then with `reason`); `document` names what was changed."""

    id: str | None
    seq: int
    status: str
    repeated: bool = False
    document: dict[str, Any] | None = None  # Any: {"type", "id", "version"}
    reason: str | None = None
    detail: dict[str, Any] = field(default_factory=dict)  # Any: JSON

    def as_json(self) -> dict[str, Any]:  # Any: JSON
        """As in the answer of an exchange."""
        return {
            "id": self.id,
            "seq": self.seq,
            "status": self.status,
            "repeated": self.repeated,
            "document": self.document,
            "reason": self.reason,
            "detail": self.detail,
        }
