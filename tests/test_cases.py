"""Files as people have them: each row of `cases.toml`, as a command takes it."""

from __future__ import annotations

import bz2
import gzip
import io
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from experiments.cli.main import status_of
from experiments.cli.options import scenario_from
from sim.population import read_network

CASES = tomllib.loads((Path(__file__).parent / "cases.toml").read_text(encoding="utf-8"))["case"]
KINDS = set("THLMDCWRNFX")
KEYS = {
    "kind",
    "name",
    "file",
    "text",
    "generated",
    "encoding",
    "pack",
    "as",
    "columns",
    "exit",
    "members",
    "ties",
    "labels",
    "industries",
    "words",
}


def generated(what):
    """Return the bytes of a case that is too large to be written down."""
    if what == "industries":
        nodes = "".join(f'<node id="m{k}"><data key="i">kind {k}</data></node>' for k in range(450))
        edges = "".join(f'<edge source="m{k}" target="m{(k + 1) % 450}"/>' for k in range(450))
        key = '<key id="i" for="node" attr.name="industry" attr.type="string"/>'
        return f'<graphml xmlns="http://graphml.graphdrawing.org/xmlns">{key}<graph edgedefault="undirected">{nodes}{edges}</graph></graphml>'.encode()
    if what == "groups":
        above = "".join(f'<node id="g{k}" yfiles.foldertype="group"><graph>' for k in range(3000))
        inside = '<node id="a"/><node id="b"/><edge source="a" target="b"/>'
        return f"<graphml><graph>{above}{inside}{'</graph></node>' * 3000}</graph></graphml>".encode()
    return {
        "commas, packed": lambda: gzip.compress(b"," * 40_000_000, mtime=0),
        "commas": lambda: b"a,b\n" + b"," * 40_000 + b"\n",
        "long line": lambda: b"a" * 2_000_000,
    }[what]()


def packed(data, how):
    """Return data in an archive."""
    if how in ("zip", "zip of two"):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name in ("net.csv",) if how == "zip" else ("one.csv", "two.csv"):
                archive.writestr(name, data)
            archive.writestr("readme.html", "about this network")
        return out.getvalue()
    if how == "tar.gz":
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w:gz") as archive:
            entry = tarfile.TarInfo("net.csv")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
        return out.getvalue()
    return {"gzip": gzip.compress, "bz2": bz2.compress, "": bytes}[how](data)


@pytest.mark.parametrize("case", CASES, ids=[f"{case['kind']}: {case['name']}" for case in CASES])
def test_a_file_gives_its_network_or_one_line(case, tmp_path, capsys):
    path = tmp_path / case.get("file", "net")
    data = generated(case["generated"]) if "generated" in case else case["text"].encode(case.get("encoding", "utf-8"))
    path.write_bytes(packed(data, case.get("pack", "")))
    told = {"network_as": case.get("as"), "columns": case.get("columns")}
    status = status_of(lambda: bool(scenario_from("baseline", network=path, **told)) and None)
    said = capsys.readouterr().err
    assert status == case["exit"], said
    assert case["words"] in said
    if status:
        assert said.count("\n") == 1
        assert said.startswith("firstcontact: ")
        return
    source = read_network(path, **told)
    assert (len(source.labels), len(source.ties)) == (case["members"], case["ties"])
    assert list(source.labels) == case.get("labels", list(source.labels))
    assert list(source.names.industry) == case.get("industries", list(source.names.industry))


def test_every_kind_is_there_and_every_row_has_the_same_keys():
    assert {case["kind"] for case in CASES} == KINDS
    assert all(set(case) <= KEYS and (case["exit"] == 2) != ("members" in case) for case in CASES)
    assert len({case["name"] for case in CASES}) == len(CASES)


# VmHWM: the most memory since the process began; rusage would count that of the process which started it.
PEAK = (
    "import re, sys, time; from pathlib import Path; from experiments.cli.main import perform; start = time.process_time(); "
    "status = perform(sys.argv[1:]); peak = re.search(r'VmHWM:\\s+([0-9]+) kB', Path('/proc/self/status').read_text())[1]; "
    "print(status, peak, time.process_time() - start)"
)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not say how much memory was taken")
@pytest.mark.parametrize("name", ["commas.csv.gz", "commas.csv", "many.csv"])
def test_a_file_of_commas_takes_little_room_and_time(name, tmp_path):
    """39 kB that unpack to 40 MB, and the same unpacked, on one line and on many."""
    commas = b"," * 40_000_000
    data = {"commas.csv.gz": gzip.compress(commas, mtime=0), "commas.csv": commas, "many.csv": b"a,b\n" + (b"," * 9_000 + b"\n") * 4_000}[
        name
    ]
    (tmp_path / name).write_bytes(data)
    out = subprocess.run([sys.executable, "-c", PEAK, "run", "--network", name], cwd=tmp_path, capture_output=True, text=True, check=True)
    status, peak, seconds = out.stdout.split()
    assert status == "2"
    assert int(peak) < 200_000  # kB
    assert float(seconds) < 5.0  # one when nothing else runs
