"""The evidence bundle: checked by its own page, with the tools that it names, and nothing of Undercroft."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from apiflask import APIFlask
from click.testing import CliRunner
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import text

from server.commands.cli import main
from server.database import writing
from server.settings import Settings
from tests.conftest import PASSWORD
from tests.databases import environment
from tests.reference_client import Ledger
from tests.server.office.scene import PHOTOS, Scene, new_id, whole_job

Browser = Callable[..., FlaskClient]
SECRET_OF_OTHERS = "门禁密码 4711"

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("sha256sum", "openssl", "grep", "od"))), reason="the tools are not here"
)


@pytest.fixture
def order(scene: Scene) -> str:
    """A whole job with photos and a signature; between its lines one of another customer's order."""
    mine = scene.at("8:02").open("zhangmin", "地下室水泵漏水", scene.site("0001", "王先生", "漓江花园"), "liwei", None)
    other = scene.open("zhangmin", "异响", scene.site("0002", "赵女士", "桂湖花园"), "liwei", None)
    whole_job(scene, mine, photos=True)
    scene.note("liwei", "10:44", "note.add", mine, {"note": new_id(), "text": "钥匙已还"})
    scene.note("liwei", "10:45", "note.add", other, {"note": new_id(), "text": SECRET_OF_OTHERS})
    scene.at("10:50").contact("liwei")
    return mine


def bundle(desk: FlaskClient, order: str, chain: str = "order") -> bytes:
    answer = desk.get(f"/office/orders/{order}/evidence.zip?chain={chain}")
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/zip"
    return answer.data


