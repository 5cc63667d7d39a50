"""Options that several commands share, each checked in one place, and groups of them: a dataclass stands for the options of its fields."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.arguments import checked_seed, checked_threads
from experiments.cli import console
from experiments.defaults import ANALYSIS_DAYS, ANALYSIS_MEMBERS, ANALYSIS_WARM_UP, SCENARIO
from sim.errors import BadInput, must

if TYPE_CHECKING:
    from experiments.reporting.result import Result
    from experiments.runs.dask_cluster import Address
    from sim.results.measures import Catalogue

Arms = Annotated[list[str] | None, typer.Option(help="Two designs, the control first: names or TOML files, after one flag.", metavar="A B")]
Budget = Annotated[float, typer.Option(help="Minutes for the runs; more of them narrow the intervals.", metavar="MINUTES")]
DaskAt = Annotated[str | None, typer.Option(help="Run on a Dask cluster instead of on this machine.", metavar="ADDRESS")]
DaskCa = Annotated[
    Path | None, typer.Option(help="For tls://: the authority that signed the cluster's certificates (PEM).", metavar="FILE")
]
DaskCert = Annotated[Path | None, typer.Option(help="For tls://: the certificate of this command (PEM).", metavar="FILE")]
DaskKey = Annotated[Path | None, typer.Option(help="Its key, if that file does not hold it (PEM).", metavar="FILE")]
Days = Annotated[int | None, typer.Option(help="Days after the switch.", metavar="N")]
DrawsAt = Annotated[
    str | None,
    typer.Option(
        help="Draws of a calibration in place of bounds: its draws.csv, or its folder; the answer says whether they are worlds that fit.",
        metavar="FILE|none",
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say how many runs, how long and how much memory it takes; a small pilot is run, nothing written.")
]
Json = Annotated[bool, typer.Option("--json", help="The result as JSON on stdout.")]
LedgerAt = Annotated[Path | None, typer.Option("--ledger", help="A ledger shared between commands.", metavar="PATH")]
MeasuresAt = Annotated[
    Path | None, typer.Option("--measures", help="Measures of your own, made by `measure`: a Python file, which is run.", metavar="FILE.py")
]
MeasureOf = Annotated[str | None, typer.Option("--measure", help="A measure; the primary one unless given.", metavar="M")]
Members = Annotated[int | None, typer.Option(help="Members at the start.", metavar="N")]
Network = Annotated[
    Path | None, typer.Option(help="Start from an edge list, a message log or a graph file, packed or not.", metavar="FILE")
]
NetworkAs = Annotated[str | None, typer.Option(help="Read the network file as an edge list or as a message log.", metavar="ties|log")]
NetworkColumns = Annotated[
    str | None,
    typer.Option(
        "--columns", help="Its columns, by number or name: sender=1,recipient=2,time=3 (time only of a log).", metavar="ROLE=COLUMN,..."
    ),
]
Out = Annotated[Path | None, typer.Option(help="Folder for the output files.", metavar="DIR")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress.")]
ScenarioOf = Annotated[str, typer.Argument(help="A scenario: a TOML file or a shipped name (baseline, neutral).", metavar="[SCENARIO]")]
Seed = Annotated[int, typer.Option(help="Any whole number from 0; the same seed gives the same bytes.", metavar="N", callback=checked_seed)]
Threads = Annotated[int, typer.Option(help="Threads per run; they do not change results.", metavar="N", callback=checked_threads)]
WarmUp = Annotated[int | None, typer.Option(help="Days of warm-up before it.", metavar="N")]
WorldsAt = Annotated[
    str | None,
    typer.Option(
        help="Also ask at draws of a calibration: its draws.csv, or its folder; the answer says whether they are worlds that fit.",
        metavar="FILE|none",
    ),
]
WorldsOf = Annotated[int, typer.Option("--worlds", help="With --draws, in how many of them.", metavar="N")]
Workers = Annotated[int | None, typer.Option(help="Processes; all cores unless given.", metavar="N")]


@dataclass(frozen=True)
class ScenarioSize:
    """A scenario, and how large its runs are."""

    scenario: ScenarioOf = SCENARIO
    members: Members = None
    days: Days = None
    warm_up: WarmUp = None


@dataclass(frozen=True)
class ScenarioOptions(ScenarioSize):
    """A scenario that may also begin with a network from a file."""

    network: Network = None
    network_as: NetworkAs = None
    columns: NetworkColumns = None

    def load(self) -> Any:
        """Return the scenario. Errors as in `scenario_from`."""
        return scenario_from(
            self.scenario,
            members=self.members,
            days=self.days,
            warm_up=self.warm_up,
            network=self.network,
            network_as=self.network_as,
            columns=self.columns,
        )


@dataclass(frozen=True)
class RunSettings:
    """By how many processes or on which cluster runs are made, and where they are kept: what `executor` and `Ledger` are given."""

    workers: Workers = None
    dask: DaskAt = None
    dask_ca: DaskCa = None
    dask_cert: DaskCert = None
    dask_key: DaskKey = None
    ledger: LedgerAt = None

    @property
    def address(self) -> Address | None:
        """Return where the cluster is; None for processes of this machine.

        Raises:
            BadInput: if there are certificates for no cluster, or such that cannot be used.
        """
        from experiments.runs.dask_cluster import Address

        if self.dask is None:
            given = [name for name in ("dask_ca", "dask_cert", "dask_key") if getattr(self, name) is not None]
            if given:
                raise BadInput(must("--dask", "be given where certificates are", f"--{given[0].replace('_', '-')} alone"))
            return None
        found = Address(self.dask, self.dask_ca, self.dask_cert, self.dask_key)
        found.check()
        return found

    @cached_property
    def processes(self) -> int:
        """Return how many processes to use, for what is asked of them. Errors as in `workers_of`."""
        from experiments.runs.processes import workers_of

        return workers_of(self.workers, console.say)


@dataclass(frozen=True)
class OwnMeasures:
    """A file with measures of one's own, if there is one."""

    measures: MeasuresAt = None

    @cached_property
    def catalogue(self) -> Catalogue:
        """Return the shipped measures and those of the file. Errors as in `load_measures`."""
        from experiments.runs.measure_files import load_measures

        return load_measures(self.measures)


