# Texts of the office's pages.

## Pages and ways to them

office-name = Office
office-skip = Skip to the content
office-nav = Main
office-nav-today = Today
office-nav-inbox = Inbox
office-nav-orders = Work orders
office-nav-intake = New report
office-nav-evidence = Evidence
office-nav-people = People and devices
office-nav-waiting = { NUMBER($count) } waiting for a decision
office-language = Language
office-language-name = English
office-theme = Appearance
office-theme-system = As the system
office-theme-light = Light
office-theme-dark = Dark
office-list-sign = {", "}
office-clause-sign = {"; "}
office-comma = {", "}
office-empty = (empty)
office-show = Show
office-clear = Clear
office-save = Save
office-edit = Edit
office-all = All
office-action = Action
office-back-to-today = Back to Today
office-code-unknown = Code { $code }
office-person-system = Undercroft itself
office-person-unknown = Unknown person

## Signing in

office-sign-in = Sign in
office-sign-in-title = Sign in to the office
office-sign-in-app = Technicians work in the phone’s app:
office-sign-in-demonstration = This is a demonstration. Everybody knows the password of its accounts: enter nothing real here.
office-to-the-app = Open the app
office-sign-in-as-another = Sign in as someone else
office-sign-out = Sign out
office-username = Username
office-password = Password
office-no-entry-title = These pages are the office’s
office-no-entry = { $name }, your role does not use the office’s pages. Your orders, photos and signatures are in the phone’s app: please sign in there.

## Today

office-days = Choose a day
office-day = Day
office-day-before = The day before
office-day-after = The day after
office-figure-planned = Planned
office-figure-verified = Arrived, verified
office-figure-unproven = Arrived, not proven
office-figure-contradicted = Contradicted
office-figure-risk = Deadline near or past
office-figure-late = { NUMBER($count) } late
office-figure-silent = { $count ->
    [one] 1 technician’s phone has been silent
   *[other] { NUMBER($count) } technicians’ phones have been silent
}
office-to-review = { $count ->
    [one] 1 finished order waits for review
   *[other] { NUMBER($count) } finished orders wait for review
}
office-figure-overdue = { $count ->
    [one] 1 earlier order is overdue
   *[other] { NUMBER($count) } earlier orders are overdue
}
office-today-caption = The day’s orders, those that need a look first
office-today-empty = No order is assigned for this day
office-today-empty-more = Once orders are assigned, arrivals appear here as the phones make contact.
office-unassigned = To be assigned ({ NUMBER($count) })
office-assign = Assign
office-technician = Technician
office-order = Work order
office-window = Window
office-arrive-by = Arrive by
office-contact-by = Contact by
office-repair-by = Repair by
office-arrival-provable = Arrival: what can be proven
office-verdict = Verdict
office-priority = Priority
office-device-last = Last record { $time }:
office-device-photo = Last photo { $time }:
office-last-contact = Last contact { $time }
office-never-heard = Phone never in contact
office-silent = Silent for { $duration }
office-may-hold = { $count ->
    [one] 1 open order on the phone; it may hold records not yet sent
   *[other] { NUMBER($count) } open orders on the phone; it may hold records not yet sent
}
office-distance = { $distance } ±{ $accuracy } away
office-claims = Claims { $claimed }
office-provable-between = provable: between { $earliest } and { $latest }
office-provable-until = provable: no later than { $latest }
office-why = Reasons
office-overdue = Past its deadline
office-overdue-by = { $duration } past, no arrival recorded
office-at-risk = Deadline near
office-left = { $duration } left, no arrival recorded
office-no-arrival = No arrival recorded
office-no-news = No news yet
office-drawn = Arrival proven between { $earliest } and { $latest }; the phone claims { $claimed }; deadline { $arrive_by }
office-drawn-none = No arrival recorded; deadline { $arrive_by }
office-legend-tight = Corroborated time
office-legend-wide = Only this range is proven
office-legend-claimed = What the phone claims
office-legend-now = Now, { $time }
office-as-of = As of { $time }

## List of orders

