"""The schema: every number of the model with its unit, bounds, default and source.

A section is a frozen pydantic model; a field is a number made by `number` or `whole`. Scenario files may set any of
them. Sources are codes of facts (P primary source read, N secondary text read, V vendor figure, C computed from a
message log, M from memory) or "assumption: because ...". Wide bounds stand where nobody has measured.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

PROTOTYPE = "assumption: because a prototype of this model settled on it"
GUESS = "assumption: because no figure is published"


def number(default: float, low: float, high: float, unit: str, source: str) -> Any:
    """Declare a float with inclusive bounds [low, high], its unit and where it comes from."""
    extra: Any = {"unit": unit, "source": source}
    return Field(default, ge=low, le=high, allow_inf_nan=False, json_schema_extra=extra)


def whole(default: int, low: int, high: int, unit: str, source: str) -> Any:
    """Declare an integer with inclusive bounds [low, high], its unit and where it comes from."""
    return Field(default, ge=low, le=high, strict=True, json_schema_extra={"unit": unit, "source": source})


class Section(BaseModel):
    """A group of numbers that one part of the model reads."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Population(Section):
    """Who the members are and how their number changes."""

    growth: float = number(0.2, 0.0, 1.0, "share a year", "assumption: because a healthy network grows; MODEL 3")
    leaving: float = number(
        0.0018, 0.0, 0.02, "share a day", "[M] exponential member lifetime; perhaps first-to-last tie rather than membership"
    )
    industries: int = whole(20, 1, 100, "industries", "assumption: because MODEL 2 has twenty")
    industry_zipf: float = number(1.0, 0.0, 3.0, "exponent", "assumption: because industry sizes are Zipf-like")
    regions: int = whole(12, 1, 200, "regions", "assumption: because meeting in person needs one region")
    region_zipf: float = number(0.8, 0.0, 3.0, "exponent", "assumption: because city sizes are Zipf-like")
    seniority_ratio: float = number(0.65, 0.1, 1.0, "ratio", "assumption: because each level is smaller than the one below")
    session_rate_mean: float = number(0.25, 0.02, 0.9, "share of days", f"{PROTOTYPE}; MODEL 2")
    session_rate_sd: float = number(
        1.75, 0.0, 3.0, "logit", "assumption: because it was refitted: answers by the next day and within a week [C]"
    )
    receptiveness_sd: float = number(1.4, 0.0, 3.0, "logit", f"{PROTOTYPE}; fits sd of reply rates 0.2 [C]")
    selectivity_sd: float = number(0.7, 0.0, 3.0, "logit", PROTOTYPE)


class Network(Section):
    """The network at the start and the contacts that a new member brings along."""

    mean_degree: float = number(50.0, 1.0, 500.0, "connections", "assumption: because MODEL 2 says about 50")
    contacts_median: float = number(
        28.0, 0.0, 500.0, "connections", "assumption: because the mean degree then stays near 50 for a year; the prototype had 23"
    )
    contacts_sd: float = number(0.8, 0.0, 2.0, "log", PROTOTYPE)
    friend_share: float = number(
        0.5, 0.0, 1.0, "share", "assumption: because friends of friends close most triangles, Leskovec et al., KDD 2008 [N]"
    )
    industry_share: float = number(0.3, 0.0, 1.0, "share of the rest", "assumption: because mixing is by industry")
    attachment: float = number(0.6, 0.0, 2.0, "exponent", "LinkedIn's exponent in Leskovec et al., KDD 2008 [N]")
    contact_age: float = number(45.0, 1.0, 1000.0, "days", "assumption: because old ties were last in touch long ago")


