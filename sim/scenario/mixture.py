"""Several designs in one population: who is dealt which, which of two members' designs a pair has, and what cannot be told apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

from sim.scenario.validation import Problems, shown

# Whom a design is dealt out to: each member, each industry, each region; each community of the network at the switch ("network" by
# Louvain's method, "leiden" by that of Leiden), or each ego with its contacts; all members together, block of days by block.
Assignment = Literal["member", "community", "region", "network", "leiden", "ego", "day"]
ASSIGNMENTS: tuple[str, ...] = get_args(Assignment)
# Whose design a pair has: of whoever looks at a profile, of whoever is looked at; of the two arms of both, the one that is tried if both
# have it, or if either has it (multiple randomisation designs: Bajari et al. 2021, arXiv 2112.13495).
PairRule = Literal["viewer", "profile", "both", "either"]
PAIR_RULES: tuple[str, ...] = get_args(PairRule)
VIEWER, PROFILE, BOTH, EITHER = PAIR_RULES
TWO_ARMED = (BOTH, EITHER)  # rules under which a member has an arm as a viewer, and another as a profile
OF_A_SENDER = ("messages_a_day", "invitations_a_week", "credits_a_month", "credit_refund", "connection_cap", "moderation")
BY_NETWORK = ("network", "leiden", "ego")
Strata = Literal["style"]  # by what members are parted, in each of whose groups the shares are kept
STRATA: tuple[str, ...] = get_args(Strata)
KEYS = ("design_pair", "design_draw", "design_strata", "design_block", "design_ramp")  # of a scenario; left out where they say nothing
SHORTEST_BLOCK, LONGEST_BLOCK, MOST_STEPS, LARGEST_DRAW = 1, 1000, 100, 2**63 - 1
RIGHT = {  # what would be right, in words that follow "must be"
    "design_pair": f"one of {', '.join(PAIR_RULES)}",
    "design_draw": "a whole number from 0 to 2**63 - 1 (seed of who is dealt which design)",
    "design_strata": f"one of {', '.join(STRATA)}",
    "design_block": f"a whole number from {SHORTEST_BLOCK} to {LONGEST_BLOCK} (days of a block, or of a step)",
    "design_ramp": f"1 to {MOST_STEPS} shares from 0 to 1 that do not fall, such as [0.01, 0.05, 0.5, 1.0]",
}


def without(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table of values without its mixture of designs: `design` then holds for all."""
    return {key: value for key, value in table.items() if key not in KEYS} | {"design_shares": {}}


def told(table: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    """Return what a table says of how its designs are mixed, as far as it is right; note every mistake."""
    found = {key: table[key] for key in KEYS if table.get(key) not in (None, [], ())}
    if not table.get("design_shares"):
        for key in [key for key, value in found.items() if not (key == "design_pair" and value == VIEWER)]:
            problems.add(key, shown(found[key]), "left out without `design_shares`")
        return {}
    for key in [key for key, value in found.items() if not _is_right(key, value)]:
        problems.add(key, shown(found.pop(key)), RIGHT[key])
    if "design_ramp" in found:
        found["design_ramp"] = [float(share) for share in found["design_ramp"]]
    return found


def _is_right(key: str, value: object) -> bool:
    if key == "design_pair":
        return value in PAIR_RULES
    if key == "design_ramp":
        return _is_ramp(value)
    if key == "design_strata":
        return value in STRATA
    return _is_whole(value, 0, LARGEST_DRAW) if key == "design_draw" else _is_whole(value, SHORTEST_BLOCK, LONGEST_BLOCK)


def _is_whole(x: object, low: int, high: int) -> bool:
    return isinstance(x, int) and not isinstance(x, bool) and low <= x <= high


def _is_ramp(x: object) -> bool:
    if not isinstance(x, list | tuple) or not 1 <= len(x) <= MOST_STEPS:
        return False
    if not all(isinstance(share, int | float) and not isinstance(share, bool) and 0.0 <= share <= 1.0 for share in x):
        return False
    return list(x) == sorted(x)


def check(values: Mapping[str, Any], problems: Problems) -> None:
    """Note what does not go together in complete values of a scenario that mixes designs.

    Args:
        values: with `design_shares`, `designs` and `design` by name.
        problems: where mistakes are noted.
    """
    shares, assignment = values.get("design_shares") or {}, values.get("design_assignment", "member")
    rule, ramp = values.get("design_pair", VIEWER), values.get("design_ramp")
    if not shares:
        if assignment == "day":
            problems.add("design_assignment", "'day'", "left out without `design_shares`")
        return
    used = [name for name, share in shares.items() if share > 0.0]
    needs_two = f"`design_pair` is {rule!r}" if rule in TWO_ARMED else "there is a `design_ramp`" if ramp else ""
    if needs_two and (len(used) != 2 or values.get("design") not in used):
        problems.add("design_shares", shown(used), f"two designs, with `design` the one that is tried, where {needs_two}")
    if assignment == "day" and (len(used) != 2 or len({shares[name] for name in used}) != 1):
        problems.add("design_shares", shown(shares), "two designs of equal share, where they take turns by day")
    if assignment == "day" and (ramp or rule != VIEWER):
        problems.add("design_assignment", "'day'", "used without `design_ramp` and `design_pair`: all members change together")
    if rule in TWO_ARMED and (assignment != "member" or ramp):
        problems.add("design_pair", shown(rule), "used with design_assignment 'member' and no `design_ramp`: each member has two arms")
    if values.get("design_strata") and assignment != "member":
        problems.add("design_strata", shown(values["design_strata"]), "left out unless designs are dealt out member by member")
    if values.get("design_block") and assignment != "day" and not ramp:
        problems.add("design_block", shown(values["design_block"]), "left out without `design_ramp` and design_assignment 'day'")
    if rule != VIEWER:
        _check_senders(rule, {name: values["designs"][name] for name in used if name in values["designs"]}, problems)


def _check_senders(rule: str, designs: Mapping[str, Any], problems: Problems) -> None:
    """Note numbers of senders that differ between designs: a limit of a sender cannot depend on whose profile is looked at."""
    for key in OF_A_SENDER:
        found = {name: getattr(design, key) for name, design in designs.items()}
        if len(set(found.values())) > 1:
            name, value = list(found.items())[-1]
            why = f"the same in all designs that are mixed by {rule!r}: it limits a sender, whoever is written to"
            problems.add(f"designs.{name}.{key}", shown(value), why)


def says_more(scenario: Any) -> bool:
    """Tell whether an item's designs are more than those that its two members have: they change by day, or each has two."""
    turns = scenario.design_assignment == "day" or bool(scenario.design_ramp)
    return bool(scenario.design_shares) and (turns or scenario.design_pair in TWO_ARMED)


def pairing(names: tuple[str, ...], rule: str, tried: str) -> list[list[int]]:
    """Return which design a pair has: a row for the viewer's, a column for the profile's, all as places in `names`.

    Args:
        names: of all designs.
        rule: one of PAIR_RULES.
        tried: the design that is tried, for "both" and "either".
    """
    treatment = names.index(tried)

    def of(viewer: int, profile: int) -> int:
        if rule == VIEWER or viewer == profile:
            return viewer
        if rule == PROFILE or treatment not in (viewer, profile):
            return profile if rule == PROFILE else viewer
        other = viewer if profile == treatment else profile
        return treatment if rule == EITHER else other

    return [[of(viewer, profile) for profile in range(len(names))] for viewer in range(len(names))]
