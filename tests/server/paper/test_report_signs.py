"""Whatever sign somebody typed can be read on the paper: as itself, or as its code, and never as an empty box."""

from __future__ import annotations

import hashlib
import io
import random
import re
import sys
import unicodedata
from dataclasses import dataclass
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream

from server.paper import report_pdf as report_pdf_module
from server.paper.report_pdf import report_pdf
from server.paper.signs import FONTS, Drawn, all_signs
from tests.server.paper.test_report_pdf import LINK, REPORT, signed, words_of

NOTE = {"zh-CN": "本单显示不了的字符，写成它的编码", "en": "Signsthatthispapercannotshowstandastheircode"}
READABLE = {
    "chemistry": "CO₂ H₂O SO₄²⁻ 10⁻³",
    "ticks and warnings": "✔ ✅ ☑ ✗ ❌ ⚠ ⚠️ ☎ ⏰ ℹ ⇒ ① ㎡ ℃ Ω ½",
    "emoji": "👍 😀 👍🏽 👨‍👩‍👧 🇨🇳 ❤️ 1️⃣ 🔧 🚰 🪠",
    "rare names": "𠮷 㛃 䶮 𫟼 𬬻 𨭎 鿏",
    "Korean": "한국어로 서명합니다 뷁 ㄱ",
    "Japanese": "ひらがな カタカナ ｶﾅ 々 峠",
    "Tibetan": "བོད་ཡིག་གིས་མིང་རྟགས་བཀོད་པ།",
    "Uyghur": "ئۇيغۇرچە ئىمزا",
    "Arabic": "العربية ١٢٣",
    "Hebrew": "עברית",
    "Thai": "ภาษาไทย น้ำรั่ว",
    "Lao, Khmer, Burmese": "ພາສາລາວ ភាសាខ្មែរ မြန်မာဘာသာ",
    "Yi and Mongolian": "ꆈꌠꁱꂷ ᠮᠣᠩᠭᠣᠯ",
    "Vietnamese, Zhuang, Russian, Greek": "Tiếng Việt Vahcuengh Ƃ ƃ Русский Ελληνικά Ђ",
    "mathematics": "𝛼 ∮ ≈ ≤ ∇ ∛ 𝓦",
}


@dataclass(frozen=True)
class Glyph:
    """A shape on the paper: its number in its font, 0 for the empty box, and the text that it stands for."""

    number: int
    text: str


def glyphs_of(pdf: bytes) -> list[Glyph]:
    """Every shape in the order in which it is drawn, within a line from left to right."""
    reader, found = PdfReader(io.BytesIO(pdf)), []
    for page in reader.pages:
        meanings = {name: _meanings(font.get_object()) for name, font in page["/Resources"]["/Font"].items()}
        meant: dict[int, str] = {}
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            if operator == b"Tf":
                meant = meanings[operands[0]]
            elif operator in (b"Tj", b"TJ"):
                for text in operands[0] if operator == b"TJ" else operands:
                    codes = getattr(text, "original_bytes", b"")
                    numbers = [int.from_bytes(codes[at : at + 2], "big") for at in range(0, len(codes), 2)]
                    found += [Glyph(number, meant.get(number, "")) for number in numbers]
    assert len(found) > 100
    return found


def _meanings(font: Any) -> dict[int, str]:  # Any: pypdf's dictionaries
    """Which text a font's glyphs stand for, as a PDF says it for those who copy from it."""
    told = font["/ToUnicode"].get_data().decode("latin-1")
    pairs = re.findall(r"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>\s*\n", told)
    return {int(code, 16): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs}


def boxes_on(pdf: bytes) -> int:
    """How many empty boxes the paper has."""
    return sum(glyph.number == 0 for glyph in glyphs_of(pdf))


def is_archivable(pdf: bytes) -> bool:
    """Whether it is PDF/A-2a, whose writer refuses every sign that it has no shape for."""
    return b"pdfaid:part" in pdf


def with_text(text: str) -> bytes:
    return report_pdf(signed({**REPORT, "fault": text}, rating={"score": 5, "comment": text}), "zh-CN", LINK)


