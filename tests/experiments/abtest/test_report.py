"""The files of an answer: tables that add up, a page that lists them, a picture."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from experiments.abtest import report
from experiments.abtest.schemes import ON_REQUEST, SCHEMES
from experiments.reporting import style


def test_files_are_those_that_the_page_lists(found):
    names = {name for name, _ in report.FILES}
    assert names <= {path.name for path in found.folder.iterdir()}
    page = (found.folder / "report.html").read_text(encoding="utf-8")
    assert all(scheme.words in page for name, scheme in SCHEMES.items() if name not in ON_REQUEST)
    assert "Limitations" in page
    summary = pd.read_csv(found.folder / "summary.csv")
    assert np.allclose(summary.bias.dropna(), (summary.attribution + summary.interference).dropna(), atol=1e-12)
    assert set(summary.scheme) == set(SCHEMES) - set(ON_REQUEST)
    told = json.loads((found.folder / "findings.json").read_text(encoding="utf-8"))
    assert told["answer"][0] == found.answer[0]


def test_a_result_can_be_drawn_and_written(found, tmp_path):
    axes = found.plot()
    assert axes.get_xlabel() == "two-way partners, change in %"
    assert found.write(tmp_path / "mine") == tmp_path / "mine"
    assert (tmp_path / "mine" / "report.html").exists()
    assert set(found.data) == {"answer", "summary", "decisions"}
    assert len(found.decisions) == len(SCHEMES) - len(ON_REQUEST) + 4
    assert report.draw(found.found, style.NARROW).figure.name == "schemes"
