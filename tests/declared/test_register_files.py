"""A register that is not understood is refused: the file, the line, and what to write instead."""

import os
from datetime import date
from pathlib import Path

import pytest
from declared_by_hand import entry, register, text, uid

from mfaaudit.declared.load import load_register
from mfaaudit.declared.read_register import read_register
from mfaaudit.declared.register import folded
from mfaaudit.errors import PolicyProblem

GOOD = text(
    entry("E-1", kind="break_glass", approved_on="2026-10-02", expires_on='"2026-12-31"', last_drill_on="2026-10-02"),
    entry("E-2", risk="low", review_on="2026-11-01"),
)
SUBJECT = f"{{userId: {uid(0)}}}"

# what stands in the good register, what comes instead, and the line, the message and the hint of the refusal
BAD = {
    "another schema": ("schema: 1", "schema: 2", 1, "schema cannot be '2'", "schema: 1"),
    "true for a schema": ("schema: 1", "schema: true", 1, "schema cannot be 'true'", "schema: 1"),
    "no schema": ("schema: 1\n", "", 1, "lacks the key 'schema'", "Add"),
    "a misspelled list": ("exceptions:", "exeptions:", 2, "no key 'exeptions'", "'exceptions'"),
    "a misspelled key": ("risk: low", "rsik: low", 26, "no key 'rsik'", "'risk'"),
    "a key twice": ("risk: low", "risk: low\n    risk: high", 27, "'risk' comes twice", "Keep one"),
    "a missing reason": (
        "    reason: Kiosk\n    compensating_control: A lock\n    requested_by: it@contoso.example\n"
        "    approved_by: ciso@contoso.example\n    approved_on: 2026-10-02",
        "    compensating_control: A lock\n"
        "    requested_by: it@contoso.example\n    approved_by: ciso@contoso.example\n    approved_on: 2026-10-02",
        3,
        "lacks the key 'reason'",
        "Add",
    ),
    "another kind": ("kind: break_glass", "kind: breakglass", 4, "cannot be 'breakglass'", "'break_glass'"),
    "the same id twice": ("id: E-2", "id: e-1", 15, "'e-1' comes twice", "of its own"),
    "the very same id twice": ("id: E-2", "id: E-1", 15, "'E-1' comes twice", "of its own"),
    "a number for an id": ("id: E-2", "id: 2026014", 15, "must be text", "quotes"),
    "a date for an id": ("id: E-2", "id: 2026-10-02", 15, "must be text", "quotes"),
    "an id that is a path": ("id: E-2", "id: ../x", 15, "cannot be '../x'", "letters"),
    "an impossible day": ("2026-11-01", "2026-02-30", 27, "cannot be '2026-02-30'", "year-month-day"),
    "a short day": ("2026-11-01", "2026-11-1", 27, "cannot be '2026-11-1'", "year-month-day"),
    "a day in words": ("2026-11-01", "next year", 27, "cannot be 'next year'", "year-month-day"),
    "a day and an hour": ("2026-11-01", "2026-11-01T10:00:00Z", 27, "review_on cannot be", "year-month-day"),
    "other digits": ("2026-11-01", '"２０２６-11-01"', 27, "review_on cannot be", "year-month-day"),
    "a list for a day": ("2026-11-01", "[2026-11-01]", 27, "review_on cannot be a list", "year-month-day"),
    "nothing for a day": ("review_on: 2026-11-01", "review_on:", 27, "review_on cannot be", "year-month-day"),
    "a review too late": ("2026-11-01", "2027-11-01", 27, "lies outside", "while it holds"),
    "a review too soon": ("2026-11-01", "2026-09-01", 27, "lies outside", "while it holds"),
    "the wrong way round": ('"2026-12-31"', "2026-10-01", 12, "lies before approved_on", "wrong way round"),
    "a drill of another kind": ("risk: low", "last_drill_on: 2026-11-01", 26, "belongs to break_glass", "kind"),
    "control characters": ("risk: low", 'risk: "\\x07"', 26, "invisible character U+0007", "anew"),
    "half a surrogate pair": ("risk: low", 'risk: "\\ud800"', 26, "invisible character U+D800", "anew"),
    "text that runs backwards": ("risk: low", 'risk: "\\u202elow"', 26, "invisible character U+202E", "anew"),
    "a novel": ("risk: low", "risk: " + "x" * 2001, 26, "longer than 2,000", "ticket"),
    "a boolean for text": ("risk: low", "risk: true", 26, "must be text", "quotes"),
    "an anchor": ("risk: low", "risk: &a low", 26, "anchors", "Write the value out"),
    "a tag": ("risk: low", "risk: !!python/name:os.system low", 26, "tag", "plain value"),
}

