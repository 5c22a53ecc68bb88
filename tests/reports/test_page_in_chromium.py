"""The page as a reader meets it, in a real browser: it complains of nothing, filters, sorts and turns pages."""

import csv

import by_hand
import pytest
from programs import program
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from mfaaudit.reports.page import write_page


@pytest.fixture(scope="module")
def browser():
    options = webdriver.ChromeOptions()
    options.binary_location = program("chromium", "chromium-browser", "google-chrome")
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1280,1200"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = webdriver.ChromeService(executable_path=program("chromedriver"))
    driver = webdriver.Chrome(options=options, service=service)
    yield driver
    driver.quit()


@pytest.fixture
def opened(browser, messy):
    browser.get((messy.bundle / "report.html").as_uri())
    return browser


def shown(browser, name="Findings", column=1):
    return [
        cell.text
        for cell in browser.find_elements(By.CSS_SELECTOR, f"[data-table={name}] tbody td:nth-child({column})")
    ]


def status(browser, name="Findings"):
    return browser.find_element(By.CSS_SELECTOR, f"[data-table={name}] .pages span").text


def choice(browser, title):
    labels = browser.find_elements(By.CSS_SELECTOR, "[data-table=Findings] .tools label")
    (label,) = [one for one in labels if one.text.split("\n")[0] == title]
    return Select(label.find_element(By.TAG_NAME, "select"))


def findings(job):
    with (job.bundle / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_page_complains_of_nothing_and_asks_nothing_of_a_network(opened):
    assert opened.get_log("browser") == []
    loaded = opened.execute_script("return performance.getEntriesByType('resource').map((one) => one.name)")
    assert loaded == []
    assert opened.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")


def test_the_whole_page_fits_a_telephone(opened):
    opened.set_window_size(500, 900)
    try:
        assert opened.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
    finally:
        opened.set_window_size(1280, 1200)


def test_pages_of_the_list_of_findings(opened, messy):
    total = len(findings(messy))
    assert status(opened) == f"1–50 of {total}"
    first = shown(opened, column=5)
    opened.find_element(By.XPATH, "//*[@data-table='Findings']//button[text()='Next']").click()
    assert status(opened) == f"51–{min(100, total)} of {total}"
    assert shown(opened, column=5) != first


def test_a_choice_and_a_search_narrow_the_list(opened, messy):
    rows = findings(messy)
    choice(opened, "Status").select_by_visible_text("NOT_EVALUATED")
    wanted = [row for row in rows if row["status"] == "NOT_EVALUATED"]
    assert status(opened).endswith(f"of {len(wanted)} (of {len(rows)} in all)")
    assert set(shown(opened, column=3)) == {"NOT_EVALUATED"}
    search = opened.find_element(By.CSS_SELECTOR, "[data-table=Findings] input[type=search]")
    search.send_keys("BASE-01")
    wanted = [row for row in wanted if row["ruleId"] == "BASE-01"]
    assert len(shown(opened)) == len(wanted) > 0
    search.send_keys("nobody is called like this")
    assert status(opened).startswith("No row matches.")
    opened.find_element(By.XPATH, "//*[@data-table='Findings']//button[text()='Clear']").click()
    assert status(opened) == f"1–50 of {len(rows)}"


def in_order(words):
    ranks = [["info", "low", "medium", "high", "critical"].index(word) for word in words]
    return ranks == sorted(ranks) and len(set(ranks)) > 1


def test_a_click_on_a_heading_sorts_up_and_then_down(opened):
    heading = opened.find_element(By.XPATH, "//*[@data-table='Findings']//th[button='Severity']")
    heading.find_element(By.TAG_NAME, "button").click()
    assert heading.get_attribute("aria-sort") == "ascending"
    assert shown(opened, column=2)[0] == "info"
    assert in_order(shown(opened, column=2))
    heading.find_element(By.TAG_NAME, "button").click()
    assert heading.get_attribute("aria-sort") == "descending"
    assert shown(opened, column=2)[0] == "critical"
    assert in_order(reversed(shown(opened, column=2)))


def test_a_table_of_numbers_sorts_as_numbers(opened):
    button = opened.find_element(By.XPATH, "//*[@id='table-VerdictsByRuleTable']//button[text()='Pass']")
    button.click()
    cells = opened.find_elements(By.CSS_SELECTOR, "#table-VerdictsByRuleTable tbody td:nth-child(5)")
    numbers = [int(cell.text.replace(",", "")) for cell in cells]
    assert numbers == sorted(numbers)
    assert max(numbers) >= 10 > min(numbers), "as words 9 would stand behind 10"


def test_hostile_names_are_words_on_the_screen_and_nothing_else(browser, tmp_path):
    path = tmp_path / "hostile.html"
    write_page(by_hand.document(), path)
    browser.get(path.as_uri())
    assert browser.get_log("browser") == []
    names = shown(browser, "Names")
    assert "<script>alert(1)</script>" in names
    assert "</script><img src=x onerror=alert(1)>" in names
    assert not browser.find_elements(By.TAG_NAME, "img")
    assert browser.find_element(By.CSS_SELECTOR, "#Names .lead").text == by_hand.NASTY[0]


def test_paper_shows_the_rows_that_the_screen_would_turn_to(opened, messy):
    opened.execute_script("window.dispatchEvent(new Event('beforeprint'))")
    assert len(shown(opened)) == len(findings(messy))
    opened.execute_script("window.dispatchEvent(new Event('afterprint'))")
    assert len(shown(opened)) == 50


def test_in_the_dark_the_page_is_dark(browser, messy):
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    )
    try:
        browser.get((messy.bundle / "report.html").as_uri())
        ground = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
        assert ground == "rgb(18, 23, 29)"
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
