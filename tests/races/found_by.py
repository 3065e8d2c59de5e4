"""Which test misses which lock of the database: it fails where the lock is left out (`make planted`).

python -m tests.races.found_by    the files with these tests
"""

from __future__ import annotations

from typing import Final

from tests.races.left_out import Place

R: Final = "tests/races/"
LOCKS: Final = f"{R}test_what_locks_keep.py::"
TWO: Final = f"{R}test_two_writers.py::"
HELD: Final = f"{R}test_held_at_once.py::"
HINTS: Final = f"{R}test_hints_at_once.py::"
FORMER: Final = f"{R}test_former_at_once.py::"
LOADING: Final = f"{R}test_loading.py::"
S: Final = "tests/server/"
ROW, ADVISORY, SHARED = "with_for_update", "pg_advisory_xact_lock", "pg_advisory_xact_lock_shared"

_LET_IN: Final = f"{HELD}test_what_is_sent_while_a_held_opening_is_let_in_is_on_the_order"
_COMES: Final = f"{TWO}test_a_line_that_comes_while_its_order_appears_does_not_wait_for_ever"
_CONTENT: Final = f"{TWO}test_a_record_that_comes_while_its_content_arrives_says_so"
_DIGITS: Final = f"{HINTS}test_the_same_digits_from_two_devices_of_one_person_at_once_are_told_to_the_later"
_DEPARTURE: Final = f"{HINTS}test_a_departure_with_the_digits_of_an_arrival_at_the_same_moment_is_seen_by_it"
_STROKES: Final = f"{HINTS}test_the_same_strokes_on_two_orders_at_once_are_told_to_the_later"
_TERMS: Final = f"{LOADING}test_of_two_files_with_warranty_terms_at_once_both_stand"
_LOOKS: Final = f"{LOCKS}test_of_two_photos_that_look_alike_and_come_at_once_each_knows_of_the_other"
_GIVEN: Final = f"{S}sync/test_handing_in.py::test_an_id_that_is_given_while_a_copy_comes_is_named_anew_in_it"
_LET_IN_NAMED: Final = f"{FORMER}test_a_copy_that_is_let_in_while_an_id_is_given_names_whoever_has_it"
_CHANGES: Final = f"{LOCKS}test_a_content_that_arrives_while_its_order_changes_takes_nothing_back"

