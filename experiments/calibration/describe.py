"""What a log shows: each measure with its interval, from the command and from Python; and as a file of targets."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.arguments import asked, checked_seed, path_of, whole
from experiments.calibration.bootstrap import centred, draws_of, intervals, of_pairs
from experiments.calibration.described import DESCRIBED, described
from experiments.calibration.seen import seen_in_log
from experiments.calibration.target_file import as_toml
from experiments.defaults import BOOTSTRAP
from experiments.reporting.progress import Shown
from experiments.reporting.run_folder import as_json, write_text
from experiments.reporting.text import counted, figure, listed
from sim.errors import BadInput, must

if TYPE_CHECKING:
    import pandas as pd

    from experiments.calibration.patterns.messages import Found
    from experiments.calibration.seen import Seen
    from sim.population.networks.log import Log

LEAST_DAYS = 8.0  # of a log: a week of watching, and a first message before it
LEAST_SENDERS = 10  # below which senders cannot be drawn
ASSUMED = "the invitation side is assumed"


@dataclass(frozen=True, eq=False)
class Description:
    """What a log shows."""

    file: str
    seen: Seen
    found: dict[str, Found]
    draws: np.ndarray  # (draws, measures) of `DESCRIBED`, centred on the figures
    owner: str  # whose export it is; empty for a log of many
    lines: tuple[str, ...]  # how it was read

    @property
    def summary(self) -> pd.DataFrame:
        """Return a row a measure: measure, title, unit, value, low, high, out_of, standard error; of those that the log tells."""
        import pandas as pd

        low, high = intervals(self.draws)
        rows = [
            (name, one.group, one.title, one.unit, self.found[name].value, low[k], high[k], self.found[name].out_of, self._error(k))
            for k, (name, one) in enumerate(DESCRIBED.items())
            if math.isfinite(self.found[name].value)
        ]
        return pd.DataFrame(rows, columns=["measure", "group", "title", "unit", "value", "ci_low", "ci_high", "out_of", "error"])

    def _error(self, k: int) -> float:
        known = self.draws[:, k][np.isfinite(self.draws[:, k])]
        return float(known.std(ddof=1)) if len(known) > 1 else math.nan

    @property
    def answer(self) -> list[str]:
        """Return in sentences what the log is, and what it does not say."""
        s = self.seen
        what = f"{counted(len(s.pairs.day), 'first message')} between {counted(s.people, 'person', 'people')} over {s.days:.0f} days"
        lines = [f"{self.file} has {what}" + (f", the export of {self.owner}." if self.owner else ".")]
        if self.owner:
            lines.append(
                "It is one member's: what is told is of the first messages that this member sent; intervals are over whom they wrote to."
            )
        lines += self._about_invitations()
        silent = [one.title for name, one in DESCRIBED.items() if not math.isfinite(self.found[name].value) and self.found[name].out_of > 0]
        return lines + ([f"Too few to say: {listed(silent)}."] if silent else [])

    def _about_invitations(self) -> list[str]:
        s = self.seen
        if s.asked is None:
            return [f"It has no invitations: {ASSUMED}."]
        unknown = int(np.isnan(s.asked.accepted).sum())
        lines = [f"It has {counted(len(s.asked.day), 'invitation')}; what is written after one is no first message."]
        return lines + ([f"Of {unknown:,} of them it does not say what became of them: they count as unknown."] if unknown else [])

    @property
    def data(self) -> dict[str, Any]:
        """Return everything as plain values, as `--json` prints it."""
        return {
            "file": self.file,
            "answer": self.answer,
            "days": self.seen.days,
            "people": self.seen.people,
            "measures": as_json(self.summary),
        }

    def targets(self) -> str:
        """Return a targets file for `calibrate --targets`: each figure with half its interval as tolerance."""
        rows = [row for row in self.summary.itertuples() if DESCRIBED[row.measure].fitted and row.ci_high > row.ci_low]
        return as_toml(
            f"{self.file}", self.seen.days, {row.measure: (row.value, (row.ci_high - row.ci_low) / 2.0, row.title) for row in rows}
        )


def owner_of(log: Log) -> int | None:
    """Return who has part in every row: whose export the log is; None for a log of many."""
    both = np.stack([log.sender, log.recipient])
    for who in both[:, 0]:
        if bool((both == who).any(axis=0).all()) and len(log.labels) > 2:
            return int(who)
    return None


def only_sent(seen: Seen, owner: int) -> Seen:
    """Return of what is seen the first messages that one member sent."""
    return of_pairs(seen, np.flatnonzero(seen.pairs.sender == owner))


@asked
def describe(
    log: str | Path,
    *,
    columns: str | Mapping[str, Any] | None = None,
    draws: int = BOOTSTRAP,
    seed: int = 1,
    out: str | Path | None = None,
    quiet: bool = False,
) -> Description:
    r"""Describe a log of messages, and of invitations: how often and when people answer, how talks go on, who sends and gets how much.

    Args:
        log: a file with `sender,recipient,timestamp[,kind,outcome]`, or LinkedIn's messages.csv, packed or not; or
            LinkedIn's whole export, a folder or its zip, whose Invitations.csv is read beside.
        columns: where these stand, by number from 1 or by name: "sender=1,recipient=2,time=3"; found out unless given.
        draws: of the bootstrap, 20 or more; intervals are 95%, by sender.
        seed: of the draws.
        out: a targets file to write, for `calibrate --targets`.
        quiet: whether no progress is shown.

    Returns:
        The description: `summary` has a row a measure, with its unit and interval; `answer` sentences; `targets()` a targets file.

    Raises:
        BadInput: with what must be, in one line.

    Example:
        >>> import firstcontact as fc, pathlib, tempfile
        >>> rows = [f"{k % 12},{(k * 5 + 1) % 12},{86400 * (k % 60) + 10**9}" for k in range(240)]
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     log = pathlib.Path(folder, "log.csv")
        ...     _ = log.write_text("sender,recipient,timestamp\n" + "\n".join(rows) + "\n")
        ...     found = fc.describe(log, draws=20, quiet=True)
        >>> found.answer[1]
        'It has no invitations: the invitation side is assumed.'
    """
    many = whole("--draws", draws, "be at least 20 draws of the bootstrap", 20)
    where = path_of("--out", out)
    if where is not None and where.exists():
        raise BadInput(must("--out", "be a new file", f"{where}, which exists"))
    path = Path(log) if isinstance(log, str) else log
    from experiments.calibration.export import read_export  # it loads what reads networks: a comparison comes by here, and reads none

    return described_log(read_export(path, columns), path, draws=many, seed=checked_seed(seed), out=where, watch=Shown(quiet=quiet))


def described_log(log: Log, path: Path, draws: int, seed: int, out: Path | None, watch: Shown) -> Description:
    """Return what a log shows; with `out`, write it as a targets file.

    Raises:
        BadInput: if it is too short, or too few sent first messages.
    """
    seen, owner = seen_in_log(log), owner_of(log)
    if seen.days < LEAST_DAYS:
        raise BadInput(must("", f"be a log of {LEAST_DAYS:.0f} days or more", f"{seen.days:.1f} days", where=path))
    if owner is not None:
        seen = only_sent(seen, owner)
    senders = len(np.unique(seen.pairs.sender))
    if owner is None and senders < LEAST_SENDERS:
        right = f"have {LEAST_SENDERS} people or more who sent a first message, or be the export of one member"
        raise BadInput(must("", right, senders, where=path))
    found = described(seen)
    if owner is not None:
        found = {name: one if DESCRIBED[name].own else one._replace(value=math.nan, out_of=0.0) for name, one in found.items()}
    values = np.array([one.value for one in found.values()])
    with watch.counted("draws of senders") as advance:
        drawn = draws_of(seen, draws, seed, alone=owner is not None, advance=advance)
    name = "" if owner is None else log.labels[owner]
    lines = tuple(line.replace("0 members and 0 ties, from ", "") for line in log.report.lines(path.name))
    told = Description(path.name, seen, found=found, draws=centred(drawn, values), owner=name, lines=lines)
    if out is not None:
        write_text(out, told.targets())
    return told


def rows_of(told: Description) -> list[list[str]]:
    """Return a row a measure for the screen: title, figure with unit, interval, out of how many."""
    return [
        [
            row.title,
            figure(row.value, row.unit),
            f"{figure(row.ci_low, row.unit)} to {figure(row.ci_high, row.unit)}",
            f"{row.out_of:,.0f}",
            row.measure,
        ]
        for row in told.summary.itertuples()
    ]
