"""The part on what asks for MFA: it adds up to the users enumerated, and names the administrators who are left out."""

import json
import re

import pytest
from audit_by_hand import audit, facts, rows
from test_formats_agree import table_in

from mfaaudit.facts.conditional_access.enforcement import Enforcer
from mfaaudit.reports.document import Tone
from mfaaudit.reports.sections.enforcement import enforcement_json, section
from mfaaudit.words import Reason, Unknown

LOST = Unknown(Reason.NOT_REQUESTED)
ADMIN = {"derived.roles": ("r-1", "r-2")}
NUMBERS = ("users", "enabled", "members", "guests", "administrators", "disabled")


def mixed():
    return audit(
        {},
        {"user.userType": "Guest"},
        ADMIN,
        {"user.accountEnabled": False},
        {"derived.enforcedBy": "perUserMfa", "derived.enforcingPolicies": ()},
        {"derived.enforcedBy": "conditionalAccessSomeResources"} | ADMIN,
        {"derived.enforcedBy": "excluded", "registration.isAdmin": True, "user.userType": "Guest"},
        {"derived.enforcedBy": "none", "derived.enforcingPolicies": ()},
        {"derived.enforcedBy": LOST, "derived.enforcingPolicies": LOST} | ADMIN,
        {"derived.enforcedBy": LOST, "derived.enforcingPolicies": LOST, "user.accountEnabled": False} | ADMIN,
    )


def test_every_row_stands_below_its_answer_and_the_total_is_everybody():
    *own, total = rows(section(mixed()), "EnforcementByAnswer")

    assert [one["enforcedBy"] for one in own] == [*(one.value for one in Enforcer), LOST]
    numbers = {str(one["enforcedBy"]): tuple(one[key] for key in NUMBERS) for one in own}
    assert {answer: found for answer, found in numbers.items() if any(found)} == {
        "conditionalAccessAllResources": (4, 3, 2, 1, 1, 1),
        "perUserMfa": (1, 1, 1, 0, 0, 0),
        "conditionalAccessSomeResources": (1, 1, 1, 0, 1, 0),
        "excluded": (1, 1, 0, 1, 1, 0),
        "none": (1, 1, 1, 0, 0, 0),
        str(LOST): (2, 1, 1, 0, 1, 1),
    }
    assert total["enforcedBy"] == "Total"
    assert tuple(total[key] for key in NUMBERS) == tuple(sum(one[key] for one in own) for key in NUMBERS)
    assert (total["users"], total["enabled"], total["disabled"]) == (10, 8, 2)
    assert all(one["meaning"] for one in own)


def test_a_column_of_what_was_not_read_is_there_only_if_something_was_not():
    (table,) = [one for one in section(mixed()).tables if one.name == "EnforcementByAnswer"]
    assert {"untyped", "perhaps_administrators", "unclear"}.isdisjoint(column.key for column in table.columns)

    gap = Unknown(Reason.UNKNOWN_VALUE)
    for field, key in (
        ("user.userType", "untyped"),
        ("derived.roles", "perhaps_administrators"),
        ("user.accountEnabled", "unclear"),
    ):
        *_, total = rows(section(audit({}, {field: gap})), "EnforcementByAnswer")
        assert total[key] == 1
        assert total["users"] == 2


def test_the_facts_share_out_the_enabled_accounts():
    made = facts(section(mixed()))

    labels = ("Asked on every resource", "Asked at times", "Not asked", "Not known")
    assert [made[label].value for label in labels] == [4, 1, 2, 1]
    assert [made[label].tone for label in labels] == [Tone.PLAIN, Tone.BAD, Tone.BAD, Tone.OPEN]
    assert made["Asked on every resource"].note.startswith("50.0 % of 8 enabled accounts.")
    assert "NOT_REQUESTED 1" in made["Not known"].note
    assert "--with-policy-groups" in made["Not known"].note
    assert (made["Policies for all users"].value, made["Policies for guests"].value) == (1, 0)
    assert made["Policies for all users"].note == "On, for all resources: All users"
    assert made["Policies for guests"].note == "On, for all resources: none"
    assert made["How the tenant asks"].value == "conditional-access"


@pytest.mark.parametrize(
    ("others", "value", "tone"),
    [
        ((ADMIN,), 0, Tone.GOOD),
        ((ADMIN, ADMIN | {"derived.enforcedBy": "none"}), 1, Tone.BAD),
        ((ADMIN | {"derived.enforcedBy": LOST},), 1, Tone.OPEN),
        ((ADMIN | {"derived.enforcedBy": LOST}, ADMIN | {"derived.enforcedBy": "excluded"}), 2, Tone.BAD),
        (({"derived.roles": LOST, "derived.enforcedBy": "none"},), 0, Tone.OPEN),
        ((ADMIN | {"user.accountEnabled": False, "derived.enforcedBy": "none"},), 0, Tone.GOOD),
    ],
)
def test_administrators_who_are_not_known_are_neither_good_nor_bad(others, value, tone):
    made = facts(section(audit(*others)))["Administrators not surely asked on every resource"]

    assert (made.value, made.tone) == (value, tone)


