"""The tables that an import knows, recognised by their headings in Chinese or English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from server.imports.vocabulary import vocabulary


@dataclass(frozen=True)
class Column:
    """A column by its name in the code, and every heading under which it is recognised."""

    name: str
    headings: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True)
class Table:
    """A kind of sheet. `supported`: false for a table that is recognised, and said not to be taken in."""

    name: str
    columns: tuple[Column, ...]
    supported: bool = True

    def match(self, headings: Sequence[str]) -> Mapping[str, int]:
        """Which of `headings` (plain, see `plain_heading`) is which column; the first of two alike counts."""
        places: dict[str, int] = {}
        for column in self.columns:
            known = {plain_heading(heading) for heading in column.headings}
            found = next((place for place, heading in enumerate(headings) if heading in known), None)
            if found is not None:
                places[column.name] = found
        return places

    def missing(self, places: Mapping[str, int]) -> list[Column]:
        """The required columns that `places` lacks."""
        return [column for column in self.columns if column.required and column.name not in places]


def plain_heading(heading: object) -> str:
    """A heading without what people write differently: width of letters, case, spaces, punctuation."""
    text = unicodedata.normalize("NFKC", "" if heading is None else str(heading)).lower()
    return re.sub(r"[\s_\-*:.]+", "", text)


def _table(name: str, *required: str, supported: bool = True) -> Table:
    """The table `name` with the columns that the vocabulary gives it."""
    columns = (
        Column(column, tuple(headings), column in required)
        for column, headings in vocabulary()["headings"][name].items()
    )
    return Table(name, tuple(columns), supported)


CUSTOMERS: Final = _table("customers", "number", "name")
SITES: Final = _table("sites", "number", "customer", "name")
ASSETS: Final = _table("assets", "number", "site", "name")
WORK_ORDERS: Final = _table("work_orders", "number", "reported_at", "customer", "site", "fault")
PARTS: Final = _table("parts", "number", "name", "unit", "unit_price")
WARRANTY_TERMS: Final = _table("warranty_terms", "category", "years", "starts")
CHECKLISTS: Final = _table("checklists", "item")
LANDSCAPING_PLANS: Final = _table("landscaping_plans", "name", "times", supported=False)

# In the order in which rows refer to one another: a site needs its customer to be known, and so on.
TABLES: Final = (
    CUSTOMERS,
    SITES,
    ASSETS,
    PARTS,
    WARRANTY_TERMS,
    CHECKLISTS,
    LANDSCAPING_PLANS,
    WORK_ORDERS,
)


def recognise(headings: Sequence[str]) -> tuple[Table, Mapping[str, int]] | None:
    """The table whose columns these headings name, and where they are.

    Of the tables with all their required columns the one with most columns; failing that, a table of which
    at least half of the columns are there: then a sentence can say what is missing.
    """
    matches = [(table, table.match(headings)) for table in TABLES]
    whole = [match for match in matches if not match[0].missing(match[1])]
    if whole:
        return max(whole, key=lambda match: len(match[1]))
    near = [(table, places) for table, places in matches if len(places) * 2 >= len(table.columns) and len(places) >= 2]
    return max(near, key=lambda match: len(match[1]), default=None)
