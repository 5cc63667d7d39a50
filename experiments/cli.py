"""The command line: parse, call, print; nothing else."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from experiments import console
from sim.errors import BadInput, nearest

app = typer.Typer(
    name="firstcontact", add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="First Contact: what happens to a professional network when profiles offer Message before Connect.",
)  # fmt: skip

FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130
MANY = ("--arms", "--parameters")  # options that take several values after one flag

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
    from sim.scenario import load_scenario

    if network is not None and members is not None:
        raise BadInput("--members: a network file says how many there are; leave --members out, or --network")
    scenario = load_scenario(source, members=members, days=days, warm_up=warm_up)
    if network is not None:
        from sim.network_files import read_network

        read_network(network)
        scenario = scenario.with_(network_file=str(network))
    return scenario


def checked_workers(workers: int | None) -> int:
    """Return how many processes to use: as many as asked for, at most as many as there are cores."""
    from experiments.runner import usable_cores

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
    from experiments.plan import LARGEST_SEED

    if not 0 <= seed <= LARGEST_SEED:
        raise BadInput(f"--seed: found {seed}; a whole number from 0 to 2**63 - 1 would do")
    return seed


def compile_kernels(*, quiet: bool) -> None:
    """Compile the model before workers start, so that they find it in the cache."""
    from sim.engine import warm_kernels

    with console.working("compiling the model (once for each version)", quiet=quiet) as line:
        warm_kernels(line)


@app.command(epilog="Examples: firstcontact compare | firstcontact compare --until precise | "
             "firstcontact compare neutral --arms connect_first message_first my_design.toml --members 1000 --out results/mine")  # fmt: skip
def compare(
    scenario: Scenario_ = "baseline",
    arms: Annotated[
        list[str] | None, typer.Option(help="Two designs or more: names or TOML files, after one flag.", metavar="A B ...")
    ] = None,
    reference: Annotated[
        str | None, typer.Option(help="The arm that the others are held against; the first unless given.", metavar="ARM")
    ] = None,
    members: Members = None,
    days: Days = None,
    warm_up: WarmUp = None,
    pairs: Annotated[int, typer.Option(help="Pairs of runs on shared luck.", metavar="N")] = 20,
    until: Annotated[
        str | None, typer.Option(help="Go on until the primary measure is precise, or until it is decided.", metavar="precise|decided")
    ] = None,
    precision: Annotated[float, typer.Option(help="Half-width relative to the difference, for --until precise.", metavar="X")] = 0.1,
    max_pairs: Annotated[int, typer.Option(help="The most pairs, with --until.", metavar="N")] = 40,
    workers: Annotated[int | None, typer.Option(help="Processes; all cores unless given.", metavar="N")] = None,
    threads: Threads = 1,
    seed: Seed = 1,
    network: Network = None,
    explain: Annotated[bool, typer.Option("--explain", help="Also show how much of each difference is assumed, and by what.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would take and could detect; a small pilot is run.")] = False,
    ledger: Annotated[Path | None, typer.Option(help="A ledger shared between commands.", metavar="PATH")] = None,
    out: Out = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Compare designs on response, spam load and reach, and write a report."""
    from experiments.compare import Request
    from experiments.plan import arms_of, plan_digest

    chosen = scenario_from(scenario, members, days, warm_up, network)
    found = arms_of(chosen, arms or ["connect_first", "message_first"])
    named = next(iter(found)) if reference is None else _reference(reference, chosen, found)
    if until not in (None, "precise", "decided"):
        raise BadInput(f"--until: found {until!r}; precise or decided would do{nearest(until, ['precise', 'decided'])}")
    if not 0.0 < precision < 10.0:
        raise BadInput(f"--precision: found {precision}; a number above 0, such as 0.1, would do")
    if threads < 1 or max_pairs < 2:
        raise BadInput("--threads and --max-pairs: 1 or more, and 2 or more, would do")
    request = Request(chosen, found, named, checked_seed(seed), pairs, until, precision, max_pairs, checked_workers(workers), threads)
    request.check()
    digest = plan_digest(chosen, found, named, seed)
    if dry_run:
        from experiments.dry_run import forecast

        compile_kernels(quiet=quiet)
        result = forecast(request, explain=explain)
        print(json.dumps(result) if as_json else "\n".join(result["lines"]))
        return
    _compare(request, digest, explain=explain, ledger=ledger, out=out, quiet=quiet, as_json=as_json)


def _reference(reference: str, scenario: Any, arms: dict[str, Any]) -> str:
    name = scenario.with_design(reference).design if reference not in arms else reference
    if name not in arms:
        raise BadInput(f"--reference: found {reference!r}; one of the arms would do: {', '.join(arms)}")
    return str(name)


