"""Writing customers, sites and assets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

from sqlalchemy import Connection, insert, select, update

from server.imports.identity import identify
from server.imports.parse_masters import USUAL_RADIUS_M
from server.imports.rows import AssetRow, CustomerRow, Known, SiteRow
from server.models import Asset, Customer, Site
from server.rules.search import findable, texts_of_asset, texts_of_customer, texts_of_site

Effect = Literal["taken", "changed", "unchanged"]

_MODELS: Final[Mapping[str, type[Customer | Site | Asset]]] = {
    "customers": Customer,
    "sites": Site,
    "assets": Asset,
}
_FOUND_BY: Final[Mapping[str, Callable[[Mapping[str, Any]], list[str | None]]]] = {  # Any: column values
    "customers": texts_of_customer,
    "sites": texts_of_site,
    "assets": texts_of_asset,
}


def store_customer(connection: Connection, row: CustomerRow) -> Effect:
    """Write a customer's file."""
    return _store(
        connection,
        "customers",
        row.number,
        {
            "name": row.name,
            "category": row.category,
            "contact_name": row.contact_name,
            "phone": row.phone,
            "contract": row.contract,
            "file_opened_on": row.file_opened_on,
            "warranty_card": row.warranty_card,
        },
    )


def store_site(connection: Connection, row: SiteRow, known: Known) -> Effect:
    """Write a site; its position as a whole or not at all."""
    values: dict[str, object] = {
        "customer_id": known.customers[row.customer].id,
        "name": row.name,
        "address": row.address,
        "radius_m": row.radius_m,
        "access": row.access,
    }
    if row.position is not None:
        values |= {"latitude": row.position.latitude, "longitude": row.position.longitude}
        values |= {"datum": row.position.datum}
    return _store(connection, "sites", row.number, values, {"radius_m": float(USUAL_RADIUS_M)})


def store_asset(connection: Connection, row: AssetRow, known: Known) -> Effect:
    """Write an asset."""
    return _store(
        connection,
        "assets",
        row.number,
        {
            "site_id": known.sites[row.site].id,
            "name": row.name,
            "brand": row.brand,
            "model": row.model,
            "serial": row.serial,
            "warranty_category": row.warranty_category,
            "completed_on": row.completed_on,
            "accepted_on": row.accepted_on,
        },
    )


def _store(
    connection: Connection,
    table: str,
    number: str,
    values: Mapping[str, object],
    defaults: Mapping[str, object] | None = None,
) -> Effect:
    """Insert or update by number. What a row leaves empty keeps what the database has.

    An export rarely holds everything: a position that was measured since, or a note on access, must not
    vanish because its cell is empty. `defaults` stand in for empty values of a new row.
    """
    model = _MODELS[table]
    said = {name: value for name, value in values.items() if value is not None}
    before = connection.execute(select(model.__table__).where(model.number == number)).mappings().first()
    words = findable(_FOUND_BY[table]({**(before or {}), **said, "number": number}))
    if before is None:
        new = {**(defaults or {}), **said, "id": identify(table, number), "number": number, "words": words}
        connection.execute(insert(model).values(new))
        return "taken"
    if all(before[name] == value for name, value in said.items()):
        return "unchanged"
    connection.execute(update(model).where(model.number == number).values({**said, "words": words}))
    return "changed"
