"""A log is described from the command and from Python; what is no log, or too small a one, is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest

from experiments.calibration.describe import describe, owner_of
from experiments.calibration.target_file import read_target_file
from experiments.cli.main import perform
from sim.errors import BadInput
from sim.population.networks.log import read_log


def rows_of(senders=15, each=12, seed=1):
    """Return a log in which half of the first messages are answered."""
    rng, rows = np.random.default_rng(seed), []
    for k in range(senders):
        for j in range(each):
            start, other = 86400 * int(rng.integers(0, 50)), 100 + k * each + j
            rows.append((k, other, start))
            if rng.random() < 0.5:
                rows.append((other, k, start + 3600))
    return rows


@pytest.fixture
def log(tmp_path):
    def made(rows, name="log.csv"):
        path = tmp_path / name
        text = "\n".join(f"{a},{b},{10**9 + at}" for a, b, at in sorted(rows, key=lambda row: row[2]))
        path.write_text(f"sender,recipient,timestamp\n{text}\n", encoding="utf-8")
        return path

    return made


def test_a_log_is_described_with_intervals_that_hold_the_figures(log):
    found = describe(log(rows_of()), draws=40, quiet=True)
    table = found.summary.set_index("measure")
    assert table.loc["reply_7", "value"] == pytest.approx(0.5, abs=0.1)
    assert ((table.ci_low <= table.value) & (table.value <= table.ci_high)).loc[["reply_7", "gini_sent", "first_messages"]].all()
    assert table.loc["delay", "value"] == pytest.approx(1.0)
    assert "accepted" not in table.index
    assert found.answer[1] == "It has no invitations: the invitation side is assumed."


def test_the_export_of_one_member_tells_of_what_that_member_sent(log):
    rows = rows_of(senders=1, each=120) + [(500 + k, 0, 86400 * k) for k in range(20)]  # others wrote first, and got no answer
    path = log(rows)
    found = describe(path, draws=40, quiet=True)
    table = found.summary.set_index("measure")
    assert found.owner == "0"
    assert table.loc["reply_30", "out_of"] < 120
    assert table.loc["reply_7", "value"] == pytest.approx(0.5, abs=0.15)
    assert "gini_sent" not in table.index
    assert "one member's" in found.answer[1]
    assert owner_of(read_log(log(rows_of(), "other.csv"))) is None


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([(k, k + 1, 3600 * k) for k in range(30)], "must be a log of 8 days or more"),
        ([(k % 3, 10 + k, 86400 * k) for k in range(60)], "must have 10 people or more who sent a first message"),
    ],
)
def test_too_small_a_log_is_refused(log, rows, said):
    with pytest.raises(BadInput, match=said):
        describe(log(rows), draws=20, quiet=True)


def test_the_command_prints_figures_and_writes_targets(log, tmp_path, capsys):
    path, out = log(rows_of()), tmp_path / "targets.toml"
    assert perform(["describe", str(path), "--draws", "30", "--quiet", "--out", str(out)]) == 0
    said = capsys.readouterr()
    assert "first messages answered within 7 days" in said.out
    assert "read as a message log" in said.err
    told = read_target_file(out)
    found = describe(path, draws=30, quiet=True).summary.set_index("measure")
    assert told.targets["reply_7"].value == pytest.approx(found.loc["reply_7", "value"], rel=1e-5)
    assert told.targets["reply_7"].tolerance == pytest.approx(
        (found.loc["reply_7", "ci_high"] - found.loc["reply_7", "ci_low"]) / 2, rel=1e-2
    )
    assert perform(["describe", str(path), "--draws", "30", "--quiet", "--out", str(out)]) == 2
    assert "must be a new file" in capsys.readouterr().err
    assert perform(["describe", str(path), "--draws", "30", "--quiet", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["measures"][0]["measure"] == "reply_1"


@pytest.mark.parametrize(
    ("words", "said"), [(["none.csv"], "none.csv must be"), (["x.csv", "--draws", "3"], "`--draws` must be at least 20")]
)
def test_bad_input_is_one_line_and_exit_2(words, said, capsys):
    assert perform(["describe", *words, "--quiet"]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "text", ["a,b,c\n", "a,b,c\n1,2,3\n", "a,b,c\nann,bob,cat\n", "sender,recipient\na,b\n", "from,to,weight\na,b,3\n", "ann,bob\n"]
)
@pytest.mark.parametrize("words", [["describe"], ["calibrate", "--log"]])
def test_a_table_that_is_no_log_is_told_which_columns_a_log_has(words, text, tmp_path, capsys):
    path = tmp_path / "junk.csv"
    path.write_text(text, encoding="utf-8")
    assert perform([*words, str(path)]) == 2
    err = capsys.readouterr().err
    assert "junk.csv" in err
    assert "sender,recipient,timestamp" in err
    assert "time=" in err  # or told by --columns
    assert "--network-as" not in err  # neither command has it
    assert err.count("\n") == 1
