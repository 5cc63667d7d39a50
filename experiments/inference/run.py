"""Calibrate: the door, for the command and from Python."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments import defaults
from experiments.arguments import Place, asked, checked_seed, minutes_of, path_of, scenario_of, spoken, whole
from experiments.calibration.describe import described_log
from experiments.calibration.export import read_export
from experiments.inference import report
from experiments.inference.bank import Clock
from experiments.inference.calibration import Calibration, Question, calibrated
from experiments.inference.data import Data, data_of_file, data_of_log, shipped_data
from experiments.inference.prior import prior_of, screenable
from experiments.inference.runner import read_earlier
from experiments.inference.screening import Screening, screening
from experiments.inference.summaries import SummaryScheduler, reading
from experiments.methods.abc import EXTRA
from experiments.optional_imports import needs
from experiments.reporting import run_folder
from experiments.reporting.progress import Shown
from experiments.reporting.result import Result, Stopwatch
from experiments.reporting.workplace import folder_asked, workplace
from experiments.runs.executors import executor
from experiments.runs.keys import members_of, scenario_digest
from experiments.runs.ledger import Ledger
from experiments.runs.processes import workers_of
from experiments.runs.streams import SHIFTED
from sim.errors import BadInput, must
from sim.version import model_version

if TYPE_CHECKING:
    import pandas as pd

    from experiments.reporting.style import Drawing
    from experiments.runs.dask_cluster import Address
    from sim.scenario.scenario import Scenario

BUDGET = "budget.json"


class CalibrationResult(Result):
    """The worlds that fit."""

    found: Calibration

    @property
    def question(self) -> str:
        """Return the question that it answers."""
        return report.question(self.found)

    @property
    def answer(self) -> list[str]:
        """Return how many worlds fit, what the data say and do not say, and whether gates are passed."""
        return spoken(report.answer(self.found))

    @property
    def summary(self) -> pd.DataFrame:
        """Return a row a number that is turned: its range, its posterior, and how much the data narrow it."""
        return report.parameters(self.found)

    @property
    def draws(self) -> pd.DataFrame:
        """Return the draws that fit: a row a world, a column a number."""
        return report.draws(self.found)

    @property
    def passed(self) -> bool:
        """Tell whether all gates are passed."""
        return report.passed(self.found)

    @property
    def data(self) -> dict[str, Any]:
        """Return the result as plain values, as `--json` prints it."""
        return report.data(self.found)

    @property
    def _drawings(self) -> Mapping[str, Drawing]:
        return report.DRAWINGS

    def _put(self, folder: Path) -> None:
        report.write(self.found, folder)
        run_folder.write_provenance(
            folder,
            self.found.question.seed,
            self.made.started,
            self._provenance(draws=len(self.found.bank.values), keep=self.found.question.keep),
            scenario=self.found.question.scenario,
        )


@asked
def calibrate(
    scenario: str | Path | Scenario = defaults.SCENARIO,
    *,
    log: str | Path | None = None,
    targets: str | Path | None = None,
    columns: str | Mapping[str, Any] | None = None,
    design: str | Path | None = None,
    parameters: Sequence[str] | None = None,
    bank: str | Path | None = None,
    members: int | None = None,
    draws: int = defaults.BANK,
    keep: int = defaults.WORLDS,
    shift: int | None = None,
    budget: float | None = None,
    seed: int = defaults.SEED,
    workers: int | None = None,
    dask: str | Address | None = None,
    out: Place = None,
    ledger: str | Path | None = None,
    quiet: bool = False,
) -> CalibrationResult:
    """Find the worlds that fit: draws of the assumed numbers with which the model shows what was measured.

    It needs `pip install 'firstcontact[calibrate]'`. From a script, call it below `if __name__ == "__main__":`, since each worker process
    imports the script again.

    Args:
        scenario: a shipped name, a TOML file or a scenario, whose other numbers hold.
        log: a log to fit to, as `describe` reads it; the shipped targets unless this or `targets` is given.
        targets: a targets file: figures by the names of measures, each with a tolerance of two standard errors.
        columns: of the log, as of `describe`.
        design: under which log or targets came about; the one of the targets file, or that of the warm-up.
        parameters: paths of assumed numbers to turn; those that a screening of the shipped scenario found to move something unless given.
        bank: the bank.csv of an earlier calibration with the same numbers, design, days, members and seed, whatever it was fitted to: its runs,
            and those of the tables beside it, are taken, and every 20th is made again and must show the same.
        members: of each run of the bank; 2,000 unless given.
        draws: of the bank, 64 or more; a folder that holds fewer of them is extended.
        keep: worlds that are wanted, 2 or more.
        shift: draws of the bank that are run at the scenario's own size, too, 20 or more: by what they show at both sizes the bank's figures are moved there,
            and all runs that are held to the data have it. 0: all runs have `members`. Unless given, 150 where the scenario has others than the
            bank's usual 2,000 and neither `members` nor `bank` is given; with `bank` as many as were run with it.
        budget: minutes for the bank; as many draws as are asked for unless given.
        seed: of the draws and all runs.
        workers: processes; all cores unless given.
        dask: the address of a Dask cluster on which runs are made, in place of processes.
        out: a folder for all output files, which a later call continues; True for one below results/, as the command makes.
        ledger: a file in which runs are looked for and left; a temporary one without it and `out`.
        quiet: whether no progress is shown.

    Returns:
        The result: `draws` has the worlds, `summary` a row a number, `passed` whether gates are passed; `answer`, `plot`, `write`.

    Raises:
        BadInput: with what must be, before anything is run, or if a package is missing.
        RunFailed: if too few runs show the figures.
    """
    watch, clock = Shown(quiet=quiet), Stopwatch()
    data = data_asked(log, targets, columns=columns, design=design, seed=seed, watch=watch)
    question = question_of(scenario, data, parameters, members=members, draws=draws, keep=keep, seed=seed, shift=shift, bank=bank)
    question.check_enough()
    minutes = budget_of(budget)
    needs("sklearn", EXTRA)
    plan, many = plan_of(question), workers_of(workers, watch.say)
    folder = folder_asked(out, lambda: usual_folder(plan))
    if folder is not None and (line := run_folder.prepare_folder(folder, plan)):
        watch.say(line)
    with workplace(folder) as place, Ledger(path_of("--ledger", ledger) or place / run_folder.LEDGER) as book:
        with executor(many, dask, watch) as (pool, ahead):
            found = calibrated(
                question, SummaryScheduler(book, pool, ahead), clock=_decided(place, minutes), watch=watch, limit=Clock(minutes)
            )
        result = CalibrationResult(found, made=clock.made(plan), folder=folder)
        if folder is not None:
            result._put(folder)  # noqa: SLF001  (the folder is prepared)
    return result


def with_bank(question: Question, path: Path, shift: int | None) -> Question:
    """Return what is asked with a bank that was made before: as many draws as it has, of either size. Errors as of `read_earlier`."""
    earlier = read_earlier(path, question.prior)
    grown = question.scenario.network_file is None and question.scenario.members != question.members
    known = earlier.many(SHIFTED) if grown and shift != 0 else 0
    return question._replace(
        given=earlier, draws=whole("--bank", earlier.many(1), "have at least 64 draws", 64), shift=known or question.shift
    )


def _usual_shift(scenario: Scenario, members: int | None, draws: int) -> int:
    """Return how many draws are run at the scenario's own size unless somebody says: none where they chose the size of the runs."""
    own = scenario.members
    if members is not None or scenario.network_file is not None or own == defaults.BANK_MEMBERS or own > defaults.MOST_SHIFTED:
        return 0
    return min(defaults.SHIFT, draws)


