"""An operation as the functions of this room see it, and what they answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, Protocol

from server.evidence.time_bounds import TimeBounds

# A document's body, and the parts of it: JSON, in the shapes of work-orders.md.
Body = dict[str, Any]
Relation = Literal["assignee", "former", "opener", "admitted", "office", "none"]
Status = Literal["applied", "merged", "conflict"]


class Merged(Protocol):
    """How two edits of one value met: which result, and the value that stands."""

    @property
    def result(self) -> Status: ...

    @property
    def value(self) -> Any: ...  # Any: JSON


# (was, now, current) -> Merged: how edits meet is the sync room's rule and is handed down with the operation.
Merge = Callable[[Any, Any, Any], Merged]

FIELD_RELATIONS: Final = frozenset({"assignee", "former", "opener", "admitted"})


@dataclass(frozen=True)
class Actor:
    """Who wrote the operation: `relation` is theirs to this work order, `admitted` where a supervisor let in what
    somebody recorded whose it never was."""

    id: str
    role: str
    relation: Relation
    device: str

    @property
    def of_office(self) -> bool:
        """Whether the office's rights are theirs."""
        return self.relation == "office"


@dataclass(frozen=True)
class Operation:
    """One operation with everything that applying it needs.

    `bounds` is when it was written (evidence.md, "When"), `at` its best instant (RFC 3339, UTC); `inputs` is
    what was looked up for it and is kept in the journal, so that applying again needs nothing else. `wall` is
    what the device's own clock said.
    `version` is the document's version that this operation will make.
    """

    id: str
    kind: str
    target: str
    data: dict[str, Any]  # Any: validated by work.shapes for this kind
    actor: Actor
    seen: int | None
    at: str
    wall: datetime
    bounds: TimeBounds
    version: int
    merge: Merge
    inputs: dict[str, Any] = field(default_factory=dict)  # Any: JSON

    @property
    def time(self) -> dict[str, object]:
        """The bounds as documents hold them."""
        return self.bounds.as_json()


@dataclass
class Result:
    """What came of it. `changed` is False where the document stays as it was."""

    status: Status = "applied"
    detail: dict[str, Any] = field(default_factory=dict)  # Any: figures for the outcome, JSON
    changed: bool = True

    def joined(self, other: Result) -> Result:
        """The worse of two, with the details of both."""
        worse = max(self.status, other.status, key=("applied", "merged", "conflict").index)
        return Result(worse, self.detail | other.detail, self.changed or other.changed)


class Held(Exception):
    """The operation cannot be applied: `reason` is one of the protocol's, `detail` the figures."""

    def __init__(self, reason: str, **detail: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


Handler = Callable[[Body, Operation], Result]
