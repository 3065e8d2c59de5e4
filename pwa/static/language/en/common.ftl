# Words that every room uses: stages, kinds, roles and the like.
# An id is the word of the document with dashes for underscores, after the name of its group.

## Stages of the work in the field

stage-new = New
stage-accepted = Accepted
stage-en-route = On the way
stage-on-site = On site
stage-working = Working
stage-paused = Paused
stage-finished = Finished
stage-unable = Not completed

## Kinds of work order

kind-repair = Repair
kind-installation = Installation
kind-acceptance = Acceptance
kind-maintenance = Maintenance
kind-inspection = Inspection
kind-survey = Survey
kind-return-visit = Return visit

## Roles

role-technician = Technician
role-supervisor = Supervisor
role-service-desk = Service desk
role-inspector = Inspector
role-manager = Manager
role-admin = Administrator

## Priorities

priority-low = Low
priority-normal = Normal
priority-high = High
priority-urgent = Urgent

## Dispositions: whether the office still wants the job

disposition-active = Active
disposition-on-hold = On hold
disposition-cancelled = Cancelled

## Causes

cause-supplier = Product
cause-workmanship = Workmanship
cause-customer = Customer’s doing
cause-wear = Wear and tear
cause-unknown = Not known yet

## Purposes of a photo

purpose-fault = Fault
purpose-before = Before
purpose-during = During
purpose-after = After
purpose-part = Part
purpose-nameplate = Nameplate
purpose-document = Document

## Where a material came from

source-van = Van
source-warehouse = Warehouse
source-bought = Bought
source-customer = Customer’s own

## Who signs

signer-owner = Owner
signer-tenant = Tenant
signer-property-manager = Property manager

## Why nobody signed

refusal-absent = Customer absent
refusal-refused = Customer refused

## Channels by which a fault was reported

channel-phone = Telephone
channel-web = Web
channel-wechat = WeChat
channel-email = E-mail
channel-visit = In person
channel-field = On the spot
channel-technician = Technician

## Review

review-none = Not reviewed
review-pending = Waiting for review
review-approved = Approved
review-returned = Returned

## Verdicts on an arrival

verdict-verified = Verified
verdict-contradicted = Contradicted
verdict-unproven = Unproven

## Punctuality

punctual-on-time = On time
punctual-late = Late
punctual-unproven = Not proven
punctual-no-deadline = No deadline

## Places

place-inside = Inside the site
place-outside = Outside the site
place-unclear = Place unclear

## Grades of a time

grade-corroborated = Corroborated
grade-claimed = Claimed only
grade-contradicted = Contradicted
grade-proven = Proven

## Content of a photo on the server

photo-state-missing = Waiting for the photo
photo-state-preview = Preview delivered
photo-state-stored = Safe on the server
photo-state-rejected = Content refused
photo-state-lost = Lost
checklist-only-zh-CN = This list is in Chinese only.
checklist-only-en = This list is in English only.

## Signatures

signature-intact = Unchanged since signing
signature-superseded = Changed since signing
signature-broken = Does not verify

## Answers

answer-pass = OK
answer-fail = Not OK
answer-not-applicable = N/A
answer-done = Done

## Durations, as remaining or elapsed time

duration-now = under a minute
duration-minutes = { NUMBER($minutes) } min
duration-hours = { $minutes ->
    [0] { NUMBER($hours) } h
   *[other] { NUMBER($hours) } h { NUMBER($minutes) } min
}
duration-days = { $hours ->
    [0] { $days ->
        [one] 1 day
       *[other] { NUMBER($days) } days
    }
   *[other] { $days ->
        [one] 1 day { NUMBER($hours) } h
       *[other] { NUMBER($days) } days { NUMBER($hours) } h
    }
}
duration-seconds = { NUMBER($seconds) } s

## Sizes

size-bytes = { NUMBER($value) } B
size-kilobytes = { NUMBER($value) } KB
size-megabytes = { NUMBER($value, minimumFractionDigits: 1, maximumFractionDigits: 1) } MB
size-gigabytes = { NUMBER($value, minimumFractionDigits: 1, maximumFractionDigits: 1) } GB

## The installed app

app-name = Undercroft
app-short-name = Undercroft
app-description = Work orders, photos and signatures that need no signal.

## Reasons why work is paused or cannot be done

stage-reason-waiting-parts = Waiting for parts
stage-reason-waiting-customer = Waiting for the customer
stage-reason-no-access = No access to the site
stage-reason-other-order = Another order comes first
stage-reason-off-hours = To be continued another day
stage-reason-customer-absent = Customer absent
stage-reason-not-repairable = Cannot be repaired; needs replacement
stage-reason-unsafe = Unsafe on site
stage-reason-wrong-address = Wrong address
stage-reason-beyond-skill = Needs another trade

## Figures that people type, and what is said beside one that is not taken

figure-not-a-number = Please enter a number, such as 2.5
figure-points = A number has one decimal point, such as 2.5
figure-comma = Without a comma, please: 2.5 or 1250
figure-unit = { $unit ->
    [none] Please enter the number alone, without a unit
   *[other] The unit here is { $unit }: enter the number alone
  }
figure-places = { $places ->
    [0] Please enter a whole number
   *[other] At most { $places } digits after the point
  }
figure-above-zero = Please enter a number above 0, such as 2.5
figure-least = At least { NUMBER($least) }
figure-most = At most { NUMBER($most) }
# How an amount of money may be written, with blanks between.
figure-money-units = ¥ CNY RMB yuan
