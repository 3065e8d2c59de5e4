"""A file is refused for ending its worker only where it does so again and again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from server.photos import looking
from server.photos.images import CouldNotLook, ImageRefused
from server.photos.looking import PAUSE_S, TRIES, NotNow, look

FILE = Path("content")


class Clock:
    """time.monotonic, set by hand."""

    now = 1000.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(looking.time, "monotonic", lambda: made.now)
    monkeypatch.setattr(looking, "_ended", {})
    return made


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> Callable[[str | None], None]:
    """Let every worker end without a verdict."""

    def set_to(suspected: str | None) -> None:
        def inspect(_file: Path) -> ImageRefused:
            raise CouldNotLook("ended", suspected)

        monkeypatch.setattr(looking, "inspect_image", inspect)

    return set_to


def test_a_machine_in_trouble_never_refuses_a_photo(clock: Clock, ends: Callable[[str | None], None]) -> None:
    ends(None)
    for _ in range(10):
        with pytest.raises(NotNow):
            look(FILE, "a")
        clock.now += PAUSE_S


def test_what_ends_its_worker_at_three_moments_is_refused(clock: Clock, ends: Callable[[str | None], None]) -> None:
    ends("too_slow")
    for _ in range(TRIES - 1):
        with pytest.raises(NotNow):
            look(FILE, "a")
        clock.now += PAUSE_S
    assert look(FILE, "a") == ImageRefused("too_slow")


def test_tries_at_one_moment_are_one(clock: Clock, ends: Callable[[str | None], None]) -> None:
    ends("too_slow")
    for _ in range(10):
        with pytest.raises(NotNow) as later:
            look(FILE, "a")
    assert later.value.retry_after_s == PAUSE_S


def test_each_content_has_its_own_count_and_a_verdict_ends_it(
    clock: Clock, ends: Callable[[str | None], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    ends("broken")
    for content in ("a", "b", "c"):
        with pytest.raises(NotNow):
            look(FILE, content)
    clock.now += PAUSE_S
    monkeypatch.setattr(looking, "inspect_image", lambda _file: ImageRefused("truncated"))
    assert look(FILE, "a") == ImageRefused("truncated")
    assert "a" not in looking._ended


def test_only_so_many_are_remembered(
    clock: Clock, ends: Callable[[str | None], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    ends("broken")
    monkeypatch.setattr(looking, "REMEMBERED", 2)
    for content in ("a", "b", "c"):
        with pytest.raises(NotNow):
            look(FILE, content)
    assert list(looking._ended) == ["b", "c"]