def unpacked(content: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        file.extractall(folder / "bundle")
    return folder / "bundle"


def steps(folder: Path, language: str = "en") -> list[str]:
    """What each command of the page prints, when it is typed in as it stands there."""
    page = (folder / f"README.{language}.txt").read_text("utf-8")
    blocks = re.findall(r"(?:^    .*\n)+", page, re.MULTILINE)
    assert len(blocks) == 6
    said = []
    for block in blocks:
        done = subprocess.run(
            ["sh", "-c", block], cwd=folder, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"}
        )
        said.append(done.stdout + done.stderr)
    return said


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    head, *rest = [line.split("\t") for line in (folder / name).read_text("utf-8").splitlines()]
    return [dict(zip(head, row, strict=True)) for row in rest]


def paper(folder: Path) -> str:
    """The words on the paper, without white space."""
    pages = PdfReader(folder / "reports/1/report.pdf").pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def test_everything_can_be_checked_with_common_tools_alone(
    scene: Scene, order: str, browser: Browser, tmp_path: Path
) -> None:
    folder = unpacked(bundle(browser("chenhong"), order, "whole"), tmp_path)
    assert steps(folder, "zh-CN") == steps(folder), "the commands are the same in every language"
    whole, listed, follows, signed, reports, photos = steps(folder)
    assert whole.splitlines() and all(line.endswith(": OK") for line in whole.splitlines())
    names = {line.removesuffix(": OK") for line in whole.splitlines()}
    files = {str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file()}
    assert names == files - {"SHA256SUMS"}
    assert listed.count(": OK") == len(list(folder.glob("ledgers/*/lines/*"))) and "FAILED" not in listed
    assert follows.count(": follows") >= 10 and "BROKEN" not in follows
    count = len(list(folder.glob("ledgers/*/signatures/*.der")))
    assert signed.count("in the chain") == signed.count("Signature Verified Successfully") == count >= 2
    assert "NOT" not in signed
    digest = hashlib.sha256((folder / "reports/1/report.json").read_bytes()).hexdigest()
    assert digest in reports and "NOT RECORDED" not in reports and digest in paper(folder)
    assert photos.count(": recorded") == 2 and "NOT" not in photos
    assert {row["proof"] for row in rows(folder, "lines.tsv")} == {"signed"}


def test_a_signature_fits_the_very_line_too(scene: Scene, order: str, browser: Browser, tmp_path: Path) -> None:
    folder = unpacked(bundle(browser("chenhong"), order, "whole"), tmp_path)
    for signature in folder.glob("ledgers/*/signatures/*.der"):
        ledger = signature.parent.parent
        command = ["openssl", "dgst", "-sha256", "-verify", ledger / "public_key.pem", "-signature", signature,
                   ledger / "lines" / f"{signature.stem}.json"]  # fmt: skip
        assert subprocess.run(command, capture_output=True, text=True).stdout == "Verified OK\n"


def flip(file: Path) -> None:
    """Change one bit in the middle."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize(
    ("pattern", "noticed_by"),
    [
        ("ledgers/*/lines/*.json", (0, 1)),
        ("ledgers/*/chain-*.sha256", (0,)),
        ("ledgers/*/signatures/*.digest", (0, 3)),
        ("ledgers/*/signatures/*.der", (0, 3)),
        ("ledgers/*/public_key.pem", (0, 3)),
        ("reports/1/report.json", (0, 4)),
        ("reports/1/report.pdf", (0,)),
        ("photos/*.jpg", (0, 5)),
        ("lines.tsv", (0,)),
        ("README.en.txt", (0,)),
    ],
)
def test_one_flipped_bit_is_noticed(
    scene: Scene, order: str, browser: Browser, tmp_path: Path, pattern: str, noticed_by: tuple[int, ...]
) -> None:
    folder = unpacked(bundle(browser("chenhong"), order, "whole"), tmp_path)
    before = steps(folder)
    changed = sorted(folder.glob(pattern))[-1]
    page = (folder / "README.en.txt").read_bytes()
    flip(changed)
    if changed.name == "README.en.txt":
        assert changed.read_bytes() != page
        changed.write_bytes(page + b"\n")
    after = steps(folder)
    for step in noticed_by:
        assert before[step] != after[step]
    assert f"{changed.relative_to(folder)}: FAILED" in after[0]


def test_a_line_that_was_removed_or_changed_with_all_its_sums_breaks_the_chain(
    scene: Scene, order: str, browser: Browser, tmp_path: Path
) -> None:
    """Whoever makes a false bundle makes its sums fit; the chain and the signature they cannot make fit."""
    folder = unpacked(bundle(browser("chenhong"), order, "whole"), tmp_path)
    line = next(each for each in sorted(folder.glob("ledgers/*/lines/*")) if b"arrival.record" in each.read_bytes())
    was = hashlib.sha256(line.read_bytes()).hexdigest()
    line.write_bytes(line.read_bytes().replace(b'"accuracy_m":8.0', b'"accuracy_m":3.0'))
    now = hashlib.sha256(line.read_bytes()).hexdigest()
    assert was != now
    for chain in line.parent.parent.glob("chain-*"):
        chain.write_text(chain.read_text().replace(was, now))
    _, listed, follows, *_ = steps(folder)
    assert "FAILED" not in listed
    assert follows.count("BROKEN") == 1


def test_of_other_orders_it_shows_hashes_and_says_what_that_leaves_open(
    scene: Scene, order: str, browser: Browser, tmp_path: Path
) -> None:
    content = bundle(browser("zhangmin"), order)
    assert SECRET_OF_OTHERS.encode() not in content and "赵女士".encode() not in content
    assert SECRET_OF_OTHERS.encode() in bundle(browser("chenhong"), order, "whole")
    folder = unpacked(content, tmp_path)
    whole, listed, follows, signed, *_ = steps(folder)
    assert not any(word in whole + listed + follows + signed for word in ("FAILED", "BROKEN", "NOT IN"))
    assert signed.count("Signature Verified Successfully") == len(list(folder.glob("ledgers/*/signatures/*.der")))
    proofs = {row["kind"]: row["proof"] for row in rows(folder, "lines.tsv")}
    assert proofs["order.open"] == "signed", "the office signs every line"
    assert proofs["departure.record"] == "signed", "no other order's line stands before the signature"
    assert proofs["note.add"] == "listed", "another order's line stands before the signature"
    assert "“listed”" in (folder / "README.zh-CN.txt").read_text("utf-8")


def test_it_holds_every_line_of_the_order_anchors_and_photos_as_they_are(
    scene: Scene, order: str, browser: Browser, tmp_path: Path
) -> None:
    folder = unpacked(bundle(browser("zhangmin"), order), tmp_path)
    ours = [each for each in folder.glob("ledgers/*/lines/*") if b'"anchor"' not in each.read_bytes()]
    with writing() as connection:
        kept = connection.execute(
            text("SELECT bytes FROM journal_line WHERE document_id = :order"), {"order": order}
        ).scalars()
        assert sorted(each.read_bytes() for each in ours) == sorted(bytes(line) for line in kept)
    phone = scene.phones["liwei"]
    anchors = [row for row in rows(folder, "anchors.tsv") if row["device"] == phone.id]
    assert anchors and all(row["server_time"].startswith("2026-11-24T00:") for row in anchors[:1])
    photos = {row["file"]: row for row in rows(folder, "photos.tsv")}
    assert [row["state"] for row in rows(folder, "photos.tsv")] == ["stored", "stored", "missing"]
    originals = {(PHOTOS / name).read_bytes() for name in ("DSCN0010.jpg", "image00971.jpg")}
    assert {(folder / name).read_bytes() for name in photos if name} == originals


def test_what_was_said_anew_of_a_photo_is_in_it_beside_what_was_recorded(
    scene: Scene, order: str, browser: Browser, tmp_path: Path
) -> None:
    taken = scene.body(order)["photos"][0]
    said = {"caption": ("", "泵的铭牌"), "purpose": (taken["purpose"], "nameplate")}
    for name, (was, now) in said.items():
        data = {"photo": taken["id"], "changes": {name: {"was": was, "now": now}}}
        scene.note("liwei", "11:00", "photo.edit", order, data)
    scene.at("11:05").contact("liwei")
    photo = scene.body(order)["photos"][0]
    assert (photo["caption"], photo["purpose"]) == ("泵的铭牌", "nameplate")
    folder = unpacked(bundle(browser("zhangmin"), order), tmp_path)
    lines = [json.loads(each.read_bytes()) for each in folder.glob("ledgers/*/lines/*")]
    about = [each for each in lines if each["data"].get("photo") == taken["id"]]
    kinds = {each["kind"]: each["data"] for each in sorted(about, key=lambda line: line["seq"])}
    assert list(kinds) == ["photo.add", "photo.edit"] and len(about) == 3
    assert kinds["photo.add"]["purpose"] == taken["purpose"], "what was recorded first stands as it was written"
    edits = [each["data"]["changes"] for each in about if each["kind"] == "photo.edit"]
    assert {name: edit[name]["now"] for edit in edits for name in edit} == {
        name: now for name, (_, now) in said.items()
    }
    assert [row["proof"] for row in rows(folder, "lines.tsv") if row["kind"] == "photo.edit"] == ["signed"] * 2
    whole, listed, follows, signed, _, photos = steps(folder)
    assert not any(word in whole + listed + follows + signed for word in ("FAILED", "BROKEN", "NOT IN"))
    assert photos.count(": recorded") == 2 and "NOT" not in photos


def test_the_same_order_makes_the_same_bytes(
    scene: Scene, order: str, browser: Browser, tmp_path: Path, settings: Settings
) -> None:
    desk = browser("zhangmin")
    first = bundle(desk, order)
    scene.at("18:00")
    assert bundle(desk, order) == first
    number = scene.body(order)["number"]
    public = environment(settings) | {"UNDERCROFT_PUBLIC_URL": "http://localhost", "UNDERCROFT_LANGUAGE": "en"}
    public["UNDERCROFT_PHOTOS_URL"] = settings.photos_url
    file = tmp_path / "evidence.zip"
    done = CliRunner().invoke(main, ["evidence", number, "--to", str(file)], env=public)
    assert (done.exit_code, file.read_bytes() == first) == (0, True), done.output
    again = CliRunner().invoke(main, ["evidence", number, "--to", str(file)], env=public)
    assert again.exit_code == 2 and "is there already" in again.output
    unknown = CliRunner().invoke(main, ["evidence", "WX0", "--to", str(tmp_path / "no.zip")], env=public)
    assert unknown.exit_code == 2 and "There is no work order WX0" in unknown.output
    assert not (tmp_path / "no.zip").exists()


def test_only_the_office_has_it_and_the_whole_chain_only_reviewers(scene: Scene, order: str, browser: Browser) -> None:
    desk, head = browser("zhangmin"), browser("chenhong")
    address = f"/office/orders/{order}/evidence.zip"
    assert desk.get(f"{address}?chain=whole").status_code == 403
    assert head.get(f"{address}?chain=all").status_code == 422
    assert head.get(f"/office/orders/{new_id()}/evidence.zip").status_code == 404
    assert "chain" in head.get(f"/office/orders/{order}").text
    assert 'value="whole"' not in desk.get(f"/office/orders/{order}").text


def test_an_order_without_photos_and_signature_has_a_bundle_too(scene: Scene, browser: Browser, tmp_path: Path) -> None:
    order = scene.open("zhangmin", "漏水", None, None, None)
    folder = unpacked(bundle(browser("zhangmin"), order), tmp_path)
    assert not (folder / "photos").exists() and "reports/" not in (folder / "README.en.txt").read_text()
    assert [row["proof"] for row in rows(folder, "lines.tsv")] == ["signed"]


def test_memory_does_not_grow_with_the_photos(scene: Scene, app: APIFlask, tmp_path: Path) -> None:
    import tracemalloc

    from server.bundle.archive import Archive

    large = tmp_path / "large.jpg"
    with large.open("wb") as file:
        file.truncate(64 * 1024 * 1024)
    tracemalloc.start()
    with (tmp_path / "made.zip").open("wb") as out, large.open("rb") as content:
        archive = Archive(out)
        archive.add_stream("photos/large.jpg", content)
        archive.close()
    assert tracemalloc.get_traced_memory()[1] < 4 * 1024 * 1024
    tracemalloc.stop()


def test_a_fen_changed_after_signing_shows_superseded_and_the_line_that_differs(
    scene: Scene, order: str, browser: Browser, tmp_path: Path
) -> None:
    assert scene.body(order)["signatures"][0]["state"] == "intact"
    line = scene.body(order)["labour"][0]["line"]
    change = {"line": line, "changes": {"unit_price": {"was": 12000, "now": 12001}}}
    assert scene.office("chenhong", "labour.change", order, change).status == "applied"
    signature = scene.body(order)["signatures"][0]
    assert signature["state"] == "superseded" and "labour" in signature["differs"]
    page = browser("chenhong").get(f"/office/orders/{order}").text
    changed = re.findall(r'<li class="(signed|now)"><b>([^<]*)</b> <span>([^<]*)</span>', page)
    assert ("signed", "签字时", "水泵检修：1 次 × ¥120.00 = ¥120.00") in changed
    assert ("now", "现在", "水泵检修：1 次 × ¥120.01 = ¥120.01") in changed
    assert all("机械密封 CR32" not in text for _, _, text in changed), "what is the same is not said to differ"
    folder = unpacked(bundle(browser("chenhong"), order), tmp_path)
    signed = json.loads((folder / "reports/1/report.json").read_text("utf-8"))
    assert signed["labour"][0]["unit_price"] == 12000 and "¥120.00" in paper(folder)


def test_programs_of_the_office_have_it_too_and_technicians_do_not(
    scene: Scene, order: str, app: APIFlask, browser: Browser
) -> None:
    address = f"/api/v1/work-orders/{order}/evidence.zip"
    desk, head, technician = (token(app, username) for username in ("zhangmin", "chenhong", "liwei"))
    client = app.test_client()
    answer = client.get(address, headers=desk)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.data == bundle(browser("zhangmin"), order)
    assert client.get(f"{address}?chain=whole", headers=head).data == bundle(browser("chenhong"), order, "whole")
    refused = [client.get(f"{address}?chain=whole", headers=desk), client.get(address, headers=technician)]
    assert [(each.status_code, each.json and each.json["code"]) for each in refused] == [(403, "not_permitted")] * 2
    assert client.get(address).status_code == 401
    assert client.get(f"{address}?chain=all", headers=head).status_code == 422


def token(app: APIFlask, username: str) -> dict[str, str]:
    """The header of a session of this person's new device."""
    device = {"id": new_id(), "name": "a program", "public_key": Ledger().public_key}
    body = {"username": username, "password": PASSWORD, "device": device}
    answer = app.test_client().post("/api/v1/session", json=body)
    assert answer.json is not None and answer.status_code in (200, 201), answer.text
    return {"Authorization": f"Bearer {answer.json['token']}"}
