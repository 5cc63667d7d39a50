"""Where does message-first win, by success and by a measure of one's own? A sweep over two parameters, and a map of its points."""

import sys
from pathlib import Path

import firstcontact as fc
import numpy as np

VARIED = {"reply.connected": (-1.0, 2.0), "invitation.base": (-3.0, 1.0)}


@fc.measure(unit="share", direction="lower better")
def heaviest_tenth(run):
    """Share of all items that went to the tenth of the members who were sent most."""
    got = np.sort(run.members.got)[::-1]
    return got[: max(1, len(got) // 10)].sum(), got.sum()


def main(folder, members, points):
    scenario = fc.load_scenario(members=members, warm_up=10, days=65)
    asked = {"points": points, "pairs": 2, "measures": [heaviest_tenth], "workers": 1, "quiet": True}
    swept = fc.sweep(parameters=VARIED, scenario=scenario, out=folder / "sweep", **asked)
    wins = swept.summary[swept.summary.measure == "intent_success"].merge(swept.points, on="point")
    print(wins.groupby("verdict").size().to_string())
    print(wins[[*VARIED, "difference"]].corr(method="spearman").difference.round(2).to_string())

    own = swept.summary[swept.summary.measure == "heaviest_tenth"]
    print(f"heaviest_tenth: {own.mean_reference.mean():.3f} under connect-first, {own['mean'].mean():.3f} under message-first")

    axes = swept.plot("points")
    axes.figure.savefig(folder / "map.pdf")
    more = fc.sweep(folder / "sweep", points=2 * points, measures=[heaviest_tenth], workers=1, quiet=True)  # all that is there is kept
    print(f"{len(swept.points)} points, then {len(more.points)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
