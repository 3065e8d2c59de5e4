"""What a technician does on the phone's screens: each deed says beforehand what it will have written."""

from __future__ import annotations

import hashlib
import io
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PIL import Image
from playwright.sync_api import Locator

from tests.browser.mortal_phone import MortalPhone
from tests.browser.phone import SEES
from tests.reference_client import Json, uuid7

# The stages that a large button leads on from: what it says, and where it leads.
STEPS = {
    "new": ("accept", "accepted"),
    "accepted": ("set-off", "en_route"),
    "on_site": ("start", "working"),
    "paused": ("resume", "working"),
}
CLOSED = ("finished", "unable")
CAUSES = ("wear", "supplier", "workmanship", "customer")
SHARED = {
    "diagnosis": "phone-order-diagnosis",
    "work_done": "phone-order-work-done",
    "contact.phone": "phone-order-phone",
}
NOTE = """async ([target, note, text]) => {
  const { save } = await import("/app/static/app/ui/save.js");
  await save([{ kind: "note.add", target, data: { note, text } }]);
}"""
COMPANY = """async () => {
  const { checklists, parts } = await import("/app/static/app/store/documents.js");
  return { checklists: checklists.value.map(({ body }) => body), parts: parts.value.map(({ body }) => body) };
}"""


def _nothing() -> None: ...


@dataclass(frozen=True)
class Deed:
    """Something done at one order: `do` ends with the last press, before the screen has said anything.

    `writes` are the kinds of the lines that follow, each with a part of its data by which it is known; `order` is
    None for a new one. `after` is what the screen wants once it has said so.
    """

    name: str
    order: str | None
    writes: tuple[tuple[str, Json], ...]
    do: Callable[[], None]
    after: Callable[[], None] = _nothing


