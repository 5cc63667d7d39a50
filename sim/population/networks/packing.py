"""Archives and packed files, by their first bytes whatever they are called, within bounds on what comes out of them."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO, Any

from sim.errors import BadInput, must

READABLE = "an edge list, a message log or a graph file such as GraphML"
MOST_BYTES = 500_000_000
MOST_LAYERS = 3  # a .tar.gz has two
CHUNK = 1 << 20
MOST_RATIO = 200  # texts pack to a fifth or a twentieth; what packs better than this is no network
FREE_BYTES = 10_000_000  # before the ratio is looked at
LISTED = 5

# What cannot be read, by its first bytes, and what to do.
UNPACK = "unpack it and name the file inside"
FOREIGN = {
    b"7z\xbc\xaf\x27\x1c": ("a 7-Zip archive", UNPACK),
    b"Rar!": ("a RAR archive", UNPACK),
    b"\x28\xb5\x2f\xfd": ("a Zstandard file", UNPACK),
    b"\x1f\x9d": ("a compress (.Z) file", UNPACK),
    b"\xd0\xcf\x11\xe0": ("an old Excel workbook", "save the sheet as CSV UTF-8"),
    b"%PDF": ("a PDF", "export the table as CSV"),
    b"SQLite format 3\0": ("an SQLite database", "export the table of edges as CSV"),
    b"PAR1": ("a Parquet file", "write it as CSV with pandas"),
    b"ARROW1": ("an Arrow file", "write it as CSV with pandas"),
    b"\x89HDF": ("an HDF5 file", "write the edges as CSV"),
    b"\x93NUMPY": ("a NumPy array", "write the edges with numpy.savetxt"),
    b"\x80\x03": ("a pickle", "write GraphML with networkx"),
    b"\x80\x04": ("a pickle", "write GraphML with networkx"),
    b"\x80\x05": ("a pickle", "write GraphML with networkx"),
    b"RDX": ("an R workspace", "write the edges with write.csv"),
    b"$FL2": ("an SPSS file", "save it as CSV"),
    b"\x89PNG": ("a picture", "name the file of its edges"),
}
BESIDE = (".html", ".htm", ".md", ".pdf", ".bib", ".rst")  # what lies beside a network in an archive
BESIDE_NAMES = ("readme", "license", "meta.", "citation")


def unpacked(path: Path) -> tuple[bytes, list[str]]:
    """Return a file's content, unpacked, and what was unpacked in words.

    Raises:
        BadInput: if it cannot be read, is too large, or holds several files.
    """
    raw = _bytes_of(path)
    layers: list[str] = []
    while len(layers) <= MOST_LAYERS:
        opened = _opened(path, raw)
        if opened is None:
            break
        raw, layer = opened
        layers.append(layer)
    for first, (what, remedy) in FOREIGN.items():
        if raw.startswith(first):
            raise BadInput(must("", f"be {READABLE}: {remedy}", what, where=path))
    if not raw.strip():
        raise BadInput(must("", "have two columns of members in each row", "an empty file", where=path))
    return raw, layers


def _bytes_of(path: Path) -> bytes:
    try:
        if not path.exists():
            raise BadInput(must("", f"be {READABLE}", "no such file", where=path))
        if not path.is_file():
            raise BadInput(must("", f"be {READABLE}", "no regular file", where=path))
        if path.stat().st_size > MOST_BYTES:
            raise BadInput(must("", f"have at most {MOST_BYTES:,} bytes", f"{path.stat().st_size:,}", where=path))
        return path.read_bytes()
    except OSError as error:
        raise BadInput(must("", "be a readable, undamaged file", error, where=path)) from None


def _opened(path: Path, raw: bytes) -> tuple[bytes, str] | None:
    """Return what one layer of packing holds, and its name; None if there is none."""
    packers: dict[bytes, tuple[str, Any]] = {b"\x1f\x8b": ("gzip", gzip.open), b"BZh": ("bzip2", bz2.open), b"\xfd7zXZ": ("xz", lzma.open)}
    try:
        for first, (name, opener) in packers.items():
            if raw.startswith(first):
                with opener(io.BytesIO(raw)) as stream:
                    return _within_bounds(path, stream, len(raw)), name
        if raw.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return _from_zip(path, raw)
        if _is_tar(raw):
            return _from_tar(path, raw)
    except BadInput:
        raise
    except (OSError, EOFError, ValueError, RuntimeError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError) as error:
        raise BadInput(must("", "be a readable, undamaged file", str(error).splitlines()[0] if str(error) else "", where=path)) from None
    return None


def _within_bounds(path: Path, stream: IO[bytes], packed: int) -> bytes:
    """Read a stream to its end, or refuse it as soon as it is too large or grows too much."""
    parts: list[bytes] = []
    total = 0
    while part := stream.read(CHUNK):
        parts.append(part)
        total += len(part)
        if total > MOST_BYTES:
            raise BadInput(must("", f"have at most {MOST_BYTES:,} bytes unpacked", "more", where=path))
        if total > FREE_BYTES and total > MOST_RATIO * packed:
            raise BadInput(must("", f"unpack to at most {MOST_RATIO} times its size", f"more, from {packed:,} bytes", where=path))
    return b"".join(parts)


def _from_zip(path: Path, raw: bytes) -> tuple[bytes, str]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        files = {one.filename: one for one in archive.infolist() if not one.is_dir()}
        if "[Content_Types].xml" in files or "mimetype" in files:
            raise BadInput(must("", f"be {READABLE}: save the sheet as CSV UTF-8", "a spreadsheet or document", where=path))
        name = _only(path, list(files))
        with archive.open(files[name]) as stream:
            return _within_bounds(path, stream, min(files[name].compress_size, len(raw))), f"zip: {name}"


def _is_tar(raw: bytes) -> bool:
    try:
        tarfile.TarInfo.frombuf(raw[:512], "utf-8", "surrogateescape")  # its checksum must be right
    except tarfile.TarError:
        return False
    return True


def _from_tar(path: Path, raw: bytes) -> tuple[bytes, str]:
    with tarfile.open(fileobj=io.BytesIO(raw), mode="r:") as archive:
        files = {one.name: one for one in archive.getmembers() if one.isreg()}
        name = _only(path, list(files))
        stream = archive.extractfile(files[name])
        return (_within_bounds(path, stream, len(raw)) if stream else b""), f"tar: {name}"


def _only(path: Path, names: list[str]) -> str:
    """Return the one file of an archive that can be the network."""
    base = {name: PurePosixPath(name.replace("\\", "/")).name for name in names}
    hidden = [name for name in names if base[name].startswith(".") or "__MACOSX" in name]
    left = [name for name in names if name not in hidden]
    for wanted in (
        [name for name in left if base[name].lower() == "messages.csv"],  # a member's own export of LinkedIn
        [name for name in left if base[name].startswith("out.")],  # KONECT
        [name for name in left if not base[name].lower().startswith(BESIDE_NAMES) and not base[name].lower().endswith(BESIDE)],
    ):
        if len(wanted) == 1:
            return wanted[0]
    shown = ", ".join(base[name] for name in left[:LISTED]) + (", ..." if len(left) > LISTED else "")
    raise BadInput(
        must("", f"hold one network: {UNPACK}", f"an archive of {len(left)} files" + (f": {shown}" if shown else ""), where=path)
    )
