"""The same bytes on any processor: what NumPy, BLAS and LAPACK may do in `sim` is listed, and other processors are pretended."""

from __future__ import annotations

import ast
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest
from numpy._core import _multiarray_umath as numpy_core

from tests.helpers.digests import PARTS

ROOT = Path(__file__).parent.parent.parent
FILES = sorted((ROOT / "sim").rglob("*.py"))

# What a C library computes, and the fingerprint of the arithmetic knows; the others are exact.
MATH = {"exp", "log"} | {"sqrt", "floor", "ceil", "fsum", "isfinite", "isnan", "inf", "nan"}
SCIPY_SPECIAL = {"expit", "ndtri"}
# Functions of NumPy that move, compare, count or round; of the others, + - * / of single elements and sums in a fixed order
# (`tests.helpers.digests.sums`). Whoever adds one looks whether its bytes depend on the processor.
NUMPY = {
    # types, arrays, places
    "ndarray",
    "generic",
    "dtype",
    "recarray",
    "void",
    "record",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "float32",
    "float64",
    "nan",
    "inf",
    "array",
    "asarray",
    "ascontiguousarray",
    "empty",
    "zeros",
    "zeros_like",
    "ones",
    "full",
    "frombuffer",
    "arange",
    "concatenate",
    "may_share_memory",
    "column_stack",
    "moveaxis",
    "repeat",
    "where",
    "flatnonzero",
    "argsort",
    "sort",
    "searchsorted",
    "lexsort",
    "isin",
    "stack",
    "unique",
    "errstate",
    "count_nonzero",
    # exact
    "isfinite",
    "minimum",
    "maximum",
    "fmin",
    "fmax",
    "clip",
    "floor",
    "diff",
    "bincount",
    "bitwise_or",
    "bitwise_count",
    "unpackbits",
    "max",
    "min",
    # single elements: one rounded operation after another
    "divide",
    "linspace",
    "quantile",
    "percentile",
}
METHODS = {"dot", "mean", "std", "var", "prod", "cumprod"}  # of arrays: products by BLAS, and sums that need not be whole numbers
BUILTIN = {"pow", "sum"}  # `sum` of floats is another from Python 3.12 on; math.fsum is the same
MODULES = {"np": NUMPY, "numpy": NUMPY, "math": MATH, "special": SCIPY_SPECIAL}
# What is forbidden elsewhere, by file and line of code, with its reason.
ALLOWED = {
    ("sim/results/graph_metrics.py", "linked @ matrix"): "sparse, of whole numbers, by SciPy's own loops",
    ("sim/population/cohort.py", "np.cumsum"): "of counts",
    ("sim/columnar/buffers.py", "sum(map(len, parts))"): "of lengths",
    ("sim/columnar/buffers.py", "sum(map(len, more))"): "of lengths",
    ("sim/columnar/engine.py", "sum(map(len, acts))"): "of lengths",
    ("sim/state/memory.py", "sum(map(len, parts))"): "of lengths",
    ("sim/population/networks/shapes.py", "sum(map(times.is_date, said))"): "a count",
    ("sim/population/networks/shapes.py", "sum((times.number(cell) is not None for cell in said))"): "a count",
    ("sim/population/networks/table.py", "sum(map(bool, row))"): "a count",
    ("sim/agents/model.py", "sum((member.active for member in self.members))"): "a count",
    ("sim/arguments.py", "np.bool_"): "a type",
    ("sim/arguments.py", "np.random"): "a seed of random bits, a whole number",
    ("sim/agents/conversion.py", "sum((count * one_ask(side) for side, count in enumerate(pair.asks)))"): "of whole numbers",
    ("sim/agents/conversion.py", "sum((flag for name, flag in FLAGS if getattr(pair, name)))"): "of bits",
    ("sim/agents/conversion.py", "sum((flag << s for name, flag in SIDED for s in (0, 1) if getattr(pair, name)[s]))"): "of bits",
    ("sim/scenario/scenario.py", "sum(self.style_shares.values())"): "only whether it is above 0",
    ("sim/scenario/resolve.py", "sum((full[purpose] for purpose in PURPOSES))"): "only whether it is above 0",
}


def is_forbidden(node):
    """Tell whether a float may depend on the processor, or on Python's version, by this piece of code."""
    match node:
        case ast.Import():
            found = any(alias.name.startswith("numpy.") for alias in node.names)
        case ast.ImportFrom():  # a name that is imported alone would not be seen where it is used
            found = (node.module or "").split(".")[0] in ("numpy", "math", "cmath")
        case ast.BinOp(op=ast.Pow()) | ast.AugAssign(op=ast.Pow()):
            found = not _whole(node)
        case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in MODULES:
            found = attribute not in MODULES[name]
        case ast.Attribute(attr=attribute):
            found = attribute in METHODS
        case ast.Call(func=ast.Name(id=name)):
            found = name in BUILTIN
        case _:
            found = isinstance(getattr(node, "op", None), ast.MatMult)
    return found


