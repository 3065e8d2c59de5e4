"""A PostgreSQL of the tests' own: made in a temporary folder, listening there and nowhere else, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import psycopg

OWN_SERVER: Final = "UNDERCROFT_TEST_POSTGRESQL"
"""The environment variable with the address of a server to use instead, "postgresql://postgres@localhost"."""

START_S: Final = 30
# Nobody cuts the power of a test: what is committed may reach the disk later.
SETTINGS: Final = {
    "listen_addresses": "",
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "log_min_messages": "fatal",
}


# The input ends with the process that holds its other end, however that ends: no server is left behind.
UNTIL_INPUT_ENDS: Final = ("sh", "-c", '"$@" & cat; kill -INT $!; wait', "sh")


class NotHere(Exception):
    """This machine has no PostgreSQL for the tests."""


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of a server, "postgresql://…" without a database, for as long as the block runs."""
    own = os.environ.get(OWN_SERVER)
    if own:
        yield own
        return
    # Not where other temporary folders are: the name of a socket has at most about a hundred characters.
    folder = Path(tempfile.mkdtemp(prefix="undercroft-", dir="/tmp"))
    try:
        with _running(folder) as address:
            yield address
    finally:
        shutil.rmtree(folder)


@contextmanager
def _running(folder: Path) -> Iterator[str]:
    programs = _programs(folder)
    user = _user()
    data = folder / "data"
    data.mkdir(mode=0o700)
    shutil.chown(folder, user)
    shutil.chown(data, user)
    settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    initdb = [programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]
    subprocess.run(initdb, user=user, cwd=folder, check=True, capture_output=True)
    with (folder / "log").open("wb") as log:
        command = [*UNTIL_INPUT_ENDS, programs / "postgres", "-D", data, "-k", folder, *settings]
        server = subprocess.Popen(command, user=user, cwd=folder, stdin=subprocess.PIPE, stdout=log, stderr=log)
    try:
        address = f"postgresql://postgres@/?host={folder}"
        _wait_for(address, server, folder / "log")
        yield address
    finally:
        server.communicate(timeout=START_S)


def _user() -> str:
    """PostgreSQL refuses to run as root, who can be anybody else."""
    return "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


def _programs(folder: Path) -> Path:
    """The folder of the programs that the package pgserver brings; raises NotHere."""
    found = find_spec("pgserver")
    if found is None or found.origin is None:
        raise NotHere(f"There is no PostgreSQL for this Python: name a server in {OWN_SERVER}, with CREATEDB.")
    package = Path(found.origin).parent
    if os.geteuid() == 0:
        # The other user need not be able to read what lies in root's folders.
        for part in (package, package.with_name("pgserver.libs")):
            shutil.copytree(part, folder / part.name)
        package = folder / package.name
    return package / "pginstall" / "bin"


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_S
    while True:
        try:
            psycopg.connect(address, dbname="postgres").close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(log.read_text(errors="replace")) from None
            time.sleep(0.02)
