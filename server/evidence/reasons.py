"""A reason for a verdict: a code and its figures; the sentence is `reason-<code>` in reasons.ftl."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

Figure = str | int | float | bool | None


@dataclass(frozen=True)
class Reason:
    """Why something is believed or not; `figures` are plain JSON values named with their units."""

    code: str
    figures: dict[str, Figure] = field(default_factory=dict)

    def as_json(self) -> dict[str, Figure]:
        """The reason as documents hold it: `{"code": …, …figures}`."""
        return {"code": self.code, **self.figures}


def utc_text(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds: "2026-11-24T01:14:03.120Z"."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
