"""The register keeps every letter that it had, and holds the proposals after what was there."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from decisions_by_hand import chosen, day, entry, finding, row, uid

from mfaaudit.annotating.appending import register_with
from mfaaudit.annotating.difference import NO_END, difference
from mfaaudit.annotating.proposing import propose
from mfaaudit.declared.read_register import read_register
from mfaaudit.errors import PolicyProblem, UsageProblem
from mfaaudit.reports.workbook.cells import text_for_excel

TWO = [finding("HIGH", 0), finding("HIGH", 1)]
PLAIN = "schema: 1\nexceptions:\n" + entry("E-1") + "\n" + entry("E-2", user=3)
FLOW = json.dumps(
    {
        "schema": 1,
        "exceptions": [
            {
                "id": "E-1",
                "kind": "waiver",
                "rules": ["HIGH"],
                "subject": {"userId": uid(0)},
                "reason": "Kiosk",
                "compensating_control": "A lock",
                "requested_by": "it",
                "approved_by": "ciso",
                "approved_on": str(day(-5)),
                "expires_on": str(day(5)),
                "ticket": "CHG-1",
            }
        ],
    }
)
LAYOUTS = {
    "plain": PLAIN,
    "no end of line": PLAIN.rstrip("\n"),
    "not indented": "\n".join(line.removeprefix("  ") for line in PLAIN.splitlines()),
    "deep": "schema: 1\nexceptions:\n" + entry("E-1").replace("\n    ", "\n        ").replace("  - ", "      - "),
    "ends of lines of Windows": PLAIN.replace("\n", "\r\n"),
    "with a mark at its beginning": "\ufeff" + PLAIN,
    "begun and ended": "---\n" + PLAIN + "...\n",
    "remarks": "# first\n" + PLAIN + "    # of the last entry\n# the end\n\n\n",
    "the schema last": "exceptions:\n" + entry("E-1") + "\n# of the schema\nschema: 1\n",
    "a block of text last": PLAIN.rsplit("    ticket:", 1)[0] + "    ticket: |\n      CHG-9\n      and more\n\n\n",
    "a folded text last": PLAIN.rsplit("    ticket:", 1)[0] + "    ticket: >-\n      CHG-9\n      and more\n",
    "a remark behind the last word": PLAIN.rstrip("\n") + " # why\n",
    "a list of its own": PLAIN.replace("[HIGH]", "\n      - HIGH\n      - LOW"),
    "a list as the last key": PLAIN.replace("    ticket: CHG-9\n", "", 1)
    .replace("    rules: [HIGH]\n", "    ticket: CHG-9\n", 1)
    .replace("    expires_on: 2026-10-12\n", "    expires_on: 2026-10-12\n    rules:\n      - HIGH\n", 1),
    "empty": "# ours\nschema: 1\nexceptions: []\n",
    "empty, with a remark": "schema: 1\nexceptions: []  # none yet\n# the end\n",
    "empty, and the schema last": "exceptions: [ ]\nschema: 1",
    "empty, in brackets": '{"schema": 1, "exceptions": []}',
    "in brackets": FLOW,
    "in brackets, with a mark at its beginning": "\ufeff" + FLOW,
    "in brackets, over lines": json.dumps(json.loads(FLOW), indent=2),
    "entries in brackets": "schema: 1\nexceptions:\n- " + json.dumps(json.loads(FLOW)["exceptions"][0]) + "\n",
    "the example": Path("policies/examples/exceptions.yaml").read_text(encoding="utf-8"),
}


def proposals(**said):
    return propose(chosen(*(row(one, number=at, **said) for at, one in enumerate(TWO)), findings=TWO), None).new


def without_lines(entries):
    return [replace(one, line=0) for one in entries]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_stands_in_the_register_stays_and_proposals_follow(layout):
    old = read_register(LAYOUTS[layout], "ours.yaml")
    made = register_with(proposals(), old, "run-1", "new.yaml")
    new = read_register(made, "new.yaml")

    assert without_lines(new.entries[: len(old.entries)]) == without_lines(old.entries)
    added = new.entries[len(old.entries) :]
    assert [one.id for one in added] == [one.id for one in proposals()]
    assert all(one.is_proposed for one in added)


@pytest.mark.parametrize("layout", [one for one in LAYOUTS if "empty" not in one])
def test_nothing_is_changed_but_one_piece_more(layout):
    text = LAYOUTS[layout]
    made = register_with(proposals(), read_register(text, "ours.yaml"), "run-1", "new.yaml")
    same = next((at for at, (one, other) in enumerate(zip(text, made, strict=False)) if one != other), len(text))

    assert made.endswith(text[same:])
    assert "\r\n" not in text or "\n" not in made.replace("\r\n", "")


def test_remarks_of_the_last_entry_stay_with_it_and_others_at_the_end():
    made = register_with(proposals(), read_register(LAYOUTS["remarks"], "ours.yaml"), "run-1", "new.yaml")

    assert made.index("# of the last entry") < made.index("EX-P-") < made.index("# the end")
    assert made.startswith("# first\n")


@pytest.mark.parametrize(
    "text",
    [
        "true",
        "No",
        "null",
        "~",
        "2026-10-02",
        "4711",
        "0x10",
        "1e5",
        ".5",
        "- a",
        "a: b",
        "a #b",
        "#a",
        "'a'",
        '"a"',
        'a "b" \\ c',
        "{a}",
        "[a",
        "*a",
        "&a",
        "!a",
        "%a",
        "@a",
        "`a`",
        "| a",
        "> a",
        "? a",
        "a\nb\n\nc",
        "a\tb",
        "=cmd|' /C calc'!A0",
        "---",
        "...",
        "Zoë 王 🦄 \u0301",
        "a\u00a0b",
        "x" * 2_000,
        "a," * 500,
        "schema: 1",
    ],
)
def test_whatever_a_person_types_comes_back_as_it_was(text):
    ones = proposals(justification=text, owner=text, compensatingControl=text, decisionTicket=text)
    for present in (None, read_register(PLAIN, "ours.yaml"), read_register(FLOW, "ours.yaml")):
        new = read_register(register_with(ones, present, "run-1", "new.yaml"), "new.yaml").entries[-1]
        assert new.reason == new.requested_by == new.compensating_control == new.ticket == text


@pytest.mark.parametrize("name", ["a\nb: c", "a\u2028- id: x", "x" * 40_000, "\u202ea", "a\x85b", "#", "\ufeff"])
def test_a_name_of_the_tenant_is_a_remark_and_nothing_else(name):
    about = finding(user=name)
    (one,) = propose(chosen(row(about, userPrincipalName=text_for_excel(name)), findings=[about]), None).new
    made = register_with([one], None, "run-1", "new.yaml")

    assert [each.id for each in read_register(made, "new.yaml").entries] == [one.id]
    assert max(len(line) for line in made.splitlines()) < 200


def test_a_first_register_says_what_it_is():
    made = register_with(proposals(), None, "run-1", "new.yaml")

    assert made.startswith("# A register of exceptions")
    assert "run-1" in made
    assert len(read_register(made, "new.yaml").entries) == 2


def test_a_register_that_grows_too_large_is_refused():
    text = "schema: 1\nexceptions:\n" + entry("E-1") + "# " + "x" * (4 << 20)

    with pytest.raises(PolicyProblem, match="larger than 4 MiB"):
        register_with(proposals(), read_register(text[: 4 << 20], "ours.yaml"), "run-1", "new.yaml")


def test_a_register_to_which_nothing_can_be_added_is_refused_and_not_damaged():
    # As if what is read again were not what was there.
    present = read_register(PLAIN, "ours.yaml")
    other = replace(present, entries=present.entries[:1])

    with pytest.raises(UsageProblem, match="nothing can be added to ours"):
        register_with(proposals(), other, "run-1", "new.yaml")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_difference_leads_from_one_text_to_the_other(layout):
    old = LAYOUTS[layout]
    new = register_with(proposals(), read_register(old, "ours.yaml"), "run-1", "new.yaml")

    said = difference(old, new, "ours.yaml", "new.yaml")
    assert said.startswith("--- ours.yaml\n+++ new.yaml\n@@ -")
    assert patched(old, said) == new


def test_a_text_of_nothing_before():
    assert difference(None, "a\nb\n", "", "new.yaml") == "--- /dev/null\n+++ new.yaml\n@@ -0,0 +1,2 @@\n+a\n+b\n"
    assert difference("a\n", "a\n", "x", "y") == ""


def patched(old, said):
    """What a patch of one hunk makes of a text."""
    head, *body = said.split("\n")[2:-1]
    first, count = (int(one) for one in head.split(" ")[1][1:].split(","))
    lines = old.split("\n")
    begin = first - 1 if count else first
    made = []
    for line in body:
        if line == NO_END:
            made[-1] = (made[-1][0], made[-1][1].removesuffix("\n"))
        else:
            made.append((line[0], f"{line[1:]}\n"))
    taken = "".join(text for sign, text in made if sign in " -")
    before = "".join(f"{line}\n" for line in lines[:begin])
    assert old.startswith(before + taken)
    assert taken.count("\n") + (not taken.endswith("\n") and bool(taken)) == count
    return before + "".join(text for sign, text in made if sign in " +") + old[len(before + taken) :]
