"""What columns are called: of senders, recipients and times; and what is never a time."""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


SENDERS = _words(
    """
    source sender from src follower caller author initiator origin inviter writer ego citing fromnode sourcenode absender von quelle
    expediteur sentby sentfrom
    """
)
RECIPIENTS = _words(
    """
    target recipient receiver to dst tgt destination dest followee followed following callee addressee invitee alter cited tonode
    targetnode recipients receivers empfanger empfaenger an ziel destinataire sentto
    """
)
# Words that stand beside these, as in `sender_id`, `FromNodeId`, `user_to`.
AFFIXES = _words(
    """
    id ids name names node nodeid user userid username email emails mail address addresses emailaddress account accountid member
    memberid person personid profile profileid url uid key label handle number no vertex actor
    """
)
TIMES = _words(
    """
    timestamp timestamps time date datetime when t ts sent sentat senton senttime sentdate sentdatetime datesent timesent created
    createdat createdon createdtime createddate creationdate creationtime datecreated timecreated unixts unixtime unixtimestamp unix
    epoch epochtime epochseconds timestampms timems timestamputc timeutc dateutc datetimeutc sentatutc createdatutc createdutc
    messagedate messagetime messagetimestamp eventtime eventdate eventtimestamp posted postedat postedon postdate posttime sendtime
    senddate received receivedat delivered deliveredat datum zeit zeitstempel zeitpunkt heure horodatage fecha timestampseconds
    timestampmillis
    """
)
NEVER = _words(
    """
    weight weights count counts id ids age since value score strength size degree number no num amount duration interval zone
    timezone offset index year phone zip code type kind label name subject content text message url length n comment note notes
    relation relationship category tie directed undirected topic tag tags row
    """
)
NODE_WORDS = _words(
    """
    id label name node nodeid nodes vertex vertexid user userid member memberid person personid firstname
    """
)
NODE_ONLY = _words(
    """
    lastname firstname fullname gender sex city country company position email birthday age industry region seniority degree
    """
)
# What people are to each other: a first row with one of them is a header.
NOUNS = _words(
    """
    person persons people user users member members node nodes friend friends contact contacts neighbor neighbour neighbors knows
    colleague parent child boss employee manager report supervisor teacher student pupil buyer seller mentor mentee advisor adviser
    advisee lender borrower writer reader speaker listener husband wife coach player employer worker leader giver taker name names
    id actor account vertex partner who whom other sender recipient source target follower followee from to connection connections
    """
)
# What a member may be called, alone or beside another word.
KINDS = _words("user member person node vertex actor account")
NUMBERED = re.compile(r"(.*?[^\W\d_])[ ]?([12]|[ab])")


def tokens(name: str) -> tuple[str, ...]:
    """Return the words of a column's name in lower case: `FromNodeId`, `from_node_id` and `From node-ID` are the same."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return tuple(re.sub(r"[\W_]+", " ", parted.casefold()).split())


def compact(name: str) -> str:
    """Return a column's name as one word."""
    return "".join(tokens(name))


def is_time_name(name: str) -> bool:
    """Tell whether a column of this name holds times."""
    return compact(name) in TIMES


def is_never_time(name: str) -> bool:
    """Tell whether a column of this name cannot hold the times of messages, whatever stands in it."""
    return bool(NEVER & set(tokens(name))) and not is_time_name(name)


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
            return (1 if "".join(rest) in AFFIXES else 2), rest
    short = next((affix for affix in ("id", "name") if compact(name).endswith(affix) and compact(name)[: -len(affix)] in words), None)
    return (1, (short,)) if short else None


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
    a, b = (NUMBERED.fullmatch(" ".join(tokens(name))) for name in (one, other))
    if a and b and a[1] == b[1] and "".join(sorted(a[2] + b[2])) in ("12", "ab"):
        return a[1]
    return None
