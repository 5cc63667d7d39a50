"""Which runs the article needs: what is the same is run once."""

from __future__ import annotations

from experiments.article.contrasts import contrasts_of
from experiments.article.runs import Runs


def test_a_number_set_to_what_it_is_anyway_is_not_run_again(statements, scenario):
    contrasts = [c for c in contrasts_of(statements["0.1"], scenario) if c.primary]
    runs = Runs(scenario, [*contrasts, *contrasts_of(statements["4.1"], scenario)], [], 1)
    plain = {c.design: c.without for c in contrasts_of(statements["4.1"], scenario)}
    for contrast in contrasts:
        assert contrast.with_ != plain[contrast.design]
        assert runs.key(contrast.with_, 1) == runs.key(plain[contrast.design], 1) != runs.key(contrast.without, 1)
    assert runs.count == len(runs.arms) - len(contrasts)
