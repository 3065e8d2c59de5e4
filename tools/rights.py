"""Writes docs/rights.md: who may write which operation, and whom which address lets in, as the code declares it.

`python tools/rights.py` writes the page; tests/server/test_rights.py says where it is not what the code gives.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from flask import Flask
from werkzeug.routing import Rule

from server.rights import ACTORS, ASKERS, KINDS, may_ask, may_write

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "rights.md"
START: Final = """\
# Who may do what

Made from the code by `make rights`; do not edit. Every cell is tried over HTTP by
[tests/server/test_rights.py](../tests/server/test_rights.py).

## Operations

Columns: role, and relation to the work order (*assignee*; *former*: was one; *opener*: opened it in the field;
*none*). Where a cell is empty the line is kept, `held: not_permitted`. What somebody may write can still be held for
another reason. Accounts are changed on the office's pages alone, by administrators; what no file brings stands in
[decision 0028](decisions/0028-who-wrote-a-file.md).

"""
ROUTES: Final = """
## Addresses

Columns: nobody who is signed in; a technician who is on the order, or who began the upload; one who is not; the other
roles; all of them over the network. Where a cell is empty the answer is 401, 403, 404, or the way to the sign-in.
Whoever is let in sees what their role and their feed show.

"""
# Flask answers these by itself wherever a view does not.
BY_ITSELF: Final = frozenset({"HEAD", "OPTIONS"})


def methods_of(rule: Rule) -> list[str]:
    """The methods that a route's own view answers."""
    methods = rule.methods or set()
    return sorted(methods - BY_ITSELF or methods - {"OPTIONS"} or methods)


def routes_of(app: Flask) -> Iterator[tuple[str, Rule]]:
    """Every method with its route, by address."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (str(rule), rule.endpoint)):
        for method in methods_of(rule):
            yield method, rule


def page(app: Flask) -> str:
    """The page, as it should be."""
    operations = ([f"`{kind}`", *(_mark(may_write(kind, *actor)) for actor in ACTORS)] for kind in KINDS)
    routes = (
        [f"`{method} {rule}`", *(_mark(may_ask(rule.endpoint, asker)) for asker in ASKERS)]
        for method, rule in routes_of(app)
    )
    actors = [role if relation == "office" else f"{role}, {relation}" for role, relation in ACTORS]
    return START + _table(["operation", *actors], operations) + ROUTES + _table(["address", *ASKERS], routes)


def _mark(allowed: bool) -> str:
    return "yes" if allowed else ""


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, ["---"] * len(head), *rows))


if __name__ == "__main__":
    from server.application import create_app
    from server.settings import Settings

    with TemporaryDirectory() as folder:
        os.environ["UNDERCROFT_DATA"] = folder
        PAGE.write_text(page(create_app(Settings.read())), encoding="utf-8")
