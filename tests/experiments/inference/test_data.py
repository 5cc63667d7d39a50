"""Data: figures with their errors, from shipped targets, a file or a log."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.calibration.declared import ASSUMED, EMPIRICAL, VENDOR, every_target
from experiments.calibration.describe import describe
from experiments.calibration.described import DESCRIBED
from experiments.inference.data import data_of_file, data_of_log, shipped_data
from experiments.inference.summaries import TARGET
from sim.errors import BadInput
from tests.experiments.calibration.test_describe import rows_of


def test_of_the_shipped_targets_those_count_that_somebody_measured():
    data, by_name = shipped_data(), {TARGET + one.name: one for one in every_target()}
    assert {by_name[name].kind for name in data.names}.isdisjoint({ASSUMED, VENDOR})
    k = next(k for k, name in enumerate(data.names) if by_name[name].kind == EMPIRICAL)
    assert data.errors[k] == pytest.approx(by_name[data.names[k]].tolerance / 2.0)
    other = next(k for k, name in enumerate(data.names) if by_name[name].kind != EMPIRICAL)
    assert data.errors[other] == pytest.approx(by_name[data.names[other]].tolerance / 2.0 * np.sqrt(2.0))  # half the weight
    assert data.window == (83.0, 276.0)
    assert data.design is None


@pytest.fixture
def file(tmp_path):
    def made(text):
        path = tmp_path / "mine.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return made


def test_a_file_may_name_what_describe_names_shipped_targets_and_measures_of_the_model(file):
    text = "days = 40\n[targets]\nreply_7 = { value = 0.08, tolerance = 0.01 }\ngini_sent = { value = 0.7, tolerance = 0.1 }\n"
    text += "going_on_02 = { value = 0.6, tolerance = 0.1 }\nstranger_reply_rate_30 = { value = 0.2, tolerance = 0.04 }\n"
    data = data_of_file(file(text), "message_first")
    assert data.names == ("reply_7", "gini_sent", "target.going_on_02", "measure.stranger_reply_rate_30")
    assert data.errors == pytest.approx([0.005, 0.05, 0.05, 0.02])
    assert (data.design, data.days, data.window) == ("message_first", 40, (90.0, 129.0))


@pytest.mark.parametrize(
    ("name", "said"), [("reply_8", r"targets.reply_8` must be a measure .*did you mean 'reply_7'"), ("delay", "must be a measure")]
)
def test_an_unknown_name_is_refused(file, name, said):
    with pytest.raises(BadInput, match=said):
        data_of_file(file(f"[targets]\n{name} = {{ value = 0.1, tolerance = 0.1 }}\n"))


def test_a_log_gives_the_covariance_of_its_bootstrap(tmp_path):
    path = tmp_path / "log.csv"
    rows = sorted(rows_of(senders=30), key=lambda row: row[2])
    path.write_text("sender,recipient,timestamp\n" + "\n".join(f"{a},{b},{10**9 + at}" for a, b, at in rows) + "\n", encoding="utf-8")
    told = describe(path, draws=100, quiet=True)
    data = data_of_log(told, "message_first")
    k, other = data.names.index("reply_7"), data.names.index("reply_30")
    table = told.summary.set_index("measure")
    assert data.values[k] == table.loc["reply_7", "value"]
    assert data.errors[k] == pytest.approx(table.loc["reply_7", "error"], rel=0.1)
    correlation = data.covariance[k, other] / (data.errors[k] * data.errors[other])
    assert correlation > 0.5
    assert "delay" not in data.names
    assert data.notes == ("log.csv has no invitations: the invitation side is assumed.",)
    noise = data.noise(4000, 1)
    assert np.cov(noise, rowvar=False) == pytest.approx(data.covariance, abs=0.15 * data.covariance.max())
    assert np.array_equal(data.noise(10, 1), noise[:10])
    part = data.some([other, k])
    assert part.names == ("reply_30", "reply_7")
    assert part.covariance[0, 1] == data.covariance[other, k]
    assert part.digest != data.digest


@pytest.mark.parametrize(
    ("value", "tolerance", "right"),
    [(0.0, 0.01, True), (1.0, 0.99, True), (-0.01, 0.01, False), (1.01, 0.01, False), (8, 1, False), (0.08, 1.0, False)],
)
def test_a_share_is_one_in_a_file_too(file, value, tolerance, right):
    path = file(f"[targets]\nreply_7 = {{ value = {value}, tolerance = {tolerance} }}\n")
    if right:
        assert data_of_file(path).values.tolist() == [value]
    else:
        with pytest.raises(BadInput, match=r"targets.reply_7` must be a share from 0 to 1 with a tolerance below 1") as error:
            data_of_file(path)
        assert "\n" not in str(error.value)


def test_what_is_no_share_may_be_any_number(file):
    data = data_of_file(file(f"[targets]\n{other()} = {{ value = 3, tolerance = 2 }}\n"))
    assert data.values.tolist() == [3.0]


def other():
    """Return a measure of `describe` that is no share."""
    return next(name for name, one in DESCRIBED.items() if one.fitted and one.unit != "share")
