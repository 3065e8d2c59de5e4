# What the technician and, while signing, the customer read on the phone.

## The frame: state, tabs, words on every screen

phone-reach-reached = Online
phone-reach-unknown = Server not tried yet
phone-reach-offline = No signal
phone-reach-silent = Signal, but no server
phone-reach-portal = Network wants a sign-in
phone-reach-faulty = Server has an error
phone-reach-silent-about = There is a signal, but the server does not answer. Try again later or on another network; if this Wi-Fi wants a sign-in, sign in to it in the browser first.
phone-reach-portal-about = Not the server answered but a page of the network: it wants a sign-in first. Sign in to it in the browser, or use mobile data.
phone-reach-faulty-about = The server is there but has an error and took nothing in. Try again later; tell the office if it stays like this.
phone-state-waiting = { $count ->
    [one] { NUMBER($count) } waiting · saved on this phone
   *[other] { NUMBER($count) } waiting · all saved on this phone
}
phone-state-sending = Sending · { $size } left
phone-state-all-safe = All safe on the server { $at }
phone-state-nothing-yet = Nothing waiting
phone-state-unreadable = Cannot read what is on this phone
phone-unreadable = The phone’s storage does not answer: what is on this phone cannot be read now, and nothing new can be saved. Nothing was deleted. Close the app completely and open it again; first copy down what is on the screen and not saved yet.
phone-browser-loses = This browser does not keep what it is given: { $count ->
    [one] one document
   *[other] { $count } documents
 } that the server sent cannot be found on this phone. What you see here may be incomplete. Send what is not sent yet, then open Undercroft in another browser, or in a window that is not private.
phone-tabs = Main screens
phone-tab-today = Today
phone-tab-today-new = Today { NUMBER($count) }
phone-tab-outbox = Outbox
phone-tab-outbox-waiting = Outbox { NUMBER($count) }
phone-tab-me = Me
phone-back = Back
phone-close = Close
phone-done = Done
phone-add = Add
phone-undo = Undo
phone-remove = Remove
phone-remove-named = Remove { $name }
phone-removed = Removed
phone-search = Search
phone-saved = Saved on this phone
phone-saved-arrival = Arrival saved on this phone
phone-saved-departure = Departure saved on this phone
phone-waiting = { NUMBER($count) } not sent
phone-somebody = Somebody
phone-list-joint = {", "}
phone-language-name = English
phone-less = { $name }: one less
phone-more = { $name }: one more
phone-quantity = { $name }: quantity
phone-metres = { NUMBER($metres) } m
phone-kilometres = { NUMBER($kilometres) } km
phone-north = N
phone-field-typing = Draft kept; saved when you leave the field
phone-field-unkept = Not kept, only on the screen
phone-new-version = A new version is ready. What is on this phone stays as it is.
phone-new-version-take = Update
phone-trouble = Cannot open what is on this phone
phone-trouble-slow = Opening what is on this phone takes longer than usual
phone-trouble-slow-about = It is still on the phone, nothing is lost. The app waits, and goes on by itself.
phone-trouble-gone-about = The phone does not hand it over to the app. Nothing was deleted; the app keeps trying, and goes on by itself.
phone-trouble-tabs = Close the other tabs and windows of this app
phone-trouble-restart = If that does not help: close the app completely and open it again, or restart the phone
phone-trouble-keep = Do not clear the browser’s data, and do not uninstall the app
phone-trouble-again = Try again
phone-trouble-forbidden = This browser lets the app store nothing on the phone, so nothing can be recorded. Open it in an ordinary window, or allow this site to store data in the browser’s settings.
phone-clock-behind = This phone’s clock is { $time } behind the server’s. Go on recording, nothing is lost; the times shown here go by the server’s. Turn on automatic time in the phone’s settings.
phone-clock-ahead = This phone’s clock is { $time } ahead of the server’s. Go on recording, nothing is lost; the times shown here go by the server’s. Turn on automatic time in the phone’s settings.

## Signing in

