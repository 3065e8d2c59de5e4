# Why something is believed or not, covered or not, kept back or flagged: for every code a sentence with its figures.

## When: the clocks of the device and of the server

reason-no-anchor = No time mark of the server stands before this in the phone's ledger: nothing proves that it was not earlier.
reason-server-clock-in-doubt = The server's own clock was in doubt as this came in: the phone's clock was not compared with it, and provable is only that it was not later than the latest that the clock could mean.
reason-claim-before-anchor = The phone's clock claims a time { NUMBER($seconds) } seconds before the server's own time mark, which the phone already held: that cannot be.
reason-claim-after-receipt = The phone's clock claims a time { NUMBER($seconds) } seconds after the server received it: that cannot be.
reason-clock-moved = { $how ->
    [backwards] The phone's clock shows { NUMBER($seconds) } seconds less than at the entry before: it was put back.
    [monotonic] The phone's running time went back by { NUMBER($seconds) } seconds within one run of the app: that cannot be.
    [elapsed] More time passed on the phone than its clock shows, by { NUMBER($seconds) } seconds: the clock was put back.
   *[offset] { $direction ->
        [back] Between two contacts with the server the phone's clock was put back by { NUMBER($seconds) } seconds.
       *[forward] Between two contacts with the server the phone's clock was put forward by { NUMBER($seconds) } seconds.
    }
}
reason-clock-moved-elsewhere = { $direction ->
    [back] The phone's clock was put back by { NUMBER($seconds) } seconds, but only after this was written.
   *[forward] The phone's clock was put forward by { NUMBER($seconds) } seconds, but only after this was written.
}
reason-elapsed-agrees = The time that passed on the phone agrees with its clock to { NUMBER($seconds) } seconds.
reason-elapsed-shorter = Less time passed on the phone than its clock shows, by { NUMBER($seconds) } seconds. That is weak evidence: the phone may have slept.
reason-gps-agrees = The time of the position fix agrees with the time of this entry to { NUMBER($seconds) } seconds.
reason-gps-older = The position fix is { NUMBER($seconds) } seconds older and says nothing about the time.
reason-gps-later = The position fix is { NUMBER($seconds) } seconds later than the time that is claimed.
reason-gps-by-phone-clock = { $direction ->
    [ahead] The position fix bears the time of the phone's own clock, which is { NUMBER($seconds) } seconds fast by the server's: it says nothing more about the time.
   *[behind] The position fix bears the time of the phone's own clock, which is { NUMBER($seconds) } seconds slow by the server's: it says nothing more about the time.
}
reason-gps-rolled-over = The phone's satellite receiver counts its weeks wrongly: { NUMBER($weeks) } were added to the time of the position fix.
reason-phone-clock-off = { $direction ->
    [ahead] Satellite time fits the server's: by it the phone's clock is { NUMBER($seconds) } seconds fast.
   *[behind] Satellite time fits the server's: by it the phone's clock is { NUMBER($seconds) } seconds slow.
}

## On time

reason-no-deadline = There was no deadline for the arrival.
reason-on-time = Arrived { NUMBER($minutes) } minutes before the deadline.
reason-on-time-hours = Arrived { NUMBER($hours) } h { NUMBER($minutes) } min before the deadline.
reason-late-hours = Arrived { NUMBER($hours) } h { NUMBER($minutes) } min after the deadline.
reason-late = Arrived { NUMBER($minutes) } minutes after the deadline.
reason-time-unproven = { $grade ->
    [corroborated] The arrival is so close to the deadline that its time cannot decide.
    [contradicted] The time is contradicted; by the proven bounds the arrival may have been before or after the deadline.
   *[claimed] Only the phone's clock vouches for the time; by the proven bounds the arrival may have been before or after the deadline.
}

## Where

