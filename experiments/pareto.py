"""Response against load over designs and limits: settings that nothing beats on both, confirmed on fresh luck."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments import record, runner
from experiments import statistics as stat
from experiments.answer import POINTS, figure
from experiments.compare import Request
from experiments.drawing import ARMS, STYLE, Figure, named, save
from experiments.inquiry import Inquiry, values_of
from experiments.ledger import Ledger
from experiments.levers import lever
from experiments.methods import fronts
from experiments.page import Page, Section, Table, write_findings
from experiments.study import COMMON, Point, Progress, Study
from sim.measures import MEASURES, PRIMARY
from sim.scenario import list_designs

if TYPE_CHECKING:
    import pandas as pd

    from experiments.study import Found

GOALS = (PRIMARY, "unwelcome_read")  # to be made large, and small
# what is searched: number, from, to. Ends are where a platform might set it; beyond, a limit binds nobody or everybody.
SEARCHED = (
    ("design.primary", -1.0, 1.0), ("design.friction", 0.0, 4.0), ("design.messages_a_day", 0.5, 10.0), ("design.invitations_a_week", 1.0, 50.0),
    ("design.credits_a_month", 0.0, 20.0), ("moderation.filter_strength", 0.0, 1.0),
)  # fmt: skip
POPULATION, PAIRS = 16, 2  # settings a generation; pairs on which the search judges one
CONFIRMED = 8  # settings of the front that are run again
SEARCH = 0.65  # share of the pairs that the search may use
FEWEST, MOST = 5, 20  # fresh pairs of a confirmation
FILES = (
    ("pareto.csv", "the confirmed front and the shipped designs: settings, both goals with intervals, what dominates what"),
    ("tried.csv", "every setting that the search tried, on its own luck"), ("scenario.toml", "the scenario, to run again"),
    ("provenance.json", "versions, seeds, command, machine, times"), ("ledger.sqlite", "the runs themselves: the same command goes on from there"),
)  # fmt: skip


class Setting(NamedTuple):
    """A design, or a setting of its numbers, on fresh luck."""

    name: str
    shipped: bool
    numbers: dict[str, float]
    seen: np.ndarray  # (pairs, 2): both goals

    def interval(self, goal: int) -> stat.Interval:
        """Return the mean of a goal with its interval."""
        return stat.mean_interval(self.seen[:, goal])

    def beats(self, other: Setting) -> bool:
        """Tell whether this dominates another: surely better on one goal, and on the other better or without a difference that matters.

        Paired, both intervals together 95%.
        """
        level = 1.0 - (1.0 - stat.LEVEL) / len(GOALS)
        words = []
        for k, name in enumerate(GOALS):
            difference = stat.paired_difference(self.seen[:, k], other.seen[:, k], level)
            words.append(stat.verdict(difference, MEASURES[name].smallest_effect, MEASURES[name].direction))
        return stat.BETTER in words and set(words) <= {stat.BETTER, stat.NO_DIFFERENCE}


@dataclass(frozen=True)
class Pareto:
    """What was found."""

    inquiry: Inquiry
    settings: list[Setting]  # confirmed, the shipped designs last
    tried: pd.DataFrame
    pairs: int

    @property
    def front(self) -> list[Setting]:
        """Return the settings that no other confirmed one dominates, the most responsive first."""
        free = [s for s in self.settings if not any(o.beats(s) for o in self.settings if o is not s)]
        return sorted(free, key=lambda s: -float(s.seen[:, 0].mean()))

    @property
    def beaten(self) -> dict[str, list[Setting]]:
        """Return what dominates each shipped design."""
        return {s.name: [o for o in self.settings if o.beats(s)] for s in self.settings if s.shipped}

    @property
    def answer(self) -> list[str]:
        """Return what was found in sentences."""
        best = self.front[0]
        one, load = (MEASURES[name].title.lower() for name in GOALS)
        first = (
            f"Among {len(self.tried)} settings tried, {len(self.front)} stand on the front after confirmation on {self.pairs} fresh pairs; the most "
            f"responsive has {one} of {figure(best.interval(0).estimate, 'share')} at {best.interval(1).estimate:.2f} {load}: {_words(best)}."
        )
        beaten = {name: found for name, found in self.beaten.items() if found}
        told = "; ".join(f"{named(name)} is dominated by {_listed([o.name for o in found])}" for name, found in beaten.items())
        free = [named(name) for name, found in self.beaten.items() if not found]
        second = f"Of the shipped designs, {told or 'none is dominated'}" + (
            f"; nothing dominates {_listed(free)}." if free and told else "."
        )
        return [first, second]

    @property
    def data(self) -> dict[str, Any]:
        """Return the result for programs."""
        rows = [{"name": s.name, "values": s.numbers, **{g: s.interval(k)._asdict() for k, g in enumerate(GOALS)}} for s in self.front]
        return {"front": rows, "dominated": {name: [o.name for o in found] for name, found in self.beaten.items()}}


def _words(s: Setting) -> str:
    if s.shipped:
        return f"the shipped {named(s.name)}"
    return ", ".join(f"{path.partition('.')[2].replace('_', ' ')} {value:.3g}" for path, value in s.numbers.items())


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def search(inquiry: Inquiry, folder: Path, ledger: Path | None, progress: Progress) -> Pareto:
    """Search settings, confirm the best on fresh luck, and write what was found."""
    started = time.time()
    base = inquiry.scenario.with_(design=inquiry.arm)
    with Ledger(ledger or folder / record.LEDGER) as book, runner.processes(inquiry.workers) as pool:

        def study(arms: dict[str, Any]) -> Study:
            request = Request(base, arms, next(iter(arms)), inquiry.seed, 2, workers=inquiry.workers)
            return Study(request, book, pool, inquiry.workers + 1, seeds=COMMON)

        designs = {name: inquiry.scenario.with_(design=name) for name in list_designs()}
        one = study({inquiry.arm: base})
        least = POPULATION * PAIRS * 2 + (CONFIRMED + len(designs)) * FEWEST
        affordable = inquiry.affordable(one, folder, least)
        generations = max(2, int(SEARCH * affordable) // (POPULATION * PAIRS))
        seek = _Seek(inquiry, one, lambda done: progress(done, affordable))
        x, goals = fronts.search(seek, [(low, high) for _, low, high in SEARCHED], POPULATION, generations, inquiry.seed, _start(designs))
        chosen = _spread(x, goals)
        rest = max(FEWEST, min(MOST, (affordable - seek.done) // (len(chosen) + len(designs))))
        points = [Point(10**6 + k, dict(zip(_paths(), map(float, x[at]), strict=True))) for k, at in enumerate(chosen, 1)]
        before = seek.done
        found = one.evaluate(points, PAIRS + rest, lambda done, _w: progress(min(affordable, before + done), affordable))
        settings = [
            Setting(f"setting {k}", False, point.values, _both(f, inquiry.arm)[PAIRS:])
            for k, (point, f) in enumerate(zip(points, found, strict=True), 1)
        ]
        for name, design in designs.items():
            seen = _both(study({name: design}).evaluate([Point(0, {})], PAIRS + rest)[0], name)
            settings.append(Setting(name, True, {path: lever(design, path).default for path in _paths()}, seen[PAIRS:]))
    progress(affordable, affordable)
    result = Pareto(inquiry, [_whole(s) for s in settings], _tried(x, goals), rest)
    _write(result, folder)
    inquiry.finish(folder, started)
    return result


def _paths() -> list[str]:
    return [path for path, _, _ in SEARCHED]


def _start(designs: dict[str, Any]) -> np.ndarray:
    """Return the shipped designs as settings, as far as the searched numbers tell them apart."""
    rows = [[min(max(lever(design, path).default, low), high) for path, low, high in SEARCHED] for design in designs.values()]
    return np.unique(np.array(rows, float), axis=0)


class _Seek:
    """Both goals of settings, to be made small, on the luck of the search."""

    def __init__(self, inquiry: Inquiry, study: Study, progress: Any) -> None:
        self.inquiry, self.study, self.progress, self.done, self.asked = inquiry, study, progress, 0, 0

    def __call__(self, x: np.ndarray) -> np.ndarray:
        points = [Point(self.asked + k, dict(zip(_paths(), map(float, row), strict=True))) for k, row in enumerate(x, 1)]
        before = self.done
        found = self.study.evaluate(points, PAIRS, lambda done, _wanted: self.progress(before + done))
        self.asked += len(points)
        self.done += len(points) * PAIRS
        means = np.array([_both(f, self.inquiry.arm).mean(axis=0) for f in found])
        return np.column_stack([-means[:, 0], means[:, 1]])


def _both(found: Found, arm: str) -> np.ndarray:
    return np.column_stack([values_of(found, arm, goal) for goal in GOALS])


def _whole(s: Setting) -> Setting:
    return s._replace(seen=s.seen[np.isfinite(s.seen).all(axis=1)])


def _spread(x: np.ndarray, goals: np.ndarray) -> list[int]:
    """Return some settings of the front, spread over it."""
    rows = fronts.front(goals)
    rows = rows[np.argsort(goals[rows, 1], kind="stable")]
    _, first = np.unique(x[rows], axis=0, return_index=True)
    rows = rows[np.sort(first)]
    at = np.unique(np.linspace(0, len(rows) - 1, min(CONFIRMED, len(rows))).round().astype(int))
    return [int(rows[k]) for k in at]


def _tried(x: np.ndarray, goals: np.ndarray) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(x, columns=_paths()).assign(**{GOALS[0]: -goals[:, 0], GOALS[1]: goals[:, 1]})


# what it leaves ------------------------------------------------------------------------------------------------------


def _write(r: Pareto, folder: Path) -> None:
    import pandas as pd

    record.write_table(folder / "tried.csv", r.tried)
    rows = []
    on_front = {s.name for s in r.front}
    for s in r.settings:
        row: dict[str, Any] = {"setting": s.name, "shipped": s.shipped, "front": s.name in on_front, **s.numbers}
        for k, goal in enumerate(GOALS):
            row |= dict(zip((goal, f"{goal}_low", f"{goal}_high"), s.interval(k), strict=True))
        rows.append(row | {"dominated_by": "; ".join(o.name for o in r.settings if o.beats(s))})
    record.write_table(folder / "pareto.csv", pd.DataFrame(rows))
    table = Table(
        "Confirmed settings and shipped designs", ["setting", *(p.partition(".")[2].replace("_", " ") for p in _paths()), "intent success", "unwelcome read", "dominated by"],
        [_row(r, s) for s in sorted(r.settings, key=lambda s: -float(s.seen[:, 0].mean()))],
    )  # fmt: skip
    lines = [
        (
            f"The search (NSGA-II) judged a setting on {PAIRS} pairs; what it chose was run again on {r.pairs} pairs that it had not seen, together with "
            "the shipped designs: luck that a search picks up is gone there."
        ),
        "A setting dominates another if it is surely better on one goal, and on the other better or without a difference that matters.",
    ]
    page = Page(
        "Which designs and limits bring response without load?", r.answer, _drawn(r, folder / "figures"), [Section("The settings", lines, tables=[table])],
        how=[*r.inquiry.how(f"{len(r.tried)} settings tried on {PAIRS} pairs each, {len(r.settings)} confirmed on {r.pairs}")], files=FILES,
    )  # fmt: skip
    write_findings(page, folder)


def _row(r: Pareto, s: Setting) -> list[str]:
    success, load = s.interval(0), s.interval(1)
    cells = [
        f"{100 * success.estimate:.1f}% ({100 * success.low:.1f} to {100 * success.high:.1f})",
        f"{load.estimate:.2f} ({load.low:.2f} to {load.high:.2f})",
    ]
    return [
        named(s.name),
        *(f"{v:.3g}" for v in s.numbers.values()),
        *cells,
        ", ".join(named(o.name) for o in r.settings if o.beats(s)) or "nothing",
    ]


def _drawn(r: Pareto, folder: Path) -> Figure:
    from matplotlib import rc_context
    from matplotlib.figure import Figure as Canvas

    with rc_context(STYLE):
        canvas = Canvas(figsize=(7.8, 5.2))
        ax = canvas.subplots()
        ax.plot(r.tried[GOALS[1]], POINTS * r.tried[GOALS[0]], ".", ms=4, color="#c9cdd3", label="tried")
        on_front = {s.name for s in r.front}
        for s in r.settings:
            success, load = s.interval(0), s.interval(1)
            colour = ARMS[1] if s.shipped else ARMS[0]
            ax.plot([load.low, load.high], [POINTS * success.estimate] * 2, color=colour, lw=1.2)
            ax.plot([load.estimate] * 2, [POINTS * success.low, POINTS * success.high], color=colour, lw=1.2)
            ax.plot(
                load.estimate,
                POINTS * success.estimate,
                "s" if s.shipped else "o",
                ms=6,
                color=colour,
                mfc=colour if s.name in on_front else "white",
            )
            ax.annotate(
                named(s.name), (load.estimate, POINTS * success.estimate), (6, 5), textcoords="offset points", fontsize=8.5, color="#222831"
            )
        ax.plot([], [], "o", color=ARMS[0], label="found, on fresh luck")
        ax.plot([], [], "s", color=ARMS[1], label="shipped design")
        ax.set(xlabel="unwelcome items read, a member and week", ylabel="intent success, %")
        ax.legend(fontsize=8.5)
        save(canvas, folder, "front")
    return Figure(
        "front", "Response against load",
        f"Better is up and to the left. Filled: nothing confirmed dominates it. Crosses are 95% intervals over {r.pairs} fresh pairs. {r.inquiry.size}.",
        "Scatter of intent success against unwelcome items read for settings tried, confirmed and shipped. " + r.answer[0],
    )  # fmt: skip
