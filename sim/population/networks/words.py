"""What columns are called: of senders, recipients and times; and what is never a time."""

from __future__ import annotations

import re
import unicodedata


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


SENDERS = words_of(
    """
    source sender from src follower caller author initiator origin inviter writer ego citing fromnode sourcenode absender von quelle
    startid startnode remitente mittente nadawca
    expediteur sentby sentfrom
    """
)
RECIPIENTS = words_of(
    """
    target recipient receiver to dst tgt destination dest followee followed following callee addressee invitee alter cited tonode
    targetnode endid endnode destinatario odbiorca recipients receivers empfanger empfaenger an ziel destinataire sentto
    """
)
# Words that stand beside these, as in `sender_id`, `FromNodeId`, `user_to`.
AFFIXES = words_of(
    """
    id ids name names node nodeid user userid username email emails mail address addresses emailaddress account accountid member
    memberid person personid profile profileid url uid key label handle number no vertex actor
    """
)
TIMES = words_of(
    """
    timestamp timestamps time date datetime when t ts sent sentat senton senttime sentdate sentdatetime datesent timesent created
    createdat createdon createdtime createddate creationdate creationtime datecreated timecreated unixts unixtime unixtimestamp unix
    epoch epochtime epochseconds timestampms timems timestamputc timeutc dateutc datetimeutc sentatutc createdatutc createdutc
    messagedate messagetime messagetimestamp eventtime eventdate eventtimestamp posted postedat postedon postdate posttime sendtime
    senddate received receivedat delivered deliveredat datum zeit zeitstempel zeitpunkt heure horodatage fecha timestampseconds
    timestampmillis
    """
)
# What is sent: `message_sent_at` and `Date of message` say when, as `sent_at` and `date` do.
SENT = words_of("message messages msg mail email text sms chat dm comment post")
LITTLE = words_of("of the")
NEVER = words_of(
    """
    weight weights count counts id ids age since value score strength size degree number no num amount duration interval zone
    timezone offset index year phone zip code type kind label name subject content text message url length n comment note notes
    relation relationship category tie directed undirected topic tag tags row
    """
)
# Words of time that stand beside those: `note_created_at` and `topic date` may say when.
BESIDE = TIMES | words_of(
    """
    at on utc gmt stamp day month week hour minute second start started begin began end ended until first last latest read made tick step
    round turn period
    """
)
UNITS = words_of("day month week hour minute second tick step round turn period wave quarter")
NO_MOMENT = words_of("zone timezone tz duration lag")  # beside words of time, too
QUANTITIES = words_of(
    """
    weights counts distance similarity probability frequency freq cost price volume flow capacity ratio rate share percent percentage sign
    rating correlation messages emails mails calls texts interactions meetings visits trips transactions papers publications citations
    likes comments msgs tweets retweets mentions replies shares betweenness per
    """
)
COUNTED_ON = words_of("offset interval")  # from any zero: no date, but a time
PERIODS = words_of("date dates time times year years month day hour valid validity start begin end period")  # `valid_from`, `to_year`
INTERVAL = words_of("from to von an")  # of ties, or of times
NODE_WORDS = words_of(
    """
    id label name node nodeid nodes vertex vertexid user userid member memberid person personid firstname
    """
)
NODE_ONLY = words_of(
    """
    lastname firstname fullname gender sex city country company position email birthday age industry region seniority degree
    """
)
# What people are to each other: a first row with one of them is a header.
NOUNS = words_of(
    """
    person persons people user users member members node nodes friend friends contact contacts neighbor neighbour neighbors knows
    colleague parent child boss employee manager report supervisor teacher student pupil buyer seller mentor mentee advisor adviser
    advisee lender borrower writer reader speaker listener husband wife coach player employer worker leader giver taker name names
    id actor account vertex partner who whom other sender recipient source target follower followee from to connection connections
    """
)
# What a member may be called, alone or beside another word.
KINDS = words_of("user member person node vertex actor account")
NUMBERED = re.compile(r"(.*?[^\W\d_])[ ]?([12]|[ab])")


