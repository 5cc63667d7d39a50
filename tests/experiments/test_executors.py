"""Commands leave the same tables wherever their runs are made, and lose nothing with a worker."""

from __future__ import annotations

import contextlib
import io
import os
import signal
from pathlib import Path

import pytest
import typer

from experiments.calibration import runs as calibration
from experiments.cli import app as commands
from experiments.cli import main as cli
from experiments.runs import processes as runner
from experiments.runs import scheduler as schedulers
from experiments.runs import worker
from experiments.runs.keys import pair_seeds
from tests.helpers.executors import here, local_cluster
from tests.helpers.light import ask_little, draw_nothing
from tests.helpers.sweeps import small

COMPARE = ["compare", "--members", "60", "--warm-up", "5", "--days", "62", "--pairs", "4", "--quiet"]
ARTICLE = ["article", "--members", "60", "--pairs", "2", "--point", "4.1", "--quiet"]
AT_ONCE = ["--budget", "1e-6", "--members", "60", "--warm-up", "2", "--workers", "2", "--quiet"]  # the least runs that there can be
ABTEST = [
    "abtest",
    "--members",
    "60",
    "--warm-up",
    "10",
    "--weeks",
    "2",
    "--replicates",
    "2",
    "--tests",
    "0",
    "--assignments",
    "1",
    "--quiet",
]
SHORT = ["--days", "8", "--measure", "unwelcome_read"]
CALIBRATION = ["calibration", "--workers", "2", "--quiet", "--json"]
DRAWS = ["--draws", "draws.csv"]
PLACE, FITTED = Path("out"), Path("out", "fitted.toml")  # stand for where a test has its files
ROWS = {  # words of a command, and what it leaves that is the same wherever its runs are made
    "compare": (COMPARE, ["runs.csv", "summary.csv", "daily.csv", "by_style.csv", "ledger.sqlite"]),
    "article": (ARTICLE, ["article.csv", "ledger.sqlite"]),
    "calibrate --check": (["calibrate", "--check", *CALIBRATION[1:], "--members", "60"], ["said"]),
    "calibration": ([*CALIBRATION, "--members", "60", "90"], ["said"]),
    "calibration --fit": ([*CALIBRATION, "--members", "60", "--fit", FITTED], ["said", "fitted.toml"]),
    "calibration --elasticities": (
        [*CALIBRATION, "--members", "60", "--elasticities", "--parameters", "reply.base", "--out", PLACE],
        ["said", "elasticities.csv"],
    ),
    "tipping": (["tipping", "reply.base", "--range", "-5", "0", *AT_ONCE, *SHORT], ["tipping.csv"]),
    "sensitivity": (["sensitivity", "--parameters", "reply.base", "design.friction", *AT_ONCE, "--days", "65"], ["sensitivity.csv"]),
    "pareto": (["pareto", *AT_ONCE, "--days", "65"], ["pareto.csv", "tried.csv"]),
    "scale": (["scale", "--sizes", "20,40,60,80", *AT_ONCE, "--days", "65"], ["scale.csv", "laws.csv"]),
    "abtest": ([*ABTEST, "--workers", "2"], ["estimates.csv", "summary.csv"]),
    "compare --draws": ([*COMPARE[:-3], "--pairs", "2", "--quiet", *DRAWS, "--worlds", "3"], ["worlds.csv", "summary.csv"]),
    "article --draws": ([*ARTICLE, *DRAWS, "--worlds", "3"], ["worlds.csv", "article.csv"]),
    "tipping --draws": (["tipping", "reply.base", "--range", "-5", "0", *AT_ONCE, *SHORT, *DRAWS], ["tipping.csv"]),
    "sensitivity --draws": (
        ["sensitivity", "--parameters", "reply.base", "design.friction", *AT_ONCE, "--days", "65", *DRAWS],
        ["sensitivity.csv"],
    ),
    "abtest --draws": ([*ABTEST, "--workers", "2", *DRAWS, "--worlds", "3"], ["worlds.csv", "summary.csv"]),
    "regions": (["regions", "small.toml", "--workers", "2", "--quiet"], ["runs.csv", "regions-intent_success/regions.csv"]),
}
QUICK = ("compare", "calibration", "tipping")  # the others are like these
rows = pytest.mark.parametrize("row", [pytest.param(name, marks=[] if name in QUICK else [pytest.mark.slow]) for name in ROWS])
both = pytest.mark.parametrize("row", ["compare", pytest.param("article", marks=pytest.mark.slow)])
CLUSTERED = ("abtest", "article", "calibrate", "calibration", "compare", "pareto", "regions", "scale", "sensitivity", "sweep", "tipping")
FIRST = {"sweep": ["quick-sweep"], "tipping": ["reply.base"]}  # what must be said before any option