class Relevance(Section):
    """What two members have to say to each other, about standard normal over random pairs, and how much of it a sender sees."""

    industry: float = number(1.0, 0.0, 4.0, "sd", "assumption: because the article says to connect within an industry")
    seniority: float = number(-0.3, -2.0, 0.0, "sd a level apart", "assumption: because peers have more to say to each other")
    fit: float = number(0.88, 0.0, 4.0, "sd of personal fit", "assumption: because random pairs then have an sd of 1")
    competitor: float = number(-1.5, -6.0, 0.0, "sd", "assumption: because the article names competitors as a concern")
    competitors: float = number(
        0.3, 0.0, 1.0, "share of equals in one industry", "assumption: because not every colleague competes directly"
    )
    centre: float = number(-0.3, -4.0, 4.0, "sd", "assumption: because random pairs of the baseline then average 0")
    noise_stranger: float = number(1.0, 0.0, 4.0, "sd", "assumption: because the article says that strangers see no full profile")
    noise_connected: float = number(0.2, 0.0, 4.0, "sd", "assumption: because a connection opens the full profile")
    noise_half: float = number(
        2.0, 0.1, 50.0, "mutual connections", "assumption: because mutual contacts tell about a person; they halve what is unseen"
    )


class Outreach(Section):
    """Which button a member presses. All that favours one channel is an assumption; neutral.toml removes it."""

    message_inquiry: float = number(1.0, -3.0, 3.0, "logit", "assumption: because it was refitted: the split of channels in MODEL 10")
    message_relationship: float = number(0.7, -3.0, 3.0, "logit", "assumption: because most approaches of MODEL 10 are messages; refitted")
    message_promotion: float = number(0.5, -3.0, 3.0, "logit", "assumption: because it was refitted: the split of channels in MODEL 10")
    connect_inquiry: float = number(-1.0, -3.0, 3.0, "logit", "assumption: because it was refitted: the split of channels in MODEL 10")
    connect_relationship: float = number(-0.5, -3.0, 3.0, "logit", "assumption: because the cold invitations of MODEL 10 are few; refitted")
    connect_promotion: float = number(-0.4, -3.0, 3.0, "logit", "assumption: because it was refitted: the split of channels in MODEL 10")
    intimidation: float = number(
        1.35,
        0.0,
        3.0,
        "logit",
        "assumption: because it was refitted: cold invitations in MODEL 10; the article calls messaging less intimidating",
    )
    nest: float = number(0.5, 0.05, 1.0, "scale", "assumption: because both kinds of invitation are much alike")
    rest_days: float = number(45.0, 0.0, 365.0, "days", "assumption: because people do not try again at once; MODEL 5")


class Quality(Section):
    """What makes a message good: the weight of each component, and what shifts the components."""

    personalised: float = number(1.0, -2.0, 2.0, "weight", "assumption: because a generic message is easy to ignore")
    introduced: float = number(0.6, -2.0, 2.0, "weight", "assumption: because the article asks for context")
    purpose_clear: float = number(0.6, -2.0, 2.0, "weight", "assumption: because the article asks for the reason upfront")
    direct: float = number(0.3, -2.0, 2.0, "weight", "assumption: because the article says to get to the point")
    courteous: float = number(0.5, -2.0, 2.0, "weight", "assumption: because the article says friendly and polite")
    brief: float = number(0.2, -2.0, 2.0, "weight", "assumption: because length has an effect of its own beside it")
    professional: float = number(0.5, -2.0, 2.0, "weight", "assumption: because the article asks for a professional tone")
    clean: float = number(0.5, -2.0, 2.0, "weight", "assumption: because the article forbids profanity")
    humour: float = number(-0.3, -2.0, 2.0, "weight", "assumption: because edgy humour often does not translate")
    on_topic: float = number(0.4, -2.0, 2.0, "weight", "assumption: because the article warns of tangents")
    next_steps: float = number(0.3, -2.0, 2.0, "weight", "assumption: because the article asks for next steps")
    sourced: float = number(0.1, -2.0, 2.0, "weight", "assumption: because few messages have anything to cite")
    proofread: float = number(0.4, -2.0, 2.0, "weight", "assumption: because errors diminish the image")
    thanks: float = number(0.2, -2.0, 2.0, "weight", "assumption: because gratitude counts more in threads")
    average: float = number(0.6, 0.0, 1.0, "component", "assumption: because this is the default member's mean")
    scale: float = number(4.0, 0.0, 10.0, "sd per component", "assumption: because it spans about two sd each way")
    noise: float = number(0.25, 0.0, 1.0, "half-width", "assumption: because nobody writes the same way twice")
    hidden_profile: float = number(0.3, 0.0, 1.0, "component", "assumption: because what the profile hides cannot be mentioned")
    tone_upward: float = number(0.5, 0.0, 3.0, "per level", "assumption: because tone counts more to seniors")


