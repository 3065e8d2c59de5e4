"""Where one does not belong: Zhang writes to Li's order, and registers phone after phone."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from tests.adversary.conftest import Opens
from tests.adversary.day import Phone, Supervisor, Technician
from tests.adversary.results import result
from tests.conftest import People
from tests.reference_client import Client, Refused, uuid7
from tests.server.office.scene import Scene

WORDS = "李师傅收了现金"


@pytest.fixture
def lis(opens: Opens, li: Technician) -> str:
    """Li's order, on Li's phone."""
    order = opens("li")
    li.sync()
    return order


@pytest.fixture
def slander(zhang: Technician, lis: str) -> str:
    """The operation by which Zhang wrote something into Li's order; it is held."""
    operation = zhang.write("note.add", lis, {"note": uuid7(), "text": WORDS})
    zhang.sync()
    assert zhang.outcome(operation) == ("held", "not_permitted")
    return operation


def reads_it(client: Client, order: str) -> bool:
    """Whether the words are in the order's history."""
    return WORDS in client.call("GET", f"/api/v1/work-orders/{order}/history").text


def is_in_bundle(client: Client, order: str, chain: str = "order") -> bool:
    """Whether the words, or a row about them, are in the order's evidence bundle."""
    content = client.call("GET", f"/api/v1/work-orders/{order}/evidence.zip", params={"chain": chain}).content
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return any(WORDS in file.read(name).decode("utf-8", "replace") for name in file.namelist())


def decide(supervisor: Supervisor, order: str, operation: str, decision: str) -> None:
    supervisor.client.write("held.decide", order, {"operation": operation, "decision": decision, "comment": WORDS})
    supervisor.client.sync()


@pytest.fixture
def desk(live_server: str, people: People) -> Client:
    """The service desk, who decides nothing that is held."""
    client = Client(live_server)
    client.sign_in(people.chen.username, people.chen.password)
    return client


@result("proven false")
def test_words_are_written_into_the_order_of_another(
    li: Technician, desk: Client, supervisor: Supervisor, lis: str, slander: str
) -> None:
    assert reads_it(supervisor.client, lis) and WORDS in supervisor.page(lis)
    assert not reads_it(li, lis) and not reads_it(desk, lis)
    assert not is_in_bundle(desk, lis) and not is_in_bundle(supervisor.client, lis)
    assert is_in_bundle(supervisor.client, lis, "whole"), "a court gets all"


@result("proven false")
def test_words_in_the_order_of_another_are_dismissed(
    li: Technician, desk: Client, supervisor: Supervisor, lis: str, slander: str
) -> None:
    decide(supervisor, lis, slander, "dismiss")
    assert supervisor.held() == [] and reads_it(supervisor.client, lis)
    assert not reads_it(li, lis) and not reads_it(desk, lis), "neither they nor the comment"
    assert not is_in_bundle(desk, lis)


@result("not detectable")
def test_words_in_the_order_of_another_are_let_in(
    li: Technician, desk: Client, supervisor: Supervisor, lis: str, slander: str
) -> None:
    decide(supervisor, lis, slander, "apply")
    assert reads_it(li, lis) and reads_it(desk, lis) and is_in_bundle(desk, lis)
    assert [note["text"] for note in supervisor.order(lis)["notes"]] == [WORDS]


@result("proven false")
def test_their_writer_asks_what_became_of_them(zhang: Technician, lis: str, slander: str) -> None:
    with pytest.raises(Refused) as refused:
        zhang.call("GET", f"/api/v1/work-orders/{lis}/history")
    assert refused.value.status == 404
    own: Any = zhang.held_documents("held")[slander]["body"]  # Any: JSON
    assert (own["state"], own["reason"], WORDS in json.dumps(own)) == ("waiting", "not_permitted", False)


@result("proven false")
def test_phone_after_phone_is_registered(zhang: Technician, scene: Scene) -> None:
    """With the phone that Zhang has, twenty; the twenty-first waits for tomorrow."""
    for _ in range(19):
        zhang.announce(Phone(scene=scene))
    with pytest.raises(Refused) as refused:
        zhang.announce(Phone(scene=scene))
    assert (refused.value.status, refused.value.code) == (429, "too_many_new_devices")
