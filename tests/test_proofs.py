"""The proofs of security go through the whole standard, and what they say of the code as a whole is so."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ASVS = ROOT / "docs" / "proofs" / "asvs.md"
CRYPTOGRAPHY = ROOT / "docs" / "proofs" / "cryptography.md"
ADVERSARY = ROOT / "docs" / "adversary.md"
ROW = re.compile(r"^\| ([\d., ]+) \| ([^|]+) \| ([^|]+) \| ([^|]*)\|$", re.MULTILINE)
STATUS = ("met", "not met", "does not apply")
# The requirements of levels 1 and 2 in ASVS 5.0.0, by section: how many, or which where some are of level 3.
STANDARD = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4,
    "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5,
    "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4,
    "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4,
    "17.3": 2,
}  # fmt: skip


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def test_every_test_that_an_attack_names_is_there() -> None:
    tests = "\n".join(text_of(file) for file in (ROOT / "tests").rglob("test_*.py"))
    named = re.findall(r"\| `(test_\w+)` \|$", text_of(ADVERSARY), re.MULTILINE)
    rows = re.findall(r"^\|(?! what is done | attack |---).*\|$", text_of(ADVERSARY), re.MULTILINE)
    assert len(named) > 100
    assert [name for name in named if f"def {name}(" not in tests] == []
    assert len(named) == sum("`test_" in row for row in rows)


def test_the_whole_standard_is_gone_through_and_each_row_says_by_what() -> None:
    rows = ROW.findall(text_of(ASVS))
    assert len(rows) == len(re.findall(r"^\| \d", text_of(ASVS), re.MULTILINE))
    numbers = [number for row in rows for number in row[0].split(", ")]
    assert numbers == [f"{section}.{each + 1}" for section, many in STANDARD.items() for each in range(many)]
    for number, _, status, why in rows:
        assert status in STATUS, number
        assert why.strip() and ("`" in why or status != "met"), number


def test_the_page_counts_itself() -> None:
    counted: Counter[str] = Counter()
    for number, _, status, _ in ROW.findall(text_of(ASVS)):
        counted[status] += len(number.split(", "))
    told = "Met {}, not met {}, does not apply {}.".format(*(counted[status] for status in STATUS))
    assert told in text_of(ASVS)


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the server, by its path."""
    for folder in ("server", "pwa"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            yield file.relative_to(ROOT).as_posix(), ast.parse(text_of(file))


def imported(tree: ast.Module) -> set[str]:
    """The names that a module imports, whole: `a.b` for `from a import b`."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def called(tree: ast.Module) -> set[str]:
    """What a module calls, as it is written: `eval`, `os.system`."""
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def having(names: dict[str, set[str]], pattern: str) -> dict[str, set[str]]:
    """By module, those of its names that the pattern fits from their beginning."""
    found = {path: {name for name in some if re.match(rf"(?:{pattern})\b", name)} for path, some in names.items()}
    return {path: some for path, some in found.items() if some}


IMPORTS = {path: imported(tree) for path, tree in modules()}
CALLS = {path: called(tree) for path, tree in modules()}
SCRIPTS = {
    file.relative_to(ROOT).as_posix(): text_of(file)
    for file in sorted((ROOT / "pwa" / "static").rglob("*.js"))
    if "vendor" not in file.parts
}


def scripts_with(pattern: str) -> set[str]:
    return {path for path, code in SCRIPTS.items() if re.search(pattern, code)}


def test_nothing_is_run_that_was_put_together_from_text() -> None:
    assert having(CALLS, r"eval|exec|compile|__import__|os\.system|os\.popen|render_template_string|Template") == {}
    assert having(IMPORTS, "pickle|marshal|shelve|yaml|dill|jinja2.Template") == {}
    assert set(having(CALLS, "subprocess|os.exec|os.spawn")) == {"server/photos/images.py"}
    assert "shell=" not in text_of(ROOT / "server" / "photos" / "images.py")
    assert scripts_with(r"\beval\(|new Function\(|document\.write") == set()


def test_the_server_calls_nobody() -> None:
    callers = r"requests|httpx|aiohttp|urllib\.request|urllib3|http\.client|smtplib|ftplib|imaplib|xmlrpc|telnetlib"
    assert having(IMPORTS, callers) == {}
    assert having(CALLS, r"socket\.create_connection|urlopen") == {}


def test_no_other_algorithm_is_used_than_is_written_down() -> None:
    sources = {path: text_of(ROOT / path) for path in CALLS}
    hashes = {name for code in sources.values() for name in re.findall(r"\bhashlib\.(\w+)", code)}
    assert hashes == {"sha256", "file_digest", "new"}
    odd = {path for path, code in sources.items() if re.search(r"hashlib\.new|\b(?:sha1|md5|sha512)\b", code)}
    assert odd == {"server/api/upload_headers.py"}
    made = {name.rsplit(".", 1)[-1] for some in having(IMPORTS, "cryptography").values() for name in some}
    classes = {name for name in made if name[0].isupper()}
    assert classes == KNOWN
    assert scripts_with(r"\bsha1\b") == {"pwa/static/app/core/ids.js"}


KNOWN = {
    "ECDSA", "SECP256R1", "EllipticCurvePrivateKey", "EllipticCurvePublicKey", "EllipticCurvePublicNumbers", "SHA256",
    "HKDF", "Fernet", "MultiFernet", "InvalidToken", "InvalidSignature", "Encoding", "NoEncryption", "PrivateFormat",
    "PublicFormat",
}  # fmt: skip


def test_chance_that_can_be_guessed_decides_nothing() -> None:
    assert set(having(IMPORTS, "random|numpy.random")) == {"server/database.py"}
    assert scripts_with(r"Math\.random") == {"pwa/static/app/sync/exchange.js"}


def test_every_library_is_in_the_list() -> None:
    settings = tomllib.loads(text_of(ROOT / "pyproject.toml"))
    groups = settings.get("dependency-groups", {}).values()
    python = [*settings["project"]["dependencies"], *(one for group in groups for one in group)]
    names = {re.split(r"[\s\[<>=~!;]", one)[0] for one in python}
    package = json.loads(text_of(ROOT / "package.json"))
    names |= {*package.get("dependencies", {}), *package.get("devDependencies", {})}
    listed = text_of(ROOT / "docs" / "dependencies.md").lower()
    assert sorted(name for name in names if name.lower() not in listed) == []
