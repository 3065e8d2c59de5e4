# What went wrong and what to do, for everybody who gets an error from the server.
# For every code of server/problems.py: a title, and a sentence under the same id with -detail.

## Signing in

problem-bad-credentials = Wrong username or password
problem-bad-credentials-detail = The username and password do not belong together. Check both, mind capital letters, and try again; if you have forgotten the password, ask your administrator for a new one.
problem-weak-password = This password is too weak
problem-weak-password-detail = { $reason ->
    [too_short] A password needs at least { $length } characters.
    [too_long] A password has at most { $length } characters.
    [blank] This password consists of nothing but blanks.
    [unreadable] This password contains a character that cannot be read.
    [common] Very many people use this password, or most of it, and it is tried first.
    [contains_name] The password contains the account’s own username or name.
    [contains_product] The password contains the name of this program.
    [demonstration] This is the password of the demonstration company, which everybody knows.
   *[guessable] This password would soon be guessed: it is made of names, dates, rows of keys or repetitions.
} Take four or more words that have nothing to do with each other, or let a password manager make one. Capital letters, digits and signs are not needed.
problem-not-signed-in = Not signed in
problem-not-signed-in-detail = The session has ended or there was none. Sign in again; nothing that waits on this device is lost.
problem-session-ended = Your session was ended
problem-session-ended-detail = { $reason ->
    [password_changed] The password was changed. Sign in with the new one; nothing that waits on this device is lost.
    [account_closed] The account was closed. What waits on this device stays here and can still be handed in as an export file; ask your administrator.
    [ended_by_self] You ended this session yourself, from another phone or browser. Sign in again to go on here; nothing that waits on this device is lost. If that was not you, change your password.
   *[ended] All sessions of this account were ended. Sign in again; nothing that waits on this device is lost.
}
problem-too-many-tries = Too many tries
problem-too-many-tries-detail = There were too many failed sign-ins. Try again in { $retry_after_s ->
    [one] one second
   *[other] { $retry_after_s } seconds
}, or ask your administrator.
problem-device-taken = This device belongs to somebody else
problem-device-taken-detail = This device id is already in use by another person or with another key. Sign in with a new device id and a new key.
problem-device-revoked = This device has been shut out
problem-device-revoked-detail = The office has revoked this device. What it has not sent yet can still be handed in as an export file; ask your supervisor.
problem-too-many-devices = Too many phones
problem-too-many-devices-detail = One person can have { $most } phones in use, and this would be one more. Ask the office to revoke the ones that are not used any more, on its page of people.
problem-too-many-new-devices = Too many new phones
problem-too-many-new-devices-detail = One person can have { $most } new phones within { $hours } hours, and this would be one more. Try again in { $retry_after_s ->
    [one] one second
   *[other] { $retry_after_s } seconds
}, or sign in on a phone that is known already.
problem-invalid-key = The device's key cannot be used
problem-invalid-key-detail = Send the public part of an ECDSA P-256 key as JWK, with kty, crv, x and y, and without the private part.
problem-cross-origin = Refused: asked for by another site
problem-cross-origin-detail = A page of another site tried to change something in your name. Nothing was changed. Open Undercroft itself and do it there.
problem-not-permitted = Not permitted
problem-not-permitted-detail = Your role does not allow this. Ask a supervisor to do it.

## What was asked for

problem-not-found = Not found
problem-not-found-detail = There is nothing at this address, or you may not see it. Check the address, or go back and open it from a list.
problem-method-not-allowed = This address does not do that
problem-method-not-allowed-detail = The address exists but does not take this HTTP method. The Allow header names those that it takes.
problem-not-signed = Not signed yet
problem-not-signed-detail = The customer has not signed this work order yet, so there is no report. It is there as soon as a signature has come in.
problem-bad-request = The request cannot be understood
problem-bad-request-detail = The server could not make sense of this request. Reload the page or update the program, and try again.
problem-not-json = Not JSON
problem-not-json-detail = The body of the request is not valid JSON in UTF-8. Correct it and send it again.
problem-bad-encoding = The body cannot be unpacked
problem-bad-encoding-detail = Only Content-Encoding gzip or none is taken here, and what was sent is not whole gzip. Send it again, uncompressed if need be.
problem-unsupported-media-type = This kind of content is not taken
problem-unsupported-media-type-detail = The Content-Type of the request is not one that this address takes. See /api/docs for what it takes.
problem-invalid-request = Fields are missing or wrong
problem-invalid-request-detail = One or more fields are missing or not of the right kind; "fields" lists each with its place. Correct them and send again.
problem-bad-cursor = The cursor is not valid
problem-bad-cursor-detail = This cursor did not come from this list. Begin again without a cursor.
problem-too-large = Too large
problem-too-large-detail = What was sent is larger than this address takes. Send it in smaller parts.
problem-text-too-long = That is too long
problem-text-too-long-detail = Nothing was saved: it is more than one entry can hold. Go back, your text is still in the form; shorten it, or divide it into several notes.

## The exchange

problem-unsupported-protocol = This version of the protocol is not spoken here
problem-unsupported-protocol-detail = The server speaks version { $supported } of the protocol. Update the server or the program.
problem-wrong-device = The wrong device
problem-wrong-device-detail = The session belongs to another device than the one named in the request. Sign in with this device.
problem-batch-too-long = Too many lines at once
problem-batch-too-long-detail = A batch holds at most { $limit } lines. Send the lines in several batches.
problem-ledger-gap = Lines are missing in between
problem-ledger-gap-detail = The server has this ledger up to line { $acknowledged }. Send again from the line after it.
problem-ledger-fork = The ledger has split
problem-ledger-fork-detail = The server already has other lines under the same numbers, as after restoring a phone from a backup. The app goes on as a new device and takes along everything that was not sent.

