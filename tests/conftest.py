"""What every part's tests share: a company on a fresh database, its people, a server that really listens."""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import hypothesis
import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from server.application import create_app
from server.database import db, writing
from server.language import strictness
from server.services import utc_now
from server.settings import Settings
from server.sync.store.people import add_person
from tests.chromium import browser, chromium, playwright  # noqa: F401  # fixtures
from tests.databases import Databases, PostgresqlDatabases, SqliteDatabases
from tests.made_once import CHEAP, builders_made_once, dialects_alike, hashing_by, make_once
from tests.made_once import hashing_as_on_a_server as hashing_as_on_a_server  # a fixture
from tests.postgresql import OWN_SERVER, NotHere, postgresql

PASSWORD = "correct horse battery"
POSTGRESQL: Final = "postgresql"
TAKE_MINUTES: Final = ("tests/simulation/", "tests/browser/")
# Where a real browser works for a test, and what it says when it took longer than the test waits (docs/decisions/0061).
IN_A_BROWSER: Final = ("tests/pwa/", "tests/browser/")
NEVER_AGAIN: Final = ("tests/browser/test_faults.py",)
TOOK_TOO_LONG: Final = ["TimeoutError", "Locator expected", "never came true"]

ENVIRONMENT: Final = pytest.StashKey[dict[str, str]]()

strictness.raises = True
# How long a machine that does other things takes for an example says nothing of the rule.
hypothesis.settings.register_profile("undercroft", deadline=None)
hypothesis.settings.load_profile("undercroft")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--database postgresql` runs every test that has a database on PostgreSQL, and only those."""
    parser.addoption("--database", choices=("sqlite", POSTGRESQL), default="sqlite", help="what the tests run on")
    parser.addoption("--films", help="a folder for pictures of what a person sees while something goes wrong")
    parser.addoption("--soak", action="store_true", help="run what is random for minutes instead of seconds")
    parser.addoption("--seed", type=int, help="run what is random as it ran when it printed this number")


def pytest_configure(config: pytest.Config) -> None:
    """One server for all workers, who find it in their environment."""
    if config.getoption("--database") != POSTGRESQL or hasattr(config, "workerinput"):
        return
    running = ExitStack()
    try:
        os.environ[OWN_SERVER] = running.enter_context(postgresql())
    except NotHere as missing:
        raise pytest.UsageError(str(missing)) from missing
    config.add_cleanup(running.close)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes minutes comes first, or one worker would end with it alone. What has no database need not be tested
    on another one."""
    items.sort(key=lambda item: not item.nodeid.startswith(TAKE_MINUTES))
    if config.getoption("--films"):
        items[:] = [item for item in items if "film" in getattr(item, "fixturenames", ())]
    if config.getoption("--database") == POSTGRESQL:
        without = [item for item in items if "databases" not in getattr(item, "fixturenames", ())]
        items[:] = [item for item in items if item not in without]
        config.hook.pytest_deselected(items=without)
    for item in items:
        if item.nodeid.startswith(IN_A_BROWSER) and not item.nodeid.startswith(NEVER_AGAIN):
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=TOOK_TOO_LONG))


@dataclass(frozen=True)
class TestPerson:
    """Somebody who can sign in."""

    __test__ = False

    id: str
    username: str
    name: str
    role: str
    password: str = PASSWORD


@dataclass(frozen=True)
class People:
    """A small company: two technicians, a supervisor, the service desk, an administrator."""

    zhang: TestPerson
    li: TestPerson
    wang: TestPerson
    chen: TestPerson
    admin: TestPerson


@pytest.fixture
def soak(pytestconfig: pytest.Config) -> bool:
    """Whether there is time."""
    return bool(pytestconfig.getoption("--soak"))


@pytest.fixture
def seed(pytestconfig: pytest.Config) -> int:
    """What random choices follow from; printed where a test fails."""
    given: int | None = pytestconfig.getoption("--seed")
    chosen = random.randrange(2**32) if given is None else given
    print(f"random choices as with --seed {chosen}")
    return chosen


@pytest.fixture(scope="session", autouse=True)
def what_is_alike_is_made_once() -> Iterator[None]:
    """A run makes a thousand apps, and signs in thousands of times."""
    with builders_made_once(), dialects_alike(), hashing_by(CHEAP):
        yield


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """What `pytest_runtest_teardown` compares with."""
    item.stash[ENVIRONMENT] = of_ours()
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """A test leaves its process's environment as it was: the next test, which runs in it, would fail for it."""
    done = yield
    assert of_ours() == item.stash[ENVIRONMENT]
    return done


def of_ours() -> dict[str, str]:
    """What Undercroft reads from its environment."""
    return {name: value for name, value in os.environ.items() if name.startswith(("UNDERCROFT_", "PROMETHEUS_"))}


@pytest.fixture(scope="session")
def databases(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Fresh databases of the kind that this run is for."""
    folder = tmp_path_factory.mktemp("migrated")
    if pytestconfig.getoption("--database") != POSTGRESQL:
        yield SqliteDatabases(folder)
        return
    made = PostgresqlDatabases(folder, os.environ[OWN_SERVER])
    yield made
    made.close()


@pytest.fixture
def settings(tmp_path: Path, databases: Databases) -> Iterator[Settings]:
    """Settings of a fresh, migrated, empty company."""
    with databases.migrated(tmp_path / "data") as made:
        yield made


@pytest.fixture
def app(settings: Settings) -> Iterator[APIFlask]:
    """The application on those settings."""
    made = create_app(settings)
    make_once(made)
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app: APIFlask) -> FlaskClient:
    """A client without a network in between."""
    return app.test_client()


@pytest.fixture(scope="session")
def password_hash() -> str:
    """PASSWORD, hashed once."""
    from server.password_hashes import hash_password

    return hash_password(PASSWORD)


@pytest.fixture
def people(app: APIFlask, password_hash: str) -> People:
    """The people of a small company, in the database."""
    return make_people(app, password_hash)


def make_people(app: APIFlask, password_hash: str) -> People:
    """Write the people of a small company into an empty database."""

    def person(username: str, name: str, role: str) -> TestPerson:
        with writing() as connection:
            identity = add_person(connection, username, name, role, password_hash, utc_now())
        return TestPerson(identity, username, name, role)

    with app.app_context():
        return People(
            zhang=person("zhang", "张师傅", "technician"),
            li=person("li", "李师傅", "technician"),
            wang=person("wang", "王主管", "supervisor"),
            chen=person("chen", "陈客服", "service_desk"),
            admin=person("admin", "管理员", "admin"),
        )


@pytest.fixture
def live_server(app: APIFlask) -> Iterator[str]:
    """The address of a server with threads that listens on a port of its own, without a trailing slash."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
