"""One history, and its files."""

from __future__ import annotations

import hashlib
import json
import os
import time
from functools import partial
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.defaults import THREADS
from experiments.reporting import run_folder
from experiments.reporting.atomic_files import naming
from experiments.reporting.text import counted, too_small
from experiments.runs.cost import Size, duration, gigabytes, machine_memory, memory_of_run, size_of
from experiments.runs.keys import members_of
from experiments.runs.measure_files import noted, planned_as
from experiments.runs.pilot import shrunk
from experiments.runs.watch import SILENT, Advance, Watch, compile_kernels
from experiments.single_run.checkpoints import FOLDER as CHECKPOINTS
from experiments.single_run.checkpoints import Checkpoints
from experiments.single_run.parts import PART_MEMORY, Parts, refuse_without_parquet
from experiments.single_run.report import members_at_switch, write_history, write_page, write_tables
from sim.errors import BadInput, must
from sim.results.measures import MEASURES, Catalogue
from sim.scenario.scenario import Scenario, load_scenario
from sim.version import model_version

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.results.history import History
    from sim.state.world import World


def run_single(  # noqa: PLR0913  (one parameter an option)
    scenario: Scenario,
    engine: str,
    seed: int,
    *,
    threads: int = THREADS,
    events: bool = False,
    parquet: bool = False,
    graphml: Path | None = None,
    out: Path | None = None,
    checkpoint_every: int | None = None,
    catalogue: Catalogue = MEASURES,
    watch: Watch = SILENT,
) -> tuple[History, Path]:
    """Run one history on an engine and write its files; return it with its folder. It goes on from its last checkpoint, if it left one.

    Args:
        scenario: what is run.
        engine: "columns" or "mesa": they give the same history.
        seed: of population and dynamics.
        threads: of the run.
        events: whether every item and every intent is written.
        parquet: whether they are written as Parquet while the run goes on, so that memory does not grow with them.
        graphml: a file for the network at the horizon.
        out: the folder; one named by the plan unless given.
        checkpoint_every: days from one checkpoint to the next; none are written unless given, but where some are.
        catalogue: the measures, with those of one's own.
        watch: is told how far it is.

    Raises:
        BadInput: if a folder or file cannot be written, or the run does not fit in memory, before anything is run.
        MeasureFailed: if a measure of one's own raises, or returns what is no value.
    """
    started = time.time()
    if parquet:
        refuse_without_parquet()
    check_fits(scenario, events=events and not parquet, graphml=graphml is not None, parquet=parquet)
    plan = _plan_of(scenario, seed, events=events, parquet=parquet, catalogue=catalogue)
    folder = out or _usual_folder(scenario, plan)
    if line := run_folder.prepare_folder(folder, plan):
        watch.say(line)
    if graphml is not None:
        _check_writable(graphml)
    run_folder.write_text(folder / run_folder.SCENARIO, scenario.to_toml())  # now, so that an interrupted run can be resumed
    kept = Checkpoints(folder, checkpoint_every, str(plan["plan"]), watch.say)
    parts = Parts(folder, scenario) if parquet else None
    follow = partial(Followed, kept, parts=parts)
    history = _simulated(scenario, engine, seed, threads, events=events, catalogue=catalogue, watch=watch, follow=follow)
    if line := too_small(members_at_switch(history)):
        watch.say(line)
    write_history(history, folder, events=events and not parquet, parquet=parquet)
    if graphml is not None:
        import networkx as nx

        with naming(graphml):
            nx.write_graphml(history.to_networkx(), graphml)
    run_folder.write_provenance(folder, seed, started, {"engine": engine, "timings": history.timings}, scenario=scenario)
    kept.forget()
    return history, folder


def _plan_of(scenario: Scenario, seed: int, *, events: bool, parquet: bool, catalogue: Catalogue) -> dict[str, object]:
    """Return what is run, for the folder; either engine gives the same."""
    facts = [scenario.name, scenario.canonical_json(), str(seed), str(events), model_version(), *planned_as(catalogue).values()]
    digest = hashlib.sha256("\n".join(facts + ["parquet"] * parquet).encode()).hexdigest()[:8]
    plan: dict[str, object] = {"command": "run", "plan": digest, "design": scenario.design, "seed": seed, "events": events}
    return plan | ({"parquet": True} if parquet else {}) | noted(catalogue)


def _usual_folder(scenario: Scenario, plan: dict[str, object]) -> Path:
    return Path("results") / f"{scenario.name.replace(' ', '-')}-run-{plan['plan']}"


def check_fits(scenario: Scenario, *, events: bool, graphml: bool, parquet: bool = False) -> float:
    """Return the bytes that a run needs at most; `parquet`: with parts of its record in memory.

    Raises:
        BadInput: if this machine has fewer; it names how many members would fit.
    """
    members, room = members_of(scenario), machine_memory()
    nobody, one, all_of_them = (
        memory_of_run(many, scenario.warm_up + scenario.days, events=events, graphml=graphml) + parquet * PART_MEMORY
        for many in (0, 1, members)
    )
    if all_of_them > room:
        fit = max(0, int((room - nobody) / (one - nobody)))
        option = "--network" if scenario.network_file else "--members"
        rule = f"be at most {fit:,}{' members' if scenario.network_file else ''} in the {gigabytes(room)} of memory that are here"
        raise BadInput(must(option, rule, f"{members:,}, which need up to {gigabytes(all_of_them)}"))
    return all_of_them