office-search = Search
office-search-hint = Number, fault, customer, address, serial, pinyin
office-number = Number
office-stage = Stage
office-state = State
office-kind = Kind
office-review = Review
office-nobody = Nobody yet
office-overdue-only = Overdue only
office-older = Older
office-sort = Sorting
office-sort-changed-last = Last changed first
office-sort-changed = Longest unchanged first
office-sort-number-last = Number, highest first
office-sort-number = Number, lowest first
office-sort-window-last = Window, latest first
office-sort-window = Window, earliest first
office-sort-due-last = Deadline, latest first
office-sort-due = Deadline, earliest first
office-sort-state-last = State, the other way round
office-sort-state = State
office-changed = Changed
office-date-of = Date of
office-date-window = the window
office-date-due = the deadline for arriving
office-date-reported = the report
office-date-from = From
office-date-to = To
office-date-reversed = The first date is after the last.
office-orders-count = { $count ->
    [one] 1 work order
   *[other] { NUMBER($count) } work orders
}
office-orders-more = More than { NUMBER($count) } work orders
office-export = Export as a table (CSV)
office-export-number = Number
office-export-state = State
office-export-kind = Kind
office-export-priority = Priority
office-export-reported = Reported
office-export-customer = Customer
office-export-site = Site
office-export-address = Address
office-export-contact = Contact
office-export-phone = Telephone
office-export-fault = Fault
office-export-technician = Technicians
office-export-window-start = Window from
office-export-window-end = Window until
office-export-arrive-by = Arrive by
office-export-arrived = Arrived
office-export-verdict = Arrival is
office-export-review = Review
office-choose = Choose
office-choose-one = Choose { $number }
office-plan-chosen = Plan the chosen orders
office-plans = Plan several orders
office-plans-chosen = { $count ->
    [one] 1 order chosen
   *[other] { NUMBER($count) } orders chosen
}
office-plans-means = Technicians that are ticked take the place of those before, and so does a window that is given. What is left empty stays as it is.
office-plans-confirm = { $count ->
    [one] Yes, change this order
   *[other] Yes, change these { NUMBER($count) } orders
}
office-plans-done = What came of it
office-plans-came = Outcome
office-plans-applied = Planned
office-plans-merged = Planned, and merged with what somebody else changed
office-plans-conflict = Somebody else changed it meanwhile, waits for a decision
office-plans-held = Not applied, held for a decision
office-plans-unchanged = It stood so already
office-plans-already-sent = Had been sent already
office-problem-none-chosen = No work order is chosen.
office-problem-nothing-planned = Nothing changed: tick technicians, or give a window.
office-priority-same = The contract “{ $contract }” sets the same deadlines whatever the priority.
office-priority-alike = The contract “{ $contract }” sets the same deadlines for these: { $priorities }.
office-orders-empty = No work order matches
office-orders-empty-more = Loosen the conditions, or take in a new report.
office-state-unplanned = Unassigned
office-state-planned = Assigned
office-state-accepted = Accepted
office-state-en-route = On the way
office-state-on-site = On site
office-state-working = Working
office-state-paused = Paused
office-state-on-hold = On hold
office-state-finished = Finished
office-state-unable = Not completed
office-state-approved = Approved
office-state-returned = Returned
office-state-cancelled = Cancelled

## One order

