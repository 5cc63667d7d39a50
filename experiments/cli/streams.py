"""Standard streams that cannot fail a command whose work is done: closed, without a reader, or of few characters."""

from __future__ import annotations

import io
import os
import sys
from typing import Any

STDOUT, STDERR = 1, 2
NAMES = {STDOUT: "standard output", STDERR: "standard error"}


class Sink(io.FileIO):
    """Writes to a standard stream as long as somebody takes it; what a full disk refuses of the result is said, once."""

    def __init__(self, number: int) -> None:
        super().__init__(number, "w", closefd=False)
        self.refused = False

    def write(self, data: Any, /) -> int:
        """Write bytes, or drop them.

        Raises:
            OSError: once, if standard output cannot be written for another reason than that nobody reads it.
        """
        if not self.refused:
            try:
                return super().write(data)
            except BrokenPipeError:  # whoever read it has had enough
                self.refused = True
            except OSError as error:
                self.refused = True
                if self.fileno() == STDOUT:
                    raise OSError(error.errno, error.strerror, NAMES[STDOUT]) from None
        return memoryview(data).nbytes


def open_streams() -> None:
    """Give standard output and error a form that takes everything.

    A stream that is closed is opened on nothing, else the next file that is opened would get its number. Characters that the
    encoding of a stream lacks are written as escapes. What a program has put in place of a stream is left alone.
    """
    for number in (0, STDOUT, STDERR):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free, which is this one
    if sys.stdout is sys.__stdout__:
        sys.stdout = _opened(STDOUT, sys.stdout)
    if sys.stderr is sys.__stderr__:
        sys.stderr = _opened(STDERR, sys.stderr)


def _opened(number: int, before: Any) -> io.TextIOWrapper:
    """Return the stream of this number, in the encoding that it had."""
    encoding = getattr(before, "encoding", None) or "utf-8"
    buffer = io.BufferedWriter(Sink(number))
    lines = number == STDERR or os.isatty(number)
    return io.TextIOWrapper(buffer, encoding=encoding, errors="backslashreplace", line_buffering=lines)
