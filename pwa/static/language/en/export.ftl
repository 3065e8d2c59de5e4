# What came of an export file: on the office's page and on the command line.

export-from = From { $person }, { $device }
export-new-device = The server does not know this device. Only the file says that it is { $person }’s: every entry waits for a decision, or for { $person } to say that it is theirs.
export-revoked = This device has been revoked: what it brings that was not known is held and waits for a decision.
export-lines = { $count ->
    [0] No line in it
    [one] 1 line, { NUMBER($fresh) } of it new
   *[other] { NUMBER($count) } lines, { NUMBER($fresh) } of them new
}
export-counts = { NUMBER($applied) } applied, { NUMBER($merged) } merged, { NUMBER($conflict) } in conflict, { NUMBER($held) } held
export-status-applied = Applied
export-status-merged = Merged
export-status-conflict = Changed on both sides
export-status-held = Held
export-repeated = had come before
export-more = { $count ->
    [one] and one more
   *[other] and { NUMBER($count) } more
}
export-line = Line { $seq }
export-photos = { $count ->
    [0] No photo in it
    [one] 1 photo
   *[other] { NUMBER($count) } photos
}
export-photo-state-stored = Safe on the server
export-photo-state-rejected = No photo; kept aside
export-photo-state-differs = Damaged in the file; not kept. It is still on the phone.
export-photo-state-too-large = Larger than 25 MiB; not kept. It is still on the phone.
export-photo-state-later = Could not be looked at now. Take the file in once more later.
export-photo-state-no-room = No room on the server’s disk now; not kept. Make room and take the file in once more.
