"""Judging the rows of parts, warranty terms and checklists."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from server.imports.fields import RowReader
from server.imports.rows import ChecklistItemRow, Known, PartRow, TermRow
from server.imports.vocabulary import meanings, plain_word

MINOR_UNITS = 100
PRICE_LIMIT = Decimal(10) ** 10
TERM_LIMIT_YEARS = 100
MOMENTS = ("arrival", "work", "end")


def parse_part(row: RowReader, _known: Known) -> PartRow | None:
    """A part, or None where the row is refused. A price is exact in minor units or refused, never rounded."""
    number = row.number("number", limit=64)
    name = row.text("name", required=True, limit=256)
    unit = row.text("unit", required=True, limit=32)
    price = row.amount("unit_price")
    if price is not None and (price * MINOR_UNITS % 1 != 0 or price >= PRICE_LIMIT):
        row.refuse("unit_price", "price_impossible", value=row.shown("unit_price"))
    warehouse = row.decimal("warehouse")
    if warehouse is not None and warehouse < 0:
        row.notice("warehouse", "stock_negative", value=str(warehouse))
    if row.refused or number is None or name is None or unit is None or price is None:
        return None
    return PartRow(number, name, unit, int(price * MINOR_UNITS), warehouse)


def parse_term(row: RowReader, _known: Known) -> TermRow | None:
    """A warranty term, or None where the row is refused. Terms are kept in months."""
    category = row.text("category", required=True, limit=64)
    years = row.amount("years")
    if years is not None and (not 0 < years <= TERM_LIMIT_YEARS or years * 12 % 1 != 0):
        row.refuse("years", "term_impossible", value=str(years))
    starts = row.text("starts", required=True, limit=64)
    begins = meanings("term_starts").get(plain_word(starts)) if starts else None
    if starts and begins is None:
        row.refuse("starts", "unknown_term_start", value=starts)
    norm = row.text("norm", limit=32)
    if row.refused or category is None or years is None or begins is None:
        return None
    return TermRow(category, int(years * 12), _start(begins), norm)


def _start(word: str) -> Literal["acceptance", "day_after_acceptance"]:
    return "day_after_acceptance" if word == "day_after_acceptance" else "acceptance"


def parse_checklist_item(row: RowReader, _known: Known) -> ChecklistItemRow | None:
    """An item of a checklist, or None where the row is refused."""
    item = row.text("item", required=True, limit=512)
    translation = row.text("translation", limit=512)
    area, norm = row.text("area", limit=64), row.text("norm", limit=32)
    required = row.word("required", meanings("yes_or_no")) or "no"
    if required not in ("yes", "no"):
        row.notice("required", "not_yes_or_no", value=required)
    when = row.word("when", meanings("moments"))
    if when is not None and when not in MOMENTS:
        row.notice("when", "unknown_moment", value=when)
        when = None
    if row.refused or item is None:
        return None
    return ChecklistItemRow(item, area, norm, required == "yes", when, translation)