phone-wrong-passwords = { $count ->
    [one] One wrong password was
   *[other] { $count } wrong passwords were
} tried for your account since your last sign-in. If that was not you, tell your supervisor.
phone-sign-in = Sign in
phone-signing-in = Signing in…
phone-sign-in-about = The first sign-in needs a signal. After that it works without one.
phone-sign-in-ended = Your session was ended: the password was changed, the account was closed, or all sessions were ended. Sign in again; if that is refused, ask your administrator. Everything recorded is still on this phone.
phone-sign-in-again = Sign in again so that sending can go on. Everything recorded is still on this phone.
phone-ended-password-changed = Your password was changed. Sign in with the new one; everything recorded is still on this phone and is sent then.
phone-ended-account-closed = Your account was closed. Ask your administrator; everything recorded is still on this phone and can be handed in as an export file from the outbox.
phone-ended-ended = An administrator ended all your sessions. Sign in again; everything recorded is still on this phone and is sent then.
phone-ended-ended-by-self = You ended this phone’s session yourself, from another phone or browser. Sign in again; everything recorded is still on this phone and is sent then. If that was not you, change your password.
phone-sign-in-offline = There is no signal now. Sign in where there is one.
phone-username = User name
phone-password = Password
phone-name = Name of this phone
phone-name-give = Give this phone a name (optional)
phone-name-change = Rename
phone-name-about = By this name you and the office tell this phone from others, for example “spare one in the van”.
phone-name-save = Save
phone-name-changed = Name changed
phone-name-unclear = There was no answer: the name may have been changed, or not. Try again.
phone-sign-in-later = The sign-in has ended; go on recording. Enter the password where there is a signal, so that it can be sent.
phone-sign-in-demonstration = This is a demonstration. Everybody knows the password of its accounts: record nothing real here.
phone-sign-in-private = Do not use a private window: what is unsent is gone when it closes.
phone-still-unreadable = What { $name } has on this phone cannot be read at present, so whether something is unsent is not known.
phone-still-unsent = { $count ->
    [one] { $name } still has { NUMBER($count) } unsent entry on this phone. It goes once anybody who is signed in here has contact.
   *[other] { $name } still has { NUMBER($count) } unsent entries on this phone. They go once anybody who is signed in here has contact.
}
phone-left = Of { $name } this phone has what the server has not: entries { NUMBER($lines) }, photos { NUMBER($photos) }, orders { NUMBER($orders) }.
phone-left-unknown-person = The server knows nobody of that id. It stays safe here until an administrator says who that was.
phone-left-account-closed = The account is closed. It stays safe here until the account is open again.
phone-left-gap = { $name } has to sign in on this phone, so that it can go.
phone-left-fork = { $name } has to sign in on this phone, so that it can go.
phone-left-own-hand = { $name } has to sign in on this phone: some of it comes from nobody else.
phone-left-orders = { $name } has to sign in on this phone: the server has lost these orders, and gets them back from nobody else.
phone-left-mine = These are mine, from before
phone-left-mine-told = The server was put back to before you were added, and knows you by a new id. If you recorded this, say so: an administrator is asked, and then it goes.
phone-left-mine-asked = An administrator is asked whether it is yours. It stays safe here until then.
phone-left-mine-refused = An administrator has said that it is not yours. It stays safe here; speak with them.
phone-cleared = The browser has cleared the data of { $name } on this phone.
phone-cleared-safe = All was last known to be safe on the server: { $at }.
phone-cleared-nothing = As last noted, nothing was waiting to be sent.
phone-cleared-waiting = { $count ->
    [one] As last noted, { NUMBER($count) } entry had not been delivered. It is most likely lost: please tell the office.
   *[other] As last noted, { NUMBER($count) } entries had not been delivered. They are most likely lost: please tell the office.
}
phone-cleared-unknown = Whether anything had not been delivered can no longer be told. Please tell the office.
phone-cleared-again = Sign in again and the orders come back from the server.
phone-window-forgets = This is a private window: it keeps nothing once it is closed. You can look around but not record; open the app in an ordinary window.

## Today

phone-today-title = Today
phone-today-search-hint = Number, name, address, serial, pinyin
phone-today-found = { $count ->
    [one] { NUMBER($count) } order found
   *[other] { NUMBER($count) } orders found
}
phone-today-count = { $count ->
    [one] { NUMBER($count) } order
   *[other] { NUMBER($count) } orders
}
phone-today-earlier = Left over from earlier days
phone-today-done = Done
phone-today-away = Given away
phone-today-done-safe = { $count ->
    [one] { NUMBER($count) } order · all safe on the server
   *[other] { NUMBER($count) } orders · all safe on the server
}
phone-today-done-waiting = { $count ->
    [one] { NUMBER($count) } order · { NUMBER($waiting) } not sent
   *[other] { NUMBER($count) } orders · { NUMBER($waiting) } not sent
}
phone-today-none = No orders today
phone-today-none-hint = New orders appear by themselves when there is a signal.
phone-today-last-contact = Last contact with the server: { $at }.
phone-today-never = The server has not been reached yet.
phone-window = { $start }–{ $end }
phone-window-day = { $day } { $start }–{ $end }
phone-window-none = No time agreed
phone-arrive-by = Arrive by { $at }
phone-arrived-at = Arrived { $at }
phone-deadline-left = { $time } left
phone-deadline-over = { $time } over

## Order