def status(*arguments):
    return cli.perform([str(a) for a in arguments])


def words_at(row, out):
    """Return the words of a row with its files in a folder."""
    words = [out / one.relative_to(PLACE) if isinstance(one, Path) else one for one in ROWS[row][0]]
    if PLACE in ROWS[row][0]:
        return words
    return [*words, "--ledger", out / "ledger.sqlite"] if row.startswith("calibrat") else [*words, "--out", out]


def left(row, out, *more):
    """Run the command of a row, and return what it left."""
    out.mkdir()
    with contextlib.redirect_stdout(io.StringIO()) as said:
        assert status(*words_at(row, out), *more) == 0
    (out / "said").write_text(said.getvalue())
    return tables(out, row)


def tables(folder, row):
    return {name: (folder / name).read_bytes() for name in ROWS[row][1]}


@pytest.fixture(autouse=True)
def _small(monkeypatch, tmp_path):
    """Tables are what is looked at: figures take longer than the runs. A calibration's year is short."""
    draw_nothing(monkeypatch)
    ask_little(monkeypatch)
    monkeypatch.setattr("experiments.comparison.report.draw_all", lambda *_: [])
    monkeypatch.setattr("experiments.comparison.report.write_report", lambda *_: None)
    monkeypatch.setattr("experiments.calibration.targets.DAYS", 30)
    monkeypatch.chdir(tmp_path)
    small(tmp_path, points=24, pairs=1, days=65, seeds="new")
    several = [f"{k},{-3.0 + 0.1 * k:g},{0.1 * k:g}" for k in range(1, 41)]
    (tmp_path / "draws.csv").write_text("\n".join(["draw,reply.base,design.friction", *several]) + "\n")


@pytest.fixture(scope="module")
def known():
    """What the commands leave that were run one run after another, by row."""
    return {}


@pytest.fixture
def reference(known, tmp_path):
    """Give what the command of a row leaves that makes its runs in this process; each is run when it is first asked for."""

    def of(row):
        if row not in known:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(runner, "processes", here)
                known[row] = left(row, tmp_path / "reference")
        return known[row]

    return of


def test_every_command_that_has_workers_has_a_cluster_and_stands_here():
    every = typer.main.get_command(commands.app).commands
    options = {name: {flag for one in command.params for flag in one.opts} for name, command in every.items()}
    cluster = {"--dask", "--dask-ca", "--dask-cert", "--dask-key"}
    assert {name for name, its in options.items() if "--workers" in its} == set(CLUSTERED)
    assert {name for name, its in options.items() if its & cluster} == set(CLUSTERED)
    assert all(cluster < options[name] for name in CLUSTERED)
    assert {name.split()[0] for name in ROWS} == set(CLUSTERED) - {"sweep"}  # it has a suite of its own, and is what regions runs


@rows
def test_on_a_dask_cluster_the_tables_are_the_same(row, reference, tmp_path, monkeypatch):
    wanted = reference(row)
    monkeypatch.setattr(runner, "processes", lambda _: pytest.fail("processes were started beside the cluster"))
    with local_cluster(2) as address:
        assert left(row, tmp_path / "out", "--dask", address) == wanted


@pytest.mark.slow
@pytest.mark.parametrize("row", [name for name in ROWS if name.startswith("calibration")])
def test_by_several_processes_a_calibration_is_the_same(row, reference, tmp_path):
    assert left(row, tmp_path / "out") == reference(row)