## Uploading photos

problem-tus-version = This version of the upload protocol is not spoken here
problem-tus-version-detail = Uploads speak tus { $supported } here. Name that version in the header Tus-Resumable.
problem-bad-upload-header = An upload header is missing or wrong
problem-bad-upload-header-detail = The header { $header } is missing or not as tus has it. Correct it and send again.
problem-upload-offset = The upload goes on somewhere else
problem-upload-offset-detail = The server safely holds the first { $offset } of { $length } bytes. Go on sending from there.
problem-upload-busy = This upload is under way
problem-upload-busy-detail = Another request is writing to the same upload. Go on when it has ended.
problem-upload-too-long = More came than was announced
problem-upload-too-long-detail = This upload was announced with { $length } bytes, and more were sent. What was too much is not kept; check the file and upload it again.
problem-too-many-uploads = Too many uploads are unfinished
problem-too-many-uploads-detail = { $uploads } uploads with { $bytes } bytes are begun and not finished, and no more than { $limit } with { $limit_bytes } bytes can be. Finish those, or try again in { $retry_after_s } seconds; every photo stays on the phone.
problem-upload-expired = The upload has expired
problem-upload-expired-detail = This upload was left alone for too long and has been cleared away. The photo is still on the phone; upload it again.
problem-checksum-differs = This piece was damaged on its way
problem-checksum-differs-detail = The bytes that came do not have the { $algorithm } checksum that was given, and are not kept. Send them again from the same place.
problem-content-differs = The content does not have its hash
problem-content-differs-detail = All the bytes together do not have the SHA-256 that was announced. They are discarded, and the photo record still waits for its photo; upload it again.

## Export files

problem-export-damaged = This is no export file
problem-export-damaged-detail = The file cannot be read: it is damaged, was cut off, or is no *.undercroft.zip. Nothing was taken in. Let the phone write it again.
problem-export-incomplete = The export file is not complete
problem-export-incomplete-detail = The file lacks its part { $part }. Nothing was taken in. Let the phone write it again.
problem-export-wrong = The export file has a part that cannot be read
problem-export-wrong-detail = The part { $part } is not as an app of Undercroft writes it. Nothing was taken in. Let the phone write the file again.
problem-export-too-large = The export file is too large
problem-export-too-large-detail = The file is larger than can be taken in here. Nothing was taken in. Let your administrator use the command import-ledger on the server, or let the phone send its photos itself.
problem-export-too-many-lines = The export file has too many lines
problem-export-too-many-lines-detail = The file has at least { NUMBER($lines) } lines; { NUMBER($most) } can be taken in at most. Nothing was taken in, and nothing is lost: connect the phone itself, which delivers any number of lines.
problem-export-empty-line = The export file has an empty line
problem-export-empty-line-detail = Line { NUMBER($line) } of the file is empty, which no app of Undercroft writes. Nothing was taken in. Let the phone write the file again.
problem-export-unsigned = The export file is not signed by its device
problem-export-unsigned-detail = The signature does not belong to the last of the file’s { NUMBER($lines) } lines: it was damaged on the way, or somebody else wrote it. Nothing was taken in. Keep the file, and let the phone write it again.
problem-export-busy = Another export file is being taken in
problem-export-busy-detail = Only one file is taken in at a time. Nothing of this one was taken in. Try again in a minute.
problem-export-unknown-person = Nobody here has written this file
problem-export-unknown-person-detail = The file is from “{ $username }”, whom this server does not know. Nothing was taken in. Check that it is meant for this company; after a restore, the person has to be there first.
problem-account-closed = The account is closed
problem-account-closed-detail = The account of “{ $username }” is closed. Nothing was taken in; it stays on the phone until the account is open again.
problem-ledger-by-own-hand = Only its person can bring this
problem-ledger-by-own-hand-detail = Entry { NUMBER($seq) } of the ledger comes from nobody but the person who wrote it. They have to sign in on the phone.
problem-export-other-device = The file says it is from another device
problem-export-other-device-detail = The server knows the device of this file with another key. Nothing was taken in: it cannot be verified who wrote it.
problem-export-gap = Lines are missing before this file
problem-export-gap-detail = { $acknowledged ->
    [0] The server has nothing of this ledger yet
   *[other] The server has this ledger up to line { NUMBER($acknowledged) }
}, and the file begins with line { NUMBER($first) }. Nothing was taken in. Take in an earlier file of this phone first, or let the phone write a new one after its next contact.
problem-export-not-kept = The file is no longer here
problem-export-not-kept-detail = A file that is not taken in is kept for an hour, and gives way to the next one. Choose it again; nothing of it was taken in.
problem-export-fork = The server has other lines under these numbers
problem-export-fork-detail = From line { $seq } on the file differs from what this device has sent before, as after restoring a phone from a backup. From there on nothing was taken in. Connect the phone itself: the app goes on as a new device and delivers everything.

## The server

problem-internal-error = Something went wrong on the server
problem-internal-error-detail = The server met an error that nobody foresaw and wrote it down under number { $incident }. What waits on your device stays there; try again later, and give this number to your administrator if it happens again.
problem-not-ready = The server is not ready
problem-not-ready-detail = The database or the photo store does not answer. Try again in a moment; if it stays so, tell your administrator.

problem-disk-full = The server has no room left
problem-disk-full-detail = The server's disk is full or nearly so, and nothing of this was taken in. What waits on your device stays there; try again in { $retry_after_s } seconds, and tell your administrator.
problem-busy = The server is busy
problem-busy-detail = The server cannot take this in right now. Try again in { $retry_after_s } seconds; nothing is lost.
