"""The committed gallery: the baseline with its assumptions explained, and over two years; the article's statements; a sweep with its map; a test; sizes.

README's marked blocks say what lies there; `readme` makes them and README's output blocks again. The comparisons, the article and the test work in
folders of their own, so that they go on where they were interrupted.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import time
from html import unescape
from pathlib import Path

from experiments.benchmarks import scale, speed
from experiments.cli.main import perform
from experiments.comparison import size, turning
from experiments.defaults import ARTICLE_MEMBERS, ARTICLE_PAIRS, BANK, BANK_MEMBERS, SCENARIO, SEED, SHIFT, WORLDS
from experiments.documents import HOME, README, remade, with_marked
from experiments.inference import shipped
from experiments.inference.runner import BANK as BANK_FILE
from experiments.inference.runner import FURTHER, LARGE
from experiments.reporting.page import FINDINGS, REPORT, leave_out
from experiments.reporting.run_folder import LEDGER, read_table, write_text
from sim import load_scenario

RESULTS = HOME / "results"
FOLDER, ARTICLE, SWEEP, ABTEST = RESULTS / "baseline", RESULTS / "article", RESULTS / "sweep", RESULTS / "abtest"
SCALE, ASSUMED = RESULTS / "scale", RESULTS / "assumptions-at-work"
CALIBRATE, CALIBRATION, COMPARED = RESULTS / "calibrate", RESULTS / "calibrate-at-work", RESULTS / "calibrate-compared"
NEW_BANK = ("--draws", str(BANK), "--members", str(BANK_MEMBERS), "--keep", str(WORLDS), "--shift", str(SHIFT))
UNSURE = 1  # status of a calibration not all of whose gates are passed, which may have worlds to ship all the same
LONG, MAP, TIPPING = "two-years", "regions", "tipping"  # folders within
QUICK, TIPS = "quick-sweep", "reply.connected"  # the sweep, and the parameter whose tipping point is looked for
PAGES = (REPORT, "article.html")
LONG_DAYS, LONG_PAIRS = 720, 10
# of the test: what the command asks by default, with time enough on any machine
TESTED = ("--budget", "600")
SIZED = (
    "--sizes",
    "2000,5000,10000,20000,50000",
    "--budget",
    "120",
)  # of the comparison at growing sizes, with time enough for 20 pairs at most
TOLD = 3  # sentences of it that README has
SAID_OF_WORLDS = (
    "Few worlds fit",
    "These figures cannot",
    "These figures are unusual",
    "Not passed: ",
    "The data narrow ",
    "In a straight-line ",
    "Contradicted by ",
)  # how sentences of a calibration begin that README has
DROPPED = (
    "ledger.sqlite",
    "ledger.txt",
    "runs.csv",
    "daily.csv",
    "estimates.csv",
    "budget.json",
    "provenance.json",
)  # large, or about one machine


def make(arguments: list[str], *allowed: int) -> None:
    """Run a command of the command line; leave if it fails with another status than those allowed."""
    status = perform(arguments)
    if status not in (0, *allowed):
        sys.exit(status)


def sign_changes(short: Path, long: Path) -> list[str]:
    """Return a line for each measure whose decided sign differs between two summaries."""
    import pandas as pd

    from sim.results.measures import MEASURES

    a, b = (pd.read_csv(path / "summary.csv").set_index("measure") for path in (short, long))
    both = a.join(b.add_suffix("_long"), how="inner")
    words = ("better", "worse", "higher", "lower")
    changed = both[(both.difference * both.difference_long < 0.0) & both.verdict.isin(words) & both.verdict_long.isin(words)]
    rows = [(MEASURES[str(name)].title.lower(), row) for name, row in changed.iterrows()]
    return [f"{title}: {row.verdict} over 180 days, {row.verdict_long} over {LONG_DAYS}" for title, row in rows]


def what_two_years_change(long: Path) -> str:
    """Return the page that lists the measures whose sign differs between the baseline and the same over two years."""
    lines = [f"# What changes once ties have had {LONG_DAYS} days to pay", ""]
    lines += [f"- {line}" for line in sign_changes(FOLDER, long)] or ["No measure with a decided sign over 180 days has the opposite sign."]
    return "\n".join(lines) + "\n"


def tidy(folder: Path) -> None:
    """Leave what the repository keeps: small files that are read."""
    for name in DROPPED:
        (folder / name).unlink(missing_ok=True)
    for path in (folder / "figures").glob("*.svg"):
        path.unlink()
    for path in (folder / name for name in PAGES if (folder / name).exists()):
        write_text(path, listing_what_is_in(folder, path.read_text(encoding="utf-8")))


def listing_what_is_in(folder: Path, page: str) -> str:
    """Return a page of results whose list of files names those that are in its folder alone; of figures the SVGs are in the page itself."""
    names = re.findall(r'<div data-file="([^"]+)">', page)
    page = leave_out(page, [name for name in names if not (folder / unescape(name)).exists()])
    return re.sub(r'(<div data-file="figures/">.*?) and SVG', r"\1", page)


def put(marker: str) -> None:
    """Put what the gallery says under that name into README.md."""
    write_text(README, with_marked(README.read_text(encoding="utf-8"), marker, SAYINGS[marker]()))


def said_by_baseline() -> str:
    """Return the answer of the comparison, what is left of it without assumptions, and what two years change in it."""
    import pandas as pd

    from experiments.comparison import explain, populations
    from experiments.comparison.answer import answer
    from experiments.comparison.result import at_once, pairs_in_words
    from experiments.comparison.run import request_of
    from experiments.defaults import PAIRS
    from sim.results.measures import MEASURES

    changed = sign_changes(FOLDER, FOLDER / LONG)
    sized = size.sentences(request_of(load_scenario(SCENARIO)))
    extra = "Over two years " + ("these signs change: " + "; ".join(changed) if changed else "no decided sign changes") + "."
    first, *rest = answer(pd.read_csv(FOLDER / "summary.csv"), "message_first")
    table = pd.read_csv(FOLDER / "explain.csv")
    turns = explain.turning(table, "message_first", MEASURES, over=pairs_in_words(int(table.pairs.max()), PAIRS))
    assumed = at_once(explain.sentences(table, "message_first", MEASURES, PAIRS))
    freed = populations.sentences(pd.read_csv(FOLDER / "populations.csv"), "message_first", MEASURES, PAIRS)
    return "\n".join([first, "", *(f"- {line}" for line in [*(said_over_worlds(turns) or turns), *rest, *assumed, *freed, *sized, extra])])


def said_over_worlds(turns: list[str]) -> list[str]:
    """Return what the draws that are shipped say of the baseline, and what turns without assumptions; nothing where there are none."""
    import pandas as pd

    from experiments.comparison.run import request_of
    from experiments.comparison.worlds import said_of_tables, usual_worlds
    from sim.results.measures import MEASURES

    scenario = load_scenario(SCENARIO)
    worlds = usual_worlds(request_of(scenario), None)
    if worlds is None or not (FOLDER / "worlds.csv").exists():
        return []
    summary, table = (pd.read_csv(FOLDER / name) for name in ("summary.csv", "worlds.csv"))
    return said_of_tables(summary, table, worlds, "message_first", catalogue=MEASURES, scenario=scenario, turning=turns)


def said_by_article() -> str:
    """Return the article's score and the surprises."""
    found = json.loads((ARTICLE / FINDINGS).read_text(encoding="utf-8"))
    return "\n\n".join([*found["score"], *(f"{k}. {line}" for k, line in enumerate(found["surprises"], 1))])


