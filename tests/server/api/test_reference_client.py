"""A program written from protocol.md alone does a whole job: the contract holds for clients that nobody here wrote."""

from __future__ import annotations

import ast
import hashlib
import json
from pathlib import Path

from apiflask import APIFlask

from tests.conftest import People
from tests.reference_client import Client, uuid7
from tests.server.api.conftest import open_order
from tests.server.api.photo_help import photo_of_5_mb, record_photo
from tests.server.sync.lost_history import Backups, restore

REFERENCE = Path(__file__).parents[2] / "reference_client.py"


def test_it_imports_nothing_of_the_project() -> None:
    tree = ast.parse(REFERENCE.read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    roots = {name.split(".")[0] for name in imported}
    assert roots.isdisjoint({"server", "pwa", "tests"})
    assert "requests" in roots


def test_it_signs_in_syncs_and_uploads(zhang: Client, wang: Client, people: People) -> None:
    order = open_order(wang, [people.zhang.id])
    zhang.sync()
    assert zhang.held_documents("work_order")[order]["body"]["stage"] == "new"
    content = photo_of_5_mb()
    sha256 = hashlib.sha256(content).hexdigest()
    zhang.write("order.stage", order, {"to": "working"}, seen=1)
    photo = {
        "photo": uuid7(), "sha256": sha256, "size": len(content), "media_type": "image/jpeg", "purpose": "after",
        "taken_at": "2026-11-24T09:40:00+08:00",
    }  # fmt: skip
    zhang.write("photo.add", order, photo, seen=1)
    zhang.sync()
    assert {outcome["status"] for outcome in zhang.outcomes.values()} == {"applied"}
    address = zhang.upload(content, "image/jpeg", stop_after=2_000_000)
    zhang.resume(address, content)
    zhang.sync()
    body = zhang.held_documents("work_order")[order]["body"]
    assert (body["stage"], body["photos"][0]["state"]) == ("working", "stored")
    assert wang.call("GET", f"/api/v1/photos/{sha256}").content == content
    history = wang.call("GET", f"/api/v1/work-orders/{order}/history").json()["items"]
    assert [entry["kind"] for entry in history] == ["order.open", "order.stage", "photo.add"]


def test_its_ledger_is_in_the_journal_line_by_line(zhang: Client, wang: Client, people: People) -> None:
    order = open_order(wang, [people.zhang.id])
    zhang.write("note.add", order, {"note": uuid7(), "text": "门禁找保安"})
    zhang.write("nonsense.do", order, {})
    zhang.sync()
    held = wang.call("GET", "/api/v1/held").json()["items"]
    assert [(item["reason"], item["line"]) for item in held] == [("unknown_kind", zhang.ledger.lines[-1])]
    previous = "0" * 64
    for line in zhang.ledger.lines:
        assert json.loads(line)["prev"] == previous
        previous = hashlib.sha256(line.encode()).hexdigest()


def test_it_gives_back_what_a_restored_server_lost_though_it_has_to_sign_in_again(
    zhang: Client, wang: Client, people: People, app: APIFlask, tmp_path: Path
) -> None:
    with app.app_context():
        backup = Backups(tmp_path, 0).take()
    order = open_order(wang, [people.zhang.id])
    zhang.sync()
    with app.app_context():
        restore(backup)
    zhang.sign_in("zhang", people.zhang.password)
    zhang.sync()
    assert zhang.outcomes[json.loads(zhang.ledger.lines[-1])["id"]]["status"] == "applied"
    assert [flag["code"] for flag in zhang.held_documents("work_order")[order]["body"]["flags"]] == [
        "recalled_from_phone"
    ]


def test_it_sends_photos_again_that_a_restored_server_asks_for_though_the_order_is_somebody_elses(
    zhang: Client, li: Client, wang: Client, people: People, app: APIFlask, tmp_path: Path
) -> None:
    order = open_order(wang, [people.zhang.id])
    zhang.sync()
    changes = {"assignees": {"was": [people.zhang.id], "now": [people.li.id]}}
    wang.write("order.plan", order, {"changes": changes})
    wang.sync()
    with app.app_context():
        backup = Backups(tmp_path, 0).take()
    content = photo_of_5_mb()
    record_photo(zhang, order, content)
    zhang.upload(content, "image/jpeg")
    zhang.sync()
    assert zhang.gone[order] == "reassigned"
    assert zhang.wanted == set()
    with app.app_context():
        restore(backup)
    zhang.sync()
    li.sync()
    assert [one["state"] for one in li.held_documents("work_order")[order]["body"]["photos"]] == ["stored"]
