"""Judging the rows of customers, sites and assets."""

from __future__ import annotations

from typing import Final

from server.imports.fields import RowReader
from server.imports.rows import AssetRow, CustomerRow, Known, Position, SiteRow
from server.imports.vocabulary import meanings

# What a site gets whose row names no radius that can be.
USUAL_RADIUS_M: Final = 100
RADIUS_LIMIT_M: Final = 100_000


def parse_customer(row: RowReader, known: Known) -> CustomerRow | None:
    """A customer, or None where the row is refused."""
    number, name = row.number("number"), row.text("name", required=True, limit=256)
    contract = row.word("contract", known.contracts)
    if contract is not None and contract not in known.contracts.values():
        row.notice("contract", "unknown_contract", value=contract)
        contract = None
    card = row.word("warranty_card", meanings("warranty_cards"))
    if card is not None and card not in meanings("warranty_cards").values():
        row.notice("warranty_card", "unknown_warranty_card", value=card)
        card = None
    read = (
        row.text("category", limit=64),
        row.text("contact_name", limit=128),
        row.phone("phone"),
        contract,
        row.day("file_opened_on"),
        card,
    )
    if row.refused or number is None or name is None:
        return None
    return CustomerRow(number, name, *read)


def parse_site(row: RowReader, known: Known) -> SiteRow | None:
    """A site, or None where the row is refused. A doubtful position is left out, never guessed right."""
    number, customer = row.number("number"), row.number("customer")
    if customer is not None and customer not in known.customers:
        row.refuse("customer", "unknown_customer", number=customer)
    name = row.text("name", required=True, limit=256)
    read = (row.text("address", limit=512), _position(row), _radius(row), row.text("access"))
    if row.refused or number is None or customer is None or name is None:
        return None
    return SiteRow(number, customer, name, *read)


def _position(row: RowReader) -> Position | None:
    before = len(row.findings)
    latitude, longitude = row.degrees("latitude"), row.degrees("longitude")
    if len(row.findings) > before:
        return None
    if latitude is None or longitude is None:
        row.notice("latitude" if latitude is None else "longitude", "coordinates_missing")
        return None
    written = {"latitude": str(latitude), "longitude": str(longitude)}
    if abs(latitude) > 90 and abs(longitude) <= 90 and abs(latitude) <= 180:
        row.notice("latitude", "coordinates_swapped", **written)
        return None
    if abs(latitude) > 90 or abs(longitude) > 180 or latitude == longitude == 0:
        row.notice("longitude" if abs(longitude) > 180 else "latitude", "coordinates_impossible", **written)
        return None
    return Position(float(latitude), float(longitude), _datum(row))


def _datum(row: RowReader) -> str | None:
    word = row.word("datum", meanings("datums"))
    if word is None:
        row.notice("datum", "datum_missing")
        return None
    if word not in meanings("datums").values():
        row.notice("datum", "unknown_datum", value=word)
        return None
    return word


def _radius(row: RowReader) -> float | None:
    radius = row.metres("radius_m")
    if radius is None:
        if not row.shown("radius_m"):
            row.notice("radius_m", "radius_missing", usual=str(USUAL_RADIUS_M))
        return None
    if not 0 < radius <= RADIUS_LIMIT_M:
        row.notice("radius_m", "radius_impossible", value=str(radius), usual=str(USUAL_RADIUS_M))
        return None
    return float(radius)


def parse_asset(row: RowReader, known: Known) -> AssetRow | None:
    """An asset, or None where the row is refused."""
    number, site = row.number("number"), row.number("site")
    if site is not None and site not in known.sites:
        row.refuse("site", "unknown_site", number=site)
    name = row.text("name", required=True, limit=256)
    descriptions = (
        row.text("brand", limit=128),
        row.text("model", limit=128),
        row.text("serial", limit=128),
        row.text("warranty_category", limit=64),
    )
    completed_on, accepted_on = row.day("completed_on"), row.day("accepted_on")
    if completed_on and accepted_on and accepted_on < completed_on:
        row.notice("accepted_on", "accepted_before_completed", completed=completed_on.isoformat())
    if row.refused or number is None or site is None or name is None:
        return None
    return AssetRow(number, site, name, *descriptions, completed_on, accepted_on)
