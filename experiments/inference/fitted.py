"""What a calibration's folder says of its draws: which scenario they are of, what they were held to, and how much that says of each number."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.defaults import WORLDS
from experiments.inference.bank import asked_at, bank_of, make, still_for
from experiments.inference.data import Data
from experiments.inference.posterior import MISSES
from experiments.inference.prior import Prior, expit, logit, prior_of
from experiments.inference.runner import FURTHER, NEAR
from experiments.inference.summaries import SummaryScheduler
from experiments.methods.conditioned import conditioned
from experiments.reporting.run_folder import SCENARIO, read_table
from experiments.runs.streams import CONDITIONED
from sim.errors import BadInput, must
from sim.scenario.scenario import load_scenario

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.inference.calibration import Question
    from experiments.runs.scheduler import Progress, Scheduler
    from sim.scenario.scenario import Scenario

FIT = "fit.json"
NOTHING = "nothing"  # what the data say of a number that they do not constrain
LITTLE_TOLD = (
    "These worlds differ as much as they should, but what was measured narrows few of their numbers: a range over them is hardly narrower than "
    "the assumptions leave it."
)


class Fitted(NamedTuple):
    """What draws were fitted to."""

    scenario: Scenario  # that was calibrated
    data: Data  # the figures; the error of each holds the noise of a run
    prior: Prior
    members: int  # of each run that is held to the figures
    sizes: tuple[int, ...]  # at which the draws were held to the figures
    seed: int
    constrained: frozenset[str]  # paths of the numbers of which the data say something
    passed: bool  # whether all gates were
    sound: bool  # whether worlds differ as much as they should, however little the data say
    bank_members: int  # of each run of the bank
    shift: int  # draws of it that were run at the scenario's own size, too
    keep: int  # worlds that were wanted: as many, or fewer where fewer fit
    showing: int | None = None  # draws that show all figures; None where that was not noted
    ran: np.ndarray | None = None  # (runs, numbers) at which runs were held to the figures, by the prior; None where they are not beside


def fit_facts(question: Question, *, passed: bool, sound: bool, showing: int) -> str:
    """Return what `fit.json` says of a calibration, beside its tables."""
    data = question.data
    facts = {
        "source": data.source,
        "design": question.still.design,
        "members": question.size,
        "sizes": [question.size],
        "bank_members": question.members,
        "shift": question.shift,
        "keep": question.keep,
        "seed": question.seed,
        "warm_up": data.warm_up,
        "days": data.days,
        "window": list(data.window),
        "passed": passed,
        "sound": sound,
        "showing": showing,
    }
    return json.dumps(facts, indent=2) + "\n"


def read_fitted(folder: Path) -> Fitted | None:
    """Return what the folder of a calibration says; None if it is none.

    Raises:
        BadInput: if it cannot be read, naming the file.
    """
    if not (folder / FIT).is_file():
        return None
    try:
        facts = json.loads((folder / FIT).read_text(encoding="utf-8"))
        figures, numbers = (read_table((folder / name).read_bytes()) for name in ("figures.csv", "parameters.csv"))
        scenario = load_scenario(folder / SCENARIO)
        error = np.hypot(figures.error.to_numpy(float), figures.noise.to_numpy(float))
        data = Data(
            kind="fit",
            source=str(facts["source"]),
            names=tuple(figures.figure),
            titles=tuple(figures.title),
            units=tuple(figures.unit),
            values=figures.observed.to_numpy(float),
            covariance=np.diag(error**2),
            design=str(facts["design"]),
            warm_up=int(facts["warm_up"]),
            days=int(facts["days"]),
            window=(float(facts["window"][0]), float(facts["window"][1])),
        )
        paths = list(map(str, numbers.parameter))
        prior = prior_of(scenario, paths)
        constrained = frozenset(path for path, said in zip(paths, numbers.said, strict=True) if said != NOTHING)
        sizes = tuple(map(int, facts["sizes"]))
        held: dict[str, Any] = {
            "passed": bool(facts["passed"]),
            "sound": bool(facts.get("sound", facts["passed"])),
        }  # older ones say the first alone
        held |= {"bank_members": int(facts.get("bank_members", facts["members"])), "shift": int(facts.get("shift", 0))}
        held["keep"] = int(facts.get("keep", WORLDS))
        held["showing"] = int(facts["showing"]) if "showing" in facts else None
        held["ran"] = read_table((folder / FURTHER).read_bytes())[paths].to_numpy(float) if (folder / FURTHER).is_file() else None
        return Fitted(scenario, data, prior, int(facts["members"]), sizes, int(facts["seed"]), constrained, **held)
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, tomllib.TOMLDecodeError) as error:
        told = f"one in which something is missing or broken: {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
        raise BadInput(must("--draws", "be of a calibration's folder as it was written", told, where=folder)) from None


def strangers(fitted: Fitted, names: Sequence[str], values: np.ndarray) -> int:
    """Return how many of these draws were not run when others were fitted; none where the runs are not beside. Arguments as of `given`."""
    if fitted.ran is None:
        return 0
    order = [list(names).index(one.path) for one in fitted.prior.turned]
    return sum(not np.isclose(fitted.ran, row, rtol=NEAR, atol=0.0).all(axis=1).any() for row in values[:, order])


class Given(NamedTuple):
    """Draws given some of their numbers."""

    rows: np.ndarray  # of the draws that are near
    values: np.ndarray  # (near, numbers) in their units, moved


def given(fitted: Fitted, names: Sequence[str], values: np.ndarray, wanted: Mapping[str, float]) -> Given:
    """Return the draws that are near to numbers that are wanted, moved.

    Args:
        fitted: what they were fitted to.
        names: of the numbers that were drawn, all of the prior.
        values: (draws, numbers) in their units.
        wanted: numbers by path, each of those drawn.
    """
    prior = _in_order(fitted.prior, names)
    places = np.array([list(names).index(path) for path in wanted])
    target = values[:1].copy()
    target[0, places] = list(wanted.values())
    unit = prior.unit(target)[0, places]
    if ((unit < 0.0) | (unit > 1.0)).any():  # beyond its range no draw is near
        return Given(np.zeros(0, int), values[:0])
    found = conditioned(logit(prior.unit(values)), places, logit(unit))
    moved = prior.values(expit(found.z))
    moved[:, places] = list(wanted.values())
    return Given(found.rows, moved)


def _in_order(prior: Prior, names: Sequence[str]) -> Prior:
    known = {one.path: one for one in prior.turned}
    return prior._replace(turned=tuple(known[name] for name in names))


def missed_again(
    fitted: Fitted, names: Sequence[str], values: np.ndarray, numbers: Sequence[int], scheduler: Scheduler, progress: Progress
) -> np.ndarray:
    """Run draws once more as the calibration did, and return by how many standard errors each misses the figure it misses most: (draws,).

    Args:
        fitted: what they are held to.
        names: of the numbers.
        values: (draws, numbers) in their units.
        numbers: of the draws, which give their seeds.
        scheduler: with the ledger, and what makes runs.
        progress: is told how many are done, of how many.

    Returns:
        Infinite where a run lacks a figure or failed.
    """
    still, prior = still_for(fitted.scenario, fitted.data, fitted.members), _in_order(fitted.prior, names)
    wanted = [
        asked_at(still, fitted.data, prior, row[None, :], fitted.seed, CONDITIONED + number)[0]
        for row, number in zip(values, numbers, strict=True)
    ]
    makes: Any = SummaryScheduler(scheduler.ledger, scheduler.executor, scheduler.ahead)
    make(wanted, makes, progress)
    seen = bank_of(wanted, values, makes).summaries(fitted.data.names)
    off = np.abs(seen - fitted.data.values) / fitted.data.errors
    found: np.ndarray = np.nan_to_num(off, nan=np.inf).max(axis=1)
    return found


def fits(missed: np.ndarray) -> np.ndarray:
    """Tell which draws miss no figure by more than a calibration allows: (draws,)."""
    found: np.ndarray = missed <= MISSES
    return found
