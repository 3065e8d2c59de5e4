"""Whatever a line says, the office's pages and the history still answer, and the line is kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from marshmallow import Schema, fields
from marshmallow.validate import OneOf
from sqlalchemy import select

from server.database import reading
from server.documents.work_order.fields import LABOUR, MATERIAL, PLAN, SHARED
from server.documents.work_order.registry import REGISTRY
from server.evidence.report import digest, report_of
from server.models import HeldLine, JournalLine
from server.sync.operations.held import DECIDES
from server.sync.operations.revoking import REVOKES
from server.sync.operations.shapes import DeviceRevoke, HeldDecide
from tests.conftest import PASSWORD
from tests.reference_client import Ledger
from tests.server.office.scene import STROKES, Scene, new_id, photo

Browser = Callable[..., FlaskClient]
SHAPES: dict[str, Schema] = {kind: known.shape for kind, known in REGISTRY.items()} | {
    DECIDES: HeldDecide(),
    REVOKES: DeviceRevoke(),
}
KNOWN_IDS = [new_id() for _ in range(3)]
FIELD_NAMES = [*PLAN, *SHARED, *MATERIAL, *LABOUR]
PAGES = ("/office/", "/office/inbox", "/office/people")

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
odd: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from([None, True, 0, -1, 1e300, 10**300, 10**400, "", "２", "\0", "{}", [], {}]) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=4,
)
texts = st.sampled_from(
    ["1", "2.5", "12", "{}", "2026-11-24T09:14:03+08:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "0" * 64]
)
numbers = st.sampled_from([0, 1, 5, 25.28, 110.29, -91, 1e8, 10**400, 2**63, "7", True])
values = odd | texts | numbers | st.sampled_from(KNOWN_IDS)


def like(field: fields.Field[Any]) -> st.SearchStrategy[Any]:
    """Mostly what the field takes, sometimes anything."""
    return st.one_of(_fitting(field), _fitting(field), _fitting(field), odd)


def _fitting(field: fields.Field[Any]) -> st.SearchStrategy[Any]:
    match field:
        case fields.Nested():
            return shaped(field.schema)
        case fields.List():
            return st.lists(like(field.inner), max_size=3)
        case fields.Dict():
            return st.dictionaries(st.sampled_from(FIELD_NAMES) | words, _change, max_size=3)
        case fields.Integer() | fields.Float():
            return numbers
        case fields.String():
            choices = [word for check in field.validators if isinstance(check, OneOf) for word in check.choices]
            return st.sampled_from(choices) if choices else texts | words | st.sampled_from(KNOWN_IDS)
    return values


_change = st.fixed_dictionaries({}, optional={"was": values, "now": values}) | odd


def shaped(shape: Schema) -> st.SearchStrategy[dict[str, Any]]:
    """Data with the members of the shape, or without some of them."""
    members = {name: like(field) for name, field in shape.fields.items()}
    return st.fixed_dictionaries(members) | st.fixed_dictionaries({}, optional=members)


def good(kind: str, scene: Scene, order: str) -> dict[str, Any] | None:
    """Data of the kind as a phone writes it, for kinds of which a page shows more than words; None for others."""
    at = scene.now.isoformat()
    presence = {"position": scene.fix("9:14", 8, 7.5)}
    line = {"line": KNOWN_IDS[0], "name": "n", "unit": "个", "quantity": "1", "unit_price": 1}
    match kind:
        case "arrival.record":
            return {"arrival": new_id(), **presence}
        case "departure.record":
            return {"departure": new_id(), **presence}
        case "photo.add":
            return photo("DSCN0010.jpg", "fault", at)
        case "material.add":
            return {**line, "source": "van"}
        case "labour.add":
            return line
        case "signature.record":
            report = json.dumps(report_of(scene.body(order), "zh-CN", {}, "CNY"), ensure_ascii=False)
            return {
                "signature": KNOWN_IDS[0],
                "report": report,
                "sha256": digest(report),
                "signer": {"name": "王先生", "role": "owner"},
                "box": {"width": 480, "height": 180},
                "strokes": STROKES,
                "consent": "…",
            }
    return None


@st.composite
def damaged(draw: st.DrawFn, data: dict[str, Any]) -> dict[str, Any]:
    """Good data of which one member, however deep, is something else."""
    members = dict(data)
    name = draw(st.sampled_from(sorted(members)))
    inner = members[name]
    members[name] = draw(damaged(inner)) if isinstance(inner, dict) and inner and draw(st.booleans()) else draw(values)
    return members


@pytest.fixture
def look(scene: Scene, browser: Browser) -> Callable[[str], None]:
    """Reads every page and the history that shows an order, as the supervisor."""
    office, api = browser("chenhong"), scene.app.test_client()
    ledger = Ledger()
    device = {"id": ledger.device, "name": "x", "public_key": ledger.public_key}
    signed_in = api.post("/api/v1/session", json={"username": "chenhong", "password": PASSWORD, "device": device})
    headers = {"Authorization": f"Bearer {signed_in.get_json()['token']}"}

    def look_at(order: str) -> None:
        for page in (*PAGES, f"/office/orders/{order}"):
            assert office.get(page).status_code == 200, page
        history = api.get(f"/api/v1/work-orders/{order}/history?limit=200", headers=headers)
        assert history.status_code == 200

    return look_at


def assert_all_kept(written: list[str]) -> None:
    """Every operation is in the journal, and what was held waits or was decided."""
    with reading() as connection:
        rows = connection.execute(
            select(JournalLine.operation_id, JournalLine.status, HeldLine.state)
            .outerjoin(HeldLine, HeldLine.position == JournalLine.position)
            .where(JournalLine.operation_id.in_(written))
        ).all()
    assert {row.operation_id for row in rows} == set(written)
    assert all(row.state is not None for row in rows if row.status == "held")


@pytest.mark.parametrize("kind", sorted(SHAPES))
@settings(
    derandomize=True,
    max_examples=1,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large,
                           HealthCheck.large_base_example],
)  # fmt: skip
@given(draws=st.data())
def test_no_data_of_any_kind_breaks_a_page(
    scene: Scene, look: Callable[[str], None], kind: str, draws: st.DataObject
) -> None:
    scene.at("8:02")
    if "sunwu" not in scene.ids:
        scene.person("sunwu", "孙五", "technician")
    order = scene.open("zhangmin", "水泵漏水", None, "liwei", None)
    example = good(kind, scene, order)
    strategy = shaped(SHAPES[kind]) if example is None else shaped(SHAPES[kind]) | damaged(example) | damaged(example)
    written = []
    for _ in range(10):
        data = draws.draw(strategy)
        for username in ("sunwu", "liwei"):
            written.append(scene.note(username, "9:00", kind, order, data))
        scene.office("chenhong", kind, order, data)
    if example is not None:
        written.append(scene.note("liwei", "9:01", kind, order, example))
    scene.at("9:10")
    for username in ("sunwu", "liwei"):
        scene.contact(username)
    assert_all_kept(written)
    look(order)


def test_an_outsiders_held_edit_is_told_by_its_kind_alone(scene: Scene, look: Callable[[str], None]) -> None:
    scene.person("sunwu", "孙五", "technician")
    order = scene.at("8:02").open("zhangmin", "水泵漏水", None, "liwei", None)
    for changes in ([1], "x", {"fault": [1]}, {"window": {"now": {"start": "soon", "end": 7}}}):
        scene.note("sunwu", "9:00", "order.edit", order, {"changes": changes})
    scene.note("sunwu", "9:00", "order.stage", order, {"to": "no such stage"})
    assert {outcome["status"] for outcome in scene.at("9:10").contact("sunwu")} == {"held"}
    look(order)


@pytest.mark.parametrize("same_operation", [False, True])
def test_a_signature_is_drawn_from_the_line_that_took_effect(
    scene: Scene, look: Callable[[str], None], browser: Browser, same_operation: bool
) -> None:
    """Not from one that was held before it, under its own id or that of its operation."""
    order = scene.at("8:02").open("zhangmin", "水泵漏水", None, "liwei", None)
    data = good("signature.record", scene, order)
    assert data is not None
    held = {name: value for name, value in data.items() if name != "strokes"}
    first = scene.note("liwei", "9:00", "signature.record", order, held)
    again = {"id": first} if same_operation else {}
    scene.phones["liwei"].write("signature.record", order, data, **again)
    scene.at("9:10")
    assert [outcome["status"] for outcome in scene.contact("liwei")] == ["held", "applied"]
    look(order)
    desk = browser("zhangmin")
    assert '<path d="M40 30' in desk.get(f"/office/orders/{order}").text
    assert desk.get(f"/office/orders/{order}/report.pdf").status_code == 200


def test_an_operation_that_was_held_and_came_again_differently_breaks_no_page(
    scene: Scene, look: Callable[[str], None]
) -> None:
    order = scene.at("8:02").open("zhangmin", "水泵漏水", None, "liwei", None)
    first = scene.note("liwei", "9:00", "order.edit", order, {"changes": [1]})
    good_data = {"changes": {"diagnosis": {"was": "", "now": "磨损"}}}
    scene.phones["liwei"].write("order.edit", order, good_data, id=first)
    scene.at("9:10")
    assert [outcome["status"] for outcome in scene.contact("liwei")] == ["held", "applied"]
    look(order)
