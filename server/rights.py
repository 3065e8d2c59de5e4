"""Who may do what, declared: every operation by relation and role, every route by who asks. docs/rights.md is made from
this (`make rights`), and every cell of it is tried over HTTP (tests/server/test_rights.py)."""

from __future__ import annotations

from typing import Final, Literal

from server.documents.operation import Actor, Relation
from server.documents.work_order.registry import REGISTRY, may
from server.models.person import OFFICE_ROLES, REVIEWER_ROLES, ROLES
from server.sync.ledgers.kinds import ADOPTS, CLAIMS, CLOSES, DECIDES, ENDS_SESSIONS, NEW_PASSWORD, OPENS, REVOKES

# Who writes an operation: role, and relation to the work order.
ACTORS: Final[tuple[tuple[str, Relation], ...]] = (
    ("technician", "assignee"), ("technician", "former"), ("technician", "opener"), ("technician", "none"),
    ("inspector", "none"), ("service_desk", "office"), ("supervisor", "office"), ("manager", "office"),
    ("admin", "office"),
)  # fmt: skip
# Operations that are on no work order: the roles that may write them in an exchange. A ledger is claimed by whom a file
# names; an account is changed on the office's pages alone, by administrators.
ELSEWHERE: Final[dict[str, frozenset[str]]] = {
    DECIDES: REVIEWER_ROLES,
    REVOKES: REVIEWER_ROLES,
    CLAIMS: frozenset(ROLES),
    **dict.fromkeys((CLOSES, OPENS, ENDS_SESSIONS, NEW_PASSWORD, ADOPTS), frozenset[str]()),
}
KINDS: Final = (*REGISTRY, *ELSEWHERE)

# everybody: without signing in · signed_in: every role · on_order: whose feed shows the order, and the office's roles ·
# owner: whoever began it · operator: who is on the server's machine or has its token, and nobody over the network
Who = Literal["everybody", "signed_in", "on_order", "owner", "office", "reviewers", "admins", "operator"]

# Who asks: nobody who is signed in, a technician who is on the order, or who is not, and the other roles.
ASKERS: Final = (
    "nobody", "technician", "other technician", "inspector", "service_desk", "supervisor", "manager", "admin"
)  # fmt: skip

# By the name of the view that answers; a part of an object's address that is not theirs answers as one that is unknown.
ROUTES: Final[dict[str, Who]] = {
    "home": "everybody",
    "static": "everybody",
    "health.is_up": "everybody",
    "health.is_ready": "everybody",
    "metrics.show_metrics": "operator",
    "openapi_pages.show_docs": "everybody",
    "openapi_pages.show_openapi": "everybody",
    "openapi_pages.static": "everybody",
    "customer.check_paper": "everybody",
    "pwa.shell": "everybody",
    "pwa.manifest": "everybody",
    "pwa.service_worker": "everybody",
    "pwa.static": "everybody",
    "company.show_company": "everybody",
    "session.sign_in": "everybody",
    "session.change_password": "signed_in",
    "session.who_am_i": "signed_in",
    "session.sign_out": "signed_in",
    "session.move_to_device": "signed_in",
    "own_sessions.list_sessions": "signed_in",
    "own_sessions.end_one": "signed_in",
    "own_sessions.name_present": "signed_in",
    "own_sessions.end_others": "signed_in",
    "sync.exchange_lines": "signed_in",
    "ledgers.hand_in_ledger": "signed_in",
    "ledgers.tell_what_waits": "signed_in",
    "directory.list_assets": "signed_in",
    "directory.list_customers": "signed_in",
    "directory.list_parts": "signed_in",
    "directory.list_people": "signed_in",
    "directory.list_sites": "signed_in",
    "held.list_held": "reviewers",
    "work_orders.list_work_orders": "signed_in",
    "work_orders.show_work_order": "on_order",
    "work_orders.show_history": "on_order",
    "reports.show_report": "on_order",
    "bundles.show_bundle": "office",
    "photos.photo": "on_order",
    "uploads.tell_what_is_possible": "everybody",
    "uploads.create": "signed_in",
    "uploads.tell_offset": "owner",
    "uploads.send_on": "owner",
    "uploads.terminate": "owner",
    "uploads.override": "owner",
    "office.sign_in": "everybody",
    "office.begin_session": "everybody",
    "office.change_preferences": "everybody",
    "office.end_session": "signed_in",
    "office.today": "office",
    "office.orders": "office",
    "office.orders_file": "office",
    "office.choose_plans": "office",
    "office.change_plans": "office",
    "office.order": "office",
    "office.report": "office",
    "office.bundle": "office",
    "office.photo": "office",
    "office.intake": "office",
    "office.open_order": "office",
    "office.find_customers": "office",
    "office.add_edit": "office",
    "office.add_note": "office",
    "office.change_plan": "office",
    "office.dispose": "office",
    "office.settle_conflict": "office",
    "office.settle_flag": "office",
    "office.settle_photo": "office",
    "office.people": "office",
    "office.inbox": "office",
    "office.decided": "office",
    "office.held_group": "reviewers",
    "office.add_review": "reviewers",
    "office.rule_arrival": "reviewers",
    "office.decide_held": "reviewers",
    "office.evidence": "reviewers",
    "office.person_evidence": "reviewers",
    "office.revoke_device": "reviewers",
    "office.import_form": "office",
    "office.import_file": "reviewers",
    "office.import_parked": "reviewers",
    "office.claim_ledger": "office",
    "office.account": "office",
    "office.change_own_password": "office",
    "office.end_own_session": "office",
    "office.end_other_sessions": "office",
    "office.change_account": "admins",
    "office.set_password": "admins",
    "office.adopt_person": "admins",
    "office.refuse_person": "admins",
    "office.believe_clock": "admins",
}


def may_write(kind: str, role: str, relation: Relation) -> bool:
    """Whether somebody of this role and relation may write an operation of this kind; raises KeyError for none."""
    if kind in ELSEWHERE:
        return role in ELSEWHERE[kind]
    return may(Actor("", role, relation, ""), REGISTRY[kind])


def may_ask(view: str, asker: str) -> bool:
    """Whether one of `ASKERS` is let in by this view; raises KeyError for one that is not declared."""
    match ROUTES[view]:
        case "everybody":
            return True
        case "signed_in":
            return asker != "nobody"
        case "on_order":
            return asker == "technician" or asker in OFFICE_ROLES
        case "owner":
            return asker == "technician"
        case "office":
            return asker in OFFICE_ROLES
        case "reviewers":
            return asker in REVIEWER_ROLES
        case "admins":
            return asker == "admin"
        case "operator":
            return False
