"""The only file of the goldens that knows where things stand inside: what is moved or renamed is followed here and nowhere else."""

from __future__ import annotations

import contextlib
import importlib
import importlib.metadata
import io
import sys

HISTORIES = ("sim.simulation", "sim.agents.model")  # modules that call `make_history` at the end of a run: one an engine
RECORDING = "sim.decisions.counters"  # has COUNTERS and DAILY
MEASURED = ("*/sim/decisions/*", "*/sim/state/tally.py")  # whose branches the five scenarios take between them
APP = "experiments.cli.app"  # has the typer `app`, filled once the command line is imported
FORMS = {"sweep": ("experiments.sweep.file", "SweepFile"), "statement": ("experiments.article.statement", "Statement")}


def main():
    """Return the installed command: it takes its words and leaves with a status."""
    return importlib.metadata.entry_points(group="console_scripts")["firstcontact"].load()


def perform(*words):
    """Run a command in this process; return its status and what it printed."""
    before, out = sys.unraisablehook, io.StringIO()
    try:
        with contextlib.redirect_stdout(out):
            main()([str(word) for word in words])
    except SystemExit as end:
        return (0 if end.code is None else end.code), out.getvalue()
    finally:
        sys.unraisablehook = before
    return 0, out.getvalue()


@contextlib.contextmanager
def tallies():
    """Give a list to which every run adds its raw counters, (counters, cells), when it ends."""
    found, undo = [], []

    def watch(module):
        real = module.make_history

        def watched(*rest, outcome, **more):
            found.append(outcome.tally.counts.copy())
            return real(*rest, outcome=outcome, **more)

        module.make_history = watched
        undo.append(lambda: setattr(module, "make_history", real))

    for name in HISTORIES:
        watch(importlib.import_module(name))
    try:
        yield found
    finally:
        for step in undo:
            step()


def counters():
    """Return the names of the counters, by cell and by day."""
    recording = importlib.import_module(RECORDING)
    return list(recording.COUNTERS), list(recording.DAILY)


def counted_in(measure):
    """Return which counters a measure sums over which purposes: none and all for one that is no ratio of counters."""
    computed = measure.computed
    top, bottom = ([counter.label for counter in getattr(computed, part, ())] for part in ("top", "bottom"))
    purposes = [int(purpose) for purpose in computed.purposes] if top else [0, 1, 2]
    return {"top": top, "bottom": bottom, "purposes": purposes}


def form(name):
    """Return the pydantic model of a file: "sweep" or "statement"."""
    module, model = FORMS[name]
    return getattr(importlib.import_module(module), model)


def commands():
    """Return each command by name, with the function that does it."""
    import typer

    main()
    app = importlib.import_module(APP).app
    behind = {one.name or one.callback.__name__: one.callback for one in app.registered_commands}
    return {name: (command, behind[name]) for name, command in typer.main.get_command(app).commands.items()}
