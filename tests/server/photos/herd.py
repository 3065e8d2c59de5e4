"""Runs the worker for every file of a folder, each in a process of its own that is forked from this one.

    python -I herd.py WORKER FOLDER

Starting Python takes most of the time of a small photo, and forking takes none; the limits, the end and the memory of
each process are its own as they are in the server. Prints one JSON object a line: `name`, `status` as os.wait4 gives
it, `peak_kib`, `answer` as text.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import tempfile
from pathlib import Path

import pillow_heif  # noqa: F401  # takes long, and is needed by many


def main() -> None:
    """Look at all files, in the order of their names."""
    spec = importlib.util.spec_from_file_location("image_worker", sys.argv[1])
    assert spec and spec.loader
    worker = importlib.util.module_from_spec(spec)
    sys.modules["image_worker"] = worker
    spec.loader.exec_module(worker)
    for file in sorted(Path(sys.argv[2]).iterdir()):
        with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile("w+") as told:
            child = os.fork()
            if child == 0:
                os.dup2(told.fileno(), 1)
                os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
                sys.stdout = os.fdopen(1, "w")
                sys.argv = ["image_worker.py", str(file), folder, *sys.argv[3:]]
                worker.main()
                sys.stdout.flush()
                os._exit(0)
            _, status, used = os.wait4(child, 0)
            told.seek(0)
            seen = {"name": file.name, "status": status, "peak_kib": used.ru_maxrss, "answer": told.read()}
            print(json.dumps(seen), flush=True)


if __name__ == "__main__":
    main()