def said_by_sweep() -> str:
    """Return where each design wins, and the tipping point."""
    found = [json.loads((SWEEP / part / FINDINGS).read_text(encoding="utf-8"))["answer"] for part in (MAP, TIPPING)]
    return "\n".join(f"- {line}" for lines in found for line in lines)


def said_by_bench() -> str:
    """Return the tables of the benchmark, and memory."""
    return speed.section()


def said_by_abtest() -> str:
    """Return what the test would have shown, why, and which test would have come nearest."""
    return " ".join(json.loads((ABTEST / FINDINGS).read_text(encoding="utf-8"))["answer"][:TOLD])


def said_by_calibration() -> str:
    """Return how many worlds fit, what the others miss, which gate is not passed, and how far the numbers are narrowed."""
    found = json.loads((CALIBRATE / FINDINGS).read_text(encoding="utf-8"))["answer"]
    return "\n".join(f"  - {line}" for line in found if line.startswith(SAID_OF_WORLDS) or line == found[0])


SAYINGS = {
    "answer": said_by_baseline,
    "article": said_by_article,
    "sweep": said_by_sweep,
    "speed": said_by_bench,
    "abtest": said_by_abtest,
    "worlds": said_by_calibration,
}  # by README's marked block


def keep(work: Path, folder: Path) -> None:
    """Copy what the repository keeps of a folder in which a command worked; the folder stays, so that the command can go on there."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(work, folder, ignore=shutil.ignore_patterns(*DROPPED, f"{DROPPED[0]}*"))


def make_article() -> None:
    """Test the article's statements, and put the score and the surprises into README.md."""
    from experiments.article.run import ArticleRequest
    from experiments.article.statement import load_statements

    work = ArticleRequest(load_statements(), ARTICLE_PAIRS, ARTICLE_MEMBERS, SEED).prepare(None)
    make(["article", "--out", str(work)])
    keep(work, ARTICLE)
    put("article")
    tidy(ARTICLE)