office-copy-link = Copy link
office-copied = Copied
office-earlier-jobs = { $count ->
    [one] 1 earlier job
   *[other] { NUMBER($count) } earlier jobs
}
office-no-site = No site
office-return = Return
office-return-comment = Why it goes back (the technician reads this)
office-approve = Approve
office-attention = Needs a look
office-conflict-kept = Standing value
office-conflict-other = Other value
office-outcome-conflict = Changed on both sides
office-outcome-merged = Merged
office-outcome-held = Held for a decision
office-story = The story
office-story-opened = Reported
office-story-deadlines = Deadlines: contact { $contact_by }, on site { $arrive_by }, repaired { $repair_by }
office-story-assigned-to = Assigned to { $names }
office-story-planned = Plan changed
office-story-edited = Description changed
office-story-change = { $field }: { $value }
office-story-not-forward = A step back: recorded, and nothing is changed by it.
office-story-resumed = “Not completed” is taken back by the person who had said it; it asks for no review any more.
office-story-arrived = Arrived
office-story-departed = Left
office-story-photos = { $count ->
    [one] 1 photo
   *[other] { NUMBER($count) } photos
}
office-story-photos-stored = Originals in: { NUMBER($stored) } of { NUMBER($count) }
office-story-materials = Materials
office-story-material-changed = Material changed: { $name }
office-story-photo-edited = Photo described anew
office-story-changed-from = { $field }: { $was } → { $now }
office-story-material-removed = Material removed: { $name }
office-story-labour = Labour
office-story-labour-changed = Labour changed: { $name }
office-story-labour-removed = Labour removed: { $name }
office-story-answers = { $count ->
    [one] 1 checklist answer
   *[other] { NUMBER($count) } checklist answers
}
office-story-signed = Signed by { $name }
office-story-note = Note
office-story-delivered = Delivered to the server
office-story-waited = { $count ->
    [one] 1 record, kept offline for { $duration }
   *[other] { NUMBER($count) } records, all in; the oldest was kept offline for { $duration }
}
office-story-settled = Conflict settled
office-story-flag-confirmed = Looked at and confirmed
office-story-flag-charge = To be charged
office-story-flag-waive = Charge waived
office-story-photo-lost = { $count ->
    [one] A photo was said to be lost
   *[other] { NUMBER($count) } photos were said to be lost
}
office-story-ruling-accepted = Arrival accepted
office-story-ruling-rejected = Arrival not accepted
office-story-held-decided = Held operations decided
office-story-held-applied = Applied after all: { $who }, { $time }
office-story-held-dismissed = Dismissed: { $who }, { $time }
office-kind-flag-settle = Flag settled
office-kind-photo-settle = Photo said to be lost
office-kind-arrival-rule = Ruling on an arrival
office-kind-ledger-claim = Ledger claimed
office-kind-device-revoke = Device revoked
office-kind-person-close = Account closed
office-kind-person-open = Account opened again
office-kind-person-end-sessions = All sessions ended
office-kind-person-password = Password set
office-kind-person-adopt = Former id given to a person
office-kind-unreadable = Unreadable line
office-kind-photo-remove = Photo hidden
office-kind-conflict-settle = Conflict settled
office-kind-held-decide = Held operation decided
office-kind-order-recall = Recalled from a phone
office-kind-order-open = Report
office-kind-order-plan = Plan
office-kind-order-stage = Stage
office-kind-order-edit = Description
office-kind-order-review = Review
office-kind-checklist-answer = Checklist answer
office-kind-arrival-record = Arrival
office-kind-departure-record = Departure
office-kind-material-add = Material
office-kind-material-change = Material changed
office-kind-material-remove = Material removed
office-kind-labour-add = Labour
office-kind-labour-change = Labour changed
office-kind-labour-remove = Labour removed
office-kind-photo-add = Photo
office-kind-photo-edit = Photo described anew
office-kind-signature-record = Signature
office-kind-signature-refuse = No signature
office-kind-note-add = Note
office-kind-anchor = Time anchor
office-note = A note, which the technician sees too
office-note-add = Add note
office-line = { $name } × { $quantity } { $unit }
office-rating = Rated { NUMBER($score) } of 5
office-digest = Digest { $digest }…
office-arrival = Arrival
office-drawing = Drawn to scale: the fix is { $distance } from the site’s centre, ±{ $accuracy }; the site’s radius is { $radius }
office-north = N
office-times = Times to scale: { $marks }
office-times-window = window { $span }
office-times-best = most likely { $time }
office-times-fix = position fixed at { $time }
office-legend-proven = Proven range
office-legend-best = Most likely time
office-place = Place
office-fix = Fix
office-fix-age = { $duration } before the record was written
office-time = Time
office-widest = proven at the widest: { $earliest } to { $latest }
office-punctual = On time?
office-told-arrive-by = deadline the technician was told: { $time }
office-who = Who
office-no-reasons = Nothing else is known
office-radius = radius { $radius }
office-no-position-denied = No position: the phone did not allow it
office-no-position-unavailable = No position: none could be had
office-no-position-timeout = No position: it took too long
office-no-position-unusable = No position: what the phone gave could not be used
office-no-site-position = The site has no coordinates: nothing to compare with
office-photos = Photos ({ NUMBER($count) })
office-photos-elsewhere = On other orders too
office-photos-elsewhere-note = Compare and judge for yourself: one job may have several orders, and one pump looks like another.
office-photo-here = This order
office-photo-there = Order { $number }
office-photos-elsewhere-more = { $count ->
    [one] 1 more photo is not shown.
   *[other] { NUMBER($count) } more photos are not shown.
}
office-photo-compare = Compare with order { $number }
office-original = Original
office-photo-said-anew = Described anew: { $who }, { $time }
office-charge = Charge
office-free = Free
office-coverage-unknown = Warranty unknown
office-item = Item
office-price = Price
office-customer-pays = Customer pays
office-due = Due
office-nothing-used = No materials or labour yet
office-cause = Cause: { $cause }.
office-signature = Signature
office-signature-of = The signature of { $name } as it was written
office-signer = Signer
office-digest-word = Digest
office-signed-total = Signed total
office-differs = Since the signature these have changed:
office-differs-signed = When signed
office-differs-now = Now
office-consent = The signer agreed: { $text }
office-signed-report = Signed service report
office-bundle = Evidence bundle
office-bundle-means = Everything that was recorded about this order, with photos and the signed report. Anybody can check it without Undercroft. Of other orders it shows hashes only.
office-bundle-get = Download
office-bundle-whole-means = For a court: with lines of other orders where the chain needs them. These hold data of other customers.
office-bundle-whole = Download the whole chain
office-signed-where-unknown = Not known where it was signed
office-that-order = That order
office-plan = Plan
office-assignees = Technicians
office-open-orders = { $count ->
    [0] no open orders
    [one] 1 open order
   *[other] { NUMBER($count) } open orders
}
office-lead = Lead
office-from = From
office-until = Until
office-instructions = Instructions for the technician
office-save-plan = Save the plan
office-dispose = Put on hold, cancel or resume
office-disposition = Is the job still wanted?
office-disposition-means-active = goes on as planned
office-disposition-means-on-hold = stays on the technician’s phone, not to be done yet
office-disposition-means-cancelled = leaves the technician’s phone; every fact recorded stays
office-disposition-confirm = Yes, change it
office-description = Description
office-history = Earlier jobs on this asset