RULES = {
    "no rules": ("[]", "rules is empty", "at least one"),
    "one rule without a list": ("LOW", "must be a list", "[one, two]"),
    "every rule": ("['*']", "cannot be '*'", "no patterns"),
    "a pattern": ("[BASE-0?]", "cannot be 'BASE-0?'", "no patterns"),
    "the same rule twice": ("[LOW, LOW]", "'LOW' comes twice", "once"),
    "a number": ("[1.1]", "must be text", "quotes"),
    "nothing": ("['']", "must be text", "quotes"),
}

SUBJECTS = {
    "a name for an id": ("{userId: ada@contoso.example}", "must be an object id", "can be given to somebody else"),
    "a name under its own key": ("{userPrincipalName: ada@contoso.example}", "no key 'userPrincipalName'", "userId"),
    "a short name": ("{upn: ada@contoso.example}", "no key 'upn'", "can be given to somebody else"),
    "a cut id": ("{userId: 00000000-0000-0000-0000-00000000000}", "must be an object id", "Copy the object id"),
    "a longer id": (f"{{userId: {uid(0)}0}}", "must be an object id", "Copy the object id"),
    "two subjects": (f"{{userId: {uid(0)}, groupId: {uid(1)}}}", "one account, one group or one application", "one of"),
    "no subject": ("{}", "one account, one group or one application", "one of"),
    "an id alone": (uid(0), "keys with values", "key: value"),
    "another key": (f"{{roleId: {uid(0)}}}", "no key 'roleId'", "'groupId'"),
}


def refused(content):
    with pytest.raises(PolicyProblem) as caught:
        read_register(content, "ours.yaml")
    assert caught.value.file == "ours.yaml"
    assert caught.value.exit_code == 2
    return caught.value


def test_a_good_register_is_read_as_it_stands():
    first, second = read_register(GOOD, "ours.yaml").entries

    assert (first.id, first.kind, first.rules, first.subject.id) == ("E-1", "break_glass", ("LOW",), uid(0))
    assert (first.approved_on, first.expires_on) == (date(2026, 10, 2), date(2026, 12, 31))
    assert (first.last_drill_on, first.review_on, first.risk) == (date(2026, 10, 2), None, "")
    assert (second.last_drill_on, second.review_on, second.risk) == (None, date(2026, 11, 1), "low")
    assert (first.reason, first.ticket, first.line, second.line) == ("Kiosk", "CHG-1", 3, 15)
    assert (second.requested_by, second.approved_by) == ("it@contoso.example", "ciso@contoso.example")
    assert not first.subject.is_group


def test_a_register_keeps_its_text_and_hash():
    read = read_register("# é\n" + GOOD, "ours.yaml")

    assert (read.file, read.text) == ("ours.yaml", "# é\n" + GOOD)
    assert len(read.sha256) == 64
    assert read.sha256 != read_register(GOOD, "ours.yaml").sha256


def test_an_empty_register_is_a_register():
    assert register().entries == ()


@pytest.mark.parametrize(("old", "new", "line", "message", "hint"), BAD.values(), ids=BAD)
def test_a_bad_register_is_refused_at_its_line(old, new, line, message, hint):
    assert GOOD.count(old) == 1, "the edit must hit one place"

    problem = refused(GOOD.replace(old, new))

    assert message in problem.message
    assert hint in problem.hint
    assert problem.line == line


