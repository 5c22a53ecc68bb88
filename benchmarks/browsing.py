"""How a page feels in a browser: what is seen when, and how long a letter in the search takes."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

SEARCHES = ("a", "ad", "adm", "admi", "x", "xq", "d", "di", "dis", "disabled", "b", "base-01", "enforced pum")
PATIENCE_S = 60
TYPE = """
const done = arguments[arguments.length - 1];
const search = document.querySelector('#Findings input[type=search]');
search.value = arguments[0];
const from = performance.now();
search.dispatchEvent(new Event('input', {bubbles: true}));
requestAnimationFrame(() => setTimeout(() => done(performance.now() - from), 0));
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Felt:
    """Milliseconds."""

    first_paint: float
    ready: float
    letter: float
    """From the letter until the frame that shows what was found."""
    slowest: float


def opened(page: Path) -> Felt:
    """A page opened from the disk. Raises AssertionError if its lists never come."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    for flag in ("--headless=new", "--no-sandbox", "--window-size=1440,1000", "--disable-dev-shm-usage"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        start = time.monotonic()
        driver.get(page.as_uri())
        while driver.execute_script("return document.documentElement.dataset.ready") != "yes":
            assert time.monotonic() - start < PATIENCE_S, "the lists never came"
            time.sleep(0.05)
        ready = 1_000 * (time.monotonic() - start)
        paint = "return performance.getEntriesByName('first-contentful-paint')[0].startTime"
        first = driver.execute_script(paint)
        took = [driver.execute_async_script(TYPE, text) for text in SEARCHES]
    finally:
        driver.quit()
    return Felt(first_paint=first, ready=ready, letter=median(took), slowest=max(took))