FOUND_BY: Final[dict[Place, str]] = {
    Place("web/own_account.py", "change", ROW):
        f"{LOCKS}test_who_changes_a_password_as_an_administrator_sets_another_is_told_to_sign_in",
    Place("web/security.py", "begin_session", ROW):
        f"{S}sync/test_changed_accounts.py::test_a_closing_waits_for_a_sign_in_and_ends_its_session",
    Place("api/upload_bounds.py", "write_down", ROW):
        "tests/adversary/test_disk.py::test_uploads_are_begun_and_left_by_many_at_once",
    Place("web/wrong_passwords.py", "take_untold", ROW):
        f"{LOCKS}test_of_two_sign_ins_one_is_told_of_the_wrong_passwords",
    Place("api/session.py", "_register", ROW):
        f"{S}export_files/test_giving_way.py::test_it_gives_way_once_where_two_sign_in_at_once",
    Place("database.py", "_one_at_a_time", ADVISORY):
        f"{LOCKS}test_two_who_bring_a_database_up_to_date_do_so_one_after_the_other",
    Place("clock_witness.py", "keep", ROW):
        f"{LOCKS}test_what_an_administrator_says_of_the_clock_is_not_doubted_at_that_moment",
    Place("imports/load.py", "_take", "lock_loads"): _TERMS,
    Place("imports/store_orders.py", "store_orders", "lock_documents"):
        f"{LOADING}test_the_same_file_twice_at_once_is_in_once",
    Place("photos/alike.py", "note_looks", "lock_looks"): _LOOKS,
    Place("photos/arrival.py", "record_content", "lock_photos"):
        f"{LOCKS}test_a_record_that_comes_while_its_content_is_seen_otherwise_says_so",
    Place("photos/arrival.py", "record_delivery", "lock_photos"):
        f"{LOCKS}test_a_record_that_comes_while_its_known_content_is_delivered_says_so",
    Place("photos/arrival.py", "record_preview", "lock_photos"):
        f"{LOCKS}test_a_record_that_comes_while_its_preview_arrives_says_so",
    Place("photos/dropping.py", "_remove", "lock_photos"):
        f"{LOCKS}test_a_content_that_comes_again_as_it_is_dropped_is_kept",
    Place("sync/operations/accounts.py", "check_administrator", ROW):
        f"{S}sync/test_changed_accounts.py::test_of_two_administrators_who_close_each_other_one_stays",
    Place("sync/store/archiving.py", "_closed", "lock_documents"):
        f"{LOCKS}test_an_order_that_changes_as_it_is_archived_stays",
    Place("sync/operations/authorship.py", "_rename_in_documents", "lock_documents"):
        f"{LOCKS}test_an_order_that_changes_as_a_ledger_in_it_gives_way_keeps_the_change",
    Place("sync/operations/authorship.py", "claim", "lock_documents"):
        f"{LOCKS}test_what_is_claimed_while_its_order_appears_is_on_it",
    Place("sync/store/device_bounds.py", "make_room", ROW):
        f"{S}api/test_device_bounds.py::test_of_several_who_come_at_once_only_as_many_get_in_as_there_is_room_for",
    Place("sync/store/evidence_store.py", "_keep_sighting", "lock_sightings"): _DEPARTURE,
    Place("sync/store/evidence_store.py", "earlier", "lock_sightings"): _DIGITS,
    Place("sync/store/evidence_store.py", "first_drawn", "lock_strokes"): _STROKES,
    Place("sync/exchange/exchange.py", "DEVICE", ROW): f"{LOCKS}test_what_a_phone_brings_as_it_is_revoked_is_refused",
    Place("sync/exchange/exchange.py", "take_in", "lock_for_lines"): _COMES,
    Place("sync/store/feeds.py", "put_document", ROW): f"{LOCKS}test_two_versions_of_one_document_are_two",
    Place("sync/store/former_ids.py", "named_in", "lock_former_people"): _LET_IN_NAMED,
    Place("sync/operations/former_people.py", "_name_anew", "lock_documents"):
        f"{FORMER}test_an_order_that_changes_as_it_is_named_anew_keeps_the_change",
    Place("sync/operations/former_people.py", "adopt", "lock_former_people"): _GIVEN,
    Place("sync/operations/held.py", "_named", ROW):
        f"{LOCKS}test_what_names_no_order_is_decided_upon_once",
    Place("sync/operations/held.py", "decide", "lock_documents"): _LET_IN,
    Place("sync/store/locks.py", "_lock_names", ADVISORY): _COMES,
    Place("sync/store/locks.py", "lock_for_lines", "lock_documents"): _COMES,
    Place("sync/store/locks.py", "lock_former_people", ADVISORY): _GIVEN,
    Place("sync/store/locks.py", "lock_former_people", SHARED): _LET_IN_NAMED,
    Place("sync/store/locks.py", "lock_loads", ADVISORY): _TERMS,
    Place("sync/store/locks.py", "lock_looks", ADVISORY): _LOOKS,
    Place("sync/store/locks.py", "lock_photos", "_lock_names"): _CONTENT,
    Place("sync/store/locks.py", "lock_sightings", "_lock_names"): _DIGITS,
    Place("sync/store/locks.py", "lock_strokes", "_lock_names"): _STROKES,
    Place("sync/store/locks.py", "lock_documents", "_lock_names"): _COMES,
    Place("sync/store/locks.py", "lock_documents", ROW): _CHANGES,
    Place("sync/ledgers/office_keys.py", "renew_all", ROW):
        f"{LOCKS}test_of_two_starts_under_another_key_the_later_finds_it_sealed",
    Place("sync/exchange/own_ledger.py", "OWN", ROW):
        f"{S}sync/test_own_ledger.py::test_of_two_who_write_into_it_at_once_the_later_goes_on_from_the_other",
    Place("sync/exchange/office_ledger.py", "OFFICE_DEVICE", ROW): f"{LOCKS}test_one_person_writes_from_two_browsers",
    Place("sync/exchange/office_ledger.py", "_office_device", ROW):
        f"{TWO}test_two_first_writes_for_one_person_make_one_office_ledger",
    Place("sync/operations/own_sessions.py", "_lock", ROW):
        f"{S}api/test_own_sessions.py::test_of_two_that_end_each_other_at_once_one_stays",
    Place("sync/store/photo_lookups.py", "of_content", "lock_photos"):
        f"{LOCKS}test_a_held_record_that_is_let_in_while_its_content_arrives_says_so",
    Place("sync/operations/photo_state.py", "_set_state", "lock_documents"): _CHANGES,
    Place("sync/store/stranded.py", "_make_room", ROW):
        f"{FORMER}test_of_two_ledgers_that_are_told_of_at_once_for_the_last_place_the_older_gives_way",
    Place("sync/store/stranded.py", "_tell", ROW):
        f"{FORMER}test_what_is_told_of_a_ledger_as_it_is_answered_hears_the_answer",
}  # fmt: skip

# What is locked and not missed, and what keeps the same from happening. These locks stay: they say at the place itself
# what must not change, whoever comes to call it.
_ORDERS: Final = "whoever changes it has locked the order that it is about"
KEPT_ALL_THE_SAME: Final[dict[Place, str]] = {
    Place("sync/operations/accounts.py", "_locked", ROW): "the rows of all administrators are locked before",
    Place("sync/operations/apply_document.py", "LOCKED", ROW): _ORDERS,
    Place("sync/store/archiving.py", "_bring_to_now", "lock_documents"): "its update looks at the row again",
    Place("sync/operations/authorship.py", "claim", ROW): "the lines that it lets in are locked by their orders",
    Place("sync/operations/held.py", "_could_fit", ROW): _ORDERS,
    Place("sync/operations/held.py", "_refuse_taken_id", ROW): "the index of ids has the later run again",
    Place("sync/operations/held.py", "taken_in_again", ROW): _ORDERS,
    Place("sync/operations/held.py", "try_again", ROW): _ORDERS,
    Place("sync/store/locks.py", "lock_for_lines", "lock_former_people"):
        "the operation locks it itself; here it is locked before the order, so that two do not wait for each other",
    Place("sync/store/locks.py", "lock_for_lines", "lock_photos"):
        "the record locks its photo itself; here it is locked before the order, so that two do not wait for each other",
    Place("sync/operations/revoking.py", "revoke", ROW): "the batch has locked the target's name",
}  # fmt: skip


if __name__ == "__main__":
    print(*sorted({test.partition("::")[0] for test in FOUND_BY.values()}))
