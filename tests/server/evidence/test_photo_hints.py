"""What a photo says of itself beside the record that names it: every row of the rules, with figures and sentences."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from server.evidence.photo_hints import edited_by, exif_place_differs, exif_time_differs, photo_hints
from server.language import text

GUILIN = ZoneInfo("Asia/Shanghai")
EARLIEST = datetime(2026, 11, 24, 9, 40, tzinfo=GUILIN)
LATEST = EARLIEST + timedelta(minutes=20)
SITE = {"position": {"latitude": 25.28, "longitude": 110.29, "datum": "WGS-84"}, "radius_m": 80.0}
METRE_NORTH = 1 / 110_790
ABROAD = {"position": {"latitude": 60.39, "longitude": 5.32, "datum": "WGS-84"}, "radius_m": 80.0}


def time_hint(taken_at: str | None, earliest: datetime | None = EARLIEST) -> dict[str, Any] | None:
    """The hint without its code and time, or None."""
    reason = exif_time_differs(taken_at, earliest, LATEST, GUILIN)
    if reason is None:
        return None
    assert reason.code == "exif_time_differs"
    return {name: value for name, value in reason.figures.items() if name != "taken_at"}


@pytest.mark.parametrize(
    ("taken_at", "expected"),
    [
        pytest.param("2026-11-24T09:45:00", None, id="within the bounds"),
        pytest.param("2026-11-24T09:30:00", None, id="ten minutes before is a clock set by hand"),
        pytest.param("2026-11-24T10:10:00", None, id="ten minutes after too"),
        pytest.param("2026-11-24T09:29:00", ("assumed", "before", 11, 11, "minutes"), id="eleven minutes before"),
        pytest.param("2026-11-24T10:11:00", ("assumed", "after", 11, 11, "minutes"), id="eleven minutes after"),
        pytest.param("2026-11-24T11:59:00", ("assumed", "after", 119, 119, "minutes"), id="just under two hours"),
        pytest.param("2026-11-24T12:00:00", ("assumed", "after", 120, 2, "hours"), id="two hours after"),
        pytest.param("2026-11-24T01:45:00+00:00", None, id="an offset is believed"),
        pytest.param(
            "2026-11-24T09:45:00+00:00", ("stated", "after", 465, 8, "hours"), id="another offset is not ours"
        ),
        pytest.param("2026-11-22T09:40:00", ("assumed", "before", 2880, 2, "days"), id="two days before"),
        pytest.param("2026-11-23T09:40:00", ("assumed", "before", 1440, 24, "hours"), id="a day before"),
        pytest.param("0001-01-01T00:00:00", None, id="a clock that was never set says nothing"),
        pytest.param("9999-12-31T23:59:59-12:00", None, id="the end of the calendar says nothing"),
        pytest.param("yesterday", None, id="no time says nothing"),
        pytest.param(None, None, id="nothing says nothing"),
    ],
)
def test_the_cameras_time_is_compared_with_the_bounds(taken_at: str | None, expected: Any) -> None:
    names = ("zone", "direction", "minutes", "amount", "unit")
    assert time_hint(taken_at) == (expected and dict(zip(names, expected, strict=True)))


def test_without_a_bound_below_an_earlier_photo_contradicts_nothing() -> None:
    assert time_hint("2020-01-01T00:00:00", earliest=None) is None
    assert time_hint("2026-11-24T12:00:00", earliest=None) is not None


def test_a_clock_time_that_comes_twice_is_read_as_the_nearer_one() -> None:
    paris = ZoneInfo("Europe/Paris")
    for hour in (0, 1):  # 02:30 was at 00:30 and at 01:30 UTC
        moment = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
        assert exif_time_differs("2026-10-25T02:30:00", moment, moment, paris) is None


def north_of(site: dict[str, Any], metres: float) -> dict[str, Any]:
    """Camera facts so far north of a site's centre."""
    return {
        "latitude": site["position"]["latitude"] + metres * METRE_NORTH,
        "longitude": site["position"]["longitude"],
    }


@pytest.mark.parametrize(
    ("metres", "expected"), [(0, None), (175, None), (190, 190), (5000, 5000)], ids=lambda value: str(value)
)
def test_the_cameras_place_is_compared_with_the_sites_circle(metres: float, expected: float | None) -> None:
    found = exif_place_differs(north_of(ABROAD, metres), ABROAD, None)
    if expected is None:
        assert found == []
    else:
        assert [reason.code for reason in found] == ["exif_place_differs"]
        figures = found[0].figures
        assert figures["against"] == "site" and figures["allowed_m"] == 180
        assert figures["distance_m"] == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize(
    ("metres", "accuracy_m", "age_s", "differs"),
    [
        pytest.param(100, 10, 0, False, id="as near as both are accurate"),
        pytest.param(300, 10, 0, True, id="farther than both explain"),
        pytest.param(300, 250, 0, False, id="an inaccurate fix explains it"),
        pytest.param(300, 10, 200, False, id="an old fix: somebody walked"),
        pytest.param(300, None, 0, False, id="a fix of unknown accuracy is compared with nothing"),
    ],
)
def test_the_cameras_place_is_compared_with_the_records_own(
    metres: float, accuracy_m: float | None, age_s: float, differs: bool
) -> None:
    position = {**ABROAD["position"], "accuracy_m": accuracy_m, "age_s": age_s}  # type: ignore[dict-item]  # a dict
    found = exif_place_differs(north_of(ABROAD, metres), None, position)
    assert [reason.figures["against"] for reason in found] == (["position"] if differs else [])


