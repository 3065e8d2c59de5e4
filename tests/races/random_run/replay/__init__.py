"""Work orders made again from the journal, by the contract alone: nothing of the server's own code is used here.

Deliberately simple and slow. It reads the rows, goes through the lines one by one, says of each what must have come of
it, and what every document must hold in the end. Not computed: times and their bounds, what the evidence says of a
place, deadlines, warranty, lateness, hints, what a signature still covers, what the server has of a photo's content.
"""
