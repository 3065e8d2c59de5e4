"""What the tests of imports share: small workbooks, and a company that files are loaded into."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from apiflask import APIFlask
from sqlalchemy import func, select

from server.database import reading, writing
from server.imports.findings import FileProblem, FileReport
from server.imports.load import Progress, load_files, no_progress
from server.imports.wiring import loading_as
from server.models import JournalLine
from server.services import services, utc_now
from server.sync.store.people import add_person

DATA = Path(__file__).resolve().parents[3] / "server" / "demo" / "data"
SERVICE_DESK = DATA / "service_desk.xlsx"

Sheets = dict[str, Sequence[Sequence[object]]]
MakeWorkbook = Callable[[Sheets], Path]

CUSTOMERS = ("客户编号", "客户名称", "电话", "服务合同")
SITES = ("地点编号", "客户编号", "名称", "纬度", "经度", "坐标系", "到达半径(米)")
ASSETS = ("设备编号", "地点编号", "名称", "竣工日期", "验收日期")
ORDERS = ("工单号", "报修时间", "客户编号", "地点编号", "设备编号", "报修内容", "联系电话", "紧急程度")
ORDERS += ("预约开始", "预约结束", "派给")


@pytest.fixture
def make_workbook(tmp_path: Path) -> MakeWorkbook:
    """Writes a workbook of the given sheets, each a list of rows with its headings first."""

    def make(sheets: Sheets) -> Path:
        workbook = openpyxl.Workbook()
        workbook.remove(workbook.worksheets[0])
        for title, rows in sheets.items():
            worksheet = workbook.create_sheet(title)
            for row in rows:
                worksheet.append(list(row))
        file = tmp_path / "book.xlsx"
        workbook.save(file)
        return file

    return make


@dataclass(frozen=True)
class Company:
    """A company with the technicians of the service desk's file and somebody to open orders."""

    ids: dict[str, str]

    def load(self, *files: Path, progress: Progress = no_progress) -> list[FileReport | FileProblem]:
        """Load files as the service desk."""
        return list(load_files(files, loading_as(services(), "desk"), progress))

    def report(self, file: Path) -> FileReport:
        """Load one file that can be read."""
        (report,) = self.load(file)
        assert isinstance(report, FileReport)
        return report

    def problem(self, file: Path) -> FileProblem:
        """Load one file that cannot be taken in."""
        (problem,) = self.load(file)
        assert isinstance(problem, FileProblem)
        return problem

    def journal_lines(self) -> int:
        """How many lines the server has taken in."""
        with reading() as connection:
            return connection.execute(select(func.count()).select_from(JournalLine)).scalar_one()


def new_company(password_hash: str) -> Company:
    """Make the company's people, in the app of the current context."""
    people = dict.fromkeys(("liwei", "wanggang", "chenjie", "zhaomin"), "technician") | {"desk": "service_desk"}
    with writing() as connection:
        return Company(
            {
                username: add_person(connection, username, username, role, password_hash, utc_now())
                for username, role in people.items()
            }
        )


@pytest.fixture
def company(app: APIFlask, password_hash: str) -> Iterator[Company]:
    """The company, inside its app's context."""
    with app.app_context():
        yield new_company(password_hash)
