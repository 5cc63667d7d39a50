"""Figures of each day, by the day on which something was sent: an entry each."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.decisions.constants import MONTH, TALK_WINDOW, WEEK
from sim.decisions.counters import Daily
from sim.state.tally import Tally


class DailyCounts:
    """What was counted by day, for figures of each day; undefined (nan) where a window has not closed or nothing happened."""

    def __init__(self, tally: Tally) -> None:
        self.counts = tally.daily.astype(float)
        self.days = tally.daily.shape[1]

    def of(self, count: Daily) -> np.ndarray:
        """Return a count by day."""
        found: np.ndarray = self.counts[count]
        return found

    def per_member(self, count: Daily, window: int = 0) -> np.ndarray:
        """Return a count by day per active member."""
        return self.share(count, Daily.ACTIVE, window)

    def share(self, top: Daily, bottom: Daily, window: int) -> np.ndarray:
        """Return a count by day over another, without the last days, whose window has not closed."""
        out: np.ndarray = np.divide(self.of(top), self.of(bottom), out=np.full(self.days, np.nan), where=self.of(bottom) > 0.0)
        if window:
            out[max(0, self.days - window) :] = np.nan
        return out


class Evening(DailyCounts):
    """The same for one evening: of a figure that waits for answers, that of the day whose window has closed by then."""

    def __init__(self, tally: Tally, day: int) -> None:
        self.counts, self.day = tally.daily, day

    def of(self, count: Daily) -> np.ndarray:
        """Return the day's count, as an array of one."""
        found: np.ndarray = self.counts[count, self.day : self.day + 1]
        return found

    def share(self, top: Daily, bottom: Daily, window: int) -> np.ndarray:
        """Return a count over another, of `window` days ago; nan before that, and where nothing happened."""
        day = self.day - window
        if day < 0 or not self.counts[bottom, day]:
            return np.array([np.nan])
        return np.array([self.counts[top, day] / self.counts[bottom, day]])


DAILY_MEASURES: dict[str, Callable[[DailyCounts], np.ndarray]] = {
    "approaches": lambda day: day.per_member(Daily.APPROACHES),
    "stranger_messages": lambda day: day.per_member(Daily.STRANGER_MESSAGES),
    "stranger_reply_rate": lambda day: day.share(Daily.STRANGER_REPLIED, Daily.STRANGER_MESSAGES, WEEK),
    "invitations": lambda day: day.per_member(Daily.INVITATIONS),
    "acceptance_rate": lambda day: day.share(Daily.ACCEPTED, Daily.INVITATIONS, MONTH),
    "intents": lambda day: day.per_member(Daily.INTENTS, TALK_WINDOW),
    "intent_success": lambda day: day.share(Daily.SUCCESS, Daily.INTENTS, TALK_WINDOW),
    "delivered": lambda day: day.per_member(Daily.DELIVERED),
    "unwelcome_delivered": lambda day: day.per_member(Daily.UNWELCOME_DELIVERED),
    "unwelcome_read": lambda day: day.per_member(Daily.UNWELCOME_READ),
    "reports": lambda day: day.per_member(Daily.REPORTS),
    "new_ties": lambda day: day.per_member(Daily.NEW_TIES),
    "replies": lambda day: day.per_member(Daily.REPLIES),
    "sessions": lambda day: day.per_member(Daily.SESSIONS),
    "active": lambda day: day.of(Daily.ACTIVE),
    "mean_degree": lambda day: day.per_member(Daily.DEGREES),
    "restricted": lambda day: day.per_member(Daily.RESTRICTED),
}


def measure_of_evening(name: str, tally: Tally, day: int) -> float:
    """Return a daily measure as it is known on the evening of a day; nan if its first window has not closed, or nothing happened.

    Args:
        name: of `DAILY_MEASURES`.
        tally: what was counted up to that evening.
        day: from 0.
    """
    value: float = DAILY_MEASURES[name](Evening(tally, day)).item()
    return value


def daily_measures(tally: Tally) -> dict[str, np.ndarray]:
    """Return the daily figures, by day sent; undefined (nan) where a window has not closed or nothing happened."""
    counts = DailyCounts(tally)
    return {"day": np.arange(counts.days), **{name: figure(counts) for name, figure in DAILY_MEASURES.items()}}
