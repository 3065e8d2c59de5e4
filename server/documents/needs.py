"""What an operation needs to know beside its document, as keys: no SQL, so that a batch's can be read together.

What is found under a key is said at each; `sync/` reads it (server.sync.store.finding), the type makes of it what goes
to the journal beside the line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from server.documents.operation import Actor, Body
from server.documents.recalled import recalled_body
from server.evidence.time_bounds import TimeBounds


@dataclass(frozen=True)
class Asked:
    """An operation before it is applied. `people`: who they are now whose former ids the data names; `seal_fits` says
    of a seal, a version and a body whether this server had sealed that as this document."""

    kind: str
    target: str
    data: dict[str, Any]  # Any: validated JSON, with today's ids of people
    body: Body
    actor: Actor
    bounds: TimeBounds
    timezone: str
    currency: str
    people: Mapping[str, str]
    seal_fits: Callable[[str, int, Body], bool]

    @property
    def at(self) -> datetime:
        """When it was written, as far as that is known."""
        return self.bounds.best

    @cached_property
    def sealed(self) -> Body | None:
        """Of a recall: the body that it gives back, where this server had sealed it; None otherwise. Judged once."""
        offered = recalled_body(self.data)
        fits = offered is not None and self.seal_fits(self.data["seal"], self.data["version"], offered)
        return offered if fits else None

    @property
    def zone(self) -> ZoneInfo:
        """The company's time zone."""
        return ZoneInfo(self.timezone)


@dataclass(frozen=True)
class OnFile:
    """A row of the customer's file: its columns by name, or None. `room`: customer, site or asset."""

    room: str
    id: str


@dataclass(frozen=True)
class SeenOn:
    """Whether the actor sees a document of this type whose face has `value` in `column`: bool."""

    column: str
    value: str


@dataclass(frozen=True)
class Latest:
    """The latest `most` documents of this type whose face has `value` in `column`, newest first by the column `by`: a
    list of (columns of the face by name, body)."""

    column: str
    value: str
    by: str
    most: int


@dataclass(frozen=True)
class OfCompany:
    """The company's documents of a type, by their ids: {id: body}."""

    type: str


@dataclass(frozen=True)
class ActiveTechnicians:
    """Those of these people who are technicians and active: a set of ids."""

    ids: frozenset[str]


@dataclass(frozen=True)
class Series:
    """Numbers that are counted under a name; `form` makes a number's text of the count ("WX2612-{:04}")."""

    counter: str
    form: str


@dataclass(frozen=True)
class FreeNumber:
    """A number for this document in its type: `wanted` where no other document has it, else the next of the series;
    None where there is no series to take one from."""

    wanted: str | None
    otherwise: Series | None


@dataclass(frozen=True)
class Content:
    """A photo's content, as far as this person may draw on it: the fields of a record of it, empty where the content is
    missing, and `with_facts` what it says of itself where it is stored (ImageFacts as JSON, else None)."""

    sha256: str
    person_id: str
    with_facts: bool = False


@dataclass(frozen=True)
class Sightings:
    """The actor's latest positions, oldest first, before them the latest with the same digits: a list of JSON."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class EditsOf:
    """Edits of this document by operations of this kind that changed `field`, newest first: an iterable of
    (change, whether its author is of the office, when it came in)."""

    kind: str
    field: str


@dataclass(frozen=True)
class FirstDrawn:
    """When the first signature with these strokes was drawn: a time, or None."""

    digest: str


Need = (
    OnFile | SeenOn | Latest | OfCompany | ActiveTechnicians | FreeNumber | Content | Sightings | EditsOf
    | FirstDrawn
)  # fmt: skip
Found = Mapping[Need, Any]  # Any: as said at each
