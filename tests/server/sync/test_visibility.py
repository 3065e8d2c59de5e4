"""Who sees a work order."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from server.database import reading
from server.models import WorkOrder
from server.sync.store.visibility import may_see, sees_clause
from tests.conftest import People
from tests.server.sync.conftest import Office
from tests.server.sync.phone import new_id


@pytest.mark.parametrize("role", ["technician", "inspector"])
def test_who_is_not_of_the_office_sees_what_is_in_their_feed_now(people: People, office: Office, role: str) -> None:
    zhang, li = people.zhang.id, people.li.id
    theirs, others = office.open(zhang), office.open(li)
    taken = office.open(zhang)
    office.write("order.plan", taken, {"changes": {"assignees": {"was": [zhang], "now": [li]}}})
    with reading() as connection:
        assert [may_see(connection, zhang, role, order) for order in (theirs, others, taken)] == [True, False, False]
        assert set(connection.scalars(select(WorkOrder.id).where(sees_clause(WorkOrder.id, zhang)))) == {theirs}
        assert set(connection.scalars(select(WorkOrder.id).where(sees_clause(WorkOrder.id, li)))) == {others, taken}


@pytest.mark.parametrize("role", ["service_desk", "supervisor", "manager", "admin"])
def test_the_office_sees_all_that_there_are(people: People, office: Office, role: str) -> None:
    order = office.open(people.zhang.id)
    with reading() as connection:
        assert may_see(connection, people.wang.id, role, order)
        assert not may_see(connection, people.wang.id, role, new_id())