phone-order-step = Progress: { $stage }
phone-order-call = Call
phone-order-map = Map
phone-order-no-contact = No contact
phone-order-no-site = No site
phone-order-access = Access:
phone-order-fault = Fault
phone-order-requests = Requests
phone-order-instructions = Instructions
phone-order-asset = Asset
phone-order-jobs = { $count ->
    [one] One earlier job on this asset
   *[other] { NUMBER($count) } earlier jobs on this asset
}
phone-order-arrival = Arrival
phone-order-departure = Departure
phone-order-doors = Photos, materials and checklist
phone-order-cause = Cause
phone-order-diagnosis = Diagnosis
phone-order-diagnosis-hint = What was found
phone-order-work-done = Work done
phone-order-work-done-hint = What was done, and with what result
phone-order-phone = Telephone
phone-order-signed = Signed by the customer
phone-order-not-signed = Not signed
phone-order-see-report = See the service report
phone-order-cancelled = The office has cancelled this order. What was recorded stays.
phone-order-on-hold = The office has put this order on hold.
phone-news-title = New from the office
phone-news-all-seen = All seen
phone-news-returned = Sent back
phone-news-returned-no-reason = Sent back by the review, without a reason.
phone-news-assigned = Given to you
phone-news-planned = Planned anew: { $window }
phone-news-cancelled = Cancelled
phone-news-on-hold = Put on hold
phone-news-resumed = Goes on
phone-news-decided-applied = { $kind }: applied by a supervisor
phone-news-decided-dismissed = { $kind }: not applied by a supervisor
phone-order-returned = Sent back by the review:
phone-order-conflict = The plan was changed on both sides; the office decides
phone-order-unknown = Order not found
phone-order-unknown-hint = It may have been given to somebody else, or archived.
phone-order-given = Given to { $name }
phone-order-given-away = Given to somebody else
phone-order-taken-back = The office took this order back; nobody has it yet
phone-order-left-unknown = No longer on this phone’s list; the server did not say why
phone-order-withdrawn = This order was cancelled
phone-order-left-about = What you have begun you can end; it is delivered all the same. For a day the order is still found under Today.
phone-verdict-later = To be verified
phone-place-line = { NUMBER($distance) } m from the site, ±{ NUMBER($accuracy) } m
phone-place-line-old = { NUMBER($distance) } m from the site, ±{ NUMBER($accuracy) } m; an old position, counts as ±{ NUMBER($counts) } m
phone-place-distance = { NUMBER($distance) } m from the site
phone-place-counts = An old position: counts as ±{ NUMBER($accuracy) } m
phone-accuracy-line = ±{ NUMBER($accuracy) } m
phone-door-photos = Photos { NUMBER($count) }
phone-door-materials = Materials { NUMBER($count) }
phone-door-checklist = Checks { NUMBER($answered) }/{ NUMBER($total) }
phone-order-place = Place and contact
phone-conduct-arrival = on arrival
phone-conduct-work = at work
phone-conduct-end = at the end

## The next fact

phone-next-accept = Accept
phone-next-set-off = Set off
phone-next-arrive = Arrive
phone-next-start = Start work
phone-next-sign = Finish and ask for the signature
phone-next-resume = Go on working
phone-next-depart = Leave the site
phone-depart-asking = Finding the position; the departure follows in a few seconds…
phone-depart-now = Register now
phone-depart-stay = Not leaving yet
phone-pause = Pause (parts…)
phone-unable = Cannot be done
phone-paused-why = Why is the work paused?
phone-unable-why = Why can it not be done?
phone-reason-own = Another reason
phone-paused-so = Pause for this reason
phone-unable-so = Close for this reason
phone-unable-mistaken = Not so: go on working
phone-unable-taken-back = Not so: take it back
phone-blocked-title = Not finished yet
phone-blocked = { $count ->
    [one] { NUMBER($count) } required item of the checklist is still open. Answer it before finishing.
   *[other] { NUMBER($count) } required items of the checklist are still open. Answer them before finishing.
}
phone-blocked-go = Open the checklist

## Warranty and charge

phone-warranty = Warranty
phone-warranty-covered = Covered
phone-warranty-over = Out of warranty
phone-warranty-unknown = Not known
phone-warranty-until = until { $date }
phone-warranty-ended = ended { $date }
phone-warranty-term = { NUMBER($months) } months { $begins } { $date }
phone-begins-acceptance = from acceptance
phone-begins-day-after-acceptance = from the day after acceptance
phone-begins-completion = from completion
phone-begins-card-lost = from completion (card lost), 
phone-warranty-no-asset = No asset on file
phone-warranty-no-dates = No date of acceptance or completion
phone-warranty-no-term = No warranty term applies
phone-charge = To pay
phone-charge-market = List price { $amount }
phone-charge-free-warranty = Under warranty, free
phone-charge-free-supplier = Product fault, free
phone-charge-customer-cause = Customer’s doing: materials { NUMBER($materials) }%, labour { NUMBER($labour) }%
phone-charge-out-of-warranty = Out of warranty: materials { NUMBER($materials) }%, labour { NUMBER($labour) }%
phone-charge-coverage-unknown = Coverage not known; materials { NUMBER($materials) }%, labour { NUMBER($labour) }% for now
phone-free = Free
phone-total = To pay { $amount }

## Arrive

phone-arrive-title = Arrive
phone-arrive-register = Register arrival
phone-arrive-fresh = Position just taken, ±{ NUMBER($accuracy) } m
phone-arrive-old = Last position { $age } ago, ±{ NUMBER($accuracy) } m
phone-arrive-soon-old = The position is getting old: register now. A little later it no longer proves that you are here.
phone-arrive-too-old = The position is too old to prove that you are here. Wait a few seconds where the phone finds one, or register as it is; that is noted.
phone-arrive-looking = Looking for the position…
phone-arrive-without = You can register without a position; the reason is noted.
phone-arrive-no-site = The site has no coordinates
phone-arrive-drawing = { NUMBER($distance) } metres from the site, give or take { NUMBER($accuracy) }; the site’s radius is { NUMBER($radius) } metres
phone-arrive-drawing-none = The site’s radius is { NUMBER($radius) } metres; no position yet
phone-arrive-radius = Site radius { NUMBER($radius) } m
phone-arrive-door = Take a photo at the door
phone-arrive-door-hint = A nameplate or house number makes the place more credible
phone-arrive-unreached = You can register without the server. Time and place are written to this phone now and sent by themselves later.
phone-arrive-offline = You can register without a signal. Time and place are written to this phone now and sent by themselves later.
phone-position-denied = Position not allowed
phone-position-unavailable = No position available
phone-position-timeout = Position timed out
phone-position-unusable = The phone gave no usable position

