"""A restore that is killed half-way: the same command brings everything back, and nothing is left half done."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from apiflask import APIFlask

from server.application import create_app
from server.database import db, reading
from server.keeping.check import check_all
from server.services import services
from server.settings import Settings
from tests.databases import Databases, environment
from tests.server.keeping.test_keeping import rows, run, worked  # noqa: F401  # a fixture
from tests.server.sync.phone import Phone

# Runs the command line until it has asked the system so often to change what is on the disk, and dies before it does.
DYING: Final = """
import os, sys
left = int(sys.argv.pop(1))
asked = 0
def dying(real):
    def ask(*arguments, **named):
        global asked
        asked += 1
        if asked == left:
            os._exit(137)
        return real(*arguments, **named)
    return ask
for name in ("fsync", "replace", "rename", "link", "unlink", "mkdir"):
    setattr(os, name, dying(getattr(os, name)))
from server.commands.cli import main
try:
    main()
finally:
    print("asked", asked, file=sys.stderr)
"""
NEVER: Final = 0


def restore(settings: Settings, file: Path, dies_at: int) -> subprocess.CompletedProcess[str]:
    """`undercroft restore`, which dies before it changes the disk for the so-manieth time."""
    return subprocess.run(
        [sys.executable, "-c", DYING, str(dies_at), "restore", str(file), "--language", "en"],
        env={**os.environ, **environment(settings)}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def test_a_restore_that_died_is_done_again_and_brings_everything_back(
    app: APIFlask,
    settings: Settings,
    worked: Phone,  # noqa: F811
    databases: Databases,
    tmp_path: Path,
) -> None:
    file = tmp_path / "company.backup"
    assert run(settings, "backup", str(file)).returncode == 0
    with app.app_context(), reading() as connection:
        before = rows(connection)
    with databases.bare(tmp_path / "whole") as whole:
        done = restore(whole, file, NEVER)
        asked = int(re.findall(r"asked (\d+)", done.stderr)[-1])
    assert done.returncode == 0 and asked > 3
    for moment in sorted({2, asked // 2, asked}):
        with databases.bare(tmp_path / f"died-{moment}") as other:
            assert restore(other, file, moment).returncode == 137, moment
            again = run(other, "restore", str(file))
            if again.returncode != 0:
                assert "--replace" in again.stderr, moment
                again = run(other, "restore", str(file), "--replace")
            assert again.returncode == 0, again.stderr
            with create_app(other).app_context():
                with reading() as connection:
                    assert rows(connection) == before, moment
                    assert list(check_all(connection, services().photos)) == [], moment
                db.engine.dispose()
