"""The schema as a person reads it: a table of all numbers, and a scenario file to edit."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from sim.scenario.files import read_toml
from sim.scenario.library import HOME, list_designs, list_moderations, list_styles
from sim.scenario.parameters import SECTIONS
from sim.scenario.plausible import plausible
from sim.scenario.presets import Design, Moderation, Style
from sim.scenario.scenario import Scenario
from sim.scenario.validation import Limit, limits


def groups() -> dict[str, type[BaseModel]]:
    """Return all models with numbers, by the name of their table in a file."""
    return {"scenario": Scenario, **SECTIONS, "style": Style, "design": Design, "moderation": Moderation}


def parameter_table() -> list[dict[str, Any]]:
    """Return a row for each number: section, name, unit, bounds, default, source, and from where to where it may well lie, if assumed, and why."""
    return [
        {
            "section": section,
            "name": name,
            "unit": limit.unit,
            "low": limit.low,
            "high": limit.high,
            "default": limit.default,
            "source": limit.source,
            **_plausible(limit),
        }
        for section, model in groups().items()
        for name, limit in limits(model).items()
        if limit.kind is not str
    ]


def _plausible(limit: Limit) -> dict[str, Any]:
    found = plausible(limit, limit.default)
    return dict(zip(("plausible_low", "plausible_high", "plausible_why"), found or (None, None, ""), strict=True))


def commented_template() -> str:
    """Return a scenario file with every number at its default, and what else may be changed as comments."""
    base = read_toml(HOME / "baseline.toml")
    lines = [
        "# A scenario: edit what you like, delete what you do not; what is missing is as in the baseline.",
        "# After each number: unit, bounds, source. `firstcontact check FILE` finds mistakes.",
        "",
        '# name = "my scenario"  # in results; the name of this file if it is missing',
        *(_line(name, base[name], limit) for name, limit in limits(Scenario).items() if limit.kind is int),
        '# network_file = "contacts.csv"  # members and connections from a file beside this one',
        '# network_as = "log"  # how it is read, where its columns do not say it: "ties" or "log"',
        '# network_columns = "sender=1,recipient=2,time=3"  # by number or name, likewise',
        f"# Designs: {', '.join(list_designs())}, or a path to a TOML file.",
        f'design = "{base["design"]}"  # after the switch',
        f'warm_up_design = "{base["warm_up_design"]}"  # before the switch',
        'design_assignment = "member"  # or "community", "region", "network", "leiden", "ego", "day": to whom design_shares are dealt out',
        "",
        "[style_shares]  # names of styles, or paths in quotes to TOML files; they need not sum to 1",
        *(f"{name} = {share!r}" for name, share in base["style_shares"].items()),
        "",
        "# [design_shares]  # several designs at once, in place of `design`",
        "# message_first = 0.5",
        "# connect_first = 0.5",
        "",
        "# [decision]  # when a test (`firstcontact abtest`) ships the treatment; no run depends on it",
        '# better = ["partners"]  # the first must be better, at the level of 5%',
        "# [decision.no_worse]  # guardrails, each with its margin as a share of the control",
        "# unwelcome = 0.05",
        "# retention = 0.01",
    ]
    for section, rules in SECTIONS.items():
        lines += ["", *_heading(rules), f"[{section}]", *(_line(*item) for item in _defaults(rules))]
    lines += [
        "",
        "# Below, numbers of styles, designs and moderations: remove the # from a heading and a number.",
    ]
    examples = {"style": "seller", "design": "message_first", "moderation": "standard"}
    names = {"style": list_styles(), "design": list_designs(), "moderation": list_moderations()}
    models: dict[str, type[BaseModel]] = {"style": Style, "design": Design, "moderation": Moderation}
    for kind, model in models.items():
        lines += [
            "",
            f"# {', '.join(names[kind])}: all of them, or one",
            f"# [every_{kind}]",
            f"# [{kind}s.{examples[kind]}]",
            *(f"# {_line(*item)}" for item in _defaults(model)),
        ]
    return "\n".join(lines) + "\n"


def _heading(model: type[BaseModel]) -> list[str]:
    """Return a model's docstring as comments."""
    return [f"# {line.strip()}" for line in (model.__doc__ or "").strip().splitlines()]


def _defaults(model: type[BaseModel]) -> list[tuple[str, Any, Limit]]:
    return [(name, limit.default, limit) for name, limit in limits(model).items()]


def _line(name: str, value: Any, limit: Limit) -> str:
    """Return a number's line: value, unit, bounds, source."""
    if limit.kind is str:
        return f'{name} = "{value}"  # {", ".join(list_moderations())}, or a path to a TOML file'
    return f"{name} = {value!r}  # {limit.unit}; {limit.low:g} to {limit.high:.10g}; {limit.source}"