@dataclass(frozen=True)
class Screen:
    """What a command shows."""

    quiet: Quiet = False
    as_json: Json = False

    @property
    def watch(self) -> console.Shown:
        """Return what shows progress, or nothing if it is to be quiet."""
        return console.Shown(quiet=self.quiet)

    def tell(self, forecast: dict[str, Any]) -> None:
        """Print what a dry run found: its lines, or all of it as JSON. Too much memory for this machine is said on stderr."""
        from experiments.runs.cost import gigabytes, machine_memory

        print(json.dumps(forecast) if self.as_json else "\n".join(forecast["lines"]))
        if forecast["bytes"] > (room := machine_memory()):
            console.say(f"That is more than the {gigabytes(room)} of memory that are here: fewer workers, or members, need less.")

    def conclude(self, result: Result) -> None:
        """Print what was found and where its report lies."""
        console.conclude(result, as_json=self.as_json)


@dataclass(frozen=True)
class Output(Screen):
    """What a command shows, and the folder of its output files."""

    out: Out = None


def options_given(context: typer.Context) -> list[str]:
    """Return which options the command line gives, and "a scenario" if it gives one."""
    given = [one for one in context.command.params if getattr(context.get_parameter_source(one.name or ""), "name", "") == "COMMANDLINE"]
    return [one.opts[-1] if one.param_type_name == "option" else "a scenario" for one in given]


def scenario_from(
    source: str,
    *,
    members: int | None = None,
    days: int | None = None,
    warm_up: int | None = None,
    network: Path | None = None,
    network_as: str | None = None,
    columns: str | None = None,
) -> Any:
    """Return the scenario that the options describe; what was read of its network is said on stderr.

    Raises:
        BadInput: if it cannot be read, or --members stands beside a network.
    """
    from sim.scenario.scenario import load_scenario

    if network is not None and members is not None:
        raise BadInput(must("--members", "be left out with --network, whose file says how many there are", members))
    scenario = load_scenario(source, members=members, days=days, warm_up=warm_up)
    told = {key: value for key, value in (("network_as", network_as), ("network_columns", columns)) if value is not None}
    path = network or scenario.network_file
    if path is None and told:
        option = "--network-as" if network_as is not None else "--columns"
        raise BadInput(must(option, "stand with --network, or a scenario with a network_file", network_as or columns))
    if network is not None or told:
        if network is not None:
            from sim.population.networks.read import read_network

            read_network(network, network_as, columns)  # says more of a file that is none than the scenario would
            told["network_file"] = str(network)
        scenario = scenario.with_(**told)
    say_network(scenario)
    return scenario


def say_network(scenario: Any) -> None:
    """Say on stderr what was read of a scenario's network file, if it has one.

    Raises:
        BadInput: if it cannot be read, or says what the scenario has no place for.
    """
    if scenario.network_file is None:
        return
    from sim.population.cohort import check_attributes
    from sim.population.networks.read import read_network

    source = read_network(scenario.network_file, scenario.network_as, scenario.network_columns)
    check_attributes(scenario, source)
    for line in source.report.lines(Path(scenario.network_file).name):
        console.say(line)


def sized(size: ScenarioSize, usual_members: int = ANALYSIS_MEMBERS) -> Any:
    """Return the scenario that the options of an analysis describe, as large as analyses are unless told otherwise.

    Raises:
        BadInput: as of `scenario_from`.
    """
    network, network_as, columns = (getattr(size, name, None) for name in ("network", "network_as", "columns"))
    return scenario_from(
        size.scenario,
        members=usual_members if size.members is None and network is None else size.members,
        days=ANALYSIS_DAYS if size.days is None else size.days,
        warm_up=ANALYSIS_WARM_UP if size.warm_up is None else size.warm_up,
        network=network,
        network_as=network_as,
        columns=columns,
    )
