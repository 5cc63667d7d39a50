"""What a worker does: the runs of a job, their records as bytes, and what went wrong as words."""

from __future__ import annotations

import traceback
from concurrent.futures import BrokenExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.runs.carried import unpacked
from experiments.runs.record import MEASURES_ALONE, Form, pack
from sim.errors import BadInput, MeasureFailed, must
from sim.results.measures import MEASURES
from sim.version import model_version

if TYPE_CHECKING:
    from sim.results.history import History
    from sim.results.measures import Catalogue
    from sim.scenario.scenario import Scenario

LONGEST_ERROR = 300  # characters, and where it happened


class WrongModel(RuntimeError):  # noqa: N818  (it names the state of a worker)
    """The worker has another version of the model; its argument is that version."""


def check_worker(version: str, here: str = "", wanted: str = "", what: str = "runs") -> None:
    """Refuse to work with another program than that of whoever asks.

    Args:
        version: of the model, that the one who asks has.
        here: by what this worker would read `what`: a digest.
        wanted: by what the one who asks reads it.
        what: a word for the message.

    Raises:
        WrongModel: if this worker's model is not `version`.
        BadInput: if `here` is not `wanted`.
    """
    if model_version() != version:
        raise WrongModel(model_version())
    if here != wanted:
        rule = f"read {what} as this command does, {wanted}: the same version of First Contact does"
        raise BadInput(must("", rule, here, where="every worker"))


class JobResult(NamedTuple):
    """What became of the arms of a job."""

    payloads: dict[str, bytes]  # packed records
    errors: dict[str, str]
    refused: str = ""  # what is wrong with a measure of one's own: to try again would help nobody


def run_job(
    arms: dict[str, Scenario],
    population_seed: int,
    seed: int,
    threads: int,
    version: str,
    *,
    form: Form = MEASURES_ALONE,
    base: Scenario | None = None,
    apart: bool = False,
) -> JobResult:
    """Run the arms of a pair, each by itself if `apart`, so that one that fails does not take the others with it.

    Args:
        arms: by name.
        population_seed: of members, network and arrivals.
        seed: of the dynamics.
        threads: a run.
        version: of the model, that the one who asks has.
        form: what is kept of each run, with measures of one's own as they travel.
        base: the scenario of the warm-up that all arms share, from which each departs at the switch; None if the arms say it.
        apart: whether each arm is run by itself.

    Raises:
        WrongModel: if this worker's model is not `version`.
    """
    check_worker(version)
    payloads: dict[str, bytes] = {}
    errors: dict[str, str] = {}
    for part in [{name: arm} for name, arm in arms.items()] if apart else [arms]:
        try:
            catalogue = unpacked(form.measures)
            histories = histories_of(part, population_seed, seed, threads, base=base, events=form.events, catalogue=catalogue)
            found = {name: pack(form.keep(history)) for name, history in histories.items()}
        except MeasureFailed as error:
            return JobResult(payloads, errors, f"{error}, in the run with population seed {population_seed} and seed {seed}")
        except Exception as error:  # noqa: BLE001  (whatever went wrong with one run must not stop the rest)
            errors |= dict.fromkeys(part, said_of(error))
        else:
            payloads |= found
    return JobResult(payloads, errors)


def said_of(error: Exception) -> str:
    """Return what went wrong with a run in one line, and where: a worker's stack does not travel."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = "".join(f" ({Path(frame.filename).name}, line {frame.lineno})" for frame in last)
    return f"{type(error).__name__}: {error}"[:LONGEST_ERROR] + where


def histories_of(
    arms: dict[str, Scenario],
    population_seed: int,
    seed: int,
    threads: int,
    *,
    base: Scenario | None = None,
    events: bool = False,
    catalogue: Catalogue = MEASURES,
) -> dict[str, History]:
    """Return a history of each arm: on the warm-up of `base`, or on one of their own where only the designs differ."""
    from sim.simulation import simulate, simulate_arms

    how: Any = {"threads": threads, "events": events, "measures": catalogue}
    if base is not None:
        found = simulate_arms(base, list(arms.values()), seed, population_seed, **how)
        return dict(zip(arms, found, strict=True))
    if _only_designs_differ(arms):
        designs = [arm.designs[arm.design] for arm in arms.values()]
        found = simulate_arms(next(iter(arms.values())), designs, seed, population_seed, **how)
        return dict(zip(arms, found, strict=True))
    return {name: simulate(arm, seed, population_seed, **how) for name, arm in arms.items()}


def _only_designs_differ(arms: dict[str, Scenario]) -> bool:
    """Tell whether one warm-up serves all arms."""
    plain = {arm.model_dump_json(exclude={"name", "design", "designs"}) for arm in arms.values()}
    warm = {arm.designs[arm.warm_up_design].model_dump_json() for arm in arms.values()}
    return len(plain) == len(warm) == 1


def died(error: BaseException) -> bool:
    """Tell whether a job was lost with its worker; Dask has an error of its own for it."""
    return isinstance(error, BrokenExecutor) or type(error).__name__ == "KilledWorker"
