"""What a page says of one event of an order's story."""

from __future__ import annotations

from dataclasses import dataclass, field

from server.office.orders.story import Side


@dataclass(frozen=True)
class Chip:
    """A small mark: tone (a colour of the tokens), icon and word."""

    tone: str
    icon: str
    word: str


@dataclass
class Told:
    """An event for the page: `title` stands out, `rest` follows it, `lines` stand under it.

    `until` is empty where it all happened within a minute.
    """

    at: str
    iso: str
    side: Side
    title: str
    until: str = ""
    until_iso: str = ""
    rest: str = ""
    lines: list[str] = field(default_factory=list)
    chips: list[Chip] = field(default_factory=list)
