"""Values that no page sends and one of the databases cannot hold."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.server.office.scene import Scene

Browser = Callable[..., FlaskClient]


@pytest.mark.parametrize(
    "path", ["orders?text=%00", "orders?kind=a%00b", "evidence?person=%00", "intake?customer=%00", "inbox?kind=%00"]
)
def test_a_nul_in_an_address_makes_no_page_stumble(scene: Scene, browser: Browser, path: str) -> None:
    answer = browser("chenhong").get(f"/office/{path}")
    assert answer.status_code in (200, 303, 400, 404, 422)


def test_a_nul_in_a_form_makes_no_page_stumble(scene: Scene, browser: Browser) -> None:
    answer = browser("zhangmin").post("/office/intake", data={"customer": "\0", "fault": "leaks", "kind": "repair"})
    assert answer.status_code in (400, 422)
