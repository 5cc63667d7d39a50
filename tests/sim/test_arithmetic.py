"""The fingerprint sees another exp, log, expit or ndtri, in Python and compiled, in the last bit of one value."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import time

import llvmlite.binding
import numpy as np
import pytest
from scipy import special

from sim import arithmetic
from sim.arithmetic import battery, compiled, fingerprint, plain
from sim.jit import kernel

WITHOUT_FMA = {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-AVX2"}  # names of glibc 2.33 and later; older ones ignore it


anew = fingerprint.__wrapped__  # without what is kept of the first call


@pytest.mark.parametrize(("home", "name"), [(math, "exp"), (math, "log"), (special, "expit"), (special, "ndtri")])
def test_a_function_that_is_off_in_the_last_bit_of_one_value_has_another_fingerprint(monkeypatch, home, name):
    real, point = getattr(home, name), battery()[name][1234]

    def off(x):
        found = np.asarray(real(x))
        return np.where(x == point, np.nextafter(found, math.inf), found)

    assert anew() == fingerprint()
    monkeypatch.setattr(home, name, off)
    assert anew() != fingerprint()


@pytest.mark.parametrize("name", ["exp", "log"])
def test_compiled_code_of_another_function_has_another_fingerprint(monkeypatch, name):
    program = arithmetic._program()
    assert f"llvm.{name}.f64" in program
    monkeypatch.setattr(arithmetic, "_program", lambda: program.replace(f"llvm.{name}.f64", f"llvm.{name}2.f64"))
    assert anew() != fingerprint()


def test_compiled_code_that_fuses_a_product_with_its_sum_has_another_fingerprint(monkeypatch):
    if not llvmlite.binding.get_host_cpu_features().get("fma", True):
        pytest.skip("this processor cannot")
    program = arithmetic._program()
    monkeypatch.setattr(arithmetic, "_program", lambda: program.replace("fmul ", "fmul contract ").replace("fadd ", "fadd contract "))
    assert anew() != fingerprint()


@kernel
def each_exp(x, out):
    for i in range(x.size):
        y = math.exp(x[i])
        out[i] = x[i] * y + y


@kernel
def each_log(x, out):
    for i in range(x.size):
        y = math.log(x[i])
        out[i] = x[i] * y + y


def test_the_compiled_part_gives_what_kernels_give():
    points = battery()
    for name, each, found in zip(("exp", "log"), (each_exp, each_log), compiled(points), strict=True):
        out = np.empty_like(points[name])
        each(points[name], out)
        assert out.tobytes() == found


def test_python_and_compiled_code_agree_here_so_that_both_engines_can():
    points = battery()
    for name, mine, theirs in zip(("exp", "log"), plain(points), compiled(points), strict=False):
        y = np.frombuffer(mine)
        assert (points[name] * y + y).tobytes() == theirs


def test_the_fingerprint_is_cheap():
    at = time.process_time()
    anew()
    assert time.process_time() - at < 0.5  # 0.03 s; a minute's compiling must not creep in


PROGRAM = """
from sim.version import model_version
from sim.population.cohort import logit_location
from sim.decisions.common import decayed
print(model_version(), hash(tuple(logit_location(k / 100, 1.75) for k in range(5, 90))), hash(tuple(decayed(1.0, k / 7, 30.0) for k in range(20_000))))
"""


def test_a_c_library_that_computes_otherwise_is_another_model_version():
    here, there = (
        subprocess.run(
            [sys.executable, "-c", PROGRAM], env={**os.environ, **more}, capture_output=True, text=True, check=True
        ).stdout.split()
        for more in ({}, WITHOUT_FMA)
    )
    assert (here[0] == there[0]) == (here[1:] == there[1:])
    assert here[0].rpartition("-")[0] == there[0].rpartition("-")[0]
