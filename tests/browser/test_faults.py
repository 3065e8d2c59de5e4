"""The phone's own code in a real browser that is killed, over a network that fails: what was called saved is there.

`make soak-browser` runs many histories, `make soak-browser SEED=17` one of them again. docs/proofs/browser-faults.md
says what is tried and what is checked.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from server.application import create_app
from server.database import db, writing
from server.password_hashes import hash_password
from server.services import utc_now
from server.settings import Settings
from server.sync.store.people import add_person
from tests.browser.company import PASSWORD, environment, serving
from tests.browser.faulty_proxy import FaultyProxy, faulty_proxy
from tests.browser.history import History
from tests.browser.mortal_phone import MortalPhone
from tests.browser.office_by_chance import OfficeByChance
from tests.browser.phone import READY, Phone, Place
from tests.browser.reckoning import ServerSide, reckon
from tests.reference_client import Client

PLACE = Place(25.28, 110.29)
FIRST = int(os.environ.get("FAULTS_FIRST", "1"))
RUNS = int(os.environ.get("FAULTS_RUNS", "10"))


@dataclass
class Company:
    """The demonstration company behind a faulty network, and a phone on which the app is installed."""

    data: Path
    server: str
    proxy: FaultyProxy
    installed: Path
    office: Client
    password_hash: str

    def hire(self, username: str) -> str:
        """A technician whom nobody has given work yet; their id."""
        app = create_app(Settings.read(environment(self.data)))
        with app.app_context():
            with writing() as connection:
                identity = add_person(connection, username, "小王", "technician", self.password_hash, utc_now())
            db.engine.dispose()
        return identity


@pytest.fixture(scope="module")
def company(
    loaded_demo: Path, tmp_path_factory: pytest.TempPathFactory, playwright: Playwright, chromium: str
) -> Iterator[Company]:
    """One server for all runs; each brings its own technician and its own phone."""
    data = tmp_path_factory.mktemp("faults") / "data"
    shutil.copytree(loaded_demo, data)
    installed = data.parent / "installed"
    with serving(data) as server, faulty_proxy(server) as proxy:
        phone = Phone(playwright, chromium, installed, proxy.address)
        phone.start()
        expect(phone.button("phone-sign-in")).to_be_visible()
        phone.page.evaluate(READY)
        phone.close()
        office = Client(server)
        office.sign_in("zhangmin", PASSWORD)
        yield Company(data, server, proxy, installed, office, hash_password(PASSWORD))


@pytest.mark.parametrize("seed", range(FIRST, FIRST + RUNS))
def test_what_the_screen_called_saved_is_there(
    company: Company, playwright: Playwright, chromium: str, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    username = f"wang-{seed}"
    technician = company.hire(username)
    office = OfficeByChance(company.office, chance, technician)
    for _ in range(2):
        office.open_order()
    profile = tmp_path / "profile"
    shutil.copytree(company.installed, profile, symlinks=True)
    phone = MortalPhone(playwright, chromium, profile, company.proxy.address, place=PLACE)
    history = History(chance, phone, company.proxy, office, username)
    try:
        history.begin(PASSWORD)
        company.proxy.trouble(f"network {seed}")
        history.happen()
        account = history.come_up()
        reckon(ServerSide.of(company.data, technician), account, history.claims, company.office)
    except BaseException as problem:
        problem.add_note(f"\nSeed {seed}. Again: make soak-browser SEED={seed}\nWhat happened:")
        problem.add_note("\n".join(f"  {each}" for each in history.told))
        problem.add_note(phone.screen())
        raise
    finally:
        company.proxy.heal()
        phone.close()
    print(f"seed {seed}: {len(history.claims)} claims, {phone.deaths} deaths, {dict(company.proxy.happened)}")
