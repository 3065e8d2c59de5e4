"""The list of orders: sorted, narrowed by dates, counted, as a file, and several planned at once."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from server.database import reading
from server.models import JournalLine, WorkOrder
from server.office.orders import order_list
from server.office.orders import orders as orders_page
from server.office.orders.order_list import OrderFilter, sorting
from server.office.queries.queries import OrderRow
from tests.server.office.scene import Scene, new_id

Browser = Callable[..., FlaskClient]
FAULTS = ("水泵漏水", "配电箱跳闸", "主机报警", "季度巡检", "门禁故障")


@pytest.fixture
def orders(scene: Scene) -> dict[str, str]:
    """Five orders: windows today and tomorrow, one without; the last has no site and no contract."""
    scene.person("wanggang", "王刚", "technician")
    place = scene.site("0001", "王先生", "漓江花园")
    made = {}
    for minute, (fault, window) in enumerate(
        zip(FAULTS, [("14:00", "15:00"), ("09:00", "11:00"), ("33:00", "35:00"), None, ("10:00", "12:00")], strict=True)
    ):
        scene.at(f"7:{40 + minute}")
        made[fault] = scene.open("zhangmin", fault, place, "liwei" if minute else None, window)
    return made


def shown(page: str) -> list[str]:
    """The faults of a page's table, in its order."""
    table = page.partition("<tbody")[2].partition("</table>")[0]
    return sorted((fault for fault in FAULTS if fault in table), key=table.index)


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", [4, 3, 2, 1, 0]),
        ("changed", [0, 1, 2, 3, 4]),
        ("number", [0, 1, 2, 3, 4]),
        ("-number", [4, 3, 2, 1, 0]),
        ("window", [1, 4, 0, 2, 3]),
        ("-window", [2, 0, 4, 1, 3]),
        ("due", [0, 1, 2, 3, 4]),
        ("-due", [4, 3, 2, 1, 0]),
        ("nonsense", [4, 3, 2, 1, 0]),
    ],
)
def test_columns_sort_and_pages_go_on_where_they_ended(
    orders: dict[str, str], browser: Browser, sort: str, order: list[int]
) -> None:
    page = browser("zhangmin").get("/office/orders", query_string={"sort": sort}).text
    wanted = [FAULTS[place] for place in order]
    assert shown(page) == wanted
    if sort in ("window", "-window"):
        assert f'aria-sort="{"descending" if sort[0] == "-" else "ascending"}"' in page
        assert page.count("aria-sort") == 1
        other = "window" if sort[0] == "-" else "-window"
        assert f'href="/office/orders?sort={other}"' in page
    with reading() as connection:
        for words in ("", "漓江"):
            found: list[str] = []
            after: str | None = None
            while after is not None or not found:
                part = order_list.find_orders(connection, OrderFilter(words=words), sorting(sort), after, 2)
                found += [row.body["fault"] for row in part.rows]
                after = part.next
                if after is None:
                    break
            assert found == wanted


def test_a_list_is_narrowed_by_dates_and_says_how_many_there_are(orders: dict[str, str], browser: Browser) -> None:
    desk = browser("zhangmin")

    def found(**query: str) -> tuple[list[str], str]:
        page = desk.get("/office/orders", query_string=query | {"sort": "window"}).text
        counted = re.search(r'<p class="found"[^>]*>([^<]*)', page)
        assert counted is not None
        return shown(page), counted[1].strip()

    assert found(**{"from": "2026-11-24", "to": "2026-11-24"}) == ([FAULTS[1], FAULTS[4], FAULTS[0]], "共 3 张")
    assert found(**{"from": "2026-11-25"}) == ([FAULTS[2]], "共 1 张")
    assert found(to="2026-11-23") == ([], "共 0 张")
    assert found(date="reported", to="2026-11-24")[1] == "共 5 张"
    assert found(date="due", **{"from": "2026-11-25"})[1] == "共 0 张"
    assert found(words="漓江", **{"from": "2026-11-25"})[1] == "共 1 张"
    assert found(**{"from": "nonsense", "to": "0000-00-00"})[1] == "共 5 张"
    assert "起始日期晚于截止日期" in desk.get("/office/orders?from=2026-11-25&to=2026-11-24").text


def test_many_hits_of_words_are_not_counted_to_the_end(
    orders: dict[str, str], browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_list, "COUNTED_AT_MOST", 3)
    monkeypatch.setattr(order_list, "PAGE", 2)
    assert "超过 3 张" in browser("zhangmin").get("/office/orders?words=漓江").text
    assert "共 5 张" in browser("zhangmin").get("/office/orders").text


