"""Numbers from two places: what explains a difference is said, and what nothing explains is said to be so."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from judged_by_hand import MFA, audited, facts, material, rows, with_findings

from mfaaudit.findings import Counts
from mfaaudit.reports import comparisons
from mfaaudit.reports.document import Tone
from mfaaudit.reports.sections import reconciliation, summary
from mfaaudit.reports.sum_check import counts_check, sum_checks
from mfaaudit.snapshot.registration import Comparison
from mfaaudit.words import Reason, Unknown

ADMIN, NO_ADMIN = (
    {"derived.roles": ("r",), "registration.isAdmin": True},
    {"derived.roles": (), "registration.isAdmin": False},
)
LOST = Unknown(Reason.NO_PERMISSION)


def compared(*found, users=(NO_ADMIN,)):
    made = material(*users)
    registration = SimpleNamespace(comparisons=found)
    return replace(made, snapshot=SimpleNamespace(**vars(made.snapshot) | {"registration": registration}))


def number(ours, theirs, remark=""):
    return Comparison(what="mfaCapable", ours=ours, ours_from="a", theirs=theirs, theirs_from="b", remark=remark)


@pytest.mark.parametrize(
    ("one", "remark", "unexplained"),
    [
        (number(3, 3), "", False),
        (number(3, 4), "NOT EXPLAINED.", True),
        (number(3, 4, "It lags."), "It lags.", False),
        (number(3, LOST), "", False),
    ],
)
def test_a_difference_without_a_reason_says_that_it_has_none(one, remark, unexplained):
    first, _ = comparisons.comparisons_of(compared(one))

    assert (first.remark, comparisons.is_unexplained(first)) == (remark, unexplained)


@pytest.mark.parametrize(
    ("users", "ours", "theirs", "remark"),
    [
        ((ADMIN, NO_ADMIN), 1, 1, ""),
        ((ADMIN, ADMIN | {"registration.isAdmin": Unknown(Reason.NO_ROW)}), 2, 1, "1 who hold a role have no row"),
        ((ADMIN, ADMIN | {"registration.isAdmin": False}), 2, 1, "NOT EXPLAINED: of 1 users"),
        ((ADMIN, NO_ADMIN | {"derived.roles": LOST}), LOST, 1, ""),
        ((ADMIN, NO_ADMIN | {"registration.isAdmin": LOST}), 1, LOST, ""),
        ((NO_ADMIN | {"registration.isAdmin": Unknown(Reason.NO_ROW)},), 0, Unknown(Reason.NO_ROW), ""),
    ],
)
def test_administrators_by_the_report_stand_beside_those_by_role(users, ours, theirs, remark):
    found = comparisons.administrators(material(*users))

    assert (found.ours, found.theirs) == (ours, theirs)
    assert found.remark.startswith(remark)
    assert bool(found.remark) == bool(remark)


def test_the_verdicts_of_a_rule_that_lost_somebody_do_not_add_up_and_it_is_said():
    made = material({MFA: True}, {MFA: False})
    (whole,) = made.findings.results
    broken = with_findings(made, results=(replace(whole, counts=Counts(pass_=1)),))

    assert (counts_check(made).value, counts_check(made).tone) == ("They add up", Tone.GOOD)
    assert "Every rule accounts for everybody: 1 rules about users for all 2 users" in counts_check(made).note
    assert facts(summary.section(made))["Check of the counts"] == counts_check(made)
    check = counts_check(broken)
    assert (check.value, check.tone, check.note) == ("They do NOT add up", Tone.BAD, "Not for R-1.")
    (row,) = sum_checks(broken).rows()
    assert list(row)[-2:] == [-1, "differs"]


def test_what_nothing_explains_is_counted_and_named(messy):
    made = audited(messy.bundle)
    snapshot = made.snapshot
    population = replace(snapshot.population, count_before=500, count_after=500)
    registration = replace(snapshot.registration, comparisons=(number(1, 2), *snapshot.registration.comparisons))
    doubtful = replace(made, snapshot=replace(snapshot, population=population, registration=registration))

    before = facts(reconciliation.section(made))["Differences that nothing explains"]
    after = facts(reconciliation.section(doubtful))["Differences that nothing explains"]
    assert (before.value, before.tone) == (0, Tone.GOOD)
    assert (after.value, after.tone) == (3, Tone.OPEN)
    assert after.note == "mfaCapable; Counted before; Counted after"
    assert rows(reconciliation.section(doubtful), "Reconciliation")[0]["remark"] == "NOT EXPLAINED."
