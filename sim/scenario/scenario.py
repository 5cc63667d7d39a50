"""A scenario: everything that a run needs to know but its seeds, validated and frozen."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sized
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from sim.notebook import html_table
from sim.scenario import mixture
from sim.scenario.decision import Decision
from sim.scenario.difference import changed_from
from sim.scenario.fields import because, whole
from sim.scenario.files import digest, read_toml
from sim.scenario.library import COLLECTIONS, DESIGNS, HOME, NAME, STYLES, scenario_path
from sim.scenario.members import Network, Population, Relevance, Visibility
from sim.scenario.overrides import keep, patch
from sim.scenario.parameters import (
    SECTIONS,
    Attention,
    Feed,
    Invitation,
    Learning,
    Length,
    Outreach,
    Quality,
    Reply,
    Sessions,
    Thread,
    Tie,
    Unwelcome,
)
from sim.scenario.presets import Design, Moderation, Style
from sim.scenario.resolve import LONGEST_RUN, NETWORK_KEYS, assemble
from sim.scenario.rows import PlainRows, Rows, namespaces, plain_rows, records
from sim.scenario.validation import Problems, plain, shown

MOST_SHOWN = 25  # rows of a table in a notebook


class Scenario(BaseModel):
    """One population, one set of rules, one design after the switch. `load_scenario` makes one.

    Frozen, and one value: it cannot be iterated over, so that Mesa's `batch_run` takes it as a parameter as it is.

    Raises:
        BadInput: from its methods, for a change that cannot be.

    >>> from sim import load_scenario
    >>> load_scenario("baseline").with_(members=300, days=90)
    <Scenario 'baseline': 300 members, 180 + 90 days, design message_first>
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    __iter__ = None  # type: ignore[assignment]  # see above

    name: str = "scenario"
    members: int = whole(2000, 0, 5_000_000, "members at the start", because("20 pairs take under a minute"))
    days: int = whole(180, 0, 10_000, "days after the switch", because("windows of 60 days need several"))
    warm_up: int = whole(180, 0, 10_000, "days before the switch", because("a tie halves six times in it, so that the start is forgotten"))
    network_file: str | None = None  # the members at the start are then those of the file
    network_as: Literal["ties", "log"] | None = None  # how it is read, found out unless given
    network_columns: str | None = None  # likewise: "sender=1,recipient=2,time=3", by number or name
    design: str = "message_first"  # holds for all after the switch
    warm_up_design: str = "both_equal"
    design_assignment: mixture.Assignment = "member"  # to whom designs are dealt out
    style_shares: dict[str, float]  # need not sum to one
    design_shares: dict[str, float] = {}  # several designs at once take the place of `design`
    design_pair: mixture.PairRule = "viewer"  # whose design a pair has; `design` is the one that is tried
    design_draw: int | None = None  # seed of who is dealt which; the population's unless given
    design_strata: mixture.Strata | None = None  # within which of members' groups the shares are kept
    design_block: int | None = None  # days of a block, or of a step of the ramp; a week unless given
    design_ramp: list[float] = []  # shares of members under `design`, step by step
    decision: Decision = Decision()  # when a design is shipped after a test
    population: Population = Population()
    network: Network = Network()
    visibility: Visibility = Visibility()
    relevance: Relevance = Relevance()
    outreach: Outreach = Outreach()
    quality: Quality = Quality()
    length: Length = Length()
    reply: Reply = Reply()
    invitation: Invitation = Invitation()
    unwelcome: Unwelcome = Unwelcome()
    attention: Attention = Attention()
    sessions: Sessions = Sessions()
    thread: Thread = Thread()
    tie: Tie = Tie()
    feed: Feed = Feed()
    learning: Learning = Learning()
    every_style: dict[str, int | float] = {}  # also for those that come in later
    every_design: dict[str, int | float | str] = {}
    every_moderation: dict[str, int | float] = {}
    styles: dict[str, Style]
    designs: dict[str, Design]
    moderations: dict[str, Moderation]

    @model_validator(mode="after")
    def _fits_together(self) -> Scenario:
        if self.warm_up + self.days > LONGEST_RUN:
            raise ValueError(f"warm_up + days must be at most {LONGEST_RUN}")
        if set(self.styles) != set(self.style_shares) or not sum(self.style_shares.values()) > 0.0:
            raise ValueError("styles must be those of style_shares, and these above 0 together")
        if not {self.design, self.warm_up_design, *self.design_shares} <= set(self.designs):
            raise ValueError("designs must hold every design that is named")
        if not {design.moderation for design in self.designs.values()} <= set(self.moderations):
            raise ValueError("moderations must hold every moderation that a design names")
        return self

    @property
    def style_names(self) -> tuple[str, ...]:
        """Names of the styles in the order of their rows."""
        return tuple(sorted(self.styles))

    @property
    def design_names(self) -> tuple[str, ...]:
        """Names of the designs in the order of their rows."""
        return tuple(sorted(self.designs))

    @property
    def moderation_names(self) -> tuple[str, ...]:
        """Names of the moderations in the order of their rows."""
        return tuple(sorted(self.moderations))

    def _headline(self) -> str:
        """Return in a line how large it is, for how long, and under what."""
        who = f"{self.members} members"
        if self.network_file is not None:
            who = f"the members of {plain(Path(self.network_file).name)}"
        under = " and ".join(sorted(self.design_shares)) or self.design
        several = "s" if self.design_shares else ""
        return f"{who}, {self.warm_up} + {self.days} days, design{several} {plain(under, 120)}"

    def __repr__(self) -> str:
        return f"<Scenario '{plain(self.name)}': {self._headline()}>"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        """Return what one would look at first: size, days, design, and every value that is not the baseline's."""
        rows = changed_from(load_scenario("baseline").table(), self.table())
        more = [(f"and {len(rows) - MOST_SHOWN} more", "", "")] if len(rows) > MOST_SHOWN else []
        caption = f"Scenario {self.name}: {self._headline()}"
        return html_table(caption, [*rows[:MOST_SHOWN], *more], ("differs from the baseline", "here", "baseline"))

    def with_(self, **changes: Any) -> Scenario:
        """Return a copy with other values. Numbers of NumPy and pandas are taken, and whole floats for whole numbers.

        Args:
            changes: fields by name (`members=500`, `design="connect_first"`), and single numbers by dotted
                key (`**{"reply.base": -2.5}`): `every_style.X`, `every_design.X` and `every_moderation.X` set
                a number for all, those to come included (`style.X` and `moderation.X` say the same),
                `design.X` in the design (or designs) after the switch, `styles.NAME.X`, `designs.NAME.X` and
                `moderations.NAME.X` in one. Paths are relative to the current folder. Where a design or style is named, a
                `Design` or `Style` may stand itself: `design=Design(...)`, `style_shares={Style(...): 1.0}`.

        Raises:
            BadInput: for unknown keys and values out of bounds, all of them.

        >>> from sim import load_scenario
        >>> load_scenario().with_(members=60.0, **{"reply.base": -2.5}).reply.base
        -2.5
        >>> load_scenario().with_(members=60.5)
        Traceback (most recent call last):
        sim.scenario.validation.Mistakes: `members` must be a whole number from 0 to 5000000 (members at the start) (got 60.5)
        """
        problems = Problems()
        table = patch(self.table(), changes, problems)
        if table.get("network_file") is not None and "members" in changes:
            problems.add("members", shown(changes["members"]), "left out: the network file says who is there")
        problems.raise_if_any()
        return _built(table, Path.cwd(), problems)

    def with_design(self, design: str | Path | Design, name: str | None = None) -> Scenario:
        """Return a copy in which one design holds for all after the switch.

        Args:
            design: a name, a path to a TOML file, or a design, which is taken as it is.
            name: what to call a design that is given itself.

        Raises:
            BadInput: if there is no such design.

        >>> from sim import load_scenario
        >>> load_scenario().with_design("connect_first").design
        'connect_first'
        """
        if not isinstance(design, Design):
            return self.with_(design=design)
        table = self.table()
        problems = Problems()
        _check_name(name, problems)
        if name == self.warm_up_design and self.designs[name] != design:
            problems.add("design", f"a second design called {shown(name)}", "called by another name than the warm-up's")
            problems.raise_if_any()
        name = keep(table, DESIGNS, design, name)
        return _built(mixture.without(table) | {"design": name}, Path.cwd(), problems)

    def with_style(self, style: str | Path | Style, share: float, name: str | None = None) -> Scenario:
        """Return a copy in which a style has a share of the members; the others keep theirs, and shares need not sum to one.

        Args:
            style: a name, a path to a TOML file, or a style, which is taken as it is.
            share: its weight among all shares; with 0 nobody has it.
            name: what to call a style that is given itself.

        Raises:
            BadInput: if there is no such style, another one of its name is there, or the share cannot be.

        Example:
            >>> from sim import Style, load_scenario
            >>> patient = Style(intents=0.5, follow_ups=2)
            >>> load_scenario().with_style(patient, share=0.1, name="patient").styles["patient"].follow_ups
            2
        """
        table = self.table()
        problems = Problems()
        if isinstance(style, Style):
            _check_name(name, problems)
            if name in self.styles and self.styles[name] != style:
                problems.add("style", f"a second style called {shown(name)}", "called by another name than one that has a share")
                problems.raise_if_any()
            reference = keep(table, STYLES, style, name)
        else:
            reference = str(style)
        shares = {**table["style_shares"], reference: share}
        return _built(table | {"style_shares": shares}, Path.cwd(), problems)

    def table(self) -> dict[str, Any]:
        """Return everything as plain values, in the order in which a file lists it."""
        values = self.model_dump()
        for collection in COLLECTIONS.values():
            values[collection.table] = dict(sorted(values[collection.table].items()))
        left_out = {key for key in NETWORK_KEYS if values[key] is None}
        left_out |= {"design_shares", *mixture.KEYS[1:], *(f"every_{kind}" for kind in COLLECTIONS)}
        if self.design_pair == mixture.VIEWER:
            del values["design_pair"]
        values["decision"] = {key: value for key, value in values["decision"].items() if value}
        left_out.add("decision")
        return {key: value for key, value in values.items() if key not in left_out or not _is_empty(value)}

    def to_toml(self) -> str:
        """Return a complete scenario file; `load_scenario` makes the same scenario of it."""
        import tomli_w

        return tomli_w.dumps(self.table())

    def canonical_json(self) -> str:
        """Return all that a run's numbers depend on, always in the same form; of a network file, its content.

        The scenario's name and designs that are not in use are left out: they make no difference to a run.

        Raises:
            BadInput: if the network file cannot be read.
        """
        used = {self.warm_up_design, *(self.design_shares or [self.design])}
        values = self.model_dump(exclude={"name", "decision", "every_style", "every_design", "every_moderation"})
        values["designs"] = {name: values["designs"][name] for name in used}
        rules = {design["moderation"] for design in values["designs"].values()}
        values["moderations"] = {name: values["moderations"][name] for name in rules}
        if self.design_shares and self.design_pair not in mixture.TWO_ARMED and not self.design_ramp:
            values["design"] = None
        for key in mixture.KEYS:  # left out where it says nothing
            if not self.design_shares or values[key] in (None, [], mixture.VIEWER):
                del values[key]
        if self.network_file is not None:
            values["members"] = None
            values["network_file"] = digest(self.network_file)
        for key in NETWORK_KEYS[1:]:  # left out where nothing is told
            if values[key] is None:
                del values[key]
        return json.dumps(values, sort_keys=True, separators=(",", ":"))

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """Return the JSON schema of a complete scenario."""
        return cls.model_json_schema()

    def rows(self) -> Rows:
        """Return all numbers as rows of float64 columns, for compiled code."""
        return records(self._plain_rows(), self._pairing())

    def namespaces(self) -> Rows:
        """Return the same as lists of namespaces with Python floats, for plain Python."""
        return namespaces(self._plain_rows(), self._pairing())

    def _pairing(self) -> list[list[int]]:
        return mixture.pairing(self.design_names, self.design_pair, self.design)

    def _plain_rows(self) -> PlainRows:
        """Return all numbers as dicts, entries in the order of their names."""
        return plain_rows(
            {name: getattr(self, name) for name in SECTIONS},
            {name: self.styles[name] for name in self.style_names},
            {name: self.designs[name] for name in self.design_names},
            {name: self.moderations[name] for name in self.moderation_names},
        )


