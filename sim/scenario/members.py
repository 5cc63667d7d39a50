"""The sections of the schema that say who there is: how members differ, whom they know, who is found, what they have to say."""

from collections.abc import Mapping
from typing import ClassVar

from sim.scenario.fields import DRAWN, LAID, Section, because, between, number, published, recalled, whole


class Population(Section):
    """Who the members are and how their number changes."""

    AT_START: ClassVar[Mapping[str, str]] = dict.fromkeys(
        (
            "growth",
            "turnover",
            "industries",
            "industry_zipf",
            "regions",
            "region_zipf",
            "seniority_ratio",
            "session_rate_mean",
            "session_rate_sd",
            "receptiveness_activity",
            "receptiveness_sd",
            "selectivity_sd",
        ),
        DRAWN,
    )

    growth: float = number(0.2, 0.0, 1.0, "share a year", because("a healthy network grows"))
    turnover: float = number(
        0.0018, 0.0, 0.02, "newcomers a member and day, beside growth", recalled("exponential lifetimes, perhaps from first to last tie")
    )
    leaving: float = number(0.0006, 0.0, 0.02, "share a day", because("with annoyance, half of those who leave"))
    quieting: float = number(0.004, 0.0, 0.05, "share a day", because("going quiet is some five times as frequent as leaving"))
    returning: float = number(0.01, 0.0, 0.1, "share of the quiet a day", because("a fifth of members are then quiet"))
    abandoning: float = number(
        0.0045, 0.0, 0.1, "share of the quiet a day", because("leavers then number `population.turnover`, and members grow by `growth`")
    )
    quiet_heed: float = number(0.1, 0.0, 1.0, "relative chance", because("who has gone quiet hardly looks at notifications"))
    industries: int = whole(20, 1, 100, "industries", because("the smallest of twenty still has some thirty of 2,000 members"))
    industry_zipf: float = number(1.0, 0.0, 3.0, "exponent", because("industry sizes are Zipf-like"))
    regions: int = whole(12, 1, 200, "regions", because("meeting in person needs one region"))
    region_zipf: float = number(0.8, 0.0, 3.0, "exponent", because("city sizes are Zipf-like"))
    seniority_ratio: float = number(0.65, 0.1, 1.0, "ratio", because("each level is smaller than the one below"))
    session_rate_mean: float = number(
        0.28,
        0.02,
        0.9,
        "share of days",
        because("twice a week lies between daily and dormant users"),
        between(0.15, 0.45, "the mean member comes by once a week at least, and every other day at most"),
    )
    session_rate_sd: float = number(
        2.0,
        0.0,
        3.0,
        "logit",
        because("first messages sent are then about as unequal as on the message log"),
        between(1.0, 2.8, "activity is very unequal on every network; beyond that nearly all would be dormant or daily"),
    )
    receptiveness_activity: float = number(
        0.75,
        -1.0,
        1.0,
        "correlation",
        because("answers then rise with mail received as on the message log, 1 : 1.3 : 1.5"),
        between(0.0, 0.95, "who comes more often hardly answers less"),
    )
    receptiveness_sd: float = number(
        1.3,
        0.0,
        3.0,
        "logit",
        because("the sd of members' reply rates is then near 0.2 (message log)"),
        between(0.5, 2.2, "members differ, but most answer some messages and not others"),
    )
    selectivity_sd: float = number(0.7, 0.0, 3.0, "logit", because("it is taken to vary half as much as receptiveness"))


class Network(Section):
    """The network at the start and the contacts that a new member brings along."""

    AT_START: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("mean_degree", "friend_share", "attachment", "contact_age"), LAID
    ) | dict.fromkeys(("employer_size", "school_size"), DRAWN)

    mean_degree: float = number(50.0, 1.0, 500.0, "connections", because("members are taken to have some dozens of contacts"))
    contacts_median: float = number(
        70.0, 0.0, 500.0, "connections", because("the mean degree then stays near 50, as not all of them accept")
    )
    contacts_sd: float = number(0.8, 0.0, 2.0, "log", because("counts are skewed: a tenth bring 2.8 times the median"))
    friend_share: float = number(0.5, 0.0, 1.0, "share", because("friends of friends close most triangles, Leskovec et al., KDD 2008"))
    employer_share: float = number(0.2, 0.0, 1.0, "share of the rest", because("colleagues are the first whom one knows"))
    school_share: float = number(0.15, 0.0, 1.0, "share of the rest", because("fellow students are kept for life"))
    industry_share: float = number(0.15, 0.0, 1.0, "share of the rest", because("mixing is by industry"))
    employer_size: float = number(30.0, 2.0, 10000.0, "members", because("a team and those around it; employers' sizes are not modelled"))
    school_size: float = number(100.0, 2.0, 10000.0, "members", because("a year of a department"))
    greeting_days: float = number(14.0, 0.0, 365.0, "days", because("a newcomer contacts people within the first weeks"))
    suggestions: float = number(
        0.5,
        0.0,
        1.0,
        "share",
        because("nobody has published how much goes through suggestions: any share is possible"),
        between(0.0, 1.0, "any share is possible"),
    )
    attachment: float = number(0.6, 0.0, 2.0, "exponent", published("LinkedIn's exponent in Leskovec et al., KDD 2008"))
    contact_age: float = number(45.0, 1.0, 1000.0, "days", because("old ties were last in touch long ago"))


class Visibility(Section):
    """Whose profile comes up in a search: a lasting prominence, and who was about lately."""

    AT_START: ClassVar[Mapping[str, str]] = dict.fromkeys(("spread", "activity", "contacts"), DRAWN)

    spread: float = number(
        1.85,
        0.0,
        3.0,
        "sd of the log",
        because("first messages received are then about as unequal as in the message log"),
        between(0.8, 2.6, "profiles are looked at very unequally on every network"),
    )
    activity: float = number(0.6, 0.0, 0.7, "correlation with activity", because("who comes often shows more of themselves"))
    contacts: float = number(
        0.1,
        0.0,
        0.7,
        "correlation with contacts",
        because("with more, first messages would follow connections more than was measured"),
        between(0.0, 0.4, "who is well connected is hardly seen less, and most of what makes one seen is something else"),
    )
    recent: float = number(0.6, 0.0, 1.0, "share", because("lists put first who was about lately; nobody has published by how much"))
    half: float = number(0.25, 0.01, 1.0, "share of days", because("it is the usual member's share of days with a session"))
    half_life: float = number(7.0, 0.5, 100.0, "days", because("members remember about a week"))


class Relevance(Section):
    """What two members have to say to each other, about standard normal over random pairs, and how much of it a sender sees."""

    industry: float = number(1.0, 0.0, 4.0, "sd", because("the article says to connect within an industry"))
    seniority: float = number(-0.3, -2.0, 0.0, "sd a level apart", because("peers have more to say to each other"))
    fit: float = number(0.88, 0.0, 4.0, "sd of personal fit", because("random pairs then have an sd of 1"))
    competitor: float = number(-1.5, -6.0, 0.0, "sd", because("the article names competitors as a concern"))
    competitors: float = number(0.3, 0.0, 1.0, "share of equals in one industry", because("not every colleague competes directly"))
    centre: float = number(-0.3, -4.0, 4.0, "sd", because("random pairs of the baseline then average 0"))
    noise_stranger: float = number(1.0, 0.0, 4.0, "sd", because("the article says that strangers see no full profile"))
    noise_connected: float = number(0.2, 0.0, 4.0, "sd", because("a connection opens the full profile"))
    noise_half: float = number(2.0, 0.1, 50.0, "mutual connections", because("mutual contacts tell about a person: they halve the noise"))
