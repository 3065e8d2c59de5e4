from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from server.database import reading, writing
from server.imports.findings import FileReport
from server.models import Document, FeedEntry, Part
from server.rules.defaults import default_rule_set
from server.rules.scripts import only_in
from server.sync.store.finding import rule_set_of
from tests.server.imports.conftest import DATA, Company, MakeWorkbook

PARTS = ("配件号", "名称", "单位", "单价(元)", "仓库数量")


def csv_file(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    file = folder / name
    file.write_bytes(text.encode(encoding))
    return file


def test_parts_are_taken_in_with_exact_prices_initials_and_stock(company: Company) -> None:
    report = company.report(DATA / "parts.csv")
    assert (report.sheets[0].taken, report.findings) == (50, ())
    with reading() as connection:
        parts = {row.number: row for row in connection.execute(select(Part.__table__))}
        text = connection.execute(
            select(Document.body).where(Document.id == parts["PJ0005"].id, Document.type == "part")
        ).scalar_one()
        feed = connection.execute(
            select(FeedEntry.document_id).where(FeedEntry.feed == "company", FeedEntry.type == "part")
        ).scalars()
        assert set(feed) == {part.id for part in parts.values()}
    assert (parts["PJ0005"].unit_price, parts["PJ0008"].initials) == (260, "fqkg")
    assert parts["PJ0001"].initials == "jxmfcr32"
    assert json.loads(text) == {
        "id": parts["PJ0005"].id,
        "number": "PJ0005",
        "name": "PPR弯头 DN25",
        "initials": "pprwtdn25",
        "unit": "个",
        "unit_price": 260,
        "stock": {"warehouse": "23"},
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_file_is_read_as_spreadsheets_write_it(
    company: Company, tmp_path: Path, encoding: str, delimiter: str
) -> None:
    text = "\r\n".join(delimiter.join(row) for row in (PARTS, ("P1", "水泵", "台", "1280.50", "3")))
    assert company.report(csv_file(tmp_path, "p.csv", text, encoding)).sheets[0].taken == 1
    with reading() as connection:
        assert connection.execute(select(Part.name, Part.unit_price)).all() == [("水泵", 128050)]


def test_english_headings_are_understood(company: Company, tmp_path: Path) -> None:
    text = "Part number,Name,Unit,Unit price,Stock\nP1,pump,pc,12.50,3\n"
    assert company.report(csv_file(tmp_path, "p.csv", text)).sheets[0].taken == 1


def test_bad_parts_are_refused_with_their_place(company: Company, make_workbook: MakeWorkbook) -> None:
    rows = [
        PARTS,
        ("P1", "a", "个", "1.005", 1),
        ("P2", "b", "个", "-1", 1),
        ("P3", "c", "个", "面议", 1),
        ("P4", "d", "个", None, 1),
        (None, "e", "个", 1, 1),
        ("P6", "f", "个", 0.1, 2.5),
        ("P7", "g", "个", "#N/A", 1),
    ]
    report = company.report(make_workbook({"配件": rows}))
    refused = [(f.row, f.column, f.code) for f in report.findings if f.level == "refused"]
    assert refused == [
        (2, "单价(元)", "price_impossible"),
        (3, "单价(元)", "number_negative"),
        (4, "单价(元)", "not_a_number"),
        (5, "单价(元)", "value_missing"),
        (6, "配件号", "value_missing"),
        (8, "单价(元)", "not_a_number"),
    ]
    with reading() as connection:
        part = connection.execute(select(Part.__table__)).one()
    assert (part.number, part.unit_price, json.loads(part.stock)) == ("P6", 10, {"warehouse": "2.5"})


def test_a_price_in_another_unit_is_not_taken_for_yuan(company: Company, make_workbook: MakeWorkbook) -> None:
    rows = [("配件号", "名称", "单位", "单价(万元)", "仓库数量"), ("P1", "a", "个", 1, 1)]
    report = company.report(make_workbook({"配件": rows}))
    assert [(f.code, f.figures) for f in report.findings] == [("missing_columns", {"columns": "单价(元)"})]
    assert report.refused == 1


def test_stock_that_moved_since_is_not_set_back(company: Company, tmp_path: Path) -> None:
    file = csv_file(tmp_path, "p.csv", "配件号,名称,单位,单价(元),仓库数量\nP1,a,个,1,10\n")
    company.report(file)
    with writing() as connection:
        connection.execute(Part.__table__.update().values(stock='{"warehouse": "7"}'))
    report = company.report(file)
    assert [(f.row, f.column, f.code, f.figures) for f in report.findings] == [
        (2, "仓库数量", "stock_kept", {"stock": "7"})
    ]
    with reading() as connection:
        assert connection.execute(select(Part.stock)).scalar_one() == '{"warehouse": "7"}'


def test_warranty_terms_go_into_the_rule_set(company: Company, tmp_path: Path) -> None:
    assert company.report(DATA / "warranty_terms.csv").sheets[0].taken == 9
    with reading() as connection:
        assert rule_set_of(connection) == default_rule_set()
    text = "norm,类别,年,起算\nS19,泥水,5,验收合格\nX,电梯,1.5,竣工验收次日\nX,桥,0,验收\nX,路,2,某天\n"
    report = company.report(csv_file(tmp_path, "terms.csv", text))
    assert (report.sheets[0].taken, report.sheets[0].changed, report.sheets[0].refused) == (1, 1, 2)
    assert [f.code for f in report.findings] == ["term_impossible", "unknown_term_start"]
    with reading() as connection:
        terms = {term["categories"][0]: term for term in rule_set_of(connection)["warranty_terms"]}
    assert terms["泥水"]["months"] == 60
    assert (terms["电梯"]["months"], terms["电梯"]["from"]) == (18, "day_after_acceptance")
    assert terms["水电隐蔽"]["months"] == 120


def test_checklists_become_documents_and_only_that_of_a_visit_comes_with_orders(company: Company) -> None:
    for name, count in (("conduct_checklist.csv", 9), ("audit_checklist.csv", 19)):
        assert company.report(DATA / name).sheets[0].taken == count
    with reading() as connection:
        lists = [
            json.loads(body)
            for body in connection.execute(select(Document.body).where(Document.type == "checklist")).scalars()
        ]
    by_use = {body["use"]: body for body in lists}
    assert by_use["arrival"]["items"][0]["text"] == "穿着公司统一工服且无破损"
    assert "repair" in by_use["arrival"]["kinds"] and by_use["audit"]["kinds"] == []
    assert by_use["audit"]["items"][0]["area"] == "清洁"
    asked = {item["text"]: item["when"] for item in by_use["arrival"]["items"]}
    assert (asked["佩带本人工牌"], asked["维修结束清洁现场"]) == ("arrival", "end")
    assert (asked["工具放在工具箱内"], asked["在玄关处脱鞋或用鞋套"]) == ("arrival", "arrival")
    assert asked["不使用或要求客户购买维修工具或材料"] == "work"
    identities = [item["id"] for body in lists for item in body["items"]]
    assert len(set(identities)) == 28
    assert not company.report(DATA / "conduct_checklist.csv").wrote_something


def test_a_moment_that_is_no_word_of_a_visit_is_said_and_asked_on_arrival(company: Company, tmp_path: Path) -> None:
    report = company.report(csv_file(tmp_path, "conduct.csv", "时机,检查项\n结束,清洁\n随便,礼貌\n,工牌\n"))
    assert (report.sheets[0].taken, [f.code for f in report.findings]) == (3, ["unknown_moment"])
    with reading() as connection:
        body = json.loads(connection.execute(select(Document.body).where(Document.type == "checklist")).scalar_one())
    assert [item["when"] for item in body["items"]] == ["end", None, None]


def checklists() -> list[Any]:  # Any: JSON
    """All lists as phones get them."""
    with reading() as connection:
        bodies = connection.execute(select(Document.body).where(Document.type == "checklist")).scalars()
        return [json.loads(body) for body in bodies]


def test_the_norms_lists_come_in_both_languages(company: Company) -> None:
    for name in ("conduct_checklist.csv", "audit_checklist.csv"):
        company.load(DATA / name)
    lists = checklists()
    assert {one["names"]["en"] for one in lists} == {"Conduct on site", "Shop audit"}
    for one in lists:
        assert only_in(one["items"], "en") is None, one["name"]
        assert only_in(one["items"], "zh-CN") is None, one["name"]


def test_a_companys_own_list_comes_as_it_is_or_with_the_other_language_beside_it(
    company: Company, tmp_path: Path
) -> None:
    rows = "检查项,英文\n看水表,Read the water meter\n看电表,\n佩带本人工牌,Badge on\n关门,关上门\n"
    company.load(csv_file(tmp_path, "meters.csv", rows))
    [one] = checklists()
    assert "names" not in one
    assert [item.get("texts") for item in one["items"]] == [
        {"zh-CN": "看水表", "en": "Read the water meter"},
        None,
        {"zh-CN": "佩带本人工牌", "en": "Badge on"},
        None,
    ]
    assert only_in(one["items"], "en") == "zh-CN"
    company.load(csv_file(tmp_path, "doors.csv", "item,other language\nClose the door,关门\n"))
    [doors] = [each for each in checklists() if each["id"] != one["id"]]
    assert doors["items"][0]["texts"] == {"en": "Close the door", "zh-CN": "关门"}


def test_a_table_that_is_not_supported_yet_is_named_as_such(company: Company) -> None:
    (report,) = company.load(DATA / "landscaping_plans.csv")
    assert isinstance(report, FileReport)
    assert [(f.level, f.code) for f in report.findings] == [("notice", "not_yet_supported_table")]
    assert not report.sheets
