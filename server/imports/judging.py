"""Judging a sheet as a whole: every row by its table's rules, numbers that stand twice, unusual dates."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final
from zoneinfo import ZoneInfo

from server.imports.fields import RowReader, unusual_forms
from server.imports.findings import Finding
from server.imports.parse_catalogues import parse_checklist_item, parse_part, parse_term
from server.imports.parse_masters import parse_asset, parse_customer, parse_site
from server.imports.parse_orders import parse_work_order
from server.imports.reading import Sheet
from server.imports.rows import (
    AssetRow,
    CustomerRow,
    Known,
    KnownAsset,
    KnownCustomer,
    KnownSite,
    ParsedRow,
    SiteRow,
    WorkOrderRow,
)
from server.rules.telephones import forms_of

Parser = Callable[[RowReader, Known], ParsedRow | None]

PARSERS: Final[Mapping[str, Parser]] = {
    "customers": parse_customer,
    "sites": parse_site,
    "assets": parse_asset,
    "work_orders": parse_work_order,
    "parts": parse_part,
    "warranty_terms": parse_term,
    "checklists": parse_checklist_item,
}
# Which column tells rows apart; a second row with the same value is refused.
KEYS: Final[Mapping[str, str]] = {"warranty_terms": "category", "checklists": "item"}


@dataclass(frozen=True)
class GoodRow:
    """A row to be taken in, and where it stands."""

    row: int
    value: ParsedRow


@dataclass(frozen=True)
class JudgedSheet:
    """A sheet's good rows, how many were refused, and what is to be said, in the order of the rows."""

    sheet: Sheet
    rows: tuple[GoodRow, ...]
    refused: int
    findings: tuple[Finding, ...]

    def adapted(self, adapt: Callable[[WorkOrderRow, Known], WorkOrderRow], known: Known) -> JudgedSheet:
        """The same sheet with every work order changed by `adapt`."""
        rows = (
            GoodRow(good.row, adapt(good.value, known) if isinstance(good.value, WorkOrderRow) else good.value)
            for good in self.rows
        )
        return replace(self, rows=tuple(rows))


def judge_sheet(sheet: Sheet, known: Known, timezone: ZoneInfo) -> JudgedSheet:
    """Judge every row of `sheet`; it reads nothing but its arguments."""
    parser = PARSERS[sheet.table.name]
    key = KEYS.get(sheet.table.name, "number")
    first_rows: dict[str, int] = {}
    good: list[GoodRow] = []
    readers: list[RowReader] = []
    for row in sheet.rows:
        reader = RowReader(sheet, row, timezone)
        value = parser(reader, known)
        identity = unicodedata.normalize("NFKC", reader.shown(key))
        if identity and identity in first_rows:
            reader.refuse(key, "duplicate_number", value=identity, first=str(first_rows[identity]))
            value = None
        elif identity:
            first_rows[identity] = row.number
        readers.append(reader)
        if value is not None:
            good.append(GoodRow(row.number, value))
    _tell_shared_telephones(good, {reader.row: reader for reader in readers}, known)
    findings = [finding for reader in readers for finding in reader.findings] + unusual_forms(sheet, readers)
    columns = ["", *sheet.headings.values()]
    findings.sort(key=lambda finding: (finding.row, columns.index(finding.column)))
    return JudgedSheet(sheet, tuple(good), len(readers) - len(good), tuple(findings))


def _tell_shared_telephones(good: list[GoodRow], readers: dict[int, RowReader], known: Known) -> None:
    """A notice for each customer who has the telephone number of another: they may be the same."""
    customers = [(each.row, each.value) for each in good if isinstance(each.value, CustomerRow)]
    if not customers:
        return
    owners: dict[str, list[str]] = {}
    for number, customer in known.customers.items():
        for form in forms_of(customer.phone):
            owners.setdefault(form, []).append(number)
    for row, read in customers:
        forms = forms_of(read.phone)
        other = next((number for form in forms for number in owners.get(form, []) if number != read.number), None)
        if other is not None:
            readers[row].notice("phone", "phone_of_another", value=read.phone or "", number=other)
        for form in forms:
            owners.setdefault(form, []).append(read.number)


def with_rows(known: Known, rows: tuple[GoodRow, ...], identify: Callable[[str, str], str]) -> Known:
    """`known` with the customers, sites and assets of `rows`; `identify(table, number)` gives a row's id."""
    customers, sites, assets = dict(known.customers), dict(known.sites), dict(known.assets)
    for good in rows:
        match good.value:
            case CustomerRow(number=number, phone=phone, contract=contract):
                before = customers.get(number) or KnownCustomer(identify("customers", number), None)
                customers[number] = KnownCustomer(before.id, phone or before.phone, contract or before.contract)
            case SiteRow(number=number, customer=customer):
                known_site = sites.get(number)
                site_id = known_site.id if known_site else identify("sites", number)
                sites[number] = KnownSite(site_id, customer)
            case AssetRow(number=number, site=site):
                known_asset = assets.get(number)
                asset_id = known_asset.id if known_asset else identify("assets", number)
                assets[number] = KnownAsset(asset_id, site)
    return replace(known, customers=customers, sites=sites, assets=assets)