def _compare(request: Any, digest: str, *, explain: bool, ledger: Path | None, out: Path | None, quiet: bool, as_json: bool) -> None:
    from experiments import compare as experiment
    from experiments import record
    from experiments.ledger import Ledger

    started = time.time()
    folder = out or experiment.default_folder(request.scenario, digest)
    plan = {"command": "compare", "plan": digest, "arms": request.order, "reference": request.reference, "seed": request.seed}
    record.prepare_folder(folder, plan)
    with Ledger(ledger or folder / record.LEDGER) as book:
        compile_kernels(quiet=quiet)
        with console.progress("pairs", quiet=quiet) as advance:
            pairs = experiment.gather(request, book, advance)
        result = experiment.conclude(request, pairs)
        if explain:
            import dataclasses

            from experiments.calibration import gather, targets
            from experiments.explain import explain as explained

            with console.progress("assumptions", quiet=quiet) as advance:
                table, words = explained(request, pairs, book, advance)
            with console.working("calibration", quiet=quiet) as line:
                checked = targets(gather(request.scenario, progress=line))
            result = dataclasses.replace(result, explain=table, explain_answer=words, calibration=checked)
    with console.working("writing tables, figures and the report", quiet=quiet):
        record.write_comparison(result, folder, started)
    if as_json:
        print(
            json.dumps({"answer": result.answer, "folder": str(folder), "pairs": result.pairs, "summary": record.as_json(result.summary)})
        )
    else:
        print_comparison(result, folder)


def print_comparison(result: Any, folder: Path) -> None:
    """Print the answer, goals and guardrails, and where the report lies."""
    from experiments.answer import change, figure
    from sim.measures import CONTEXT, MEASURES

    print("\n" + result.question)
    for line in [*result.answer, *result.explain_answer, *result.notes]:
        print(line)
    for line in result.left_out:
        console.say(line)
    rows = result.summary[result.summary.role != CONTEXT]
    print()
    console.show_table(
        "Goals and guardrails", ["measure", "role", "arm", "reference", "difference (95% interval)", "verdict"],
        [[MEASURES[r.measure].title, r.role, figure(r["mean"], r.unit), figure(r.mean_reference, r.unit), change(r), r.verdict]
         for _, r in rows.iterrows()],
    )  # fmt: skip
    print(f"\nThe report: {folder / 'report.html'}")