class Technician:
    """One person with one phone, led by chance."""

    def __init__(self, phone: MortalPhone, chance: random.Random) -> None:
        self.phone = phone
        self.chance = chance

    def next_deed(self, orders: list[Json]) -> Deed:
        """Something that the screens allow now; `orders` as the phone shows them."""
        at_hand = [order for order in orders if order["gone"] is None]
        if not at_hand or self.chance.random() < 0.04:
            return self.opens_order()
        order = self.chance.choice(at_hand)
        return self.chance.choice(self.possible(order["id"], order["body"]))(order["id"], order["body"])

    def possible(self, order: str, body: Json) -> list[Callable[[str, Json], Deed]]:
        """What can be done at an order; what leads the job on stands there more than once."""
        deeds: list[Callable[[str, Json], Deed]] = [self.notes, self.takes_photo, self.adds_labour]
        deeds += [self.uses_material, self.answers] + [self.chooses_photo] * 2
        if not body["signatures"]:
            deeds += [self.objects]
        if body["stage"] in STEPS:
            deeds += [self.goes_on] * 8
        if body["stage"] == "en_route":
            deeds += [self.arrives] * 8
        if body["stage"] in ("on_site", "working", "paused", *CLOSED):
            deeds += [self.describes] * 3 + [self.names_cause]
        if body["stage"] == "working":
            deeds += [self.pauses]
        if body["stage"] in CLOSED and body["arrivals"] and not body["departures"]:
            deeds += [self.departs] * 3 * (body["review"]["state"] != "returned")
        if any(not line["removed"] for line in body["materials"]):
            deeds += [self.changes_material, self.removes_material]
        if body["stage"] in ("working", "paused") and not body["signatures"]:
            deeds += [self.has_it_signed] * 3 + [self.has_it_refused]
        return deeds

    # The job's own way

    def goes_on(self, order: str, body: Json) -> Deed:
        """The large button."""
        step, to = STEPS[body["stage"]]
        return self._at(order, step, [("order.stage", {"to": to})], lambda: self._press(f"phone-next-{step}"))

    def arrives(self, order: str, _body: Json) -> Deed:
        """On the screen Arrive: the arrival and the stage, in one go."""
        writes: list[tuple[str, Json]] = [("arrival.record", {}), ("order.stage", {"to": "on_site"})]
        return self._at(order, "arrives", writes, lambda: self._press("phone-arrive-register"), "/arrive")

    def departs(self, order: str, _body: Json) -> Deed:
        """Leaves."""
        return self._at(order, "departs", [("departure.record", {})], lambda: self._press("phone-next-depart"))

    def pauses(self, order: str, _body: Json) -> Deed:
        """Stops for a reason that is on the list."""

        def do() -> None:
            self._press("phone-pause")
            self.phone.page.locator("dialog .choices.list button").first.click()

        return self._at(order, "pauses", [("order.stage", {"to": "paused"})], do)

    # What was found and done

    def describes(self, order: str, _body: Json) -> Deed:
        """Types into one of the shared fields and leaves it."""
        field = self.chance.choice(list(SHARED))
        number = self.chance.randrange(10**6)
        text = f"1390{number:07}" if field == "contact.phone" else f"第{number}次：更换密封件后试机正常"

        def do() -> None:
            box = self.phone.page.get_by_role("textbox", name=self.phone.say(SHARED[field]))
            box.fill(text)
            box.blur()

        return self._at(order, f"types {field}", [("order.edit", {"changes": {field: {"now": text}}})], do)

    def finishes_typing(self, order: str, field: str, text: str) -> Deed:
        """Finds what was typed before the phone died, and leaves the field."""

        def do() -> None:
            box = self.phone.page.get_by_role("textbox", name=self.phone.say(SHARED[field]))
            box.focus()
            box.blur()

        return self._at(order, f"finishes {field}", [("order.edit", {"changes": {field: {"now": text}}})], do)

    def names_cause(self, order: str, body: Json) -> Deed:
        """Chooses a cause that is not the present one."""
        cause = self.chance.choice([one for one in CAUSES if one != body["cause"]])
        choice = self.phone.say(f"cause-{cause}")
        writes: list[tuple[str, Json]] = [("order.edit", {"changes": {"cause": {"now": cause}}})]
        return self._at(order, "names the cause", writes, lambda: self._choose(self.phone.page.locator("main"), choice))

    def answers(self, order: str, body: Json) -> Deed:
        """A check of a checklist; a note where the order has none."""
        company: Json = self.phone.page.evaluate(COMPANY)
        lists = [one for one in company["checklists"] if one["id"] in body["checklist"]["lists"]]
        checks = [item for one in lists for item in one["items"] if item["type"] == "check"]
        if not checks:
            return self.notes(order, body)
        item = self.chance.choice(checks)
        given = body["checklist"]["answers"].get(item["id"], {}).get("value")
        answer = "fail" if given is True else "pass"

        def do() -> None:
            group = self.phone.page.get_by_role("radiogroup", name=item["text"], exact=True).first
            self._choose(group, self.phone.say(f"answer-{answer}"))

        writes: list[tuple[str, Json]] = [("checklist.answer", {"item": item["id"], "now": answer == "pass"})]
        return self._at(order, "answers", writes, do, "/checklist")

    def notes(self, order: str, _body: Json) -> Deed:
        """A note, written by the one function in which every screen writes."""
        note, text = uuid7(), f"记录 {self.chance.randrange(10**6)}"
        do = partial(self.phone.page.evaluate, NOTE, [order, note, text])
        return Deed("notes", order, (("note.add", {"note": note, "text": text}),), do)

    # Materials and labour

    def uses_material(self, order: str, _body: Json) -> Deed:
        """A part of the catalogue, by its number."""
        company: Json = self.phone.page.evaluate(COMPANY)
        part = self.chance.choice(company["parts"])

        def do() -> None:
            search = self.phone.page.get_by_role("searchbox", name=self.phone.say("phone-material-search"))
            search.fill(part["number"])
            self.phone.page.get_by_role("listitem").filter(has_text=part["number"]).first.click()

        return self._at(order, "uses", [("material.add", {"part": part["number"]})], do, "/materials")

    def changes_material(self, order: str, body: Json) -> Deed:
        """One more of something."""
        line = self.chance.choice([one for one in body["materials"] if not one["removed"]])
        do = lambda: self._press("phone-more", name=line["name"])  # noqa: E731  # as short as what it does
        return self._at(order, "uses more", [("material.change", {})], do, "/materials")

    def removes_material(self, order: str, body: Json) -> Deed:
        """Takes a line back."""
        line = self.chance.choice([one for one in body["materials"] if not one["removed"]])
        do = lambda: self._press("phone-remove-named", name=line["name"])  # noqa: E731  # as above
        return self._at(order, "takes back", [("material.remove", {})], do, "/materials")

    def adds_labour(self, order: str, _body: Json) -> Deed:
        """A piece of work."""
        name = f"检修 {self.chance.randrange(10**6)}"

        def do() -> None:
            self._press("phone-add")
            form = self.phone.page.get_by_role("dialog", name=self.phone.say("phone-labour-add"))
            form.get_by_label(self.phone.say("phone-labour-name")).fill(name)
            form.get_by_label(self.phone.say("phone-line-price")).fill("80")
            form.get_by_role("button", name=self.phone.say("phone-add"), exact=True).click()

        return self._at(order, "adds labour", [("labour.add", {"name": name})], do, "/materials")

    # Photos

    def chooses_photo(self, order: str, _body: Json) -> Deed:
        """A file, small or of several pieces."""
        content = photo(self.chance)
        writes: list[tuple[str, Json]] = [("photo.add", {"sha256": hashlib.sha256(content).hexdigest()})]

        def do() -> None:
            file = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": content}
            self.phone.page.locator('input[type="file"]').set_input_files(file)  # type: ignore[arg-type]  # a FilePayload

        return self._at(order, "chooses a photo", writes, do, "/photos")

    def takes_photo(self, order: str, _body: Json) -> Deed:
        """With the camera in the app."""
        page, say = self.phone.page, self.phone.say
        camera = page.get_by_role("dialog", name=say("phone-camera"))

        def do() -> None:
            self._press("phone-photos-take")
            camera.locator("video").evaluate(SEES)
            camera.get_by_role("button", name=say("phone-camera-take"), exact=True).click()

        def after() -> None:
            camera.get_by_role("button", name=say("phone-done"), exact=True).click()

        return self._at(order, "takes a photo", [("photo.add", {})], do, "/photos", after)

    # The customer

    def objects(self, order: str, _body: Json) -> Deed:
        """The customer reads, finds something wrong and says it; then the phone goes back."""
        text = f"不对 {self.chance.randrange(10**6)}"

        def do() -> None:
            self.phone.hand_over()
            self._press("phone-sign-wrong")
            self.phone.page.get_by_label(self.phone.say("phone-sign-wrong-what")).fill(text)
            self._press("phone-sign-wrong-say")

        said = self.phone.say("phone-sign-objection") + text
        return self._at(order, "objects", [("note.add", {"text": said})], do, "/sign", self.take_phone_back)

    def has_it_signed(self, order: str, _body: Json) -> Deed:
        """The customer reads and signs, which ends the job."""

        def do() -> None:
            self.phone.hand_over()
            self.phone.read("李刚")
            self.phone.page.get_by_role("radio", name=self.phone.say("phone-sign-unrated")).click()
            self._press("phone-sign-go")
            self.phone.draw_signature()
            self._press("phone-sign-confirm")

        writes: list[tuple[str, Json]] = [("signature.record", {}), ("order.stage", {"to": "finished"})]
        return self._at(order, "signs", writes, do, "/sign", self.take_phone_back)

    def has_it_refused(self, order: str, _body: Json) -> Deed:
        """Nobody is there to sign, which ends the job too."""

        def do() -> None:
            self._press("phone-sign-refuse")
            self.phone.page.get_by_role("radio", name=self.phone.say("refusal-absent")).click()
            self._press("phone-refuse-finish")

        writes: list[tuple[str, Json]] = [
            ("signature.refuse", {"reason": "absent"}),
            ("order.stage", {"to": "finished"}),
        ]
        return self._at(order, "refuses", writes, do, "/sign")

    def take_phone_back(self) -> None:
        """From wherever the customer is, back to the technician's own screens."""
        page, say = self.phone.page, self.phone.say
        drawing, reading = self.phone.button("phone-sign-read-again"), self.phone.button("phone-sign-not-now")
        given_back = page.get_by_role("button", name=say.like("phone-back-take", "name"))
        drawing.or_(reading).or_(given_back).first.wait_for()
        if drawing.is_visible():
            drawing.click()
        if not given_back.is_visible():
            reading.click()
        given_back.click()
        page.locator(".customer").wait_for(state="detached")

    # More work

    def opens_order(self) -> Deed:
        """A new order, for work found on the spot."""
        fault = f"现场发现：水管漏水 {self.chance.randrange(10**6)}"

        def do() -> None:
            self.phone.go("new")
            self.phone.page.get_by_role("textbox", name=self.phone.say("phone-order-fault")).fill(fault)
            self._choose(self.phone.page.locator("main"), self.phone.say("kind-repair"))
            self._choose(self.phone.page.locator("main"), self.phone.say("phone-new-place-other"))
            self._press("phone-new-save")

        return Deed("opens an order", None, (("order.open", {"fault": fault}),), do)

    # Hands

    def _at(
        self,
        order: str,
        name: str,
        writes: list[tuple[str, Json]],
        do: Callable[[], None],
        screen: str = "",
        after: Callable[[], None] = _nothing,
    ) -> Deed:
        """A deed that begins on one of the order's screens."""

        def go_and_do() -> None:
            self.phone.go(f"orders/{order}{screen}")
            do()

        return Deed(name, order, tuple(writes), go_and_do, after)

    def _press(self, message_id: str, **figures: object) -> None:
        self.phone.button(message_id, **figures).first.click()

    def _choose(self, within: Locator, choice: str) -> None:
        within.get_by_role("radio", name=choice, exact=True).first.click()


def photo(chance: random.Random) -> bytes:
    """A JPEG that there was never before: of one piece, or of several and with a preview to go ahead."""
    width, height = chance.choice([(160, 120), (400, 300), (720, 540)])
    out = io.BytesIO()
    Image.frombytes("RGB", (width, height), chance.randbytes(width * height * 3)).save(out, "JPEG", quality=90)
    return out.getvalue()
