"""Telephone numbers are read by their digits; the phone runs the same cases."""

from __future__ import annotations

import random
import subprocess
import sys
from typing import Any

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from server.rules.search import findable, finds, words_of
from server.rules.telephones import forms_of, same_telephone, texts_of, whole, without_country
from tests.vector_cases import cases
from tools import telephone_codes

KINDS = (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE)


@pytest.mark.parametrize(("given_", "expected"), cases("telephones"))
def test_what_is_typed_finds_a_number(given_: dict[str, Any], expected: dict[str, Any]) -> None:
    texts, words = texts_of(given_["field"]), words_of(given_["typed"])
    assert (texts, words) == (expected["texts"], expected["words"])
    assert finds(words, findable(texts)) is expected["found"]


def test_the_codes_are_those_of_the_pinned_package() -> None:
    for file, text in telephone_codes.texts().items():
        assert file.read_text("utf-8") == text


def test_numbers_of_every_country_are_read_as_the_library_reads_them() -> None:
    read = 0
    # The example of China has an area's code and a number that begins as no number there does.
    for region in phonenumbers.SUPPORTED_REGIONS - {"CN"}:
        for kind in KINDS:
            example = phonenumbers.example_number_for_type(region, kind)
            if example is None:
                continue
            digits = phonenumbers.national_significant_number(example)
            for form in (PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL):
                written = phonenumbers.format_number(example, form)
                found = whole(written)
                short = len(digits) < 6
                assert short or (found and (found.country, found.digits) == (str(example.country_code), digits)), (
                    written
                )
                read += not short
    assert read > 800


def test_chinese_numbers_are_read_as_the_library_reads_them(seed: int) -> None:
    chance = random.Random(seed)
    read = 0
    for _ in range(5000):
        begins, rest = chance.choice([("1", 10), ("010", 8), ("021", 8), ("0771", 7), ("0773", 7), ("0371", 8)])
        number = begins + chance.choice("3456789") + "".join(chance.choices("0123456789", k=rest - 1))
        known = phonenumbers.parse(number, "CN")
        if phonenumbers.is_valid_number(known):
            found = whole(number)
            area = phonenumbers.length_of_geographical_area_code(known) if begins != "1" else 0
            assert found and (found.digits, found.area) == (str(known.national_number), area), number
            read += 1
    assert read > 500


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("+86 139 8134 6270", "13981346270", True),
        ("0773-2822222", "2822222", True),
        ("0773-2822222", "0772-2822222", False),
        ("13981346270、0773-2822222", "0773 2822222", True),
        ("13981346270", "13981346271", False),
        ("2822222", "282 2222", True),
        ("95598", "95598", True),
        ("95598", "95599", False),
        ("", "95598", False),
        # Letters beside a number are none of its digits.
        ("TEL 95598", "95598", True),
        ("95598 / A", "95598 B:", True),
        ("13981346270、13981346271", "13981346270", True),
        ("0773-2822222", "2822223", False),
        ("101", "11", False),
        ("191", "11", False),
    ],
)
def test_two_fields_name_the_same_number(one: str, other: str, same: bool) -> None:
    assert same_telephone(one, other) is same and same_telephone(other, one) is same


def test_a_field_may_be_empty_or_name_several_numbers() -> None:
    assert forms_of(None) == forms_of("") == forms_of("Mr Wang") == []
    assert forms_of("13981346270、+49 30 1234567") == ["13981346270", "49301234567", "0301234567"]


@pytest.mark.parametrize(
    ("word", "left"),
    [("(+86138", "138"), ("+86138+8613", "138+8613"), ("X+86138", "X+86138"), ("((0086138", "138"), ("138", "138")],
)
def test_a_countrys_code_is_left_out_where_a_number_begins_with_it(word: str, left: str) -> None:
    assert without_country(word) == left


def test_a_long_text_of_digits_is_no_work() -> None:
    assert texts_of("1 2 3 4 5 6 7 8 9 " * 3000)


def test_a_long_text_without_a_digit_is_gone_through_once() -> None:
    # What takes a time that grows with the square of the length would take half a minute here.
    done = subprocess.run(
        [sys.executable, "-c", "from server.rules.telephones import texts_of; texts_of('(' * 60_000 + 'x')"],
        timeout=10,
    )
    assert done.returncode == 0