## Fields

office-field-fault = Fault
office-field-requests = Customer’s requests
office-field-contact = Contact
office-field-contact-name = Contact
office-field-contact-phone = Telephone
office-field-cause = Cause
office-field-diagnosis = Diagnosis
office-field-work-done = Work done
office-field-access = Access
office-field-checklist = Checklist
office-field-assignees = Technicians
office-field-lead = Lead
office-field-window = Window
office-field-priority = Priority
office-field-disposition = Still wanted
office-field-instructions = Instructions
office-field-site-position = Site’s coordinates
office-field-quantity = Quantity
office-field-unit = Unit
office-field-unit-price = Unit price
office-field-name = Name
office-field-source = Source
office-field-serial = Serial number
office-field-method = Method
office-field-caption = Caption
office-field-purpose = What the photo shows
office-field-materials = Materials
office-field-labour = Labour
office-field-charge = Charge
office-field-number = Number
office-field-customer = Customer
office-field-site = Site
office-field-arrived-at = Time of arrival

## Taking a report in

office-who-calls = Who is calling?
office-who-calls-hint = Telephone, name, number, address, serial or pinyin
office-find = Find
office-customers = Customers found
office-customers-none = Nobody found for “{ $words }”
office-without-file = Not in the files: take the report in without
office-without-file-title = Without a customer’s file
office-without-file-means = Without a site’s coordinates an arrival cannot be checked, and the warranty is not known.
office-another-customer = Another customer
office-where = Where, and which asset?
office-no-sites = This customer has no site on file.
office-covered-until = Under warranty until { $day }
office-covered-no = Warranty ended { $day }
office-fault = The fault
office-channel = Channel
office-priority-promise = Priority, and what can be promised
office-assign-now = Assign right away (optional)
office-open-order = Open the order

## Inbox, and the same decisions on an order's page