def _whole(power):
    """Tell whether a power is one of whole numbers, which is exact."""
    return isinstance(power, ast.BinOp) and all(
        isinstance(part, ast.Constant) and isinstance(part.value, int) for part in (power.left, power.right)
    )


def found_in(text):
    """Return the code of each forbidden place."""
    return [ast.unparse(node) for node in ast.walk(ast.parse(text)) if is_forbidden(node)]


def test_no_float_comes_from_a_library_that_looks_at_the_processor():
    found = {(path.relative_to(ROOT).as_posix(), code) for path in FILES for code in found_in(path.read_text(encoding="utf-8"))}
    assert found == set(ALLOWED)


@pytest.mark.parametrize(
    "code",
    [
        "np.exp(x)",
        "np.exp2(-x)",
        "np.log1p(x)",
        "a @ b",
        "x **= 2.5",
        "x ** 2",
        "2.0 ** x",
        "shares ** -1",
        "np.linalg.lstsq(a, b)",
        "np.dot(a, b)",
        "a.dot(b)",
        "(a - b).mean()",
        "x.std()",
        "np.einsum('ij,jk', a, b)",
        "np.polynomial.hermite_e.hermegauss(64)",
        "np.random.default_rng(1)",
        "from numpy import exp",
        "from numpy.linalg import lstsq",
        "import numpy.linalg",
        "math.sin(x)",
        "math.pow(x, y)",
        "pow(x, y)",
        "from math import exp",
        "sum(weights)",
        "special.erf(x)",
        "np.tanh(x)",
        "np.cov(x)",
        "np.power(x, y)",
        "np.polyfit(x, y, 1)",
        "np.mean(x)",
        "np.convolve(x, y)",
    ],
)
def test_what_is_planted_is_found(code):
    assert len(found_in(f"def f(x):\n    {code}\n")) >= 1


def test_what_is_exact_is_let_be():
    assert found_in("def f(x):\n    return 2**53 + math.exp(x) * np.floor(x) + g(**x) + special.ndtri(x).sum()\n") == []


# Other processors -----------------------------------------------------------------------------------------------------

CORES = {"Prescott": "SSE3", "Nehalem": "SSE42", "Haswell": "AVX2", "SkylakeX": "AVX512F"}  # with an instruction that each needs
HAS = numpy_core.__cpu_features__
DISPATCHED = [name for name in numpy_core.__cpu_dispatch__ if HAS.get(name)]
QUICK = ("population", "mixture", "log", "statistics", "sums", "planted")
ALL = tuple(PARTS)
EXACT = "planted"


def processors():
    """Return environments in which libraries take this processor for another, by name."""
    cores = {name: {"OPENBLAS_CORETYPE": name} for name, needed in CORES.items() if HAS.get(needed)}
    fewer = {f"without {name}": {"NPY_DISABLE_CPU_FEATURES": " ".join(DISPATCHED[k:])} for k, name in enumerate(DISPATCHED)}
    return cores | fewer


def farthest():
    """Return the two that differ most from this one: the oldest core, and NumPy without anything it could choose."""
    found = processors()
    return {name: found[name] for name in list(found) if name in (next(iter(found)), f"without {next(iter(DISPATCHED), '')}")}


def digests(parts, **more):
    """Return what `tests.helpers.digests` finds in another environment."""
    command = [sys.executable, "-m", "tests.helpers.digests", *parts]
    ended = subprocess.run(command, cwd=ROOT, env={**os.environ, **more}, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def differing(here, there):
    """Return which digests differ."""
    return [f"{part}/{name}" for part in here for name in here[part] if part != EXACT and there[part][name] != here[part][name]]


def held_to_the_same_bytes(parts, environments):
    here, planted = digests(parts), set()
    for name, environment in environments.items():
        there = digests(parts, **environment)
        assert differing(here, there) == [], name
        planted |= {what for what, digest in there[EXACT].items() if digest != here[EXACT][what]}
    return planted


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="the pretended processors are of one architecture")
def test_runs_populations_and_statistics_are_the_same_bytes_on_other_processors():
    planted = held_to_the_same_bytes(QUICK, farthest())
    assert planted == ({"blas", "numpy"} if DISPATCHED else {"blas"})  # else no other processor was pretended


@pytest.mark.slow
@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="as above")
@pytest.mark.parametrize(
    "more",
    [{"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}, {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-AVX2"}],
    ids=["generic", "glibc"],
)
def test_code_for_another_processor_gives_the_same_bytes_or_is_another_model_version(more, tmp_path):
    command = [sys.executable, "-c", "from sim import model_version; print(model_version())"]
    versions = [subprocess.run(command, env={**os.environ, **e}, capture_output=True, check=True).stdout for e in ({}, more)]
    there = digests(ALL, FIRSTCONTACT_CACHE=str(tmp_path), **more)
    assert differing(digests(ALL), there) == [] or versions[0] != versions[1]
    if "NUMBA_CPU_NAME" in more:
        assert versions[0] == versions[1]


@pytest.mark.slow
@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="as above")
def test_goldens_and_tables_are_the_same_bytes_on_other_processors():
    held_to_the_same_bytes(ALL, processors())