class Length(Section):
    """The effect of a message's length on the chance of a response."""

    longest: float = number(1600.0, 400.0, 5000.0, "characters", "assumption: because the least brief write so much")
    under_400: float = number(0.22, -0.9, 2.0, "relative", "LinkedIn on recruiter InMail, 2022 [N]")
    to_800: float = number(0.03, -0.9, 2.0, "relative", "LinkedIn on recruiter InMail, 2022 [N]")
    to_1200: float = number(-0.06, -0.9, 2.0, "relative", "LinkedIn on recruiter InMail, 2022 [N]")
    above: float = number(-0.11, -0.9, 2.0, "relative", "LinkedIn on recruiter InMail, 2022 [N]")


class Reply(Section):
    """The logit of a reply to a message that opens a thread or follows it up."""

    base: float = number(
        -2.95, -6.0, 2.0, "logit", "assumption: because it was refitted: replies of strangers and after acceptance; the prototype had -2.7"
    )
    quality: float = number(0.45, 0.0, 2.0, "logit per sd", PROTOTYPE)
    relevance: float = number(0.5, 0.0, 2.0, "logit per sd", PROTOTYPE)
    connected: float = number(
        -0.1, -1.0, 2.0, "logit", "assumption: because it was refitted: reply after acceptance 22% [V]; the prototype had 0.2"
    )
    mutual: float = number(0.6, 0.0, 3.0, "logit at many", f"{PROTOTYPE}: saturates as m/(m+2)")
    mutual_half: float = number(2.0, 0.1, 50.0, "mutual connections", PROTOTYPE)
    introduced: float = number(0.6, 0.0, 3.0, "logit", "assumption: because a common connection vouches")
    note: float = number(
        0.0, -6.0, 2.0, "logit", "assumption: because nobody has measured how often the note of an accepted invitation is answered"
    )
    rapport: float = number(
        1.5, 0.0, 3.0, "logit per ln", "assumption: because it was refitted: inbox answered at one item a day [N]; the prototype had 0.6"
    )
    load: float = number(-0.45, -2.0, 0.0, "logit per ln", "Kooti et al. 2015 [N]: 25% at low load, under 5% at 100 a day")
    annoyance: float = number(-0.3, -2.0, 0.0, "logit per ln", PROTOTYPE)
    follow_up: float = number(-0.35, -2.0, 1.0, "logit each", PROTOTYPE)
    promotion: float = number(-0.5, -3.0, 1.0, "logit", PROTOTYPE)
    disingenuous: float = number(-0.1, -1.0, 0.0, "logit per ln", "assumption: because recent invitations show on a record")
    reputation: float = number(-0.3, -2.0, 0.0, "logit per unit", "assumption: because rants damage a name")
    polite_no: float = number(0.12, 0.0, 1.0, "share of no replies", GUESS)


class Invitation(Section):
    """The logit of accepting an invitation, and what becomes of the others."""

    base: float = number(
        -1.42, -6.0, 2.0, "logit", "assumption: because it was refitted: about 25% of random strangers accept, QJE 2025 [N]"
    )
    mutual: float = number(2.1, 0.0, 4.0, "logit at many", "Boshmaf et al. 2011 [N]: 19% to 59%, an upper bound")
    mutual_half: float = number(0.5, 0.1, 50.0, "mutual connections", PROTOTYPE)
    rapport: float = number(0.7, 0.0, 2.0, "logit per ln", PROTOTYPE)
    relevance: float = number(0.25, 0.0, 2.0, "logit per sd", "assumption: because people accept those of their field")
    too_forward: float = number(-0.8, -3.0, 0.0, "logit", f"{PROTOTYPE}; times the style's forwardness")
    too_forward_days: float = number(5.0, 0.0, 60.0, "days", "MODEL 6; assumption: because the article says too fast")
    note: float = number(0.05, -1.0, 1.0, "logit per sd", "assumption: because published effects contradict one another")
    annoyance: float = number(-0.25, -2.0, 0.0, "logit per ln", PROTOTYPE)
    selectivity: float = number(-1.0, -2.0, 0.0, "logit per unit", "assumption: because this defines the unit")
    competitor: float = number(-0.3, -2.0, 0.0, "logit", "assumption: because the article names competitors as a concern")
    large_network: float = number(-0.2, -2.0, 0.0, "logit per ln", "assumption: because a large network is work")
    disingenuous: float = number(-0.1, -1.0, 0.0, "logit per ln", "assumption: because recent invitations show on a record")
    reputation: float = number(-0.3, -2.0, 0.0, "logit per unit", "assumption: because rants damage a name")
    obligation: float = number(0.08, 0.0, 0.5, "share of the rest", "assumption: because some feel obliged to accept")
    decline: float = number(0.3, 0.0, 1.0, "share of no", GUESS)
    dont_know: float = number(0.03, 0.0, 0.3, "share of no", GUESS)


