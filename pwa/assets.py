"""What the phone's app is made of: its files with their content hashes, and the version that they add up to.

Nothing is built: a hash is taken of a file when it is first asked for and again when the file has changed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

STATIC: Final = Path(__file__).parent / "static"
STATIC_URL: Final = "/app/static/"
SHELL_URL: Final = "/app/"

# The rooms of the catalogue that the office, the command line and the import alone read.
_NOT_FOR_PHONES: Final = frozenset(
    {"office.ftl", "export.ftl", "import.ftl", "cli.ftl", "bundle.ftl", "office.css", "customer.css", "vendor.json"}
)
_PHONE_ROOMS: Final = ("app", "icons", "language", "styles", "vendor")
_PHONE_TYPES: Final = frozenset({".js", ".mjs", ".css", ".ftl", ".svg", ".png", ".ico", ".woff2", ".json"})

# A static import or export from another module, also one that a library's packer wrote without blanks.
_IMPORT: Final = re.compile(
    r"""(?:^|[;}\n])\s*(?:import|export)\b\s*(?:[\w*{][^"'`;()]*?\bfrom\s*|(?=["']))["']([^"']+)["']"""
)

_seen: dict[Path, tuple[int, int, str]] = {}


def content_hash(file: Path) -> str:
    """SHA-256 of the file's bytes in lower-case hex; remembered until its size or time of change differ."""
    state = file.stat()
    known = _seen.get(file)
    if known is not None and known[:2] == (state.st_mtime_ns, state.st_size):
        return known[2]
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    _seen[file] = (state.st_mtime_ns, state.st_size, digest)
    return digest


def phone_files(static: Path = STATIC) -> dict[str, str]:
    """Every file that the app needs without a network: URL -> SHA-256 (hex), in the order of the URLs."""
    files = (
        file
        for room in _PHONE_ROOMS
        for file in (static / room).rglob("*")
        if file.is_file() and file.suffix in _PHONE_TYPES and file.name not in _NOT_FOR_PHONES
    )
    return dict(sorted((STATIC_URL + file.relative_to(static).as_posix(), content_hash(file)) for file in files))


def styles(files: Mapping[str, str]) -> list[str]:
    """The style sheets of the app among `files`: the tokens first, then the others by name."""
    sheets = [url for url in files if url.startswith(STATIC_URL + "styles/") and url.endswith(".css")]
    return sorted(sheets, key=lambda url: (not url.endswith("/tokens.css"), url))


def import_map(static: Path = STATIC) -> str:
    """The import map of the vendored libraries, as the exact text that stands in the page."""
    libraries = json.loads((static / "vendor" / "vendor.json").read_text("utf-8"))
    imports = {library["import"]: f"{STATIC_URL}vendor/{library['file']}" for library in libraries if library["import"]}
    return json.dumps({"imports": imports}, separators=(",", ":"), sort_keys=True)


def needed_by(module: str, static: Path = STATIC) -> dict[str, str]:
    """The text of a module of the app, `app/…`, and of all that it imports: URL -> text."""
    libraries = json.loads(import_map(static))["imports"]
    found: dict[str, str] = {}
    waiting = [STATIC_URL + module]
    while waiting:
        url = waiting.pop()
        if url not in found:
            found[url] = (static / url.removeprefix(STATIC_URL)).read_text("utf-8")
            waiting += [libraries.get(name) or urljoin(url, name) for name in _IMPORT.findall(found[url])]
    return dict(sorted(found.items()))


def csp_hash(text: str) -> str:
    """The source expression that allows exactly this inline script (CSP level 3)."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


@dataclass(frozen=True)
class Precache:
    """What the service worker stores before it serves: `files` URL -> SHA-256 (hex), `version` over all."""

    version: str
    files: dict[str, str]

    @classmethod
    def of(cls, shell: str, static: Path = STATIC) -> Precache:
        """The precache of the app whose page is `shell`."""
        files = {SHELL_URL: hashlib.sha256(shell.encode()).hexdigest(), **phone_files(static)}
        version = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()[:16]
        return cls(version, files)