## Before leaving: what will be hard to believe later, and what helps

phone-weak-title = Still possible before you leave
phone-weak-no-arrival = No arrival is registered, so nothing will prove that you were here. Please register it.
phone-weak-no-position = { $why ->
    [denied] The position was not allowed at arrival, so it does not prove that you were here. Allow it and register once more at the door, or take a photo of the nameplate.
   *[other] There was no position at arrival, so it does not prove that you were here. Register once more at the door, or take a photo of the nameplate.
}
phone-weak-outside = The registered position is { NUMBER($distance) } m from the site, outside its radius. Register once more at the door, or take a photo of the nameplate.
phone-weak-old-fix = The registered position was { $age } old and counts as ±{ NUMBER($accuracy) } m only. Register once more at the door, or take a photo of the nameplate.
phone-weak-unclear = The registered position is ±{ NUMBER($accuracy) } m: too wide to tell whether it was here. Register once more at the door, or take a photo of the nameplate.
phone-weak-no-site-position = The site has no coordinates to compare with. A photo of a nameplate or house number helps.
phone-weak-clock-unmet = The server has never told this phone the time, so when you came is only what the phone says. Make contact once where there is a signal.
phone-weak-clock-moved = This phone’s clock was changed by { $time }, so times may not be provable. Turn on automatic time, and make contact where there is a signal.
phone-weak-clock-apart = This phone’s clock is { $time } off the server’s. Turn on automatic time, and make contact where there is a signal.
phone-weak-no-photo = There is no photo yet. One of the finished work says best what was done.
phone-weak-no-signature = The customer has not signed, and no reason is noted.
phone-weak-signature-superseded = The order was changed after the signature; what was signed is no longer what stands. The customer can sign again.
phone-weak-do-arrive = Register again
phone-weak-do-nameplate = Photo of nameplate
phone-weak-do-photo = Take photos
phone-weak-do-sign = Go to signature
phone-weak-do-send = Contact now

## Photos

phone-photos-title = Photos
phone-photos-take = Take photo
phone-photos-choose = Choose from files
phone-photos-none = No photos yet. Choose what they show and take several in a row.
phone-photo-purpose = What the photo shows
phone-photo-saved = Photo saved on this phone
phone-photo-removed = Photo removed
phone-photo-here = On this phone, waiting to be sent
phone-photo-here-short = On phone
phone-photo-sending = Sending { $percent }
phone-photo-delivered = Delivered to the server
phone-photo-safe = Safe
phone-photo-awaited = Not in yet
phone-photo-nowhere = Neither on the server nor on this phone
phone-photo-nowhere-short = Missing
phone-photo-unreadable = This phone can no longer read the photo, so it cannot be sent
phone-photo-unreadable-short = Not readable
phone-photo-unreadable-helps = Choose the same photo again from the gallery, or remove it from the order
phone-photo-rejected = Refused
phone-photo-caption = Caption
phone-photo-caption-hint = For the next photo only
phone-camera = Camera
phone-camera-take = Take photo
phone-camera-taken = { $count ->
    [one] { NUMBER($count) } saved
   *[other] { NUMBER($count) } saved
}
phone-camera-saving = Saving { $count }
phone-photos-failed = { $count ->
    [one] A photo was not saved
   *[other] { $count } photos were not saved
}
phone-photo-of-camera = Taken at { $at }
phone-photo-failed-sign = :{" "}
phone-photos-failed-read = I have read it
phone-photos-rejected = Not taken by the server
phone-photos-rejected-count = { $count ->
    [one] A photo was not taken by the server
   *[other] { $count } photos were not taken by the server
}
phone-photo-words = Change caption
phone-photo-words-kept = What was said first stays in the order’s history.
phone-photo-words-save = Save
phone-camera-last = The photo just taken
phone-unkept-title = Photo not saved
phone-unkept-why = { $count ->
    [one] This phone is full and { NUMBER($count) } photo was not saved. It is only on the screen and gone when the app closes. Send or export first, or delete other files on the phone, then try again.
   *[other] This phone is full and { NUMBER($count) } photos were not saved. They are only on the screen and gone when the app closes. Send or export first, or delete other files on the phone, then try again.
}
phone-unkept-not-kept = { $count ->
    [one] { NUMBER($count) } photo was not saved. It is only on the screen and gone when the app closes: leave it open and save again.
   *[other] { NUMBER($count) } photos were not saved. They are only on the screen and gone when the app closes: leave it open and save again.
}
phone-unkept-unexpected = Something nobody expected went wrong while saving. If it goes on, keep the photo as a file first, then tell the office.
phone-unkept-database-gone = The phone’s storage does not answer. If it goes on, keep the photo as a file, close the app, open it again and choose the file again.
phone-unkept-database-slow = The phone’s storage has not answered for a while: wait a moment and try again.
phone-unkept-app-outdated = A newer version of the app has been used on this phone: keep the photo as a file, then reload and choose the file again.
phone-unkept-window-forgets = A private window keeps nothing: keep the photo as a file, then choose the file again in an ordinary window.
phone-unkept-text = Text takes little room and can still be entered.
phone-unkept-elsewhere = { $count ->
    [one] { NUMBER($count) } photo is not saved and only on the screen. See to it
   *[other] { NUMBER($count) } photos are not saved and only on the screen. See to them
}
phone-unkept-again = Save again
phone-unkept-send = Send, then save
phone-unkept-file = Keep as a file
phone-unkept-drop = Give up
phone-draft-unkept = This phone is full: what you have just typed was not kept. It is only on the screen and is lost when the app is closed. Send first, or free some room on the phone.
phone-draft-not-kept = What you have just typed was not kept on this phone. It is only on the screen and is lost when the app is closed. Try to save it again.
phone-leaving-title = What you typed is not kept
phone-leaving-why = The text is only on the screen. It is still there when you come back to this page, and lost when the app is closed.
phone-leaving-stay = Stay here
phone-leaving-go = Leave anyway