office-inbox-empty = Nothing waits for a decision
office-inbox-empty-more = Conflicts, held operations, contradicted arrivals and orders with a flag are listed here.
office-orders-to-decide = { $count ->
    [one] 1 order to decide on
   *[other] { NUMBER($count) } orders to decide on
}
office-held-waiting = { $count ->
    [one] 1 held operation
   *[other] { NUMBER($count) } held operations
}
office-operations = { $count ->
    [one] 1 operation
   *[other] { NUMBER($count) } operations
}
office-kind-count = { $kind } × { NUMBER($count) }
office-show-all = Show all { NUMBER($count) }
office-next = Next
office-held = Held operations
office-held-means = Received and not applied; kept word for word.
office-received-at = received { $time }
office-written = written { $time }
office-what = Operation
office-what-exactly = Exact content
office-not-readable = This line cannot be read. Its bytes are kept.
office-field-of = { $name }: { $field }
office-keep = Keep this
office-take = Take this
office-third = Write a third value
office-third-value = The value that is to stand
office-settle = Settle
office-latitude = Latitude
office-longitude = Longitude
office-datum = Coordinate system
office-datum-unknown = not known
office-comment = Comment (optional)
office-comment-for-dismissal = Comment (needed to dismiss)
office-ruling-accept = Accept
office-ruling-reject = Do not accept
office-ruling-accepted = Accepted all the same
office-ruling-rejected = Not accepted
office-only-reviewers-rule = Only supervisors rule on arrivals.
office-photo-lacks = { $purpose }: the photo itself has not come. { $who } recorded it; its record came at { $time }
office-photo-phone = { $name }, last heard of at { $time }
office-photo-phone-silent = { $name }, never heard of
office-photo-lacks-means = Whoever’s phone still has it is asked for it and sends it by itself. Lost, it is asked for no longer; a photo that comes all the same is taken.
office-photo-lost = { $count ->
    [one] The photo is lost
   *[other] These { NUMBER($count) } photos are lost
}
office-flag-confirmed = Confirm
office-flag-charge = Charge { $amount }
office-flag-waive = Waive the charge
office-to-plan = Plan it
office-wished = Wished: { $wish }
office-held-apply = { $count ->
    [one] Apply
   *[other] Apply { NUMBER($count) }
}
office-held-dismiss = { $count ->
    [one] Dismiss
   *[other] Dismiss { NUMBER($count) }
}
office-held-apply-means = Applying lets in what was recorded, as it was recorded then. Dismissing cannot be undone; the line itself stays.
office-held-only-dismiss = This cannot be applied, only dismissed; the line itself stays.
office-held-after-update = This server does not know what this is yet. After an update that knows it, it can be applied: it waits until then. It can be dismissed, too; the line itself stays.
office-held-of-no-order = It belongs to no order, so there is nothing that it could be let into. Whoever wrote it can do it again where it belongs. Here it can only be dismissed; the line itself stays.
office-held-at-once = One decision covers { NUMBER($count) } at most.
office-only-reviewers-hold = Only supervisors apply or dismiss what is held.
office-held-decided = Decided
office-all-decided = All decided
office-decided-at = When
office-decision = Decision
office-by-itself = by itself
office-held-state-applied = Applied
office-held-state-dismissed = Dismissed
office-held-fields = Fields: { $fields }.
office-sentence-gap = {" "}
office-held-problem-from-a-file = It acts for the office, and comes from a file: nobody can be asked whether it was really they. It can only be dismissed.
office-held-problem-other-head = More has come in under this device since that was looked at.
office-held-problem-line-too-long = It is longer than 64 KiB.
office-held-problem-not-json = It is not JSON.
office-held-problem-not-an-object = It is no JSON object.
office-held-problem-unknown-version = It is of a version that this server does not know.
office-held-problem-wrong-shape = A part of it is missing or of the wrong kind.
office-held-problem-not-its-place = It says that it belongs somewhere else.
office-held-problem-prev = It names another line as the one before it.
office-held-problem-received = The time of its receipt cannot be read.
office-held-problem-missing = It does not say which order it is about.
office-held-problem-target-exists = There is an order with this id already.
office-held-problem-id-taken = Its id belongs to another operation.
office-held-problem-could-not-apply = A fault of the server prevented it; see the server’s log.
office-held-problem-unknown-operation = The operation that it decides on does not wait here.
office-held-problem-unknown-conflict = There is no such conflict.
office-held-problem-unknown-flag = There is no such flag.
office-held-problem-unknown-arrival = There is no such arrival.
office-held-problem-unknown-field = This field cannot be changed.
office-held-problem-unknown-customer = The customer is not on file.
office-held-problem-unknown-site = The site is not on file, or is another customer’s.
office-held-problem-unknown-asset = The asset is not on file, or is at another site.
office-held-problem-unknown-photo = The order has no such photo.
office-held-problem-photo-taken = The photo’s id belongs to another photo.
office-held-problem-unknown-line = The order has no such line of materials or labour.
office-held-problem-line-taken = The line’s id belongs to another line.
office-held-problem-note-taken = The note’s id belongs to another note.
office-held-problem-presence-taken = The id belongs to another arrival or departure.
office-held-problem-signature-taken = The signature’s id belongs to another signature.
office-held-problem-number-taken = Another order has this number.
office-held-problem-not-a-technician = Somebody named is no active technician.
office-held-problem-is-known = That id belongs to somebody here.
office-held-problem-no-person = That id is no person’s: something else here has it.
office-held-problem-adopted = That id was given to somebody else before.
office-held-problem-not-finished = The order was not finished.
office-held-problem-stage-unseen = The order came to another end after what the reviewer had seen. A review of it as it stands now is needed.
office-held-problem-review-unseen = Somebody else reviewed the order after what the reviewer had seen; that review stands.
office-held-problem-no-site = The order has no site.
office-held-problem-seal-differs = The copy does not carry this server’s seal.

## People and devices

office-person = Person
office-role = Role
office-open-orders-word = Open orders
office-devices = Devices
office-no-device = No device has signed in
office-mark = mark { $mark }
office-revoked = Revoked
office-revoked-at = Revoked { $time }
office-revoke = Revoke
office-revoke-means-session = This device is signed out at once and can sign in no more.
office-revoke-means-lines = What it has delivered stays. What it has not delivered is taken in no more over the network.
office-revoke-means-export = If the device turns up, its export file can still be handed in; each operation in it then waits for a decision.
office-revoke-means-again = { $name } goes on with another device, by signing in there.
office-revoke-reason = Why (such as: lost on the way home)
office-revoke-confirm = Yes, revoke this device; it cannot be undone
office-inactive = inactive
office-ago = { $duration } ago
office-lines = { $count ->
    [one] 1 line received
   *[other] { NUMBER($count) } lines received
}
office-last-lines = last batch { $time }

## Evidence: what is weak, and one person's over time

