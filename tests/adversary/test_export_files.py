"""A file that is made to stop the server, handed in in good faith."""

from __future__ import annotations

import zipfile

import pytest

from server.export_files.taking import import_file
from server.export_files.wiring import this_server
from server.problems import Problem
from tests.adversary.results import result
from tests.server.export_files.files import parts_of, zipped
from tests.server.office.scene import Scene
from tests.server.sync.phone import Phone, new_id


def refused(scene: Scene, content: bytes) -> str:
    """The code with which a compressed file of Zhang's new device with this ledger is refused."""
    phone = Phone(scene.ids["zhang"])
    phone.write("note.add", new_id(), {"note": new_id(), "text": "x"})
    parts = parts_of(phone) | {"ledger.ndjson": content}
    with pytest.raises(Problem) as problem:
        import_file(zipped(parts, zipfile.ZIP_DEFLATED), this_server())
    return problem.value.code


@result("proven false")
def test_a_file_of_a_hundred_thousand_line_ends_is_handed_in(scene: Scene) -> None:
    assert refused(scene, b"\n" * 100_000) == "export_too_many_lines"


@result("proven false")
def test_a_file_of_a_few_line_ends_is_handed_in(scene: Scene) -> None:
    assert refused(scene, b"\n" * 1000) == "export_empty_line"


@result("proven false")
def test_a_file_of_lines_that_nobody_signed_is_handed_in(scene: Scene) -> None:
    assert refused(scene, b"{}\n" * 1000) == "export_unsigned"
