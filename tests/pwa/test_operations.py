"""What the phone makes of operations before the server has answered, beside the cases of vectors/apply.json."""

from __future__ import annotations

from apiflask import APIFlask
from uuid_utils import uuid7

from server.database import writing
from server.rules.defaults import default_rule_set
from server.services import services
from server.sync.store.feeds import put_document
from tests.conftest import People
from tests.pwa.conftest import Job, Phone, sign_in

OPEN_IN_FIELD = """async (target) => {
  const line = {line: core.newId(), part: null, name: '密封圈', unit: '个', quantity: '2', unit_price: 1500,
    source: 'van', serial: null};
  await core.record([{kind: 'order.open', target, data: {kind: 'repair', fault: '阀门渗水'}},
    {kind: 'material.add', target, data: line}]);
  return core.orders.value.find(({id}) => id === target).body.charge;
}"""


def test_an_order_opened_in_the_field_has_a_price_before_the_server_knows_it(
    app: APIFlask, phone: Phone, people: People
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    charge = page.evaluate(OPEN_IN_FIELD, str(uuid7()))
    assert (charge["covered"], charge["why"]["code"], charge["total"]) == (None, "coverage_unknown", 3000)
    dear = default_rule_set()
    dear["default_contract"] = "equipment"  # materials at 70 percent
    with app.app_context(), writing() as connection:
        put_document(connection, "rules", str(uuid7()), dict(dear), services().now())
    page.evaluate("core.exchangeAll()")
    target = str(uuid7())
    charge = page.evaluate(OPEN_IN_FIELD, target)
    assert (charge["covered"], charge["why"]["price_rule"]) == (None, "parts-at-70-percent")
    assert charge["total"] == 2100
    page.evaluate("core.exchangeAll()")
    assert page.evaluate("(target) => core.orders.value.find(({id}) => id === target).body.charge", target) == charge


def test_what_changes_nothing_changes_nothing_on_the_screen(phone: Phone, people: People, job: Job) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    stood, touched = page.evaluate(
        """() => {
          const body = structuredClone(core.orders.value[0].body);
          const me = {by: body.assignees[0], role: 'technician', at: '2026-11-24T01:00:00.000Z', version: 9};
          const add = {id: 'a', kind: 'material.add', target: 't', data: {line: 'l', name: 'x', unit: '个',
            quantity: '1', unit_price: 1, source: 'van'}};
          let now = core.apply(body, add, {...me, device: 'other'});
          const change = (id, was, quantity) => ({id, kind: 'material.change', target: 't', seen: 1,
            data: {line: 'l', changes: {quantity: {was, now: quantity}}}});
          now = core.apply(now, change('b', '1', '2'), {...me, device: 'other'});
          now = core.apply(now, change('c', '1', '3'), {...me, device: 'mine'});
          now = core.apply(now, {id: 'd', kind: 'material.remove', target: 't', seen: 9, data: {line: 'l'}},
            {...me, device: 'other', version: 10});
          const again = core.apply(now, change('e', '3', '4'), {...me, device: 'mine', version: 11});
          const same = core.apply(again, change('f', '2', '2'), {...me, device: 'other', version: 12});
          const back = {id: 'g', kind: 'order.stage', target: 't', data: {to: 'new'}};
          return [core.apply(again, back, me) === again, [again.materials[0].removed, again.conflicts[0].other.value,
            again.conflicts.length, same.materials[0].removed]];
        }"""
    )
    assert stood
    assert touched == [True, "4", 1, False]


def test_a_flag_that_was_settled_does_not_hide_that_it_happened_again(phone: Phone, people: People, job: Job) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    flags = page.evaluate(
        """() => {
          const body = structuredClone(core.orders.value[0].body);
          const me = {by: body.assignees[0], role: 'technician', at: '2026-11-24T01:00:00.000Z', device: 'mine'};
          body.review = {state: 'approved', version: 1};
          const edit = (was, now) =>
            ({id: core.newId(), kind: 'order.edit', target: 't', data: {changes: {diagnosis: {was, now}}}});
          const once = core.apply(body, edit('', '轴承磨损'), me);
          const again = edit('轴承磨损', '密封圈老化');
          const twice = core.apply(once, again, me);
          once.flags[0].settled = {decision: 'confirmed'};
          const settled = core.apply(once, again, me);
          return [twice, settled].map(({flags}) => flags.map(({code, settled}) => [code, Boolean(settled)]));
        }"""
    )
    changed = "changed_after_review"
    assert flags == [[[changed, False]], [[changed, True], [changed, False]]]


def test_named_ids_are_those_of_rfc_9562(phone: Phone) -> None:
    dns = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
    named = phone.tab().evaluate("([space, name]) => core.namedId(space, name)", [dns, "www.example.com"])
    assert named == "2ed6657d-e927-568b-95e1-2665a8aea6a2"