@app.command(
    epilog="Examples: firstcontact run | firstcontact run --members 500 --days 90 --events --out results/one | firstcontact run --network friends.csv"
)
def run(
    scenario: Scenario_ = "baseline",
    design: Annotated[
        str | None, typer.Option(help="A design: a name or a TOML file; the scenario's own unless given.", metavar="D")
    ] = None,
    engine: Annotated[
        str, typer.Option(help="The engine: columns (fast) or mesa (plain); they give the same history.", metavar="columns|mesa")
    ] = "columns",
    members: Members = None,
    days: Days = None,
    warm_up: WarmUp = None,
    seed: Seed = 1,
    threads: Threads = 1,
    network: Network = None,
    events: Annotated[bool, typer.Option("--events", help="Write every item to events.csv.")] = False,
    graphml: Annotated[Path | None, typer.Option(help="Write the network at the horizon.", metavar="FILE")] = None,
    out: Out = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Run one history and write its measures, days, members and ties."""
    from experiments.single import run_single

    if engine not in ("columns", "mesa"):
        raise BadInput(f"--engine: found {engine!r}; columns or mesa would do{nearest(engine, ['columns', 'mesa'])}")
    chosen = scenario_from(scenario, members, days, warm_up, network)
    chosen = chosen if design is None else chosen.with_design(design)
    if threads < 1:
        raise BadInput(f"--threads: found {threads}; 1 or more would do")
    history, folder = run_single(chosen, engine, checked_seed(seed), threads, events=events, graphml=graphml, out=out, quiet=quiet)
    if as_json:
        print(json.dumps({"folder": str(folder), "measures": {k: v._asdict() for k, v in history.measures.items()}}))
        return
    from experiments.answer import figure
    from sim.measures import MEASURES

    rows = [[MEASURES[k].title, MEASURES[k].group, "undefined" if v.value is None else figure(v.value, MEASURES[k].unit), MEASURES[k].unit]
            for k, v in history.measures.items()]  # fmt: skip
    console.show_table(f"{chosen.name} under {chosen.design}, seed {seed}", ["measure", "group", "value", "unit"], rows)
    print(f"\nThe files: {folder}")


@app.command(epilog="Examples: firstcontact show designs | firstcontact show styles seller | firstcontact show parameters reply")
def show(
    what: Annotated[str, typer.Argument(help="styles, designs, moderation, measures, parameters or scenario.")],
    name: Annotated[str | None, typer.Argument(help="One of them.")] = None,
    as_json: Json = False,
    quiet: Quiet = False,  # noqa: ARG001  (every command takes it)
) -> None:
    """Show what exists: styles, designs, moderation, measures, parameters with unit, bounds, default and source."""
    from experiments.showing import shown

    result = shown(what, name)
    if as_json:
        print(json.dumps(result.data))
    elif result.text is not None:
        print(result.text)
    else:
        console.show_table(result.title, result.columns, result.rows)


@app.command(epilog="Example: firstcontact new mine.toml && firstcontact check mine.toml && firstcontact compare mine.toml")
def new(
    file: Annotated[Path, typer.Argument(help="The file to make.")],
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Write a commented scenario to edit."""
    from sim.handbook import commented_template

    if file.exists():
        raise BadInput(f"{file}: is there already; another name would do")
    try:
        file.write_text(commented_template(), encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{file}: cannot be written ({error.strerror}); a folder of your own would do") from None
    if as_json:
        print(json.dumps({"file": str(file)}))
    else:
        console.say(f"{file} is written; edit it, then: firstcontact check {file}", quiet=quiet)


@app.command(epilog="Example: firstcontact check mine.toml")
def check(
    file: Annotated[str, typer.Argument(help="A scenario: a TOML file or a shipped name.")],
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Check a scenario and name every mistake in it at once."""
    from sim.scenario import load_scenario

    try:
        load_scenario(file)
        mistakes: list[str] = []
    except BadInput as error:
        mistakes = list(getattr(error, "mistakes", None) or [str(error)])
    if as_json:
        print(json.dumps({"file": file, "mistakes": mistakes}))
    else:
        for line in mistakes:
            print(line, file=sys.stderr)
        if not mistakes:
            console.say(f"{file}: no mistakes", quiet=quiet)
    if mistakes:
        raise typer.Exit(BAD_INPUT)


@app.command(epilog="Examples: firstcontact calibration | firstcontact calibration --fit proposal.toml")
def calibration(
    scenario: Scenario_ = "baseline",
    fit: Annotated[
        Path | None, typer.Option(help="Propose defaults that meet the targets better, into this scenario file.", metavar="FILE")
    ] = None,
    members: Members = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Show the patterns that the model was fitted to, what it gives, and by how much it misses."""
    from experiments.calibrating import calibrate

    chosen = scenario_from(scenario, None, None, None, None)
    compile_kernels(quiet=quiet)
    with console.working("calibration runs", quiet=quiet) as line:
        found = calibrate(chosen, members, fit, line)
    if as_json:
        print(json.dumps(found.data))
    else:
        console.show_table(found.title, found.columns, found.rows)
        for text in found.lines:
            print(text)


def spread_values(arguments: list[str]) -> list[str]:
    """Return the arguments with `--arms a b` written as `--arms a --arms b`."""
    out: list[str] = []
    flag: str | None = None
    for word in arguments:
        if word.startswith("-") and word != "-":
            flag = word if word in MANY else None
            if flag is None:
                out.append(word)
        elif flag is not None:
            out += [flag, word]
        else:
            out.append(word)
    return out


def main(arguments: list[str] | None = None) -> None:
    """Run a command and leave with its exit status: 0, 1 failed, 2 bad input, 130 interrupted."""
    sys.exit(status_of(lambda: app(spread_values(sys.argv[1:] if arguments is None else arguments), standalone_mode=False)))


def status_of(command: Callable[[], Any]) -> int:
    """Run a command and return its exit status; what went wrong is one line on stderr."""
    status: Any = FAILED
    try:
        status = command()
        status = status if isinstance(status, int) else 0
    except BadInput as error:
        console.say(f"firstcontact: {error}")
        return BAD_INPUT
    except (typer.Abort, KeyboardInterrupt):
        status = INTERRUPTED
    except typer.Exit as error:
        status = error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        if hasattr(error, "format_message"):  # the parser's own: it comes from one of two packages, by typer's version
            console.say(f"firstcontact: {error.format_message()}")
            return BAD_INPUT
        if os.environ.get("FIRSTCONTACT_TRACEBACK"):
            raise
        full = isinstance(error, OSError) or "full" in str(error)
        kept = "; what was done is kept in the ledger, and the same command goes on from there" if full else \
            "; FIRSTCONTACT_TRACEBACK=1 shows where"  # fmt: skip
        console.say(f"firstcontact: failed: {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}{kept}")
        return FAILED
    if status == INTERRUPTED:
        console.say("firstcontact: interrupted; what was done is kept, and the same command goes on from there")
    return int(status)


if __name__ == "__main__":
    main()
