"""Constants of the model that no scenario changes: windows, calendar, and how far a search goes."""

from __future__ import annotations

NEVER = -30000  # a day before every other
UNSEEN = -1000.0  # in the record of an item: nobody looked at the profile before it was sent
NO_CREDITS = -1.0  # likewise: the design asks for none
FAR = 32000  # a day after every other
WEEK, MONTH = 7, 30  # days; limits are per week, credits per month, each member's own, from the day of joining
ANSWER_WINDOW = 14  # days within which an inquiry counts as answered
TALK_WINDOW = 60  # days after which an intent is judged
STILL_IN_TOUCH = 14  # days: "still in contact on day 60" is a contact in the fortnight before

MOST_TURNS = 16  # of a talk within one day: what is left of it goes on tomorrow
MOST_LATER = 60.0  # days: nobody answers what was put off for longer
MOST_EXCHANGES = 200  # of a pair: beyond it rapport grows no more, and a byte holds it
DORMANT = 0.125  # a tie below this strength is dormant, an assumption: three half-lives after an exchange that nothing followed
MOST_ASKS = 15  # invitations after rapport that a pair remembers of each side: what four bits hold
MOST_CONTACTS = 2000.0  # that a newcomer brings along
RACE = 16  # entrants of an attachment race: with so many it realises an exponent of 0.56 where 0.6 is asked for
REDRAWS = 5  # draws for a candidate who is there: the first draw and four more
LISTING_DAYS = 7  # whoever joins comes up in searches after that many days at the latest, as an index is made anew
COMPACTION_DAYS = 90  # dead entries leave the neighbour lists on days divisible by it, in every arm
HIDDEN = (0.0, 0.0, 0.5, 1.0)  # share of a profile that is hidden, by distance: an assumption, as no figure is published
SURELY = 1.0 + 1e-9  # beyond a bound by more than rounding