@pytest.mark.parametrize("text", READABLE.values(), ids=READABLE)
def test_what_people_type_is_readable_on_the_paper(text: str) -> None:
    assert Drawn().text(text) == text
    pdf = with_text(text)
    assert is_archivable(pdf)
    assert boxes_on(pdf) == 0
    assert NOTE["zh-CN"] not in words_of(pdf) and "[U+" not in words_of(pdf)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_what_no_font_has_stands_as_its_code_with_a_note(language: str) -> None:
    report = {**REPORT, "fault": "漏水𐎀了\ue000", "technician": "a\ud800", "number": "WX-1\U0001fffe"}
    pdf = report_pdf(signed(report, signer={"name": "王𐎁", "role": "owner"}), language, LINK)
    words = words_of(pdf)
    assert is_archivable(pdf) and boxes_on(pdf) == 0
    for code in ("漏水[U+10380]了[U+E000]", "a[U+D800]", "WX-1[U+1FFFE]", "王[U+10381]"):
        assert code in words
    assert words.count(NOTE[language]) == 1
    assert str(signed(report)["sha256"]) in words, "what was signed is what it was"
    assert NOTE[language] not in words_of(report_pdf(signed(REPORT), language, LINK))


def test_no_sign_of_unicode_is_an_empty_box() -> None:
    assigned = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) not in ("Cn", "Cs")]
    chance = random.Random(20261124)
    pdf = with_text(" ".join(chance.sample(assigned, 3000)))
    assert is_archivable(pdf) and boxes_on(pdf) == 0
    assert len(re.findall(r"\[U\+[0-9A-F]{4,6}\]", words_of(pdf))) > 500


def test_no_mark_upon_any_letter_is_an_empty_box() -> None:
    marks = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) in ("Mn", "Me", "Mc")]
    letters = "aÅ漢字1한アแ𝛼✔👍ع" + "".join(map(chr, (0xF40, 0x1820, 0x2082, 0x20BB7)))
    chance = random.Random(20261124)
    pairs = [
        chance.choice(letters) + chance.choice(marks) + chance.choice(["", "\ufe0f", "\u200d"]) for _ in range(400)
    ]
    pdf = with_text(" ".join(["a\u20e3", "漢\u0301", "한\u3099", *pairs]))
    assert is_archivable(pdf) and boxes_on(pdf) == 0


def test_the_fonts_are_those_whose_hashes_are_written_down() -> None:
    written = (FONTS / "README.md").read_text("utf-8")
    fonts = [path for path in FONTS.iterdir() if path.suffix in (".ttf", ".otf")]
    hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in fonts}
    assert hashes == dict(re.findall(r"`([^`]+\.[ot]tf)` \|[^|]*\| `([0-9a-f]{64})`", written))
    assert len(fonts) == 17 and len(all_signs()) > 55_000


@pytest.mark.parametrize("word", ["\u05d0\u05d1\u05d2", "ئىمزا"], ids=["Hebrew", "Uyghur"])
def test_what_runs_from_right_to_left_does_so_within_chinese(word: str) -> None:
    drawn = "".join(glyph.text for glyph in glyphs_of(with_text(f"漏水{word}修好 ABC")))
    # A letter that is drawn in two pieces stands for itself twice.
    once = re.sub(r"(.)\1", r"\1", drawn)
    assert f"漏水{word[::-1]}修好" in once and word not in once


def test_a_fault_of_the_typesetter_costs_marks_and_no_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        """As the typesetter's own is called."""

    compiled, asked = report_pdf_module._compiled, []

    def fails_once(content: object, moment: int, standard: Any) -> bytes:
        asked.append(content)
        if len(asked) == 1:
            raise PanicException("end byte index 8 is out of bounds")
        return compiled(content, moment, standard)

    monkeypatch.setattr(report_pdf_module, "_compiled", fails_once)
    words = words_of(with_text("漏水e\u0301"))
    assert len(asked) == 2 and "漏水e[U+0301]" in words