def load_scenario(source: str | Path = "baseline", **overrides: Any) -> Scenario:
    """Return the scenario of a TOML file or of a shipped name.

    Args:
        source: path, or "baseline" or "neutral". What the file leaves out is taken from the baseline.
        overrides: as for `Scenario.with_`; None means no override.

    Raises:
        BadInput: with every mistake in `mistakes`; its text is one line.

    >>> from sim import load_scenario
    >>> load_scenario("neutral", members=200, warm_up=0)
    <Scenario 'neutral': 200 members, 0 + 180 days, design message_first>
    """
    path = scenario_path(source)
    problems = Problems(str(source))
    table = read_toml(path)
    base = read_toml(HOME / "baseline.toml")
    base["name"] = path.stem if NAME.fullmatch(path.stem) else "scenario"
    scenario = _built(base | table, path.absolute().parent, problems)
    changes = {key: value for key, value in overrides.items() if value is not None}
    return scenario.with_(**changes) if changes else scenario


def _is_empty(value: object) -> bool:
    """Tell whether a value of a table says nothing: none is given, or nothing is in it. A number says something, 0 as well."""
    return value is None or (isinstance(value, Sized) and len(value) == 0)


def _check_name(name: str | None, problems: Problems) -> None:
    """Refuse what cannot be the name of a style or design.

    Raises:
        BadInput: with what can.
    """
    if name is not None and not NAME.fullmatch(str(name)):
        problems.add("name", shown(name), "1 to 60 letters, digits, spaces, _ or -")
        problems.raise_if_any()


def _built(table: Mapping[str, Any], folder: Path, problems: Problems) -> Scenario:
    """Return the scenario that a table of values describes."""
    values = assemble(table, folder, Scenario, problems)
    problems.raise_if_any()
    try:
        return Scenario(**values)
    except ValidationError as error:
        for problem in error.errors(include_url=False):
            problems.add(".".join(map(str, problem["loc"])), shown(problem["input"]), problem["msg"])
    problems.raise_if_any()
    raise AssertionError
