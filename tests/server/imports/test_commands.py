"""The commands as they are run: exit codes, languages, the file of findings, the demonstration."""

from __future__ import annotations

import ast
import csv
import itertools
import json
import re
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from apiflask import APIFlask
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from server import demo
from server.application import create_app
from server.commands.load import load, load_demo
from server.database import db, reading, writing
from server.demo import load as demonstration
from server.demo.load import BUSIEST_DAY, mover
from server.imports.rows import Known, WorkOrderRow
from server.language import CATALOGUES
from server.models import Document, JournalLine, Person, WorkOrder
from server.password_hashes import matches
from server.rules.defaults import default_rule_set
from server.services import services, utc_now
from server.settings import Settings
from server.sync.store.people import add_person
from tests.databases import environment
from tests.server.imports.conftest import DATA, SERVICE_DESK

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """Runs a command on the fresh company of `settings`."""
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    return CliRunner()


def loaded(run: CliRunner, *arguments: str | Path) -> Result:
    result = run.invoke(load, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


@pytest.fixture
def staffed(app: APIFlask, password_hash: str) -> None:
    """The company has its technicians and a service desk."""
    with app.app_context(), writing() as connection:
        for username in ("liwei", "wanggang", "chenjie", "zhaomin"):
            add_person(connection, username, username, "technician", password_hash, utc_now())
        add_person(connection, "desk", "desk", "service_desk", password_hash, utc_now())


@pytest.mark.usefixtures("staffed")
def test_findings_are_told_in_the_language_asked_for(run: CliRunner, tmp_path: Path) -> None:
    findings = tmp_path / "findings.csv"
    english = loaded(run, SERVICE_DESK, "--language", "en", "--findings", findings)
    assert english.exit_code == 0
    assert "Refused · 报修单, row 62, 设备编号: There is no asset SB99999." in english.stdout
    assert "In all: 392 new, 0 changed, 0 unchanged, 3 refused, 17 notices" in english.stdout
    assert "service_desk.xlsx · 报修单 157/157" in english.stderr
    chinese = loaded(run, SERVICE_DESK)
    assert "未导入 · 报修单 第 92 行「派给」：没有人员 nobody。" in chinese.stdout
    assert "合计：新增 0，更新 0，未变 392，未导入 3，提示 17 条" in chinese.stdout
    with findings.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 20
    assert rows[1]["Row"] == "7" and rows[1]["Column"] == "纬度" and rows[1]["Code"] == "coordinates_swapped"


@pytest.mark.usefixtures("staffed")
def test_strict_tells_a_refused_row_by_the_exit_code(run: CliRunner) -> None:
    assert loaded(run, SERVICE_DESK, "--strict").exit_code == 1
    assert loaded(run, DATA / "parts.csv", "--strict").exit_code == 0


def test_a_file_that_cannot_be_read_stops_no_other_and_shows_in_the_exit_code(run: CliRunner, tmp_path: Path) -> None:
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 broken")
    result = loaded(run, broken, DATA / "parts.csv", tmp_path / "none.csv", "--language", "en")
    assert result.exit_code == 2
    assert "broken.xlsx: This is no spreadsheet" in result.stderr
    assert "none.csv: There is no such file." in result.stderr
    assert "parts.csv: 50 new" in result.stdout


def test_orders_need_somebody_who_may_open_them(run: CliRunner, app: APIFlask, password_hash: str) -> None:
    nobody = loaded(run, SERVICE_DESK, "--language", "en")
    assert nobody.exit_code == 2 and "undercroft add-person" in nobody.stderr
    with app.app_context(), writing() as connection:
        add_person(connection, "liwei", "李伟", "technician", password_hash, utc_now())
    refused = loaded(run, SERVICE_DESK, "--as", "liwei", "--language", "en")
    assert refused.exit_code == 2 and "liwei may not open work orders" in refused.stderr
    unknown = loaded(run, SERVICE_DESK, "--as", "someone", "--language", "en")
    assert unknown.exit_code == 2 and "Nobody active signs in as someone" in unknown.stderr


def test_an_unknown_language_is_refused(run: CliRunner) -> None:
    result = loaded(run, DATA / "parts.csv", "--language", "fr")
    assert result.exit_code == 2 and "zh-CN, en" in result.stderr


def test_every_code_of_the_import_has_its_sentence_in_both_languages() -> None:
    sources = [*(DATA.parents[1] / "imports").glob("*.py"), *DATA.parent.glob("*.py")]
    codes = {code for source in sources for code in codes_in(ast.parse(source.read_text("utf-8")))}
    assert {"coordinates_swapped", "not_a_spreadsheet", "stock_kept", "date_impossible"} <= codes
    for language in ("zh-CN", "en"):
        texts = set(re.findall(r"^import-([a-z-]+) =", (CATALOGUES / language / "import.ftl").read_text(), re.M))
        assert {code.replace("_", "-") for code in codes} - texts == set()


def codes_in(module: ast.Module) -> set[str]:
    """The codes that a module gives to findings and problems: the word after a column, a file or a level."""
    found = set()
    for call in (node for node in ast.walk(module) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        words = [arg.value if isinstance(arg, ast.Constant) else None for arg in call.args]
        if name in ("refuse", "notice", "FileProblem", "say"):
            found.update(words[1:2])
        elif name == "NotAMoment":
            found.update(words[:1])
        elif name == "Finding":
            found.update(after for level, after in itertools.pairwise(words) if level in ("notice", "refused"))
    return {str(code) for code in found if code is not None}


def test_the_demonstration_is_loaded_once_and_its_accounts_are_printed_each_time(
    run: CliRunner, settings: Settings
) -> None:
    first = run.invoke(load_demo, ["--language", "en"])
    assert first.exit_code == 0, first.output
    for account in demo.ACCOUNTS:
        assert account.username in first.stdout
    assert demo.PASSWORD in first.stdout
    before = _state(settings)
    second = run.invoke(load_demo, ["--language", "en"])
    assert second.exit_code == 0
    assert "0 new, 0 changed, 479 unchanged, 3 refused" in second.stdout
    assert demo.PASSWORD in second.stdout
    assert _state(settings) == before


def _state(settings: Settings) -> tuple[object, ...]:
    with create_app(settings).app_context():
        with reading() as connection:
            lines = connection.execute(select(func.count()).select_from(JournalLine)).scalar_one()
            documents = connection.execute(select(Document.id, Document.version)).all()
            passwords = connection.execute(select(Person.username, Person.password_hash)).all()
        db.engine.dispose()
    return lines, documents, passwords


@pytest.mark.parametrize(
    ("loaded_at", "least"),
    [("2026-11-30T18:00:00+08:00", 5), ("2026-12-01T03:45:00+08:00", 4), ("2026-12-06T09:00:00+08:00", 4)],
    ids=["in the evening", "at night", "on a Sunday"],
)
def test_the_demonstration_has_work_for_everybody_today(app: APIFlask, loaded_at: str, least: int) -> None:
    with app.app_context():
        now = datetime.fromisoformat(loaded_at)
        demo.load_demo(replace(services(), now=lambda: now))
        today = now.astimezone(SHANGHAI).date()
        with reading() as connection:
            people = {row.id: row.username for row in connection.execute(select(Person.__table__))}
            hashes = {row.username: row.password_hash for row in connection.execute(select(Person.__table__))}
            bodies = [
                json.loads(body)
                for body in connection.execute(select(Document.body).where(Document.type == "work_order")).scalars()
            ]
            late = connection.execute(select(func.count()).where(WorkOrder.reported_at > now)).scalar_one()
    windows = [(b["assignees"], datetime.fromisoformat(b["window"]["start"]).date()) for b in bodies]
    busy = Counter(people[person] for assignees, day in windows if day == today for person in assignees)
    assert set(busy) == {"liwei", "wanggang", "chenjie", "zhaomin"} and min(busy.values()) >= least
    if now.hour >= 18:  # What nobody can have reported yet was visited some days earlier.
        assert Counter(day for _, day in windows).most_common(1)[0][0] == today
    assert sum(not assignees for assignees, _ in windows) > 10
    assert late == 0
    assert all(matches(hashes[account.username], demo.PASSWORD) for account in demo.ACCOUNTS[:2])


def test_the_demonstration_keeps_out_of_another_company(run: CliRunner, app: APIFlask, password_hash: str) -> None:
    with app.app_context(), writing() as connection:
        add_person(connection, "somebody", "somebody", "admin", password_hash, utc_now())
    result = run.invoke(load_demo, ["--language", "en"])
    assert result.exit_code == 2 and "holds a company already" in result.stderr
    with app.app_context(), reading() as connection:
        assert connection.execute(select(func.count()).select_from(Person)).scalar_one() == 1


def test_dates_of_the_demonstration_move_by_whole_days() -> None:
    first = datetime(2027, 3, 1, 8, 30, tzinfo=SHANGHAI)
    row = WorkOrderRow(
        "W1", local("2026-11-23T10:15"), None, "K1", "D1", None, "漏水", None, None, None, "normal",
        (local("2026-11-23T14:00"), local("2026-11-23T16:00")), (),
    )  # fmt: skip
    moved = mover(first, default_rule_set(), "Asia/Shanghai")(row, Known())
    days = date(2027, 3, 1) - BUSIEST_DAY
    assert moved.window is not None and row.window is not None
    assert moved.window[0] - row.window[0] == moved.window[1] - row.window[1] == days
    assert moved.reported_at == datetime(2027, 2, 28, 10, 15, tzinfo=SHANGHAI)
    assert moved.reported_at <= first < moved.reported_at + timedelta(days=1)


@pytest.mark.parametrize("clock", ["08:30", "23:50", "00:10", "14:00"])
def test_orders_of_the_demonstration_contradict_themselves_nowhere(app: APIFlask, clock: str) -> None:
    first = local(f"2026-12-01T{clock}")
    with app.app_context():
        demonstration.load_demo(replace(services(), now=lambda: first))
        with reading() as connection:
            statement = select(Document.body).where(Document.type == "work_order")
            bodies = [json.loads(body) for body in connection.execute(statement).scalars()]
    assert len(bodies) == 157
    today = 0
    for body in bodies:
        start, end = (datetime.fromisoformat(body["window"][edge]).astimezone(SHANGHAI) for edge in ("start", "end"))
        reported_at = datetime.fromisoformat(body["reported_at"])
        assert 8 <= start.hour < 19 and start.date() == end.date() and (end - start) == timedelta(hours=2)
        assert reported_at <= start and reported_at <= first
        due = body["deadlines"]["arrive_by"]
        assert due is None or start < datetime.fromisoformat(due), (body["number"], due, body["window"])
        today += start.date() == first.date()
    assert today >= 10


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
