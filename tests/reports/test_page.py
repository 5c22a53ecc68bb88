"""The page as a file: nothing a tenant says becomes markup, and nothing in it reaches a network."""

import base64
import hashlib
import json
import re
import stat
import sys

import by_hand
import pytest
from page_reading import Reading, data_of

from mfaaudit.reports.document import Column, Input, Section, Table
from mfaaudit.reports.page import lists, render, wording, write_page
from mfaaudit.shipped import templates

LOADS = {"src", "srcset", "data", "action", "formaction", "poster", "background", "ping"}


@pytest.fixture(scope="module")
def page():
    return "".join(render.parts_of(by_hand.document()))


@pytest.fixture(scope="module")
def read(page):
    return Reading(page)


def drawn(*sections):
    return "".join(render.parts_of(by_hand.document(*sections)))


def one_table(*columns, rows=(), browse=False):
    return Table(name="One", title="One", columns=columns, rows=lambda: iter(rows), row_count=len(rows), browse=browse)


def test_the_only_script_that_runs_is_ours(read):
    run = [text for attrs, text in read.blocks["script"] if attrs.get("type") != "application/octet-stream"]
    assert run == [render.script_of_page()]
    assert "alert(1)" not in run[0]


def test_no_name_becomes_an_element_or_an_attribute(read):
    assert set(read.tags) <= {
        *("html", "head", "meta", "title", "style", "body", "script", "noscript", "header", "nav", "main", "footer"),
        *("section", "h1", "h2", "h3", "p", "a", "ul", "li", "div", "span", "bdi", "dl", "dt", "dd", "figure"),
        *("figcaption", "svg", "rect", "line", "path", "table", "thead", "tbody", "tr", "th", "td", "button"),
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
    (style,) = [text for _, text in read.blocks["style"]]
    (script,) = [text for attrs, text in read.blocks["script"] if not attrs]
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (style, script)]
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digests[0]}'; script-src 'sha256-{digests[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )


def test_every_style_and_script_that_ships_is_in_the_page_once():
    for folder, names in (("styles", render.STYLES), ("scripts", render.SCRIPTS)):
        there = sorted(one.name.rsplit(".", 1)[0] for one in templates().joinpath(folder).iterdir())
        assert there == sorted(names)


def test_a_script_never_writes_markup():
    script = render.script_of_page()
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", script)
    assert "fetch(" not in script
    assert "XMLHttpRequest" not in script


def test_every_word_that_a_script_or_the_template_says_is_there_and_no_other():
    script = render.script_of_page().split(";\n", 2)[2]
    said = set(re.findall(r"\bWORDS\.(\w+)", script)) | set(
        re.findall(r'WORDS\[group[^"]*"declared" \? "(\w+)"', script)
    )
    assert said | {"declared", "workedOut"} == set(wording.of_script())
    template = templates().joinpath("report.html").read_text(encoding="utf-8")
    elsewhere = {"users", "users_lead", "users_held"}
    assert set(re.findall(r"\bsay\.(\w+)", template)) | elsewhere == set(wording.OF_TEMPLATE)


def test_a_list_to_search_in_carries_every_row_as_data(page):
    data = data_of(page, "Names")
    shown = [row["name"] for row in data.table()]
    assert data.head["total"] == data.head["count"] == len(shown) == len(by_hand.NASTY)
    assert shown[0] == by_hand.NASTY[0]
    assert shown[11] == "</script><img src=x onerror=alert(1)>"
    assert "turned \ufffdround\ufffd" in shown
    assert all(len(word) < 3_000 for word in shown)


def test_each_different_word_travels_once_and_in_the_order_in_which_it_sorts(page):
    data = data_of(page, "Names")
    status, count = data.head["columns"][1], data.head["columns"][3]
    assert data.different(status) == ["PASS", "FAIL"], "sorted by how bad it is"
    assert data.different(count) == [f"{1_000 + n:,}" for n in range(len(by_hand.NASTY))]


def test_words_sort_by_the_numbers_in_them_and_what_was_not_read_comes_last():
    unread = by_hand.Unknown(by_hand.Reason.NO_ROW)
    column = Column(key="name", title="Name")
    rows = [["user10"], [unread], ["User9"], [None], ["NOT READ (NO_ROW)"]]
    data = data_of(drawn(Section(name="S", title="S", tables=(one_table(column, rows=rows, browse=True),))), "One")
    (made,) = data.head["columns"]
    assert data.different(made) == ["", "NOT READ (NO_ROW)", "User9", "user10", "NOT READ (NO_ROW)"]
    assert made["unread"] == [4], "a name that only looks so is a name"


def test_true_and_1_are_two_words():
    rows = [[True], [1], [True]]
    table = one_table(Column(key="mixed", title="Mixed"), rows=rows, browse=True)
    data = data_of(drawn(Section(name="S", title="S", tables=(table,))), "One")
    assert [row["mixed"] for row in data.table()] == ["yes", "1", "yes"]


def test_a_list_that_is_too_long_says_how_much_there_is(monkeypatch):
    monkeypatch.setattr(lists, "MOST_ROWS", 3)
    data = data_of(drawn(), "Names")
    assert data.head["count"] == len(data.table()) == 3
    assert data.head["total"] == len(by_hand.NASTY)


def test_what_a_person_fills_in_elsewhere_is_not_on_the_page():
    columns = (Column(key="name", title="Name"), Column(key="note", title="Remark", input=Input(prompt="Say.")))
    rows = [["ada", None]]
    sections = [
        Section(name=f"S{browse:d}", title="S", tables=(one_table(*columns, rows=rows, browse=browse),))
        for browse in (False, True)
    ]
    for section in sections:
        text = drawn(section)
        assert "Remark" not in text
        assert ">Name</th>" in text


@pytest.mark.parametrize("browse", [False, True])
def test_a_value_leads_to_its_address_if_that_is_a_secure_one(browse):
    columns = (
        Column(key="user", title="User", link="https://portal.example/#user/{}"),
        Column(key="bad", title="Bad", link="javascript:alert('{}')"),
    )
    rows = [['a/b"&<', "x"], [None, "y"], [by_hand.Unknown(by_hand.Reason.NO_ROW), "z"]]
    text = drawn(Section(name="S", title="S", tables=(one_table(*columns, rows=rows, browse=browse),)))
    links = [(name, value) for tag, name, value in Reading(text).attributes if tag == "a"]
    assert [value for name, value in links if value.startswith("https:")] == [
        "https://portal.example/#user/a%2Fb%22%26%3C"
    ]
    assert [value for name, value in links if name == "rel"] == ["noreferrer"]
    assert "javascript:" not in text
    if browse:
        assert [one["link"] for one in data_of(text, "One").head["columns"]] == ["https://portal.example/#user/{}", ""]


def test_without_a_script_a_list_stands_there_up_to_a_number_of_rows_that_is_told(monkeypatch):
    monkeypatch.setattr(lists, "WITHOUT_SCRIPT", 3)
    text = drawn()
    aside = text[text.index("<noscript>") : text.index("</noscript>")]
    assert aside.count("<tr>") == 1 + 3
    assert f"rows of {len(by_hand.NASTY)}" not in aside
    assert f"of {len(by_hand.NASTY)} rows stand here" in aside


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


def test_every_section_of_the_report_can_be_reached_and_no_name_is_given_twice(read):
    targets = {value[1:] for _, name, value in read.attributes if name == "href"}
    ids = [value for _, name, value in read.attributes if name == "id"]
    assert targets <= set(ids)
    assert len(ids) == len(set(ids))
    assert {"Cover", "Names", "More", "SignOff"} <= targets


def test_the_parts_stand_in_the_order_in_which_they_are_asked_about():
    names = ("Rules", "Findings", "Enforcement", "Summary", "Completeness", "SignInMetrics", "Registration")
    text = drawn(*(Section(name=name, title=name) for name in names))
    order = [name for name in re.findall(r'<section id="(\w+)"', text) if name in names]
    assert order == ["Completeness", "Summary", "Registration", "SignInMetrics", "Enforcement", "Findings", "Rules"]


def test_the_page_says_its_language(page):
    assert page.startswith('<!doctype html>\n<html lang="en">')


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_the_file_is_private_and_the_same_each_time(page, tmp_path):
    path = tmp_path / "report.html"
    write_page(by_hand.document(), path)
    assert path.read_bytes() == page.encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_template_never_fills_in_for_what_is_missing():
    text = drawn(Section(name="Bare", title="Bare"))
    assert "Undefined" not in text
    assert 'id="Bare"' in text


def test_the_words_of_the_script_cannot_end_it():
    said = render.script_of_page().split(";\n", 2)[1]
    assert "<" not in said
    assert json.loads(said.removeprefix("const WORDS = "))["meanings"]["NO_ROW"]
