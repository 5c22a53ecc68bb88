"""The page under axe-core, which knows what readers without eyes, or with tired ones, stumble over."""

import itertools
from pathlib import Path

import pytest
from page_in_chromium import Opened, chromium
from selenium.webdriver.common.keys import Keys

AXE = Path(__file__).parents[1] / "fixtures/axe/axe.min.js"
RUN = """
const done = arguments[arguments.length - 1];
axe.run(document, { resultTypes: ["violations"] }).then((found) => done(
  found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`)));
"""


@pytest.fixture(scope="module")
def browser():
    with chromium() as driver:
        yield driver


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (1440, "dark"), (390, "light")])
def test_axe_finds_nothing(browser, messy, width, theme):
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500},
    )
    emulated = {"features": [{"name": "prefers-color-scheme", "value": theme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", emulated)
    browser.set_script_timeout(120)
    page = Opened(browser, messy.bundle / "report.html")
    page.run(AXE.read_text(encoding="utf-8"))
    assert browser.execute_async_script(RUN) == []
    page.run("const { list } = document.querySelector('[data-table=Findings]'); list.go(1); list.open(list)")
    assert browser.execute_async_script(RUN) == []
    page.press(Keys.ESCAPE)
    assert page.errors() == []


def test_a_heading_is_never_deeper_than_the_one_before_it_by_more_than_one(browser, messy):
    page = Opened(browser, messy.bundle / "report.html")
    levels = page.run(
        "return [...document.querySelectorAll('h1, h2, h3, h4')].filter((one) => !one.closest('dialog'))"
        ".map((one) => Number(one.tagName[1]))"
    )
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert levels.count(1) == 1
