"""Named tuples of arrays that compiled code is handed at once: array by array, those of a world take ten times as long."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import numpy as np
from numba.core import cgutils, types
from numba.core.datamodel.models import TupleModel
from numba.extending import NativeValue, register_model, typeof_impl, unbox


class HandedAtOnce(types.NamedTuple):
    """Numba's type of such a tuple: to compiled code any other named tuple, of which it only comes to know in another way."""


register_model(HandedAtOnce)(TupleModel)


class Packed:
    """Makes a named tuple keep what compiled code has of its arrays. A tuple never changes, nor do its arrays move: so this is made once."""

    @functools.cached_property
    def packed(self: Any) -> bytes:
        """The numbers that compiled code has of each array, as they stand one after another in its memory."""
        return np.array([*_numbers_of(self)], np.int64).tobytes()

    def __getstate__(self) -> None:
        """Say nothing more about a tuple that is copied, or written, than what it holds."""


def _numbers_of(given: Any) -> Iterator[int]:
    """Yield what numba's model of an array has, array after array: two owners, of whom kernels know nothing, sizes, address, shape, strides."""
    for one in given:
        if isinstance(one, tuple):
            yield from _numbers_of(one)
        else:
            yield from (0, 0, one.size, one.itemsize, one.ctypes.data, *one.shape, *one.strides)


def handed_at_once(kind: type) -> Any:
    """Make a class of named tuples, of arrays and of further such tuples alone, one whose tuples compiled code is handed at once."""
    about = {"__doc__": kind.__doc__, "__module__": kind.__module__, "__qualname__": kind.__qualname__}
    made = type(kind.__name__, (Packed, kind), about)
    typeof_impl.register(made)(_typed)
    return made


def _typed(given: Any, context: Any) -> HandedAtOnce:
    return HandedAtOnce([typeof_impl(one, context) for one in given], type(given))


@unbox(HandedAtOnce)
def _taken(kind: Any, given: Any, c: Any) -> NativeValue:
    """Build what reads a tuple's numbers as compiled code has them."""
    builder, model = c.builder, c.context.get_value_type(kind)
    value = cgutils.alloca_once(builder, model)
    packed = c.pyapi.object_getattr_string(given, "packed")
    failed = cgutils.is_null(builder, packed)
    with builder.if_then(builder.not_(failed), likely=True):
        numbers = builder.bitcast(c.pyapi.bytes_as_string(packed), model.as_pointer())
        builder.store(builder.load(numbers), value)
        c.pyapi.decref(packed)  # the tuple keeps it
    return NativeValue(builder.load(value), is_error=failed)
