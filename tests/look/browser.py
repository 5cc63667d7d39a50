"""The browser: a Chromium of this machine, with pages as a phone and a desktop show them, light and dark, and as the colour-blind see them."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import NamedTuple

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
MISSING = f"no Chromium is found on this machine under any of the names {', '.join(NAMES)}; FIRSTCONTACT_CHROMIUM may name one"
PHONE, DESKTOP = 390, 1280  # pixels
DEFICIENCIES = ("protanopia", "deuteranopia", "tritanopia")


class View(NamedTuple):
    """How a page is seen."""

    width: int
    scheme: str  # light or dark
    vision: str = "none"

    @property
    def name(self):
        """Return a name for files."""
        return f"{self.width}-{self.scheme}" + ("" if self.vision == "none" else f"-{self.vision}")


SCREENS = tuple(View(width, scheme) for width in (PHONE, DESKTOP) for scheme in ("light", "dark"))
VIEWS = (*SCREENS, *(View(DESKTOP, "light", vision) for vision in DEFICIENCIES))


def chromium():
    """Return the path of a browser, None if there is none."""
    named = os.environ.get("FIRSTCONTACT_CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def browser():
    """Give a running browser, which must be there."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        try:
            yield running
        finally:
            running.close()


@contextmanager
def opened(running, path, view):
    """Give a page as it is seen in a view, all its tables unfolded."""
    page = running.new_page(viewport={"width": view.width, "height": 900}, color_scheme=view.scheme)
    try:
        page.goto(path.absolute().as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
        if view.vision != "none":
            session = page.context.new_cdp_session(page)
            session.send("Emulation.setEmulatedVisionDeficiency", {"type": view.vision})
        page.wait_for_function("[...document.images].every(image => image.complete)")
        yield page
    finally:
        page.close()


def picture(running, path, view, target):
    """Write a picture of a whole page, its long tables folded as its reader finds them.

    Raises:
        ValueError: if the page is wider than the screen.
    """
    with opened(running, path, view) as page:
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > view.width:
            raise ValueError(f"{path} is {wide} pixels wide on a screen of {view.width}")
        page.evaluate("document.querySelectorAll('details').forEach((part, k) => { if (k > 3) part.open = false })")
        page.screenshot(path=target, full_page=True)
