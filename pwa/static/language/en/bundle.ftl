# The page in an evidence bundle: how everything in it is checked with common tools. What stands four spaces further
# in is a command, and the same in every language.

bundle-readme-start =
    EVIDENCE OF WORK ORDER { $number }

    This folder holds what phones and the office recorded about one work order, so that it can be checked without the
    program that made it. You need the commands sha256sum and openssl: every Linux has them, Windows in WSL or Git
    Bash, macOS with the package coreutils. Open a terminal in this folder, copy what is set further in, and compare
    what you see with what is said here.

    1. IS THE FOLDER WHOLE?

        sha256sum -c { $sums }

    Every line has to end in OK. This shows whether something was damaged or changed on its way to you. It does not
    show who made the folder: the next steps do.
bundle-readme-lines =
    2. WHAT WAS RECORDED, AND BY WHICH DEVICE?

    Whatever is recorded is one line of text in the ledger of one device; the folder of a ledger has the device's
    number as its name. In "lines" are the lines, byte for byte. "lines.tsv" lists those of this order: who wrote
    which when, when the server received it, and what it did with it. Times in it are in UTC.

    Every line names the SHA-256 of the line before it as "prev". So no line can be changed, removed or put in later
    without changing all that follow. The last line of every delivery is signed with a key that does not leave its
    device; "public_key.pem" is the public part of that key.

    First: are the lines those that the chain lists? Every line has to end in OK.

        for chain in ledgers/*/chain-*.sha256; do
          (cd "$(dirname "$chain")" && sha256sum -c --ignore-missing "$(basename "$chain")")
        done

    Then: does every line name the one before it? Every line has to end in "follows". BROKEN means that a line was
    changed, removed or put in; "lines.tsv" says "held" and "broken_chain" where the server noticed that already.

        for chain in ledgers/*/chain-*.sha256; do
          before=
          while read -r hash line; do
            file=$(dirname "$chain")/$line
            if test -f "$file" && test -n "$before"; then
              if grep -Eq "\"prev\" *: *\"$before\"" "$file"; then echo "$file: follows"; else echo "$file: BROKEN"; fi
            fi
            before=$hash
          done < "$chain"
        done

    Then: did the device sign? Every number has to be "in the chain", and openssl has to say "Signature Verified
    Successfully".

        for signature in ledgers/*/signatures/*.der; do
          ledger=$(dirname "$(dirname "$signature")")
          number=$(basename "$signature" .der)
          digest=$(od -An -v -tx1 "$ledger/signatures/$number.digest" | tr -d ' \n')
          if grep -qh "^$digest  lines/$number.json" "$ledger"/chain-*.sha256; then echo "$number: in the chain"; else echo "$number: NOT IN THE CHAIN"; fi
          openssl pkeyutl -verify -pubin -inkey "$ledger/public_key.pem" -sigfile "$signature" -in "$ledger/signatures/$number.digest"
        done

    The last column of "lines.tsv" says how far the proof goes. "signed": the line leads, from line to line, to one
    that its device signed, and all of them are here. "listed": see below. "broken": chain or signature do not fit.
    "unsigned": there is no signature.

    "author_known_by" in it says how it is known whose a device is. "session": its person signed in with it, or it is
    the office's own. "claim": it came in a file, and the person has said that it is theirs. "file": only a file says
    whose it is; nobody has confirmed that, and what is written here as the person is only said to be.
bundle-readme-listed =
    Some lines of this order are "listed": between them and the signature stand lines of other orders, or lines that
    the company has not let in. Those can hold the names and numbers of other customers and are not in this folder, only
    their SHA-256 is. For these lines the chain can be followed up to the gap; across the gap it is the company's word.
    A court can ask the company for the whole chain.
bundle-readme-whole =
    This folder holds the whole chain: lines of other orders stand in it too, with data of other customers, and
    lines that the company has not let in. It is meant for a court or an expert. Do not pass it on.
bundle-readme-reports =
    3. WHAT DID THE CUSTOMER SIGN?

    "report.json" is the very text that was on the screen when the customer signed, "report.pdf" the paper made from
    it. The SHA-256 that this command prints has to be the one that is printed on the paper; the file in which it is
    recorded, with the strokes of the signature, has to be one of the lines of step 2.

        for report in reports/*/report.json; do
          digest=$(sha256sum "$report" | cut -c1-64)
          echo "$report $digest"
          if grep -l "\"sha256\" *: *\"$digest\"" ledgers/*/lines/*.json; then echo "recorded"; else echo "NOT RECORDED"; fi
        done
bundle-readme-photos =
    4. WHICH PHOTOS WERE TAKEN?

    Photos are the camera's own files. The hash of each was recorded on the phone, in a line of step 2, before the
    photo was sent. "photos.tsv" also lists those that have not arrived or that were hidden later.

        for photo in photos/*; do
          digest=$(sha256sum "$photo" | cut -c1-64)
          if grep -l "\"sha256\" *: *\"$digest\"" ledgers/*/lines/*.json; then echo "$photo: recorded"; else echo "$photo: NOT RECORDED"; fi
        done
bundle-readme-limits =
    WHAT THIS DOES NOT SHOW

    Whose device a key belongs to is what the company says: ask it for the record of the device. Lines that the
    office wrote are signed with a key that the company's server keeps. "anchors.tsv" gives the time inside each time
    mark of the server, which proves that what follows in the ledger was not written earlier; a mark is sealed, and
    only the server that made it can open it. When the server received a line is its own word. A position, and a
    phone's clock, are what the phone said. What a photo shows, it shows.
