"""One history: a technician, an office and a network, all led by one seed, and a phone that dies in between."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from playwright.sync_api import Error, TimeoutError, expect

from tests.browser.faulty_proxy import FaultyProxy, Moment
from tests.browser.mortal_phone import MortalPhone
from tests.browser.office_by_chance import OfficeByChance
from tests.browser.reckoning import Claim, lines_of
from tests.browser.technician import Deed, Technician
from tests.reference_client import Json

DEEDS = (9, 14)
DEATHS = (2, 3)
SHORT_MS = 5_000
LONG_MS = 30_000
SIGN_IN_TRIES = 4
SEND_TRIES = 12
SLOWNESS_MS = (0, 40, 150)
# Before a death: what is said too early is then said long before it is true.
SLOWEST_MS = 400

# When the phone dies: as the screen says it, as the database writes, some time after the deed began, as an exchange or
# a photo's content is on its way, as the app starts again, or between two deeds.
Death = Literal["at the word", "as it writes", "in the middle", "on the way", "as it starts", "in between"]
USUAL: dict[Death, int] = {
    "at the word": 3, "as it writes": 3, "in the middle": 1, "on the way": 3, "as it starts": 1, "in between": 1,
}  # fmt: skip
NOTHING_UNSENT = {"lines": 0, "photos": 0, "bytes": 0, "shut_out": 0}


class History:
    """What happens in one run, and what was claimed in it."""

    def __init__(
        self, chance: random.Random, phone: MortalPhone, proxy: FaultyProxy, office: OfficeByChance, username: str
    ) -> None:
        self.chance = chance
        self.phone = phone
        self.proxy = proxy
        self.office = office
        self.username = username
        self.technician = Technician(phone, chance)
        self.claims: list[Claim] = []
        self.told: list[str] = []
        self._offline = False

    # From morning to evening

    def begin(self, password: str) -> None:
        """Sign in with a good network. On some mornings the browser is closed once, which keeps its cookie."""
        self.phone.slowness_ms = self.chance.choice(SLOWNESS_MS)
        self.phone.start()
        self.phone.sign_in(self.username, password)
        if self.chance.random() < 0.25:
            self.phone.close()
            self.phone.start()

    def happen(self) -> None:
        """A day of deeds, deaths and faults."""
        deeds = self.chance.randint(*DEEDS)
        deaths: dict[int, Death] = {
            number: self.chance.choices(list(USUAL), list(USUAL.values()))[0]
            for number in self.chance.sample(range(deeds), self.chance.randint(*DEATHS))
        }
        for number in range(deeds):
            if self.chance.random() < 0.45:
                self._tell(f"office: {self.office.do_something()}")
            self._change_network()
            account = self.phone.account()
            if account["ended"]:
                self._sign_in_again()
            deed = self.technician.next_deed(account["orders"])
            self._tell(f"{deed.name}{f', dies {deaths[number]}' if number in deaths else ''}")
            if number in deaths:
                self._do_and_die(deed, deaths[number])
            else:
                self._do(deed)
            if self.chance.random() < 0.7:
                self.phone.send(waits=self.chance.random() < 0.4)

    def come_up(self) -> Json:
        """A good network again, and Send until Outbox says that all is safe; what the phone then holds."""
        self.proxy.heal()
        self._go_online()
        for _ in range(SEND_TRIES):
            self.phone.send()
            account = self.phone.account()
            if account["ended"]:
                self._sign_in_again()
            elif account["unsent"] == NOTHING_UNSENT and account["contact"]["state"] == "idle":
                break
        self.phone.go("outbox")
        expect(self.phone.page.get_by_text(self.phone.say("phone-outbox-all-safe"), exact=True)).to_be_visible()
        # That photos have arrived is news of the server's documents: one more exchange brings it.
        self.phone.send()
        return self.phone.account()

    # Deeds

    def _do(self, deed: Deed) -> None:
        """Do it, hear that it is saved, and see that it is."""
        before = self.phone.account()
        word = self._word_of(deed, before)
        if word is None:
            self._tell("called off: the office changed the order")
            return
        self._claim(deed, word, before)
        deed.after()

    def _word_of(self, deed: Deed, before: Json) -> str | None:
        """What the screen says; None where the order left the phone meanwhile, or the screen became another."""
        for patience_ms in (SHORT_MS, LONG_MS):
            self.phone.page.set_default_timeout(patience_ms)
            known = self.phone.words_on_page()
            try:
                deed.do()
                return self.phone.next_word(known, patience_ms)
            except TimeoutError:
                if _order(self.phone.account(), deed.order) != _order(before, deed.order):
                    self._leave_customer()
                    return None
                if patience_ms == LONG_MS:
                    raise
            finally:
                self.phone.page.set_default_timeout(LONG_MS)
        return None

    def _claim(self, deed: Deed, word: str, before: Json) -> None:
        """The screen has said so: the lines must stand in the database."""
        lines = lines_of(deed.name, deed.order, deed.writes, self.phone.account(), before)
        assert lines, f"{deed.name}: the screen said “{word}”, and the phone's database lacks it"
        self.claims.append(Claim(deed.name, word, lines))

    # Deaths

    def _do_and_die(self, deed: Deed, death: Death) -> None:
        """The same, with a death; what was said before it stands, the rest is there wholly or not at all."""
        before = self.phone.account()
        words = len(self.phone.words)
        known = self.phone.words_on_page()
        self.phone.page.set_default_timeout(SHORT_MS)
        self.phone.slow_down(SLOWEST_MS)
        try:
            with self._dying(death):
                deed.do()
                self.phone.next_word(known, SHORT_MS)
                if death == "on the way":
                    self.phone.send()
        except TimeoutError:
            self._tell("said nothing")  # The office may have taken the order away.
        except Error:
            if not self.phone.is_dead:
                raise
        self.phone.bury()
        said = self.phone.words[words:]
        self._begin_again(dies=death == "as it starts")
        if said:
            self._claim(deed, said[0], before)
        else:
            lines_of(deed.name, deed.order, deed.writes, self.phone.account(), before)
        self._find_what_was_typed()

    @contextmanager
    def _dying(self, death: Death) -> Iterator[None]:
        """The phone is dead when this block has ended, however it ends."""
        kill = self.phone.killer()
        timer = threading.Timer(self.chance.uniform(0, 0.5), kill)
        soon = threading.Timer(self.chance.uniform(0, 0.1), kill)
        if death == "at the word":
            self.phone.dies_at_the_word = True
        elif death == "as it writes":
            self.phone.dies_writing_s = self.chance.uniform(0, 0.5)
        elif death == "in the middle":
            timer.start()
        elif death == "on the way":
            path = self.chance.choice(["/api/v1/sync", "/api/v1/sync", "/api/v1/uploads/"])
            moment: Moment = self.chance.choice(["arrived", "answered"])
            self.proxy.on_next(path, moment, soon.start)
        try:
            yield
        finally:
            kill()
            timer.cancel()
            soon.cancel()
            self.proxy.on_next("", "arrived", None)
            self.phone.dies_at_the_word, self.phone.dies_writing_s = False, None

    def _begin_again(self, *, dies: bool) -> None:
        """Start on the same profile, in the network that there is; a phone may die again as it starts."""
        self.phone.slowness_ms = self.chance.choice(SLOWNESS_MS)
        if dies:
            try:
                self.phone.start(offline=self._offline, dies_after_s=self.chance.uniform(0, 0.8))
            except Error:
                if not self.phone.is_dead:
                    raise
            self.phone.bury()
        self.phone.start(offline=self._offline)
        self._leave_customer()
        self.phone.send()
        if self.phone.account()["ended"]:
            self._sign_in_again()

    def _leave_customer(self) -> None:
        """A phone that died, or lost its order, in the customer's hands is still locked: it goes back first."""
        if self.phone.account()["handedOver"] is not None:
            self.technician.take_phone_back()

    def _find_what_was_typed(self) -> None:
        """What was typed and not saved is still there; the person leaves the field, and then it is saved."""
        account = self.phone.account()
        for draft in account["drafts"]:
            what, _, rest = draft["key"].partition(":")
            order, _, field = rest.partition(":")
            shown = _order(account, order)
            if what != "edit" or draft["value"] is None or shown is None or shown["gone"] is not None:
                continue
            typed = draft["value"]["now"]
            if typed in (draft["value"]["was"], _at(shown["body"], field)):
                continue
            self._tell(f"finds what was typed in {field}")
            self._do(self.technician.finishes_typing(order, field, typed))

    # The network

    def _sign_in_again(self) -> None:
        """The server wants the password; the network may not let it through."""
        if not self._offline:
            let_in = any(self.phone.sign_in_again(self.username) for _ in range(SIGN_IN_TRIES))
            self._tell("signs in again" if let_in else "cannot sign in")

    def _change_network(self) -> None:
        """Down into the basement now and then, and up again soon."""
        chance = self.chance.random()
        if self._offline and chance < 0.4:
            self._go_online()
        elif not self._offline and chance < 0.1:
            self._tell("goes offline")
            self._offline = True
            self.phone.cut_network()

    def _go_online(self) -> None:
        self._offline = False
        self.phone.bring_network_back()

    def _tell(self, what: str) -> None:
        self.told.append(what)


def _order(account: Json, order: str | None) -> Json | None:
    """An order as the phone shows it; None where it does not."""
    return next((shown for shown in account["orders"] if shown["id"] == order), None)


def _at(body: Json, field: str) -> object:
    """The value at a dotted name."""
    value: object = body
    for part in field.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value or ""
