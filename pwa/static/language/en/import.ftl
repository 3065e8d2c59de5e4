# What taking spreadsheets in says: findings about rows, files that cannot be read, and the command's own lines.

## Lines of the command

import-level-refused = Refused
import-level-notice = Notice
import-place-sheet = { $sheet }
import-place-column = { $sheet }, { $column }
import-place-row = { $sheet }, row { $row }
import-place-cell = { $sheet }, row { $row }, { $column }
import-finding = { $level } · { $place }: { $reason }
import-more = … and { $count ->
    [one] one more
   *[other] { NUMBER($count) } more
} like it, { $place }: { $like }
import-nothing-taken = { $file }: nothing was taken in
import-summary = { $sheet }: { NUMBER($taken) } new, { NUMBER($changed) } changed, { NUMBER($unchanged) } unchanged, { NUMBER($refused) } refused
import-sum = In all: { NUMBER($taken) } new, { NUMBER($changed) } changed, { NUMBER($unchanged) } unchanged, { NUMBER($refused) } refused, { $notices ->
    [one] 1 notice
   *[other] { NUMBER($notices) } notices
}
import-progress = { $file } · { $sheet }
import-demo-accounts = The demonstration company is loaded. Every account has the password { $password }:

## Headings of the file of findings

import-head-file = File
import-head-sheet = Sheet
import-head-row = Row
import-head-column = Column
import-head-level = Level
import-head-code = Code
import-head-reason = Reason

## Files that cannot be taken in

import-file-missing = There is no such file.
import-file-unreadable = The file cannot be read ({ $why }).
import-file-too-large = The file is too large: at most { $limit } MiB can be taken in at once. Split it and load the parts.
import-file-empty = The file is empty.
import-old-or-locked-workbook = This is an old Excel workbook (.xls) or one locked with a password. Save it as .xlsx without a password.
import-not-a-spreadsheet = This is no spreadsheet, or a damaged one. Workbooks (.xlsx) and CSV files can be taken in.
import-too-many-cells = The workbook holds too much: its part { $part } goes beyond { $limit } tags of XML. Split it and load the parts, or delete formats and empty rows that nobody needs.
import-line-too-long = Line { $line } has more than { $limit } characters. Is this the right file, with one row on each line?
import-too-many-lines = The file has more than { $limit } lines, empty ones counted. Split it and load the parts.
import-too-many-columns = The row that ends on line { $line } has more than { $limit } columns. Is this the right file?
import-broken-csv = Line { $line } is no proper CSV: a quotation mark is missing or stands in a wrong place.
import-unknown-encoding = The text of the file is neither UTF-8 nor GB18030. Save it as CSV UTF-8.
import-too-many-rows = A sheet has more than { $limit } rows. Split it and load the parts.
import-nothing-recognised = No sheet was recognised. The first rows of a sheet must hold its headings, such as 客户编号 and 客户名称.
import-nobody-to-open-orders = Work orders are opened in somebody’s name, and there is no service desk, supervisor, manager or administrator yet. Make an account first: undercroft add-person USERNAME --role service_desk
import-unknown-person = Nobody active signs in as { $username }.
import-may-not-open-orders = { $username } may not open work orders: it takes somebody of the office.
import-order-not-taken = Work order { $number } could not be opened ({ $why }). What stands before it in the file is taken in; loading the file again goes on from there.
import-not-the-demonstration = This database holds a company already. The demonstration company is loaded only into an empty one; set UNDERCROFT_DATA to another folder for it.
import-findings-not-written = The findings could not be written ({ $why }).

## Sheets and columns

import-unknown-sheet = The sheet was not recognised by its headings and not taken in.
import-not-yet-supported-table = Maintenance plans are recognised, but this version does not take them in yet. Nothing of this sheet was loaded.
import-missing-columns = The sheet lacks a column and was not taken in: { $columns }.
import-unknown-column = This column is not known and was passed over.

