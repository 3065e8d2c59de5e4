"""What a recall costs while others wait to write: its copy is unpacked once, and each way of sealing it tried once."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from server.documents import needs
from server.sync.ledgers import seal
from tests.server.sync.ledger_scene import memory, scene
from tests.server.sync.phone import new_id


@pytest.fixture(autouse=True)
def in_app() -> None:
    """No test needs the app."""


def test_a_recalled_copy_is_unpacked_and_sealed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seals: list[Any] = []
    unpacked: list[Any] = []
    true_text, true_body = seal._sealed_text, needs.recalled_body
    monkeypatch.setattr(seal, "_sealed_text", lambda given: seals.append(given) or true_text(given))
    monkeypatch.setattr(needs, "recalled_body", lambda data: unpacked.append(data) or true_body(data))
    packed = base64.b64encode(gzip.compress(json.dumps({"x": "y" * 1000}).encode())).decode()
    with scene(memory()) as here:
        zhang = here.writer("zhang")
        outcome = zhang.write("order.recall", new_id(), {"version": 1, "seal": "0" * 64, "packed": packed})
    assert outcome.detail == {"field": "seal", "problem": "seal_differs"}
    assert (len(unpacked), len(seals)) == (1, 2), "the way of today, and the way of before"