office-evidence-about = Arrivals, photos and signatures that are contradicted, unproven, missing or changed, newest first. They say what can be proven, not who is right.
office-evidence-who = Recorded by
office-evidence-kind = Evidence
office-evidence-when = When
office-evidence-what = What is known
office-evidence-arrival = Arrival
office-evidence-photo = Photo
office-evidence-signature = Signature
office-evidence-refusal = Not signed
office-evidence-differs = Changed since the signature: { $fields }
office-evidence-empty = Nothing matches
office-evidence-empty-more = Every arrival is verified, every photo is in, nothing was changed after a signature; or loosen the conditions.
office-evidence-of = Evidence of { $name }
office-evidence-listed = One by one
office-evidence-by = By week or month
office-evidence-by-month = By month
office-evidence-by-week = By week
office-evidence-means = These numbers say how much could be proven, not how well anybody works. Basements, old phones, sites without coordinates and positions that were not allowed all leave arrivals unproven. Compare them with the total, look at the reasons first, then ask the person.
office-evidence-arrivals = Arrivals
office-evidence-photos = Photos
office-evidence-signatures = Signatures
office-evidence-share = Share of each verdict
office-evidence-together = Together
office-evidence-missing = { NUMBER($count) } missing
office-evidence-refused = { NUMBER($count) } refused
office-evidence-changed = { NUMBER($count) } changed since
office-evidence-unsigned = { NUMBER($count) } not signed
office-evidence-times = { $count ->
    [one] once
   *[other] { NUMBER($count) } times
}
office-evidence-person-empty = Nothing was recorded in this time
office-doubts = Why arrivals were not verified
office-doubts-about = { NUMBER($weak) } of { NUMBER($total) } arrivals were not verified. One arrival may have several reasons.
office-doubts-none = Every arrival of this time is verified.
office-doubt-outside = The position is outside the site’s radius
office-doubt-unclear = The position is too inaccurate
office-doubt-old-fix = The position is old
office-doubt-no-accuracy = The position does not say how accurate it is
office-doubt-no-position = No position
office-doubt-no-site-position = The site has no coordinates
office-doubt-datum-unknown = Not known which map the site’s coordinates come from
office-doubt-no-anchor = The phone had not been told the server’s time
office-doubt-claim-before-anchor = The claimed time is before the proven range
office-doubt-claim-after-receipt = The claimed time is after the receipt
office-doubt-clock-moved = The phone’s clock was changed
office-doubt-time-unproven = Not provable whether it was on time
office-doubt-time-claimed = Only the phone vouches for the time

## Export files

office-import = Take in an export file
office-import-choose = Choose the file
office-import-another = Take in another file
office-import-means = A phone that can reach no server keeps what it has recorded in a file (*.undercroft.zip, on the screen Outbox). It is taken in with the same outcomes as if it had been sent, any number of times. At most 200 MiB; larger ones with the command import-ledger.
office-import-file = Export file
office-import-take = Take it in
office-claim = These are mine
office-claim-means = The file names you. If it is from a phone of yours, say so: everything in it is then tried as if the phone had sent it.
office-said-claimed = Said. What could be applied has been.
office-said-claimed-left = Said. Much has been applied, and { NUMBER($count) } still wait: say so once more, and it goes on from there.
office-says-to-be = says to be { $name }
office-story-says-to-be = Says to be
office-story-author-file = Came in a file, or from a shared phone: only what came says that { $name } wrote it.
office-story-author-claim = Came in a file, or from a shared phone; { $name } has said that it is theirs.
office-story-author-session = Came in a file, or from a shared phone with somebody else signed in; signed with a phone that { $name } has signed in with.
office-import-look = Before anything is taken in
office-import-whose = It says that it is { $name }’s
office-import-known-nobody = Nobody knows: the server has never heard of this device. Anybody can make such a file. Every entry will wait for a decision.
office-import-known-file = Nobody knows: only another file has named this device before. Every entry will wait for a decision.
office-import-known-claim = Only files have named this device. { $name } has said that what came so far is theirs; what is new waits for a decision, or for { $name } to say so again.
office-import-known-session = { $name } has signed in with this device, and the key is the one from then.
office-import-revoked = The device has been revoked: every entry will wait for a decision.
office-import-signed = Signed with the device’s key; what was changed on the way is noticed.
office-import-not-signed = The signature does not fit: every entry will wait for a decision.
office-import-in-it = { $lines ->
    [one] One line
   *[other] { $lines } lines
}, { $here } of them here already, { $photos ->
    [one] one photo
   *[other] { $photos } photos
}
office-import-would = What would come of it
office-import-fate-here = is here already
office-import-fate-tried = applied, where it fits
office-import-fate-unknown-device = waits: nobody knows whose it is
office-import-fate-device-revoked = waits: the device is revoked
office-import-fate-never = can only be dismissed
office-import-fate-unreadable = waits: cannot be read
office-import-fate-unsigned = waits: not signed
office-import-chip-known = Known device
office-import-take-checked = Take it in
office-import-leave = Leave it
office-import-held = { $count ->
    [one] 1 operation held
   *[other] { NUMBER($count) } operations held
}
office-import-done = Taken in
office-import-to-inbox = To the inbox
office-import-only-reviewers = Only supervisors take in export files.

## What is said after an action

