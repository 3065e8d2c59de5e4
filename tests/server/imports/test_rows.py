"""Faults that the service desk's file does not have, each reported at its place."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import Connection, select, update

from server.database import reading, writing
from server.imports.load import PORTION, load_contents, load_files
from server.imports.reading import read_file
from server.imports.wiring import loading_as
from server.models import Customer, Document, Person, Site, WorkOrder
from server.office.queries.customer_queries import CustomerRow, find_customers
from server.services import services
from server.sync.exchange.office_ledger import NewOperation
from server.sync.ledgers.outcome import Outcome
from tests.server.imports.conftest import ASSETS, CUSTOMERS, DATA, ORDERS, SITES, Company, MakeWorkbook, Sheets

GOOD_CUSTOMER = ("K1", "甲公司", "13981346270", "驻场合同")
GOOD_SITE = ("D1", "K1", "一号楼", 25.25, 110.28, "GCJ-02", 80)
GOOD_ASSET = ("S1", "D1", "水泵", "2025-09-29", "2025-11-01")
GOOD_ORDER = {
    "工单号": "W1",
    "报修时间": "2026-11-22 08:00",
    "客户编号": "K1",
    "地点编号": "D1",
    "设备编号": "S1",
    "报修内容": "漏水",
    "联系电话": "13981346270",
    "紧急程度": "普通",
    "预约开始": "2026-11-22 10:00",
    "预约结束": "2026-11-22 12:00",
    "派给": "liwei",
}


def order(**changes: object) -> tuple[object, ...]:
    return tuple((GOOD_ORDER | changes)[heading] for heading in ORDERS)


def book(**rows: list[tuple[object, ...]]) -> Sheets:
    """A workbook of good masters, and the rows given."""
    return {
        "客户": [CUSTOMERS, GOOD_CUSTOMER, *rows.get("customers", [])],
        "地点": [SITES, GOOD_SITE, *rows.get("sites", [])],
        "设备": [ASSETS, GOOD_ASSET, *rows.get("assets", [])],
        "报修单": [ORDERS, *rows.get("orders", [])],
    }


def found_by(typed: str) -> list[CustomerRow]:
    """Whom intake finds."""
    with reading() as connection:
        return find_customers(connection, typed)


@pytest.mark.parametrize(
    ("change", "column", "level", "code"),
    [
        ({"工单号": None}, "工单号", "refused", "value_missing"),
        ({"工单号": "W" * 33}, "工单号", "refused", "text_too_long"),
        ({"报修时间": None}, "报修时间", "refused", "value_missing"),
        ({"报修时间": "昨天"}, "报修时间", "refused", "date_not_understood"),
        ({"报修时间": "2026-02-30 8:00"}, "报修时间", "refused", "date_impossible"),
        ({"报修时间": "2026-11-22"}, "报修时间", "notice", "time_missing"),
        ({"报修时间": "2026-11-22 11:00"}, "报修时间", "notice", "reported_after_window"),
        ({"客户编号": "K9"}, "客户编号", "refused", "unknown_customer"),
        ({"地点编号": "D9"}, "地点编号", "refused", "unknown_site"),
        ({"地点编号": "D2"}, "地点编号", "refused", "site_of_another_customer"),
        ({"设备编号": "S9"}, "设备编号", "refused", "unknown_asset"),
        ({"设备编号": "S2"}, "设备编号", "refused", "asset_at_another_site"),
        ({"报修内容": "  "}, "报修内容", "refused", "value_missing"),
        ({"报修内容": "漏" * 4001}, "报修内容", "refused", "text_too_long"),
        ({"联系电话": "1398134627"}, "联系电话", "notice", "phone_doubtful"),
        ({"紧急程度": "要命"}, "紧急程度", "refused", "unknown_priority"),
        ({"预约结束": "2026-11-22 09:00"}, "预约结束", "refused", "window_reversed"),
        ({"预约结束": None}, "预约结束", "refused", "window_half"),
        ({"预约开始": "11月22日 10点"}, "预约开始", "refused", "year_missing"),
        ({"派给": "desk"}, "派给", "refused", "not_a_technician"),
        ({"派给": "liwei、nobody"}, "派给", "refused", "unknown_technician"),
    ],
)
def test_a_fault_in_an_order_is_reported_where_it_is(
    company: Company,
    make_workbook: MakeWorkbook,
    change: dict[str, object],
    column: str,
    level: str,
    code: str,
) -> None:
    more = {
        "customers": [("K2", "乙公司", None, None)],
        "sites": [("D2", "K2", "二号楼", 25.25, 110.28, "GCJ-02", 80)],
        "assets": [("S2", "D2", "水泵", None, None)],
    }
    report = company.report(make_workbook(book(orders=[order(工单号="W0"), order(**change)], **more)))
    assert (3, column, level, code) in {(f.row, f.column, f.level, f.code) for f in report.findings}
    assert report.sheets[3].refused == (level == "refused")
    assert report.sheets[3].taken == 1 + (level != "refused")


def test_a_moment_without_a_year_lies_before_its_window(company: Company, make_workbook: MakeWorkbook) -> None:
    window = {"预约开始": "2027-01-01 10:00", "预约结束": "2027-01-01 12:00"}
    unknown = {"预约开始": None, "预约结束": None}
    rows = [
        order(报修时间="12月31日 下午3点", **window),
        order(工单号="W2", 报修时间="12月31日 下午3点", **unknown),
    ]
    report = company.report(make_workbook(book(orders=rows)))
    assert [(f.row, f.code, f.level) for f in report.findings] == [
        (2, "year_from_window", "notice"),
        (3, "year_missing", "refused"),
    ]
    with reading() as connection:
        reported_at = connection.execute(select(WorkOrder.reported_at)).scalar_one()
    assert reported_at == datetime.fromisoformat("2026-12-31T15:00+08:00")


@pytest.mark.parametrize(
    ("change", "column", "level", "code"),
    [
        ({0: None}, "地点编号", "refused", "value_missing"),
        ({1: "K9"}, "客户编号", "refused", "unknown_customer"),
        ({3: 110.3, 4: 25.2}, "纬度", "notice", "coordinates_swapped"),
        ({3: "北纬25度"}, "纬度", "notice", "not_a_number"),
        ({4: None}, "经度", "notice", "coordinates_missing"),
        ({3: 0, 4: 0}, "纬度", "notice", "coordinates_impossible"),
        ({4: 190}, "经度", "notice", "coordinates_impossible"),
        ({5: "CGCS2000"}, "坐标系", "notice", "unknown_datum"),
        ({6: 0}, "到达半径(米)", "notice", "radius_impossible"),
        ({6: -80}, "到达半径(米)", "notice", "radius_impossible"),
        ({6: None}, "到达半径(米)", "notice", "radius_missing"),
    ],
)
def test_a_fault_in_a_site_is_reported_where_it_is(
    company: Company,
    make_workbook: MakeWorkbook,
    change: dict[int, object],
    column: str,
    level: str,
    code: str,
) -> None:
    site = ("D2", *GOOD_SITE[1:])
    row = tuple(change.get(place, cell) for place, cell in enumerate(site))
    report = company.report(make_workbook(book(sites=[row])))
    assert [(f.sheet, f.row, f.column, f.level, f.code) for f in report.findings] == [("地点", 3, column, level, code)]
    with reading() as connection:
        stored = connection.execute(select(Site.__table__).where(Site.number == "D2")).first()
    assert (stored is None) == (level == "refused")
    if stored is not None and "coordinates" in code:
        assert (stored.latitude, stored.longitude) == (None, None)
    if stored is not None and "radius" in code:
        assert stored.radius_m == 100


def test_faults_in_customers_and_assets_are_reported_where_they_are(
    company: Company, make_workbook: MakeWorkbook
) -> None:
    customers = [
        ("K2", None, None, None),
        ("K3", "丙公司", "call me", "全包合同"),
        ("Ｋ３", "丁公司", None, None),
    ]
    assets = [
        ("S2", "D9", "水泵", None, None),
        ("S3", "D1", "水泵", "2025-09-29", "2025-09-01"),
        ("S4", "D1", "水泵", "2025-02-30", "11月1日"),
    ]
    report = company.report(make_workbook(book(customers=customers, assets=assets)))
    assert [(f.sheet, f.row, f.column, f.level, f.code) for f in report.findings] == [
        ("客户", 3, "客户名称", "refused", "value_missing"),
        ("客户", 4, "电话", "notice", "phone_doubtful"),
        ("客户", 4, "服务合同", "notice", "unknown_contract"),
        ("客户", 5, "客户编号", "refused", "duplicate_number"),
        ("设备", 3, "地点编号", "refused", "unknown_site"),
        ("设备", 4, "验收日期", "notice", "accepted_before_completed"),
        ("设备", 5, "竣工日期", "notice", "date_impossible"),
        ("设备", 5, "验收日期", "notice", "year_missing"),
    ]


def test_a_site_is_taken_in_with_degrees_and_metres_as_people_write_them(
    company: Company, make_workbook: MakeWorkbook
) -> None:
    sites = [
        ("D2", "K1", "二号楼", "25°16'12\"N", "110°17′24″E", "WGS-84", "80米"),
        ("D3", "K1", "三号楼", "25度 16分 12秒", "东经110度17分24秒", "WGS-84", "80 m"),
        ("D4", "K1", "四号楼", "25,27", "110,29", "WGS-84", "80m"),
        ("D5", "K1", "五号楼", "110°17'24\"E", "25°16'12\"N", "WGS-84", "约80米"),
    ]
    report = company.report(make_workbook(book(sites=sites)))
    assert [(f.row, f.column, f.code) for f in report.findings] == [
        (6, "纬度", "coordinates_swapped"),
        (6, "经度", "coordinates_swapped"),
        (6, "到达半径(米)", "not_a_number"),
    ]
    with reading() as connection:
        statement = select(Site.latitude, Site.longitude, Site.radius_m).where(Site.number > "D1")
        stored = [tuple(row) for row in connection.execute(statement.order_by(Site.number))]
    assert stored == [(25.27, 110.29, 80)] * 3 + [(None, None, 100)]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("'13981346270", "13981346270"),
        ("1.3981346270E+10", "13981346270"),
        ("１３９８１３４６２７０", "13981346270"),
        ("13981346270、0773-3242683", None),
        ("13981346270/0773-3242683", None),
        ("13981346270 3242683", None),
        ("13981346270；0773 3242683转12", "13981346270;0773 3242683转12"),
    ],
)
def test_a_spreadsheets_signs_are_none_of_a_telephone_number(
    company: Company, make_workbook: MakeWorkbook, written: str, kept: str | None
) -> None:
    report = company.report(make_workbook({"客户": [CUSTOMERS, ("K1", "甲", written, None)]}))
    assert report.findings == ()
    with reading() as connection:
        assert connection.execute(select(Customer.phone)).scalar_one() == (kept or written)
    assert [row.number for row in found_by("0086 139 8134 6270")] == ["K1"]


@pytest.mark.parametrize("written", ["1.39813E+10", "call me", "13981346270 或下班后", "1398134627", "13981346270/12"])
def test_what_is_no_telephone_number_for_certain_is_kept_with_a_hint(
    company: Company, make_workbook: MakeWorkbook, written: str
) -> None:
    report = company.report(make_workbook({"客户": [CUSTOMERS, ("K1", "甲", written, None)]}))
    assert [(f.row, f.code) for f in report.findings] == [(2, "phone_doubtful")]
    with reading() as connection:
        assert connection.execute(select(Customer.phone)).scalar_one() == written


def test_a_number_written_otherwise_is_the_same_number(company: Company, make_workbook: MakeWorkbook) -> None:
    customers = [("K2", "乙公司", "+86 138 0000 1111", None)]
    sites = [("D2", "K2", "二号楼", 25.25, 110.28, "GCJ-02", 80)]
    same = {"客户编号": "K2", "地点编号": "D2", "设备编号": None, "联系电话": "138-0000-1111"}
    file = make_workbook(book(customers=customers, sites=sites, orders=[order(**same)]))
    assert [f.code for f in company.report(file).findings] == []
    again = make_workbook({"报修单": [ORDERS, order(**(same | {"联系电话": "13800001111"}))]})
    assert [f.code for f in company.report(again).findings] == []
    other = make_workbook({"报修单": [ORDERS, order(**(same | {"联系电话": "13800001112"}))]})
    assert [f.code for f in company.report(other).findings] == ["phone_differs", "order_differs"]


def test_a_customer_with_the_number_of_another_is_told(company: Company, make_workbook: MakeWorkbook) -> None:
    rows = [("K8", "甲", "13981346270", None), ("K9", "乙", "0773-2822222、+86 139 8134 6270", None)]
    report = company.report(make_workbook({"客户": [CUSTOMERS, *rows]}))
    assert [(f.row, f.column, f.code, f.figures["number"]) for f in report.findings] == [
        (3, "电话", "phone_of_another", "K8")
    ]
    later = company.report(make_workbook({"客户": [CUSTOMERS, ("K10", "丙", "(0773) 282 2222", None), *rows[:1]]}))
    assert [(f.row, f.code, f.figures["number"]) for f in later.findings] == [
        (2, "phone_of_another", "K9"),
        (3, "phone_of_another", "K9"),
    ]


@pytest.mark.parametrize(
    "phone", ["13981346270", 13981346270, "+86 139-8134-6270", "0773-3242683", "(0773)3242683转12", "4008001234"]
)
def test_telephone_numbers_are_taken_in_all_their_forms(
    company: Company, make_workbook: MakeWorkbook, phone: object
) -> None:
    report = company.report(make_workbook({"客户": [CUSTOMERS, ("K1", "甲", phone, None)]}))
    assert report.findings == ()
    with reading() as connection:
        assert connection.execute(select(Customer.phone)).scalar_one() == str(phone)


def test_columns_and_sheets_that_are_not_known_are_named(company: Company, make_workbook: MakeWorkbook) -> None:
    sheets = {
        "客户": [("客户档案",), (None,), ("备用", *CUSTOMERS), ("x", *GOOD_CUSTOMER)],
        "说明": [("此表由客服导出",), ("谢谢",)],
        "空": [],
        "维修": [ORDERS[2:], order()[2:]],
    }
    report = company.report(make_workbook(sheets))
    assert [(f.sheet, f.row, f.column, f.level, f.code) for f in report.findings] == [
        ("客户", 3, "备用", "notice", "unknown_column"),
        ("说明", 0, "", "notice", "unknown_sheet"),
        ("维修", 1, "", "refused", "missing_columns"),
    ]
    assert report.sheets[0].taken == 1


def test_a_changed_row_changes_what_is_there_and_an_empty_cell_does_not(
    company: Company, make_workbook: MakeWorkbook
) -> None:
    company.report(make_workbook(book()))
    emptied = ("D1", "K1", "一号楼东", None, None, None, 80)
    report = company.report(make_workbook(book() | {"地点": [SITES, emptied]}))
    assert {sheet.sheet: sheet.changed for sheet in report.sheets}["地点"] == 1
    with reading() as connection:
        site = connection.execute(select(Site.__table__)).one()
    assert (site.name, site.latitude, site.datum) == ("一号楼东", 25.25, "GCJ-02")


def test_a_row_that_differs_from_its_order_is_told_and_changes_nothing(
    company: Company, make_workbook: MakeWorkbook
) -> None:
    company.report(make_workbook(book(orders=[order()])))
    lines = company.journal_lines()
    report = company.report(make_workbook(book(orders=[order(报修内容="不漏水", 派给=None)])))
    assert [(f.row, f.code, f.figures) for f in report.findings] == [
        (2, "order_differs", {"columns": "报修内容, 派给"})
    ]
    assert company.journal_lines() == lines


def test_an_order_that_was_edited_since_stays_as_it_is_without_a_word(
    company: Company, make_workbook: MakeWorkbook
) -> None:
    file = make_workbook(book(orders=[order()]))
    company.report(file)
    open_orders = loading_as(services(), "desk").open_orders
    assert open_orders is not None
    with writing() as connection:
        target = connection.execute(select(WorkOrder.id)).scalar_one()
        change = {"changes": {"fault": {"was": "漏水", "now": "大量漏水"}}}
        open_orders(connection, [NewOperation("order.edit", target, change)])
    assert company.report(file).findings == ()
    with reading() as connection:
        body = connection.execute(select(Document.body).where(Document.id == target)).scalar_one()
    assert json.loads(body)["fault"] == "大量漏水"


def test_lists_and_rules_are_taken_in_before_the_orders_that_need_them(
    company: Company, make_workbook: MakeWorkbook
) -> None:
    company.load(make_workbook(book(orders=[order()])), DATA / "conduct_checklist.csv")
    with reading() as connection:
        body = connection.execute(select(Document.body).where(Document.type == "work_order")).scalar_one()
    assert len(json.loads(body)["checklist"]["lists"]) == 1


def test_a_load_that_broke_off_goes_on_where_it_was(company: Company, make_workbook: MakeWorkbook) -> None:
    file = make_workbook(book(orders=[order(工单号=f"R-{number}") for number in range(PORTION + 5)]))
    loading = loading_as(services(), "desk")
    portions: list[int] = []

    def breaks(connection: Connection, operations: list[NewOperation]) -> list[Outcome]:
        portions.append(len(operations))
        if len(portions) == 2:
            raise ConnectionError("the power went")
        assert loading.open_orders is not None
        return loading.open_orders(connection, operations)

    with pytest.raises(ConnectionError):
        load_contents(read_file(file), replace(loading, open_orders=breaks))
    assert portions == [PORTION, 5]
    (sheet,) = [sheet for sheet in company.report(file).sheets if sheet.table == "work_orders"]
    assert (sheet.taken, sheet.unchanged) == (5, PORTION)


def test_an_order_that_the_ledger_holds_stops_the_file_with_a_sentence(
    company: Company, make_workbook: MakeWorkbook
) -> None:
    file, loading = make_workbook(book(orders=[order()])), loading_as(services(), "desk")
    with writing() as connection:
        connection.execute(update(Person).where(Person.username == "desk").values(role="inspector"))
    (problem,) = load_files([file], loading)
    assert getattr(problem, "code", None) == "order_not_taken"
    assert company.journal_lines() == 0
    with writing() as connection:
        connection.execute(update(Person).where(Person.username == "desk").values(role="service_desk"))
    assert [(sheet.table, sheet.taken, sheet.unchanged) for sheet in company.report(file).sheets] == [
        ("customers", 0, 1), ("sites", 0, 1), ("assets", 0, 1), ("work_orders", 1, 0)
    ]  # fmt: skip


def test_progress_is_told_from_the_first_row_to_the_last(company: Company, make_workbook: MakeWorkbook) -> None:
    told: list[tuple[str, int, int]] = []
    rows = [(f"K{number}", "甲", None, None) for number in range(50)]
    file = make_workbook({"客户": [CUSTOMERS, *rows]})
    company.load(file, progress=lambda _file, sheet, done, total: told.append((sheet, done, total)))
    assert told == [("客户", 0, 50), ("客户", 20, 50), ("客户", 40, 50), ("客户", 50, 50)]
