"""Why a backup is not brought back."""

from __future__ import annotations


class BadBackup(Exception):
    """A file that cannot be brought back; `code` is a message `restore-problem-<code>`."""

    def __init__(self, code: str, **figures: object) -> None:
        super().__init__(f"{code} {figures}" if figures else code)
        self.code = code
        self.figures = figures


def shown(name: str) -> str:
    """A name out of the file as a terminal may be given it: short, and without signs that would steer it."""
    return ascii(name[:80])[1:-1]