def test_a_file_has_what_the_list_has_and_no_formulas(
    scene: Scene, orders: dict[str, str], browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.office.orders.orders.PORTION", 2)
    scene.open("zhangmin", '=HYPERLINK("http://evil","x")', None, None, None)
    desk = browser("zhangmin")
    page = desk.get("/office/orders?sort=window&words=漓江").text
    link = re.search(r'href="(/office/orders\.csv[^"]*)"', page)
    assert link is not None
    answer = desk.get(html.unescape(link[1]))
    assert answer.headers["Content-Type"].startswith("text/csv") and answer.content_length
    assert re.search(r'filename="orders-\d{8}-\d{4}\.csv"', answer.headers["Content-Disposition"])
    heads, *rows = csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")))
    assert [row[heads.index("报修内容")] for row in rows] == [FAULTS[place] for place in (1, 4, 0, 2, 3)]
    first = dict(zip(heads, rows[0], strict=True))
    assert (first["计划开始"], first["计划结束"], first["技师"]) == ("2026-11-24 09:00", "2026-11-24 11:00", "李伟")
    assert (first["电话"], first["客户"], first["状态"]) == ("13811110000", "王先生", "已派工")
    every = desk.get("/office/orders.csv").get_data().decode("utf-8-sig")
    assert "'=HYPERLINK" in every and len(list(csv.reader(io.StringIO(every)))) == 7
    assert browser("chenhong", "en").get("/office/orders.csv").get_data().decode("utf-8-sig").startswith("Number,")


def test_an_order_that_changes_while_the_file_is_read_is_in_it_once(
    scene: Scene, orders: dict[str, str], browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.office.orders.orders.PORTION", 2)
    cells, read = orders_page._cells, []

    def and_then_it_changes(row: OrderRow, *rest: Any) -> list[str]:  # Any: as the original
        if not read:
            # The one that is still to come has changed last from now on: it would stand before what was read.
            scene.note("liwei", "9:00", "note.add", orders[FAULTS[1]], {"note": new_id(), "text": "走西门"})
            scene.contact("liwei")
        read.append(row.id)
        return cells(row, *rest)

    monkeypatch.setattr(orders_page, "_cells", and_then_it_changes)
    text = browser("zhangmin").get("/office/orders.csv").get_data().decode("utf-8-sig")
    assert len(read) == len(FAULTS) and read[0] != orders[FAULTS[1]]
    assert sorted(fault for fault in FAULTS if text.count(fault) == 1) == sorted(FAULTS)


def test_a_file_is_for_the_office_alone(scene: Scene, client: FlaskClient) -> None:
    assert client.get("/office/orders.csv").status_code == 303


def fields_of(page: str) -> dict[str, list[str]]:
    """The hidden fields of the form that plans."""
    form = page.partition('action="/office/orders/plans"')[2].partition("</form>")[0]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', form):
        found.setdefault(name, []).append(html.unescape(value))
    return found


def outcomes(page: str) -> dict[str, str]:
    """By fault, what the page of outcomes says."""
    rows = page.partition("<tbody")[2].split("<tr")[1:]
    words = ("已派工", "原来就是这样", "已经提交过", "等待裁决", "没有执行")
    return {fault: " ".join(word for word in words if word in row) for fault in FAULTS for row in rows if fault in row}


def test_several_orders_are_planned_at_once_and_only_once(
    scene: Scene, orders: dict[str, str], browser: Browser
) -> None:
    desk = browser("zhangmin")
    chosen = [orders[FAULTS[place]] for place in (0, 1, 4)]
    listed = desk.get("/office/orders").text
    assert all(f'name="order" value="{identity}" form="chosen"' in listed for identity in chosen)
    page = desk.get("/office/orders/plans", query_string={"order": chosen}).text
    assert "已选 3 张" in page and all(FAULTS[place] in page for place in (0, 1, 4))
    form: dict[str, Any] = fields_of(page) | {
        "assignees": [scene.ids["wanggang"]],
        "window_day": "2026-11-26",
        "window_start": "09:00",
        "window_end": "11:00",
    }
    refused = desk.post("/office/orders/plans", data=form)
    assert refused.status_code == 422 and scene.body(chosen[0])["assignees"] == []

    # Somebody else was quicker with one of them.
    scene.office("chenhong", "order.plan", chosen[1], {"changes": {"window": {
        "was": scene.body(chosen[1])["window"],
        "now": {"start": "2026-11-25T09:00:00+08:00", "end": "2026-11-25T10:00:00+08:00"},
    }}})  # fmt: skip
    done = desk.post("/office/orders/plans", data=form | {"confirmed": "yes"})
    assert done.status_code == 200
    assert outcomes(done.text) == {FAULTS[0]: "已派工", FAULTS[1]: "等待裁决", FAULTS[4]: "已派工"}
    for identity in (chosen[0], chosen[2]):
        body = scene.body(identity)
        assert (body["assignees"], body["lead"]) == ([scene.ids["wanggang"]], scene.ids["wanggang"])
        assert body["window"]["start"].startswith("2026-11-26T09:00")
    again = desk.post("/office/orders/plans", data=form | {"confirmed": "yes"})
    assert outcomes(again.text) == {FAULTS[0]: "已经提交过", FAULTS[1]: "等待裁决", FAULTS[4]: "已经提交过"}
    with reading() as connection:
        lines = select(JournalLine.document_id).where(JournalLine.kind == "order.plan", ~JournalLine.repeated)
        assert sorted(connection.execute(lines).scalars()) == sorted([*chosen, chosen[1]])


def test_what_stands_already_is_not_written_and_a_lead_goes_on_leading(
    scene: Scene, orders: dict[str, str], browser: Browser
) -> None:
    desk = browser("zhangmin")
    page = desk.get("/office/orders/plans", query_string={"order": [orders[FAULTS[1]], orders[FAULTS[0]]]}).text
    form: dict[str, Any] = fields_of(page) | {"assignees": [scene.ids["liwei"]], "confirmed": "yes"}
    version = scene.version(orders[FAULTS[1]])
    done = desk.post("/office/orders/plans", data=form)
    assert outcomes(done.text) == {FAULTS[0]: "已派工", FAULTS[1]: "原来就是这样"}
    assert scene.version(orders[FAULTS[1]]) == version

    two = desk.get("/office/orders/plans", query_string={"order": [orders[FAULTS[1]]]}).text
    both = [scene.ids["wanggang"], scene.ids["liwei"]]
    desk.post("/office/orders/plans", data=fields_of(two) | {"assignees": both, "confirmed": "yes"})
    assert scene.body(orders[FAULTS[1]])["lead"] == scene.ids["liwei"]


def test_a_window_that_shows_the_same_minutes_is_not_written_again(
    scene: Scene, orders: dict[str, str], browser: Browser
) -> None:
    desk, (utc, same, other) = browser("zhangmin"), (orders[FAULTS[place]] for place in (0, 1, 2))
    for identity, start, end in (
        (utc, "2026-11-26T01:00:20.500Z", "2026-11-26T03:00:00Z"),
        (same, "2026-11-26T09:00:00+08:00", "2026-11-26T11:00:00+08:00"),
        (other, "2026-11-26T09:01:00+08:00", "2026-11-26T11:00:00+08:00"),
    ):
        change = {"was": scene.body(identity)["window"], "now": {"start": start, "end": end}}
        scene.office("chenhong", "order.plan", identity, {"changes": {"window": change}})
    versions = [scene.version(identity) for identity in (utc, same)]
    page = desk.get("/office/orders/plans", query_string={"order": [utc, same, other]}).text
    window = {"window_day": "2026-11-26", "window_start": "09:00", "window_end": "11:00"}
    done = desk.post("/office/orders/plans", data=fields_of(page) | window | {"confirmed": "yes"})
    assert outcomes(done.text) == {FAULTS[0]: "原来就是这样", FAULTS[1]: "原来就是这样", FAULTS[2]: "已派工"}
    assert [scene.version(identity) for identity in (utc, same)] == versions
    assert scene.body(utc)["window"]["start"] == "2026-11-26T01:00:20.500Z"
    assert scene.body(other)["window"]["start"] == "2026-11-26T09:00:00+08:00"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"assignees": []}, "请勾选技师"),
        ({"order": []}, "没有选择工单"),
        ({"was": "[]"}, "表"),
        ({"was": '{"assignees": 5, "lead": null, "window": null}'}, "表"),
        ({"was": '{"assignees": [[1]], "lead": null, "window": null}'}, "表"),
        ({"window_start": "09:00"}, "计划时间要有日期"),
    ],
)
def test_a_plan_that_cannot_be_read_changes_nothing(
    scene: Scene, orders: dict[str, str], browser: Browser, change: dict[str, Any], said: str
) -> None:
    desk, order = browser("zhangmin"), orders[FAULTS[0]]
    form: dict[str, Any] = fields_of(desk.get("/office/orders/plans", query_string={"order": order}).text)
    form |= {"assignees": [scene.ids["liwei"]], "confirmed": "yes"}
    if "was" in change:
        change = {f"was.{order}": change["was"]}
    answer = desk.post("/office/orders/plans", data=form | change)
    assert answer.status_code == 422 and said in answer.text
    assert scene.body(order)["assignees"] == []


def test_nothing_chosen_and_orders_that_do_not_exist_are_told(scene: Scene, browser: Browser) -> None:
    desk = browser("zhangmin")
    for query in ("", f"?order={new_id()}", "?order=x"):
        assert "没有选择工单" in desk.get(f"/office/orders/plans{query}").text


def test_the_order_of_many_is_read_from_an_index(scene: Scene, orders: dict[str, str], on_sqlite: None) -> None:
    """As the database plans it, for each sorting and both of its directions."""
    with reading() as connection:
        for name, column in order_list.SORTS.items():
            for descending in (False, True):
                order = order_list.Sorting(name, descending)
                ordered = (column.desc(), WorkOrder.id.desc()) if descending else (column, WorkOrder.id)
                place = order_list._beyond(order, order_list._Place(scene.now if "_" in str(column) else "x", "x"))
                statement = select(WorkOrder.id).where(column.is_not(None), place).order_by(*ordered).limit(51)
                sql = statement.compile(connection, compile_kwargs={"literal_binds": True})
                plan = " ".join(str(row) for row in connection.execute(text(f"EXPLAIN QUERY PLAN {sql}")))
                assert "TEMP B-TREE" not in plan or name == "number", (name, plan)
                assert "USING" in plan, (name, plan)