class Unwelcome(Section):
    """The logit that an item is unwelcome, and what unwelcome items lead to once read."""

    base: float = number(-1.3, -6.0, 2.0, "logit", PROTOTYPE)
    quality: float = number(-0.5, -2.0, 0.0, "logit per sd", GUESS)
    relevance: float = number(-0.35, -2.0, 0.0, "logit per sd", GUESS)
    promotion: float = number(1.4, 0.0, 4.0, "logit", PROTOTYPE)
    follow_up: float = number(0.5, 0.0, 2.0, "logit each", PROTOTYPE)
    violation: float = number(2.0, 0.0, 5.0, "logit times severity", GUESS)
    unheeded: float = number(1.0, 0.0, 4.0, "logit", "assumption: because they had said no")
    selectivity: float = number(0.5, 0.0, 2.0, "logit per unit", GUESS)
    connected: float = number(-0.7, -3.0, 0.0, "logit", "assumption: because connections may write")
    rapport: float = number(-0.5, -2.0, 0.0, "logit per ln", "assumption: because they know each other")
    invitation: float = number(0.0, -3.0, 3.0, "logit", "assumption: because nobody knows which bothers more; MODEL 6")
    reported: float = number(0.02, 0.0, 0.5, "share of unwelcome read", f"{PROTOTYPE}; 0.2-0.6% of spam goes on reports [N]")
    reported_promotion: float = number(0.06, 0.0, 0.5, "share of unwelcome read", PROTOTYPE)
    reported_violation: float = number(0.3, 0.0, 1.0, "share times severity", GUESS)
    reported_unheeded: float = number(3.0, 1.0, 20.0, "times as often", "assumption: because contact after a no is a violation")
    opt_out_sender: float = number(0.08, 0.0, 1.0, "share of unwelcome read", GUESS)
    annoyance: float = number(1.0, 0.0, 10.0, "units an item read", "assumption: because this defines the unit")
    harassment: float = number(1.0, 0.0, 2.0, "severity", "assumption: because this defines the unit")
    misrepresentation: float = number(0.5, 0.0, 2.0, "severity", GUESS)
    passwords: float = number(0.8, 0.0, 2.0, "severity", GUESS)
    adult: float = number(1.0, 0.0, 2.0, "severity", GUESS)


class Attention(Section):
    """What a visit to the inbox can hold, and what brings a member there."""

    budget: float = number(12.0, 0.0, 200.0, "items a visit", PROTOTYPE)
    per_connection: float = number(0.01, 0.0, 0.2, "items each", "assumption: because a large network is to be managed")
    filters: float = number(0.5, 0.0, 1.0, "share given back", "assumption: because inbox filters make it manageable")
    sink_message: float = number(14.0, 1.0, 120.0, "days", "assumption: because MODEL 6 lets messages sink after 14 days")
    sink_invitation: float = number(30.0, 1.0, 200.0, "days", "assumption: because MODEL 6 withdraws after 30 days")
    notification: float = number(
        0.98,
        0.0,
        1.0,
        "chance of a visit",
        "assumption: because it was refitted: 73% of replies by the next day [C]; the prototype had 0.75",
    )
    muted: float = number(
        0.58, 0.0, 1.0, "share of members", "assumption: because it was refitted: 91% of answers within a week, not all [C]"
    )
    rank_known: float = number(1.0, 0.0, 1.0, "share of visits", "assumption: because inboxes sort known people first")