def tokens(name: str) -> tuple[str, ...]:
    """Return the words of a column's name in lower case: `FromNodeId`, `from_node_id` and `From node-ID` are the same."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    if not parted.isascii():  # Expéditeur, Empfänger
        parted = "".join(c for c in unicodedata.normalize("NFKD", parted) if not unicodedata.combining(c))
    return tuple(re.sub(r"[\W_]+", " ", parted.casefold()).split())


def compact(name: str) -> str:
    """Return a column's name as one word."""
    return "".join(tokens(name))


def is_time_name(name: str) -> bool:
    """Tell whether a column of this name holds times: `sent_at`, or with what was sent, `message_sent_at`."""
    whole = compact(name)
    if whole in TIMES or "".join(word for word in tokens(name) if word not in SENT | LITTLE) in TIMES:
        return True
    return any(whole.startswith(word) and len(whole) > len(word) + 2 and whole[len(word) :] in TIMES for word in SENT)


def is_unit_of_time(name: str) -> bool:
    """Tell whether numbers in a column of this name count days or steps: `day`, `week_no`."""
    said = [word for word in tokens(name) if word not in AFFIXES | LITTLE]
    return bool(said) and all(word in UNITS for word in said)


def is_never_time(name: str) -> bool:
    """Tell whether a column of this name cannot hold the times of messages, whatever stands in it: no word of time stands beside."""
    said = set(tokens(name))
    if is_time_name(name):
        return False
    return bool(said & NO_MOMENT) or compact(name) in NEVER or bool(said & NEVER and not said & BESIDE)


def is_quantity(name: str) -> bool:
    """Tell whether numbers in a column of this name are known to be no times: weights, counts, ids."""
    said = set(tokens(name))
    return (is_never_time(name) and not said & COUNTED_ON) or bool(said & QUANTITIES and not said & BESIDE)


def is_member_name(name: str) -> bool:
    """Tell whether a column of this name holds members, by what they are to each other: `friend_id`, `Contact name`, `user`."""
    said = [word for word in tokens(name) if word not in AFFIXES or word in KINDS]
    return bool(said) and all(word in NOUNS for word in said)


def _side(name: str, words: frozenset[str]) -> tuple[int, tuple[str, ...]] | None:
    """Return how well a name says a side, 0 the best, and what else it says."""
    if compact(name) in words:
        return 0, ()
    parts = tokens(name)
    for k in (0, len(parts) - 1):
        if parts and parts[k] in words:
            rest = parts[:k] + parts[k + 1 :]
            if PERIODS & set(rest):
                return None
            return (1 if "".join(rest) in AFFIXES else 2), rest
    short = next((affix for affix in ("id", "name") if compact(name).endswith(affix) and compact(name)[: -len(affix)] in words), None)
    return (1, (short,)) if short else None


def names_side(name: str) -> bool:
    """Tell whether a name says a sender or a recipient."""
    return _side(name, SENDERS) is not None or _side(name, RECIPIENTS) is not None


def sides(header: list[str]) -> list[tuple[int, int]]:
    """Return the pairs of columns that name a sender and a recipient equally well: the best ones alone, none if there is none."""
    senders = {k: found for k, name in enumerate(header) if (found := _side(name, SENDERS)) is not None}
    recipients = {k: found for k, name in enumerate(header) if (found := _side(name, RECIPIENTS)) is not None}
    for level in (0, 1, 2):  # `source`; `sender_id`; `SOURCE_SUBREDDIT` beside `TARGET_SUBREDDIT`
        pairs = [
            (a, b)
            for a, (one, rest) in senders.items()
            for b, (other, its) in recipients.items()
            if a != b and max(one, other) == level and (level < 2 or rest == its)
        ]
        same = [(a, b) for a, b in pairs if senders[a][1] == recipients[b][1]]
        if pairs:
            return same or pairs
    return []


def numbered(one: str, other: str) -> str | None:
    """Return the stem of two names that differ in their last letter alone, as user1 and user2 do; None if they do not."""
    parts = [tokens(name) for name in (one, other)]
    if len(parts[0]) > 1 and parts[0][-1:] == parts[1][-1:] and parts[0][-1] in AFFIXES:  # person1_id, person2_id
        parts = [words[:-1] for words in parts]
    a, b = (NUMBERED.fullmatch(" ".join(words)) for words in parts)
    if a and b and a[1] == b[1] and "".join(sorted(a[2] + b[2])) in ("12", "ab"):
        return a[1]
    return None
