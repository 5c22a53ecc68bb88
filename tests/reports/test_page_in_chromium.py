"""The page as a reader meets it, in a real browser: it complains of nothing, finds, sorts and opens."""

import csv

import pytest
from page_in_chromium import Opened, chromium
from selenium.webdriver.common.keys import Keys


@pytest.fixture(scope="module")
def browser():
    with chromium() as driver:
        yield driver


@pytest.fixture
def page(browser, messy):
    opened = Opened(browser, messy.bundle / "report.html")
    yield opened
    assert opened.errors() == []


@pytest.fixture(scope="module")
def findings(messy):
    with (messy.bundle / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_page_asks_nothing_of_a_network_and_fits_its_window(page):
    assert page.run("return performance.getEntriesByType('resource').map((one) => one.name)") == []
    assert page.run("return document.documentElement.scrollWidth <= window.innerWidth")


def test_the_whole_page_fits_a_telephone(page, browser):
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    )
    try:
        assert page.run("return [document.documentElement.scrollWidth, innerWidth]") == [390, 390]
        first = page.of_list(".body .line")
        assert page.run("return arguments[0].scrollWidth <= arguments[0].clientWidth", first)
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_the_list_holds_every_finding_and_draws_only_those_in_view(page, findings):
    rows = page.rows()
    names = ("ruleId", "status", "reason", "userId", "observed")
    assert [[row[name] for name in names] for row in rows] == [[row[name] for name in names] for row in findings]
    assert page.status == f"{len(rows)} rows"
    assert 10 < len(page.in_view("ruleId")) < 60 < len(rows)
    page.run("arguments[0].scrollTop = arguments[0].scrollHeight", page.of_list(".grid"))
    page.until(lambda: page.in_view("userId")[-1] == findings[-1]["userId"])


def test_headings_stand_over_their_columns(page):
    edges = "return [...arguments[0].children].map((one) => Math.round(one.getBoundingClientRect().left))"
    assert page.run(edges, page.of_list(".head .line")) == page.run(edges, page.of_list(".body .line"))


def test_a_search_finds_every_term_wherever_it_stands(page, findings):
    page.search.send_keys("base-01 not_eval")
    wanted = [row for row in findings if row["ruleId"] == "BASE-01" and row["status"] == "NOT_EVALUATED"]
    assert [row["userId"] for row in page.rows()] == [row["userId"] for row in wanted]
    assert len(wanted) > 0
    assert page.status == f"{len(wanted)} of {len(findings)} rows"
    page.search.send_keys(" nobody-is-called-like-this")
    assert page.rows() == []
    assert page.of_list(".body").text == "No row matches."
    page.click("Clear")
    assert page.status == f"{len(findings)} rows"


@pytest.mark.parametrize("term", ["ismfaregistered = false", "= not read (", "ada", "@", "=", "zz-none"])
def test_a_search_in_columns_finds_what_a_search_in_lines_finds(page, term):
    everything = page.rows()
    wanted = [
        row
        for row in everything
        if all(any(part in word.lower() for key, word in row.items() if key != "userId") for part in term.split())
    ]
    page.search.send_keys(term)
    assert page.rows() == wanted


def test_more_and_fewer_letters_find_what_they_would_find_alone(page):
    for letter in "zoe":
        page.search.send_keys(letter)
    several = page.rows()
    page.search.send_keys(Keys.BACKSPACE)
    fewer = page.rows()
    page.click("Clear")
    page.search.send_keys("zo")
    assert page.rows() == fewer
    assert len(several) <= len(fewer)


@pytest.mark.parametrize("key", ["ruleId", "severity", "status", "department", "accountClass", "reason"])
def test_each_choice_keeps_the_rows_that_it_names(page, key):
    everything, offered = page.rows(), page.choices(key)
    words = [row[key] for row in everything]
    assert sorted(offered) != []
    assert len(offered) == len(set(words))
    word = offered[-1]
    page.choose(key, word)
    plain_word = "" if word == "(empty)" else word.split(":")[0] if key == "ruleId" else word
    found = page.rows()
    assert found == [row for row in everything if row[key] == plain_word]
    assert 0 < len(found) < len(everything)


def test_choices_and_a_search_hold_together(page):
    page.choose("status", "FAIL")
    page.choose("severity", "high")
    page.search.send_keys("false")
    found = page.rows()
    assert found
    assert {(row["status"], row["severity"]) for row in found} == {("FAIL", "high")}


