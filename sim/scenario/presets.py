"""The sections of the schema that a scenario chooses by name, of which there are many: designs, kinds of moderation, outreach styles.

A file of the library sets what departs from the numbers that stand here.
"""

from sim.scenario.fields import GUESS, Section, because, between, number, published, recalled, whole


class Design(Section):
    """What a profile shows and allows."""

    primary: float = number(0.0, -1.0, 1.0, "1 message, -1 connect, 0 equal", "definition: the question itself")
    friction: float = number(
        1.5,
        0.0,
        6.0,
        "logit",
        because("a step more costs attention: the primary has 4.5 times the odds"),
        between(0.5, 3.0, "a step more costs something, with 1.6 to 20 times the odds for the primary"),
    )
    open_messages: float = number(1.0, 0.0, 1.0, "1 strangers can be messaged, 0 only connections", "definition: what the design allows")
    messages_a_day: float = number(40.0, 0.0, 1000.0, "stranger messages", because("some limit exists"))
    invitations_a_week: float = number(100.0, 0.0, 1000.0, "invitations", recalled("the limit in force on the largest network"))
    credits_a_month: float = number(0.0, 0.0, 1000.0, "credits, 0 none needed", "definition: what the design allows")
    credit_refund: float = number(0.0, 0.0, 1.0, "share given back on a reply", "definition: what the design allows")
    notes: float = number(1.0, 0.0, 1.0, "1 allowed, 0 not", "definition: what the design allows")
    repeat_days: float = number(21.0, 0.0, 365.0, "days", published("a withdrawn invitation can be repeated after three weeks"))
    connection_cap: float = number(
        30000.0,
        1.0,
        1000000.0,
        "connections, at which nobody asks or is asked; an invitation sent before can still be accepted",
        published("the cap in force on the largest network"),
    )
    moderation: str = "standard"


class Moderation(Section):
    """How a platform treats spam and violations."""

    filter_strength: float = number(0.6, 0.0, 1.0, "largest share filtered", GUESS)
    filter_threshold: float = number(1.0, -3.0, 6.0, "logit of spamminess", GUESS)
    burst_threshold: float = number(8.0, 1.0, 500.0, "approaches a day", because("shipped bulk senders reach it"))
    burst_strike: float = number(0.3, 0.0, 1.0, "strikes a burst", GUESS)
    automation_detection: float = number(0.02, 0.0, 1.0, "a day of outreach", GUESS)
    report_strike: float = number(0.3, 0.0, 1.0, "strikes a report", because("most reports are not upheld alone"))
    warning: float = number(0.5, 0.05, 100.0, "strikes", GUESS)
    restriction: float = number(1.0, 0.05, 100.0, "strikes", GUESS)
    ban: float = number(3.0, 0.1, 100.0, "strikes", GUESS)
    warning_effect: float = number(0.3, 0.0, 1.0, "share of outreach given up", GUESS)
    restriction_days: float = number(7.0, 1.0, 365.0, "days", because("a week is common"))
    strike_half_life: float = number(60.0, 1.0, 1000.0, "days", GUESS)
    appeal_lift: float = number(0.7, 0.0, 1.0, "share of wrong strikes lifted", GUESS)
    return_days: float = number(14.0, 1.0, 1000.0, "days", because("banned bulk senders open new accounts"))


class Style(Section):
    """An outreach style: what departs from the default member stands in the style's file."""

    intents: float = number(0.8, 0.0, 50.0, "intents a session", because("members then want something of others about every fourth day"))
    inquiry: float = number(0.5, 0.0, 1.0, "weight", GUESS)
    relationship: float = number(0.5, 0.0, 1.0, "weight", GUESS)
    promotion: float = number(0.0, 0.0, 1.0, "weight", GUESS)
    like_message: float = number(0.0, -3.0, 3.0, "logit", GUESS)
    like_connect: float = number(0.0, -3.0, 3.0, "logit", GUESS)
    walk_away: float = number(0.0, -4.0, 4.0, "logit", GUESS)
    candidates: int = whole(4, 1, 8, "profiles looked at", because("few people compare more than a handful of profiles"))
    look_friends: float = number(0.5, 0.0, 1.0, "weight", GUESS)
    look_industry: float = number(0.25, 0.0, 1.0, "weight", GUESS)
    look_anywhere: float = number(0.25, 0.0, 1.0, "weight", GUESS)
    look_connections: float = number(0.3, 0.0, 1.0, "weight", because("one also asks people one knows"))
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
    follow_ups: int = whole(0, 0, 8, "messages", because("there are then about 0.17 a first message, as on the message log"))
    patience: float = number(7.0, 1.0, 90.0, "days", GUESS)
    rapport_exchanges: int = whole(2, 1, 20, "exchanges", because("the article says several first"))
    rapport_asks: int = whole(1, 0, 6, "invitations", GUESS)
    suggest_connect: float = number(0.5, 0.0, 1.0, "chance an exchange", because("the article suggests it"))
    note: float = number(0.0, -4.0, 4.0, "logit", because("it defines the taste for a note"))
    heeds: float = number(0.9, 0.0, 1.0, "chance", because("most people take a no"))
    opens: float = number(0.6, 0.0, 1.0, "chance", because("an answer after acceptance needs an opening message"))
    pitches: float = number(0.5, 0.0, 1.0, "chance", GUESS)
    keeps_up: float = number(0.05, 0.0, 1.0, "messages a session", GUESS)
    continues: float = number(0.0, -3.0, 3.0, "logit", GUESS)
    updates: float = number(0.1, 0.0, 1.0, "a session", GUESS)
    divisive: float = number(0.03, 0.0, 1.0, "share of updates", GUESS)
    automated: float = number(0.0, 0.0, 1.0, "1 automated, 0 by hand", "definition: what the style is")
    harassment: float = number(0.001, 0.0, 0.2, "share of items", GUESS)
    misrepresentation: float = number(0.001, 0.0, 0.2, "share of items", GUESS)
    passwords: float = number(0.0, 0.0, 0.2, "share of items", GUESS)
    adult: float = number(0.0002, 0.0, 0.2, "share of items", GUESS)
    forwardness: float = number(1.0, 0.0, 4.0, "times too forward", because("it weighs more for sellers"))
    stops: float = number(0.5, 0.0, 1.0, "chance after a restriction", GUESS)
    withdraws: float = number(0.3, 0.0, 1.0, "chance after a restriction", GUESS)
    apologises: float = number(0.4, 0.0, 1.0, "chance after a restriction", GUESS)
    appeals: float = number(0.5, 0.0, 1.0, "chance after a restriction", GUESS)
    adjusts: float = number(1.0, 0.0, 1.0, "share of what can be learned", GUESS)
    reviews: float = number(0.5, 0.0, 1.0, "chance after a restriction", GUESS)
