"""Reading: lists by keyset, versions as ETags, and nothing that a technician's feed does not show."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import datetime
from typing import Any

import pytest
from apiflask import APIFlask
from pypdf import PdfReader
from sqlalchemy import insert, select, update

from server.database import writing
from server.models import Asset, Customer, JournalLine, Part, Site
from server.services import Services
from server.sync.exchange import own_ledger
from server.sync.exchange.office_ledger import NewOperation
from tests.conftest import People
from tests.reference_client import Client, Refused, uuid7
from tests.server.api.conftest import SignIn, open_order


def items(client: Client, path: str, **query: object) -> list[dict[str, Any]]:
    """Every item of a list, page by page."""
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        page = client.call("GET", f"/api/v1/{path}", params={**query, "cursor": cursor}).json()
        assert set(page) == {"items", "next"}
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            return found


@pytest.fixture
def places(app: APIFlask) -> list[dict[str, str]]:
    """Three customers, each with a site and an asset there."""
    made = []
    with app.app_context(), writing() as connection:
        for n in range(3):
            ids = {"customer": uuid7(), "site": uuid7(), "asset": uuid7()}
            customer = {"id": ids["customer"], "number": f"C{n}", "name": f"客户{n}"}
            site = {"id": ids["site"], "number": f"S{n}", "name": "泵房", "radius_m": 100.0}
            asset = {"id": ids["asset"], "number": f"A{n}", "name": "水泵"}
            connection.execute(insert(Customer).values(**customer))
            connection.execute(insert(Site).values(**site, customer_id=ids["customer"]))
            connection.execute(insert(Asset).values(**asset, site_id=ids["site"]))
            made.append(ids)
    return made


def test_a_list_is_read_page_by_page_and_misses_nothing(
    wang: Client, people: People, places: list[dict[str, str]]
) -> None:
    orders = [open_order(wang, [people.zhang.id]) for _ in range(5)]
    assert [item["id"] for item in items(wang, "work-orders", limit=2)] == orders
    assert {item["type"] for item in items(wang, "work-orders")} == {"work_order"}
    page = wang.call("GET", "/api/v1/work-orders?limit=2").json()
    wang.write("note.add", orders[0], {"note": uuid7(), "text": "geändert"})
    wang.sync()
    rest = wang.call("GET", "/api/v1/work-orders", params={"cursor": page["next"]}).json()
    assert [item["id"] for item in rest["items"]] == [*orders[2:], orders[0]]


def test_work_orders_are_chosen_by_state_assignee_customer_and_change(
    wang: Client, people: People, places: list[dict[str, str]]
) -> None:
    first = open_order(wang, [people.zhang.id], **places[0])
    second = open_order(wang, [people.li.id], **places[1])
    state = wang.call("GET", f"/api/v1/work-orders/{second}").json()["body"]["state"]

    def chosen(**query: object) -> list[str]:
        return [item["id"] for item in items(wang, "work-orders", **query)]

    assert chosen(assignee=people.li.id) == [second]
    assert chosen(customer=places[0]["customer"]) == [first]
    assert chosen(state=state) == [first, second]
    assert chosen(state="nowhere") == []
    now = datetime.now().astimezone().isoformat()
    assert chosen(changed_after=now) == []
    wang.write("note.add", first, {"note": uuid7(), "text": "x"})
    wang.sync()
    assert chosen(changed_after=now) == [first]


BAD_QUERIES = ("limit=0", "limit=x", "limit=100000", "changed_after=yesterday", "changed_after=2026-11-24T09:00:00")
BAD_CURSORS = ("x", "水", "WzEuNV0", "W10", "bnVsbA", "WyJhIiwiYiJd", "WyJcdWQ4MDAiLCJiIl0", "A" * 400)


@pytest.mark.parametrize("query", BAD_QUERIES)
def test_a_wrong_query_is_named(wang: Client, query: str) -> None:
    with pytest.raises(Refused) as refused:
        wang.call("GET", f"/api/v1/work-orders?{query}")
    assert (refused.value.status, refused.value.code) == (422, "invalid_request")
    assert [field["field"] for field in refused.value.problem["fields"]] == [query.split("=")[0]]


@pytest.mark.parametrize("path", ["work-orders", "held", "people", "work-orders/{order}/history"])
def test_a_cursor_that_is_none_is_refused(wang: Client, people: People, path: str) -> None:
    address = "/api/v1/" + path.format(order=open_order(wang, [people.zhang.id]))
    for cursor in BAD_CURSORS:
        with pytest.raises(Refused) as refused:
            wang.call("GET", address, params={"cursor": cursor})
        assert (refused.value.status, refused.value.code) == (400, "bad_cursor"), cursor


def test_an_order_that_did_not_change_is_not_sent_again(wang: Client, people: People) -> None:
    order = open_order(wang, [people.zhang.id])
    address = f"/api/v1/work-orders/{order}"
    answer = wang.call("GET", address)
    assert answer.json().keys() == {"type", "id", "version", "body"}
    etag = answer.headers["ETag"]
    assert etag.removeprefix("W/").strip('"') == str(answer.json()["version"])
    for known in (etag, '"1"', "*"):
        unchanged = wang.call("GET", address, headers={"If-None-Match": known})
        assert (unchanged.status_code, unchanged.content) == (304, b"")
    wang.write("note.add", order, {"note": uuid7(), "text": "x"})
    wang.sync()
    changed = wang.call("GET", address, headers={"If-None-Match": etag})
    assert (changed.status_code, changed.json()["version"]) == (200, 2)


def test_a_history_tells_every_operation_with_what_came_of_it(
    wang: Client, zhang: Client, li: Client, people: People
) -> None:
    order = open_order(wang, [people.zhang.id])
    zhang.sync()
    staged = zhang.write("order.stage", order, {"to": "accepted"})
    zhang.sync()
    tried = li.write("order.stage", order, {"to": "finished"})
    li.sync()
    told = items(wang, f"work-orders/{order}/history", limit=2)
    assert [(entry["kind"], entry["status"]) for entry in told] == [
        ("order.open", "applied"),
        ("order.stage", "applied"),
        ("order.stage", "held"),
    ]
    assert [entry["operation"] for entry in told[1:]] == [staged, tried]
    assert [entry["person"]["id"] for entry in told] == [people.wang.id, people.zhang.id, people.li.id]
    assert [entry["version"] for entry in told[:2]] == [1, 2]
    assert told[1]["line"] == zhang.ledger.lines[-1]
    assert told[1]["written_at"] == json.loads(told[1]["line"])["at"]["wall"]


def test_a_technician_reads_only_what_their_feed_shows(
    wang: Client, zhang: Client, li: Client, people: People, places: list[dict[str, str]]
) -> None:
    order = open_order(wang, [people.zhang.id], **places[1])
    for path, kind in (("customers", "customer"), ("sites", "site"), ("assets", "asset")):
        assert [item["id"] for item in items(wang, path, limit=1)] == [place[kind] for place in places]
        assert [item["id"] for item in items(zhang, path)] == [places[1][kind]]
        assert items(li, path) == []
    assert [item["id"] for item in items(zhang, "work-orders")] == [order]
    assert items(li, "work-orders") == []
    assert items(li, "work-orders", assignee=people.zhang.id) == []
    wang.write("order.plan", order, {"changes": {"assignees": {"was": [people.zhang.id], "now": [people.li.id]}}})
    wang.sync()
    assert items(zhang, "work-orders") == [] and items(zhang, "customers") == []
    with pytest.raises(Refused) as refused:
        zhang.call("GET", f"/api/v1/work-orders/{order}")
    assert (refused.value.status, refused.value.code) == (404, "not_found")
    assert [item["id"] for item in items(li, "work-orders")] == [order]


def test_everybody_reads_names_and_parts(app: APIFlask, li: Client, people: People) -> None:
    with app.app_context(), writing() as connection:
        part = {"id": uuid7(), "number": "P-1", "name": "密封圈", "initials": "MFQ", "unit": "个"}
        connection.execute(insert(Part).values(**part, unit_price=1250, stock='{"van": "2.5"}'))
    assert items(li, "parts") == [{**part, "unit_price": 1250, "stock": {"van": "2.5"}}]
    names = items(li, "people", limit=2)
    assert [person["username"] for person in names] == ["admin", "chen", "li", "wang", "zhang"]
    assert names[0].keys() == {"id", "username", "name", "role"}


def test_nobody_reads_without_signing_in(live_server: str, people: People) -> None:
    for path in ("work-orders", "people", "customers", "sites", "assets", "parts", "held", "session"):
        with pytest.raises(Refused) as refused:
            Client(live_server).call("GET", f"/api/v1/{path}")
        assert (refused.value.status, refused.value.code) == (401, "not_signed_in"), path


def signature_of(number: str) -> dict[str, object]:
    """A customer's signature under a small report."""
    report = json.dumps(
        {
            "number": number,
            "language": "zh-CN",
            "customer": "滨江花园",
            "site": {"name": "地下泵房", "address": "滨江路 1 号"},
            "fault": "水泵异响",
            "diagnosis": "轴承磨损",
            "work_done": "更换轴承",
            "materials": [],
            "labour": [],
            "charge": {"covered": True, "why": [], "materials": 0, "labour": 0, "total": 0, "currency": "CNY"},
            "arrived_at": "2026-11-24T09:14:00+08:00",
            "technician": "张师傅",
        },
        ensure_ascii=False,
    )
    return {
        "signature": uuid7(),
        "report": report,
        "sha256": hashlib.sha256(report.encode()).hexdigest(),
        "signer": {"name": "刘女士", "role": "owner"},
        "box": {"width": 300, "height": 120},
        "strokes": [[[10, 10, 0, 0.5], [200, 90, 2400, 0.5]]],
        "rating": {"score": 5},
        "consent": "我已阅读并同意。",
    }


