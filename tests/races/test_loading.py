"""Spreadsheets that are taken in while phones work, and two at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import Connection, select

from server.database import reading, write, writing
from server.imports.findings import FileReport
from server.imports.load import PORTION, load_files
from server.imports.wiring import loading_as
from server.models import Part, WorkOrder
from server.services import services
from server.sync.store.finding import rule_set_of
from tests.databases import PATIENCE_S
from tests.races.gates import somebody_waits
from tests.server.conftest import Beside
from tests.server.imports.conftest import MakeWorkbook
from tests.server.imports.test_rows import book, order
from tests.server.sync.phone import Phone, new_id

T = TypeVar("T")
Loaded = Callable[[], list[FileReport]]


def loads(file: Path) -> list[FileReport]:
    """Takes a file in, as the service desk."""
    reports = list(load_files([file], loading_as(services(), "chen")))
    assert all(isinstance(report, FileReport) for report in reports), reports
    return [report for report in reports if isinstance(report, FileReport)]


def one_while_another(first: Path, second: Path, beside: Beside, at: int = 1) -> tuple[FileReport, FileReport]:
    """What comes of two files: the transaction of the one that has number `at` stays open until the other waits."""
    later, begun = [], count(1)

    def held_open(work: Callable[[Connection], T]) -> T:
        if next(begun) != at:
            return write(work)
        with writing() as connection:
            result = work(connection)
            later.append(beside(lambda: loads(second)))
            somebody_waits()
            return result

    (report,) = load_files([first], replace(loading_as(services(), "chen"), write=held_open))
    assert isinstance(report, FileReport)
    (other,) = later[0].result(PATIENCE_S)
    return report, other


def numbers() -> list[str]:
    with reading() as connection:
        return sorted(connection.execute(select(WorkOrder.number)).scalars())


def test_phones_write_between_the_portions_of_a_file(
    zhang: Phone,
    make_workbook: MakeWorkbook,
    beside: Beside,
) -> None:
    """The phone's line is about an order that the file has not come to yet, and it waits in a feed of the file's."""
    file = make_workbook(book(orders=[order(工单号=f"R-{number:03}", 派给=None) for number in range(3 * PORTION)]))
    came: list[str] = []

    def progress(_file: str, sheet: str, done: int, total: int) -> None:
        if done == PORTION and total == 3 * PORTION:
            zhang.write("order.open", new_id(), {"kind": "repair", "fault": "found on the spot"})
            came.extend(each["status"] for each in beside(zhang.sync).result(PATIENCE_S))

    list(load_files([file], loading_as(services(), "chen"), progress))
    assert came == ["applied"] and len(numbers()) == 3 * PORTION + 1


def test_the_same_file_twice_at_once_is_in_once(make_workbook: MakeWorkbook, beside: Beside) -> None:
    loads(make_workbook(book()))
    file = make_workbook(book(orders=[order(工单号=f"R-{number:03}", 派给=None) for number in range(PORTION + 5)]))
    one, other = one_while_another(file, file, beside, at=2)
    counted = [{sheet.table: sheet.taken + sheet.unchanged for sheet in report.sheets} for report in (one, other)]
    assert counted[0] == counted[1] and counted[0]["work_orders"] == PORTION + 5
    taken = [sheet.taken for report in (one, other) for sheet in report.sheets if sheet.table == "work_orders"]
    assert sum(taken) == PORTION + 5 == len(numbers())


def test_of_two_files_with_warranty_terms_at_once_both_stand(tmp_path: Path, beside: Beside) -> None:
    files = []
    for category in ("lifts", "boilers", "pumps"):
        files.append(tmp_path / f"{category}.csv")
        files[-1].write_text(f"norm,类别,年,起算\nS19,{category},2,验收合格\n", encoding="utf-8")
    loads(files.pop(0))
    one_while_another(*files, beside)
    with reading() as connection:
        named = {name for term in rule_set_of(connection)["warranty_terms"] for name in term["categories"]}
    assert {"lifts", "boilers", "pumps"} <= named


@pytest.mark.parametrize("known", [True, False], ids=["of a part on file", "of a part that nobody knows yet"])
def test_of_two_first_stock_figures_at_once_the_later_is_told(tmp_path: Path, beside: Beside, known: bool) -> None:
    files = []
    for figure in ("", "5", "7"):
        files.append(tmp_path / f"parts-{figure}.csv")
        files[-1].write_text(f"配件号,名称,单位,单价(元),仓库数量\nP-1,密封件,套,12.50,{figure}\n", encoding="utf-8")
    without = files.pop(0)
    if known:
        loads(without)
    _, other = one_while_another(*files, beside)
    assert [finding.code for finding in other.findings] == ["stock_kept"]
    with reading() as connection:
        assert connection.execute(select(Part.stock)).scalar_one() == '{"warehouse": "5"}'