def forecast_of(
    scenario: Scenario,
    seed: int,
    *,
    events: bool = False,
    parquet: bool = False,
    graphml: Path | None = None,
    out: Path | None = None,
    catalogue: Catalogue = MEASURES,
    watch: Watch = SILENT,
) -> dict[str, Any]:
    """Return what a run on the columns takes, with lines that say so; a small pilot is run, whose files are thrown away.

    Raises:
        BadInput: as of `run_single`, as far as it can be told without writing.
        MeasureFailed: as of `run_single`.
    """
    memory = check_fits(scenario, events=events and not parquet, graphml=graphml is not None, parquet=parquet)
    plan = _plan_of(scenario, seed, events=events, parquet=parquet, catalogue=catalogue)
    run_folder.check_folder(out or _usual_folder(scenario, plan), plan)
    compile_kernels(watch)
    size = size_of(scenario)
    seconds = _seconds_of_run(scenario, seed, size, events=events, catalogue=catalogue)
    lines = [
        (
            f"1 run of {counted(scenario.warm_up + scenario.days, 'day')} with {counted(size.members, 'member')}, "
            f"about {duration(seconds)} on one thread and at most {gigabytes(memory)}."
        ),
        f"A pilot with {counted(size.tried, 'member')} said how long it takes.",
    ]
    return {"runs": 1, "seconds": seconds, "workers": 1, "bytes": memory, "lines": lines}


def _seconds_of_run(scenario: Scenario, seed: int, size: Size, *, events: bool, catalogue: Catalogue) -> float:
    """Return how long a run and its files take, from a small one: its tables grow with its members, its figures and page do not."""
    from sim.simulation import simulate

    with TemporaryDirectory() as home:
        ticks = [time.perf_counter()]
        history = simulate(shrunk(scenario), seed, events=events, measures=catalogue)
        for write in (write_tables, write_page):
            ticks.append(time.perf_counter())
            write(history, Path(home), events=events)
    lived, tables, page = (after - before for before, after in pairwise([*ticks, time.perf_counter()]))
    return lived * size.time + tables * size.share + page


class Interrupted(NamedTuple):
    """What an interrupted run is of."""

    scenario: Scenario
    seed: int
    events: bool
    parquet: bool


def resumed(folder: Path) -> Interrupted:
    """Return what an interrupted run is of.

    Raises:
        BadInput: if it is no folder of a run, or of one that is finished.
    """
    rule = "be the folder of a run that was interrupted"
    try:
        plan = json.loads((folder / run_folder.PLAN).read_text(encoding="utf-8"))
        of_run, seed, events, parquet = plan["command"] == "run", int(plan["seed"]), bool(plan["events"]), bool(plan.get("parquet"))
    except (OSError, ValueError, KeyError, TypeError):
        raise BadInput(must("--resume", rule, folder)) from None
    if not of_run or ((folder / run_folder.PROVENANCE).exists() and not (folder / CHECKPOINTS).exists()):  # else they remain to be removed
        raise BadInput(must("--resume", rule, f"{folder}, which {'is finished' if of_run else 'holds another command'}"))
    return Interrupted(load_scenario(folder / run_folder.SCENARIO), seed, events, parquet)


def _check_writable(path: Path) -> None:
    try:
        with path.open("ab"):
            pass
    except OSError as error:
        raise BadInput(must("--graphml", "be a file that you may write", f"{path}: {error.strerror}")) from None


def _simulated(
    scenario: Scenario,
    engine: str,
    seed: int,
    threads: int,
    *,
    events: bool,
    catalogue: Catalogue,
    watch: Watch,
    follow: Callable[[Advance, int], Followed],
) -> History:
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
        return simulate(
            scenario,
            seed,
            threads=threads,
            events=events,
            measures=catalogue,
            moments=follow(advance, total),
        )


class Followed:
    """Sees the mornings of a run: tells how far it is, then lets its record be written and itself be kept."""

    def __init__(self, kept: Checkpoints, advance: Advance, days: int, parts: Parts | None = None) -> None:
        """Begin at the beginning, or where `kept` has one."""
        self.kept, self.advance, self.days, self.parts = kept, advance, days, parts
        self.began, self.sent = time.monotonic(), 0

    def last(self, scenario: Scenario, arm: Scenario) -> World | None:
        """Return the world of the last morning that was kept."""
        if (world := self.kept.last(scenario, arm)) is not None:
            self.sent = world.items_sent
        self.began = time.monotonic()
        return world

    def passed(self, world: World) -> None:
        """Tell the day, members, ties, items a second, and how much memory is used."""
        from sim.state.columns import TIES

        rate = (world.items_sent - self.sent) / max(time.monotonic() - self.began, 1e-3)
        ties = int(world.graph.sizes[TIES])
        words = f"{world.present:,} members joined, {ties:,} ties, {rate:,.0f} items/s{used_memory()}"
        self.advance(world.day, self.days, words)
        if self.parts is not None:
            self.parts.passed(world)
        self.kept.passed(world)


def used_memory() -> str:
    """Return how much memory this process uses, in words; nothing where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return ""
    return f", {gigabytes(pages * os.sysconf('SC_PAGE_SIZE'))}"
