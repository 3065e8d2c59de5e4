"""The secret that protects time anchors, seals and the office's keys: where it is kept, and what is no secret.

What former keys have made is still known under them; nothing new is made with one.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

SETTING: Final = "UNDERCROFT_SECRET_KEY"
FILE: Final = "secret.key"
FORMER_SETTING: Final = "UNDERCROFT_SECRET_KEY_FALLBACKS"
FORMER_FILE: Final = "secret.fallbacks"
SHORTEST: Final = 32
# Twice what an environment can hold; more is no key, whatever it is.
LONGEST: Final = 1 << 18
# Of 32 hexadecimal digits drawn by chance, fewer differ once in ten million keys.
DIFFERENT: Final = 8
METRICS_SETTING: Final = "UNDERCROFT_METRICS_TOKEN"
SHORTEST_TOKEN: Final = 20


class UnusableSecret(ValueError):
    """The secret may not be used: `code` names the sentence secret-problem-<code>, `figures` go into it."""

    def __init__(self, code: str, **figures: object) -> None:
        super().__init__(f"{code} {figures}")
        self.code = code
        self.figures = figures


def read_metrics_token(env: Mapping[str, str]) -> str:
    """Who may ask for figures from elsewhere; empty where nobody may. Raises UnusableSecret `short_token`."""
    token = env.get(METRICS_SETTING, "").strip()
    if token and len(token) < SHORTEST_TOKEN:
        raise UnusableSecret("short_token", length=SHORTEST_TOKEN)
    return token


def read_secret(env: Mapping[str, str], data: Path, may_make: bool = True) -> str:
    """The secret of the environment, or the one in the data folder, which is made on the first start.

    Raises UnusableSecret `weak` for one of the environment that can be guessed, `damaged` for a file that holds
    less than what was written into it, `unreadable` for a file that cannot be read, `missing` where there is none and
    none may be made.
    """
    given = env.get(SETTING)
    if given:
        if is_weak(given):
            raise UnusableSecret("weak", length=SHORTEST)
        return given
    file = data / FILE
    if not may_make and not os.path.lexists(file):
        raise UnusableSecret("missing", file=str(file))
    try:
        kept = _kept(file)
    except UnicodeDecodeError as error:
        raise UnusableSecret("damaged", file=str(file)) from error
    except OSError as error:
        raise UnusableSecret("unreadable", file=str(file), why=error.strerror or str(error)) from error
    if is_weak(kept) or len(kept) > LONGEST:
        raise UnusableSecret("damaged", file=str(file))
    return kept


def is_weak(secret: str) -> bool:
    """Whether it is too short, of too few different characters, or one piece again and again."""
    repeats = secret in (secret + secret)[1:-1]
    return len(secret) < SHORTEST or len(set(secret)) < DIFFERENT or repeats


def read_former(env: Mapping[str, str], data: Path, present: str) -> tuple[str, ...]:
    """The keys of before: those of the environment, with commas between them, and the lines of the file in the data
    folder. They may be weak: they were in use.

    Raises UnusableSecret `unreadable` for a file that cannot be read.
    """
    file = data / FORMER_FILE
    try:
        lines = file.read_text().splitlines() if file.exists() else []
    except (UnicodeDecodeError, OSError) as error:
        raise UnusableSecret("unreadable", file=str(file), why=str(getattr(error, "strerror", error))) from error
    found = [key.strip() for key in (*env.get(FORMER_SETTING, "").split(","), *lines)]
    return tuple(key for key in dict.fromkeys(found) if key and key != present)


def open_to_others(env: Mapping[str, str], data: Path) -> list[Path]:
    """The files with keys in them that somebody besides their owner may read or write."""
    files = [data / FORMER_FILE] if env.get(SETTING) else [data / FILE, data / FORMER_FILE]
    return [file for file in files if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077]


def _kept(file: Path) -> str:
    """What is in `file`; made with mode 600 on the first start, by whichever process comes first."""
    own = file.with_suffix(f".{os.getpid()}")
    try:
        descriptor = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        descriptor = -1
    if descriptor >= 0:
        with os.fdopen(descriptor, "w") as out:
            out.write(secrets.token_urlsafe(48))
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(own, file)
        except FileExistsError:
            pass
        finally:
            own.unlink()
    with file.open() as kept:
        return kept.read(LONGEST + 1).strip()
