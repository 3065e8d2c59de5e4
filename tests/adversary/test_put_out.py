"""A way back in after being put out: the old cookie and the old token, in the office and the app."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from server.database import write
from server.web.own_account import hash_new, set_password
from tests.adversary.day import Technician
from tests.adversary.results import result
from tests.conftest import People
from tests.reference_client import Refused
from tests.server.office.scene import Scene

Does = Callable[[str, str], None]


@pytest.fixture
def admin_does(scene: Scene, people: People) -> Does:
    """The administrator does something to somebody's account."""
    scene.ids["admin"] = people.admin.id

    def do(kind: str, person_id: str) -> None:
        if kind == "person.password":
            hashed = hash_new("zhang", "another horse, another battery")
            write(lambda connection: set_password(connection, people.admin.id, person_id, hashed))
        else:
            scene.office("admin", kind, person_id, {"reason": "离职"})

    return do


def refused(technician: Technician) -> tuple[int, str | None]:
    """What a technician's old token gets."""
    with pytest.raises(Refused) as answer:
        technician.exchange()
    return answer.value.status, answer.value.code


def office_page(app: APIFlask, people: People) -> FlaskClient:
    """Wang's browser, signed in to the office."""
    opened = app.test_client()
    form = {"username": people.wang.username, "password": people.wang.password}
    assert opened.post("/office/sign-in", data=form).status_code == 303
    return opened


@result("proven false")
def test_an_old_token_is_used_after_the_password_was_changed(li: Technician, people: People, admin_does: Does) -> None:
    admin_does("person.password", people.li.id)
    assert refused(li) == (401, "session_ended")


@result("proven false")
def test_an_old_token_is_used_after_the_account_was_closed(li: Technician, people: People, admin_does: Does) -> None:
    admin_does("person.close", people.li.id)
    assert refused(li) == (401, "session_ended")
    with pytest.raises(Refused) as again:
        li.sign_in(li.me.username, li.me.password)
    assert (again.value.status, again.value.code) == (401, "bad_credentials")


@result("proven false")
def test_an_old_token_is_used_after_the_account_was_closed_and_opened(
    li: Technician, people: People, admin_does: Does
) -> None:
    admin_does("person.close", people.li.id)
    admin_does("person.open", people.li.id)
    assert refused(li) == (401, "session_ended")


@result("proven false")
def test_an_old_token_is_used_after_all_sessions_were_ended(li: Technician, people: People, admin_does: Does) -> None:
    admin_does("person.end_sessions", people.li.id)
    assert refused(li) == (401, "session_ended")


@result("proven false")
def test_an_old_cookie_of_the_office_is_used_after_being_put_out(
    app: APIFlask, people: People, admin_does: Does
) -> None:
    for kind in ("person.close", "person.end_sessions", "person.password"):
        wang = office_page(app, people)
        assert wang.get("/office/people").status_code == 200
        admin_does(kind, people.wang.id)
        admin_does("person.open", people.wang.id)
        assert wang.get("/office/people").status_code == 303


@result("proven false")
def test_a_technician_closes_the_administrators_account(zhang: Technician, people: People) -> None:
    operation = zhang.write("person.close", people.admin.id, {"reason": "?"})
    zhang.sync()
    assert zhang.outcome(operation) == ("held", "not_permitted")
