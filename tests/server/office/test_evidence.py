"""What is weak is listed with its reasons, one person's evidence is counted, and only reviewers see either."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from flask_migrate import downgrade
from sqlalchemy import delete, event, insert, select, update

from server.database import migrate_to_newest, reading, writing
from server.documents.parts.evidence_items import evidence_items
from server.documents.work_order.type import WORK_ORDER
from server.keeping.check import check_documents
from server.models import EvidenceRow, Person
from server.office.evidence import evidence_counts, evidence_queries
from server.office.evidence.evidence_counts import By
from server.office.evidence.evidence_queries import EvidenceFilter, Item
from server.sync.store.evidence_rows import rows_of, write_evidence
from tests.server.office.scene import Scene, new_id, whole_job

Browser = Callable[..., FlaskClient]
WINDOW = ("09:00", "11:00")


@pytest.fixture
def order(scene: Scene) -> str:
    """An order for Li Wei, opened by the service desk at two past eight."""
    place = scene.site("0001", "王先生", "漓江花园")
    return scene.at("8:02").open("zhangmin", "地下室水泵漏水", place, "liwei", WINDOW)


def rows(order: str) -> list[Any]:  # Any: rows of the table
    with reading() as connection:
        found = select(EvidenceRow).where(EvidenceRow.document_id == order).order_by(EvidenceRow.at)
        return list(connection.execute(found))


def arrive(scene: Scene, order: str, north_m: float = 7.5) -> str:
    """Li Wei arrives at 9:14, `north_m` from the site, and is heard of at 9:30."""
    scene.at("8:44").contact("liwei")
    arrival = new_id()
    scene.note(
        "liwei", "9:14", "arrival.record", order, {"arrival": arrival, "position": scene.fix("9:14", 8, north_m)}
    )
    scene.at("9:30").contact("liwei")
    return arrival


def test_every_arrival_photo_and_signature_has_a_row_that_follows_its_document(scene: Scene, order: str) -> None:
    whole_job(scene, order)
    [arrival], [signature] = ([row for row in rows(order) if row.kind == kind] for kind in ("arrival", "signature"))
    assert (arrival.state, arrival.weak, arrival.reasons) == ("verified", False, "")
    assert (signature.state, signature.weak) == (scene.body(order)["signatures"][0]["state"], False)
    assert arrival.person_id == signature.person_id == scene.ids["liwei"]
    assert [(row.state, row.weak) for row in rows(order) if row.kind == "photo"] == [("missing", True)] * 3
    scene.deliver_photo("liwei", "DSCN0010.jpg")
    assert sorted(row.state for row in rows(order) if row.kind == "photo") == ["missing", "missing", "stored"]
    photo = scene.body(order)["photos"][1]["id"]
    scene.note("liwei", "10:50", "photo.remove", order, {"photo": photo})
    scene.at("10:55").contact("liwei")
    assert sorted(row.state for row in rows(order) if row.kind == "photo") == ["missing", "stored"]
    with reading() as connection:
        assert list(check_documents(connection)) == []


def test_a_row_that_is_lost_or_wrong_is_found_by_the_check(scene: Scene, order: str) -> None:
    arrive(scene, order)
    with writing() as connection:
        connection.execute(update(EvidenceRow).values(weak=True))
        assert [finding.code for finding in check_documents(connection)] == ["evidence-differs"]
        connection.execute(delete(EvidenceRow))
        assert [finding.code for finding in check_documents(connection)] == ["evidence-differs"]


def test_what_is_weak_is_listed_with_its_reason_and_where_to_look(scene: Scene, order: str, browser: Browser) -> None:
    arrive(scene, order, north_m=900)
    supervisor = browser("chenhong")
    page = supervisor.get("/office/evidence").text
    assert "有矛盾" in page and "地下室水泵漏水" in page and f"/office/orders/{order}" in page
    english = browser("chenhong", "en").get("/office/evidence").text
    assert "Not at the site" in english and "Contradicted" in english
    assert "At the site:" not in english


def test_a_ruling_stands_beside_what_the_machine_said(scene: Scene, order: str, browser: Browser) -> None:
    arrival = arrive(scene, order, north_m=900)
    scene.at("9:40").office("chenhong", "arrival.rule", order, {"arrival": arrival, "decision": "accepted"})
    for address in ("/office/evidence", f"/office/orders/{order}"):
        page = browser("chenhong").get(address).text
        assert re.search(r"有矛盾</span>\s*<span class=\"chip soft\">", page), address


def test_a_verified_arrival_is_not_listed(scene: Scene, order: str, browser: Browser) -> None:
    arrive(scene, order)
    assert scene.body(order)["arrivals"][0]["verdict"] == "verified"
    page = browser("chenhong").get("/office/evidence").text
    assert "没有符合条件的记录" in page and order not in page


@pytest.mark.parametrize(("asked", "found"), [
    ("", True), ("kind=arrival", True), ("kind=photo", False), ("since=2026-11-24", True), ("since=2026-11-25", False),
    ("until=2026-11-24", True), ("until=2026-11-23", False), ("kind=nonsense", True), ("since=yesterday", True),
    ("until=9999-12-31", True), ("after=nonsense", True), ("after=a~b~c~d", True),
])  # fmt: skip
def test_the_list_is_narrowed_by_kind_and_period_and_survives_nonsense(
    scene: Scene, order: str, browser: Browser, asked: str, found: bool
) -> None:
    arrive(scene, order, north_m=900)
    answer = browser("chenhong").get(f"/office/evidence?{asked}")
    assert answer.status_code == 200
    assert (order in answer.text) is found


def test_the_list_is_narrowed_to_a_person(scene: Scene, order: str, browser: Browser) -> None:
    arrive(scene, order, north_m=900)
    other = scene.person("chenjie", "陈杰", "technician")
    supervisor = browser("chenhong")
    assert order in supervisor.get(f"/office/evidence?person={scene.ids['liwei']}").text
    assert order not in supervisor.get(f"/office/evidence?person={other}").text


def test_pages_hold_every_row_once_though_new_ones_come_in_between(scene: Scene, order: str) -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    # Three at each moment: a page that ends among them goes on with the next of the same moment.
    many = [(new_id(), at + timedelta(minutes=number // 3)) for number in range(120)]
    with writing() as connection:
        connection.execute(insert(EvidenceRow), [made(order, item, when) for item, when in many])
    seen: list[str] = []
    after = None
    for page_number in range(4):
        with reading() as connection:
            page = evidence_queries.weak_items(connection, EvidenceFilter(), after)
        seen += [item.item_id for item in page.rows]
        assert [item.at for item in page.rows] == sorted((item.at for item in page.rows), reverse=True)
        after = page.next
        if after is None:
            break
        with writing() as connection:
            connection.execute(insert(EvidenceRow), [made(order, new_id(), at + timedelta(days=1 + page_number))])
    assert sorted(seen) == sorted(item for item, _ in many)


def made(order: str, item: str, at: datetime, **values: Any) -> dict[str, Any]:  # Any: column values
    """A row of an unproven arrival."""
    row = {
        "document_type": "work_order",
        "document_id": order,
        "kind": "arrival",
        "item_id": item,
        "person_id": new_id(),
        "at": at,
    }
    return row | {"state": "unproven", "weak": True, "reasons": "old_fix"} | values


@pytest.mark.parametrize("wanted", [
    EvidenceFilter(), EvidenceFilter(person=new_id()), EvidenceFilter(kind="photo"),
    EvidenceFilter(since=datetime(2026, 11, 1, tzinfo=UTC), until=datetime(2026, 12, 1, tzinfo=UTC)),
])  # fmt: skip
def test_the_list_reads_an_index_and_no_table_from_end_to_end(scene: Scene, wanted: EvidenceFilter) -> None:
    asked: list[Any] = []
    with reading() as connection:
        if connection.dialect.name != "sqlite":
            pytest.skip("PostgreSQL plans by the rows that are there")
        event.listen(connection, "before_cursor_execute", lambda *told: asked.append(told[2:4]))
        evidence_queries.weak_items(connection, wanted, None)
        [(statement, parameters)] = asked
        plan = [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    assert "SEARCH evidence_row USING INDEX ix_evidence_row" in plan[0], plan


def test_one_persons_evidence_is_counted_with_its_total_and_no_accusation(
    scene: Scene, order: str, browser: Browser
) -> None:
    arrive(scene, order, north_m=900)
    supervisor = browser("chenhong")
    for by in ("month", "week", "nonsense"):
        page = supervisor.get(f"/office/evidence/people/{scene.ids['liwei']}?by={by}").text
        assert "李伟" in page and "1 次到达中，1 次没有得到核实" in page and "定位在现场范围外" in page
        assert "不是谁工作得好不好" in page
    assert supervisor.get(f"/office/evidence/people/{new_id()}").status_code == 404
    assert "这段时间没有记录" in supervisor.get(f"/office/evidence/people/{scene.ids['chenhong']}").text


def test_without_an_arrival_nothing_is_said_to_be_verified(scene: Scene, order: str, browser: Browser) -> None:
    page, desk = f"/office/evidence/people/{scene.ids['liwei']}", browser("chenhong")
    scene.at("8:44").contact("liwei")
    data = {"photo": new_id(), "sha256": "a" * 64, "size": 1, "media_type": "image/jpeg", "purpose": "fault",
            "taken_at": "2026-11-24T08:50:00+08:00"}  # fmt: skip
    scene.note("liwei", "8:50", "photo.add", order, data)
    scene.at("8:55").contact("liwei")
    assert "缺 1" in desk.get(page).text and "为什么没有得到核实" not in desk.get(page).text
    arrive(scene, order)
    assert "这段时间的到达都已核实" in desk.get(page).text


def test_only_reviewers_know_of_the_pages(scene: Scene, order: str, browser: Browser) -> None:
    arrive(scene, order, north_m=900)
    scene.person("zhoulan", "周岚", "supervisor")
    desk, once_supervisor = browser("zhangmin"), browser("zhoulan")
    with writing() as connection:
        connection.execute(update(Person).where(Person.id == scene.ids["zhoulan"]).values(role="technician"))
    for address in ("/office/evidence", f"/office/evidence/people/{scene.ids['liwei']}"):
        for somebody in (desk, once_supervisor):
            answer = somebody.get(address)
            assert answer.status_code == 404 and "凭据" not in answer.text and "李伟" not in answer.text
        assert "<nav" not in once_supervisor.get(address).text, "a technician is shown no room of the office"
        assert scene.app.test_client().get(address).status_code == 303
    assert "/office/evidence" not in desk.get("/office/orders").text
    assert "/office/evidence" in browser("chenhong").get("/office/orders").text


def item(kind: str, state: str, at: datetime, *reasons: str) -> Item:
    return Item(new_id(), kind, new_id(), new_id(), at, state, reasons)


def test_periods_follow_the_companys_calendar() -> None:
    months = evidence_counts.periods(By.MONTH, date(2026, 3, 31))
    assert [(period.first, period.next) for period in months[:3]] == [
        (date(2026, 3, 1), date(2026, 4, 1)), (date(2026, 2, 1), date(2026, 3, 1)),
        (date(2026, 1, 1), date(2026, 2, 1)),
    ]  # fmt: skip
    weeks = evidence_counts.periods(By.WEEK, date(2026, 11, 25))
    assert weeks[0] == evidence_counts.Period(date(2026, 11, 23), date(2026, 11, 30))
    late = datetime(2026, 3, 31, 16, 30, tzinfo=UTC)  # half past midnight on 1 April in Shanghai
    shanghai = ZoneInfo("Asia/Shanghai")
    of_april = evidence_counts.counted(
        [item("arrival", "verified", late)], evidence_counts.periods(By.MONTH, date(2026, 4, 2)), shanghai
    )
    assert [one.period and one.period.first for one in of_april] == [date(2026, 4, 1)]


def test_counts_add_up_and_reasons_are_counted_by_arrival() -> None:
    at = datetime(2026, 11, 24, 1, tzinfo=UTC)
    items = [
        item("arrival", "verified", at), item("arrival", "unproven", at, "old_fix", "unclear"),
        item("arrival", "unproven", at, "old_fix"), item("arrival", "contradicted", at, "outside"),
        item("photo", "missing", at), item("signature", "superseded", at, "materials"),
    ]  # fmt: skip
    together = evidence_counts.totals(items)
    assert together.total("arrival") == 4 == sum(together.number("arrival", one) for one in evidence_counts.VERDICTS)
    assert [(verdict, width) for verdict, _, width in together.shares(100)] == [
        ("verified", 25.0), ("unproven", 50.0), ("contradicted", 25.0),
    ]  # fmt: skip
    assert evidence_counts.doubts(items) == [("old_fix", 2), ("outside", 1), ("unclear", 1)]


def test_rows_are_made_again_from_documents_alone(scene: Scene, order: str) -> None:
    """As the migration makes them for a database that had none."""
    whole_job(scene, order)
    before = rows(order)
    with writing() as connection:
        connection.execute(delete(EvidenceRow))
        write_evidence(connection, WORK_ORDER, order, scene.body(order))
    assert rows(order) == before
    assert len(rows_of(WORK_ORDER, scene.body(order))) == len(list(evidence_items(scene.body(order)))) == len(before)


def test_a_database_from_before_gets_its_rows_when_it_is_brought_up_to_date(scene: Scene, order: str) -> None:
    whole_job(scene, order)
    arrive(scene, scene.at("10:50").open("zhangmin", "配电箱跳闸", None, "liwei", WINDOW))
    everything = select(EvidenceRow).order_by(EvidenceRow.kind, EvidenceRow.item_id)
    with reading() as connection:
        before = connection.execute(everything).all()
    downgrade(revision="0004")
    migrate_to_newest()
    with reading() as connection:
        assert connection.execute(everything).all() == before
        assert list(check_documents(connection)) == []
