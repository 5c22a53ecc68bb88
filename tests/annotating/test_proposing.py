"""Equal decisions about one account make one entry, whose id says what is in it."""

import csv
import io
import itertools

import pytest
from decisions_by_hand import chosen, day, entry, finding, register, row, uid

from mfaaudit.annotating.proposing import propose
from mfaaudit.annotating.remediation import as_csv, remediations
from mfaaudit.declared.words import ExceptionKind

THREE = [finding("CRIT"), finding("HIGH"), finding("HIGH", 1)]


def proposed(*rows, findings=(), present=None):
    return propose(chosen(*rows, findings=findings), present)


def test_rules_of_one_account_with_the_same_words_make_one_entry():
    made = proposed(*(row(one, number=at) for at, one in enumerate(THREE)), findings=THREE)

    assert [(one.user_id, one.rules, one.decisions) for one in made.new] == [
        (uid(0), ("CRIT", "HIGH"), 2),
        (uid(1), ("HIGH",), 1),
    ]
    one = made.new[0]
    assert (one.kind, one.expires_on, one.requested_by) == (ExceptionKind.WAIVER, day(30), "it@contoso.example")
    assert (one.reason, one.control, one.ticket) == ("Kiosk", "A lock", "CHG-1")


@pytest.mark.parametrize(
    "other",
    [
        {"decision": "False positive"},
        {"owner": "x"},
        {"dueOn": day(29).isoformat()},
        {"justification": "x"},
        {"compensatingControl": "x"},
        {"decisionTicket": "x"},
    ],
)
def test_any_other_word_makes_an_entry_of_its_own(other):
    made = proposed(row(THREE[0]), row(THREE[1], number=8, **other), findings=THREE)

    assert [one.rules for one in made.new] in ([("CRIT",), ("HIGH",)], [("HIGH",), ("CRIT",)])
    assert len({one.id for one in made.new}) == 2


def test_the_order_of_the_rows_makes_no_difference():
    rows = [row(one, number=at) for at, one in enumerate(THREE)]

    assert len({str(proposed(*some, findings=THREE).new) for some in itertools.permutations(rows)}) == 1


def test_ids_stay_the_same_from_one_version_to_the_next():
    assert proposed(row()).new[0].id == "EX-P-7a86d6fdbfd7"


def test_what_was_proposed_before_is_not_proposed_again():
    (one,) = proposed(row()).new
    for approved in (False, True):
        again = proposed(row(), present=register(entry(one.id, approved=approved)))
        assert (again.new, [each.id for each in again.known]) == ((), [one.id])


def test_an_id_that_somebody_gave_to_another_account_is_made_longer():
    (one,) = proposed(row()).new
    (again,) = proposed(row(), present=register(entry(one.id.upper(), user=5))).new

    assert again.id.startswith(one.id)
    assert len(again.id) > len(one.id)


def test_a_proposal_beside_one_that_waits_is_told():
    present = register(entry("E-1", approved=False), entry("E-2"), entry("E-3", user=1, approved=False))
    made = proposed(row(), present=present)

    assert made.overlaps == ((made.new[0].id, "E-1"),)


def test_to_remediate_proposes_nothing_and_makes_a_line_of_a_list():
    about = finding(user="=cmd|'/c calc'!A0", blocked_by=("R-0",)), finding("LOW")
    rows = [
        row(about[0], decision="Remediate", owner="=1+1", justification="a\nb"),
        row(about[1], number=8, decision="Remediate", dueOn=day(3).isoformat(), decisionTicket=None),
    ]
    made = chosen(*rows, findings=about)

    assert propose(made, None).new == ()
    lines = list(csv.DictReader(io.StringIO(as_csv(remediations(made), "run-1").decode("utf-8-sig"))))
    assert [(one["ruleId"], one["dueOn"], one["ticket"]) for one in lines] == [
        ("LOW", day(3).isoformat(), ""),
        ("HIGH", day(30).isoformat(), "CHG-1"),
    ]
    assert (lines[1]["owner"], lines[1]["userPrincipalName"]) == ("'=1+1", "'=cmd|'/c calc'!A0")
    assert (lines[1]["justification"], lines[1]["blockedBy"], lines[1]["runId"]) == ("a b", "R-0", "run-1")
    assert lines[1]["userId"] == about[0].user_id