## Materials and labour

phone-materials-title = Materials and labour
phone-materials = Parts
phone-material-search = Name, number, pinyin
phone-material-found = { $count ->
    [one] { NUMBER($count) } part found
   *[other] { NUMBER($count) } parts found
}
phone-material-more = { NUMBER($count) } found, the first { NUMBER($shown) } shown; type a little more
phone-material-added = { $name } added
phone-material-other = Not listed
phone-source = Source
phone-stock = { $place } { $quantity } { $unit }
phone-used-material = Materials of this order
phone-used-material-none = No materials yet
phone-used-labour = Labour
phone-used-labour-none = No labour yet
phone-labour-add = Add labour
phone-labour-name = Work item
phone-labour-method = Method
phone-line-name = Name
phone-line-quantity = Quantity
phone-line-unit = Unit
phone-line-price = Unit price
phone-unit-piece = pc
phone-unit-hour = h

## Checklist

phone-checklist-title = Checklist
phone-checklist-progress = { NUMBER($answered) } of { NUMBER($total) } answered
phone-checklist-none = This order has no checklist
phone-checklist-required = required
phone-checklist-range = { $low } to { $high }
phone-checklist-outside = Outside the tolerance
phone-checklist-answer = Answer

## Signing, with the technician

phone-sign-title = Service report
phone-sign-hand-over = Hand the phone to the customer
phone-sign-refuse = Customer absent or refuses
phone-sign-done = The customer has signed. This is the text they signed.
phone-sign-changed = Changed since the signature: { $what }. Ask for a new signature where one is needed.
phone-sign-text-signed = As signed
phone-sign-text-now = As it is now
phone-sign-language = The customer’s language
phone-sign-no-arrival = No arrival is registered; the report shows no time of arrival.
phone-sign-no-diagnosis = The diagnosis is empty.
phone-sign-no-work-done = The work done is empty.
phone-sign-left = The order left this phone while the customer was reading; it may have been given to somebody else or cancelled. Nothing was signed.
phone-refuse-title = Why is there no signature?
phone-refuse-comment = Comment
phone-refuse-photo = Take a photo as evidence ({ NUMBER($count) } so far)
phone-refuse-finish = Finish without a signature

## Signing, with the customer

phone-sign-please = Please read and sign
phone-sign-rating = Are you satisfied?
phone-sign-stars = { $score ->
    [one] 1 star
   *[other] { NUMBER($score) } stars
}
phone-sign-comment = A few words, if you like
phone-sign-name = Your name
phone-sign-name-missing = Please enter your name
phone-sign-name-known = I am { $name }
phone-sign-role-missing = Please say who you are
phone-sign-unrated = No rating
phone-sign-rating-missing = Please choose stars, or “No rating”
phone-sign-go = Go on to sign
phone-sign-role = You are the
phone-sign-consents = By signing you say: { $consent }
phone-sign-read = I have read this; go on
phone-sign-wrong = Something is wrong
phone-sign-not-now = Not now
phone-sign-wrong-what = What is wrong? The technician will see it.
phone-sign-wrong-say = Tell the technician
phone-sign-objection = {"The customer says: "}
phone-sign-here = Please sign on the line
phone-sign-signer = Signed by { $name } ({ $role })
phone-sign-confirm = Confirm
phone-sign-redo = Redo
phone-sign-read-again = Read again
phone-back-title = Thank you
phone-back-saved = Signature saved on this phone
phone-back-please = Please hand the phone back
phone-back-thanks = Thank you for your time.
phone-back-unsigned = Nothing has been signed.
phone-back-take = I am { $name }: take the phone back

## Taking the phone back

phone-pin-title = PIN for taking the phone back
phone-pin-set = Set
phone-pin-none = None
phone-pin-set-about = After a customer has held the phone, it asks for your PIN. The PIN is only on this phone.
phone-pin-none-about = Without a PIN, whoever holds the phone can take it back from the customer’s page by one press.
phone-pin-choose = Choose a PIN
phone-pin-change = Change
phone-pin-remove = Remove
phone-pin-kept = PIN saved on this phone
phone-pin-removed = PIN removed
phone-pin-why = 4 to 8 digits. With a PIN a customer cannot get from the report to your orders. It works without a signal and stays on this phone.
phone-pin-repeat = Enter the PIN again
phone-pin-repeat-why = The same digits once more, so that no mistyped one locks you out.
phone-pin-not-now = Not now
phone-pin-differs = The two were not the same. Choose the PIN again.
phone-pin-next = Next
phone-pin-keep = Save the PIN
phone-pin-ask = PIN of { $name }
phone-pin-entered = { $count ->
    [0] No digit entered
    [one] 1 digit entered
   *[other] { NUMBER($count) } digits entered
}
phone-pin-delete = Delete the last digit
phone-pin-wrong = { $count ->
    [one] Wrong PIN. After one more you have to wait.
   *[other] Wrong PIN. { NUMBER($count) } tries left.
}
phone-pin-wrong-often = Wrong PIN, too many times.
phone-pin-wait = Try again in { $time }
phone-pin-forgotten = PIN forgotten?
phone-pin-password-title = Sign in with the password
phone-pin-password-about = The password of { $name } instead of the PIN; this needs a signal. The PIN is removed, and everything recorded stays on this phone.
phone-pin-instead = Enter the PIN after all

