"""Whatever comes in as a photo: a verdict, no lost worker, and never more than 300 MB."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from server.photos import images
from server.photos.images import ImageRefused, Inspected, inspect_image
from tests.server.photos.mutations import COUNT, PHOTOS, SEED, mutated

HERD = Path(__file__).with_name("herd.py")
WORKER = Path(images.__file__).with_name("image_worker.py")
MOST_KIB = 300_000_000 // 1024


@pytest.mark.parametrize("file", sorted(PHOTOS.glob("*.[jh]*")), ids=lambda file: file.name)
def test_every_real_photo_is_taken(file: Path) -> None:
    seen = inspect_image(file)
    assert isinstance(seen, Inspected)
    assert seen.looks and seen.looks[0].gradients == seen.facts.perceptual_hash


def test_five_hundred_hostile_files_get_a_verdict_in_little_memory(tmp_path: Path) -> None:
    for name, content in mutated():
        (tmp_path / name).write_bytes(content)
    limits = [str(images.MAX_PIXELS), str(images.MAX_DECODING)]
    done = subprocess.run(
        [sys.executable, "-I", str(HERD), str(WORKER), str(tmp_path), *limits],
        capture_output=True,
        text=True,
        check=True,
    )
    seen = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(seen) == COUNT
    lost = [(each["name"], each["status"]) for each in seen if each["status"] != 0]
    assert lost == [], f"seed {SEED}"
    heavy = [(each["name"], each["peak_kib"]) for each in seen if each["peak_kib"] > MOST_KIB]
    assert heavy == [], f"seed {SEED}"
    verdicts = Counter(_verdict(json.loads(each["answer"])) for each in seen)
    assert verdicts.keys() <= {"taken", *images.REASONS}
    # What passes by its head can be decoded: nothing but the row that is as wide as all pixels runs into the limit.
    assert verdicts["too_much_memory"] <= 1
    # Not everything is refused, nor is everything taken: most of what is damaged can still be looked at.
    assert verdicts["taken"] > COUNT / 10 and verdicts["too_many_pixels"] > 10 and verdicts["broken"] > 10


def _verdict(answer: dict[str, str]) -> str:
    """`taken`, or why not; a worker that its own limit stopped has said so, which is no loss."""
    return "taken" if "facts" in answer else answer.get("refused") or answer["ended"]


def test_a_hundred_megapixels_are_refused_for_their_pixels(tmp_path: Path) -> None:
    bomb = next(content for name, content in mutated() if "bomb colour.png" in name)
    file = tmp_path / "bomb"
    file.write_bytes(bomb)
    assert inspect_image(file) == ImageRefused("too_many_pixels")
