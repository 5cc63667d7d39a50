"""The schema: every number of the model with its unit, bounds, default and source. What is chosen by name stands in `presets`.

A section is a frozen pydantic model; a field is a number made by `number` or `whole`. Scenario files may set any of
them. A source begins with its kind, one of SOURCE_KINDS. Wide bounds stand where nobody has measured.
"""

from collections.abc import Mapping
from typing import ClassVar

from sim.scenario.fields import CHANNELS, DRAWN, GUESS, Section, because, between, number, published, whole
from sim.scenario.members import Network, Population, Relevance, Visibility


class Outreach(Section):
    """Which button a member presses. All that favours one channel is an assumption; neutral.toml removes it."""

    message_inquiry: float = number(1.0, -3.0, 3.0, "logit", because("a quick question need not wait for a connection" + CHANNELS))
    message_relationship: float = number(0.7, -3.0, 3.0, "logit", because("people can talk without committing themselves" + CHANNELS))
    message_promotion: float = number(0.5, -3.0, 3.0, "logit", because("a message has room for an offer" + CHANNELS))
    connect_inquiry: float = number(-1.0, -3.0, 3.0, "logit", because("an invitation puts a question off until it is accepted" + CHANNELS))
    connect_relationship: float = number(-0.5, -3.0, 3.0, "logit", because("most people talk before they commit themselves" + CHANNELS))
    connect_promotion: float = number(-0.4, -3.0, 3.0, "logit", because("an invitation puts an offer off until it is accepted" + CHANNELS))
    intimidation: float = number(
        1.35,
        0.0,
        3.0,
        "logit",
        because("the article finds connecting more intimidating" + CHANNELS),
        between(0.0, 2.5, "the article says which way it goes, and not how far"),
    )
    connect_known: float = number(1.5, -3.0, 3.0, "logit", because("one connects with people one knows"))
    nest: float = number(0.5, 0.05, 1.0, "scale", because("both kinds of invitation are much alike"))
    rest_days: float = number(45.0, 0.0, 365.0, "days", because("people do not try again at once"))
    fatigue: float = number(
        0.1,
        0.0,
        1.0,
        "relative an approach",
        because("the tenth message of a day gets half the care of the first; no target constrains it"),
    )
    scarcity: float = number(
        0.5,
        0.0,
        3.0,
        "exponent",
        because("with a quarter of the credits left half of the prospects are worth one; no target constrains it"),
    )


class Quality(Section):
    """What makes a message good: the weight of each component, and what shifts the components."""

    personalised: float = number(1.0, -2.0, 2.0, "weight", because("a generic message is easy to ignore"))
    introduced: float = number(0.6, -2.0, 2.0, "weight", because("the article asks for context"))
    purpose_clear: float = number(0.6, -2.0, 2.0, "weight", because("the article asks for the reason upfront"))
    direct: float = number(0.3, -2.0, 2.0, "weight", because("the article says to get to the point"))
    courteous: float = number(0.5, -2.0, 2.0, "weight", because("the article says friendly and polite"))
    brief: float = number(0.2, -2.0, 2.0, "weight", because("length has an effect of its own beside it"))
    professional: float = number(0.5, -2.0, 2.0, "weight", because("the article asks for a professional tone"))
    clean: float = number(0.5, -2.0, 2.0, "weight", because("the article forbids profanity"))
    humour: float = number(-0.3, -2.0, 2.0, "weight", because("edgy humour often does not translate"))
    on_topic: float = number(0.4, -2.0, 2.0, "weight", because("the article warns of tangents"))
    next_steps: float = number(0.3, -2.0, 2.0, "weight", because("the article asks for next steps"))
    sourced: float = number(0.1, -2.0, 2.0, "weight", because("few messages have anything to cite"))
    proofread: float = number(0.4, -2.0, 2.0, "weight", because("errors diminish the image"))
    thanks: float = number(0.2, -2.0, 2.0, "weight", because("gratitude counts more in threads"))
    average: float = number(0.6, 0.0, 1.0, "component", because("this is the default member's mean"))
    scale: float = number(4.0, 0.0, 10.0, "sd per component", because("it spans about two sd each way"))
    noise: float = number(0.25, 0.0, 1.0, "half-width", because("nobody writes the same way twice"))
    hidden_profile: float = number(0.3, 0.0, 1.0, "component", because("what the profile hides cannot be mentioned"))
    tone_upward: float = number(0.5, 0.0, 3.0, "per level", because("tone counts more to seniors"))