## New order

phone-new-open = Open an order on the spot
phone-new-title = New order
phone-new-about = Note what you found; the office plans it. It works without a signal.
phone-new-kind = Kind
phone-new-kind-missing = Choose the kind
phone-new-place = Site
phone-new-place-other = Another place (say which in the fault)
phone-new-place-search = Site, customer, pinyin
phone-new-place-none = Nothing found. You can choose another place.
phone-new-place-here = you are here
phone-new-place-missing = No site is chosen yet. Choose one, or “Another place”.
phone-new-contact = Contact
phone-new-save = Save the new order
phone-new-saved = New order saved on this phone
phone-new-number = No number yet

## Conflicts: two people changed the same description

phone-conflicts-title = To decide
phone-conflicts-about = Two people changed the same thing. Choose one, or write another; what is not chosen stays in the history. It works without a signal.
phone-conflicts-none = Nothing to decide
phone-conflicts-none-hint = When two people change the same thing, you are asked here which one is right.
phone-conflicts-wait = { $count ->
    [one] { NUMBER($count) } thing changed on both sides
   *[other] { NUMBER($count) } things changed on both sides
}
phone-conflicts-wait-hint = Have a look and choose
phone-conflict-here = Changed on both sides: choose
phone-conflict-of-plan = Changed on both sides: the office decides
phone-conflict-base = It was: { $value }
phone-conflict-empty = (empty)
phone-conflict-me = Me
phone-conflict-stands = stands now
phone-conflict-third = Neither: write another
phone-conflict-take-kept = Keep what stands
phone-conflict-take-other = Take this one
phone-conflict-take-third = Take what I wrote
phone-conflict-decided = decided
phone-conflict-again = Choose again
phone-conflict-office = This is the plan: the office decides.
phone-field-position = Position of the site
phone-field-assignees = Technicians
phone-field-lead = Lead
phone-field-window = Agreed time
phone-field-priority = Priority
phone-field-disposition = Whether it is wanted
phone-field-serial = Serial number
phone-position-value = { $latitude }, { $longitude } { $datum }
phone-position-take = Use where I am now (±{ NUMBER($accuracy) } m)

## Outbox

