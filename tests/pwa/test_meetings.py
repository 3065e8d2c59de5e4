"""Two things at once on a phone: drafts that meet, people who change, another tab, a photo that waits."""

from __future__ import annotations

from playwright.sync_api import Route

from tests.conftest import People
from tests.pwa.conftest import Job, Phone, sign_in
from tests.pwa.keeping import noisy_jpeg, take
from tests.pwa.waiting import until

DROPPED_AND_TYPED = """async () => {
  void core.keepDraft('other', 'busy');
  void core.keepDraft('key', 'recorded');
  void core.dropDraft('key');
  await core.keepDraft('key', 'typed after it');
  return core.readDraft('key');
}"""
# The next person types into the same form while what the first one typed is on its way.
NEXT_PERSON = """async (next) => {
  const {id} = core.session.value.person;
  void core.keepDraft('other', 'busy');
  const first = core.keepDraft('key', 'of the first');
  core.session.value = {...core.session.value, person: {...core.session.value.person, id: next}};
  await Promise.all([first, core.keepDraft('key', 'of the next')]);
  const of = (person) => core.readStoreOf(person, async (store) => (await store.get('drafts', 'key'))?.value);
  return [await of(id), await of(next)];
}"""
UNKEPT = """async (next) => {
  const {keepText, keepTexts} = await import('/app/static/app/ui/unkept_texts.js');
  const {put} = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = () => { throw new DOMException('no room', 'QuotaExceededError'); };
  for (const key of ['one', 'two']) await keepText(key, 'of the first');
  IDBObjectStore.prototype.put = put;
  const kept = keepTexts();
  core.session.value = {...core.session.value, person: {...core.session.value.person, id: next}};
  await kept;
  return core.readStoreOf(next, (store) => store.getAll('drafts'));
}"""


def test_what_is_typed_while_an_earlier_draft_is_dropped_stays(phone: Phone, people: People) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    assert page.evaluate(DROPPED_AND_TYPED) == "typed after it"


def test_a_draft_on_its_way_is_not_the_next_persons(phone: Phone, people: People) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    assert page.evaluate(NEXT_PERSON, people.wang.id) == ["of the first", "of the next"]


def test_unkept_texts_that_are_tried_again_do_not_go_to_the_next_person(phone: Phone, people: People) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    assert page.evaluate(UNKEPT, people.wang.id) == []


CANCELLED = """async (from) => {
  const store = await core.store();
  const id = core.newId();
  const document = {...(await store.get('documents', ['work_order', from])), id, seal: undefined};
  const gone_at = new Date(Date.now() - 3600e3).toISOString();
  await store.put('documents', {...document, gone: 'cancelled', gone_at});
  await core.keepDraft(`edit:${id}:fault`, 'begun');
  for (const feed of await store.getAll('feeds')) await store.put('feeds', {...feed, cursor: 1e9});
  await core.sendNow();
  await core.sendNow();
  const {gone, gone_at: then} = await store.get('documents', ['work_order', id]);
  return [gone, then === gone_at];
}"""


