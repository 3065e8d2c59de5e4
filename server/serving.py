"""Serving with gunicorn, in one call: figures, migration, workers, a graceful stop."""

from __future__ import annotations

import os
import resource
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from server.connections import PatientWorker
from server.settings import THREADS
from server.traces import DiscreetFormatter

if TYPE_CHECKING:
    from apiflask import APIFlask
    from gunicorn.arbiter import Arbiter

    from server.settings import Settings

GRACE_S: Final = 30
# Of one process: the connections of server/connections/, and files beside them.
CONNECTIONS: Final = 2000
OPEN_FILES: Final = 4096
# An exchange asks the database some fifty times, and each time waits so long for a thread that is reckoning.
SWITCH_S: Final = 0.001
UNREADABLE: Final = "Invalid request from ip="


class DiscreetLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's log, without what a client sent: a request that cannot be read may be a token or a name."""

    def setup(self, cfg: Any) -> None:  # Any: gunicorn's configuration
        """Called by gunicorn when it starts."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(DiscreetFormatter(self.error_fmt, self.datefmt))

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Of a request that cannot be read gunicorn gives the address, and after it what it could not read."""
        told = msg.partition(": ")[0] if msg.startswith(UNREADABLE) else msg
        super().warning(told, *args, **kwargs)

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Of a request that broke gunicorn gives the method and the address, whose query people type."""
        super().exception(msg, *(str(each).partition("?")[0] for each in args), **kwargs)


def serve(host: str, port: int) -> None:
    """Migrate the database and serve until SIGTERM or SIGINT; requests under way are then finished."""
    with _figures_of_all_processes():
        from server import security_log
        from server.at_work import prepared

        security_log.speak()
        _allow_open_files()
        with prepared() as app:
            Server(_warned(app), host, port).run()


@contextmanager
def _figures_of_all_processes() -> Iterator[None]:
    """The folder where they meet, before anything imports prometheus_client, which looks for it once."""
    name = "PROMETHEUS_MULTIPROC_DIR"
    before = os.environ.get(name)
    with tempfile.TemporaryDirectory(prefix="undercroft-figures-") as folder:
        os.environ[name] = folder
        try:
            yield
        finally:
            # Who goes on in this process has no such folder any more.
            if before is None:
                del os.environ[name]
            else:
                os.environ[name] = before


def _allow_open_files() -> None:
    """Many systems give a process 1024, which connections alone would use up."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < enough:
        resource.setrlimit(resource.RLIMIT_NOFILE, (enough, hard))


def _warned(app: APIFlask) -> Settings:
    from server.database import db
    from server.services import services
    from server.starting import warn_at_start

    with app.app_context():
        settings = services().settings
        warn_at_start(settings)
        # The workers are forked from here and must not share a connection.
        db.engine.dispose()
    return settings


def workers_for(database_url: str, cores: int) -> int:
    """How many processes: SQLite has one writer at a time, more processes would only wait for each other."""
    return max(1, min(2 if database_url.startswith("sqlite") else 8, cores))


def connections_for(files: int) -> int:
    """How many connections of one process, which may open so many files: the other half is for what they ask for."""
    return CONNECTIONS if files == resource.RLIM_INFINITY else min(CONNECTIONS, files // 2)


def _begin_process(worker: Any) -> None:  # Any: gunicorn's worker
    from server import housekeeping

    sys.setswitchinterval(SWITCH_S)
    housekeeping.start(worker.wsgi)


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn with these settings and no others: neither its command line nor its configuration file."""

    def __init__(self, settings: Settings, host: str, port: int) -> None:
        self._settings = settings
        self._bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        super().__init__()

    def load_config(self) -> None:
        """Called by gunicorn before it starts."""
        chosen: dict[str, Any] = {  # Any: gunicorn's own settings
            "bind": self._bind,
            "worker_class": PatientWorker,
            "workers": workers_for(self._settings.database_url, os.cpu_count() or 1),
            "threads": THREADS,
            "worker_connections": connections_for(resource.getrlimit(resource.RLIMIT_NOFILE)[0]),
            "timeout": 120,
            "graceful_timeout": GRACE_S,
            "keepalive": 15,
            "loglevel": "warning",
            "logger_class": DiscreetLogger,
            "control_socket_disable": True,
            "when_ready": self._say_ready,
            "post_worker_init": _begin_process,
        }
        if Path("/dev/shm").is_dir():
            chosen["worker_tmp_dir"] = "/dev/shm"
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> APIFlask:
        """The application, made in each worker."""
        from server.application import create_app

        return create_app(self._settings)

    def _say_ready(self, arbiter: Arbiter) -> None:
        from server.language import text

        for listener in arbiter.LISTENERS:
            address = str(listener)
            click.echo(text(self._settings.language, "cli-serving", address=address))
