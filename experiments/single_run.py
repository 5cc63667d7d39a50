"""One history, and its files."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.reporting import run_folder
from experiments.reporting.atomic_files import naming
from experiments.runs.measure_files import noted, planned_as
from experiments.runs.watch import SILENT, Watch, compile_kernels
from sim.errors import BadInput, must
from sim.results.measures import MEASURES, Catalogue
from sim.version import model_version

if TYPE_CHECKING:
    from sim.results.history import History
    from sim.scenario.scenario import Scenario


def run_single(  # noqa: PLR0913  (one parameter an option)
    scenario: Scenario,
    engine: str,
    seed: int,
    *,
    threads: int = 1,
    events: bool = False,
    graphml: Path | None = None,
    out: Path | None = None,
    catalogue: Catalogue = MEASURES,
    watch: Watch = SILENT,
) -> tuple[History, Path]:
    """Run one history on an engine and write its files; return it with its folder.

    Args:
        scenario: what is run.
        engine: "columns" or "mesa": they give the same history.
        seed: of population and dynamics.
        threads: of the run.
        events: whether every item and every intent is written.
        graphml: a file for the network at the horizon.
        out: the folder; one named by the plan unless given.
        catalogue: the measures, with those of one's own.
        watch: is told how far it is.

    Raises:
        BadInput: if a folder or file cannot be written, before anything is run.
        MeasureFailed: if a measure of one's own raises, or returns what is no value.
    """
    started = time.time()
    facts = [
        scenario.name,
        scenario.canonical_json(),
        str(seed),
        str(events),
        model_version(),
        *planned_as(catalogue).values(),
    ]  # either engine gives the same
    digest = hashlib.sha256("\n".join(facts).encode()).hexdigest()[:8]
    folder = out or Path("results") / f"{scenario.name.replace(' ', '-')}-run-{digest}"
    plan = {"command": "run", "plan": digest, "design": scenario.design, "seed": seed}
    if line := run_folder.prepare_folder(folder, plan | noted(catalogue)):
        watch.say(line)
    if graphml is not None:
        _check_writable(graphml)
    history = _simulated(scenario, engine, seed, threads, events=events, catalogue=catalogue, watch=watch)
    write_history(history, folder, events=events)
    if graphml is not None:
        import networkx as nx

        with naming(graphml):
            nx.write_graphml(history.to_networkx(), graphml)
    run_folder.write_provenance(folder, seed, started, {"engine": engine, "timings": history.timings}, scenario=scenario)
    return history, folder


def _check_writable(path: Path) -> None:
    try:
        with path.open("ab"):
            pass
    except OSError as error:
        raise BadInput(must("--graphml", "be a file that you may write", f"{path}: {error.strerror}")) from None


def _simulated(scenario: Scenario, engine: str, seed: int, threads: int, *, events: bool, catalogue: Catalogue, watch: Watch) -> History:
    total = scenario.warm_up + scenario.days
    if engine == "mesa":
        from sim.agents import OutreachModel

        model = OutreachModel(scenario, rng=seed, measures=catalogue)
        with watch.counted("days") as advance:
            for day in range(total):
                model.step()
                advance(day + 1, total)
        history: History = model.history(events=events)
        return history
    from sim.simulation import simulate

    compile_kernels(watch)
    with watch.counted("days") as advance:
        return simulate(scenario, seed, threads=threads, events=events, progress=lambda day: advance(day, total), measures=catalogue)


def write_history(history: History, folder: Path, *, events: bool) -> None:
    """Write the tables and figures of one history."""
    from experiments.reporting.network_figures import growth_figures

    run_folder.write_text(folder / run_folder.SCENARIO, history.scenario.to_toml())
    for name in ("measures", "daily", "members", "ties", *(("events", "intents") if events else ())):
        run_folder.write_table(folder / f"{name}.csv", history.to_pandas(name))
    growth_figures(history, folder / "figures")
