"""Who reads what the server has written of itself is told so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from server.database import writing
from server.services import services
from server.sync.exchange import own_ledger
from server.sync.exchange.office_ledger import NewOperation
from tests.server.office.scene import Scene
from tests.server.sync.phone import new_id


@pytest.mark.parametrize(
    ("language", "said", "unknown"), [("zh-CN", "系统", "未知人员"), ("en", "Undercroft itself", "Unknown person")]
)
def test_an_order_and_the_inbox_say_that_it_was_the_server(
    scene: Scene, browser: Callable[..., FlaskClient], language: str, said: str, unknown: str
) -> None:
    order = scene.open("chenhong", "水泵漏水", None, "liwei", None)
    with writing() as connection:
        notes = [NewOperation("note.add", target, {"note": new_id(), "text": "x"}) for target in (order, new_id())]
        outcomes = own_ledger.write(connection, services().pen, notes, services().now())
    assert [outcome.status for outcome in outcomes] == ["applied", "held"]
    chen = browser("chenhong", language)
    for page in (f"/office/orders/{order}", "/office/inbox"):
        text = chen.get(page).text
        assert said in text and unknown not in text, page
