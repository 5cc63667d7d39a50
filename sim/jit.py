"""How compiled code is made: cached in a folder of the model's version, without reference counting."""

from __future__ import annotations

import hashlib
import inspect
import pickle
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import numba
from llvmlite import ir
from numba import config as numba_config
from numba import extending as numba_extending
from numba.core import cgutils, types
from numba.core.caching import CompileResultCacheImpl, FunctionCache
from numba.core.compiler_lock import global_compiler_lock
from numba.core.cpu import CPUTargetOptions
from numba.core.options import TargetOptions
from numba.core.serialize import dumps
from numba.core.sigutils import normalize_signature
from numba.extending import intrinsic, overload
from numba.np import arrayobj

from sim.kernel_cache import shared_cache_dir
from sim.randomness import UNCALLED_FROM_C

config: Any = numba_config
config.CACHE_DIR = str(shared_cache_dir())  # numba does not see an edit in another file; the version does
config.DISABLE_INTEL_SVML = True  # its exp and log differ from Python's in the last bit

# Kernels own no arrays, so nothing need be counted; counting would cost an atomic operation an array and call, which is
# twenty times the price of looking up a pair. Nor do two arrays of a kernel overlap: so what was read of one still holds once
# another was written. Numba knows that promise, but has no name for it.
CPUTargetOptions.noalias = TargetOptions.Mapping("noalias")
_OPTIONS: dict[str, Any] = {"nogil": True, "_nrt": False, "noalias": True, **UNCALLED_FROM_C}


class _Sealed(CompileResultCacheImpl):
    """Code beside its SHA-256: machine code in which a byte was changed could run and be wrong."""

    def reduce(self, data: Any) -> tuple[bytes, bytes]:
        """Return the digest of a compiled function, and its bytes."""
        code = dumps(super().reduce(data))
        return hashlib.sha256(code).digest(), code

    def rebuild(self, target_context: Any, reduced_data: tuple[bytes, bytes]) -> Any:
        """Return the compiled function.

        Raises:
            ValueError: if its bytes are not those that were kept.
        """
        digest, code = reduced_data
        if hashlib.sha256(code).digest() != digest:
            raise ValueError("the bytes of compiled code have changed")
        return super().rebuild(target_context, pickle.loads(code))  # noqa: S301  (the folder is ours alone)


class KernelCache(FunctionCache):
    """Numba's cache of a function; what is damaged in it, or was cut off as a disk ran full, is compiled anew."""

    _impl_class = _Sealed

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return what was compiled for a signature; None if it is not there, or not whole."""
        try:
            found = super().load_overload(sig, target_context)
        except Exception:  # noqa: BLE001  (there is no saying what damaged bytes lead to; EOFError, taken for Ctrl-D, is but one)
            with suppress(OSError):
                self.flush()
            return None
        # another process may have emptied the index between two reads, after which files are numbered anew
        return None if found is None or found.signature.args != normalize_signature(sig)[0] else found

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep what was compiled; where it cannot be kept it is still used."""
        with suppress(OSError):
            super().save_overload(sig, data)


@contextmanager
def _counting_from_the_front() -> Iterator[None]:
    """Compile what is compiled meanwhile so that no index counts from the end: to ask each whether it is below zero takes 4% of a day.

    `NUMBA_BOUNDSCHECK=1` refuses such an index.
    """
    with global_compiler_lock:  # nobody else's code is compiled meanwhile
        asking = arrayobj.fix_integer_index
        arrayobj.fix_integer_index = _as_it_is
        try:
            yield
        finally:
            arrayobj.fix_integer_index = asking


def _as_it_is(context: Any, builder: Any, kind: Any, index: Any, _: Any) -> Any:
    return context.cast(builder, index, kind, types.intp if kind.signed else types.uintp)


def _compiled(function: Any) -> Any:
    """Return a function that is compiled when it is called; with numba switched off, the function itself."""
    made: Any = numba.njit(**_OPTIONS)(function)
    if not config.DISABLE_JIT:
        made._cache = KernelCache(function)  # noqa: SLF001  (as `enable_caching`, which takes numba's own)
        made.compile = _counting_from_the_front()(made.compile)
    return made


def kernel(function: Any) -> Any:
    """Compile a function that allocates nothing and works on arrays it is given."""
    return _compiled(function)