def make_baseline() -> None:
    """Compare the designs with assumptions explained, and over two years, and put the answer into README.md."""
    from experiments.comparison.run import default_folder, request_of

    scenario, long = load_scenario(SCENARIO), load_scenario(SCENARIO, days=LONG_DAYS)
    for asked, more, folder in (
        (scenario, ["--explain"], FOLDER),
        (long, ["--days", str(LONG_DAYS), "--pairs", str(LONG_PAIRS)], FOLDER / LONG),
    ):
        work = default_folder(request_of(asked))
        make(["compare", *more, "--out", str(work)])
        keep(work, folder)
    write_text(FOLDER / "two-years.md", what_two_years_change(FOLDER / LONG))
    turning.ship(read_table((FOLDER / "explain.csv").read_bytes()))
    put("answer")
    for folder in (FOLDER, FOLDER / LONG):
        tidy(folder)


def make_sweep() -> None:
    """Run the quick sweep, map where each design wins, find a tipping point, and put all three into README.md."""
    from experiments.sweep.plan import load_sweep

    shutil.rmtree(SWEEP, ignore_errors=True)
    make(["sweep", QUICK, "--out", str(SWEEP)])
    map_, tipping = SWEEP / MAP, SWEEP / TIPPING
    make(["regions", str(SWEEP), "--out", str(map_)])
    s = load_sweep(QUICK).scenario
    size = ["--members", str(s.members), "--warm-up", str(s.warm_up), "--days", str(s.days)]
    make(["tipping", TIPS, *size, "--budget", "3", "--out", str(tipping)])
    put("sweep")
    for folder in (SWEEP, map_, tipping):
        tidy(folder)


def make_speed() -> None:
    """Put what the benchmark measured into README.md, and what follows from it for a whole platform into sim/SCALE.md."""
    put("speed")
    write_text(scale.DOCUMENT, scale.document())


def make_abtest() -> None:
    """Test the treatment inside one population by all schemes, and put what it would have shown into README.md."""
    work = RESULTS / "abtest-at-work"
    make(["abtest", *TESTED, "--out", str(work)])
    keep(work, ABTEST)
    put("abtest")
    tidy(ABTEST)