office-said-applied = Saved.
office-said-merged = Saved, and merged with what somebody else changed meanwhile.
office-said-conflict = Somebody else changed this meanwhile: { $fields }. The earlier value stands, yours is kept beside it until it is decided.
office-said-held = Not applied, held for a decision: { $reason }
office-said-review-not-finished = Not reviewed: since you opened the page the order has been taken up again and is not at its end. What you sent waits under what is held, and can be dismissed there.
office-said-review-stage-unseen = Not reviewed: the order came to another end after you opened the page. Look at it as it stands now and review it again. What you sent waits under what is held, and can be dismissed there.
office-said-review-review-unseen = Not reviewed: somebody else reviewed the order after you opened the page. Their review stands. If you see it otherwise, review it again. What you sent waits under what is held, and can be dismissed there.
office-said-settled = Settled.
office-said-decided = Decided.
office-said-applied-held = { $count ->
    [one] 1 held operation applied.
   *[other] { NUMBER($count) } held operations applied.
}
office-said-dismissed-held = { $count ->
    [one] 1 held operation dismissed.
   *[other] { NUMBER($count) } held operations dismissed.
}
office-said-still-held = { $count ->
    [one] 1 could not be applied and goes on waiting: { $why }
   *[other] { NUMBER($count) } could not be applied and go on waiting: { $why }
}
office-said-already-decided = Somebody has decided this already.
office-said-more-wait = { NUMBER($count) } were decided at once; more may wait.
office-said-revoked = The device is revoked.
office-said-clock = The server's clock is believed from now on.
office-clock-doubt = The server's clock says { $clock }. By all that the server knows it is { $known }: { $apart } apart. Until that is settled nothing is ended, taken off the phones or deleted for its age.
office-clock-ahead = If the clock is wrong, set it right on the server; this notice goes by itself. If it is right, because the server was off for a while, say so here; after a day of running it is believed without that.
office-clock-behind = If the clock is wrong, set it right on the server; this notice goes by itself. If it is right, because it was ahead before, say so here.
office-clock-confirm = I have compared: the server's clock is right
office-clock-believe = Believe the clock
office-said-wrong-passwords = { $count ->
    [one] One wrong password was
   *[other] { $count } wrong passwords were
} tried for your account since your last sign-in. If that was not you, tell your administrator.
office-wrong-passwords = { $name }: wrong passwords are being tried for this account: { $count } from { $addresses ->
    [one] one address
   *[other] { $addresses } addresses
}, since { $since }, last { $last }.
office-said-unchanged = Nothing was changed.
office-said-opened = Opened. The order’s number is { $number }.
office-said-already-sent = This form had been sent already. Nothing was done twice.
office-said-already-opened = This form had been sent already and made order { $number }. No second one was opened.
office-form-has-opened = This form has made order { $number } already, and no other has been opened yet. If this is to be another order, send it once more.
office-form-has-opened-look = See that order
office-problem-decided = Nothing changed: somebody has decided this already.
office-problem-choose = Not settled: please choose one of the values.
office-problem-amount = Not settled: please enter an amount of money.
office-problem-figure = Not settled. { $why }.
office-problem-position = Not settled: please enter latitude and longitude in degrees.
office-problem-value = Not settled: this value cannot stand in that field.
office-problem-dismiss = Not dismissed: please say why.
office-problem-revoke-reason = Not revoked: please say why.
office-problem-unconfirmed = Nothing changed: please tick the confirmation.
office-problem-window = Not saved: a window needs a day, a start and an end.
office-problem-window-overnight = Not saved: the end is before the start. If the window is meant to go over night, tick “over night, until the next day”.
office-window-overnight = Over night, until the next day
office-window-until = Until { $end } on the next day, { $hours } hours altogether.
office-window-late = It begins after the deadline for arriving, { $time }.
office-stale = As of { $time }. The server has not answered since, and what stands here may have changed.
office-stale-ended = You have been signed out, and this is no longer kept up to date.
office-problem-form = Not saved: the form was incomplete. Please open the page again.
office-problem-empty-note = Not saved: the note is empty.
office-problem-comment = Not returned: please say why.
office-problem-fault = Not opened: please enter the fault.
office-problem-site = Not opened: please choose a site.
office-problem-not-found = There is no such work order or page.
office-problem-not-permitted = Your role may not do this.
office-problem-cross-origin = The request came from another site and was refused; nothing was changed. Please do it again from the office’s pages.

## Accounts

office-account = Account
office-account-do = What is to be done
office-account-open = Open the account again
office-account-end-sessions = End all sessions
office-account-close = Close the account
office-account-confirm = Every session of { $name } ends, in the app and in the office. What waits on their phone stays there.
office-account-change = Do this
office-account-password = New password
office-account-set-password = Set the password