@rows
def test_a_cluster_that_is_not_there_is_one_line_and_status_two(row, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("experiments.runs.dask_cluster.PATIENCE", "1s")
    (tmp_path / "out").mkdir()
    assert status(*words_at(row, tmp_path / "out"), "--dask", "tcp://127.0.0.1:9") == 2
    assert "`--dask` must be the address of a scheduler, such as tcp://host:8786 (got tcp://127.0.0.1:9: " in capsys.readouterr().err


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """Certificates that sign themselves, as a cluster has them, and the files that options name."""
    distributed = pytest.importorskip("distributed")
    folder = tmp_path_factory.mktemp("certificates")
    security = distributed.Security.temporary()
    files = {"ca": security.tls_ca_file, "cert": security.tls_client_cert, "key": security.tls_client_key}
    for name, text in files.items():
        (folder / f"{name}.pem").write_text(text, encoding="ascii")
    (folder / "both.pem").write_text(files["cert"] + files["key"], encoding="ascii")
    return security, folder


@pytest.mark.parametrize("one_file", [False, True])
def test_on_a_cluster_with_tls_the_tables_are_the_same(one_file, certificates, reference, tmp_path, monkeypatch):
    wanted = reference("compare")
    monkeypatch.setattr(runner, "processes", lambda _: pytest.fail("processes were started beside the cluster"))
    security, folder = certificates
    cert = ["--dask-cert", folder / "both.pem"] if one_file else ["--dask-cert", folder / "cert.pem", "--dask-key", folder / "key.pem"]
    with local_cluster(2, security) as address:
        assert address.startswith("tls://")
        assert left("compare", tmp_path / "out", "--dask", address, "--dask-ca", folder / "ca.pem", *cert) == wanted


def test_a_cluster_with_tls_refuses_who_has_no_certificate_or_anothers(certificates, tmp_path, capsys, monkeypatch):
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr("experiments.runs.dask_cluster.PATIENCE", "2s")
    security, _ = certificates
    other = distributed.Security.temporary()
    (tmp_path / "ca.pem").write_text(other.tls_ca_file, encoding="ascii")
    (tmp_path / "cert.pem").write_text(other.tls_client_cert + other.tls_client_key, encoding="ascii")
    with local_cluster(1, security) as address:
        for words in ([], ["--dask-ca", tmp_path / "ca.pem", "--dask-cert", tmp_path / "cert.pem"]):
            assert status(*COMPARE, "--dask", address, *words, "--out", tmp_path / "out") == 2
            said = capsys.readouterr().err.strip().splitlines()
            assert said[-1].startswith("firstcontact: `--dask` must be the address of a scheduler, such as tcp://host:8786, that knows the")
            assert address in said[-1]


@pytest.mark.parametrize(
    ("address", "words", "line"),
    [
        (None, ["--dask-ca", "ca.pem"], "`--dask` must be given where certificates are (got --dask-ca alone)"),
        (
            "tls://h:1",
            ["--dask-ca", "ca.pem"],
            "`--dask` must be given with both --dask-ca and --dask-cert, or with no certificates (got --dask-ca alone)",
        ),
        (
            "tls://h:1",
            ["--dask-key", "key.pem"],
            "`--dask` must be given with both --dask-ca and --dask-cert, or with no certificates (got --dask-key alone)",
        ),
        (
            "tcp://h:1",
            ["--dask-ca", "ca.pem", "--dask-cert", "both.pem"],
            "`--dask` must begin with tls:// where certificates are given (got tcp://h:1)",
        ),
        (
            "tls://h:1",
            ["--dask-ca", "none.pem", "--dask-cert", "both.pem"],
            "`--dask-ca` must be a file that you may read (got none.pem: No such file or directory)",
        ),
        (
            "tls://h:1",
            ["--dask-ca", "words.pem", "--dask-cert", "both.pem"],
            "`--dask-ca` must be certificates in PEM form (got words.pem: ",
        ),
        (
            "tls://h:1",
            ["--dask-ca", "ca.pem", "--dask-cert", "cert.pem"],
            "`--dask-cert` must be a certificate in PEM form, with its key, without a password, there or in --dask-key (got cert.pem: ",
        ),
        (
            "tls://h:1",
            ["--dask-ca", "ca.pem", "--dask-cert", "cert.pem", "--dask-key", "locked.pem"],
            "`--dask-cert` must be a certificate in PEM form, with its key, without a password, there or in --dask-key (got cert.pem: ",
        ),
    ],
)
@pytest.mark.parametrize("command", CLUSTERED)
def test_certificates_that_cannot_be_used_are_one_line(command, address, words, line, certificates, tmp_path, capsys, monkeypatch):
    from cryptography.hazmat.primitives import serialization

    _, folder = certificates
    monkeypatch.chdir(folder)
    key = serialization.load_pem_private_key((folder / "key.pem").read_bytes(), None)
    hidden = serialization.BestAvailableEncryption(b"secret")
    locked = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, hidden)
    (folder / "locked.pem").write_bytes(locked)
    (folder / "words.pem").write_text("no certificate", encoding="ascii")
    to = [] if address is None else ["--dask", address]
    assert status(command, *FIRST.get(command, []), *to, *words, "--out", tmp_path / "out") == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1
    assert said[0].startswith(f"firstcontact: {line}")
    assert not (tmp_path / "out").exists()


