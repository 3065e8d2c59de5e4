# What the command line says.

cli-serving = Undercroft is serving on { $address }
cli-password-prompt = Password
cli-password-again = Password once more
cli-username-taken = Somebody already signs in as “{ $username }”. Choose another username.
cli-account-done = Done: { $username }. Every session from before has ended.
cli-account-refused = Not done. Only an open administrator may do this, and nobody closes their own account; the last open administrator stays.
cli-account-unknown = Nobody signs in as “{ $username }”.
cli-account-no-admin = There is no open administrator in whose name this could be written. Add one with add-person.
cli-name-length = A username has 1 to 64 characters, a name 1 to 128.

## Backup, restore, check

backup-done = { $file } is written: { NUMBER($rows) } rows and { NUMBER($photos) } photo files. Keep it like customers' data and like a key.
backup-exists = { $file } is there already; nothing was written. Choose another name.
backup-failed = The backup was not written: { $why }.
backup-row-too-long = The backup was not written: a row of { $table } has more than { NUMBER($most) } bytes and could not be read back.
restore-done = The backup of { $at } is restored. Phones send what it lacks when they next connect.
restore-set-aside = The database that was there is now in { $folder }; nothing was deleted.
restore-other-secret = Note: UNDERCROFT_SECRET_KEY is not the backup's key. Time anchors and seals from before cannot be verified until the backup's key stands in UNDERCROFT_SECRET_KEY_FALLBACKS.
restore-problem-serving = The server, or another command, is at work with this data. Stop it first, or wait until it is done, then restore.
restore-problem-not-a-backup = This file is no backup of Undercroft, or cannot be read.
restore-problem-cut-off = The backup is not whole: its end is missing.
restore-problem-damaged = The backup is damaged: { $names }.
restore-problem-strange-part = The file holds { $name }, which is in no backup of Undercroft. Nothing was changed.
restore-problem-too-large = The part { $name } has more than { NUMBER($most) } bytes, which no backup of Undercroft has. Nothing was changed.
restore-problem-more-after-end = The file goes on after the end of the backup. Nothing was changed.
restore-problem-wrong-row = Row { NUMBER($row) } of { $table } in the backup cannot be read. Nothing was changed.
restore-problem-does-not-fit = The backup's rows of { $table } contradict each other or their table. Nothing was changed.
restore-problem-not-migrated = What the backup holds cannot be brought to this version. Nothing was changed.
restore-problem-no-room = The disk of the database is full. Nothing was changed; make room and restore again.
restore-problem-not-written = The backup was not restored: { $why }. The database is as it was.
restore-problem-unknown-format = The backup has format { $format }, which is newer than this program. Upgrade the program first.
restore-problem-newer = The backup comes from the newer version { $version }. Upgrade the program first.
restore-problem-in-use = The database holds a company already. With --replace it is set aside, not deleted.
restore-problem-in-use-elsewhere = The database holds a company already. Make an empty one and name it in UNDERCROFT_DATABASE_URL.
restore-problem-open-elsewhere = Another program has { $file } open. Close it, then restore. Nothing was changed.
check-done = { $count ->
    [0] Checked: everything fits.
    [one] Checked: { NUMBER($count) } thing does not fit.
   *[other] Checked: { NUMBER($count) } things do not fit.
}
check-ledger-gap = A ledger has a gap: device { $device } has line { $seq } where { $expected } should be.
check-line-changed = A line was changed: device { $device }, line { $seq }, does not have its hash.
check-chain-broken = The chain is broken: device { $device }, line { $seq }, does not follow the line before.
check-signature-differs = A signature differs: device { $device }, the batch that ends with line { $seq }.
check-head-differs = The end of a ledger differs: device { $device } is acknowledged up to { $acknowledged } and has { $has } lines.
check-not-replayable = Work order { $order } cannot be made again from the journal: position { $position } ({ $why }).
check-document-differs = Work order { $order } differs from the journal in: { $parts }.
check-face-differs = Work order { $order } stands in lists otherwise than in its document.
check-evidence-differs = The list of evidence of order { $order } is not what its document says.
check-settled-changed = On work order { $order } something was settled and does not stand any more, though nobody changed it who knew of that: { $what }.
check-held-unseen = A held line is not listed: device { $device }, line { $seq }.
check-held-in-vain = A held line waits for an order that is there: device { $device }, line { $seq }, order { $order }.
check-held-dismissed-in = A held line was dismissed and counts all the same: device { $device }, line { $seq }, operation { $operation }.
check-id-twice = { $times } documents hold an operation with the id { $operation }, which one alone may have.
check-former-differs = Whose the former id { $former } was is kept otherwise than an administrator said.
check-feed-ahead = Feed { $feed } carries number { $seq }, which was never given out.
check-feed-lacks = Feed { $feed } lacks work order { $order }.
check-photo-differs = The content of photo { $photo } does not have its hash.
check-photo-missing = The content of photo { $photo } is missing.
check-content-unsaid = Order { $order } calls the content of photo { $photo } missing, which is here.
check-content-not-here = Order { $order } calls the content of photo { $photo } stored, which is not here.
check-content-not-asked = Whether order { $order } waits for the content of photo { $photo } is noted otherwise than in its document.
check-content-awaited = Not here yet: the content of photo { $photo } on order { $order }, whose record came on { $since } from { $name }. Their phone is asked for it; nothing here is damaged.