# What waits on a phone whose owner is not signed in there
office-stranded = A phone still holds something of { $name } that has not come here ({ $device }): entries { NUMBER($lines) }, photos { NUMBER($photos) }, orders { NUMBER($orders) }. { $teller } was signed in on it when it said so, { $time }.
office-stranded-unknown-person = The server knows nobody of that id: it was restored to before { $name } was added. It comes once an administrator says who that was.
office-stranded-account-closed = The account is closed. It comes once the account is open again and anybody has contact on that phone.
office-stranded-gap = The server lacks earlier entries that the phone no longer keeps. { $name } has to sign in on that phone.
office-stranded-fork = The server has other entries in their place. { $name } has to sign in on that phone.
office-stranded-own-hand = Some of it comes from nobody but { $name }, who has to sign in on that phone.
office-stranded-orders = The server has lost these orders, and the phone has them. { $name } has to sign in on that phone.
office-stranded-claimed = { $name } says: what is there under “{ $username }” is mine, from before.
office-adopt = Whose is it?
office-adopt-means-all = Everything that was recorded under the old id counts as this person's: entries, photos, and files that come later.
office-adopt-means-orders = Orders that name the old id name this person from now on.
office-adopt-means-for-good = It cannot be taken back, and can be said of one person only. Ask the person before you confirm.
office-adopt-who = It was
office-adopt-reason = How you know it
office-adopt-confirm = I have asked, and it is the same person
office-adopt-yes = Yes, it is theirs
office-adopt-no = No, it is not theirs
office-problem-adopt-whom = Choose whose it was.
office-said-adopted = Noted. What waits on the phone comes with its next contact; a file can be handed in now.
office-said-adoption-refused = Refused. What is on the phone stays there.
office-said-adoption-unasked = Nobody asks that any more.
office-import-former = The file says to be of “{ $username }”, under an id that nobody here has. If the server was restored to before this person was added, say who that was, and hand in the file again. Nothing in it is lost meanwhile.
office-import-former-admin = Only an administrator can say that, on this page or on the page of people.
office-said-account = Done. Every session from before has ended.
office-problem-account-reason = Say why the account is changed.

## My account

office-own-account = My account
office-own-password = Password
office-own-password-about = After the change you are signed in here only. Your other phones and browsers ask for the new password; what waits on a phone stays there and is sent then.
office-own-password-old = Present password
office-own-password-new = New password
office-own-password-again = New password once more
office-own-password-rules = At least 12 characters: four or more words that have nothing to do with each other, or one that a password manager makes. Capital letters, digits and signs are not needed.
office-own-password-change = Change the password
office-said-own-password = The password was changed. Everywhere else you are asked for the new one.
office-problem-password-empty = Not changed: please fill in the present password and the new one.
office-problem-password-differs = Not changed: the new password was not the same both times. Please enter it again.
office-problem-old-password = Not changed: the present password is not right. If you have forgotten it, ask your administrator for a new one.
office-problem-not-ended = Nothing was ended: the password is not right. If you have forgotten it, your administrator can end your sessions and give you a new one.
office-problem-not-ended-empty = Nothing was ended: please enter your password as well.
office-own-sessions = Where you are signed in
office-own-sessions-about = Your phones and the browsers that are signed in to the office. A phone shows its mark on Me. If you do not know one of them, end it and change your password.
office-own-browser-unknown = Unknown browser
office-own-kind-phone = App
office-own-kind-office = Office
office-own-present = This browser
office-own-signed-in = Signed in
office-own-signed-out = Signed out
office-own-known-since = since { $time }
office-own-last-seen = last seen { $time }
office-own-last-order = last on { $number }
office-own-end = End this session
office-own-end-means-phone = The phone asks for the password before it sends again. What waits on it stays there. If the phone is lost, have it revoked as well: see People and devices.
office-own-end-means-office = This browser shows the sign-in page from then on.
office-own-end-now = End it now
office-own-end-others = End all other sessions
office-own-end-others-means = Every other phone and browser of yours asks for the password. What waits on a phone stays there and is sent then. You stay signed in here.
office-own-end-password = Your password, so that nobody else can do this
office-own-left-off = { $count ->
    [one] One more is not shown.
   *[other] { NUMBER($count) } more are not shown.
}
office-said-own-session-ended = The session has ended.
office-said-own-sessions-ended = All other sessions have ended. You stay signed in here.

office-kept = You were signed out, and what you sent last was not taken in. Once you are signed in it is in its form again, for you to look at and send.
office-said-kept-from-others = A form that was not sent was filled in by somebody else, and is not shown to you.
office-kept-left-out = Passwords and files are not kept and have to be given again.
office-kept-title = Not sent yet
office-kept-not-sent = What you filled in has not been sent.
office-kept-send = Send it now
office-kept-leave = Do not send it, back to the page
office-kept-here = What you filled in is in its form again. It has not been sent: look at it and send it.
office-kept-gone = What you filled in was not sent, and its form is no longer on this page. You had written:

office-room-low = The server's disk has only { $free } left. With less than that photos will stay on the phones.
office-room-photos-wait = The server's disk has only { $free } left. Photos stay on the phones for now, everything else still comes in.
office-room-full = The server's disk is full. Pages can be read, and nothing can be saved; what is on the phones stays there.
office-room-admin = Please make room.
office-room-tell = Please tell your administrator.
office-today-only = { $count ->
    [one] One row of the day is shown.
   *[other] { NUMBER($count) } rows of the day are shown.
 }
office-today-all = Show all