@pytest.mark.parametrize(("rules", "message", "hint"), RULES.values(), ids=RULES)
def test_rules_are_named_one_by_one(rules, message, hint):
    problem = refused(text(entry(rules=rules)))

    assert message in problem.message
    assert hint in problem.hint
    assert problem.line == 5


@pytest.mark.parametrize(("subject", "message", "hint"), SUBJECTS.values(), ids=SUBJECTS)
def test_a_subject_is_one_object_id(subject, message, hint):
    problem = refused(text(entry(subject=subject)))

    assert message in problem.message
    assert hint in problem.hint
    assert problem.line == 6


def test_object_ids_are_compared_in_lower_case():
    (one,) = register(entry(subject=f"{{groupId: {uid(10).upper()}}}")).entries

    assert (one.subject.id, one.subject.is_group) == (uid(10), True)


@pytest.mark.parametrize("kind", ["waiver", "break_glass", "service_account", "compensating_control"])
def test_only_a_false_positive_needs_no_compensating_control(kind):
    assert "'compensating_control'" in refused(text(entry(kind=kind, compensating_control=None))).message
    assert register(entry(kind="false_positive", compensating_control=None)).entries[0].compensating_control == ""


def test_names_of_any_language_are_plain_text():
    (one,) = register(entry(requested_by="山田 太郎", approved_by="نگه‌داری")).entries

    assert (one.requested_by, one.approved_by) == ("山田 太郎", "نگه‌داری")


@pytest.mark.parametrize(
    "content", ["", "[]", "a: \x00", "[" * 1200, "schema: 1", "x" * (4 * (1 << 20) + 1)], ids=range(6)
)
def test_a_file_that_is_no_register_at_all(content):
    problem = refused(content)

    assert problem.hint
    assert "rule" not in problem.hint
    assert "pack" not in problem.hint


def test_a_register_may_be_larger_than_a_pack():
    assert len(register(*(entry(f"E-{n}", reason="x" * 1900) for n in range(560))).entries) == 560


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada", " ada "),
        ("ada", "ａｄａ"),
        ("Ada  Lovelace", "ada lovelace"),
        ("ada", "a\u200dda"),
        ("ß", "SS"),
    ],
)
def test_spellings_of_one_name_are_one_name(one, other):
    assert folded(one) == folded(other)


def test_a_file_is_read_with_its_bytes(tmp_path):
    file = tmp_path / "ours.yaml"
    file.write_bytes(GOOD.replace("\n", "\r\n").encode())

    read = load_register(file)

    assert [one.id for one in read.entries] == ["E-1", "E-2"]
    assert "\r\n" in read.text
    assert read.file == str(file)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_what_is_no_file_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    for path in (tmp_path / "pipe.yaml", tmp_path, Path("/dev/zero")):
        with pytest.raises(PolicyProblem, match="this is no file"):
            load_register(path)


def test_files_that_cannot_be_read_are_refused(tmp_path):
    with pytest.raises(PolicyProblem, match="cannot be read"):
        load_register(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"schema: 1 # \xe9")
    with pytest.raises(PolicyProblem, match="not UTF-8"):
        load_register(tmp_path / "latin.yaml")
    with (tmp_path / "huge.yaml").open("wb") as file:
        file.truncate(16 * (1 << 20) + 1)
    with pytest.raises(PolicyProblem, match="larger than 16 MiB"):
        load_register(tmp_path / "huge.yaml")


@pytest.mark.parametrize(("written", "kept"), [(uid(10).upper(), uid(10)), ("Office365", "Office365")])
def test_an_application_is_named_by_its_id_or_by_the_word_for_a_suite(written, kept):
    (one,) = register(entry(subject=f"{{applicationId: {written}}}")).entries

    assert (one.subject.id, one.subject.is_application, one.subject.is_group) == (kept, True, False)


def test_an_application_has_no_name_here():
    assert "must be an object id" in refused(text(entry(subject="{applicationId: Salesforce}"))).message
