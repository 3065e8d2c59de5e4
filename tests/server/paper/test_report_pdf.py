"""The paper says what was signed, all of it, and nothing else."""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ElementTree

import pytest
from pypdf import PdfReader

from server.evidence.report import digest
from server.evidence.strokes import strokes_svg
from server.paper.report_pdf import report_pdf

Json = dict[str, object]
LINK = "https://service.example.com/check/0193a2f4"

REPORT: Json = {
    "number": "WX2611-0042",
    "kind": "repair",
    "language": "zh-CN",
    "customer": "漓江花园业主委员会",
    "site": {"name": "漓江花园3栋", "address": "桂林市漓江路18号"},
    "asset": {"name": "生活水泵", "model": "CR32-4", "serial": "A9612"},
    "reported_at": "2026-11-24T08:05:00+08:00",
    "fault": "地下室水泵漏水",
    "cause": "wear",
    "diagnosis": "机械密封磨损",
    "work_done": "更换机械密封\n试运行正常",
    "materials": [
        {"line": "1", "part": "P0117", "name": "机械密封", "unit": "套", "quantity": "1", "unit_price": 18500,
         "amount": 18500, "source": "van", "serial": None}
    ],
    "labour": [
        {"line": "2", "name": "水泵检修", "method": "拆检", "unit": "次", "quantity": "1.5", "unit_price": 12000,
         "amount": 18000}
    ],
    "charge": {"covered": True, "why": {"code": "free_warranty"}, "materials": 0, "labour": 0, "total": 0,
               "currency": "CNY"},
    "warranty_until": "2029-03-31",
    "arrived_at": "2026-11-24T01:14:03.120+00:00",
    "departed_at": None,
    "technician": "李伟",
}  # fmt: skip


def signed(report: Json | str, **changes: object) -> Json:
    text = report if isinstance(report, str) else json.dumps(report, ensure_ascii=False)
    return {
        "report": text,
        "sha256": digest(text),
        "signer": {"name": "王先生", "role": "owner"},
        "box": {"width": 600, "height": 200},
        "strokes": [[[10, 20, 0, 0.5], [200, 60, 400, 0.5], [220, 90, 600, 0.5]], [[300, 30, 900, 0.5]]],
        "rating": {"score": 4, "comment": "很专业"},
        "consent": "本人已阅读以上维修服务单",
        "time": {
            "best": "2026-11-24T02:18:22+00:00",
            "earliest": "2026-11-24T02:18:19+00:00",
            "latest": "2026-11-24T02:18:25+00:00",
            "grade": "corroborated",
        },
        **changes,
    }


def words_of(pdf: bytes) -> str:
    """The text of all pages without any white space, which a PDF has not kept as it was."""
    return "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.fixture(scope="module")
def chinese() -> str:
    return words_of(report_pdf(signed(REPORT), "zh-CN", LINK))


@pytest.fixture(scope="module")
def english() -> str:
    return words_of(report_pdf(signed(REPORT), "en", LINK))


@pytest.mark.parametrize(
    "words",
    [
        "维修服务单", "WX2611-0042", "漓江花园业主委员会", "漓江花园3栋", "桂林市漓江路18号", "生活水泵", "CR32-4",
        "A9612", "地下室水泵漏水", "机械密封磨损", "更换机械密封", "试运行正常", "P0117", "¥185.00", "1.5次", "拆检",
        "¥365.00", "¥0.00", "保修期内", "2029年3月31日", "2026年11月24日09:14:03", "李伟", "自然损耗",
        "王先生", "业主", "4分", "很专业", "本人已阅读以上维修服务单",
        "2026年11月24日10:18:19", "2026年11月24日10:18:25",
    ],
)  # fmt: skip
def test_the_paper_says_in_chinese_what_was_signed(chinese: str, words: str) -> None:
    assert words in chinese


@pytest.mark.parametrize(
    "words",
    [
        "Servicereport",
        "Repair",
        "Underwarranty",
        "March31,2029",
        "Owner",
        "4of5",
        "10:18:19",
        "¥185.00",
        "地下室水泵漏水",
    ],
)
def test_the_labels_are_in_the_readers_language_and_the_text_as_it_was_signed(english: str, words: str) -> None:
    assert words in english


def test_the_digest_and_the_link_are_on_the_paper() -> None:
    signature = signed(REPORT)
    pdf = report_pdf(signature, "en", LINK)
    assert str(signature["sha256"]) in words_of(pdf)
    links = [
        annotation.get_object()["/A"]["/URI"]
        for page in PdfReader(io.BytesIO(pdf)).pages
        for annotation in page.get("/Annots", [])
    ]
    assert LINK in links


def test_the_same_signature_gives_the_same_bytes() -> None:
    assert report_pdf(signed(REPORT), "zh-CN", LINK) == report_pdf(signed(REPORT), "zh-CN", LINK)