## Cells

import-value-missing = The cell is empty, and the row cannot do without it.
import-cell-error = The cell holds the spreadsheet’s error { $value }; it counts as empty.
import-text-cleaned = { $breaks ->
    [0] Blanks around the text were taken away.
   *[other] The text has a line break, which was kept; blanks around the text were taken away.
}
import-text-too-long = The text has { $length } characters; at most { $limit } can be kept.
import-not-a-number = “{ $value }” is no number.
import-number-negative = { $value } is below zero.
import-unknown-moment = “{ $value }” is neither on arrival, nor at work, nor at the end; it is asked on arrival.
import-not-yes-or-no = “{ $value }” is neither yes nor no; it counts as no.
import-duplicate-number = “{ $value }” stands in row { $first } already; the first counts.

## Dates and times

import-date-not-understood = “{ $value }” is not understood as a date. Write it like 2026-11-22 09:05.
import-date-impossible = “{ $value }” is a date or time that does not exist.
import-year-missing = “{ $value }” names no year, and nothing in the row says which.
import-year-from-window = “{ $value }” names no year; by the start of the appointment it was read as { $read }.
import-time-missing = “{ $value }” names no time of day; midnight was taken.
import-unusual-date-form = “{ $value }” is written otherwise than the rest of the column; it was read as { $read }.
import-window-half = Only one end of the appointment is given.
import-window-reversed = The appointment does not end after it starts ({ $start }).
import-reported-after-window = The fault was reported after the appointment had started ({ $start }).
import-accepted-before-completed = Accepted before it was completed ({ $completed }); both dates were kept.

## Customers, sites and assets

import-unknown-customer = There is no customer { $number }.
import-unknown-site = There is no site { $number }.
import-unknown-asset = There is no asset { $number }.
import-site-of-another-customer = Site { $number } belongs to customer { $owner }.
import-asset-at-another-site = Asset { $number } stands at site { $place }.
import-unknown-contract = The rules know no contract “{ $value }”; the customer was taken in without one.
import-unknown-warranty-card = “{ $value }” does not say whether the warranty card is there; it was left open.
import-phone-doubtful = “{ $value }” does not look like a telephone number; it was kept as it is.
import-phone-differs = { $value } is not the number in the customer’s file ({ $known }); both were kept.
import-phone-of-another = { $value } is the number of customer { $number } too; it was kept. Are they the same customer?
import-coordinates-swapped = Latitude { $latitude } and longitude { $longitude } look swapped. The site was taken in without a position; put them right and load again.
import-coordinates-missing = The coordinates are missing. The site was taken in without a position.
import-coordinates-impossible = Latitude { $latitude }, longitude { $longitude } is no place where a site can be. The site was taken in without a position.
import-datum-missing = It is not said in which system the coordinates are (WGS-84, GCJ-02, BD-09). The position was kept; as long as that is open, arrivals cannot be judged to the metre.
import-unknown-datum = “{ $value }” is no known coordinate system. The position was kept; as long as that is open, arrivals cannot be judged to the metre.
import-radius-impossible = A radius of { $value } m cannot be; a new site gets { $usual } m.
import-radius-missing = No radius is given; a new site gets { $usual } m.

## Work orders

import-unknown-technician = There is no person { $name }.
import-not-a-technician = { $name } is not an active technician.
import-unknown-channel = The channel “{ $value }” is not known; it was left open.
import-unknown-priority = The priority “{ $value }” is not known.
import-order-differs = This work order is there already and was left as it is. In the file differ: { $columns }.

## Parts, warranty terms and checklists

import-price-impossible = { $value } is no price in whole 分.
import-stock-negative = The stock is below zero ({ $value }); it was taken as it is.
import-stock-kept = The stock has moved since; { $stock } was kept.
import-term-impossible = A term of { $value } years cannot be.
import-unknown-term-start = “{ $value }” does not say from when the term runs.