def steady(asking: Any) -> Any:
    """Return a kernel whose arguments are of the same kinds in every call: of which, is asked in the first call alone.

    Numba asks in each. For a world, some sixty arrays, that takes ten times as long as to hand them over; for arguments by name, twenty
    times. Compiled code takes what it is given for what it was compiled for: so this is for callers who never give anything else.
    Numba's types of the arguments are in `kinds`, once the first call was made.
    """
    if config.DISABLE_JIT:
        return asking

    def first(*args: Any) -> Any:
        found = asking(*args)
        made.kinds = tuple(map(numba.typeof, args))
        known["entry"] = asking.get_overload(made.kinds)  # which takes arguments by their places alone
        return found

    known, names = {"entry": first}, ", ".join(inspect.signature(asking.py_func).parameters)
    made: Any = eval(f"lambda {names}: entry({names})", known)  # noqa: S307  (ours alone; to sort out any names takes Python twice as long)
    made.asking = asking
    return made


def inlined(function: Any) -> Any:
    """Build a function into every kernel that calls it: a call would hand over each column of a graph, some 150 numbers."""
    return numba_extending.register_jitable(forceinline=True, **UNCALLED_FROM_C)(function)


def register_jitable(function: Any) -> Any:
    """Let compiled code call a function too; plain Python calls it as it stands."""
    return numba_extending.register_jitable(**UNCALLED_FROM_C)(function)


def scalar(signature: str) -> Any:
    """Return a decorator that compiles a function of numbers, of these types alone, for calls from Python."""

    def compiled(function: Any) -> Any:
        made = _compiled(function)
        if not config.DISABLE_JIT:
            made.compile(signature)
            made.disable_compile()
        return made

    return compiled


CACHE_LINE = 64
READ, KEEP, DATA = 0, 3, 1  # arguments of llvm.prefetch: for reading, into all levels of cache, data


def fetch(array: Any, k: int) -> None:
    """Prefetch row `k` of an array into cache; a hint to the processor without any other effect.

    A look-up in a large table waits for memory some hundred times as long as it computes. Where it is known a few
    items ahead what will be looked up, prefetching lets these waits overlap.
    """


def fetch_first(array: Any, k: int) -> None:
    """Prefetch the first cache line of row `k` alone."""


def _request(*, whole: bool) -> Any:
    """Return an intrinsic that prefetches the cache lines of a row, all or the first."""

    def typed(_: Any, array: Any, k: Any) -> Any:
        def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            number, byte = ir.IntType(32), ir.IntType(8).as_pointer()
            data = context.make_array(signature.args[0])(context, builder, args[0]).data
            size = context.get_abi_sizeof(context.get_data_type(signature.args[0].dtype))
            row = builder.bitcast(builder.gep(data, [args[1]]), byte)
            kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
            request = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
            how = [ir.Constant(number, x) for x in (READ, KEEP, DATA)]
            for at in sorted({*range(0, size, CACHE_LINE), size - 1}) if whole else [0]:
                builder.call(request, [builder.gep(row, [ir.Constant(number, at)]), *how])
            return context.get_dummy_value()

        return types.void(array, k), build

    return intrinsic(typed)


_fetch, _fetch_first = _request(whole=True), _request(whole=False)


def move(rows: Any, to: int, given: Any, at: int) -> None:
    """Copy row `at` of a table into row `to` of one of its kind, maybe itself: in one piece, as compiled code does field by field otherwise."""
    rows[to] = given[at]


def _piece(_: Any, rows: Any, to: Any, given: Any, at: Any) -> Any:
    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        tables = (context.make_array(signature.args[n])(context, builder, args[n]).data for n in (0, 2))
        target, source = (builder.gep(data, [place]) for data, place in zip(tables, (args[1], args[3]), strict=True))
        one, size = ir.Constant(ir.IntType(64), 1), context.get_abi_sizeof(context.get_data_type(rows.dtype))
        cgutils.raw_memmove(builder, target, source, one, size)
        return context.get_dummy_value()

    return types.void(rows, to, given, at), build


_move: Any = intrinsic(_piece)


@overload(move, jit_options=UNCALLED_FROM_C)
def _compiled_move(rows: Any, to: Any, given: Any, at: Any) -> Any:  # noqa: ARG001
    def impl(rows: Any, to: Any, given: Any, at: Any) -> Any:
        _move(rows, to, given, at)

    return impl


@overload(fetch, jit_options=UNCALLED_FROM_C)
def _compiled_fetch(array: Any, k: Any) -> Any:  # noqa: ARG001
    def impl(array: Any, k: Any) -> Any:
        _fetch(array, k)

    return impl


@overload(fetch_first, jit_options=UNCALLED_FROM_C)
def _compiled_fetch_first(array: Any, k: Any) -> Any:  # noqa: ARG001
    def impl(array: Any, k: Any) -> Any:
        _fetch_first(array, k)

    return impl