def forecast_of(question: Question, minutes: float | None, workers: int, out: Place, ledger: Path | None) -> dict[str, Any]:
    """Return what `calibrate` would take, with lines that say so; nothing is written.

    Raises:
        BadInput: if the folder holds something else, or too few draws are asked for.
    """
    from experiments.inference.forecast import forecast

    question.check_enough()
    plan = plan_of(question)
    folder = folder_asked(out, lambda: usual_folder(plan)) or usual_folder(plan)
    run_folder.check_folder(folder, plan)
    before = _decided(folder, minutes)(0) if question.given is None else None
    if before is not None and before < question.draws:  # the same minutes are enough for as many again
        question = question._replace(draws=before, shift=min(before, question.shift))
    return forecast(question, workers, minutes, ledger or folder / run_folder.LEDGER)


def budget_of(budget: float | None) -> float | None:
    """Return the minutes for the bank.

    Raises:
        BadInput: if they are none.
    """
    return None if budget is None else minutes_of(budget)


def data_asked(
    log: str | Path | None,
    targets: str | Path | None,
    *,
    columns: str | Mapping[str, Any] | None,
    design: str | Path | None,
    seed: int,
    watch: Shown,
) -> Data:
    """Return the data: of a log, of a targets file, or the shipped targets. Errors as of `calibrate`."""
    if log is not None and targets is not None:
        raise BadInput(must("--targets", "be left out with --log", targets))
    if columns is not None and log is None:
        raise BadInput(must("--columns", "stand with --log", columns))
    named = None if design is None else str(design)
    if targets is not None:
        return data_of_file(path_of("--targets", targets) or Path(), named)
    if log is None:
        if named is not None:
            raise BadInput(must("--design", "stand with --log or --targets", named))
        return shipped_data()
    path = path_of("--log", log) or Path()
    told = described_log(read_export(path, columns), path, draws=defaults.BOOTSTRAP, seed=checked_seed(seed), out=None, watch=watch)
    return data_of_log(told, named)