phone-outbox-title = Outbox
phone-outbox-send = Send now
phone-outbox-asking = Asking the server…
phone-outbox-sent = { $count ->
    [one] Sent { NUMBER($count) } entry.
   *[other] Sent { NUMBER($count) } entries.
}
phone-outbox-sent-some = Sent { NUMBER($count) }, { NUMBER($left) } could not be sent.
phone-outbox-sent-none = { NUMBER($left) } could not be sent: see what is said of each below.
phone-outbox-sent-nothing = There was nothing to send, and the office’s news is here.
phone-outbox-not-sent = Not sent. { $why }
phone-outbox-not-done = That did not work. { $why }
phone-outbox-elsewhere = Another window is sending.
phone-outbox-all-safe = All safe
phone-outbox-waiting = { $count ->
    [one] { NUMBER($count) } waiting
   *[other] { NUMBER($count) } waiting
}
phone-outbox-nothing = Nothing is only on this phone
phone-outbox-on-phone = { $size }, all saved on this phone
phone-outbox-last-safe = All safe last
phone-outbox-never = never
phone-outbox-last-contact = Last contact with the server { $at }
phone-outbox-sending = sending
phone-outbox-next-try = next try { $at }
phone-outbox-offline = There is no signal now. Everything is sent by itself when there is one.
phone-outbox-unoffered = { $order }: the server was restored and has lost this order, and it is too large to be given back. Keep this phone, and tell your supervisor.
phone-outbox-list = What waits
phone-outbox-queued = queued
phone-outbox-again = Try again
phone-outbox-lines = { $count ->
    [one] { $names }: { NUMBER($count) } entry
   *[other] { $names }: { NUMBER($count) } entries
}
phone-outbox-lines-more = { $count ->
    [one] { $names } and more: { NUMBER($count) } entry
   *[other] { $names } and more: { NUMBER($count) } entries
}
phone-outbox-photo = Photo: { $purpose }
phone-outbox-export-title = No server in reach?
phone-outbox-export-about = Save what is unsent as a file and give it to the office; the result is the same.
phone-outbox-export = Export
phone-shut-out-title = Hand in as a file
phone-shut-out-about = { $count ->
    [one] The office had shut this phone out before { NUMBER($count) } entry was sent. It is on this phone alone. Save it as a file and give it to the office; a supervisor decides whether it counts.
   *[other] The office had shut this phone out before { NUMBER($count) } entries were sent. They are on this phone alone. Save them as a file and give it to the office; a supervisor decides whether they count.
}
phone-shut-out-waits = only here
phone-export-saved = File exported; everything also stays on this phone
phone-export-left-out = { $count ->
    [one] One photo cannot be read by this phone and is not in the file: { $photos }. Everything else is.
   *[other] { NUMBER($count) } photos cannot be read by this phone and are not in the file: { $photos }. Everything else is.
}
phone-claim = These are mine
phone-claim-means = An export file brought this in your name. If it is from a phone of yours, say so: it is then tried as if the phone had sent it. If it is not, tell your supervisor.
phone-claim-said = Said. It is tried with the next contact.
phone-kind-ledger-claim = These are mine
phone-held-title = Waiting for the office
phone-held-about = Delivered word for word; a supervisor decides whether it counts.
phone-held-other = Ask a supervisor why.
phone-held-waits = waiting
phone-decided-title = Decided by the office
phone-decided-applied = applied
phone-decided-dismissed = dismissed
phone-decided-by-itself = by itself
phone-order-elsewhere = An order that is not on this phone
phone-room-title = Storage on this phone
phone-room = { $used } used, about { $available } left
phone-room-untold = This browser does not say how much room is left, and cannot be asked to keep what is stored. Send often where there is a signal.
phone-room-full = { $used } used. This phone has no room for { $size } any more (tried { $at })
phone-room-persisted = Browser promises to keep it
phone-room-not-persisted = No promise to keep it
phone-room-ask = Ask the browser to keep it
phone-room-why = Without the promise, a browser short of room may clear the data. Once the app is on the home screen it is usually given.
phone-room-refused = The browser did not agree. Everything recorded is still here. It usually agrees once the app is installed on the home screen and has been used for some days; until then, send often where there is a signal.
phone-room-short = This phone is nearly full. Send soon where there is a signal, or export a file.
phone-room-out = This phone is full. Send soon where there is a signal, or export a file, and free some room on the phone.
phone-kind-order = Order
phone-kind-order-open = New order
phone-kind-order-stage = Progress
phone-kind-order-edit = Descriptions
phone-kind-arrival = Arrival
phone-kind-departure = Departure
phone-kind-material = Materials
phone-kind-labour = Labour
phone-kind-photo = Photo record
phone-kind-checklist = Checks
phone-kind-signature = Signature
phone-kind-note = Note
phone-kind-unreadable = Another entry
phone-kind-conflict = Decision on a conflict

## Me

phone-me-title = Me
phone-me-language = Language
phone-me-text-size = Text size
phone-me-theme = Theme
phone-me-device = This phone: { $name } · mark { $mark }
phone-me-version = Version { $version }
phone-account-offline = There is no signal now. This can only be done where there is one.
phone-account-ended = The sign-in has ended. Sign in again first.
phone-password-title = Password
phone-password-about = After a change you are signed in on this phone only. Other phones and browsers of yours ask for the new password; what waits on a phone stays there.
phone-password-change = Change the password
phone-password-changing = Changing …
phone-password-changed = Password changed
phone-password-old = Present password
phone-password-new = New password
phone-password-rules = At least 12 characters: four or more words that have nothing to do with each other, or one that a password manager makes.
phone-password-show = Show what I type
phone-password-hide = Hide what I type
phone-password-old-wrong = The present password is not right. Nothing was changed. If you have forgotten it, ask your administrator for a new one.
phone-password-unknown = No answer came. The password may have been changed or not. If you are asked to sign in, try the new one first, then the old one.
phone-sessions-title = Where you are signed in
phone-sessions-about = Your phones, and browsers that are signed in to the office. If you do not know one of them, end it and change your password.
phone-sessions-looking = Asking the server …
phone-sessions-again = Ask again
phone-sessions-unknown = Unknown browser
phone-sessions-kind-phone = App
phone-sessions-kind-office = Office
phone-sessions-mark = mark { $mark }
phone-sessions-since = since { $at }
phone-sessions-seen = last seen { $at }
phone-sessions-last-order = last on { $number }
phone-sessions-present = This phone
phone-sessions-revoked = Revoked
phone-sessions-out = Signed out
phone-sessions-end = End
phone-sessions-end-name = End the session on { $name }
phone-sessions-end-others = End all other sessions
phone-sessions-means-phone = That phone asks for the password before it sends again. What waits on it stays there and is sent then. If it is lost, also have it revoked by your supervisor.
phone-sessions-means-office = That browser shows the sign-in page from then on.
phone-sessions-means-others = Every other phone and browser of yours asks for the password. What waits on a phone stays there and is sent then. You stay signed in here.
phone-sessions-end-now = End this session
phone-sessions-end-all-now = End all others
phone-sessions-password = Your password, so that nobody else can do this
phone-sessions-password-wrong = Nothing was ended: the password is not right. If you have forgotten it, your administrator can end your sessions and give you a new one.
phone-sessions-ending = Ending …
phone-sessions-unclear = No answer came. The session may have ended or not. Look at the list again.
phone-sessions-keep = Leave it as it is
phone-sessions-done = The session has ended
phone-sessions-others-done = All other sessions have ended
phone-sessions-not-signed-in = { $count ->
    [one] One phone that is not signed in
   *[other] { NUMBER($count) } phones that are not signed in
}
phone-sessions-left-off = { $count ->
    [one] One more is not shown.
   *[other] { NUMBER($count) } more are not shown.
}
phone-theme-auto = As the phone
phone-theme-light = Light
phone-theme-dark = Dark
phone-sign-out = Sign out
phone-sign-out-refused-title = Cannot sign out yet
phone-sign-out-refused = { $count ->
    [one] { NUMBER($count) } entry is only on this phone. Sign out once it has been delivered, or export a file for the office first.
   *[other] { NUMBER($count) } entries are only on this phone. Sign out once they have been delivered, or export a file for the office first.
}
phone-sign-out-held = { $count ->
    [one] { NUMBER($count) } photo is only on the screen and not saved on this phone yet. Wait until it is saved, save it, or give it up.
   *[other] { NUMBER($count) } photos are only on the screen and not saved on this phone yet. Wait until they are saved, save them, or give them up.
}
phone-sign-out-typed = { $count ->
    [one] { NUMBER($count) } text that you typed is only on the screen and not kept on this phone. Save it, or give it up.
   *[other] { NUMBER($count) } texts that you typed are only on the screen and not kept on this phone. Save them, or give them up.
}
phone-sign-out-typed-drop = Give up what I typed
phone-sign-out-photos = See the photos
phone-sign-out-see = See what waits
phone-sign-out-export = Export a file

