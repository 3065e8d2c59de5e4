"""Files that wait until somebody has looked at them: whose they are, for how long, and how many."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest

from server.export_files import parking
from server.export_files.parking import FOLDER, KEPT_S, MOST
from server.problems import Problem
from server.services import utc_now
from tests.reference_client import uuid7


def enough(_: Path) -> int:
    return 1 << 40


def park(data: Path, person: str, content: IO[bytes], free_bytes: Callable[[Path], int] = enough) -> str:
    return parking.park(data, person, content, utc_now(), free_bytes)


def parked(data: Path, person: str, token: str) -> Path:
    return parking.parked(data, person, token, utc_now())


def clear_away(data: Path) -> int:
    return parking.clear_away(data, utc_now())


def put_back(file: Path, seconds: float) -> None:
    """As if the file had come so many seconds earlier."""
    then = time.time() - seconds
    os.utime(file, (then, then))


def waiting(data: Path) -> int:
    return len(list((data / FOLDER).iterdir()))


def test_a_file_waits_for_an_hour_and_no_longer(tmp_path: Path) -> None:
    person = uuid7()
    token = park(tmp_path, person, io.BytesIO(b"a file"))
    file = parked(tmp_path, person, token)
    assert file.read_bytes() == b"a file"
    put_back(file, KEPT_S - 60)
    assert parked(tmp_path, person, token) == file
    put_back(file, KEPT_S + 1)
    with pytest.raises(Problem, match="export_not_kept"):
        parked(tmp_path, person, token)


def test_what_is_too_old_goes_when_the_next_one_comes(tmp_path: Path) -> None:
    old, young = uuid7(), uuid7()
    put_back(parked(tmp_path, old, park(tmp_path, old, io.BytesIO(b"old"))), KEPT_S + 1)
    token = park(tmp_path, young, io.BytesIO(b"young"))
    put_back(parked(tmp_path, young, token), KEPT_S - 60)
    park(tmp_path, uuid7(), io.BytesIO(b"new"))
    assert waiting(tmp_path) == 2
    assert parked(tmp_path, young, token).read_bytes() == b"young"


def test_one_of_each_person_waits_and_ten_altogether(tmp_path: Path) -> None:
    people = [uuid7() for _ in range(MOST)]
    first = park(tmp_path, people[0], io.BytesIO(b"first"))
    for person in people:
        park(tmp_path, person, io.BytesIO(b"another"))
    assert waiting(tmp_path) == MOST
    with pytest.raises(Problem, match="export_not_kept"):
        parked(tmp_path, people[0], first)
    with pytest.raises(Problem, match="busy"):
        park(tmp_path, uuid7(), io.BytesIO(b"one too many"))
    park(tmp_path, people[0], io.BytesIO(b"in place of one's own"))
    assert waiting(tmp_path) == MOST


class Breaking(io.BytesIO):
    """A file of which the first half can be read before the process ends."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Gives half, then nothing ever again."""
        if self.tell():
            raise KeyboardInterrupt
        return super().read(len(self.getvalue()) // 2)


def test_half_a_file_of_a_process_that_died_is_found_by_nobody_and_gives_way(tmp_path: Path) -> None:
    person = uuid7()
    with pytest.raises(KeyboardInterrupt):
        park(tmp_path, person, Breaking(b"half of a file"))
    token = park(tmp_path, person, io.BytesIO(b"a whole file"))
    assert waiting(tmp_path) == 1
    assert parked(tmp_path, person, token).read_bytes() == b"a whole file"
