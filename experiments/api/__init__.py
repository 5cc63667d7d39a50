r"""First Contact from Python: `import firstcontact as fc`. Each name is imported when it is first asked for.

Questions, each with a result that has a table (`summary`), sentences (`answer`), figures (`plot`) and files (`write`): `compare`,
`abtest`, `sweep`, `sensitivity`, `regions`, `tipping`, `pareto`, `scale`, `calibrate`; `help(fc.compare)` shows an example of each. They refuse what cannot
be in one line, as `BadInput`.

A run. A scenario says who is there (`members`), for how many days before (`warm_up`) and after the switch (`days`), and every
number of the model. A history has measures, days, members and ties; a measure is a numerator over a denominator.

    >>> import firstcontact as fc
    >>> scenario = fc.load_scenario("baseline", members=60, warm_up=5, days=65)
    >>> history = fc.simulate(scenario, seed=1)
    >>> isinstance(scenario, fc.Scenario), isinstance(history, fc.History), len(history.daily["mean_degree"])
    (True, True, 70)
    >>> rate = history.measures["intent_success"]
    >>> isinstance(rate, fc.Value), rate.value == rate.numerator / rate.denominator, fc.MEASURES["intent_success"].unit
    (True, True, 'share')
    >>> try:
    ...     fc.load_scenario(membres=60)
    ... except fc.BadInput as error:
    ...     print(error)
    `membres` must be a part of a scenario (got an unknown key; did you mean 'members'?)

A measure of one's own is a ratio of counters, or a function of a `FinishedRun`; it is known by what it counts, or by its source (here
`version`, since nobody has the source of what is typed). One that fails is a `MeasureFailed`:

    >>> read = fc.measure(
    ...     name="read_share", unit="share", definition="Of items, those read.", numerator=fc.Counter.READ, denominator=fc.Counter.DELIVERED
    ... )
    >>> @fc.measure(unit="items", definition="The most items that one member had.", version="1")
    ... def fullest_inbox(run: fc.FinishedRun):
    ...     return run.members.got.max()
    >>> found = fc.simulate(scenario, seed=1, measures=[read, fullest_inbox]).measures
    >>> isinstance(read, fc.Measure), 0.0 < found["read_share"].value < 1.0, issubclass(fc.MeasureFailed, fc.BadInput)
    (True, True, True)

Designs, styles and rules of moderation are objects or TOML files; what they leave out is the default. Two designs after one warm-up:

    >>> calm = fc.Design(primary=1.0, messages_a_day=1.0)
    >>> [one.design for one in fc.simulate_arms(scenario, designs=["connect_first", calm], seed=1)][0]
    'connect_first'
    >>> fc.Style(follow_ups=2).follow_ups, fc.Moderation(ban=2.0).ban
    (2, 2.0)

What a log of one's own shows, each figure with its interval, is a `Description`:

    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "log.csv")
    ...     rows = [f"{k % 12},{(k * 5 + 1) % 12},{86400 * (k % 60) + 10**9}" for k in range(240)]
    ...     _ = file.write_text("\n".join(["sender,recipient,timestamp", *rows]) + "\n")
    ...     found = fc.describe(file, draws=20, quiet=True)
    >>> isinstance(found, fc.Description), found.summary.columns[0], found.seen.people
    (True, 'measure', 12)

Which worlds fit such a log, a targets file or the shipped targets says `calibrate`; whether those that fit one part of a log predict the
other, `validate`:

    >>> issubclass(fc.CalibrationResult, fc.Result), fc.Validation.passed.__doc__.split()[0]
    (True, 'Tell')
    >>> for asked in (lambda: fc.calibrate(draws=3, quiet=True), lambda: fc.validate("none", log="log.csv")):
    ...     try:
    ...         asked()
    ...     except fc.BadInput as error:
    ...         print(error)
    `draws` must be at least 64 (got 3)
    `draws` must be the folder of a calibration, with bank.csv (got none)

A network of one's own in place of the drawn one, from a graph of networkx, or from a file that `read_network` reads:

    >>> import networkx as nx
    >>> len(fc.simulate(scenario, seed=1, network=nx.cycle_graph(30)).members["id"]) >= 30
    True
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "friends.csv")
    ...     _ = file.write_text("source,target\nAda,Ben\nBen,Cleo\n")
    ...     fc.read_network(file).labels
    ('Ada', 'Ben', 'Cleo')

The same model in Mesa, for members who decide otherwise. Decisions return a `Purpose`, a `Button` or an `Outcome`; an item is of
a `Kind`, and goes over a `Distance`:

    >>> class Welcoming(fc.Member):
    ...     def decide_invitation(self, item, pair, u):
    ...         return fc.Outcome.ACCEPTED
    >>> fc.OutreachModel(scenario, rng=1, member_class=Welcoming).run().design
    'message_first'
    >>> [purpose.name for purpose in fc.Purpose]
    ['INQUIRY', 'RELATIONSHIP', 'PROMOTION']
    >>> fc.Button(0).name, fc.Kind(0).name, fc.Distance(0).name
    ('WALK_AWAY', 'MESSAGE', 'NOBODY_FOUND')

Runs on a cluster take its address (`dask="tcp://host:8786"`), or an `Address` with certificates. A pair that failed twice ends a
comparison with `RunFailed`. Every `Result` names the version of the model that it depends on:

    >>> fc.Address("tcp://host:8786").check()
    >>> issubclass(fc.RunFailed, RuntimeError), issubclass(fc.ComparisonResult, fc.Result), len(fc.model_version())
    (True, True, 25)
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.abtest.run import AbtestResult, abtest
    from experiments.analyses.pareto.run import ParetoResult, pareto
    from experiments.analyses.regions.run import RegionsResult, regions
    from experiments.analyses.scale.run import ScaleResult, scale
    from experiments.analyses.sensitivity.run import SensitivityResult, sensitivity
    from experiments.analyses.tipping.run import TippingResult, tipping
    from experiments.calibration.describe import Description, describe
    from experiments.comparison.outcome import ComparisonResult
    from experiments.comparison.run import compare
    from experiments.inference.run import CalibrationResult, calibrate
    from experiments.inference.validate import validate
    from experiments.inference.validation import Validation
    from experiments.reporting.result import Result
    from experiments.runs.dask_cluster import Address
    from experiments.runs.scheduler import RunFailed
    from experiments.sweep.outcome import SweepResult
    from experiments.sweep.run import sweep
    from sim.agents import Member, OutreachModel
    from sim.decisions.codes import Button, Distance, Kind, Outcome, Purpose
    from sim.decisions.counters import Counter
    from sim.errors import BadInput, MeasureFailed
    from sim.population.networks.read import read_network
    from sim.results.finished_run import FinishedRun
    from sim.results.history import History
    from sim.results.measures import MEASURES, Measure
    from sim.results.measures.own import measure
    from sim.results.values import Value
    from sim.scenario.presets import Design, Moderation, Style
    from sim.scenario.scenario import Scenario, load_scenario
    from sim.simulation import simulate, simulate_arms
    from sim.version import model_version

_HOMES = {
    "AbtestResult": "experiments.abtest.run",
    "Address": "experiments.runs.dask_cluster",
    "BadInput": "sim.errors",
    "Button": "sim.decisions.codes",
    "CalibrationResult": "experiments.inference.run",
    "ComparisonResult": "experiments.comparison.outcome",
    "Counter": "sim.decisions.counters",
    "Description": "experiments.calibration.describe",
    "Design": "sim.scenario.presets",
    "Distance": "sim.decisions.codes",
    "FinishedRun": "sim.results.finished_run",
    "History": "sim.results.history",
    "Kind": "sim.decisions.codes",
    "MEASURES": "sim.results.measures",
    "Measure": "sim.results.measures",
    "MeasureFailed": "sim.errors",
    "Member": "sim.agents",
    "Moderation": "sim.scenario.presets",
    "Outcome": "sim.decisions.codes",
    "OutreachModel": "sim.agents",
    "ParetoResult": "experiments.analyses.pareto.run",
    "Purpose": "sim.decisions.codes",
    "RegionsResult": "experiments.analyses.regions.run",
    "Result": "experiments.reporting.result",
    "RunFailed": "experiments.runs.scheduler",
    "ScaleResult": "experiments.analyses.scale.run",
    "Scenario": "sim.scenario.scenario",
    "SensitivityResult": "experiments.analyses.sensitivity.run",
    "Style": "sim.scenario.presets",
    "SweepResult": "experiments.sweep.outcome",
    "TippingResult": "experiments.analyses.tipping.run",
    "Validation": "experiments.inference.validation",
    "Value": "sim.results.values",
    "abtest": "experiments.abtest.run",
    "calibrate": "experiments.inference.run",
    "compare": "experiments.comparison.run",
    "describe": "experiments.calibration.describe",
    "load_scenario": "sim.scenario.scenario",
    "measure": "sim.results.measures.own",
    "model_version": "sim.version",
    "pareto": "experiments.analyses.pareto.run",
    "read_network": "sim.population.networks.read",
    "regions": "experiments.analyses.regions.run",
    "scale": "experiments.analyses.scale.run",
    "sensitivity": "experiments.analyses.sensitivity.run",
    "simulate": "sim.simulation",
    "simulate_arms": "sim.simulation",
    "sweep": "experiments.sweep.run",
    "tipping": "experiments.analyses.tipping.run",
    "validate": "experiments.inference.validate",
}
__all__ = [
    "MEASURES",
    "AbtestResult",
    "Address",
    "BadInput",
    "Button",
    "CalibrationResult",
    "ComparisonResult",
    "Counter",
    "Description",
    "Design",
    "Distance",
    "FinishedRun",
    "History",
    "Kind",
    "Measure",
    "MeasureFailed",
    "Member",
    "Moderation",
    "Outcome",
    "OutreachModel",
    "ParetoResult",
    "Purpose",
    "RegionsResult",
    "Result",
    "RunFailed",
    "ScaleResult",
    "Scenario",
    "SensitivityResult",
    "Style",
    "SweepResult",
    "TippingResult",
    "Validation",
    "Value",
    "abtest",
    "calibrate",
    "compare",
    "describe",
    "load_scenario",
    "measure",
    "model_version",
    "pareto",
    "read_network",
    "regions",
    "scale",
    "sensitivity",
    "simulate",
    "simulate_arms",
    "sweep",
    "tipping",
    "validate",
]

# `experiments` looks after `sim`, but nobody after `experiments`: a folder of that name beside a script is found first.
_found = find_spec("experiments")
_places = [] if _found is None else list(_found.submodule_search_locations or [])
if _found is not None and not any((Path(place) / "shadows.py").is_file() for place in _places):
    raise ImportError(
        f"{_found.origin or _places[0]} must have another name or place: it hides the package `experiments` of First Contact",
        name="experiments",
    )
import experiments as _experiments  # noqa: E402, F401  (it refuses what hides `sim`)

if not TYPE_CHECKING:  # else every name would be there, of any type

    def __getattr__(name: str) -> Any:
        """Import a public name when it is first asked for: numba and Mesa each take a second."""
        if name not in _HOMES:
            from difflib import get_close_matches

            close = get_close_matches(name, __all__, 1)
            raise AttributeError(f"module 'firstcontact' has no attribute {name!r}" + (f"; did you mean {close[0]!r}?" if close else ""))
        import importlib

        value = getattr(importlib.import_module(_HOMES[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(__all__)
