"""A test as an experimentation tool takes it: a row a unit, and a row a unit and day, with the truth that such a tool never sees.

`units.csv` has a unit's arm (`variant`, 1 for treated), what it was dealt that as part of (`cluster`), its style, each metric over the
test, and under `NAME_before` over as long before it, from answers that were all there at the switch. `days.csv` has the same metrics by
day, where something happened. `truth.csv` says what launching for all does on the same members and draws.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.abtest.metrics import COUNT, INITIATOR, ITEM, METRICS
from experiments.abtest.question import Question
from experiments.abtest.readings import truth
from experiments.abtest.sample import arms_of, seen
from experiments.abtest.schemes import BLOCKS, EGOS, SCHEMES, STEPS
from experiments.abtest.worlds import Periods, lived, periods_of
from experiments.reporting import run_folder
from experiments.runs.keys import pair_seeds
from sim.errors import BadInput, must

if TYPE_CHECKING:
    import pandas as pd

COUNTS = tuple(name for name, metric in METRICS.items() if metric.kind == COUNT)
APPROACHES = "approaches"  # of which `responses` are the answered: the two make a ratio
INTENTS = ("intents_met", "intents")  # likewise: those that led to an exchange, and all
CSV, PARQUET = "csv", "parquet"


class Export:
    """The first replicate of a question as a test by its scheme sees it."""

    def __init__(self, question: Question) -> None:
        """Make the two pure worlds and the test's.

        Raises:
            BadInput: if arms change by day: a unit then has no arm of its own.
        """
        kind = SCHEMES[question.by].kind
        if kind in (BLOCKS, STEPS):
            raise BadInput(must("--export", "go with a scheme in which a unit keeps its arm", question.by))
        self.question, panel = question, question.main
        base, seeds = question.base(panel), pair_seeds(question.seed, 1)
        test = question.tests(panel, question.by, seeds[0])[0]
        arms = [base.with_design(name) for name in question.arms]
        self.control, self.treatment, world = list(lived(base, [*arms, test], *seeds))
        self.periods = periods_of(base)
        self.sample = seen(world, arms_of(world, test, question.arms[1]))
        self.world, self.styles = world, base.style_names
        self.credit = INITIATOR if question.credit == ITEM else question.credit
        units = world.there & self.sample.arms.ego if kind == EGOS else world.there
        self.units = np.flatnonzero(units)

    def unit_rows(self) -> pd.DataFrame:
        """Return a row a unit."""
        import pandas as pd

        p, arms = self.periods, self.sample.arms
        columns: dict[str, Any] = {
            "unit": self.units,
            "variant": arms.of(self.credit)[self.units].astype(int),
            "cluster": arms.unit[self.units],
            "style": [self.styles[k] for k in self.world.style[self.units]],
        }
        for name, after, before in self._sums(p):
            columns |= {name: after, f"{name}_before": before}
        columns["retention"] = self.world.stayed[self.units]
        return pd.DataFrame(columns)

    def _sums(self, p: Periods) -> list[tuple[str, np.ndarray, np.ndarray]]:
        found = []
        for name in COUNTS:
            parts = [self.sample.sums(name, self.credit, *span)[0][self.units] for span in ((p.begin, p.end), (p.before, p.until))]
            found.append((name, parts[0], parts[1]))
        spans = ((p.begin, p.end), (p.before, p.until))
        after, before = (self.sample.sums("response_rate", self.credit, *span)[1] for span in spans)
        if after is not None and before is not None:
            found.append((APPROACHES, after[self.units], before[self.units]))
        both = [self.sample.sums("intent_success", self.credit, *span) for span in spans]
        for place, name in enumerate(INTENTS):
            one, other = (sums[place] for sums in both)
            if one is not None and other is not None:
                found.append((name, one[self.units], other[self.units]))
        return found

    def day_rows(self) -> pd.DataFrame:
        """Return a row a unit, day of the test (from 0) and metric in which something happened: unit, day, variant, metric, value."""
        import pandas as pd

        p, tables = self.periods, []
        variant = self.sample.arms.of(self.credit)
        there = np.zeros(self.world.n, bool)
        there[self.units] = True
        for day in range(p.begin, p.end):
            for name in COUNTS:
                rows = self.world.counts.rows(name, p.begin, p.end)
                y, _ = rows.where(rows.day == day).sums(self.credit, self.world.n)
                some = np.flatnonzero(there & (y != 0.0))
                tables.append(
                    pd.DataFrame(
                        {"unit": some, "day": day - p.begin, "variant": variant[some].astype(int), "metric": name, "value": y[some]}
                    )
                )
        return pd.concat(tables, ignore_index=True)

    def truth_rows(self) -> pd.DataFrame:
        """Return a row a metric: what a unit has under control for all, under treatment for all, and the difference."""
        import pandas as pd

        zero, one = (seen(world, self.sample.arms) for world in (self.control, self.treatment))
        rows = [(name, *truth(zero, one, name=name, credit=self.credit, periods=self.periods)) for name in METRICS]
        return pd.DataFrame([(name, a, b, b - a) for name, a, b in rows], columns=["metric", "control", "treatment", "effect"])

    def write(self, folder: Path, form: str = CSV) -> Path:
        """Write the three tables and return the folder.

        Raises:
            BadInput: if it cannot be written, or for Parquet without pyarrow.
        """
        tables = {"units": self.unit_rows(), "days": self.day_rows(), "truth": self.truth_rows()}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, table in tables.items():
                if form == PARQUET:
                    table.to_parquet(folder / f"{name}.parquet", index=False)
                else:
                    run_folder.write_table(folder / f"{name}.csv", table)
        except OSError as error:
            raise BadInput(must("--export", "be a folder that you may write to", f"{folder}: {error.strerror or error}")) from None
        except ImportError:
            raise BadInput("pyarrow is not installed: pip install 'firstcontact[parquet]' installs it") from None
        return folder
