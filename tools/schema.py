"""Draws docs/schema.svg: every table with its columns, and what points to what, as the models declare it.

`python -m tools.schema` draws it; tests/test_docs.py says where it is not what the models give.
"""

from __future__ import annotations

from collections import defaultdict
from html import escape
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import Table

from server.models import Base

PICTURE: Final = Path(__file__).resolve().parents[1] / "docs" / "schema.svg"
ROW: Final = 15
HEAD: Final = 24
WIDTH: Final = 200
GAP: Final = 18
BETWEEN: Final = 70
MARGIN: Final = 24
COLUMNS: Final = 6
STYLE: Final = """
  svg { background: #fff; font: 11px system-ui, sans-serif }
  .box { fill: #f6f7f9; stroke: #8a94a3 } .head { fill: #dfe5ee } .name { font-weight: 700; fill: #12202f }
  .column { fill: #24364a } .key { font-weight: 700 } .type { fill: #5a6878; text-anchor: end }
  .points { fill: none; stroke: #2a6fb0; stroke-width: 1.2; opacity: .7 }
  @media (prefers-color-scheme: dark) {
    svg { background: #10161d } .box { fill: #18212b; stroke: #56657a } .head { fill: #243244 }
    .name { fill: #eef3f8 } .column { fill: #d3dde8 } .type { fill: #93a3b5 } .points { stroke: #7ab4ea }
  }
"""


class Box(NamedTuple):
    """A table on the picture: its upper left corner, in pixels."""

    table: Table
    left: int
    top: int

    @property
    def bottom(self) -> int:
        """Where its last column ends."""
        return self.top + height(self.table)

    def at(self, column: str) -> int:
        """The height at which a column stands."""
        return self.top + HEAD + list(self.table.columns.keys()).index(column) * ROW + ROW // 2 + 2


def height(table: Table) -> int:
    """The height of a table's box."""
    return HEAD + ROW * len(table.columns) + 6


def depths(tables: list[Table]) -> dict[str, int]:
    """How many steps each table is away from one that points to none, by its longest way."""
    found: dict[str, int] = {}
    for table in tables:  # Sorted: what is pointed to comes first.
        targets = {key.column.table.name for key in table.foreign_keys} - {table.name}
        found[table.name] = 1 + max((found[name] for name in targets), default=-1)
    return found


def boxes(tables: list[Table]) -> dict[str, Box]:
    """Where each table stands: what points to nothing at the left, each other one right of what it points to."""
    depth, pointed = depths(tables), {key.column.table.name for table in tables for key in table.foreign_keys}
    rows: dict[int, list[Table]] = defaultdict(list)
    for table in tables:
        alone = not table.foreign_keys and table.name not in pointed
        rows[COLUMNS - 1 if alone else min(depth[table.name], COLUMNS - 2)].append(table)
    placed: dict[str, Box] = {}
    for number, members in sorted(rows.items()):
        top = MARGIN
        for table in sorted(members, key=lambda table: (-len(table.foreign_keys), table.name)):
            placed[table.name] = Box(table, MARGIN + number * (WIDTH + BETWEEN), top)
            top += height(table) + GAP
    return placed


def drawn(box: Box) -> str:
    """A table as its box."""
    parts = [
        f'<rect class="box" x="{box.left}" y="{box.top}" width="{WIDTH}" height="{height(box.table)}" rx="4"/>',
        f'<rect class="head" x="{box.left}" y="{box.top}" width="{WIDTH}" height="{HEAD - 4}" rx="4"/>',
        f'<text class="name" x="{box.left + 8}" y="{box.top + 14}">{escape(box.table.name)}</text>',
    ]
    for column in box.table.columns:
        y = box.at(column.name) + 4
        kind = column.type.__class__.__name__ + ("?" if column.nullable else "")
        key = " key" if column.primary_key else ""
        parts.append(f'<text class="column{key}" x="{box.left + 8}" y="{y}">{escape(column.name)}</text>')
        parts.append(f'<text class="type" x="{box.left + WIDTH - 8}" y="{y}">{escape(kind)}</text>')
    return "\n".join(parts)


def arrows(placed: dict[str, Box]) -> str:
    """What points to what: from the column to the table that it names."""
    lines = []
    for box in placed.values():
        for key in sorted(box.table.foreign_keys, key=lambda key: key.parent.name):
            target = placed[key.column.table.name]
            x, y, to_x, to_y = box.left, box.at(key.parent.name), target.left + WIDTH, target.top + HEAD // 2 - 2
            bend = max((x - to_x) // 2, 30)
            lines.append(
                f'<path class="points" d="M{x} {y} C{x - bend} {y} {to_x + bend} {to_y} {to_x} {to_y}"'
                ' marker-end="url(#tip)"/>'
            )
    return "\n".join(lines)


def picture() -> str:
    """The picture as SVG."""
    placed = boxes(Base.metadata.sorted_tables)
    width = max(box.left for box in placed.values()) + WIDTH + MARGIN
    bottom = max(box.bottom for box in placed.values()) + MARGIN
    tip = (
        '<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#2a6fb0"/></marker>'
    )
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {bottom}" width="{width}"'
            f' height="{bottom}">',
            f"<title>Tables and what points to what</title><style>{STYLE}</style><defs>{tip}</defs>",
            arrows(placed),
            *(drawn(box) for _, box in sorted(placed.items())),
            "</svg>\n",
        )
    )


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
