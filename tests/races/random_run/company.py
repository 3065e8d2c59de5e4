"""The company of a run: its databases, its people, its real servers, its backups."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psycopg

from server.application import create_app
from server.database import db, writing
from server.password_hashes import hash_password
from server.services import services, utc_now
from server.sync.store.people import add_person
from tests.conftest import PASSWORD, TestPerson
from tests.databases import Databases, environment
from tests.real_server import COMMAND, ROOT, RealServer
from tests.reference_client import Client
from tests.simulation.world import register

UNDERCROFT: Final = (sys.executable, "-c", "from server.commands.cli import main; main()")
COMMAND_S: Final = 600
OFFICE: Final = ("supervisor", "supervisor", "service_desk")


def planted(name: str | None) -> Sequence[str]:
    """The command that serves, with a fault planted in it where one is named."""
    if name is None:
        return COMMAND
    plants = f"from tests.races.random_run import planted; planted.plant({name!r})"
    return (sys.executable, "-c", f"{plants}; from server.commands.cli import main; main()", *COMMAND[3:])


@dataclass
class Company:
    """Made in `folder`; `settings` are those of now: a restore on PostgreSQL goes into another database.

    `addresses` is where the servers listen, None for one that is down.
    """

    databases: Databases
    folder: Path
    servers: int
    technicians: int
    fault: str | None = None
    addresses: list[str | None] = field(default_factory=list)
    people: dict[str, list[TestPerson]] = field(default_factory=dict)

    def __enter__(self) -> Company:
        self._open = ExitStack()
        self.settings = self._open.enter_context(self.databases.migrated(self.folder / "data"))
        with create_app(self.settings).app_context():
            self._add_people()
            db.engine.dispose()
        self._running = self._servers()
        self.addresses = [None] * self.servers
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._running:
            server.kill()
        self._open.close()

    def _servers(self) -> list[RealServer]:
        return [RealServer(self.settings, planted(self.fault)) for _ in range(self.servers)]

    def _add_people(self) -> None:
        hashed = hash_password(PASSWORD)
        for place, role in enumerate(("technician",) * self.technicians + OFFICE):
            name = f"{role}{place}"
            with writing() as connection:
                identity = add_person(connection, name, name, role, hashed, utc_now())
            self.people.setdefault(role, []).append(TestPerson(identity, name, name, role))

    def begin_sessions(self, clients: Iterable[Client]) -> None:
        """Sign everybody in; what hashing costs is not what is tried here."""
        with create_app(self.settings).app_context():
            times = services().times()
            for client in clients:
                device = {"id": client.ledger.device, "public_key": client.ledger.public_key}
                client.token = register(device, client.person["id"], times)
            db.engine.dispose()

    @property
    def on_postgresql(self) -> bool:
        return self.settings.database_url.startswith("postgresql")

    # Servers

    def start(self, which: int) -> None:
        """Start one of the servers."""
        self._running[which].start()
        self.addresses[which] = self._running[which].address

    def start_all(self) -> None:
        """Start them at once: each takes its time."""
        with ThreadPoolExecutor(self.servers) as threads:
            for started in [threads.submit(self.start, which) for which in range(self.servers)]:
                started.result()

    def kill(self, which: int) -> None:
        """kill -9 of all its processes."""
        self.addresses[which] = None
        self._running[which].kill()

    def kill_worker(self, which: int, chosen: int) -> bool:
        """kill -9 of one of its worker processes; False where there is none just now."""
        return self._running[which].kill_worker(chosen)

    def end_sessions(self, share: float) -> int:
        """End so many of the sessions of the database; how many."""
        statement = """
            SELECT pg_terminate_backend(pid) FROM (
                SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
                ORDER BY pid LIMIT (SELECT ceil(count(*) * %s) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid())
            ) AS chosen
        """
        address = self.settings.database_url.replace("+psycopg", "")
        with psycopg.connect(address, autocommit=True) as connection:
            return len(connection.execute(statement, (share,)).fetchall())

    # The command line

    def command(self, *arguments: str) -> str:
        """What `undercroft` says; raises CalledProcessError with it where it fails."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("UNDERCROFT_")}
        done = subprocess.run(
            [*UNDERCROFT, *arguments, "--language", "en"], cwd=ROOT, env=kept | environment(self.settings),
            capture_output=True, text=True, timeout=COMMAND_S,
        )  # fmt: skip
        if done.returncode:
            raise subprocess.CalledProcessError(done.returncode, arguments, done.stdout, done.stderr)
        return done.stdout

    def back_up(self, name: str) -> Path:
        """A backup of now, taken while the servers serve."""
        file = self.folder / f"{name}.undercroft-backup"
        self.command("backup", str(file))
        return file

    def restore(self, file: Path) -> None:
        """Stop all servers and put the company back; they are started by whoever calls this."""
        for which in range(self.servers):
            self.kill(which)
        if self.on_postgresql:
            self.settings = self._open.enter_context(self.databases.bare(self.folder / "data"))
            self.command("restore", str(file))
            self._running = self._servers()
        else:
            self.command("restore", str(file), "--replace")