def question_of(
    scenario: str | Path | Scenario,
    data: Data,
    parameters: Sequence[str] | None,
    *,
    members: int | None,
    draws: int,
    keep: int,
    seed: int,
    shift: int | None = None,
    bank: str | Path | None = None,
) -> Question:
    """Return what is asked, checked. Arguments and errors as of `calibrate`."""
    if isinstance(parameters, str):
        raise BadInput(must("--parameters", "be a list of parameters", repr(parameters)))
    chosen = scenario_of(scenario, {})
    size = whole("--members", defaults.BANK_MEMBERS if members is None else members, "be at least 50 for a calibration", 50)
    size = members_of(chosen) if chosen.network_file else size
    counts: dict[str, Any] = {"draws": whole("--draws", draws, "be at least 64", 64), "keep": whole("--keep", keep, "be at least 2", 2)}
    usual = _usual_shift(chosen, members, counts["draws"]) if shift is None and bank is None else shift or 0
    counts["shift"] = whole("--shift", usual, "be 0 or more", 0)
    question = Question(chosen, data, prior_of(chosen, parameters), members=size, seed=checked_seed(seed), **counts)
    if (path := path_of("--bank", bank)) is not None:
        question = with_bank(question, path, shift)
    question.check()
    return question


def plan_of(question: Question) -> dict[str, Any]:
    """Return what a folder notes of a calibration, and a digest of it: not how many draws it has, at which size, or keeps, so that it can be extended."""
    facts = {
        "data": question.data.source,
        "digest": question.data.digest,
        "design": question.still.design,
        "days": int(question.data.window[1] - question.data.window[0]) + 1,
        "scenario": question.scenario.name,
        "parameters": [one.path for one in question.prior.turned],
        "members": question.members,
        "seed": question.seed,
        **({"held": question.size} if question.shift else {}),  # how many are shifted goes with the draws unless somebody says
    }
    every = [facts, *dict.fromkeys(map(scenario_digest, (question.still, question.final))), model_version(), reading()]
    return {"command": "calibrate", "plan": hashlib.sha256(json.dumps(every).encode()).hexdigest()[:8], **facts}


def usual_folder(plan: Mapping[str, Any]) -> Path:
    """Return where the command leaves a calibration unless told otherwise."""
    return Path("results") / f"calibrate-{plan['plan']}"


def _decided(folder: Path, minutes: float | None) -> Any:
    """Return what keeps, in the folder, how many draws the time was enough for."""
    path, name = folder / BUDGET, f"{minutes:g}" if minutes is not None else ""

    def clock(draws: int) -> int | None:
        if minutes is None:
            return None
        known: dict[str, int] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        if draws:
            run_folder.write_text(path, json.dumps(known | {name: draws}, indent=2) + "\n")
            return draws
        return known.get(name)

    return clock


def screen(
    scenario: Scenario,
    data: Data,
    *,
    members: int,
    draws: int,
    seed: int,
    budget: float | None,
    workers: int,
    dask: str | Address | None,
    **where: Any,
) -> Screening:
    """Find which assumed numbers move a figure of the data, or the difference between arms: those that a calibration should turn.

    Args:
        scenario: whose numbers hold.
        data: with the figures.
        members: of each run.
        draws: of all numbers at once, each of three runs.
        seed: of the draws and all runs.
        budget: minutes, or None.
        workers: processes.
        dask: the address of a cluster, or None.
        where: `out`, a folder for screening.csv and turned.toml, or None; `ledger`, a file or None; `watch`, which is told how far it is.

    Raises:
        BadInput: with what must be. RunFailed: if too few draws have all their runs.
    """
    question = question_of(scenario, data, screenable(scenario), members=members, draws=draws, keep=2, seed=seed, shift=0)
    plan = plan_of(question) | {"command": "calibrate --screen"}
    folder, watch, minutes = path_of("--out", where["out"]), where["watch"], budget_of(budget)
    if folder is not None and (line := run_folder.prepare_folder(folder, plan)):
        watch.say(line)
    with workplace(folder) as place, Ledger(where["ledger"] or place / run_folder.LEDGER) as book:
        with executor(workers, dask, watch) as (pool, ahead):
            found = screening(question, SummaryScheduler(book, pool, ahead), watch, Clock(minutes))
        if folder is not None:
            run_folder.write_table(folder / "screening.csv", found.summary)
            run_folder.write_text(folder / "turned.toml", found.to_toml())
    return found


def forecast_of_screening(scenario: Scenario, data: Data, sizes: Mapping[str, Any], workers: int) -> dict[str, Any]:
    """Return what a screening would take, with lines that say so; nothing is written. Arguments and errors as of `screen`."""
    from experiments.inference.forecast import forecast_screening

    told = {name: sizes[name] for name in ("members", "draws", "seed")}
    question = question_of(scenario, data, screenable(scenario), keep=2, shift=0, **told)
    return forecast_screening(question, workers, budget_of(sizes["budget"]))
