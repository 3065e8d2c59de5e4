"""The file of the service desk: its planted faults, each with its place, and everything else taken in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from server.application import create_app
from server.database import db, reading
from server.imports.findings import FileReport
from server.models import Asset, Customer, Document, Person, Site, WorkOrder
from tests.databases import Databases
from tests.server.imports.conftest import SERVICE_DESK, Company, new_company

PLANTED = [
    ("地点", 7, "纬度", "notice", "coordinates_swapped"),
    ("地点", 11, "纬度", "notice", "coordinates_missing"),
    ("报修单", 9, "报修内容", "notice", "text_cleaned"),
    ("报修单", 22, "联系电话", "notice", "phone_differs"),
    ("报修单", 35, "报修时间", "notice", "unusual_date_form"),
    ("报修单", 53, "报修时间", "notice", "year_from_window"),
    ("报修单", 62, "设备编号", "refused", "unknown_asset"),
    ("报修单", 79, "工单号", "refused", "duplicate_number"),
    ("报修单", 92, "派给", "refused", "unknown_technician"),
]
WITHOUT_DATUM = [3, 13, 15, 21, 26, 31, 38, 42, 43, 44, 64]


def body_of(number: str) -> dict[str, Any]:
    with reading() as connection:
        text = connection.execute(
            select(Document.body)
            .join(WorkOrder, WorkOrder.id == Document.id)
            .where(Document.type == "work_order", WorkOrder.number == number)
        ).scalar_one()
    body = json.loads(text)
    assert isinstance(body, dict)
    return body


def places(report: FileReport) -> list[tuple[str, int, str, str, str]]:
    return [(f.sheet, f.row, f.column, f.level, f.code) for f in report.findings]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, databases: Databases, password_hash: str) -> Iterator[FileReport]:
    """The report of the file's first load; the company that it was loaded into stays for the whole module."""
    folder = tmp_path_factory.mktemp("service_desk")
    with databases.migrated(folder) as settings, create_app(settings).app_context():
        yield new_company(password_hash).report(SERVICE_DESK)
        db.engine.dispose()


def person(username: str) -> str:
    with reading() as connection:
        return connection.execute(select(Person.id).where(Person.username == username)).scalar_one()


def test_every_planted_fault_is_reported_with_its_place_and_nothing_else(first: FileReport) -> None:
    datums = [("地点", row, "坐标系", "notice", "datum_missing") for row in WITHOUT_DATUM]
    sheets = {"地点": 0, "报修单": 1}
    expected = sorted(PLANTED + datums, key=lambda place: (sheets[place[0]], place[1]))
    assert places(first) == expected
    assert first.refused == 3


def test_every_good_row_is_taken_in(first: FileReport) -> None:
    counted = {sheet.sheet: (sheet.taken, sheet.refused) for sheet in first.sheets}
    assert counted == {"客户": (42, 0), "地点": (64, 0), "设备": (129, 0), "报修单": (157, 3)}
    with reading() as connection:
        for model, count in ((Customer, 42), (Site, 64), (Asset, 129), (WorkOrder, 157)):
            assert connection.execute(select(func.count()).select_from(model)).scalar_one() == count


def test_a_second_load_changes_nothing_and_says_the_same(first: FileReport) -> None:
    company = Company({})
    with reading() as connection:
        documents = connection.execute(select(Document.id, Document.version)).all()
    lines = company.journal_lines()
    second = company.report(SERVICE_DESK)
    assert second.findings == first.findings
    assert not second.wrote_something
    assert sum(sheet.unchanged for sheet in second.sheets) == 42 + 64 + 129 + 157
    assert company.journal_lines() == lines
    with reading() as connection:
        assert connection.execute(select(Document.id, Document.version)).all() == documents


@pytest.mark.usefixtures("first")
def test_swapped_and_missing_coordinates_leave_the_position_out() -> None:
    with reading() as connection:
        sites = {row.number: row for row in connection.execute(select(Site.__table__))}
    for number in ("DD0006", "DD0010"):
        assert (sites[number].latitude, sites[number].longitude, sites[number].datum) == (None, None, None)
    assert (sites["DD0002"].latitude, sites["DD0002"].datum) == (25.243547, None)
    assert (sites["DD0004"].longitude, sites["DD0004"].datum) == (110.313897, "BD-09")


@pytest.mark.usefixtures("first")
def test_dates_in_every_form_of_the_file_are_understood() -> None:
    for number, reported_at in (
        ("WX261100034", "2026-11-22T09:05:00+08:00"),
        ("WX261100052", "2026-11-22T09:00:00+08:00"),
        ("WX261100002", "2026-11-22T16:54:00+08:00"),
    ):
        assert datetime.fromisoformat(body_of(number)["reported_at"]) == datetime.fromisoformat(reported_at)


@pytest.mark.usefixtures("first")
def test_an_order_holds_what_its_row_says() -> None:
    body = body_of("WX261100008")
    assert body["fault"] == "柜门下垂变形\n（客户催单）"
    assert body["requests"] == "周末不方便"
    assert body["contact"] == {"name": "胡娟伟", "phone": "13768132102"}
    assert body["priority"] == "urgent"
    assert body["assignees"] == [person("wanggang")]
    assert body["opened"]["by"] == person("desk")
    assert body["opened"]["channel"] == "web"
    assert body["window"] == {"start": "2026-11-22T02:30:00+08:00", "end": "2026-11-22T04:30:00+08:00"}
    assert (body["customer"]["number"], body["site"]["number"]) == ("KH0023", "DD0032")
    assert body["asset"]["number"] == "SB00068"


@pytest.mark.usefixtures("first")
def test_of_two_rows_with_one_number_the_first_stands() -> None:
    assert body_of("WX261100077")["fault"] == "配电箱跳闸，复位后又跳"


@pytest.mark.usefixtures("first")
def test_a_customers_file_holds_what_its_row_says() -> None:
    with reading() as connection:
        row = connection.execute(select(Customer.__table__).where(Customer.number == "KH0007")).one()
    assert (row.name, row.contract, row.warranty_card) == ("琴潭车站综合楼物业服务中心", "network", "lost")
    assert (row.phone, row.file_opened_on) == ("17731690065", date(2025, 3, 16))