def test_a_feed_that_begins_anew_does_not_say_that_a_cancelled_order_was_given_away(
    phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    assert page.evaluate(CANCELLED, job.id) == ["cancelled", True]


# While the first one's phone makes room for what they record, the next person's store becomes the one in use.
RECORDED_WITHOUT_ROOM = """async ([job, next]) => {
  await core.keepReserve();
  const {id} = core.session.value.person;
  const {add} = IDBObjectStore.prototype;
  let switched = null;
  IDBObjectStore.prototype.add = function (...given) {
    if (switched) return add.apply(this, given);
    switched = core.openStore(next);
    throw new DOMException('no room', 'QuotaExceededError');
  };
  await core.record([{kind: 'note.add', target: job, data: {note: core.newId(), text: 'of the first'}}]);
  await switched;
  const of = (person) => core.readStoreOf(person, async (store) =>
    (await store.getAll('lines')).filter(({kind}) => kind === 'note.add').length);
  return [await of(id), await of(next)];
}"""


def test_what_is_recorded_without_room_stays_its_authors(phone: Phone, people: People, job: Job) -> None:
    page = phone.tab()
    sign_in(page, people.wang)
    page.evaluate("core.keepReserve()")
    sign_in(page, people.zhang)
    assert page.evaluate(RECORDED_WITHOUT_ROOM, [job.id, people.wang.id]) == [1, 0]


# The browser cannot read the record of this photo at all.
EXPORTED = """async (lost) => {
  const {get} = IDBObjectStore.prototype;
  IDBObjectStore.prototype.get = function (key) {
    const request = get.call(this, key);
    if (key !== lost) return request;
    this.transaction.abort();
    return request;
  };
  let unreadable = [];
  const file = await core.exportFile(undefined, (named) => { unreadable = named; });
  return [file.size, unreadable.map(({sha256}) => sha256)];
}"""


def test_a_photo_whose_record_cannot_be_read_does_not_keep_the_rest_from_the_export_file(
    phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    phone.context.set_offline(True)
    lost = take(page, job, noisy_jpeg(50))
    kept = noisy_jpeg(60)
    take(page, job, kept)
    size, unreadable = page.evaluate(EXPORTED, lost)
    assert unreadable == [lost] and size > len(kept)


# Another tab takes long over a transaction, as over the first answer on a slow phone.
LONG = """async () => {
  const deliveries = (await core.store()).transaction(["deliveries"], "readwrite").objectStore("deliveries");
  const end = performance.now() + 10000;
  const busy = () => { if (performance.now() < end) deliveries.get("nothing").then(busy); };
  busy();
}"""
LOOK = """async () => {
  const {lookWhetherStoreLives} = await import("/app/static/app/store/database.js");
  const {unreadable} = await import("/app/static/app/store/connection.js");
  const said = await lookWhetherStoreLives().then(() => "lives", ({code}) => code);
  return [said, unreadable.value];
}"""


def test_a_long_transaction_of_another_tab_is_no_dead_database(phone: Phone, people: People) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    other = phone.tab()
    page.evaluate(LONG)
    assert other.evaluate(LOOK) == ["lives", False]


# A note is recorded while the first request of an upload is on its way.
NOTED_MEANWHILE = """async (job) => {
  core.start();
  await core.sendNow();
  const {send, open} = XMLHttpRequest.prototype;
  let isNoted = false;
  XMLHttpRequest.prototype.open = function (method, url, ...more) {
    this.url = String(url);
    return open.call(this, method, url, ...more);
  };
  XMLHttpRequest.prototype.send = async function (...given) {
    if (this.url.includes('/uploads') && !isNoted) {
      isNoted = true;
      await core.record([{kind: 'note.add', target: job, data: {note: core.newId(), text: '等钥匙'}}]);
    }
    return send.apply(this, given);
  };
}"""
NOTHING_WAITS = """async () => { await core.refreshStatus(); return core.unsent.value.lines === 0 }"""


def test_what_is_recorded_as_a_photo_is_told_to_wait_does_not_wait(phone: Phone, people: People, job: Job) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    page.evaluate(NOTED_MEANWHILE, job.id)
    page.route(
        "**/api/v1/uploads**",
        lambda route: route.fulfill(
            status=503,
            headers={"Retry-After": "300", "Tus-Resumable": "1.0.0", "Content-Type": "application/json"},
            body='{"code": "disk_full"}',
        ),
    )
    take(page, job, noisy_jpeg(50))
    page.wait_for_function("core.contact.value.code === 'disk_full'")
    page.wait_for_timeout(3000)
    assert page.evaluate(NOTHING_WAITS)


def test_a_photo_that_is_told_to_wait_puts_off_no_news_and_is_not_tried_meanwhile(
    phone: Phone, people: People, job: Job
) -> None:
    phone.context.clock.install()
    page = phone.tab()
    sign_in(page, people.zhang)
    tried: list[str] = []

    def wait(route: Route) -> None:
        tried.append(route.request.url)
        headers = {"Retry-After": "300", "Tus-Resumable": "1.0.0", "Content-Type": "application/json"}
        route.fulfill(status=503, headers=headers, body='{"code": "disk_full"}')

    page.route("**/api/v1/uploads**", wait)
    take(page, job, noisy_jpeg(50))
    page.evaluate("core.sendNow()")
    assert page.evaluate("core.contact.value.code") == "disk_full"
    before = len(tried)
    for _ in range(2):
        with page.expect_response("**/api/v1/sync"):
            page.clock.fast_forward(75_000)
        until(page, "core.contact.value.state === 'failed' && core.contact.value.next_try_at !== null")
    assert len(tried) == before
    with page.expect_request("**/api/v1/uploads**"):
        page.clock.fast_forward(200_000)
