"""Signals that end a command: an exception each, so that workers end and files are closed; a second Ctrl-C leaves at once."""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading
from typing import Any

from experiments.cli.exit_codes import INTERRUPTED

MOMENT = 0.1  # seconds
PATIENCE = 1.0  # seconds that leaving at once may take


class Ended(BaseException):
    """The command was told to end; its argument is the number of the signal."""


class Heard:
    """What has been heard so far."""

    ctrl_c = False


def listen() -> None:
    """Hear what ends a command, but for what was ignored from the start, as under nohup."""
    if threading.current_thread() is not threading.main_thread():  # it hears none
        return
    sys.unraisablehook = hear_again
    for number in _ending():
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)


def _ending() -> list[signal.Signals]:
    return [signal.Signals[name] for name in ("SIGTERM", "SIGHUP") if name in signal.Signals.__members__]


def _end(number: int, _frame: Any) -> None:
    signal.signal(number, signal.SIG_DFL)  # a second one ends it at once
    raise Ended(number)


def _interrupt(_number: int, _frame: Any) -> None:
    if Heard.ctrl_c:
        leave()
    Heard.ctrl_c = True
    raise KeyboardInterrupt


def leave() -> None:
    """Leave at once, as interrupted: the ledger is whole at any time, and workers end with their parent."""
    if "multiprocessing.util" in sys.modules:
        from multiprocessing import util

        # semaphores that are left would be complained of; it may wait for what was interrupted
        last = threading.Thread(target=util._run_finalizers, args=(0,), daemon=True)  # type: ignore[attr-defined]  # noqa: SLF001  (what Python itself calls as it ends)
        last.start()
        last.join(PATIENCE)
    os._exit(INTERRUPTED)


def hear_again(dropped: sys.UnraisableHookArgs) -> None:
    """Raise a signal once more a moment later: one that falls into a clean-up, as after an import, is dropped by Python."""
    if dropped.exc_type is KeyboardInterrupt:
        Heard.ctrl_c = False
        _later(signal.SIGINT)
    elif dropped.exc_type is Ended and dropped.exc_value is not None:
        signal.signal(dropped.exc_value.args[0], _end)
        _later(dropped.exc_value.args[0])
    else:
        sys.__unraisablehook__(dropped)


def _later(number: int) -> None:
    again = threading.Timer(MOMENT, _raise, args=(number,))
    again.daemon = True
    again.start()


def _raise(number: int) -> None:
    """Raise a signal in the main thread, also out of a wait where the system can."""
    main_thread = threading.main_thread().ident
    if hasattr(signal, "pthread_kill") and main_thread is not None:
        signal.pthread_kill(main_thread, number)
    elif number == signal.SIGINT:
        _thread.interrupt_main()