class Thread(Section):
    """How a thread goes on after a reply, and what may come of it."""

    base: float = number(-0.5, -4.0, 4.0, "logit", "assumption: because replies in threads then come near 0.06 a member and day; refitted")
    relevance: float = number(0.3, 0.0, 2.0, "logit per sd", GUESS)
    thanks: float = number(0.5, 0.0, 3.0, "logit", "assumption: because the article says to say thank you")
    length: float = number(-0.3, -2.0, 0.0, "logit per 1000 characters", "assumption: because long messages wear out")
    off_platform: float = number(0.04, 0.0, 0.5, "chance an exchange", GUESS)
    meeting: float = number(0.05, 0.0, 0.5, "chance an exchange in one region", GUESS)
    collaboration: float = number(0.01, 0.0, 0.2, "chance an exchange", GUESS)
    deal: float = number(0.01, 0.0, 0.2, "chance an exchange", GUESS)
    cross_industry: float = number(1.5, 1.0, 5.0, "times, for ties", "assumption: because new perspectives bring opportunities")
    introduction: float = number(0.3, 0.0, 1.0, "chance", "assumption: because a strong common tie can introduce")
    strong: float = number(0.3, 0.0, 5.0, "strength", "assumption: because only those in touch will vouch")


class Tie(Section):
    """How strong a tie is: it grows with each exchange and halves every 30 days."""

    half_life: float = number(30.0, 1.0, 1000.0, "days", "assumption: because MODEL 2 has 30")
    exchange: float = number(1.0, 0.01, 5.0, "strength", "assumption: because this defines the unit")
    weak: float = number(0.2, 0.0, 1.0, "strength at acceptance", "assumption: because an obliged tie starts weak")
    update: float = number(0.02, 0.0, 1.0, "strength an update seen", GUESS)
    curate: float = number(0.013, 0.0, 1.0, "chance a session", "assumption: because it was refitted: the mean degree stays near 50")


class Feed(Section):
    """Updates by connections: they cost attention, keep ties alive, and can annoy."""

    length: int = whole(4, 0, 16, "connections seen a visit", "assumption: because a feed is short")
    fresh_days: float = number(3.0, 1.0, 30.0, "days", "assumption: because older updates are gone")
    cost: float = number(0.2, 0.0, 5.0, "items", GUESS)
    obliged_cost: float = number(0.5, 0.0, 5.0, "items", "assumption: because some feel obliged to like and comment")
    react: float = number(0.02, 0.0, 1.0, "chance of a message", GUESS)
    unfollow: float = number(0.15, 0.0, 1.0, "chance at a divisive update", GUESS)
    reputation: float = number(0.05, 0.0, 1.0, "lost an unfollower", GUESS)


class Learning(Section):
    """What experience changes, and what decays."""

    volume_reply: float = number(0.01, 0.0, 0.2, "relative each", "assumption: because success encourages a little")
    volume_restriction: float = number(0.3, 0.0, 1.0, "relative each", "assumption: because restrictions discourage")
    personalise: float = number(0.2, 0.0, 1.0, "component each", "assumption: because the restricted learn to personalise")
    load_half_life: float = number(7.0, 0.5, 100.0, "days", "assumption: because MODEL 2 has 7")
    annoyance_half_life: float = number(14.0, 0.5, 200.0, "days", "assumption: because MODEL 2 has 14")
    reputation_half_life: float = number(60.0, 1.0, 1000.0, "days", GUESS)
    opt_out: float = number(0.0004, 0.0, 0.1, "a day times annoyance", PROTOTYPE)
    opt_back_days: float = number(90.0, 1.0, 1000.0, "days", "assumption: because it is no one-way street")
    leaving_annoyance: float = number(0.0002, 0.0, 0.02, "a day times annoyance", f"{PROTOTYPE}; no causal figure")
    apology: float = number(0.5, 0.0, 1.0, "share of annoyance kept", "assumption: because MODEL 7 halves it")
    review: float = number(0.5, 0.0, 1.0, "share of violations kept", "assumption: because who reads the rules errs less")


