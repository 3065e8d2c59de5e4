"""Every error that a client can get, in one catalogue: code and status. Titles and sentences are in
problems.ftl under `problem-<code>` and `problem-<code>-detail`, with the figures of the problem."""

from __future__ import annotations

from typing import Final

# How long whoever is told `busy` should wait.
BUSY_S: Final = 5
# How long a phone with too many unfinished uploads should wait before it begins another; it may finish those it has.
UPLOADS_S: Final = 60

# Too many requests, and not now: whoever gets these is told when to come again.
RETRIED: Final = frozenset({429, 503})

CATALOGUE: Final[dict[str, int]] = {
    "bad_credentials": 401,
    "not_signed_in": 401,
    "session_ended": 401,
    "too_many_tries": 429,
    "device_taken": 409,
    "device_revoked": 403,
    "too_many_devices": 409,
    "too_many_new_devices": 429,
    "invalid_key": 422,
    "cross_origin": 403,
    "not_permitted": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "not_signed": 404,
    "bad_request": 400,
    "unsupported_media_type": 415,
    "not_json": 400,
    "bad_encoding": 400,
    "invalid_request": 422,
    "unsupported_protocol": 400,
    "wrong_device": 403,
    "too_large": 413,
    "text_too_long": 413,
    "weak_password": 422,
    "batch_too_long": 413,
    "ledger_gap": 409,
    "ledger_fork": 409,
    "bad_cursor": 400,
    "tus_version": 412,
    "bad_upload_header": 400,
    "upload_offset": 409,
    "upload_busy": 423,
    "upload_too_long": 413,
    "upload_expired": 410,
    "too_many_uploads": 429,
    "checksum_differs": 460,
    "content_differs": 460,
    "export_damaged": 422,
    "export_incomplete": 422,
    "export_wrong": 422,
    "export_too_large": 413,
    "export_too_many_lines": 413,
    "export_empty_line": 422,
    "export_unsigned": 422,
    "export_busy": 423,
    "export_unknown_person": 409,
    "export_other_device": 409,
    "export_gap": 409,
    "export_fork": 409,
    "export_not_kept": 410,
    "account_closed": 409,
    "ledger_by_own_hand": 409,
    "internal_error": 500,
    "not_ready": 503,
    "busy": 503,
    "disk_full": 507,
}


class Problem(Exception):
    """An error for a client: `code` from the catalogue, with the figures a person or program needs."""

    def __init__(self, code: str, **figures: object) -> None:
        if code not in CATALOGUE:
            raise KeyError(f"no problem has the code {code}")
        super().__init__(code)
        self.code = code
        self.status = CATALOGUE[code]
        if self.status in RETRIED:
            figures.setdefault("retry_after_s", BUSY_S)
        self.figures = figures

    @property
    def message(self) -> str:
        """The catalogue's sentence that says what to do about it."""
        return f"problem-{self.code.replace('_', '-')}-detail"

    @property
    def sayable(self) -> dict[str, str | int]:
        """The figures that a sentence can hold."""
        return {name: value for name, value in self.figures.items() if isinstance(value, str | int)}

    @property
    def headers(self) -> dict[str, str]:
        """What every answer that tells this problem carries: when to try again, where that is known."""
        wait = self.figures.get("retry_after_s")
        return {"Retry-After": str(wait)} if isinstance(wait, int) else {}

    def __str__(self) -> str:
        return f"{self.code} {self.figures}" if self.figures else self.code
