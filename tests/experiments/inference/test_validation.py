"""Parts of a log predict one another where they are alike, and do not where they differ."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from experiments.calibration.described import described
from experiments.calibration.seen import seen_in_log
from experiments.cli.main import perform
from experiments.inference import validate as door
from experiments.inference import validation as module
from experiments.inference.validate import validate
from experiments.inference.validation import GATED, PAIRED, SENDERS, STARTS, TIME, VOLUMES, Part, predicted, splits_of
from sim.errors import BadInput
from sim.population.networks.log import read_log

pytest.importorskip("sklearn")
DAYS = 60


def log_in(folder, chance):
    """Write a log of 40 senders; `chance(sender, week)` that a first message is answered."""
    rng, rows = np.random.default_rng(4), []
    for k in range(40):
        for j in range(30):
            day, other = int(rng.integers(0, DAYS - 1)), 1000 + 30 * k + j
            rows.append((k, other, day * 86400))
            if rng.random() < chance(k, day // 7):
                rows.append((other, k, day * 86400 + int(rng.choice([3600, 90_000, 200_000]))))
    rows += [(0, 99, 0), (1, 98, (DAYS - 1) * 86400)]
    path = folder / "log.csv"
    text = "\n".join(f"{a},{b},{10**9 + at}" for a, b, at in sorted(rows, key=lambda row: row[2]))
    path.write_text(f"sender,recipient,timestamp\n{text}\n", encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path):
    """Give the folder of a calibration whose draws differ in how often people answer, and in when."""
    rng = np.random.default_rng(1)
    answered, early = rng.uniform(0.2, 0.8, (2, 300))
    figures = dict.fromkeys(PAIRED, np.full(300, np.nan)) | dict.fromkeys(VOLUMES, rng.uniform(0.0, 1.0, 300))
    for name in ("reply_7", "reply_30", "load_0"):
        figures[name] = answered
    figures |= {"answers_day_0": 0.6 * early, "answers_day_1": 0.5 * early + 0.4}
    table = pd.DataFrame({f"figure.{name}": column + 0.02 * rng.normal(size=300) for name, column in figures.items()})
    home = tmp_path / "fitted"
    home.mkdir()
    table.to_csv(home / "bank.csv", index=False)
    (home / "draws.csv").write_text("draw,reply.base\n1,-2\n", encoding="utf-8")
    (home / "plan.json").write_text(json.dumps({"days": DAYS}), encoding="utf-8")
    return home


@pytest.fixture(autouse=True)
def few_draws(monkeypatch):
    monkeypatch.setattr(module, "BOOTSTRAP", 60)
    monkeypatch.setattr(module, "PAIRED", PAIRED)


def test_parts_that_are_alike_predict_one_another_more_narrowly_than_the_prior(folder, tmp_path):
    found = validate(folder, log=log_in(tmp_path, lambda *_: 0.5), quiet=True)
    assert set(found.summary.split) == set(GATED)
    assert found.skipped == (TIME,)  # of the second half too few pairs are watched for a month
    assert found.answer[-1] == "Not asked, since too little is left: by time."
    rows = found.summary[found.summary.figure == "reply_7"]
    assert len(rows) == 4
    assert rows.held.all()
    assert (rows.width < 0.6).all()
    assert ((rows.low < rows.predicted) & (rows.predicted < rows.high)).all()
    assert rows.predicted.to_numpy() == pytest.approx(0.5, abs=0.1)


def test_parts_that_differ_do_not(folder, tmp_path):
    found = validate(folder / "draws.csv", log=log_in(tmp_path, lambda _, week: 0.8 if week % 2 else 0.2), quiet=True)
    by_week = found.summary[(found.summary.split == STARTS) & (found.summary.figure == "reply_7")]
    assert not by_week.held.any()
    assert not found.passed
    assert any("outside of 99% together: " in line and line.startswith("By weeks") for line in found.answer)
    assert found.answer[-1].endswith("Reported, not required.") or "By time" in " ".join(found.answer)


def test_only_gated_splits_decide(folder, tmp_path):
    found = validate(folder, log=log_in(tmp_path, lambda *_: 0.5), quiet=True)
    table = found.summary.copy()
    table["held"] = table.split != TIME
    assert module.Validation("x", table, ()).passed
    table["held"] = table.split != SENDERS
    assert not module.Validation("x", table, ()).passed
    assert not module.Validation("x", table[table.split == TIME], ()).passed


def test_a_part_that_the_bank_hardly_shows_is_said_to_be_so(folder, tmp_path):
    near = validate(folder, log=log_in(tmp_path, lambda *_: 0.5), quiet=True)
    assert not any("hardly shows" in line for line in near.answer)
    table = pd.read_csv(folder / "bank.csv")
    table[[f"figure.{name}" for name in ("reply_7", "reply_30", "load_0")]] *= 0.2  # nobody answers as often as in the log
    table.to_csv(folder / "bank.csv", index=False)
    far = validate(folder, log=log_in(tmp_path, lambda *_: 0.5), quiet=True)
    assert any(line.startswith("The bank hardly shows what was fitted to (by senders and by weeks") for line in far.answer)


def test_splits_part_all_pairs_by_senders_and_those_of_the_busy_period_by_weeks(tmp_path):
    seen = seen_in_log(read_log(log_in(tmp_path, lambda *_: 0.5)))
    splits = splits_of(seen, 1)
    one, other = splits[SENDERS]
    assert len(one) + len(other) == len(seen.pairs.day)
    assert not set(seen.pairs.sender[one]) & set(seen.pairs.sender[other])
    for name in (STARTS, TIME):
        both = np.concatenate(splits[name])
        assert len(np.unique(both)) == len(both)
        assert 0.85 < len(both) / len(seen.pairs.day) < 0.97
    early, late = splits[TIME]
    assert seen.pairs.day[early].max() < seen.pairs.day[late].min()
    weeks = [set(np.floor((seen.pairs.day[at] - np.quantile(seen.pairs.day, 0.05)) / 7) % 2) for at in splits[STARTS]]
    assert weeks == [{0.0}, {1.0}]


def test_too_little_is_not_predicted():
    nothing = Part(np.full(len(PAIRED), np.nan), np.full((60, len(PAIRED)), np.nan))
    assert predicted(np.random.default_rng(1).random((300, len(PAIRED) + len(VOLUMES))), nothing, nothing, 1) == []


def test_volumes_that_are_given_tell_what_goes_with_them():
    """Three figures of a part say nothing of a fourth, which goes with the volume of the log."""
    rng, four = np.random.default_rng(1), np.arange(4)
    bank = np.full((400, len(PAIRED) + len(VOLUMES)), np.nan)
    bank[:, four], bank[:, len(PAIRED) :] = rng.random((400, 4)), rng.random((400, len(VOLUMES)))
    bank[:, 3] = 0.2 + 0.5 * bank[:, len(PAIRED)]
    at = np.full(len(PAIRED), np.nan)
    at[four] = [0.5, 0.5, 0.5, 0.6]
    test = Part(at, 0.01 * rng.standard_normal((60, len(PAIRED))))
    train = test._replace(figures=np.where(np.arange(len(PAIRED)) == 3, np.nan, at))
    given = Part(np.array([0.8, 0.5, 0.5]), 0.01 * rng.standard_normal((60, len(VOLUMES))))
    alone, told = ({row["figure"]: row for row in predicted(bank, train, test, 1, of)}[PAIRED[3]] for of in (None, given))
    assert told["predicted"] == pytest.approx(0.6, abs=0.02)
    assert alone["predicted"] == pytest.approx(0.45, abs=0.04)
    assert (alone["width"] > 0.9, told["width"] < 0.2) == (True, True)


def test_volumes_and_arrivals_of_the_whole_log_are_followed(folder, tmp_path):
    path = log_in(tmp_path, lambda *_: 0.5)
    seen = seen_in_log(read_log(path))
    table = pd.read_csv(folder / "bank.csv")
    volumes = (
        len(seen.pairs.day) / (seen.people * seen.days),
        seen.written.sum() / (seen.people * seen.days),
        described(seen)["arrivals"].value,
    )
    found = {}
    for factor in (1.0, 5.0):
        for name, volume in zip(VOLUMES, volumes, strict=True):
            table[f"figure.{name}"] = factor * volume * np.random.default_rng(2).uniform(0.8, 1.2, len(table))
        table.to_csv(folder / "bank.csv", index=False)
        found[factor] = validate(folder, log=path, follow_volume=True, quiet=True)
    assert [any("hardly shows" in line for line in found[factor].answer) for factor in (1.0, 5.0)] == [False, True]
    near = found[1.0]
    assert near.passed
    assert not near.summary.equals(validate(folder, log=path, quiet=True).summary)


def test_the_command_prints_and_writes_the_table(folder, tmp_path, capsys):
    out = tmp_path / "table.csv"
    path = log_in(tmp_path, lambda *_: 0.5)
    status = perform(["validate", str(folder), "--log", str(path), "--quiet", "--out", str(out)])
    said = capsys.readouterr().out
    assert "By senders: " in said
    table = pd.read_csv(out)
    assert status == (0 if module.Validation("x", table, ()).passed else 1)
    assert perform(["validate", str(folder), "--log", str(path), "--quiet", "--out", str(out)]) == 2
    assert "must be a new file" in capsys.readouterr().err


def test_what_cannot_be_validated_is_refused(folder, tmp_path):
    path = log_in(tmp_path, lambda *_: 0.5)
    for bad, said in ((tmp_path, "must be the folder of a calibration, with bank.csv"), (tmp_path / "none", "must be the folder")):
        with pytest.raises(BadInput, match=said):
            validate(bad, log=path, quiet=True)
    (folder / "plan.json").write_text(json.dumps({"days": 90}), encoding="utf-8")
    with pytest.raises(BadInput, match="must be a log of about 90 days"):
        validate(folder, log=path, quiet=True)
    (folder / "plan.json").write_text("{}", encoding="utf-8")
    with pytest.raises(BadInput, match="by this version"):
        validate(folder, log=path, quiet=True)


def test_a_bank_of_small_runs_is_asked_at_the_size_that_was_held_to_data(folder, monkeypatch):
    table = pd.read_csv(folder / "bank.csv")
    table.insert(0, "reply.base", np.linspace(-3.0, -1.0, len(table)))
    table.to_csv(folder / "bank.csv", index=False)
    (table.head(40) + 0.25).to_csv(folder / "shift.csv", index=False)
    prior = SimpleNamespace(turned=[SimpleNamespace(path="reply.base")], unit=lambda values: (values + 3.0) / 2.0)
    small, moved = (_figures(folder, shift, prior, monkeypatch) for shift in (0, 40))
    known = np.isfinite(small).all(axis=0)
    assert known.sum() > 5
    assert (moved - small)[:, known] == pytest.approx(0.25)


def test_what_a_bank_lacks_is_said_and_not_raised(folder, monkeypatch):
    prior = SimpleNamespace(turned=[SimpleNamespace(path="reply.base")], unit=lambda values: values)
    with pytest.raises(BadInput, match=r"be the folder of a calibration by this version.*no column reply\.base in bank\.csv"):
        _figures(folder, 40, prior, monkeypatch)
    table = pd.read_csv(folder / "bank.csv")
    table.insert(0, "reply.base", 0.5)
    table.to_csv(folder / "bank.csv", index=False)
    with pytest.raises(BadInput, match=r"no shift\.csv"):
        _figures(folder, 40, prior, monkeypatch)
    table.drop(columns=[name for name in table.columns if name.startswith("figure.")][:1]).to_csv(folder / "shift.csv", index=False)
    with pytest.raises(BadInput, match=r"no column figure\.\S+ in shift\.csv"):
        _figures(folder, 40, prior, monkeypatch)


def _figures(folder, shift, prior, monkeypatch):
    monkeypatch.setattr(door, "read_fitted", lambda _: SimpleNamespace(shift=shift, prior=prior))
    return door._bank(folder)[0]