@pytest.mark.parametrize(
    ("title", "key", "order"),
    [
        ("Severity", "severity", ["info", "low", "medium", "high", "critical"]),
        ("Status", "status", ["WAIVED", "NOT_EVALUATED", "ERROR", "FAIL"]),
    ],
)
def test_a_click_on_a_heading_sorts_up_and_then_down(page, title, key, order):
    page.click(title)
    ranks = [order.index(row[key]) for row in page.rows()]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) > 1
    page.click(title)
    down = [order.index(row[key]) for row in page.rows()]
    assert down == sorted(ranks, reverse=True)
    (sorted_by,) = page.all("[data-table=Findings] [aria-sort]")
    assert (sorted_by.text, sorted_by.get_attribute("aria-sort")) == (title, "descending")


def test_a_table_of_numbers_sorts_as_numbers(page):
    page.run("document.querySelectorAll('#table-VerdictsByRuleTable th button')[4].click()")
    cells = page.all("#table-VerdictsByRuleTable tbody td:nth-child(5)")
    numbers = [int(cell.text.replace(",", "")) for cell in cells]
    assert numbers == sorted(numbers)
    assert max(numbers) >= 10 > min(numbers), "as words 9 would stand behind 10"


def test_the_keyboard_searches_moves_opens_turns_and_closes(page):
    page.press("/")
    assert page.focused() == page.search
    page.press("BASE-01", Keys.TAB)
    rows = page.rows()
    page.run("arguments[0].focus()", page.of_list(".grid"))
    page.press(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_UP)
    active = page.of_list(".grid").get_attribute("aria-activedescendant")
    assert page.one(f"#{active}").get_attribute("aria-rowindex") == "3"
    assert page.run("return getComputedStyle(arguments[0]).outlineStyle", page.of_list(".grid")) == "solid"
    page.press(Keys.ENTER)
    assert page.one("dialog[open] h2").text == rows[1]["userPrincipalName"]
    for _ in range(12):
        page.press(Keys.TAB)
        assert page.run("return document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    page.press(Keys.ESCAPE)
    assert not page.all("dialog[open]")
    assert page.focused() == page.of_list(".grid")
    page.press(Keys.END)
    assert page.in_view("userId")[-1] == rows[-1]["userId"]
    page.press(Keys.HOME, Keys.ENTER)
    page.one("dialog .buttons button:nth-child(2)").click()
    assert page.one("dialog[open] h2").text == rows[1]["userPrincipalName"]
    page.one("dialog .close").click()


def test_a_user_is_opened_with_every_value_its_source_and_every_rule(page, messy):
    page.choose("status", "NOT_EVALUATED")
    page.of_list(".body .line").click()
    row = page.rows()[0]
    dialog = page.one("dialog[open]")
    assert dialog.get_attribute("aria-labelledby") == page.one("dialog h2").get_attribute("id")
    first = page.one("dialog .rules li:first-child")
    assert row["ruleId"] in first.text
    assert row["reason"] in first.text
    assert f"Expected\n{row['expected']}" in first.text
    shown = page.one("dialog .content").get_attribute("textContent")
    assert "NOT READ (" in shown
    assert "GET beta/users/{id}/authentication/requirements" in shown
    names = [one.text for one in page.all("dialog code.name")]
    held = page.run("return document.querySelector('[data-table=Findings]').list.rows.about.people.head")
    assert sorted(names) == sorted(field["name"] for field in held["fields"])
    rules = [rule["id"] for rule in held["rules"] if "tenant" not in rule]
    assert len(page.all("dialog .rules li")) == len(rules) > 5
    assert page.all("dialog .word-beta")
    unread = page.one("dialog .values .unread")
    assert unread.find_element("xpath", "..").text.count("\n") >= 2, (
        "the word, the name of the field, and what it means"
    )
    page.press(Keys.ESCAPE)


def test_a_finding_on_the_tenant_opens_its_rule(page):
    page.search.send_keys("(the tenant)")
    page.of_list(".body .line").click()
    assert page.one("dialog[open] h2").text == "(the tenant)"
    assert "Remediation" in page.one("dialog .content").text
    page.press(Keys.ESCAPE)


def test_every_user_stands_in_the_list_of_users_with_the_worst_verdict(browser, messy):
    page = Opened(browser, messy.bundle / "report.html", "Users")
    rows = page.rows()
    assert len(rows) == messy.results["population"]["enumerated"]
    failed = [row for row in rows if row["worst"] == "FAIL"]
    assert len(failed) == messy.results["conclusion"]["failedUsers"]
    page.search.send_keys(rows[5]["userId"])
    assert [row["userId"] for row in page.rows()] == [rows[5]["userId"]]
