"""Every setting, read once, as one frozen dataclass."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from server.secret_key import read_former, read_metrics_token, read_secret

# Threads of one server process: enough that slow senders do not keep the others waiting.
THREADS: Final = 64


@dataclass(frozen=True)
class Places:
    """Where a company's data is: what has to be known before the key may be looked at."""

    data: Path
    database_url: str

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None) -> Places:
        """Read them from the environment; makes the data folder."""
        env = os.environ if environ is None else environ
        data = Path(env.get("UNDERCROFT_DATA", "./data")).resolve()
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        return cls(data, _with_driver(env.get("UNDERCROFT_DATABASE_URL") or f"sqlite:///{data / 'undercroft.sqlite3'}"))

    @property
    def sqlite_file(self) -> Path | None:
        """The file of the database, None where it is PostgreSQL's."""
        found = re.fullmatch(r"sqlite:///([^?]+)(\?.*)?", self.database_url)
        return Path(found.group(1)) if found else None


@dataclass(frozen=True)
class Settings:
    """What a company sets for its server; the names are the environment variables without UNDERCROFT_.

    `timezone` is an IANA name, `currency` an ISO 4217 code, `language` a BCP 47 tag that has a catalogue.
    `public_url` is how people reach the server from outside ("https://service.example.com"), without a
    trailing slash; empty means: as the request says. `former_keys` (SECRET_KEY_FALLBACKS): secrets of before, under
    which what they made is still known. With a `metrics_token` the figures are given to whoever has it, from
    anywhere; without one to this machine alone.
    """

    data: Path
    database_url: str
    photos_url: str
    secret_key: str
    timezone: str = "Asia/Shanghai"
    currency: str = "CNY"
    language: str = "zh-CN"
    public_url: str = ""
    former_keys: tuple[str, ...] = ()
    metrics_token: str = ""

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None, may_make_key: bool = True) -> Settings:
        """Read the settings from the environment; makes the data folder and, once, the secret key if it may.

        Raises zoneinfo.ZoneInfoNotFoundError for a time zone that does not exist, and UnusableSecret.
        """
        env = os.environ if environ is None else environ
        places = Places.read(env)
        data = places.data
        timezone = env.get("UNDERCROFT_TIMEZONE", cls.timezone)
        ZoneInfo(timezone)
        secret_key = read_secret(env, data, may_make_key)
        return cls(
            data=data,
            database_url=places.database_url,
            photos_url=env.get("UNDERCROFT_PHOTOS_URL") or f"file:{data / 'photos'}",
            secret_key=secret_key,
            timezone=timezone,
            currency=env.get("UNDERCROFT_CURRENCY", cls.currency),
            language=env.get("UNDERCROFT_LANGUAGE", cls.language),
            public_url=env.get("UNDERCROFT_PUBLIC_URL", "").rstrip("/"),
            former_keys=read_former(env, data, secret_key),
            metrics_token=read_metrics_token(env),
        )

    @property
    def places(self) -> Places:
        """Where the data is."""
        return Places(self.data, self.database_url)


def _with_driver(database_url: str) -> str:
    """PostgreSQL's own addresses name no driver; psycopg is the one that is installed."""
    return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", database_url)
