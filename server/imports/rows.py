"""What the rows of the known tables hold, after reading and judging them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True)
class Position:
    """Coordinates as they were entered; `datum` is WGS-84, GCJ-02, BD-09, or None where nobody said."""

    latitude: float
    longitude: float
    datum: str | None


@dataclass(frozen=True)
class CustomerRow:
    """A customer; `contract` is the id of a contract in the rule set, `warranty_card` held or lost."""

    number: str
    name: str
    category: str | None
    contact_name: str | None
    phone: str | None
    contract: str | None
    file_opened_on: date | None
    warranty_card: str | None


@dataclass(frozen=True)
class SiteRow:
    """A place of a customer (its number)."""

    number: str
    customer: str
    name: str
    address: str | None
    position: Position | None
    radius_m: float | None
    access: str | None


@dataclass(frozen=True)
class AssetRow:
    """An installed thing at a site (its number)."""

    number: str
    site: str
    name: str
    brand: str | None
    model: str | None
    serial: str | None
    warranty_category: str | None
    completed_on: date | None
    accepted_on: date | None


@dataclass(frozen=True)
class WorkOrderRow:
    """A reported fault. `assignees` are person ids."""

    number: str
    reported_at: datetime
    channel: str | None
    customer: str
    site: str
    asset: str | None
    fault: str
    requests: str | None
    contact_name: str | None
    phone: str | None
    priority: str
    window: tuple[datetime, datetime] | None
    assignees: tuple[str, ...]


@dataclass(frozen=True)
class PartRow:
    """A part; `unit_price` in minor units, `warehouse` what is in stock there (None: not said)."""

    number: str
    name: str
    unit: str
    unit_price: int
    warehouse: Decimal | None


@dataclass(frozen=True)
class TermRow:
    """A warranty term of whole months; `starts` says from when they count."""

    category: str
    months: int
    starts: Literal["acceptance", "day_after_acceptance"]
    norm: str | None


@dataclass(frozen=True)
class ChecklistItemRow:
    """An item of the checklist that the sheet is; `when` in a visit it is asked: `arrival`, `work` or `end`."""

    item: str
    area: str | None
    norm: str | None
    required: bool
    when: str | None = None
    translation: str | None = None


ParsedRow = CustomerRow | SiteRow | AssetRow | WorkOrderRow | PartRow | TermRow | ChecklistItemRow


@dataclass(frozen=True)
class KnownCustomer:
    """A customer that rows may refer to; `phone` and `contract` as in the file."""

    id: str
    phone: str | None
    contract: str | None = None


@dataclass(frozen=True)
class KnownSite:
    """A site and the number of its customer."""

    id: str
    customer: str


@dataclass(frozen=True)
class KnownAsset:
    """An asset and the number of its site."""

    id: str
    site: str


@dataclass(frozen=True)
class KnownPerson:
    """A person who may be assigned."""

    id: str
    username: str
    name: str
    role: str
    active: bool


@dataclass(frozen=True)
class Known:
    """What rows may refer to: everything in the database, each by its number.

    `contracts` maps what people call a contract, and its key, to the key.
    """

    customers: Mapping[str, KnownCustomer] = field(default_factory=dict)
    sites: Mapping[str, KnownSite] = field(default_factory=dict)
    assets: Mapping[str, KnownAsset] = field(default_factory=dict)
    people: tuple[KnownPerson, ...] = ()
    contracts: Mapping[str, str] = field(default_factory=dict)