## What went wrong

phone-problem-unexpected = That did not work. What was saved and what you are entering is still there: try again, and if it still does not work, close the app, open it again and tell the office.
phone-problem-of-server = { $title }. This was not done; whatever was saved is still there. Try again later, and tell the office if it still does not work.
phone-problem-not-readable = This file cannot be read; it may have been moved or deleted. It was not saved. Choose it again.
phone-problem-broken-off = It broke off before it was done. Try again.
phone-problem-not-allowed = The phone or browser does not allow this, so it was not done. Allow it in the settings and try again.
phone-problem-busy-elsewhere = Another tab of the app is sending. Wait a moment.
phone-problem-turn-lost = This tab stood still for so long that another tab of the app took over. Try again.
phone-problem-ledger-lost = The browser has cleared what was on this phone. Sign in again.
phone-problem-database-gone = The phone’s storage does not answer, so this was not saved. Copy down what is on the screen, close the app completely and open it again.
phone-problem-database-slow = The phone’s storage has not answered for a while, so this was not saved. What you entered is still on the screen: wait a moment and try again.
phone-problem-storage-full = This phone is full and it was not saved. What you typed is still on the screen. Free some room on the phone, or send first where there is a signal.
phone-problem-no-room-for-news = This phone is full: what was recorded is delivered, but what is new on the server finds no room. Free some room on the phone.
phone-problem-line-too-large = That is too long and was not saved. Please shorten it.
phone-problem-photo-too-large = The photo is larger than 25 MB and was not saved. Choose a smaller one, or take it with the camera here.
phone-problem-not-a-photo = This file is not a photo (JPEG, PNG, WebP or HEIC) and was not saved. Save it as JPEG and choose it again, or take it with the camera here.
phone-problem-camera-away = The phone has taken the camera away, for a call or another app. It starts again by itself as soon as it is free.
phone-problem-camera-denied = The camera is not allowed. Allow it in the browser’s settings, or choose a file.
phone-problem-camera-unavailable = The camera cannot be opened; another app may be using it. You can choose a file.
phone-problem-no-contact = The server cannot be reached. Check the signal and try again.
phone-problem-no-progress = Something on the network repeats old answers, so sending makes no progress. It is tried again by itself; another network may help, for example without Wi-Fi.
phone-problem-bad-credentials = Wrong user name or password.
phone-problem-too-many-tries = Too many tries. Please wait a few minutes.
phone-problem-device-revoked = This device has been revoked. What is unsent can still be exported as a file; ask your supervisor.
phone-problem-too-many-devices = Too many phones are signed in under your name. Ask the office to revoke the ones that you do not use any more; what is recorded here is safe.
phone-problem-too-many-new-devices = Too many new phones came in under your name within a day. Please try again tomorrow, or ask the office; what is recorded here is safe.
phone-problem-not-signed-in = Please sign in first.
phone-problem-app-outdated = A newer version of the app has been used on this phone. Please reload.
phone-problem-unsent = Something has not been delivered yet.
phone-problem-window-forgets = A private window keeps nothing once it is closed, so nothing was recorded. Open the app in an ordinary window.

## The page that the service worker shows where a part of the app is missing

phone-rescue-title = A part of the app is missing
phone-rescue-about = The phone has cleared some of the app’s own files, and without the server they cannot be brought back. Where there is signal that happens by itself.
phone-rescue-unsent = What was not sent yet is all on this phone.
phone-rescue-export-about = If you cannot wait for a signal, save it as a file and hand that in to the office.
phone-rescue-lines = Entries
phone-rescue-photos = Photos
phone-rescue-shut-out = From before this phone was revoked
phone-rescue-export = Save as a file
phone-rescue-saved = Saved among the phone’s downloads. Hand the file in to the office.
phone-rescue-failed = The file could not be made. Try again, and if it still does not work, restart the phone.
phone-rescue-nothing = Nothing is unsent, all of it is on the server.
phone-rescue-unreadable = What is on this phone cannot be read now. Close the app completely and open it again, and if that does not help, restart the phone.
