"""A signature that the customer never gave."""

from __future__ import annotations

import io
from typing import Final

import pytest
from pypdf import PdfReader

from tests.adversary.conftest import Opens
from tests.adversary.day import Supervisor, Technician, codes, read
from tests.adversary.results import result
from tests.server.office.scene import STROKES, Scene

Strokes = list[list[list[float]]]

# Smooth, of four seconds: drawn by somebody.
OWN_HAND: Final[Strokes] = [[[60.0 + 5.5 * at, 80.0 + (at * 7) % 31, at * 140.0, 0.4] for at in range(30)]]


def moved(dx: float = 0, dy: float = 0, later_ms: float = 0, scale: float = 1) -> Strokes:
    """The strokes that the customer drew, elsewhere, later or larger."""
    return [[[x * scale + dx, y * scale + dy, t + later_ms, p] for x, y, t, p in stroke] for stroke in STROKES]


@pytest.fixture
def other(zhang: Technician, opens: Opens, order: str, scene: Scene) -> str:
    """Another order of Zhang's; the customer of the first has signed at ten past nine."""
    second = opens()
    zhang.sync()
    scene.at("9:10")
    zhang.sign(order)
    zhang.sync()
    scene.at("9:40")
    return second


@result("hinted")
@pytest.mark.parametrize(
    "copied", [STROKES, moved(dx=37.3, dy=-12.9), moved(later_ms=86_400_000.0)], ids=["as they are", "moved", "later"]
)
def test_the_strokes_are_copied_from_an_earlier_signature(
    zhang: Technician, supervisor: Supervisor, order: str, other: str, copied: Strokes
) -> None:
    zhang.sign(other, strokes=copied)
    zhang.sync()
    assert supervisor.signature(other)["hints"] == [{"code": "same_strokes", "signed_at": "2026-11-24T01:10:00.000Z"}]
    supervisor.reads(other, "的一次签字相同", "The strokes equal those of a signature of")
    assert f'href="/office/orders/{order}"' in supervisor.page(other)


@result("not detectable")
@pytest.mark.parametrize(
    "copied",
    [
        [[[x + 0.02 * (at % 3), y, t, p] for at, (x, y, t, p) in enumerate(stroke)] for stroke in STROKES],
        moved(scale=1.02),
        STROKES[::-1],
        [stroke[::2] for stroke in STROKES],
    ],
    ids=["trembling", "larger", "in another order", "every second point"],
)
def test_the_copied_strokes_are_changed_a_little(
    zhang: Technician, supervisor: Supervisor, order: str, other: str, copied: Strokes
) -> None:
    zhang.sign(other, strokes=copied)
    zhang.sync()
    assert supervisor.signature(other)["state"] == "intact"
    supervisor.sees_nothing_odd(other)


@result("not detectable")
def test_the_technician_signs_with_their_own_hand(zhang: Technician, supervisor: Supervisor, order: str) -> None:
    zhang.sign(order, strokes=OWN_HAND)
    zhang.sync()
    signature = supervisor.signature(order)
    assert (signature["state"], signature["signer"]["name"], signature["by"]) == ("intact", "王先生", zhang.me.id)
    supervisor.sees_nothing_odd(order)


@result("hinted")
def test_a_hasty_scratch_stands_for_a_signature(zhang: Technician, supervisor: Supervisor, order: str) -> None:
    zhang.sign(order, strokes=[[[10, 10, 0, 0.5], [30, 20, 700, 0.7]]])
    zhang.sync()
    assert supervisor.signature(order)["hints"] == [
        {"code": "signed_quickly", "seconds": 0.7},
        {"code": "short_strokes", "most_mm": 5.9},
    ]
    supervisor.reads(order, "签字只用了 0.7 秒", "Signed within 0.7 seconds.")


@result("hinted")
def test_it_is_signed_somewhere_else(zhang: Technician, supervisor: Supervisor, order: str) -> None:
    zhang.sign(order, position=zhang.fix(east_m=5000.0))
    zhang.sync()
    signature = supervisor.signature(order)
    assert codes(signature["hints"]) == ["signed_outside"]
    assert signature["hints"][0]["distance_m"] == pytest.approx(5000, rel=0.01)
    supervisor.reads(order, "签字不在现场", "Not signed at the site:")


@result("hinted")
def test_it_is_signed_somewhere_else_and_the_position_is_left_out(
    zhang: Technician, supervisor: Supervisor, order: str
) -> None:
    zhang.sign(order, position=None)
    zhang.sync()
    assert (supervisor.signature(order)["place"], supervisor.signature(order)["hints"]) == (None, [])
    supervisor.reads(order, "签字地点未知", "Not known where it was signed")


@result("not detectable")
def test_it_is_dated_back_with_every_clock(zhang: Technician, supervisor: Supervisor, order: str, scene: Scene) -> None:
    scene.at("10:40")
    with zhang.ledger.as_at("9:14"):
        zhang.sign(order)
    zhang.sync()
    signature = supervisor.signature(order)
    assert (signature["time"]["best"], signature["time"]["grade"]) == ("2026-11-24T01:14:00.000Z", "corroborated")
    supervisor.sees_nothing_odd(order)
    # What is called provable, here and on the paper, is what the server itself knows, not what the phone says.
    supervisor.reads(order, "能证明 08:44:00–10:40:00 之间", "provable: between 08:44:00 and 10:40:00")
    paper = supervisor.client.call("GET", f"/api/v1/work-orders/{order}/report.pdf?language=en").content
    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)
    check = supervisor.get(f"/check/{order}/{signature['sha256']}")
    for text in (words, read(check)):
        assert "8:44" in text and "10:40" in text
