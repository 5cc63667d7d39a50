"""Where does message-first win? A sweep over two parameters, the points at which each wins, and where the winner changes."""

import sys
from pathlib import Path

import firstcontact as fc

VARIED = {"reply.connected": (-1.0, 2.0), "invitation.base": (-3.0, 1.0)}


def main(folder, members, points):
    scenario = fc.load_scenario(members=members, warm_up=10, days=65)
    swept = fc.sweep(parameters=VARIED, scenario=scenario, points=points, pairs=2, workers=1, out=folder / "sweep", quiet=True)
    wins = swept.summary[swept.summary.measure == "intent_success"].merge(swept.points, on="point")
    print(wins.groupby("verdict").size().to_string())
    print(wins[[*VARIED, "difference"]].corr(method="spearman").difference.round(2).to_string())

    axes = swept.plot("points")
    axes.figure.savefig(folder / "map.pdf")
    more = fc.sweep(folder / "sweep", points=2 * points, workers=1, quiet=True)  # all that is there is kept
    print(f"{len(swept.points)} points, then {len(more.points)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
