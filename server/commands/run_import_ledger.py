"""What the command `import-ledger` does and prints."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import BinaryIO

import click

from server.at_work import at_work
from server.commands.run_load import FAILED, chosen
from server.export_files.taking import NAMED, Imported, import_file
from server.export_files.wiring import this_server
from server.language import has_text, text
from server.problems import Problem


def run_import_ledger(file: Path, wanted: str | None) -> int:
    """Take the file in and say what came of it; the exit code."""
    with at_work() as settings:
        language = chosen(wanted, settings.language)
        try:
            with _opened(file) as content:
                imported = import_file(content, this_server())
        except Problem as problem:
            message = f"problem-{problem.code.replace('_', '-')}"
            click.echo(text(language, message), err=True)
            click.echo(text(language, f"{message}-detail", **problem.figures), err=True)
            return FAILED
    for line in told(imported, language):
        click.echo(line)
    return 0


def _opened(file: Path) -> BinaryIO:
    """Raises Problem export_damaged for what cannot be opened, or read from its end."""
    try:
        content = file.open("rb")
    except OSError as error:
        raise Problem("export_damaged") from error
    if not content.seekable():
        content.close()
        raise Problem("export_damaged")
    return content


def told(imported: Imported, language: str) -> list[str]:
    """What came of a file, as lines of text: counts, and a few operations, first those not simply applied."""
    result = imported.result
    lines = [text(language, "export-from", person=result.person_name, device=result.device_name)]
    if result.is_new:
        lines.append(text(language, "export-new-device", person=result.person_name))
    if result.is_revoked:
        lines.append(text(language, "export-revoked"))
    lines.append(text(language, "export-lines", count=len(imported.ledger.lines), fresh=result.fresh))
    operations = imported.operations
    statuses = Counter(came.outcome.status for came in operations)
    counts = {status: statuses[status] for status in ("applied", "merged", "conflict", "held")}
    if operations:
        lines.append(text(language, "export-counts", **counts))
    for came in imported.telling:
        outcome = came.outcome
        parts = [text(language, "export-line", seq=outcome.seq), _kind(came.kind, language)]
        parts.append(text(language, f"export-status-{outcome.status}"))
        if outcome.reason is not None and has_text(message := f"held-{outcome.reason.replace('_', '-')}"):
            parts.append(text(language, message))
        if outcome.repeated:
            parts.append(text(language, "export-repeated"))
        lines.append("  " + " · ".join(parts))
    if len(operations) > NAMED:
        lines.append("  " + text(language, "export-more", count=len(operations) - NAMED))
    lines.append(text(language, "export-photos", count=len(imported.photos)))
    for sha256, state in imported.telling_photos.items():
        lines.append(f"  {sha256[:16]} · " + text(language, f"export-photo-state-{state.replace('_', '-')}"))
    if len(imported.photos) > NAMED:
        lines.append("  " + text(language, "export-more", count=len(imported.photos) - NAMED))
    return lines


def _kind(kind: str | None, language: str) -> str:
    message = f"office-kind-{(kind or 'unreadable').replace('.', '-')}"
    return text(language, message) if has_text(message) else str(kind)
