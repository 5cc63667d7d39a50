"""Options that several commands share, and what they are turned into."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from experiments.cli import console
from sim.errors import BadInput

Scenario_ = Annotated[str, typer.Argument(help="A scenario: a TOML file or a shipped name (baseline, neutral).", metavar="[SCENARIO]")]
Members = Annotated[int | None, typer.Option(help="Members at the start.", metavar="N")]
Days = Annotated[int | None, typer.Option(help="Days after the switch.", metavar="N")]
WarmUp = Annotated[int | None, typer.Option(help="Days of warm-up before it.", metavar="N")]
Seed = Annotated[int, typer.Option(help="Any whole number from 0; the same gives the same bytes.", metavar="N")]
Threads = Annotated[int, typer.Option(help="Threads a run; they do not change results.", metavar="N")]
Network = Annotated[Path | None, typer.Option(help="Start from an edge list, a message log or GraphML (.gz too).", metavar="FILE")]
Out = Annotated[Path | None, typer.Option(help="Folder for what the command leaves.", metavar="DIR")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress.")]
Json = Annotated[bool, typer.Option("--json", help="The result as JSON on stdout.")]


def scenario_from(source: str, members: int | None, days: int | None, warm_up: int | None, network: Path | None) -> Any:
    """Return the scenario that the options describe.

    Raises:
        BadInput: if it cannot be read, or --members stands beside a network.
    """
    from sim.scenario.scenario import load_scenario

    if network is not None and members is not None:
        raise BadInput("--members: a network file says how many there are; leave --members out, or --network")
    scenario = load_scenario(source, members=members, days=days, warm_up=warm_up)
    path = network or scenario.network_file
    if path is not None:
        from sim.population.cohort import check_attributes
        from sim.population.network_files import read_network

        check_attributes(scenario, read_network(path))
    if network is not None:
        scenario = scenario.with_(network_file=str(network))
    return scenario


def checked_workers(workers: int | None) -> int:
    """Return how many processes to use: as many as asked for, at most as many as there are cores."""
    from experiments.runs.processes import usable_cores

    cores = usable_cores()
    if workers is None:
        return cores
    if workers < 1:
        raise BadInput(f"--workers: found {workers}; 1 or more would do")
    if workers > cores:
        console.say(f"warning: {workers} workers asked for, {cores} cores there; {cores} are used")
    return min(workers, cores)


def checked_seed(seed: int) -> int:
    """Return the seed.

    Raises:
        BadInput: if it is out of range.
    """
    from experiments.runs.keys import LARGEST_SEED

    if not 0 <= seed <= LARGEST_SEED:
        raise BadInput(f"--seed: found {seed}; a whole number from 0 to 2**63 - 1 would do")
    return seed


def compile_kernels(*, quiet: bool) -> None:
    """Compile the model before workers start, so that they find it in the cache."""
    from sim.simulation import warm_kernels

    with console.working("compiling the model (once for each version)", quiet=quiet) as line:
        warm_kernels(line)
