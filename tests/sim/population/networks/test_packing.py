"""Packed and damaged files."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from sim.population.networks import graphml, packing, text
from sim.population.networks.packing import READABLE
from sim.population.networks.read import read_network
from tests.helpers.network_checks import refusal

XML = '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">{}</graphml>\n'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        gzip.compress(b"1,2\n" * 9, mtime=0)[:-9],
        gzip.compress(b"", mtime=0),
        b"\x1f\x8b\x08\x00",
        gzip.compress(b"1,2\n", mtime=0)[:12] + b"\xff" * 20,
    ],
)
def test_damaged_gzip_is_refused(written, content):
    refusal(written(content, "net.csv.gz"))


def test_what_is_no_file_is_refused(tmp_path):
    assert f"must be {READABLE} (got no such file)" in refusal(tmp_path / "missing.csv")
    assert f"must be {READABLE} (got no regular file)" in refusal(tmp_path)
    refusal(tmp_path / ("x" * 300))
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    refusal(tmp_path / "loop")
    os.mkfifo(tmp_path / "pipe")
    assert f"must be {READABLE} (got no regular file)" in refusal(tmp_path / "pipe")  # and nobody waits for a writer


def test_a_file_that_may_not_be_read_is_refused(written, monkeypatch):
    path = written("1,2\n")

    def forbidden(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", forbidden)
    assert "must be a readable, undamaged file (got [Errno 13] Permission denied)" in refusal(path)


def test_sizes_have_limits(written, monkeypatch):
    monkeypatch.setattr(text, "MOST_ROWS", 10)
    monkeypatch.setattr(graphml, "MOST_ELEMENTS", 10)
    ten = "".join(f"{k},{k + 1}\n" for k in range(10))
    assert len(read_network(written(ten)).ties) == 10
    assert "must have at most 10 lines (got more)" in refusal(written(ten + "10,11\n"))
    assert "must have at most 10 lines (got more)" in refusal(written("\n" * 100_000 + ten, "bomb.csv.gz"))
    assert "must have at most 10 elements (got more)" in refusal(written(XML.format("<node/>" * 21), "g.graphml"))
    monkeypatch.setattr(packing, "MOST_BYTES", 300)
    assert "must have at most 300 bytes (got " in refusal(written(ten * 10))
    assert "must have at most 300 bytes unpacked (got more)" in refusal(written("1,2\n" + "#" * 10_000, "bomb.csv.gz"))


def zipped(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), "a,b\nb,c\n", zipfile.ZIP_DEFLATED)  # of no time: the same bytes in each process
    return out.getvalue()


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, lambda data: gzip.compress(bz2.compress(data)), bytes])
def test_a_packed_file_is_known_by_its_first_bytes(written, pack):
    for name in ("net.csv", "NET.CSV.GZ", "net"):
        assert read_network(written(pack(b"a,b\nb,c\n"), name)).labels == ("a", "b", "c")


@pytest.mark.parametrize(
    ("names", "inside"),
    [
        (["net.csv"], "net.csv"),
        (["a/net.mtx", "readme.html", "a/"], "a/net.mtx"),
        (["x/out.x", "x/meta.x", "x/README.x"], "x/out.x"),
        (["Connections.csv", "messages.csv", "Profile.csv"], "messages.csv"),
        (["__MACOSX/._n.csv", "n.csv", ".DS_Store"], "n.csv"),
    ],
)
def test_the_network_of_an_archive_is_found(written, names, inside):
    assert read_network(written(zipped(*names), "net")).report.format == f"CSV in zip: {inside}"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            zipped("one.csv", "two.csv"),
            "must hold one network: unpack it and name the file inside (got an archive of 2 files: one.csv, two.csv)",
        ),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "save the sheet as CSV UTF-8 (got a spreadsheet or document)"),
        (b"7z\xbc\xaf\x27\x1c....", "unpack it and name the file inside (got a 7-Zip archive)"),
        (b"%PDF-1.7\n1 2\n", "(got a PDF)"),
        (b"PAR1....", "(got a Parquet file)"),
        (zipped("a.csv")[:40], "must be a readable, undamaged file"),
    ],
    ids=["archive", "spreadsheet", "7-Zip", "PDF", "Parquet", "cut off"],
)
def test_what_is_no_network_is_named(written, content, said):
    assert said in refusal(written(content, "net"))


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_what_grows_too_much_is_refused_before_it_is_whole(written, pack):
    assert "must unpack to at most 200 times its size (got more, from" in refusal(written(pack(b"1,2\n" * 5_000_000), "net"))


def test_a_tar_with_holes_is_not_filled(written):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        entry = tarfile.TarInfo("net.csv")
        entry.size = 8
        entry.pax_headers = {"GNU.sparse.major": "0", "GNU.sparse.minor": "1", "GNU.sparse.size": "450000000", "GNU.sparse.map": "0,8"}
        archive.addfile(entry, io.BytesIO(b"1,2\n2,3\n"))
    assert "must unpack to at most 200 times its size (got more, from 10,240 bytes)" in refusal(written(out.getvalue(), "net.tar"))