class Length(Section):
    """The effect of a message's length on the chance of a response."""

    longest: float = number(1600.0, 400.0, 5000.0, "characters", because("the least brief write so much"))
    under_400: float = number(0.22, -0.9, 2.0, "relative", published("LinkedIn on recruiter InMail, 2022"))
    to_800: float = number(0.03, -0.9, 2.0, "relative", published("LinkedIn on recruiter InMail, 2022"))
    to_1200: float = number(-0.06, -0.9, 2.0, "relative", published("LinkedIn on recruiter InMail, 2022"))
    above: float = number(-0.11, -0.9, 2.0, "relative", published("LinkedIn on recruiter InMail, 2022"))


class Reply(Section):
    """The logit of a reply to a message that opens a thread or follows it up."""

    base: float = number(
        -2.9,
        -6.0,
        2.0,
        "logit",
        because("strangers then answer 10 to 25%"),
        between(-4.5, -1.5, "between 3 and 40% of strangers then answer"),
    )
    quality: float = number(0.45, 0.0, 2.0, "logit per sd", because("a sd of quality is taken to raise the odds by half"))
    relevance: float = number(0.5, 0.0, 2.0, "logit per sd", because("content is taken to count a little more than form"))
    connected: float = number(-0.1, -1.0, 2.0, "logit", because("about 22% then answer after acceptance (a vendor's figure)"))
    known: float = number(
        1.5,
        0.0,
        5.0,
        "logit",
        because("people answer those they know; no figure is published"),
        between(0.5, 3.0, "acquaintances answer more often, with 1.6 to 20 times the odds"),
    )
    mutual: float = number(0.6, 0.0, 3.0, "logit at many", because("mutual connections vouch for a sender, each further one less"))
    mutual_half: float = number(2.0, 0.1, 50.0, "mutual connections", because("two are taken to have half of the effect of many"))
    introduced: float = number(0.6, 0.0, 3.0, "logit", because("a common connection vouches"))
    note: float = number(0.0, -6.0, 2.0, "logit", because("nobody has measured how often the note of an accepted invitation is answered"))
    rapport: float = number(
        1.5,
        0.0,
        3.0,
        "logit per ln",
        because("25% is then answered at one item a day, Kooti et al. 2015"),
        between(0.5, 2.5, "who has talked goes on answering more often than a stranger"),
    )
    load: float = number(
        -0.22,
        -2.0,
        0.0,
        "logit per ln",
        because("of those who send alike, who gets more then answers less (message log)"),
        between(-0.8, 0.0, "more mail hardly makes anybody answer more of it"),
    )
    annoyance: float = number(-0.3, -2.0, 0.0, "logit per ln", because("the annoyed answer less; no figure is published"))
    backlog: float = number(-0.05, -2.0, 0.0, "logit per ln", because("who cannot read it all has less to spare; no figure is published"))
    follow_up: float = number(
        -1.0, -2.0, 1.0, "logit each", because("silence says that no answer is coming; nine tenths then come in a week (message log)")
    )
    promotion: float = number(-0.5, -3.0, 1.0, "logit", because("an offer asks for less of an answer than a question"))
    disingenuous: float = number(-0.1, -1.0, 0.0, "logit per ln", because("recent invitations show on a record"))
    reputation: float = number(-0.3, -2.0, 0.0, "logit per unit", because("rants damage a name"))
    polite_no: float = number(0.12, 0.0, 1.0, "share of no replies", GUESS)


