"""What makes a new password too weak. Passwords that were set before stay as they are."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from threading import Lock
from typing import Any, Final
from urllib.parse import urlsplit

from server.problems import Problem

SHORTEST: Final = 12
LONGEST: Final = 1024
# The demonstration company's: it stands in the manual.
PUBLIC: Final = "guilin-2026"
PRODUCT: Final = "undercroft"
# What somebody tries first against a company that repairs things.
TRADE: Final = (
    PRODUCT,
    "service",
    "technician",
    "supervisor",
    "guilin",
    "weixiu",
    "gongdan",
    "shouhou",
    "wuye",
    "mima",
)
# Trying passwords out costs by their length: what matters stands in the beginning.
JUDGED: Final = 100
# With argon2id, thousands of tries a second on a stolen database: weeks, and online for ever.
ENOUGH_GUESSES: Final = 10**10
# Shorter names stand in too many words; zxcvbn counts them all the same.
NAME_LETTERS: Final = 4
NAME_SIGNS: Final = 2

# zxcvbn keeps the words of the caller in a variable that all threads share.
_judging = Lock()


def refuse_weak(password: str, username: str, name: str, words: Sequence[str] = ()) -> None:
    """Returns where `password` may become that of `username`, whose name is `name`; `words` as of company_words.

    Raises Problem `weak_password` with `reason`: unreadable (not encodable), too_long or too_short (with `length`,
    the characters allowed or needed), blank, demonstration, contains_product, contains_name, common or guessable.
    """
    reason = _by_its_form(password) or _by_what_it_contains(password, username, name)
    reason = reason or _by_guessing(password, (username, name), words)
    if reason is not None:
        raise Problem("weak_password", reason=reason, length=LONGEST if reason == "too_long" else SHORTEST)


def company_words(public_url: str) -> tuple[str, ...]:
    """The words of a company's own address: "https://service.example.com" has service, example and com."""
    return tuple(part for part in (urlsplit(public_url).hostname or "").split(".") if part)


def _by_its_form(password: str) -> str | None:
    if len(password) > LONGEST:
        return "too_long"
    try:
        password.encode()
    except UnicodeEncodeError:
        return "unreadable"
    if password and not any(sign.isprintable() and not sign.isspace() for sign in password):
        return "blank"
    if _squeezed(PUBLIC) in _squeezed(password):
        return "demonstration"
    return "too_short" if len(password) < SHORTEST else None


def _by_what_it_contains(password: str, username: str, name: str) -> str | None:
    squeezed = _squeezed(password)
    if PRODUCT in squeezed:
        return "contains_product"
    for own in (_squeezed(username), _squeezed(name)):
        enough = NAME_LETTERS if own.isascii() else NAME_SIGNS
        if len(own) >= enough and (own in squeezed or own[::-1] in squeezed):
            return "contains_name"
    return None


def _by_guessing(password: str, names: Sequence[str], words: Sequence[str]) -> str | None:
    # Imported here: its lists of words take a while to load, and few commands need them.
    from zxcvbn import zxcvbn

    own = [part for name in names for part in (name, *name.split()) if part]
    with _judging:
        judged = zxcvbn(password[:JUDGED], [*own, *TRADE, *words], max_length=JUDGED)
    if judged["guesses"] >= ENOUGH_GUESSES:
        return None
    return "common" if _mostly_common(judged["sequence"], min(len(password), JUDGED)) else "guessable"


def _mostly_common(sequence: list[dict[str, Any]], length: int) -> bool:  # Any: zxcvbn's matches
    """Whether a password of the lists of leaked ones makes up at least half of it."""
    common = [match for match in sequence if match.get("dictionary_name") == "passwords"]
    return 2 * max((len(match["token"]) for match in common), default=0) >= length


def _squeezed(words: str) -> str:
    """Letters and digits alone, alike however they are written: "Gui Lin_2026" is guilin2026."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", words).casefold() if sign.isalnum())