class Design(Section):
    """What a profile shows and allows."""

    primary: float = number(0.0, -1.0, 1.0, "1 message, -1 connect, 0 equal", "the question itself")
    friction: float = number(1.5, 0.0, 6.0, "logit", f"{PROTOTYPE}: f in MODEL 5")
    open_messages: float = number(1.0, 0.0, 1.0, "1 strangers can be messaged, 0 only connections", "the design")
    messages_a_day: float = number(40.0, 0.0, 1000.0, "stranger messages", "assumption: because some limit exists")
    invitations_a_week: float = number(100.0, 0.0, 1000.0, "invitations", "[M] the limit in force on the largest network")
    credits_a_month: float = number(0.0, 0.0, 1000.0, "credits, 0 none needed", "the design")
    credit_refund: float = number(0.0, 0.0, 1.0, "share given back on a reply", "the design")
    notes: float = number(1.0, 0.0, 1.0, "1 allowed, 0 not", "the design")
    repeat_days: float = number(21.0, 0.0, 365.0, "days", "[N] a withdrawn invitation can be repeated after three weeks")
    connection_cap: float = number(30000.0, 1.0, 1000000.0, "connections", "[N] the cap in force")
    moderation: str = "standard"


class Moderation(Section):
    """How a platform treats spam and violations."""

    filter_strength: float = number(0.6, 0.0, 1.0, "largest share filtered", GUESS)
    filter_threshold: float = number(1.0, -3.0, 6.0, "logit of spamminess", GUESS)
    burst_threshold: float = number(8.0, 1.0, 500.0, "approaches a day", "assumption: because shipped bulk senders reach it")
    burst_strike: float = number(0.3, 0.0, 1.0, "strikes a burst", GUESS)
    automation_detection: float = number(0.02, 0.0, 1.0, "a day of outreach", GUESS)
    report_strike: float = number(0.3, 0.0, 1.0, "strikes a report", "assumption: because most reports are not upheld alone")
    warning: float = number(0.5, 0.05, 100.0, "strikes", GUESS)
    restriction: float = number(1.0, 0.05, 100.0, "strikes", GUESS)
    ban: float = number(3.0, 0.1, 100.0, "strikes", GUESS)
    warning_effect: float = number(0.3, 0.0, 1.0, "share of outreach given up", GUESS)
    restriction_days: float = number(7.0, 1.0, 365.0, "days", "assumption: because a week is common")
    strike_half_life: float = number(60.0, 1.0, 1000.0, "days", GUESS)
    appeal_lift: float = number(0.7, 0.0, 1.0, "share of wrong strikes lifted", GUESS)
    return_days: float = number(14.0, 1.0, 1000.0, "days", "assumption: because banned bulk senders open new accounts")