def test_nobody_is_no_good_news_where_the_answer_is_not_known():
    of_all = facts(section(audit({"derived.enforcedBy": LOST})))
    assert {of_all[label].tone for label in ("Asked on every resource", "Asked at times", "Not asked")} == {Tone.PLAIN}
    of_none = facts(section(audit({})))
    assert {of_none[label].tone for label in ("Asked at times", "Not asked", "Not known")} == {Tone.GOOD}


def test_what_was_not_read_of_the_tenant_is_no_list_without_policies():
    refused = dict.fromkeys(("derived.allUsersMfaPolicies", "derived.mfaPolicies"), Unknown(Reason.NO_PERMISSION))
    made = facts(section(audit({}, tenant=refused)))

    assert made["Policies for all users"].value == Unknown(Reason.NO_PERMISSION)
    assert (made["How the tenant asks"].value, made["How the tenant asks"].tone) == (
        Unknown(Reason.NO_PERMISSION),
        Tone.OPEN,
    )


def test_a_declared_posture_that_is_contradicted_says_so():
    made = facts(section(audit({}, posture="per-user")))["How the tenant asks"]

    assert (made.value, made.tone) == ("per-user", Tone.OPEN)
    assert "a policy asks all users for MFA" in made.note


def test_the_bars_are_the_enabled_accounts():
    accounts, administrators = section(mixed()).charts

    assert accounts.categories == [
        "conditionalAccessAllResources",
        "perUserMfa",
        "conditionalAccessSomeResources",
        "excluded",
        "none",
        "not known (NOT_REQUESTED)",
    ]
    assert {one.name: list(one.values) for one in accounts.series} == {
        "Members": [2, 1, 1, 0, 1, 1],
        "Guests": [1, 0, 0, 1, 0, 0],
    }
    assert administrators.categories == [accounts.categories[n] for n in (0, 2, 3, 5)]
    assert list(administrators.series[0].values) == [1, 1, 1, 1]
    assert len(section(audit({})).charts) == 1
    assert len(section(audit()).charts[0].categories) == len(Enforcer)
    untyped = section(audit({}, {"user.userType": LOST})).charts[0]
    assert sum(sum(one.values) for one in untyped.series) == 2


def test_a_policy_that_may_be_missing_from_an_answer_is_told():
    (whole,) = [one for one in section(audit({})).tables if one.name == "EnforcingPolicies"]
    (lacking,) = [
        one for one in section(audit({}, {"derived.enforcingPolicies": LOST})).tables if one.name == "EnforcingPolicies"
    ]

    assert list(whole.rows()) == [("All users (1)", "conditionalAccessAllResources", 1, 1)]
    assert list(lacking.rows()) == list(whole.rows())
    assert "left out" not in whole.note
    assert "For 1 users" in lacking.note


def test_programs_are_told_the_same():
    made = enforcement_json(mixed())

    assert json.loads(json.dumps(made)) == made
    own = rows(section(mixed()), "EnforcementByAnswer")[:-1]
    assert [(one["enforcedBy"] or Unknown(Reason(one["reason"])), one["users"]) for one in made["byAnswer"]] == [
        (one["enforcedBy"], one["users"]) for one in own
    ]
    assert made["byAnswer"][0] == {
        "enforcedBy": "securityDefaults",
        "reason": None,
        "asking": "onEveryResource",
        "users": 0,
        "enabled": 0,
        "members": 0,
        "guests": 0,
        "typeNotKnown": 0,
        "administrators": 0,
        "administratorsNotKnown": 0,
        "disabled": 0,
        "enabledNotKnown": 0,
    }
    assert made["byAnswer"][-1]["asking"] == "notKnown"
    assert made["byPolicy"][0] == {
        "policy": "All users (1)",
        "enforcedBy": "conditionalAccessAllResources",
        "users": 4,
        "enabled": 3,
    }
    assert made["administratorsNotAskedOnEveryResource"] == ["user-6", "user-5", "user-8"]


def test_the_sheet_of_a_whole_job_adds_up_to_the_users_enumerated(job):
    *own, total = table_in(job.bundle, "EnforcementByAnswer")
    for name in ("Users", "Enabled", "Members", "Guests", "Administrators", "Disabled"):
        assert sum(row[name] for row in own) == total[name]
    assert total["Users"] == job.results["population"]["enumerated"]
    text = (job.bundle / "report.html").read_text(encoding="utf-8")
    assert re.search(r'<section id="Enforcement">', text)
