"""What a whole platform would take, by hand from round figures; the committed document is what the committed results give."""

from __future__ import annotations

import pytest

from experiments.benchmarks import scale

RUN = {"before": 200.0, "connections": 40.0, "generation": 1.0, "measures": 1.0}
FACTS = {
    "commit": "abc1234",
    "load": {"deliveries": 0.5, "looks": 1.0},
    "crossing": {"items": 0.5, "ties": 0.75, "member bytes": 256.0, "pair bytes": 48.0, "item bytes": 80.0, "industries": 20.0},
    "works": {
        "10k on two": RUN | {"days": 3.6, "member_days": 3.6e6, "megabytes": 240.0, "within two hops": 0.2, "largest inbox": 20.0},
        "100k": {"days": 18.0},
        "100k on two": RUN | {"days": 12.0, "member_days": 6e6, "megabytes": 600.0, "within two hops": 0.02, "largest inbox": 30.0},
    },
}


def figures():
    return scale.figures_of([FACTS])


def test_growth_is_the_slope_between_the_sizes_that_were_measured():
    f = figures()
    assert [seconds for _, _, seconds in f.runs] == pytest.approx([1e-6, 2e-6])
    assert f.growth == pytest.approx(0.30103)  # twice as long for ten times as many
    assert f.member_day == pytest.approx(2e-6 * 7220**0.30103, rel=1e-4)
    assert f.year == pytest.approx(f.member_day * 722e6 * 365)


def test_growth_within_noise_is_none():
    level = FACTS["works"] | {"100k on two": FACTS["works"]["100k on two"] | {"days": 6.0}}
    f = scale.figures_of([FACTS | {"works": level}])
    assert f.growth == pytest.approx(0.0)
    assert f.member_day == pytest.approx(1e-6)
    assert "does not grow beyond the noise" in scale.text_of(f, "abc1234")
    assert "to the power of 0.30" in scale.text_of(figures(), "abc1234")


def test_memory_goes_with_members_of_the_run_of_a_year():
    f = figures()
    assert f.remembered == (10_000, 4000.0)
    assert f.memory == pytest.approx(722e6 * 4000.0)
    assert f.machines == 16  # of 192 GB that are not left for mail: 2.888 TB


def test_threads_beyond_two_go_by_the_part_that_one_does_alone():
    f = figures()
    assert f.serial == pytest.approx(1 / 3)  # two are 1.5 times as fast
    assert f.on(2) == pytest.approx(f.year)
    assert f.on(10**9) == pytest.approx(f.year * 1.5 / 3)


def test_the_document_says_what_crosses_and_where_it_ends():
    text = scale.text_of(figures(), "abc1234")
    assert "at commit abc1234" in text
    assert "94%: 27.1 GB a day | 50%: 14.4 GB a day" in text  # 722e6 items of 80 bytes for half of the members, 15 of 16 or 1 of 2
    assert "Ties alone, 20.0 a member, fill it at 215 million members" in text  # of 2**32 pairs
    assert "From 328,000 members on" in text  # 40 and 1,600 members are half a point of so many
    assert "36.1 million members an industry" in text


def test_one_size_says_nothing_of_growth():
    works = {"100k": {"days": 1.0}, "100k on two": FACTS["works"]["100k on two"]}
    with pytest.raises(ValueError, match="make bench"):
        scale.figures_of([FACTS | {"works": works}])


def test_the_committed_document_is_what_the_committed_results_give():
    assert scale.DOCUMENT.read_text(encoding="utf-8") == scale.document(), "`python -m experiments.benchmarks.scale` makes it again"


@pytest.mark.parametrize(
    ("x", "words"), [(3.2e12, "3.2 TB"), (288.8e9, "289 GB"), (64.0, "64 bytes"), (999.0, "999 bytes"), (4.2e15, "4.2 PB")]
)
def test_bytes_in_words(x, words):
    assert scale._bytes(x) == words


@pytest.mark.parametrize(
    ("x", "words"), [(90.0, "90 seconds"), (0.5, "0.5 seconds"), (7200.0, "2 hours"), (86400.0 * 365.25 * 3, "3 years")]
)
def test_times_in_words(x, words):
    assert scale._time(x) == words