reason-inside = At the site: { NUMBER($distance_m) } m from its centre, accurate to { NUMBER($accuracy_m) } m, within { NUMBER($radius_m) } m.
reason-outside = Not at the site: { NUMBER($distance_m) } m from its centre, accurate to { NUMBER($accuracy_m) } m; { NUMBER($radius_m) } m are allowed.
reason-unclear = Too inaccurate to decide: { NUMBER($distance_m) } m from the site's centre, accurate only to { NUMBER($accuracy_m) } m; { NUMBER($radius_m) } m are allowed.
reason-datum-unknown = Nobody entered which kind of map the site's coordinates come from. The distance is between { NUMBER($distance_m) } and { NUMBER($farthest_m) } m, accurate to { NUMBER($accuracy_m) } m, and { NUMBER($radius_m) } m are allowed: that decides nothing.
reason-no-accuracy = The position does not say how accurate it is.
reason-old-fix = The last position was { NUMBER($age_s) } seconds old; its accuracy of { NUMBER($stated_m) } m counts as { NUMBER($accuracy_m) } m.
reason-no-position = { $why ->
    [denied] There is no position: the phone does not allow the app to ask for it.
    [timeout] There is no position: none was found in time.
    [unavailable] There is no position: the phone had no signal to find it by.
    [unusable] There is no position: what the phone gave could not be used.
   *[other] There is no position.
}
reason-no-site-position = The site has no coordinates to compare with.

## Hints: odd, but no verdict

reason-constant-accuracy = The accuracy was exactly { NUMBER($accuracy_m) } m in the last { NUMBER($positions) } positions.
reason-never-altitude = The last { NUMBER($positions) } positions have neither altitude nor speed.
reason-same-digits = The position equals in every digit the one of { $fixed_at }.
reason-too-fast = { NUMBER($km) } km from the position before in { NUMBER($minutes) } minutes: faster than any vehicle.
reason-site-corrected = { $how ->
    [entered] The site had no position: the one by which this is judged was entered in the field; the server has it since { $at }, and nobody in the office has confirmed it.
   *[other] The site's position by which this is judged was moved by { NUMBER($distance_m) } m in the field; the server has it since { $at }, and nobody in the office has confirmed it.
}
reason-signed-quickly = Signed within { NUMBER($seconds) } seconds.
reason-signing-time-unknown = Not known how long the signing took: all its points have the same time.
reason-same-strokes = The strokes equal those of a signature of { $signed_at }.
reason-short-strokes = No stroke is longer than 1 cm: the longest has at most { NUMBER($most_mm) } mm.
reason-stroke-length-unclear = Not known whether a stroke is longer than 1 cm: depending on the screen the longest has { NUMBER($least_mm) } to { NUMBER($most_mm) } mm.
reason-stroke-length-unknown = Not known how long the strokes are: the size of the pad is not given in pixels of a screen.
reason-signed-outside = Not signed at the site: { NUMBER($distance_m) } m from its centre, accurate to { NUMBER($accuracy_m) } m; { NUMBER($radius_m) } m are allowed.

## Hints about photos: odd, but no verdict

# `zone` is `assumed` where the camera did not say which zone its clock is in.
reason-exif-time-differs = By the camera’s clock the photo was taken at { $taken_at }{ $zone ->
    [assumed] { " " }(company time is assumed)
   *[stated] { "" }
}, { $unit ->
    [minutes] { NUMBER($amount) } minutes
    [hours] about { NUMBER($amount) } hours
   *[days] about { NUMBER($amount) } days
} { $direction ->
    [before] before this was recorded.
   *[after] later than this can have been recorded.
}
reason-exif-place-differs = { $against ->
    [site] By the camera’s position the photo was taken { $unit ->
        [km] { NUMBER($amount) } km
       *[m] { NUMBER($amount) } m
    } from the site’s centre; { NUMBER($allowed_m) } m would be near enough.
   *[position] The camera’s position is { $unit ->
        [km] { NUMBER($amount) } km
       *[m] { NUMBER($amount) } m
    } from the one that was recorded with the photo; { NUMBER($allowed_m) } m would be near enough.
}
reason-edited-by = The file was written by an editing program: { $software }.
reason-reused = The very same file is on order { $number } too, recorded there at { $at }.
reason-similar = Looks like a photo on order { $number }, recorded there at { $at }: { NUMBER($bits) } of { NUMBER($of) } bits differ.

## Warranty

reason-within-term = Under warranty until { $until }: { NUMBER($months) } months ({ $norm }) from { $begins ->
    [completion] completion on { $start }, because there is no date of acceptance.
    [card_lost] completion on { $start }, because the warranty card is lost.
    [day_after_acceptance] { $start }, the day after acceptance.
   *[acceptance] acceptance on { $start }.
}
reason-term-over = The warranty ended on { $until }: { NUMBER($months) } months ({ $norm }) from { $begins ->
    [completion] completion on { $start }, because there is no date of acceptance.
    [card_lost] completion on { $start }, because the warranty card is lost.
    [day_after_acceptance] { $start }, the day after acceptance.
   *[acceptance] acceptance on { $start }.
}
reason-no-asset = The job names no equipment, so the warranty is not known.
reason-no-dates = Neither acceptance nor completion has a date, so the warranty of { NUMBER($months) } months cannot be counted.
reason-no-term = No warranty term is set for “{ $category }”.

