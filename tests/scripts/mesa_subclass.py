"""Members who accept every invitation, against the usual ones, over 20 seeds by Mesa's own batch_run."""

import sys

import firstcontact as fc
import pandas as pd
from mesa.batchrunner import batch_run

SCENARIO = fc.load_scenario(members=40, warm_up=5, days=20)
DAYS = SCENARIO.warm_up + SCENARIO.days


class Welcoming(fc.Member):
    """Accepts every invitation that is read."""

    def decide_invitation(self, item, pair, u):
        return fc.Outcome.ACCEPTED


KINDS = {"usual": fc.Member, "welcoming": Welcoming}


class Society(fc.OutreachModel):
    """The model with members of one kind: batch_run gives parameters by name."""

    def __init__(self, kind="usual", number=1):
        super().__init__(SCENARIO, rng=number, member_class=KINDS[kind])


def main(seeds):
    parameters = {"kind": list(KINDS), "number": range(1, seeds + 1)}
    # batch_run makes one step more than max_steps
    rows = batch_run(Society, parameters, max_steps=DAYS - 1, display_progress=False)
    table = pd.DataFrame(rows).pivot_table(index="number", columns="kind", values="mean_degree")
    gain = table.welcoming - table.usual
    print(f"connections per member over {len(gain)} seeds: {table.usual.mean():.2f} and {table.welcoming.mean():.2f}")
    print(f"difference {gain.mean():+.3f}, standard error {gain.std(ddof=1) / len(gain) ** 0.5:.3f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