class Style(Section):
    """An outreach style: what departs from the default member stands in the style's file."""

    intents: float = number(0.8, 0.0, 50.0, "intents a session", "assumption: because volumes give 0.23 a member and day")
    inquiry: float = number(0.5, 0.0, 1.0, "weight", GUESS)
    relationship: float = number(0.5, 0.0, 1.0, "weight", GUESS)
    promotion: float = number(0.0, 0.0, 1.0, "weight", GUESS)
    like_message: float = number(0.0, -3.0, 3.0, "logit", GUESS)
    like_connect: float = number(0.0, -3.0, 3.0, "logit", GUESS)
    walk_away: float = number(0.0, -4.0, 4.0, "logit", GUESS)
    candidates: int = whole(4, 1, 8, "profiles looked at", "MODEL 10: about 4 candidates each")
    look_friends: float = number(0.5, 0.0, 1.0, "weight", GUESS)
    look_industry: float = number(0.25, 0.0, 1.0, "weight", GUESS)
    look_anywhere: float = number(0.25, 0.0, 1.0, "weight", GUESS)
    look_connections: float = number(0.3, 0.0, 1.0, "weight", "assumption: because one also asks people one knows")
    personalised: float = number(0.6, 0.0, 1.0, "component", GUESS)
    introduced: float = number(0.6, 0.0, 1.0, "component", GUESS)
    purpose_clear: float = number(0.6, 0.0, 1.0, "component", GUESS)
    direct: float = number(0.6, 0.0, 1.0, "component", GUESS)
    courteous: float = number(0.7, 0.0, 1.0, "component", GUESS)
    brief: float = number(0.6, 0.0, 1.0, "component", GUESS)
    professional: float = number(0.7, 0.0, 1.0, "component", GUESS)
    clean: float = number(0.9, 0.0, 1.0, "component", GUESS)
    humour: float = number(0.3, 0.0, 1.0, "component", GUESS)
    on_topic: float = number(0.7, 0.0, 1.0, "component", GUESS)
    next_steps: float = number(0.4, 0.0, 1.0, "component", GUESS)
    sourced: float = number(0.3, 0.0, 1.0, "component", GUESS)
    proofread: float = number(0.7, 0.0, 1.0, "component", GUESS)
    thanks: float = number(0.5, 0.0, 1.0, "component", GUESS)
    follow_ups: int = whole(1, 0, 8, "messages", "assumption: because the article calls one or two reasonable")
    patience: float = number(7.0, 1.0, 90.0, "days", GUESS)
    rapport_exchanges: int = whole(2, 1, 20, "exchanges", "assumption: because the article says several first")
    rapport_asks: int = whole(1, 0, 6, "invitations", GUESS)
    suggest_connect: float = number(0.5, 0.0, 1.0, "chance an exchange", "assumption: because the article suggests it")
    note: float = number(0.0, -4.0, 4.0, "logit", "assumption: because it defines the taste for a note")
    heeds: float = number(0.9, 0.0, 1.0, "chance", "assumption: because most people take a no")
    opens: float = number(0.6, 0.0, 1.0, "chance", "[V] 22% reply after acceptance needs an opening message")
    pitches: float = number(0.5, 0.0, 1.0, "chance", GUESS)
    keeps_up: float = number(0.1, 0.0, 1.0, "messages a session", GUESS)
    continues: float = number(0.0, -3.0, 3.0, "logit", GUESS)
    updates: float = number(0.1, 0.0, 1.0, "a session", GUESS)
    divisive: float = number(0.03, 0.0, 1.0, "share of updates", GUESS)
    automated: float = number(0.0, 0.0, 1.0, "1 automated, 0 by hand", "the style")
    harassment: float = number(0.001, 0.0, 0.2, "share of items", GUESS)
    misrepresentation: float = number(0.001, 0.0, 0.2, "share of items", GUESS)
    passwords: float = number(0.0, 0.0, 0.2, "share of items", GUESS)
    adult: float = number(0.0002, 0.0, 0.2, "share of items", GUESS)
    forwardness: float = number(1.0, 0.0, 4.0, "times too forward", "assumption: because it weighs more for sellers")
    stops: float = number(0.5, 0.0, 1.0, "chance after a restriction", GUESS)
    withdraws: float = number(0.3, 0.0, 1.0, "chance after a restriction", GUESS)
    apologises: float = number(0.4, 0.0, 1.0, "chance after a restriction", GUESS)
    appeals: float = number(0.5, 0.0, 1.0, "chance after a restriction", GUESS)
    adjusts: float = number(1.0, 0.0, 1.0, "share of what can be learned", GUESS)
    reviews: float = number(0.5, 0.0, 1.0, "chance after a restriction", GUESS)


PURPOSES = ("inquiry", "relationship", "promotion")  # of an approach: numbers of a style, and the names of `Purpose`
SECTIONS: dict[str, type[Section]] = {
    "population": Population,
    "network": Network,
    "relevance": Relevance,
    "outreach": Outreach,
    "quality": Quality,
    "length": Length,
    "reply": Reply,
    "invitation": Invitation,
    "unwelcome": Unwelcome,
    "attention": Attention,
    "thread": Thread,
    "tie": Tie,
    "feed": Feed,
    "learning": Learning,
}

COMPONENTS = (
    "personalised", "introduced", "purpose_clear", "direct", "courteous", "brief", "professional",
    "clean", "humour", "on_topic", "next_steps", "sourced", "proofread", "thanks",
)  # fmt: skip