## Who pays

reason-free-warranty = Free of charge: under warranty.
reason-free-supplier = Free of charge to the customer: a fault of the product, to be claimed from the supplier.
reason-customer-cause = To be paid: caused by the customer. Materials at { NUMBER($materials_percent) }%, labour at { NUMBER($labour_percent) }% ({ $norm }).
reason-out-of-warranty = To be paid: the warranty is over. Materials at { NUMBER($materials_percent) }%, labour at { NUMBER($labour_percent) }% ({ $norm }).
reason-coverage-unknown = Not known whether the warranty covers this. Without warranty: materials at { NUMBER($materials_percent) }%, labour at { NUMBER($labour_percent) }% ({ $norm }).

## Signed reports that cannot be taken

reason-not-text = The signed report is not a text.
reason-digest-differs = The digest is not that of the signed report.
reason-not-json = The signed report cannot be read.
reason-bad-number = The signed report holds a number that is no amount of money.
reason-not-an-object = The signed report has no named parts.
reason-missing-keys = The signed report lacks some of its parts.

## Operations kept for a decision

held-unreadable = The line cannot be read.
held-unknown-kind = This server does not know this kind of operation.
held-invalid-data = Something in the operation is missing or wrong.
held-unknown-target = There is nothing here that the operation belongs to. It is applied by itself when that appears.
held-not-permitted = The person may not do this to this order.
held-broken-chain = The line does not follow the one before it: the ledger was changed, or a part of it is missing.
held-bad-signature = The signature of the batch does not belong to this device's key.
held-bad-anchor = The time mark was not made by this server.
held-device-revoked = The device had been shut out when this came in.
held-unknown-device = Only an export file says whose this is: the server does not know the device.

## Orders that need a decision

flag-opened-in-field = Opened by a technician on the spot: plan it or decline it.
flag-done-by-former-assignee = Done by somebody to whom the order was no longer assigned.
flag-recorded-after-cancel = Something was recorded after it had been cancelled: charge or waive.
flag-finished-after-cancel = Finished after it had been cancelled: charge or waive.
flag-changed-after-review = Changed after it had been approved.
flag-continued-after-finish = Somebody went on after the order had been finished.
flag-recalled-from-phone = Brought back from a phone after the server was restored: confirm it.
flag-removed-and-changed = One person removed a line that another changed; the change stands.
flag-number-changed = Another order has its number { $number } by now; it was given a new one.

## Why a file is not taken as a photo (it is kept all the same)

rejected-too-many-bytes = The file is larger than 25 MiB and is not taken as a photo.
rejected-not-an-image = This file is not a photo (JPEG, PNG, WebP or HEIC).
rejected-too-many-pixels = It has too many pixels to be opened safely: at most 60 million, in HEIC 48.9 million, in PNG 57 million, in WebP 14 million.
rejected-truncated = The file is not whole: its end is missing.
rejected-broken = The file is damaged and cannot be shown.
rejected-too-slow = Showing this file takes too long, and was stopped.
rejected-too-much-memory = Showing this file takes too much memory, and was stopped.
rejected-unknown = The server did not take this file as a photo and gave no reason.
# What helps, for whoever has the phone; they take or choose another and remove this one.
rejected-helps-too-many-bytes = Choose a smaller one, or take the photo again with the camera in the app; then remove this one.
rejected-helps-not-an-image = Save the picture as JPEG and choose it again, or take it again with the camera in the app; then remove this one.
rejected-helps-too-many-pixels = Save it smaller, or take it again with the camera in the app; then remove this one.
rejected-helps-truncated = Choose the original from the gallery once more, or take the photo again; then remove this one.
rejected-helps-broken = Choose the original from the gallery once more, or take the photo again; then remove this one.
rejected-helps-too-slow = Save it smaller, or take it again with the camera in the app; then remove this one.
rejected-helps-too-much-memory = Save it smaller, or take it again with the camera in the app; then remove this one.
rejected-helps-unknown = Choose the original from the gallery once more, or take the photo again; then remove this one.
rejected-helps-office = The file is kept. Ask whoever took it to take it again while they are there.