## The evidence bundle

evidence-done = The evidence of { $number } is in { $file }. It holds customers' data: hand it only to those whom it concerns.
evidence-no-order = There is no work order { $number }.
evidence-exists = { $file } is there already; nothing was written. Choose another name.
evidence-failed = The evidence was not written: { $why }.

## The secret and the demonstration, at the start

secret-problem-weak = UNDERCROFT_SECRET_KEY can be guessed: a key has at least { $length } characters, drawn by chance. Make one with: openssl rand -base64 48. Or leave it out, and the server makes one and keeps it in the data folder. If this key was in use until now, put it into UNDERCROFT_SECRET_KEY_FALLBACKS beside the new one: what it has made is still known then (docs/operate.md, “Another secret key”).
secret-problem-damaged = { $file } is damaged or was emptied: it does not hold a whole key. Bring this file back from a backup. Only where nothing has been recorded yet, remove it: a new one is then made.
secret-problem-unreadable = { $file } cannot be read ({ $why }). It holds the server’s key, and whoever runs this command has to be able to read it.
secret-problem-another = This database belongs to another key, and nothing was changed. A second server needs the key of the first: the same UNDERCROFT_SECRET_KEY, or the same secret.key. Where the key was changed on purpose, put the former one into UNDERCROFT_SECRET_KEY_FALLBACKS (docs/operate.md, “Another secret key”). Only where it is lost, and in no backup: undercroft accept-key.
secret-problem-missing = { $file } is not there, but a company is, and it has a key. Nothing was changed, and no new key was made. Bring this file back, or set UNDERCROFT_SECRET_KEY to the key that it held. Where it was removed to change the key, put the former one into UNDERCROFT_SECRET_KEY_FALLBACKS. Only where it is lost, and in no backup: undercroft accept-key.
secret-problem-in-use = The key was changed, and a server or command that may know the former one alone is still at work with this database. Stop it, or wait until it is done, then start again.
secret-problem-short-token = UNDERCROFT_METRICS_TOKEN can be guessed: it has at least { $length } characters, drawn by chance. Make one with: openssl rand -hex 20. Or leave it out, and /metrics answers this machine alone.
start-waits = A backup is being restored. This begins once that is done.
start-schema-too-new = The database was brought up to date by a later version of Undercroft than this one ({ $version }), which would read it wrongly. Nothing was changed. Start the later version, or restore a backup of before into an empty database.
accept-key-done = The database belongs to the present key now. { $count ->
    [0] Every office ledger opens with it.
    [one] { NUMBER($count) } office ledger was ended, since nothing opens it any more: its person begins a new one with the next change, after signing in again.
   *[other] { NUMBER($count) } office ledgers were ended, since nothing opens them any more: their people begin new ones with the next change, after signing in again.
} Time anchors and seals from before cannot be verified.
start-secret-open = Warning: others on this machine may read { $file }, and with it forge time anchors and seals. Let only its owner do so: chmod 600 { $file }
start-open-to-others = Warning: others on this machine may read { $path }, and it belongs to another account, so that Undercroft cannot close it. Change its owner or its mode.
start-secret-other = Warning: the secret key is not the one with which { $count ->
    [one] an office ledger was sealed: its person cannot
   *[other] { $count } office ledgers were sealed: their people cannot
} save anything. Put the former key into UNDERCROFT_SECRET_KEY_FALLBACKS and start again.
start-public-password = Warning: accounts of the demonstration company, whose password everybody knows, stand beside real ones: { $usernames }. Whoever reaches this server can sign in with them. Put real work into a database of its own.
restore-problem-weak-secret = The key in this backup can be guessed or is missing. Set UNDERCROFT_SECRET_KEY to a new one (openssl rand -base64 48) and restore again; time anchors and seals from before can then be verified only if the backup’s key stands in UNDERCROFT_SECRET_KEY_FALLBACKS.
