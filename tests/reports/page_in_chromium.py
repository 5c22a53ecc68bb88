"""A real browser, and the page in it."""

import contextlib

from programs import program
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

PATIENCE_S = 60


@contextlib.contextmanager
def chromium():
    options = webdriver.ChromeOptions()
    options.binary_location = program("chromium", "chromium-browser", "google-chrome")
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1440,1200"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(executable_path=program("chromedriver")))
    try:
        yield driver
    finally:
        driver.quit()


class Opened:
    """One list of a page that is ready."""

    def __init__(self, driver, path, table="Findings"):
        self.driver, self.table = driver, table
        driver.get(path.as_uri())
        self.until(lambda: self.run("return document.documentElement.dataset.ready") == "yes")

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def until(self, holds):
        WebDriverWait(self.driver, PATIENCE_S, poll_frequency=0.05).until(lambda _: holds())

    def one(self, css):
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def all(self, css):
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def of_list(self, css):
        return self.one(f"[data-table={self.table}] {css}")

    def press(self, *keys):
        ActionChains(self.driver).send_keys(*keys).perform()

    def rows(self):
        """All rows that are found, by the keys of the columns, in their order."""
        return self.run(
            "const { rows } = document.querySelector(`[data-table=${arguments[0]}]`).list;"
            "return Array.from(rows.found, (row) =>"
            " Object.fromEntries(rows.columns.map((column) => [column.key, column.word(row)])))",
            self.table,
        )

    def in_view(self, key):
        """What the cells of a column hold that are elements now, from top to bottom."""
        return [one.text for one in self.all(f"[data-table={self.table}] .body .of-{key}")]

    @property
    def status(self):
        return self.of_list(".status").text

    @property
    def search(self):
        return self.of_list("input[type=search]")

    def choose(self, key, word):
        Select(self.of_list(f"select[data-column={key}]")).select_by_visible_text(word)

    def choices(self, key):
        return [one.text for one in Select(self.of_list(f"select[data-column={key}]")).options][1:]

    def click(self, text):
        self.driver.find_element(By.XPATH, f"//*[@data-table='{self.table}']//button[text()='{text}']").click()

    def focused(self):
        return self.driver.switch_to.active_element

    def errors(self):
        return self.driver.get_log("browser")
