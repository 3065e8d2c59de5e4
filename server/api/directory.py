"""Lists of what work orders refer to: people, customers, sites, assets, parts."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import Date, Dict, Float, Integer, List, Nested, String
from sqlalchemy import ColumnElement, exists, select, true
from sqlalchemy.orm import InstrumentedAttribute

from server.api.paging import AnyRow, AnySelect, Page, PageQuery, page, read_cursor
from server.api.schemas import PersonShown
from server.database import reading
from server.models import OFFICE_ROLES, Asset, Customer, Part, Person, Site, WorkOrder
from server.sync.store.visibility import sees_clause
from server.web import security

blueprint = APIBlueprint("directory", __name__, url_prefix="/api/v1", tag="Directory")


class PeopleShown(Schema):
    """A page of people, by username."""

    items = List(Nested(PersonShown))
    next = String(allow_none=True)


class CustomerShown(Schema):
    """A customer."""

    id = String()
    number = String()
    name = String()
    category = String(allow_none=True)
    contact_name = String(allow_none=True)
    phone = String(allow_none=True)
    contract = String(allow_none=True)
    file_opened_on = Date(allow_none=True)
    warranty_card = String(allow_none=True)


class CustomersShown(Schema):
    """A page of customers, by number."""

    items = List(Nested(CustomerShown))
    next = String(allow_none=True)


class SiteShown(Schema):
    """A place of work; coordinates in `datum`, as they were entered."""

    id = String()
    number = String()
    customer = String(attribute="customer_id")
    name = String()
    address = String(allow_none=True)
    latitude = Float(allow_none=True)
    longitude = Float(allow_none=True)
    datum = String(allow_none=True)
    radius_m = Float()
    access = String(allow_none=True)


class SitesShown(Schema):
    """A page of sites, by number."""

    items = List(Nested(SiteShown))
    next = String(allow_none=True)


class AssetShown(Schema):
    """An installed thing under care."""

    id = String()
    number = String()
    site = String(attribute="site_id")
    name = String()
    brand = String(allow_none=True)
    model = String(allow_none=True)
    serial = String(allow_none=True)
    warranty_category = String(allow_none=True)
    completed_on = Date(allow_none=True)
    accepted_on = Date(allow_none=True)


class AssetsShown(Schema):
    """A page of assets, by number."""

    items = List(Nested(AssetShown))
    next = String(allow_none=True)


class PartShown(Schema):
    """A part; `unit_price` in minor units, `stock` by place as decimal strings."""

    id = String()
    number = String()
    name = String()
    initials = String()
    unit = String()
    unit_price = Integer()
    stock = Dict(keys=String(), values=String())


class PartsShown(Schema):
    """A page of parts, by number."""

    items = List(Nested(PartShown))
    next = String(allow_none=True)


@blueprint.get("/people")
@blueprint.input(PageQuery, location="query")
@blueprint.output(PeopleShown)
@blueprint.doc(responses=[400, 401])
def list_people(query_data: dict[str, Any]) -> Page:  # Any: PageQuery
    """List people"""
    security.require_person()
    query = select(Person.id, Person.username, Person.name, Person.role).where(Person.active)
    return _listed(query, Person.username, query_data)


@blueprint.get("/customers")
@blueprint.input(PageQuery, location="query")
@blueprint.output(CustomersShown)
@blueprint.doc(responses=[400, 401])
def list_customers(query_data: dict[str, Any]) -> Page:  # Any: PageQuery
    """List customers

    A technician gets those of the work orders that their feed shows.
    """
    caller = security.require_person()
    query = select(Customer.__table__).where(_on_their_orders(caller, WorkOrder.customer_id == Customer.id))
    return _listed(query, Customer.number, query_data)


@blueprint.get("/sites")
@blueprint.input(PageQuery, location="query")
@blueprint.output(SitesShown)
@blueprint.doc(responses=[400, 401])
def list_sites(query_data: dict[str, Any]) -> Page:  # Any: PageQuery
    """List sites

    A technician gets those of the work orders that their feed shows.
    """
    caller = security.require_person()
    query = select(Site.__table__).where(_on_their_orders(caller, WorkOrder.site_id == Site.id))
    return _listed(query, Site.number, query_data)


@blueprint.get("/assets")
@blueprint.input(PageQuery, location="query")
@blueprint.output(AssetsShown)
@blueprint.doc(responses=[400, 401])
def list_assets(query_data: dict[str, Any]) -> Page:  # Any: PageQuery
    """List assets

    A technician gets those of the work orders that their feed shows.
    """
    caller = security.require_person()
    query = select(Asset.__table__).where(_on_their_orders(caller, WorkOrder.asset_id == Asset.id))
    return _listed(query, Asset.number, query_data)


@blueprint.get("/parts")
@blueprint.input(PageQuery, location="query")
@blueprint.output(PartsShown)
@blueprint.doc(responses=[400, 401])
def list_parts(query_data: dict[str, Any]) -> Page:  # Any: PageQuery
    """List parts"""
    security.require_person()

    def shown(row: AnyRow) -> dict[str, Any]:  # Any: JSON of PartShown
        return {**row._mapping, "stock": json.loads(row.stock)}

    return _listed(select(Part.__table__), Part.number, query_data, shown)


def _on_their_orders(caller: security.Caller, linked: ColumnElement[bool]) -> ColumnElement[bool]:
    """True for the office; for others: some work order that they see is linked."""
    if caller.role in OFFICE_ROLES:
        return true()
    return exists().where(linked, sees_clause(WorkOrder.id, caller.person_id))


def _listed(
    query: AnySelect,
    key: InstrumentedAttribute[str],
    wanted: dict[str, Any],  # Any: PageQuery
    shown: Callable[[AnyRow], dict[str, Any]] = lambda row: dict(row._mapping),  # Any: JSON
) -> Page:
    """A page in the order of `key`, which is unique."""
    after = read_cursor(wanted["cursor"], str)
    if after is not None:
        query = query.where(key > after[0])
    with reading() as connection:
        found = connection.execute(query.order_by(key).limit(wanted["limit"] + 1)).all()
    return page(found, wanted["limit"], shown, lambda row: [getattr(row, key.key)])
