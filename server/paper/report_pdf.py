"""The signed report on paper: A4, one PDF, the same bytes for the same signature.

Set by Typst from `typst/report.typ` with the fonts in `fonts/` and no others. What people wrote reaches the
template as data, never as markup. A sign that no font here has stands as its code (server.paper.signs).
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final, Literal

import segno
import typst

from server.evidence.strokes import strokes_svg
from server.evidence.time_bounds import proven
from server.paper.report_sheet import Reader, is_genuine, plain, sheet_of
from server.paper.signs import FONTS, Drawn, refused

_TYPST: Final = Path(__file__).resolve().parent / "typst"
_LAST_MOMENT: Final = 2**32
# A paper is set again without the signs that no font could join with their neighbours, at most so often.
_TRIES: Final = 3
_WORDS: Final = (
    "title", "number", "column-item", "column-quantity", "column-unit-price", "column-amount", "no-lines",
    "signature", "signer", "signed-at", "rating", "proof", "digest", "digest-differs", "not-readable",
    "how-to-check", "link-alt", "no-strokes",
)  # fmt: skip


def report_pdf(signature: Mapping[str, object], language: str, link: str, timezone: str = "Asia/Shanghai") -> bytes:
    """The PDF of a signed report, from the signed text and nothing else.

    `signature` holds what `signature.record` recorded, `report` as the very text that was signed, with
    `sha256`, `signer`, `strokes`, `rating` and `consent`, and the `time` that the document's `signatures[]`
    has for it. `language` is that of the labels, `link` what the QR
    code opens. Takes a few hundredths of a second.
    """
    reader = Reader(language, timezone)
    report_text = str(signature.get("report"))
    content = {
        "language": language.split("-")[0],
        "words": {word: reader.say(f"report-{word}") for word in _WORDS},
        # The page's figures are known only when it is set.
        "page": reader.say("report-page", page="{page}", pages="{pages}"),
        "product": reader.say("app-name"),
        "sheet": sheet_of(report_text, reader),
        "signature": _signature(signature, reader),
        "digest": plain(signature.get("sha256")),
        "genuine": is_genuine(report_text, signature.get("sha256")),
        "link": link,
        "qr": _qr(link),
    }
    return _set(content, _moment(signature), reader)


def _set(content: dict[str, object], moment: int, reader: Reader) -> bytes:
    """PDF/A has no place for a sign without a shape, and says which one it is: a mark, say, that no font has together
    with the letter below it. That is then written as its code too."""
    without: frozenset[str] = frozenset()
    marks = True
    for _ in range(_TRIES):
        try:
            return _compiled(_drawn(content, Drawn(without, marks), reader), moment, "a-2a")
        except typst.TypstError as error:
            more = refused(error.diagnostic) - without
            if not more:
                break
            without |= more
        except BaseException as fault:
            # Letters of some scripts with a mark of another have ended Typst's shaping so, by a fault of its own.
            if type(fault).__name__ != "PanicException":
                raise
            marks = False
    # PDF/A has bounds too, on the length of a text for one.
    return _compiled(_drawn(content, Drawn(without, marks=False), reader), moment, "1.7")


def _compiled(content: object, moment: int, standard: Literal["a-2a", "1.7"]) -> bytes:
    made = typst.compile(
        _TYPST / "report.typ",
        root=_TYPST,
        font_paths=_fonts(),
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
        format="pdf",
        pdf_standards=standard,
        timestamp=moment,
    )
    assert isinstance(made, bytes)
    return made


@cache
def _fonts() -> typst.Fonts:
    """Read once; the monospaced face comes with Typst itself."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[FONTS])


def _qr(link: str) -> str:
    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, border=0, dark="#14191d", omitsize=True
    )
    return out.getvalue().decode()


def _signature(signature: Mapping[str, object], reader: Reader) -> dict[str, object]:
    signer, rating, time = (_object(signature.get(name)) for name in ("signer", "rating", "time"))
    name = plain(signer.get("name"))
    return {
        "svg": strokes_svg(signature.get("strokes")),
        "alt": reader.say("report-signature-alt", name=name),
        "name": name,
        "role": reader.word("signer", signer["role"]) if signer.get("role") else "",
        "consent": plain(signature.get("consent")),
        "rating": _rating(rating, reader),
        "at": _signed_at(time, reader),
        "bounds": _bounds(time, reader),
    }


def _signed_at(time: Mapping[str, object], reader: Reader) -> str:
    if not time.get("best"):
        return ""
    grade = f"report-grade-{time.get('grade')}"
    known = time.get("grade") in ("corroborated", "claimed", "contradicted")
    return reader.time(time["best"]) + (f" · {reader.say(grade)}" if known else "")


def _bounds(time: Mapping[str, object], reader: Reader) -> str:
    """Between which moments it was signed, as far as that is proven."""
    earliest, latest = proven(time)
    if earliest and latest:
        return reader.say("report-signed-between", earliest=reader.time(earliest), latest=reader.time(latest))
    if latest:
        return reader.say("report-signed-before", latest=reader.time(latest))
    return reader.say("report-signed-unknown")


def _rating(rating: Mapping[str, object], reader: Reader) -> dict[str, object]:
    score = rating.get("score")
    if not isinstance(score, int) or isinstance(score, bool) or not 1 <= score <= 5:
        return {"score": 0, "words": reader.say("report-rating-none"), "comment": ""}
    words = f"{reader.say('report-rating-score', score=score)} · {reader.word('report-rating', score)}"
    return {"score": score, "words": words, "comment": plain(rating.get("comment"))}


def _drawn(content: dict[str, object], drawn: Drawn, reader: Reader) -> object:
    """The content with every text in it as it can be set, and a note where a sign stands as its code."""
    texts = _each_text(content, drawn.text)
    note = reader.say("report-signs-as-codes", code=drawn.codes[0]) if drawn.codes else ""
    return {**texts, "note": note} if isinstance(texts, dict) else texts


def _each_text(content: object, change: Callable[[str], str]) -> object:
    if isinstance(content, str):
        return change(content)
    if isinstance(content, Mapping):
        return {name: _each_text(each, change) for name, each in content.items()}
    return [_each_text(each, change) for each in content] if isinstance(content, list) else content


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _moment(signature: Mapping[str, object]) -> int:
    """The file's own date, in seconds since 1970: of the signature, not of its printing."""
    time = _object(signature.get("time"))
    try:
        moment = datetime.fromisoformat(str(time.get("latest") or time.get("best"))).timestamp()
    except ValueError:
        return 0
    return int(min(max(0, moment), _LAST_MOMENT))
