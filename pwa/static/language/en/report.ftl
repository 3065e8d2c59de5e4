# The service report: what a customer reads and signs, and the words of the paper made from it.
# Each member of a report has its name here, after report-, with dashes for underscores.

## The report

report-title = Service report
report-page = Page { $page } of { $pages }
report-number = Number
report-kind = Kind
report-customer = Customer
report-site = Site
report-asset = Equipment
report-serial = Serial no. { $serial }
report-reported-at = Reported
report-arrived-at = Arrived
report-departed-at = Left
report-technician = Technician
report-fault = Reported fault
report-requests = Requests
report-cause = Cause
report-diagnosis = Diagnosis
report-work-done = Work done
report-language = Read in
report-warranty-until = Warranty until
report-charge = Charge
report-other = Further content
report-nothing = None

## Materials, labour and charge

report-materials = Materials
report-labour = Labour
report-column-item = Item
report-column-quantity = Quantity
report-column-unit-price = Unit price
report-column-amount = Amount
report-part = Part { $part }
report-source = From: { $source }
report-line = { $what }: { $quantity } × { $price } = { $amount }
report-no-lines = No materials and no labour
report-subtotal = Subtotal
report-charged-materials = Materials to pay
report-charged-labour = Labour to pay
report-reduction = Reduction
report-total = To pay
report-due = { $total } to pay
report-covered-yes = Free of charge
report-covered-no = To be paid
report-covered-unknown = Warranty not yet known
report-why-free-warranty = Under warranty, free of charge
report-why-free-supplier = A fault of the product, free of charge
report-why-customer-cause = Caused by use, to be paid
report-why-out-of-warranty = Out of warranty, to be paid
report-why-coverage-unknown = Warranty not yet known; this is due if there is none
report-why-percents = Materials at { $materials }%, labour at { $labour }%
report-price-rule = Price rule { $rule }
report-currency = Currency { $currency }
report-in-language = Language { $language }

# What price rules and norms are called on the paper; a company's own stand under their own names.

price-rule-full = materials and labour
price-rule-parts-at-70-percent = parts at 70 % of the market price, and labour
price-rule-parts-at-cost = parts at cost, no labour
norm-s04 = After-sales service of construction projects
norm-s07 = After-sales service plan of construction projects
norm-s11 = After-sales service and technical support
norm-s13 = After-sales service promise
norm-s14 = After-sales service guarantee
norm-s19 = After-sales service for home decoration
norm-s20 = After-sales service plan of projects

## The signature

report-signature = Customer's signature
report-signature-alt = Handwritten signature of { $name }
report-no-strokes = No strokes
report-signer = Signed by
report-signed-at = Signed
report-rating = Satisfaction
report-rating-score = { $score } of 5
report-rating-none = Not rated
report-consent = I have read this service report. What it says is true, and I agree to sign it.
report-rating-1 = Very dissatisfied
report-rating-2 = Dissatisfied
report-rating-3 = Neither satisfied nor dissatisfied
report-rating-4 = Satisfied
report-rating-5 = Very satisfied

## Proof

report-proof = Proof
report-digest = SHA-256 of the signed text
report-digest-differs = Take care: the text does not have the digest that was signed. This paper proves nothing.
report-not-readable = What was signed is not a report with parts. It is printed as it was signed.
report-signed-between = Between { $earliest } and { $latest }
report-signed-before = Before { $latest }
report-signed-unknown = No time was recorded
report-grade-corroborated = corroborated
report-grade-claimed = the phone's claim only
report-grade-contradicted = contradicted by evidence
report-how-to-check = This paper is set from the very text that the customer read and signed, and from nothing else. Scan the code to see whether digest and signature are genuine.
report-signs-as-codes = Signs that this paper cannot show stand as their code: { $code } is the number of one in Unicode. What was signed are the signs themselves.
report-link-alt = QR code of the link for checking

## The page that the code on the paper opens

report-check-title = Is this service report genuine?
report-check-genuine = Genuine
report-check-genuine-detail = The digest on the paper belongs to work order { $number }. The text with this digest was signed on a phone of the company, and its signature and chain are whole.
report-check-broken = Not proven
report-check-broken-detail = The digest on the paper belongs to work order { $number }, but the record of the signing is not whole. Ask the company.
report-check-unknown = Not known
report-check-unknown-detail = This company has no signed report with this digest. Compare the digest and the address with those on the paper, or ask the company.
report-check-superseded = The work order was changed after the signing. What was signed is what the paper says.
report-check-signed = Signed
