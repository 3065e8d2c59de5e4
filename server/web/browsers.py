"""What a browser says of itself, in the few words by which a person knows it again."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 64
ANDROID: Final = re.compile(r"Android [\d.]+; ([^;)]+)")
SYSTEM: Final = re.compile(r"Android|iPhone|iPad|Windows|Mac OS X|CrOS|Linux")
# What Chrome calls every phone.
NO_MODEL: Final = "K"
# In the order in which they are looked for: most call themselves by the names of others as well.
BROWSERS: Final = (
    ("Edge", re.compile(r"Edg(?:A|iOS)?/(\d+)")),
    ("Opera", re.compile(r"OPR/(\d+)")),
    ("Firefox", re.compile(r"(?:Firefox|FxiOS)/(\d+)")),
    ("Chrome", re.compile(r"(?:Chrome|CriOS)/(\d+)")),
    ("Safari", re.compile(r"Version/(\d+)[\d.]* .*Safari/")),
)


def browser_name(user_agent: str) -> str | None:
    """System and browser of a `User-Agent`, such as "Windows, Firefox 133"; None where it says neither.

    At most `LONGEST` characters, all of them printable.
    """
    model, system = ANDROID.search(user_agent), SYSTEM.search(user_agent)
    found = [system[0]] if system is not None else []
    if model is not None:
        found = ["Android" if model[1] == NO_MODEL else model[1]]
    for name, looks in BROWSERS:
        if (version := looks.search(user_agent)) is not None:
            found.append(f"{name} {version[1]}")
            break
    said = "".join(sign for sign in ", ".join(found) if sign.isprintable())
    return said[:LONGEST] or None