class Invitation(Section):
    """The logit of accepting an invitation, and what becomes of the others."""

    base: float = number(
        -0.97,
        -6.0,
        2.0,
        "logit",
        because("about 25% of random strangers then accept (QJE 2025, secondary text)"),
        between(-2.5, 0.5, "between 8 and 60% of strangers then accept"),
    )
    mutual: float = number(2.1, 0.0, 4.0, "logit at many", published("Boshmaf et al. 2011: 19% to 59%, an upper bound"))
    mutual_half: float = number(0.5, 0.1, 50.0, "mutual connections", because("the published lift counts from one contact on"))
    known: float = number(2.5, 0.0, 6.0, "logit", because("people accept those they know; no figure is published"))
    rapport: float = number(0.7, 0.0, 2.0, "logit per ln", because("people accept those with whom they have talked"))
    relevance: float = number(0.25, 0.0, 2.0, "logit per sd", because("people accept those of their field"))
    too_forward: float = number(-0.8, -3.0, 0.0, "logit", because("the article says that asking too fast presses people"))
    too_forward_days: float = number(5.0, 0.0, 60.0, "days", because("the article says too fast, and a working week is soon"))
    note: float = number(0.05, -1.0, 1.0, "logit per sd", because("published effects contradict one another"))
    annoyance: float = number(-0.25, -2.0, 0.0, "logit per ln", because("the annoyed accept less; no figure is published"))
    selectivity: float = number(-1.0, -2.0, 0.0, "logit per unit", because("this defines the unit"))
    competitor: float = number(-0.3, -2.0, 0.0, "logit", because("the article names competitors as a concern"))
    large_network: float = number(-0.2, -2.0, 0.0, "logit per ln", because("a large network is work"))
    disingenuous: float = number(-0.1, -1.0, 0.0, "logit per ln", because("recent invitations show on a record"))
    reputation: float = number(-0.3, -2.0, 0.0, "logit per unit", because("rants damage a name"))
    obligation: float = number(0.08, 0.0, 0.5, "share of the rest", because("some feel obliged to accept"))
    decline: float = number(0.3, 0.0, 1.0, "share of no", GUESS)
    dont_know: float = number(0.03, 0.0, 0.3, "share of no", GUESS)


class Unwelcome(Section):
    """The logit that an item is unwelcome, and what unwelcome items lead to once read."""

    base: float = number(
        -1.3,
        -6.0,
        2.0,
        "logit",
        because("about a fifth of average items are then unwelcome"),
        between(-2.5, 0.0, "between one in fourteen and half of average items are then unwelcome"),
    )
    quality: float = number(-0.5, -2.0, 0.0, "logit per sd", GUESS)
    relevance: float = number(-0.35, -2.0, 0.0, "logit per sd", GUESS)
    promotion: float = number(1.4, 0.0, 4.0, "logit", because("about half of average promotion is then unwelcome"))
    follow_up: float = number(0.5, 0.0, 2.0, "logit each", because("each further follow-up presses more"))
    violation: float = number(2.0, 0.0, 5.0, "logit times severity", GUESS)
    unheeded: float = number(1.0, 0.0, 4.0, "logit", because("they had said no"))
    selectivity: float = number(0.5, 0.0, 2.0, "logit per unit", GUESS)
    connected: float = number(-0.7, -3.0, 0.0, "logit", because("connections may write"))
    known: float = number(-2.0, -6.0, 0.0, "logit", because("people one knows are no strangers"))
    rapport: float = number(-0.5, -2.0, 0.0, "logit per ln", because("they know each other"))
    invitation: float = number(0.0, -3.0, 3.0, "logit", because("nobody knows which bothers more, a message or an invitation"))
    reported: float = number(0.02, 0.0, 0.5, "share of unwelcome read", because("platforms remove but 0.2 to 0.6% of spam on reports"))
    reported_promotion: float = number(0.06, 0.0, 0.5, "share of unwelcome read", because("promotion is plainly against the rules"))
    reported_violation: float = number(0.3, 0.0, 1.0, "share times severity", GUESS)
    reported_unheeded: float = number(3.0, 1.0, 20.0, "times as often", because("contact after a no is a violation"))
    opt_out_sender: float = number(0.08, 0.0, 1.0, "share of unwelcome read", GUESS)
    annoyance: float = number(1.0, 0.0, 10.0, "units an item read", because("this defines the unit"))
    harassment: float = number(1.0, 0.0, 2.0, "severity", because("this defines the unit"))
    misrepresentation: float = number(0.5, 0.0, 2.0, "severity", GUESS)
    passwords: float = number(0.8, 0.0, 2.0, "severity", GUESS)
    adult: float = number(1.0, 0.0, 2.0, "severity", GUESS)


