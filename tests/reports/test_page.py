"""The page as a file: nothing a tenant says becomes markup, and nothing in it reaches a network."""

import base64
import hashlib
import json
import re
import stat
import sys
from html.parser import HTMLParser

import by_hand
import pytest

from mfaaudit.reports.document import Section
from mfaaudit.reports.page import render, rows, write_page

LOADS = {"src", "srcset", "data", "action", "formaction", "poster", "background", "ping"}


class Reading(HTMLParser):
    """What a browser would see of the page's structure."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.text, self.inside = [], [], [], []
        self.blocks = {"script": [], "style": []}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        self.inside.append((tag, dict(attrs)))
        if tag in self.blocks:
            self.blocks[tag].append([dict(attrs), ""])

    def handle_data(self, data):
        tag = self.inside[-1][0] if self.inside else ""
        if self.blocks.get(tag):
            self.blocks[tag][-1][1] += data
        else:
            self.text.append(data)

    def handle_endtag(self, tag):
        while self.inside and self.inside.pop()[0] != tag:
            pass


@pytest.fixture(scope="module")
def page():
    return "".join(render.parts_of(by_hand.document()))


@pytest.fixture(scope="module")
def read(page):
    return Reading(page)


def data_of(read, name):
    (found,) = [text for attrs, text in read.blocks["script"] if attrs.get("id") == f"data-{name}"]
    return json.loads(found)


def test_the_only_script_that_runs_is_ours(read):
    run = [text for attrs, text in read.blocks["script"] if attrs.get("type") != "application/json"]
    assert len(run) == 1
    assert "alert(1)" not in run[0]


def test_no_name_becomes_an_element_or_an_attribute(read):
    assert set(read.tags) <= {
        *("html", "head", "meta", "title", "style", "body", "script", "noscript", "header", "nav", "main", "footer"),
        *("section", "h1", "h2", "h3", "p", "a", "ul", "li", "div", "span", "bdi", "dl", "dt", "dd", "figure"),
        *("figcaption", "svg", "rect", "line", "path", "table", "thead", "tbody", "tr", "th", "td"),
    }
    assert not [name for _, name, _ in read.attributes if name.startswith("on")]
    assert "<script>alert(1)</script>" in "".join(read.text), "the table that is no list shows the name as text"


def test_nothing_is_loaded_from_anywhere(read, page):
    assert not [name for _, name, _ in read.attributes if name in LOADS]
    assert all(value.startswith("#") for _, name, value in read.attributes if name == "href")
    assert "url(" not in page
    assert "@import" not in page


def test_the_policy_allows_exactly_the_style_and_the_script_of_the_page(read):
    policy = next(value for _, name, value in read.attributes if name == "content" and "default-src" in value)
    assert policy.startswith("default-src 'none'; ")
    (style,) = [text for _, text in read.blocks["style"]]
    (script,) = [text for attrs, text in read.blocks["script"] if not attrs]
    for kind, text in (("style-src", style), ("script-src", script)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind} 'sha256-{digest}'" in policy


def test_a_list_to_search_in_carries_every_row_as_data(read):
    data = data_of(read, "Names")
    names = data["columns"][0]
    shown = [names["words"][number] for number in names["rows"]]
    assert data["total"] == len(shown) == len(by_hand.NASTY)
    assert shown[0] == by_hand.NASTY[0]
    assert shown[11] == "</script><img src=x onerror=alert(1)>"
    assert "turned \ufffdround\ufffd" in shown
    assert all(len(word) < 3_000 for word in shown)


def test_each_different_word_travels_once(read):
    status = data_of(read, "Names")["columns"][1]
    assert status["words"] == ["PASS", "FAIL"]
    assert status["ranks"][1] > status["ranks"][0], "sorted by how bad it is"


def test_true_and_1_are_two_words():
    column = by_hand.Column(key="mixed", title="Mixed")
    mixed = by_hand.Table(name="M", title="M", columns=(column,), rows=lambda: [[True], [1], [True]], row_count=3)
    (made,) = rows.data(mixed)["columns"]
    assert [made["words"][number] for number in made["rows"]] == ["yes", "1", "yes"]


def test_a_list_that_is_too_long_says_how_much_there_is(monkeypatch):
    monkeypatch.setattr(rows, "MOST_ROWS", 3)
    data = rows.data(by_hand.table())
    assert len(data["columns"][0]["rows"]) == 3
    assert data["total"] == len(by_hand.NASTY)


def test_hidden_characters_are_nowhere(page):
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page)


def test_a_share_is_rounded_down_and_a_time_is_utc(read):
    text = "".join(read.text)
    assert "99.9 %" in text
    assert "100.0 %" not in text
    assert "2026-03-31 12:00:05" in text
    assert "Read at (UTC)" in text


def test_what_stands_only_in_the_workbook_is_named(read):
    assert "what this page leaves out: Aside" in "".join(read.text)
    assert ("section", "id", "Aside") not in read.attributes


def test_a_gap_in_the_numbers_is_a_gap_in_the_line(read):
    paths = [value for tag, name, value in read.attributes if (tag, name) == ("path", "d")]
    assert paths[0].count("M") == 2
    assert "L" not in paths[0]
    assert paths[1].count("M") == 1


def test_every_section_of_the_report_can_be_reached(read):
    targets = {value[1:] for _, name, value in read.attributes if name == "href"}
    assert targets <= {value for _, name, value in read.attributes if name == "id"}
    assert {"Names", "More", "SignOff"} <= targets


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_the_file_is_private_and_the_same_each_time(page, tmp_path):
    path = tmp_path / "report.html"
    write_page(by_hand.document(), path)
    assert path.read_bytes() == page.encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_template_never_fills_in_for_what_is_missing():
    section = Section(name="Bare", title="Bare")
    text = "".join(render.parts_of(by_hand.document(section)))
    assert "Undefined" not in text
    assert 'id="Bare"' in text
