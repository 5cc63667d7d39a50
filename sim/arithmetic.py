"""A fingerprint of this machine's arithmetic: a digest of what `exp`, `log`, `expit` and `ndtri` give here.

Sums, products and square roots are the same bits on every processor (IEEE 754). What remains is the C library, whose `exp` and
`log` may differ in the last bit by its version and by the processor it finds, and SciPy, which draws members with them.
"""

from __future__ import annotations

import ctypes
import functools
import hashlib
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

# A library with and without fused multiply-add differs in one value of exp in a thousand, of log in five thousand.
POINTS = 1 << 14
LEAST, MOST = -40.0, 10.0  # of exp's and expit's arguments
LARGEST = 100.0  # of log's arguments above 1
DIGITS = 8


def battery() -> dict[str, np.ndarray]:
    """Return the arguments by function: shares in (0, 1), exponents, and numbers of either kind for a logarithm."""
    import numpy as np

    share = (np.arange(POINTS) + 0.5) / POINTS
    exponent = LEAST + (MOST - LEAST) * share
    return {"exp": exponent, "expit": exponent, "log": np.concatenate([share, 1.0 + LARGEST * share]), "ndtri": share}


def plain(points: dict[str, np.ndarray]) -> Iterator[bytes]:
    """Yield what Python and SciPy give at these points."""
    import numpy as np
    from scipy import special

    yield np.array(list(map(math.exp, points["exp"].tolist()))).tobytes()
    yield np.array(list(map(math.log, points["log"].tolist()))).tobytes()
    yield special.expit(points["expit"]).tobytes()
    yield special.ndtri(points["ndtri"]).tobytes()


def compiled(points: dict[str, np.ndarray]) -> Iterator[bytes]:
    """Yield what compiled code gives at these points.

    It is compiled by numba's own compiler, by the instructions that numba writes for a kernel; numba itself would take longer to
    load, and keeps what it compiled in a folder that is named by this fingerprint.
    """
    import numpy as np
    from llvmlite import binding

    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    processor, features = binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten()
    machine = binding.Target.from_default_triple().create_target_machine(processor, features, opt=3)
    with binding.create_mcjit_compiler(binding.parse_assembly(_program()), machine) as engine:
        engine.finalize_object()
        for name in ("exp", "log"):
            given, out = points[name], np.empty(len(points[name]))
            address, number = engine.get_function_address(f"each_{name}"), ctypes.c_int64
            ctypes.CFUNCTYPE(None, number, number, number)(address)(given.ctypes.data, out.ctypes.data, len(out))
            yield out.tobytes()


def _program() -> str:
    """Return a module with a loop over `exp` and one over `log`; each adds a product, which may not be fused with its sum."""
    from llvmlite import ir

    module = ir.Module("battery")
    for name in ("exp", "log"):
        _loop(ir, module, name)
    return str(module)


def _loop(ir: Any, module: Any, name: str) -> None:
    """Add each_<name>(arguments, results, how many) to a module: y = x * f(x) + f(x)."""
    real, count = ir.DoubleType(), ir.IntType(64)
    function = module.declare_intrinsic(f"llvm.{name}", [real], ir.FunctionType(real, [real]))
    each = ir.Function(module, ir.FunctionType(ir.VoidType(), [real.as_pointer(), real.as_pointer(), count]), f"each_{name}")
    entry, loop, end = (each.append_basic_block(part) for part in ("entry", "loop", "end"))
    ir.IRBuilder(entry).branch(loop)
    build = ir.IRBuilder(loop)
    at = build.phi(count)
    x = build.load(build.gep(each.args[0], [at]))
    y = build.call(function, [x])
    build.store(build.fadd(build.fmul(x, y), y), build.gep(each.args[1], [at]))
    following = build.add(at, ir.Constant(count, 1))
    at.add_incoming(ir.Constant(count, 0), entry)
    at.add_incoming(following, loop)
    build.cbranch(build.icmp_signed("<", following, each.args[2]), loop, end)
    ir.IRBuilder(end).ret_void()


@functools.cache
def fingerprint() -> str:
    """Return 8 hex digits that change with the arithmetic of this machine."""
    points, digest = battery(), hashlib.sha256()
    for part in (*plain(points), *compiled(points)):
        digest.update(part)
    return digest.hexdigest()[:DIGITS]
