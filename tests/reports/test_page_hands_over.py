"""What the page hands over, in a real browser: a file, the clipboard, paper, and words where something is missing."""

import csv
import io

import by_hand
import pytest
from page_in_chromium import Opened, chromium
from selenium.webdriver.common.keys import Keys

from mfaaudit.reports.document import Column, Section, Table
from mfaaudit.reports.findings_csv import harmless
from mfaaudit.reports.page import write_page
from mfaaudit.reports.plain import plain


@pytest.fixture(scope="module")
def browser():
    with chromium() as driver:
        yield driver


@pytest.fixture
def page(browser, messy):
    opened = Opened(browser, messy.bundle / "report.html")
    yield opened
    assert opened.errors() == []


@pytest.fixture
def hostile(browser, tmp_path):
    path = tmp_path / "hostile.html"
    write_page(by_hand.document(), path)
    return Opened(browser, path, "Names")


@pytest.fixture(scope="module")
def findings(messy):
    with (messy.bundle / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def saved(page, browser, folder):
    browser.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})
    page.click("Save as CSV")
    page.until(lambda: list(folder.glob("*.csv")))
    (path,) = folder.glob("*.csv")
    return path


def test_the_rows_that_are_found_are_saved_as_csv(page, browser, findings, tmp_path):
    page.choose("severity", "high")
    path = saved(page, browser, tmp_path)
    content = path.read_bytes()
    assert path.name.startswith("findings-")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    wanted = [row for row in findings if row["severity"] == "high"]
    for name in ("ruleId", "status", "reason", "userId", "userPrincipalName", "displayName", "observed", "expected"):
        told = [row[name] for row in wanted]
        if name == "userPrincipalName":
            told = [one or "(the tenant)" for one in told]
        assert [row[name] for row in rows] == told, name


def test_no_cell_of_the_file_is_a_formula(hostile, browser, tmp_path):
    path = saved(hostile, browser, tmp_path)
    text = path.read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == len(by_hand.NASTY)
    for row, name in zip(rows, by_hand.NASTY, strict=True):
        if len(name) < 2_000:
            # A mark may stand where a control character stood; whatever Python marks is marked here.
            assert row["name"] in (harmless(name), f"'{plain(name)}")
        assert not row["name"].lstrip(" \ufffd").startswith(("=", "+", "-", "@"))
        assert row["count"].isdigit()


def test_a_value_in_a_list_leads_to_its_address_and_to_none_where_it_was_not_read(browser, tmp_path):
    column = Column(key="user", title="User", link="https://portal.example/#user/{}")
    rows = [['a/b"&<'], [by_hand.Unknown(by_hand.Reason.NO_ROW)]]
    table = Table(name="Links", title="Links", columns=(column,), rows=lambda: iter(rows), row_count=2, browse=True)
    path = tmp_path / "links.html"
    write_page(by_hand.document(Section(name="Links", title="Links", tables=(table,))), path)
    page = Opened(browser, path, "Links")
    (link,) = page.all("[data-table=Links] .body a")
    assert link.get_attribute("href") == "https://portal.example/#user/a%2Fb%22%26%3C"
    assert link.get_attribute("rel") == "noreferrer"
    assert page.in_view("user") == ['a/b"&<', "NOT READ (NO_ROW)"]


def test_rows_are_copied_or_a_word_says_why_not(page, browser):
    page.search.send_keys("BASE-01")
    rows = page.rows()
    browser.execute_cdp_cmd(
        "Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    )
    page.click("Copy")
    page.until(lambda: page.one("#told").text != "")
    assert page.one("#told").text == f"{len(rows)} rows copied."
    lines = page.driver.execute_async_script(
        "const done = arguments[0]; navigator.clipboard.readText().then(done, (no) => done(String(no)))"
    ).split("\n")
    assert len(lines) == 1 + len(rows)
    assert lines[1].split("\t")[0] == "BASE-01"
    page.run("Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })")
    page.click("Copy")
    page.until(lambda: page.one("#told").text.startswith("This browser does not let the page write"))


def test_the_button_turns_the_page_dark_and_light_again(page, browser):
    ground = "return getComputedStyle(document.body).backgroundColor"
    light = page.run(ground)
    page.one("#theme").click()
    assert page.run(ground) == "rgb(16, 21, 27)"
    assert page.one("#theme").text == "Light"
    page.one("#theme").click()
    assert page.run(ground) == light == "rgb(245, 246, 248)"
    emulated = {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", emulated)
    try:
        page.driver.refresh()
        assert page.run(ground) == "rgb(16, 21, 27)"
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_paper_shows_the_rows_that_are_found_up_to_a_number_that_it_states(page, findings):
    page.choose("status", "FAIL")
    found = len(page.rows())
    page.run("window.dispatchEvent(new Event('beforeprint'))")
    paper = "[data-table=Findings] .paper"
    assert len(page.all(f"{paper} tbody tr")) == found
    assert page.one(f"{paper} .note").get_attribute("textContent") == f"Filtered by Status: FAIL. {found} rows."
    page.run("window.dispatchEvent(new Event('afterprint'))")
    assert not page.all(".paper")


def test_hostile_names_are_words_on_the_screen_and_nothing_else(hostile):
    names = [row["name"] for row in hostile.rows()]
    assert names[10] == "<script>alert(1)</script>"
    assert names[11] == "</script><img src=x onerror=alert(1)>"
    assert "<script>alert(1)</script>" in hostile.in_view("name")
    assert not hostile.all("img")
    assert hostile.one("#Names .lead").text == by_hand.NASTY[0]
    hostile.search.send_keys("xxxxxxxx")
    hostile.of_list(".body .line").click()
    assert "40,000 characters in all" in hostile.one("dialog .content").text
    assert hostile.run("const d = document.querySelector('dialog'); return d.scrollWidth <= d.clientWidth")
    hostile.press(Keys.ESCAPE)
    assert hostile.errors() == []


def test_where_the_browser_cannot_unpack_the_page_says_so(browser, messy):
    added = browser.execute_cdp_cmd(
        "Page.addScriptToEvaluateOnNewDocument", {"source": "delete window.DecompressionStream"}
    )
    try:
        browser.get((messy.bundle / "report.html").as_uri())
        assert "cannot unpack" in browser.find_element("id", "warnings").text
        assert "findings.csv" in browser.find_element("css selector", "[data-table=Findings]").text
    finally:
        browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)


def test_without_a_script_the_findings_stand_there(browser, messy, findings):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get((messy.bundle / "report.html").as_uri())
        shown = browser.find_elements("css selector", "#Findings noscript tbody tr")
        assert len(shown) == min(500, len(findings))
        assert "needs its script" in browser.find_element("css selector", "#Findings noscript .note").text
        assert not browser.find_element("css selector", "[data-table=Findings]").is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
