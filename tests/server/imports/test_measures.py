"""Numbers, degrees and lengths as people write them into spreadsheets."""

from __future__ import annotations

from decimal import Decimal
from typing import cast

import pytest

from server.imports.measures import Axis, NotAMeasure, OtherAxis, read_degrees, read_metres, read_number


@pytest.mark.parametrize(
    ("written", "axis", "meant"),
    [
        ("25.2736", "latitude", "25.2736"),
        ("-25.2736", "latitude", "-25.2736"),
        ("25", "latitude", "25"),
        ("25,2736", "latitude", "25.2736"),
        ("25,273", "latitude", "25.273"),
        ("２５．２７３６", "latitude", "25.2736"),
        ("25.2736°", "latitude", "25.2736"),
        ("25.2736度", "latitude", "25.2736"),
        ("25.2736N", "latitude", "25.2736"),
        ("N 25.2736", "latitude", "25.2736"),
        ("北纬25.2736°", "latitude", "25.2736"),
        ("33.8688 S", "latitude", "-33.8688"),
        ("25°16'12\"N", "latitude", "25.27"),
        ("25° 16' 12\" N", "latitude", "25.27"),
        ("25°16′12″N", "latitude", "25.27"),
        ("25º16’12”N", "latitude", "25.27"),
        ("25°16'12''", "latitude", "25.27"),
        ("25°16'12", "latitude", "25.27"),
        ("25度16分12秒", "latitude", "25.27"),
        ("25度 16分 12秒", "latitude", "25.27"),
        ("北纬25度16分12秒", "latitude", "25.27"),
        ("25度16分", "latitude", "25.266666667"),
        ("25°16.2'N", "latitude", "25.27"),
        ("25°16,2'N", "latitude", "25.27"),
        ("25°16'12.36\"N", "latitude", "25.2701"),
        ("东经110度17分24秒", "longitude", "110.29"),
        ("110°17'24\"E", "longitude", "110.29"),
        ("110,2900", "longitude", "110.29"),
        ("0°7'39\"W", "longitude", "-0.1275"),
    ],
)
def test_degrees_are_read_as_people_write_them(written: str, axis: str, meant: str) -> None:
    assert read_degrees(written, cast(Axis, axis)) == Decimal(meant)


@pytest.mark.parametrize(
    "written",
    [
        "北纬25度",
        "25°",
        "25 16 12",
        "25°60'00\"",
        "25°16'60\"",
        "25.5°16'",
        "25°16.5'12\"",
        "-25°16'12\"",
        "-25.27S",
        "N25.27N",
        "25°16'12S",
        "25.2736,110.29",
        "25,27,36",
        "约25.27",
        "25°16'12\" 110°17'24\"",
        "1e400",
        "9" * 30 + "°30'",
        "N39" + "9" * 30 + ".5",
        "nan",
        "",
        "桂林",
    ],
)
def test_degrees_that_may_mean_two_things_are_not_read(written: str) -> None:
    with pytest.raises(NotAMeasure):
        read_degrees(written, "latitude")


def test_the_other_axis_is_named_as_such() -> None:
    for written, axis in (("110°17'24\"E", "latitude"), ("北纬25.27", "longitude")):
        with pytest.raises(OtherAxis):
            read_degrees(written, cast(Axis, axis))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("80", "80"),
        ("80米", "80"),
        ("80 米", "80"),
        ("80m", "80"),
        ("80 m", "80"),
        ("80M", "80"),
        ("８０ｍ", "80"),
        ("80.5米", "80.5"),
        ("80,5 m", "80.5"),
        ("1,250 m", "1250"),
        ("1.5公里", "1500"),
        ("0.5 km", "500"),
    ],
)
def test_a_length_is_read_with_its_unit(written: str, meant: str) -> None:
    assert read_metres(written) == Decimal(meant)


@pytest.mark.parametrize(
    "written",
    ["约80米", "80-100米", "80平方米", "80㎡", "80 ft", "米", "", "八十米", "80米左右", "1e999999 km", "9" * 40 + "m"],
)
def test_a_doubtful_length_is_not_read(written: str) -> None:
    with pytest.raises(NotAMeasure):
        read_metres(written)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1,250", "1250"),
        ("1,250.50", "1250.50"),
        ("1,250,000", "1250000"),
        ("25,2736", "25.2736"),
        ("12,5", "12.5"),
        ("0,125", "0.125"),
        ("1 250", "1250"),
        ("-3.5", "-3.5"),
    ],
)
def test_a_comma_parts_thousands_or_is_the_point(written: str, meant: str) -> None:
    assert read_number(written) == Decimal(meant)


@pytest.mark.parametrize("written", ["1,25,0", "1.250,5", "12,50.5", "1250,500,5", "--1", "1,", ",5", "一百"])
def test_a_number_that_may_be_two_is_not_read(written: str) -> None:
    with pytest.raises(NotAMeasure):
        read_number(written)