def test_all_type_comes_from_the_products_own_fonts() -> None:
    reader = PdfReader(io.BytesIO(report_pdf(signed(REPORT), "zh-CN", LINK)))
    fonts = {
        str(font.get_object()["/BaseFont"]).split("+")[-1]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts and all(name.startswith(("NotoSansSC", "DejaVuSansMono", "LibertinusSerif")) for name in fonts)


def test_what_people_wrote_is_never_markup() -> None:
    mischief = '*bold* #panic("x") $x$ \\ [ ] ] { } `raw` @ref <label> // comment #image("/etc/passwd")'
    words = words_of(report_pdf(signed({**REPORT, "fault": mischief}, consent=mischief), "en", LINK))
    assert "".join(mischief.split()) in words


def test_what_nobody_here_knows_by_name_is_shown_too() -> None:
    report = {**REPORT, "supplier_reference": "X-77", "materials": [{"name": "水管", "colour": "blue"}]}
    words = words_of(report_pdf(signed(report), "zh-CN", LINK))
    assert "supplier_reference" in words and "X-77" in words and "colour:blue" in words


def test_a_text_that_was_changed_is_said_to_prove_nothing(english: str) -> None:
    warning = "Thispaperprovesnothing"
    assert warning not in english
    changed = signed(REPORT) | {"report": json.dumps({**REPORT, "fault": "nothing"})}
    assert warning in words_of(report_pdf(changed, "en", LINK))


def test_a_text_that_is_no_report_is_printed_word_for_word() -> None:
    words = words_of(report_pdf(signed("只是一句话 {"), "zh-CN", LINK))
    assert "只是一句话{" in words


ODD = [None, "x", 5, -1.5, True, [], {}, [None, 3, "y", {}], {"name": None}, {"code": []}, "9" * 300]


@pytest.mark.parametrize("key", [*REPORT, "extra"])
def test_odd_values_still_make_a_paper(key: str) -> None:
    for odd in ODD:
        assert report_pdf(signed({**REPORT, key: odd}), "en", LINK).startswith(b"%PDF")


@pytest.mark.parametrize("key", ["signer", "strokes", "rating", "consent", "time"])
def test_odd_signatures_still_make_a_paper(key: str) -> None:
    for odd in ODD:
        assert report_pdf(signed(REPORT, **{key: odd}), "zh-CN", LINK).startswith(b"%PDF")


def test_a_long_report_goes_on_over_pages_and_keeps_the_signature_in_one_piece() -> None:
    line = {"line": "1", "name": "机械密封", "unit": "套", "quantity": "1", "unit_price": 100, "amount": 100}
    reader = PdfReader(io.BytesIO(report_pdf(signed({**REPORT, "materials": [line] * 60}), "zh-CN", LINK)))
    assert len(reader.pages) > 1
    last = "".join(reader.pages[-1].extract_text().split())
    assert "客户签字" in last and "证明" in last and f"共{len(reader.pages)}页" in last


# The signature drawn from its strokes


def test_strokes_are_drawn_to_fit_whatever_their_size() -> None:
    drawing = strokes_svg([[[1000, 1000, 0, 0.5], [1100, 1050, 16, 0.5]]])
    assert drawing is not None
    root = ElementTree.fromstring(drawing)
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    assert (left, top) == (0, 0) and 100 < width < 110 and 50 < height < 60


def test_every_stroke_is_drawn_and_a_dot_is_one() -> None:
    drawing = strokes_svg([[[0, 0, 0, 1], [10, 0, 1, 1]], [[5, 5, 2, 1]], [[5, 9]], []])
    assert drawing is not None and drawing.count("<path") == 3


@pytest.mark.parametrize(
    "strokes", [None, [], [[]], "x", 7, [["x"]], [[[None, 1]]], [[[float("nan"), 1]]], [[[1e300, 1]]]]
)
def test_what_is_no_stroke_is_not_drawn(strokes: object) -> None:
    assert strokes_svg(strokes) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"materials": [{"name": "a", "quantity": "1", "unit_price": 10**40}]},
        {"materials": [{"name": "a", "quantity": "1e999999", "unit_price": 1, "amount": 10**40}]},
        {"materials": "x", "labour": [1, None], "charge": {"total": 1e300, "currency": ["CNY"]}},
        {"charge": {"total": 1, "why": {"code": ["x"], "materials_percent": ["a"], "labour_percent": {"b": 1}}}},
        {"charge": {"total": float("inf")}},
        {"arrived_at": "0001-01-01T00:00:00+14:00", "departed_at": "9999-12-31T23:59:59-10:00"},
        {"warranty_until": "9999-12-31T23:59:59-10:00"},
        {"fault": "a\0b\x07\x1b"},
        {"fault": "a\ud800\ufffe\ue000"},
        {"fault": "漏水了 😀 \u200b", "technician": [1]},
        {"site": [1], "customer": {"name": {"x": 1}}, "language": ["zh"], "number": {"a": 1}, "kind": ["a"]},
        {"extra": json.loads("[" * 900 + "]" * 900)},
    ],
    ids=lambda value: ", ".join(value) + ascii(value)[-12:],
)
def test_a_malformed_report_of_another_program_can_still_be_printed(changes: Json) -> None:
    for language in ("zh-CN", "en"):
        assert PdfReader(io.BytesIO(report_pdf(signed(json.dumps({**REPORT, **changes})), language, LINK))).pages


@pytest.mark.parametrize(
    "changes",
    [
        {"rating": {"score": True, "comment": "😀"}, "consent": {"a": "\0"}},
        {"signer": {"name": "a\0\ud800", "role": ["x"]}, "sha256": "\ud800"},
        {"time": {"best": "0001-01-01T00:00:00+14:00", "latest": "9999-12-31T23:59:59-10:00"}},
        {"report": "a\0b\ud800"},
        {"report": "[" * 40_000},
    ],
    ids=lambda value: ", ".join(value),
)
def test_a_malformed_signature_can_still_be_printed(changes: Json) -> None:
    assert PdfReader(io.BytesIO(report_pdf(signed(REPORT) | changes, "zh-CN", LINK))).pages


def test_control_characters_are_left_out_of_the_paper() -> None:
    pdf = report_pdf(signed({**REPORT, "fault": "漏\x07水\x1b了"}), "zh-CN", LINK)
    assert "漏水了" in words_of(pdf)
