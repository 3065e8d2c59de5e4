"""Writes the calling codes of countries by which telephone numbers are read: `python -m tools.telephone_codes`.

With `--check` it compares. The server and the phone have the same ones (decision 0059), made from the pinned
phonenumbers: of each code, what is dialled within the country before a number's digits and left out from abroad.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import phonenumbers

ROOT: Final = Path(__file__).resolve().parents[1]
ABOUT: Final = (
    "Made by tools/telephone_codes.py from phonenumbers (Apache-2.0): calling codes, each with its trunk prefix."
)
LINE: Final = 100


def codes() -> list[str]:
    """Each calling code with its trunk prefix, as in 44:0."""
    found = []
    for code in sorted(map(str, phonenumbers.supported_calling_codes())):
        region = phonenumbers.region_code_for_country_code(int(code))
        found.append(f"{code}:{phonenumbers.ndd_prefix_for_region(region, True) or ''}")
    return found


def texts() -> dict[Path, str]:
    """The files and their texts."""
    lines, line = [], ""
    for code in codes():
        if len(line) + len(code) > LINE:
            lines.append(line)
            line = ""
        line += f"{code} "
    lines.append(line)
    python = "\n".join(f'    "{each}"' for each in lines)
    javascript = " +\n".join(f'  "{each}"' for each in lines)
    return {
        ROOT / "server" / "rules" / "telephone_codes.py": f'"""{ABOUT}"""\n\nCODES = (\n{python}\n)\n',
        ROOT / "pwa" / "static" / "app" / "rules" / "telephone_codes.js": (
            f"/** {ABOUT} */\nexport const CODES =\n{javascript};\n"
        ),
    }


def main() -> int:
    """Write the files, or with `--check` say whether they are others."""
    if "--check" not in sys.argv[1:]:
        for file, text in texts().items():
            file.write_text(text, "utf-8")
        return 0
    same = all(file.read_text("utf-8") == text for file, text in texts().items())
    print(
        "the calling codes are those of the pinned package" if same else "they are not: python -m tools.telephone_codes"
    )
    return 0 if same else 1


if __name__ == "__main__":
    raise SystemExit(main())
