"""What the phone promises about signing in and out: a sign-out that comes late ends nobody else's session."""

from __future__ import annotations

from contextlib import suppress

from playwright.sync_api import Route, TimeoutError

from tests.conftest import People
from tests.pwa.conftest import Phone, sign_in


def test_a_late_sign_out_does_not_end_the_session_that_begins_meanwhile(phone: Phone, people: People) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    page.route("**/api/v1/session", lambda route: route.abort(), times=1)
    page.evaluate("core.signOut()")  # Nobody hears of it.
    leaving: list[Route] = []
    page.route("**/api/v1/session", lambda route: leaving.append(route), times=1)
    with page.expect_request("**/api/v1/session"):
        page.evaluate("void core.sendNow()")
    page.evaluate(
        "([name, password]) => void (window.signing = core.signIn(name, password))",
        [people.li.username, people.li.password],
    )
    with suppress(TimeoutError):  # It does not overtake the sign-out.
        page.wait_for_function("core.session.value !== null", timeout=3000)
    leaving[0].continue_()
    page.evaluate("window.signing")
    page.evaluate("core.sendNow()")
    assert page.evaluate("[core.session.value.person.username, core.session.value.ended]") == ["li", False]
    assert page.evaluate("core.contact.value.state") == "idle"


# The last exchange is refused in the moment in which it is written down that they have left.
REFUSED_MEANWHILE = """async () => {
  const {put} = IDBObjectStore.prototype;
  let refused = null;
  IDBObjectStore.prototype.put = function (value, ...key) {
    if (value?.leaving === false) refused ??= core.endSession();
    return put.call(this, value, ...key);
  };
  await core.signOut();
  await refused;
  return [refused !== null, core.session.value];
}"""
DEAF = "BroadcastChannel.prototype.addEventListener = () => {}"


def test_an_exchange_that_is_refused_while_somebody_signs_out_signs_nobody_in_again(
    phone: Phone, people: People
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    assert page.evaluate(REFUSED_MEANWHILE) == [True, None]
    page.reload()
    page.wait_for_function("document.title === 'ready'")
    assert page.evaluate("core.session.value") is None


def test_an_exchange_that_is_refused_in_another_tab_undoes_no_sign_out(phone: Phone, people: People) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    # It has not heard yet that they have left.
    phone.context.add_init_script(DEAF)
    other = phone.tab()
    page.evaluate("core.signOut()")
    other.evaluate("core.endSession()")
    page.reload()
    page.wait_for_function("document.title === 'ready'")
    assert page.evaluate("core.session.value") is None
