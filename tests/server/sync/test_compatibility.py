"""What an app wrote once is taken in by every later version: a ledger of lines of version 1, in an export file.

The file was written by the app in a browser (tests/browser/export_sample.py) and never changes. The database that it
comes to is made anew with the ids that the file names.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from apiflask import APIFlask
from sqlalchemy import insert, select

from server.database import reading, writing
from server.export_files.reading import open_export
from server.export_files.taking import Imported, import_file
from server.export_files.wiring import this_server
from server.models import Device
from server.office.queries import queries
from server.settings import Settings
from tests.server.export_files.start import EXPORT, SECRET, Start, make_company

OPERATIONS = [
    ("order.stage", "applied"),
    ("order.stage", "applied"),
    ("arrival.record", "applied"),
    ("order.stage", "applied"),
    ("order.stage", "applied"),
    ("photo.add", "applied"),
    ("labour.add", "applied"),
    ("order.edit", "applied"),
    ("order.edit", "applied"),
    ("order.edit", "applied"),
]


@pytest.fixture(autouse=True)
def in_app() -> None:
    """Not the company of the other tests: `company` makes its own."""


@pytest.fixture
def company(app: APIFlask, settings: Settings, password_hash: str) -> Iterator[Start]:
    """The company of the file, on the secret that its time anchors were made with; the phone has signed in."""
    assert settings.secret_key == SECRET
    with app.app_context():
        made = make_company(app, password_hash)
        with EXPORT.open("rb") as file, open_export(file) as export, writing() as connection:
            known = export.ledger
            phone = {"id": known.device_id, "name": known.device_name, "public_key": known.public_key}
            new = {"kind": "phone", "person_id": known.person_id, "created_at": datetime.fromisoformat(made["at"])}
            connection.execute(insert(Device).values(**phone, **new))
        yield made


def taken_in() -> Imported:
    """The file, taken in."""
    with EXPORT.open("rb") as file:
        return import_file(file, this_server())


def body(order: str) -> dict[str, Any]:  # Any: JSON
    with reading() as connection:
        found = queries.order(connection, order)
    assert found is not None
    return found.body


def test_a_file_of_the_first_app_is_taken_in_with_the_outcomes_that_it_had(company: Start) -> None:
    first = taken_in()
    assert (first.result.is_new, first.result.known_by) == (False, "session")
    assert [(came.kind, came.outcome.status) for came in first.operations] == OPERATIONS
    assert list(first.photos.values()) == ["stored"]
    document = body(company["order"])
    assert document["stage"] == "working"
    assert (document["cause"], document["diagnosis"], document["work_done"]) == ("wear", "机械密封磨损", "更换机械密封")
    assert [(line["name"], line["unit_price"]) for line in document["labour"]] == [("更换机械密封", 12000)]
    assert [photo["state"] for photo in document["photos"]] == ["stored"]
    arrival = document["arrivals"][0]
    assert arrival["time"]["grade"] == "corroborated", "its anchor is believed"
    assert arrival["position"]["latitude"] == 25.28


def test_it_comes_a_second_time_with_the_same_outcomes(company: Start) -> None:
    first, second = taken_in(), taken_in()
    assert second.result.fresh == 0 and not second.result.is_new and second.photos == first.photos
    outcomes = [[came.outcome.as_json() | {"repeated": True} for came in one.operations] for one in (first, second)]
    assert outcomes[0] == outcomes[1]
    assert len(body(company["order"])["labour"]) == 1


def test_a_device_that_is_known_takes_its_own_file(company: Start) -> None:
    with zipfile.ZipFile(EXPORT) as archive:
        lines = archive.read("ledger.ndjson").splitlines()
    first = taken_in()
    with reading() as connection:
        device = connection.execute(select(Device).where(Device.kind == "phone")).one()
    assert (device.person_id, device.acknowledged) == (company["technician"], len(lines))
    assert first.ledger.lines == lines, "byte for byte"