class Attention(Section):
    """What a visit to the inbox can hold, and what brings a member there."""

    AT_START: ClassVar[Mapping[str, str]] = {"muted": DRAWN}

    budget: float = number(
        12.0,
        0.0,
        200.0,
        "items a visit",
        because("a visit of some minutes holds about a dozen items"),
        between(4.0, 40.0, "a visit holds a handful of items at least, and what half an hour holds at most"),
    )
    per_connection: float = number(0.01, 0.0, 0.2, "items each", because("a large network is to be managed"))
    filters: float = number(0.5, 0.0, 1.0, "share given back", because("inbox filters make it manageable"))
    sink_message: float = number(
        6.0,
        1.0,
        120.0,
        "days",
        because("nine tenths of answers then come within a week (message log)"),
        between(2.0, 20.0, "messages sink within days or weeks"),
    )
    sink_invitation: float = number(30.0, 1.0, 200.0, "days", because("invitations stay in a list of their own until withdrawn"))
    notification: float = number(
        0.92,
        0.0,
        1.0,
        "chance of a visit",
        because("59% of answers then come on the day of sending (message log)"),
        between(0.5, 1.0, "half of those whom a notification reaches look at least"),
    )
    habituation: float = number(
        0.1, 0.0, 5.0, "relative an unwelcome item", because("ten unwelcome items announced lately halve it; nobody has measured it")
    )
    muted: float = number(
        0.3,
        0.0,
        1.0,
        "share of members",
        because("59% of answers then come on the day of sending, not all (message log)"),
        between(0.05, 0.7, "some mute everything, and most do not mute all"),
    )
    rank_known: float = number(1.0, 0.0, 1.0, "share of visits", because("inboxes sort known people first"))


class Sessions(Section):
    """What experience does to how often a member comes by; bounded, and over when it has decayed."""

    success: float = number(0.05, 0.0, 1.0, "logit per ln", because("an answer brings people back a little"))
    annoyance: float = number(-0.1, -1.0, 0.0, "logit per ln", because("the annoyed stay away; no figure is published"))
    backlog: float = number(-0.1, -1.0, 0.0, "logit per ln", because("a full inbox deters; no figure is published"))
    half_life: float = number(14.0, 0.5, 200.0, "days", because("moods outlast the week in which they arose, as annoyance does"))


class Thread(Section):
    """How a thread goes on after a reply, and what may come of it."""

    base: float = number(
        -0.4,
        -4.0,
        4.0,
        "logit",
        because("there are then about 0.06 replies in threads a member and day, assumed too"),
        between(-1.5, 0.7, "between a fifth and two thirds of talks have a third turn"),
    )
    habit: float = number(
        0.72,
        0.0,
        3.0,
        "logit per ln of exchanges",
        because("talks of the message log go on the likelier the longer they are"),
        between(0.2, 1.4, "talks that have gone on for long go on more readily, on every log"),
    )
    stay: float = number(
        0.9,
        0.0,
        1.0,
        "chance a turn",
        because("whoever has just written mostly waits for the answer; no figure is published"),
        between(0.5, 1.0, "whoever has just written waits for an answer at least half of the time"),
    )
    later: float = number(
        0.1,
        0.0,
        1.0,
        "share of answers",
        because("a tenth of answers on the message log come after a week"),
        between(0.02, 0.3, "most answers come at once or never"),
    )
    later_tail: float = number(
        1.0, 0.3, 3.0, "exponent", because("waiting times of e-mail fall as a power, Barabasi 2005; not read, from memory")
    )
    relevance: float = number(0.3, 0.0, 2.0, "logit per sd", GUESS)
    thanks: float = number(0.5, 0.0, 3.0, "logit", because("the article says to say thank you"))
    length: float = number(-0.3, -2.0, 0.0, "logit per 1000 characters", because("long messages wear out"))
    off_platform: float = number(0.04, 0.0, 0.5, "chance an exchange", GUESS)
    meeting: float = number(0.05, 0.0, 0.5, "chance an exchange in one region", GUESS)
    collaboration: float = number(0.01, 0.0, 0.2, "chance an exchange", GUESS)
    deal: float = number(0.01, 0.0, 0.2, "chance an exchange", GUESS)
    cross_industry: float = number(1.5, 1.0, 5.0, "times, for ties", because("new perspectives bring opportunities"))
    introduction: float = number(0.3, 0.0, 1.0, "chance", because("a strong common tie can introduce"))
    strong: float = number(0.3, 0.0, 5.0, "strength", because("only those in touch will vouch"))


