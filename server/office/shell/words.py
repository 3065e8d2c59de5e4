"""What the database can say of a word before rules/search.py looks at the whole."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from server.rules.search import pattern, ways


def may_stand_in(column: InstrumentedAttribute[Any], word: str) -> ColumnElement[bool]:  # Any: a text
    """Whether the beginning of the word stands in what `findable` gave, in one of the ways in which it may."""
    return or_(*(_may_stand(column, way) for way in ways(word)))


def _may_stand(column: InstrumentedAttribute[Any], way: str) -> ColumnElement[bool]:  # Any: a text
    """What is no Latin letter is no pinyin and stands there itself, which is quickly seen."""
    themselves = sorted({sign for sign in way if not ("a" <= sign <= "z")})
    return and_(
        *(column.contains(f";{sign}", autoescape=True) for sign in themselves), column.regexp_match(pattern(way))
    )
