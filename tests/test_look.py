"""What is seen: pages without sideways scroll that pass axe-core, cards on a phone, figures that follow the reader."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.experiments.reporting.test_page import written
from tests.experiments.test_public_face import EXTRAS, QUESTIONS
from tests.helpers.analyses import needs, status
from tests.helpers.light import light
from tests.look.__main__ import commands, write_files
from tests.look.browser import DESKTOP, MISSING, PHONE, SCREENS, View, browser, chromium, opened, picture

GALLERY = sorted((Path(__file__).parent.parent / "results").rglob("*.html"))


@pytest.fixture(scope="module")
def running():
    if chromium() is None:
        pytest.skip(MISSING)
    with browser() as found:
        yield found


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """A page that has every kind of part."""
    folder = tmp_path_factory.mktemp("page")
    written(folder)
    return folder / "report.html"


def complaints(page):
    from axe_playwright_python.sync_playwright import Axe

    return [f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:160]}" for one in Axe().run(page).response["violations"]]


QUICK = (View(PHONE, "light"), View(DESKTOP, "dark"))  # each width and each scheme once


each_screen = pytest.mark.parametrize(
    "view", [pytest.param(view, id=view.name, marks=[] if view in QUICK else [pytest.mark.slow]) for view in SCREENS]
)


@each_screen
def test_every_part_of_a_page_is_accessible_and_fits(view, sample, running):
    with opened(running, sample, view) as page:
        assert complaints(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == view.width


def test_a_page_that_is_wider_than_its_screen_is_not_pictured(tmp_path, running):
    path = tmp_path / "wide.html"
    path.write_text("<!doctype html><title>x</title><body style='margin:0'><div style='width:600px'>x</div>", encoding="utf-8")
    picture(running, path, View(DESKTOP, "light"), tmp_path / "wide.png")
    assert (tmp_path / "wide.png").exists()
    with pytest.raises(ValueError, match="is 600 pixels wide on a screen of 390"):
        picture(running, path, View(PHONE, "light"), tmp_path / "narrow.png")
    assert not (tmp_path / "narrow.png").exists()


SMALL = 150_000  # bytes: larger pages take axe-core up to a minute, and what they are made of is on the page above


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, id=path.parent.name, marks=[pytest.mark.slow] if path.stat().st_size > SMALL else []) for path in GALLERY],
)
@each_screen
def test_pages_of_the_gallery_are_accessible_and_fit(path, view, running):
    with opened(running, path, view) as page:
        assert complaints(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == view.width


# The gallery has a page of every other command; each of these takes up to a minute, but for the first.
NOT_IN_GALLERY = ("run", "seven", "sensitivity", "pareto")


@pytest.mark.parametrize("name", [pytest.param(name, marks=[] if name == "run" else [pytest.mark.slow]) for name in NOT_IN_GALLERY])
def test_a_small_page_of_a_command_is_accessible_and_fits(name, tmp_path, running):
    needs(EXTRAS.get(name, ()))
    write_files(tmp_path)
    with light(drawn=True):
        assert status(*commands(tmp_path)[name], "--out", tmp_path / "out") == 0
    for view in QUICK:
        with opened(running, tmp_path / "out" / "report.html", view) as page:
            assert complaints(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") == view.width


def test_every_command_that_has_a_page_is_pictured_and_seven_arms_are():
    asked = commands(Path())
    assert {words[0] for words in asked.values()} == {"run", "article", "calibrate", *QUESTIONS}
    assert len(asked["seven"][asked["seven"].index("--arms") + 1 :]) == 7


def test_on_a_phone_a_row_is_a_card_with_its_verdict_beside_its_name(sample, running):
    with opened(running, sample, View(PHONE, "light")) as page:
        name, verdict, slope = (page.locator(f"tbody {place}").first.bounding_box() for place in ("th", "td.told", "td:not(.told)"))
    assert abs(name["y"] - verdict["y"]) < 8
    assert slope["y"] >= name["y"] + name["height"]


def test_figures_follow_a_reader_who_prefers_dark(sample, running):
    def ground(scheme):
        with opened(running, sample, View(DESKTOP, scheme)) as page:
            return page.locator("img").first.screenshot()

    import io

    from PIL import Image

    light, dark = (Image.open(io.BytesIO(ground(scheme))).convert("L").resize((1, 1)).getpixel((0, 0)) for scheme in ("light", "dark"))
    assert light > 200
    assert dark < 80


def test_a_phone_gets_the_narrow_figure(sample, running):
    with opened(running, sample, View(PHONE, "light")) as page:
        narrow = page.evaluate("document.images[0].currentSrc === document.querySelector('source').srcset")
    with opened(running, sample, View(DESKTOP, "light")) as page:
        wide = page.evaluate("document.images[0].currentSrc === document.images[0].src")
    assert narrow
    assert wide


@pytest.mark.parametrize("name", ["line", "line-narrow"])
def test_a_figure_of_a_page_looks_as_it_was_drawn(name, sample, running):
    import io

    import numpy as np
    from PIL import Image

    from experiments.reporting.style import for_page

    page = running.new_page(viewport={"width": DESKTOP, "height": 900}, color_scheme="light")
    svg = (sample.parent / "figures" / f"{name}.svg").read_text(encoding="utf-8")
    seen = []
    for one in (svg[svg.index("<svg") :], for_page(svg)):
        page.set_content(f"<body style='margin:0'>{one}</body>")
        seen.append(np.asarray(Image.open(io.BytesIO(page.locator("svg").screenshot())).convert("L"), float))
    page.close()
    assert seen[0].shape == seen[1].shape
    assert np.ptp(seen[0]) > 200
    assert (np.abs(seen[0] - seen[1]) > 64).mean() < 1e-3