class Tie(Section):
    """How strong a tie is: it grows with each exchange and halves every 30 days."""

    half_life: float = number(30.0, 1.0, 1000.0, "days", because("a tie of one exchange is then dormant (under 1/8) after three months"))
    exchange: float = number(1.0, 0.01, 5.0, "strength", because("this defines the unit"))
    weak: float = number(0.2, 0.0, 1.0, "strength at acceptance", because("an obliged tie starts weak"))
    update: float = number(0.02, 0.0, 1.0, "strength an update seen", GUESS)
    curate: float = number(0.013, 0.0, 1.0, "chance a session", because("few tidy up their contacts; it hardly moves the mean degree"))


class Feed(Section):
    """Updates by connections: they cost attention, keep ties alive, and can annoy."""

    length: int = whole(4, 0, 16, "connections seen a visit", because("a feed is short"))
    fresh_days: float = number(3.0, 1.0, 30.0, "days", because("older updates are gone"))
    cost: float = number(0.2, 0.0, 5.0, "items", GUESS)
    obliged_cost: float = number(0.5, 0.0, 5.0, "items", because("some feel obliged to like and comment"))
    react: float = number(0.02, 0.0, 1.0, "chance of a message", GUESS)
    unfollow: float = number(0.15, 0.0, 1.0, "chance at a divisive update", GUESS)
    reputation: float = number(0.05, 0.0, 1.0, "lost an unfollower", GUESS)


class Learning(Section):
    """What experience changes, and what decays."""

    volume_reply: float = number(0.01, 0.0, 0.2, "relative each", because("success encourages a little"))
    volume_restriction: float = number(0.3, 0.0, 1.0, "relative each", because("restrictions discourage"))
    personalise: float = number(0.2, 0.0, 1.0, "component each", because("the restricted learn to personalise"))
    load_half_life: float = number(7.0, 0.5, 100.0, "days", because("members feel about a week's mail"))
    annoyance_half_life: float = number(14.0, 0.5, 200.0, "days", because("annoyance outlasts the week in which it arose"))
    reputation_half_life: float = number(60.0, 1.0, 1000.0, "days", GUESS)
    quieting_annoyance: float = number(0.0004, 0.0, 0.05, "a day times annoyance", because("going quiet is easier than leaving"))
    opt_out: float = number(0.0004, 0.0, 0.1, "a day times annoyance", because("it is rare: 14% a year at an annoyance of 1"))
    opt_back_days: float = number(90.0, 1.0, 1000.0, "days", because("it is no one-way street"))
    leaving_annoyance: float = number(
        0.0002, 0.0, 0.02, "a day times annoyance", because("leaving is graver; no causal figure is published")
    )
    apology: float = number(0.5, 0.0, 1.0, "share of annoyance kept", because("an apology is taken to make good half of it"))
    review: float = number(0.5, 0.0, 1.0, "share of violations kept", because("who reads the rules errs less"))


PURPOSES = ("inquiry", "relationship", "promotion")  # of an approach: numbers of a style, and the names of `Purpose`
SECTIONS: dict[str, type[Section]] = {
    "population": Population,
    "network": Network,
    "visibility": Visibility,
    "relevance": Relevance,
    "outreach": Outreach,
    "quality": Quality,
    "length": Length,
    "reply": Reply,
    "invitation": Invitation,
    "unwelcome": Unwelcome,
    "attention": Attention,
    "sessions": Sessions,
    "thread": Thread,
    "tie": Tie,
    "feed": Feed,
    "learning": Learning,
}
