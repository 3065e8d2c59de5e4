"""Find a Chromium for the browser tests, or install one; run as a program it prints where the browser is.

A browser of the machine is taken first; then Debian's package, where this user may install one; then
Playwright's own build. Where none of it works, one sentence says what to do.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from playwright.sync_api import sync_playwright

OTHERS = {
    "WebKitWebDriver": ("webkit2gtk-driver", "gir1.2-webkit2-4.1", "python3-gi", "xvfb"),
    "firefox-esr": ("firefox-esr",),
}
"""Browsers whose tests are left out where they are not there, and the packages that bring them."""
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HELP = (
    "No browser for the tests: install chromium with this machine's package manager, or set "
    "UNDERCROFT_BROWSER to the path of a Chromium or Chrome. `make test-quick` needs none."
)


def find() -> str | None:
    """The path of a Chromium that is there; None where there is none."""
    named = os.environ.get("UNDERCROFT_BROWSER")
    for name in (named,) if named else NAMES:
        found = shutil.which(name)
        if found:
            return found
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if os.path.exists(own) else None


def install() -> str | None:
    """Install a Chromium and return its path; None where this machine lets nobody do that."""
    for step in (lambda: _from_debian("chromium"), _from_playwright):
        step()
        found = find()
        if found:
            return found
    return None


def install_others() -> None:
    """The browsers beside Chromium, where this machine has them and lets us."""
    lacking = [name for program, names in OTHERS.items() if shutil.which(program) is None for name in names]
    if lacking:
        _from_debian(*lacking)


def _from_debian(*packages: str) -> None:
    """Debian's packages, where apt-get is there and this user is root or may become it without a password."""
    if shutil.which("apt-get") is None:
        return
    if os.geteuid() == 0:
        prefix: list[str] = []
    elif shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        prefix = ["sudo", "-n"]
    else:
        return
    print(f"Installing {', '.join(packages)} with apt-get for the browser tests", flush=True)
    quiet = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y"]
    subprocess.run([*quiet, "update"], stdout=subprocess.DEVNULL)
    subprocess.run([*quiet, "install", "--no-install-recommends", *packages], stdout=subprocess.DEVNULL)


def _from_playwright() -> None:
    """Playwright's own build of Chromium, in this user's cache."""
    print("Fetching Playwright's Chromium for the browser tests", flush=True)
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"])


def main() -> int:
    """Print the path of the browser; returns the exit status."""
    path = find() or install()
    install_others()
    print(path or HELP, file=sys.stdout if path else sys.stderr)
    return 0 if path else 1


if __name__ == "__main__":
    sys.exit(main())
