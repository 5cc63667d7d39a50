"""What a worker does: a pair of runs, its records as bytes, and what went wrong as words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from experiments.runs.ledger import Record, measures_of, pack
from experiments.runs.processes import histories_of
from sim.version import model_version

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

LONGEST_ERROR = 300  # characters


class WrongModel(RuntimeError):  # noqa: N818  (it names the state of a worker)
    """The worker has another version of the model; its argument is that version."""


class Outcome(NamedTuple):
    """What became of the arms of a pair."""

    payloads: dict[str, bytes]  # packed records, measures alone
    errors: dict[str, str]


def run_job(arms: dict[str, Scenario], population_seed: int, seed: int, threads: int, version: str, *, apart: bool = False) -> Outcome:
    """Run the arms of a pair, each by itself if `apart`, so that one that fails does not take the others with it.

    Raises:
        WrongModel: if this worker's model is not `version`.
    """
    if model_version() != version:
        raise WrongModel(model_version())
    payloads: dict[str, bytes] = {}
    errors: dict[str, str] = {}
    for part in [{name: arm} for name, arm in arms.items()] if apart else [arms]:
        try:
            histories = histories_of(part, population_seed, seed, threads)
        except Exception as error:  # noqa: BLE001  (whatever went wrong with one run must not stop the rest)
            errors |= dict.fromkeys(part, f"{type(error).__name__}: {error}"[:LONGEST_ERROR])
        else:
            payloads |= {name: pack(Record(measures_of(history), {}, {})) for name, history in histories.items()}
    return Outcome(payloads, errors)
