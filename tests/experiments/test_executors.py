"""Commands leave the same tables wherever their runs are made, and lose nothing with a worker."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from experiments.cli import main as cli
from experiments.runs import processes as runner
from experiments.runs import scheduler as schedulers
from experiments.runs import worker
from experiments.runs.keys import pair_seeds
from tests.helpers.executors import here, local_cluster

COMPARE = ["compare", "--members", "60", "--warm-up", "5", "--days", "62", "--pairs", "4", "--quiet"]
ARTICLE = ["article", "--members", "60", "--pairs", "2", "--point", "4.1", "--quiet"]
both = pytest.mark.parametrize("words", [COMPARE, pytest.param(ARTICLE, marks=pytest.mark.slow)], ids=lambda words: words[0])
TABLES = {"compare": ("runs.csv", "summary.csv", "daily.csv", "by_style.csv", "ledger.sqlite"), "article": ("article.csv", "ledger.sqlite")}


def status(*arguments):
    return cli.perform([str(a) for a in arguments])


def tables(folder, command):
    return {name: (folder / name).read_bytes() for name in TABLES[command]}


@pytest.fixture(autouse=True, scope="module")
def _no_figures():
    """Tables are what is looked at: figures take longer than the runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("experiments.comparison.report.draw_all", lambda *_: [])
        patch.setattr("experiments.comparison.report.write_report", lambda *_: None)
        yield


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    out = tmp_path_factory.mktemp("reference")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "processes", here)
        assert status(*COMPARE, "--out", out / "compare") == 0
        assert status(*ARTICLE, "--out", out / "article") == 0
    return out


@both
def test_on_a_dask_cluster_the_tables_are_the_same(words, reference, tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "processes", lambda _: pytest.fail("processes were started beside the cluster"))
    with local_cluster(2) as address:
        assert status(*words, "--dask", address, "--out", tmp_path / "out") == 0
    assert tables(tmp_path / "out", words[0]) == tables(reference / words[0], words[0])


@pytest.mark.parametrize("words", [COMPARE, ARTICLE], ids=lambda words: words[0])
def test_a_cluster_that_is_not_there_is_one_line_and_status_two(words, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("experiments.runs.dask_cluster.PATIENCE", "1s")
    assert status(*words, "--dask", "tcp://127.0.0.1:9", "--out", tmp_path / "out") == 2
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
    monkeypatch.setattr(runner, "processes", lambda _: pytest.fail("processes were started beside the cluster"))
    security, folder = certificates
    cert = ["--dask-cert", folder / "both.pem"] if one_file else ["--dask-cert", folder / "cert.pem", "--dask-key", folder / "key.pem"]
    with local_cluster(2, security) as address:
        assert address.startswith("tls://")
        assert status(*COMPARE, "--dask", address, "--dask-ca", folder / "ca.pem", *cert, "--out", tmp_path / "out") == 0
    assert tables(tmp_path / "out", "compare") == tables(reference / "compare", "compare")


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
@pytest.mark.parametrize("command", ["compare", "article", "sweep"])
def test_certificates_that_cannot_be_used_are_one_line(command, address, words, line, certificates, tmp_path, capsys, monkeypatch):
    from cryptography.hazmat.primitives import serialization

    _, folder = certificates
    monkeypatch.chdir(folder)
    key = serialization.load_pem_private_key((folder / "key.pem").read_bytes(), None)
    hidden = serialization.BestAvailableEncryption(b"secret")
    locked = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, hidden)
    (folder / "locked.pem").write_bytes(locked)
    (folder / "words.pem").write_text("no certificate", encoding="ascii")
    file = ["quick-sweep"] if command == "sweep" else []
    to = [] if address is None else ["--dask", address]
    assert status(command, *file, *to, *words, "--out", tmp_path / "out") == 2
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
    monkeypatch.setenv("KILLED_ONCE", str(tmp_path / "killed"))
    monkeypatch.setattr(schedulers, "run_job", killed_once)
    assert status(*COMPARE, "--workers", 2, "--out", tmp_path / "out") == 0
    assert (tmp_path / "killed").exists()
    assert tables(tmp_path / "out", "compare") == tables(reference / "compare", "compare")


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
def test_a_pair_that_fails_twice_ends_it_with_its_seed_and_the_same_command_goes_on(words, reference, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(runner, "processes", here)
    population_seed, seed = pair_seeds(1, 2)
    monkeypatch.setattr(schedulers, "run_job", failing(population_seed, 2))
    assert status(*words, "--out", tmp_path / "out") == 1
    said = capsys.readouterr().err
    assert f"pair 2 (population seed {population_seed}, seed {seed}) failed twice: " in said
    assert "MemoryError: none left; finished runs are kept in the ledger, and the same command continues from there" in said
    assert len(said.strip().splitlines()) == 1
    assert not (tmp_path / "out" / TABLES[words[0]][0]).exists()
    monkeypatch.setattr(schedulers, "run_job", failing(population_seed, 1))  # the second try works
    assert status(*words, "--out", tmp_path / "out") == 0
    kept = [name for name in TABLES[words[0]] if name != "ledger.sqlite"]  # failures were noted in it
    found, wanted = tables(tmp_path / "out", words[0]), tables(reference / words[0], words[0])
    assert {name: found[name] for name in kept} == {name: wanted[name] for name in kept}