def test_a_place_far_away_is_told_in_kilometres() -> None:
    (found,) = exif_place_differs({"latitude": 60.0, "longitude": 100.0}, ABROAD, None)
    assert found.figures["unit"] == "km" and found.figures["amount"] == round(
        float(str(found.figures["distance_m"])) / 1000
    )
    assert "km" in text("en", "reason-exif-place-differs", **found.figures)
    assert "公里" in text("zh-CN", "reason-exif-place-differs", **found.figures)


def test_a_place_in_china_may_be_in_the_datum_of_its_maps() -> None:
    import coordTransform  # type: ignore[import-untyped]  # the library has no types

    east, north = coordTransform.wgs84_to_gcj02(110.29, 25.28)
    assert abs(north - 25.28) / METRE_NORTH > 250
    assert exif_place_differs({"latitude": north, "longitude": east}, SITE, None) == []
    assert exif_place_differs(north_of(SITE, 3000), SITE, None) != []


@pytest.mark.parametrize(
    "facts",
    [{}, {"latitude": None, "longitude": None}, {"latitude": 0.0, "longitude": 0.0}, {"latitude": 95, "longitude": 5}],
    ids=str,
)
def test_no_place_differs_from_nothing(facts: dict[str, Any]) -> None:
    assert exif_place_differs(facts, ABROAD, {**ABROAD["position"], "accuracy_m": 5}) == []  # type: ignore[dict-item]


def test_a_site_without_a_position_is_compared_with_nothing() -> None:
    assert exif_place_differs(north_of(ABROAD, 9000), {"position": None, "radius_m": None}, None) == []


@pytest.mark.parametrize(
    "software",
    [
        "Adobe Photoshop CS6 (Windows)", "Adobe Photoshop Lightroom 6.0", "GIMP 2.10.34", "Snapseed 2.0", "Picasa",
        "paint.net 5.0", "PicsArt", "Photos 8.0", "美图秀秀", "MeituPic 9", "VSCO", "醒图 8.1", "darktable 4.2",
        "Corel PaintShop Pro", "ACDSee Ultimate 2023", "Pixelmator 3.9", "Aperture 3.6", "天天P图", "Topaz Photo AI 2",
    ],
)  # fmt: skip
def test_an_editor_is_named(software: str) -> None:
    reason = edited_by(software)
    assert reason is not None and reason.as_json() == {"code": "edited_by", "software": software}


@pytest.mark.parametrize(
    "software",
    [
        None, "", "15.2.1", "17.0", "8.3", "S9080ZCU2AWA7", "HDR+ 1.0.534057344z", "MediaTek Camera Application",
        "ELE-L29 10.1.0.150(C432E22R2P5)", "Ver.1.00", "Version 1.0", "COOLPIX P6000V1.0", "Nikon Transfer 1.1 W",
        "Digital Camera FinePix S5 Ver1.00", "Android PQ3A.190801.002", "topaz-user 13 TKQ1.221114.001 V14",
        "PMB Service Uploader", "今日水印相机", "Windows Phone 8.1", "HUAWEI nova 9", "V12.5.3.0.RGACNXM", "regimp 1",
    ],
)  # fmt: skip
def test_firmware_and_cameras_are_no_editors(software: str | None) -> None:
    assert edited_by(software) is None


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            [
                "By the camera’s clock the photo was taken at 2026-11-22T01:40:00.000Z (company time is assumed), "
                "about 2 days before this was recorded.",
                "By the camera’s position the photo was taken 5,028 m from the site’s centre; 180 m would be near "
                "enough.",
                "The camera’s position is 5,028 m from the one that was recorded with the photo; 110 m would be near "
                "enough.",
                "The file was written by an editing program: GIMP 2.10.",
            ],
        ),
        (
            "zh-CN",
            [
                "按相机时钟，照片拍摄于 2026-11-22T01:40:00.000Z（未注明时区，按公司时间理解），早于记录时间约 2 天。",
                "按相机的定位，照片拍摄地点距现场中心 5,028 米，180 米以内视为相符。",
                "相机的定位与随照片记录的位置相距 5,028 米，110 米以内视为相符。",
                "文件由图片编辑软件写成：GIMP 2.10。",
            ],
        ),
    ],
)
def test_the_hints_of_a_whole_case_are_sentences(language: str, expected: list[str]) -> None:
    facts = {"taken_at": "2026-11-22T09:40:00", "software": "GIMP 2.10", **north_of(ABROAD, 5000)}
    position = {**ABROAD["position"], "accuracy_m": 10.0, "age_s": 0}  # type: ignore[dict-item]  # a dict
    hints = photo_hints(facts, ABROAD, position, EARLIEST, LATEST, GUILIN)
    said = []
    for hint in hints:
        said.append(text(language, f"reason-{hint.code.replace('_', '-')}", **hint.figures))
    assert said == expected