def test_the_signed_report_is_there_once_it_is_signed(
    wang: Client, zhang: Client, sign_in: SignIn, people: People
) -> None:
    order = open_order(wang, [people.zhang.id])
    address = f"/api/v1/work-orders/{order}/report.pdf"
    with pytest.raises(Refused) as refused:
        wang.call("GET", address)
    assert (refused.value.status, refused.value.code) == (404, "not_signed")
    zhang.sync()
    number = zhang.held_documents("work_order")[order]["body"]["number"]
    signed = zhang.write("signature.record", order, signature_of(number))
    zhang.sync()
    assert zhang.outcomes[signed]["status"] == "applied", zhang.outcomes[signed]
    for client in (wang, zhang):
        answer = client.call("GET", address)
        assert answer.headers["Content-Type"] == "application/pdf"
        words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
        assert number in words and "更换轴承" in words and "刘女士" in words
    english = wang.call("GET", f"{address}?language=en")
    assert "Service report" in PdfReader(io.BytesIO(english.content)).pages[0].extract_text()


def test_whoever_holds_the_paper_sees_whether_it_is_genuine(
    app: APIFlask, wang: Client, zhang: Client, people: People
) -> None:
    order = open_order(wang, [people.zhang.id])
    zhang.sync()
    number = zhang.held_documents("work_order")[order]["body"]["number"]
    signature = signature_of(number)
    zhang.write("signature.record", order, signature)
    zhang.write("note.add", order, {"note": uuid7(), "text": "x"})
    zhang.sync()
    page = app.test_client()
    english = {"Accept-Language": "en"}
    address = f"/check/{order}/{signature['sha256']}"
    genuine = page.get(address, headers=english)
    assert genuine.status_code == 200 and "✓ Genuine" in genuine.text and number in genuine.text
    for other in (f"/check/{order}/{'0' * 64}", f"/check/{uuid7()}/{signature['sha256']}"):
        unknown = page.get(other, headers=english)
        assert unknown.status_code == 404 and "Not known" in unknown.text and number not in unknown.text
    with app.app_context(), writing() as connection:
        signed = JournalLine.kind == "signature.record"
        raw = connection.execute(select(JournalLine.bytes).where(signed)).scalar_one()
        forged = raw.replace("刘女士".encode(), "王先生".encode())
        connection.execute(update(JournalLine).where(signed).values(bytes=forged))
    broken = page.get(address, headers=english)
    assert broken.status_code == 200 and "Not proven" in broken.text


def test_what_the_server_wrote_is_said_to_be_its_own(wang: Client, order: str, kept: Services) -> None:
    with writing() as connection:
        notes = [NewOperation("note.add", target, {"note": uuid7(), "text": "x"}) for target in (order, uuid7())]
        own_ledger.write(connection, kept.pen, notes, kept.now())
    own = {"id": "system", "username": "system", "name": "Undercroft", "role": "system"}
    history, [held] = items(wang, f"work-orders/{order}/history"), items(wang, "held")
    assert (history[-1]["person"], held["person"]) == (own, own)
    assert "system" not in {each["username"] for each in items(wang, "people")}