def killed_once(arms, population_seed, seed, *args, **kwargs):
    """Do what a worker does, but die at the third pair as if the system had ended the process; the next time it goes well."""
    marker = Path(os.environ["KILLED_ONCE"])
    if population_seed == pair_seeds(1, 3)[0] and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return worker.run_job(arms, population_seed, seed, *args, **kwargs)


def test_a_worker_that_is_killed_costs_a_comparison_nothing(reference, tmp_path, monkeypatch):
    reference("compare")
    monkeypatch.setenv("KILLED_ONCE", str(tmp_path / "killed"))
    monkeypatch.setattr(schedulers, "run_job", killed_once)
    assert left("compare", tmp_path / "out", "--workers", 2) == reference("compare")
    assert (tmp_path / "killed").exists()


def failing(seed, times):
    """Return what a worker does, of which the runs of one pair fail so often."""
    left = [times]

    def run_job(arms, population_seed, seed_, *args, **kwargs):
        if population_seed == seed and left[0] > 0:
            left[0] -= 1
            return worker.JobResult({}, dict.fromkeys(arms, "MemoryError: none left"))
        return worker.run_job(arms, population_seed, seed_, *args, **kwargs)

    return run_job


@both
def test_a_pair_that_fails_twice_ends_it_with_its_seed_and_the_same_command_goes_on(row, reference, tmp_path, monkeypatch, capsys):
    words, wanted = ROWS[row][0], reference(row)
    monkeypatch.setattr(runner, "processes", here)
    population_seed, seed = pair_seeds(1, 2)
    monkeypatch.setattr(schedulers, "run_job", failing(population_seed, 2))
    assert status(*words, "--out", tmp_path / "out") == 1
    said = capsys.readouterr().err
    assert f"pair 2 (population seed {population_seed}, seed {seed}) failed twice: " in said
    assert "MemoryError: none left; finished runs are kept in the ledger, and the same command continues from there" in said
    assert len(said.strip().splitlines()) == 1
    assert not (tmp_path / "out" / ROWS[row][1][0]).exists()
    monkeypatch.setattr(schedulers, "run_job", failing(population_seed, 1))  # the second try works
    assert status(*words, "--out", tmp_path / "out") == 0
    found = tables(tmp_path / "out", row)
    kept = [name for name in wanted if name != "ledger.sqlite"]  # failures were noted in it
    assert {name: found[name] for name in kept} == {name: wanted[name] for name in kept}


def test_a_calibration_whose_run_fails_twice_goes_on_with_the_same_command(reference, tmp_path, monkeypatch, capsys):
    wanted, read, asked = reference("calibration"), calibration.figures_of, []

    def figures_of(still, seed):
        asked.append((still.members, seed))
        if asked.count((90, 2)) in (1, 2) and asked[-1] == (90, 2):
            raise MemoryError("none left")
        return read(still, seed)

    monkeypatch.setattr(calibration, "figures_of", figures_of)
    monkeypatch.setattr(runner, "processes", here)
    words = ROWS["calibration"][0]
    capsys.readouterr()  # of the run before, which said that this is an old name
    assert status(*words) == 1  # its ledger lies below results/
    said = capsys.readouterr()
    assert said.out == ""
    before, _, after = said.err.partition(" (test_executors.py, line ")  # where it happened is said too
    assert before == "firstcontact: failed: RunFailed: the run of 90 members with seed 2 failed twice: MemoryError: none left"
    assert after.partition("); ")[2] == "finished runs are kept in the ledger, and the same command continues from there\n"
    assert len(asked) == 11
    assert status(*words) == 0
    said = capsys.readouterr()
    assert said.out.encode() == wanted["said"]
    assert said.err == "warning: `firstcontact calibration` is now `firstcontact calibrate --check`\n"
    assert len(asked) == 12