def make_calibration() -> None:
    """Infer the committed draws again from their runs, of which a sample is made again, into results/calibrate; leave with status 1 if they differ.

    Where none is committed, make a bank.
    """
    told = shipped.how_made()
    if told is None:
        make(["calibrate", *NEW_BANK, "--out", str(CALIBRATION)], UNSURE)
        return
    options = [word for name in ("bank", "members", "keep", "shift", "seed") for word in (f"--{name}", str(told[name]))]
    make(["calibrate", *options, "--parameters", *told["parameters"], "--out", str(CALIBRATION)], UNSURE)
    if off := shipped.repeated(read_table((CALIBRATION / shipped.DRAWS).read_bytes())):
        print(f"The draws that were inferred again are not the committed ones: {'; '.join(off)}.", file=sys.stderr)
        sys.exit(1)
    keep_calibration()


def make_draws() -> None:
    """Compare the designs at the draws of `make calibrate`, and commit both; what is not sound by its gates is refused."""
    few = ["--pairs", "2"]  # of the pairs nothing is shipped
    make(["compare", *few, "--draws", str(CALIBRATION), "--worlds", str(WORLDS), "--out", str(COMPARED)])
    shipped.ship(CALIBRATION, COMPARED, load_scenario(SCENARIO))
    keep_calibration()


def keep_calibration() -> None:
    """Copy what the repository keeps of the calibration, and put what it found into README.md."""
    keep(CALIBRATION, CALIBRATE)
    for name in (BANK_FILE, LARGE, FURTHER):  # they are with what is shipped
        (CALIBRATE / name).unlink(missing_ok=True)
    put("worlds")
    tidy(CALIBRATE)


def make_assumptions() -> None:
    """Compare the shipped designs with all assumptions that favour a channel and with none, and commit the differences beside the shipped draws."""
    from experiments.comparison.run import request_of
    from experiments.reporting.progress import Shown
    from experiments.runs.executors import executor
    from experiments.runs.ledger import Ledger
    from experiments.runs.processes import workers_of
    from experiments.runs.scheduler import Scheduler

    watch = Shown(quiet=False)
    request = request_of(load_scenario(SCENARIO), workers=workers_of(None, watch.say))
    ASSUMED.mkdir(parents=True, exist_ok=True)
    with (
        Ledger(ASSUMED / LEDGER) as book,
        executor(request.workers, None, watch) as (pool, ahead),
        watch.counted("pairs") as advance,
    ):
        turning.ship(turning.made(request, Scheduler(book, pool, ahead), advance))


def make_scale() -> None:
    """Compare the designs at growing sizes, and commit what reports cite of it."""
    work = RESULTS / "scale-at-work"
    make(["scale", *SIZED, "--out", str(work)])
    size.ship(work, load_scenario(SCENARIO))
    keep(work, SCALE)
    tidy(SCALE)


def make_readme() -> None:
    """Run README's examples, write what they print below them, and what the gallery says into the marked blocks."""
    write_text(README, remade(README.read_text(encoding="utf-8")))
    for marker in SAYINGS:
        put(marker)


def main() -> None:
    """Make what is named, or all: the parts of the gallery, and README's output blocks."""
    parts = {
        "baseline": make_baseline,
        "article": make_article,
        "sweep": make_sweep,
        "abtest": make_abtest,
        "scale": make_scale,
        "speed": make_speed,
        "readme": make_readme,
    }
    apart = {
        "calibrate": make_calibration,
        "draws": make_draws,
        "assumptions": make_assumptions,
    }  # of what is shipped, and no part of the gallery
    for name in sys.argv[1:] or parts:
        started = time.time()
        (parts | apart)[name]()
        print(f"{name}: made in {(time.time() - started) / 60:.1f} minutes")


if __name__ == "__main__":
    main()
