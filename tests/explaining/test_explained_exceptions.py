"""Exceptions and earlier audits in an explanation, and names that mean mischief."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import polars as pl
from explained_users import explained, judged, quietly, text_of

from mfaaudit.declared.load import load_register
from mfaaudit.explaining.explanation import explain
from mfaaudit.explaining.telling import lines_of
from mfaaudit.findings import load_packs
from mfaaudit.judging import circumstances_of, judge_evidence
from mfaaudit.words import Verdict

EXAMPLE = """\
schema: 1
exceptions:
  - id: EX-7
    kind: waiver
    rules: [BASE-01, BASE-03]
    subject: {{userId: {user}}}
    reason: On leave
    compensating_control: Blocked at the gate
    requested_by: it@contoso.example
    approved_by: ciso@contoso.example
    approved_on: {approved}
    expires_on: {expires}
    ticket: CHG-1
"""


def waived(messy, tmp_path):
    """The user who fails BASE-01 and passes BASE-03, with an exception for both."""
    how, made = judged(messy.bundle)
    frames = {one.rule.id: one.frame["verdict"] for one in made.findings.results}
    row = ((frames["BASE-01"] == "FAIL") & (frames["BASE-03"] == "PASS")).arg_true()[0]
    day = made.snapshot.run.started_at.date()
    file = Path(tmp_path / "exceptions.yaml")
    text = EXAMPLE.format(user=made.users["user_id"][row], approved=day - timedelta(3), expires=day + timedelta(30))
    file.write_text(text, encoding="utf-8")
    packs = load_packs(("baseline", "exceptions-register"))
    brief = replace(how, register=load_register(file), packs=packs)
    return brief, judge_evidence(messy.bundle, brief, quietly), row, day


def test_an_exception_says_who_approved_it_until_when_and_what_then(messy, tmp_path):
    brief, made, row, day = waived(messy, tmp_path)
    found = explain(made, row, circumstances_of(made.declared, brief), (), ("BASE-01", "BASE-03"))
    rules = {one.judged.result.rule.id: one for one in found.rules}
    assert rules["BASE-01"].judged.verdict is Verdict.WAIVED
    assert rules["BASE-01"].outlook.verdict is Verdict.WAIVED
    assert Verdict.WAIVED in rules["BASE-03"].outlook.becomes
    text = " ".join("\n".join(one.text for one in lines_of(found, "B")).split())
    last, after = day + timedelta(30), day + timedelta(31)
    assert f"the exception EX-7 (waiver) covers that until {last}" in text
    assert "approved by ciso@contoso.example" in text
    assert f"From {after} it is a failure again" in text
    assert f"The exception EX-7 would cover a failure until {last}." in text
    assert "It would fail, and be waived, if" in text
    assert "\x1b" not in text


def test_no_name_reaches_the_terminal_with_what_it_would_obey(messy):
    """Whatever a tenant puts into a name: colours, a title of the window, letters that turn the line around."""
    how, made = judged(messy.bundle)
    nasty = "Eve\x1b[2J\x1b]0;owned\x07\u202egnp.exe\nFAIL\r\x9b31m"
    users = made.users.with_columns(
        pl.lit(nasty).alias("user_displayName"),
        pl.lit(nasty).alias("user_department"),
        pl.lit([nasty], dtype=pl.List(pl.String)).alias("registration_methodsRegistered"),
    )
    renamed = replace(made, declared=replace(made.declared, users=users))
    text = text_of(explain(renamed, 0, circumstances_of(made.declared, how), ()))
    assert "Eve" in text
    assert not set(text) & set("\x1b\x07\u202e\r\x9b")
    assert "\nFAIL\r" not in text


def test_the_same_evidence_is_explained_in_the_same_words(messy):
    assert text_of(explained(messy.bundle, 2)) == text_of(explained(messy.bundle, 2))
