"""Photo files, the signed report and the evidence bundle for whoever is signed in to the office."""

from __future__ import annotations

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue

from server.database import reading
from server.office.queries import queries
from server.problems import Problem
from server.web.bundle_files import CHAINS, bundle_response
from server.web.photo_files import photo_response
from server.web.report_files import newest_signature, report_response


def register(blueprint: Blueprint) -> None:
    """Add this module's pages."""
    blueprint.get("/photos/<sha256>", endpoint="photo")(photo)
    blueprint.get("/orders/<uuid:order_id>/report.pdf", endpoint="report")(report)
    blueprint.get("/orders/<uuid:order_id>/evidence.zip", endpoint="bundle")(bundle)


def photo(sha256: str) -> ResponseReturnValue:
    """GET /office/photos/<sha256>?size=thumb|screen"""
    return photo_response(sha256, request.args.get("size", ""), g.caller.person_id, g.caller.role)


def report(order_id: object) -> ResponseReturnValue:
    """GET /office/orders/<id>/report.pdf, labelled in the language in which the customer read it."""
    with reading() as connection:
        found = queries.order(connection, str(order_id))
        if found is None:
            raise Problem("not_found")
        signature = newest_signature(connection, found.body)
    return report_response(signature, None)


def bundle(order_id: object) -> ResponseReturnValue:
    """GET /office/orders/<id>/evidence.zip?chain=order|whole"""
    chain = request.args.get("chain", CHAINS[0])
    if chain not in CHAINS:
        raise Problem("invalid_request")
    with reading() as connection:
        found = queries.order(connection, str(order_id))
        if found is None:
            raise Problem("not_found")
        return bundle_response(connection, found.id, found.body, g.caller.role, chain)
