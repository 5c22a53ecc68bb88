"""Every cause of a change, each by an audit in which nothing else changed."""

import json
from datetime import timedelta

import pytest
from changes_by_hand import FAIL, PASS, beside, past
from judged_by_hand import DEFAULTS, MFA, NOW, OPEN, days, entry, material, pack, rows, rule, uid

from mfaaudit.declared.overrides import read_overrides
from mfaaudit.earlier import Cause, Change
from mfaaudit.reports.cause_tables import CHANGED
from mfaaudit.reports.sections.changes import section
from mfaaudit.reports.sections.changes_by_user import section as by_user
from mfaaudit.reports.workbook.names import headings
from mfaaudit.words import Reason, Unknown

CREATED, CLASS = "user.createdDateTime", "derived.accountClass"
GROUP = "0000000f-0000-4000-8000-00000000000b"


def told(made):
    """Change, cause and what changed of each row but what still fails."""
    shown = rows(by_user(made), "Changes")
    return [(one["change"], one["causes"], one["what"]) for one in shown if one["change"] != "still failing"]


def one_pack(*rules, **head):
    return {"packs": (pack("mine", *rules, **head),)}


def classes(name):
    said = [{"userId": uid(0), "class": name, "reason": "Known."}]
    return read_overrides(json.dumps({"schema": 1, "accounts": said}), "classes.yaml")


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (PASS, FAIL, ("new failure", "account", f"{MFA}: true → false")),
        (FAIL, PASS, ("fixed", "account", f"{MFA}: false → true")),
        ({MFA: OPEN}, FAIL, ("newly judged", "data", f"{MFA}: NOT READ (NO_ROW) → false")),
        (FAIL, {MFA: OPEN}, ("no longer judged", "data", f"{MFA}: false → NOT READ (NO_ROW)")),
    ],
)
def test_what_was_read_of_the_account(before, now, expected):
    assert told(beside(material(now), past(material(before), 30))) == [expected]


def test_an_account_that_comes_into_the_scope_of_a_rule_by_itself():
    how = one_pack(rule(applies_to={"user.accountEnabled": True}))
    off = FAIL | {"user.accountEnabled": False}

    assert told(beside(material(FAIL, **how), past(material(off, **how), 30))) == [
        ("new failure", "scope", "user.accountEnabled: false → true")
    ]
    assert told(beside(material(off, **how), past(material(FAIL, **how), 30))) == [
        ("no longer in scope", "scope", "user.accountEnabled: true → false")
    ]


def test_the_rule_changed_and_then_the_account_too():
    stricter = one_pack(rule(require={MFA: True, "user.accountEnabled": False}))

    assert told(beside(material(PASS, **stricter), past(material(PASS), 30))) == [
        ("new failure", "rule change", "the rule changed")
    ]
    # Under the new rule it failed all the time.
    assert told(beside(material(FAIL, **stricter), past(material(PASS), 30))) == [
        ("new failure", "rule change", "the rule changed")
    ]
    # It failed as it was, would have passed under the new rule, and fails that too now: nothing changed.
    milder = one_pack(rule(require={"user.accountEnabled": True}))
    off = PASS | {"user.accountEnabled": False}
    assert told(beside(material(off, **milder), past(material(FAIL), 30))) == []


def test_a_new_rule_that_the_account_would_have_met_before():
    two = one_pack(rule("R-0", {"user.accountEnabled": True}), rule())
    one = one_pack(rule("R-0", {"user.accountEnabled": True}))

    assert told(beside(material(FAIL, **two), past(material(PASS, **one), 30))) == [
        ("new rule", "rule change, account", f"the rule is new; {MFA}: true → false")
    ]
    assert told(beside(material(FAIL, **two), past(material(FAIL, **one), 30))) == [
        ("new rule", "rule change", "the rule is new")
    ]


def test_the_register_was_edited():
    covered = {"entries": [entry(approved_on=days(-60))]}

    assert told(beside(material(FAIL, **covered), past(material(FAIL, entries=[]), 30))) == [
        ("became waived", "exception edited", "exception: none → E-1")
    ]
    assert told(beside(material(FAIL), past(material(FAIL, **covered), 30))) == [
        ("waiver ended", "exception edited", "exception: E-1 → none")
    ]


def test_a_date_of_the_register_came():
    coming = {"entries": [entry(approved_on=days(-10))]}
    gone = {"entries": [entry(approved_on=days(-60), expires_on=days(-10))]}

    assert told(beside(material(FAIL, **coming), past(material(FAIL, **coming), 30))) == [
        ("became waived", "exception date", "exception: none → E-1")
    ]
    assert told(beside(material(FAIL, **gone), past(material(FAIL, **gone), 30))) == [
        ("waiver ended", "exception date", "exception: E-1 → none")
    ]
    # Whoever tidies up the register after it ran out ended nothing.
    assert told(beside(material(FAIL, entries=[]), past(material(FAIL, **gone), 30)))[0][1] == "exception date"


def test_a_rule_that_may_no_longer_be_waived():
    covered = {"entries": [entry(approved_on=days(-60))]}
    strict = one_pack(rule(waivable=False))

    assert told(beside(material(FAIL, **strict, **covered), past(material(FAIL, **covered), 30))) == [
        ("waiver ended", "rule change", "the rule changed; exception: E-1 → none")
    ]


def test_who_left_the_group_of_an_exception_and_a_group_that_was_not_read():
    of_group = {"entries": [entry(subject={"groupId": GROUP}, approved_on=days(-60))]}
    member = {"groups": {GROUP: frozenset({uid(0)})}}
    other = {"groups": {GROUP: frozenset({uid(1)})}}
    unread = {"groups": {GROUP: Unknown(Reason.NO_PERMISSION)}}

    def change(before, now):
        made = beside(material(FAIL, PASS, **of_group, **now), past(material(FAIL, PASS, **of_group, **before), 30))
        return [one[:2] for one in told(made)]

    assert change(member, other) == [("waiver ended", "account")]
    assert change(other, member) == [("became waived", "account")]
    assert change(member, unread) == [("waiver ended", "data")]
    assert change(unread, member) == [("became waived", "data")]


def test_what_is_declared_of_an_account():
    how = one_pack(rule(applies_to={CLASS: "person"}))

    assert told(beside(material(FAIL, **how), past(material(FAIL, **how), 30, overrides=classes("service")))) == [
        ("new failure", "declaration", f"{CLASS}: service → person")
    ]
    made = beside(material(FAIL, **how), past(material(FAIL, **how), 30), overrides=classes("service"))
    assert told(made) == [("no longer in scope", "declaration", f"{CLASS}: person → service")]


def test_a_posture_that_is_declared_and_one_that_follows_from_the_tenant():
    how = one_pack(rule(), posture="per-user")
    posture = "declared.posture: {} → {}"

    declared = beside(material(FAIL, posture="per-user", **how), past(material(FAIL, posture="third-party", **how), 30))
    assert told(declared) == [("new failure", "declaration", posture.format("third-party", "per-user"))]
    on, off = {DEFAULTS: True}, {DEFAULTS: False}
    states = {"derived.isPerUserMfaInUse": True, "derived.hasAllUsersMfaPolicy": False, "derived.mfaPolicies": ()}
    followed = beside(material(FAIL, tenant=off | states, **how), past(material(FAIL, tenant=on | states, **how), 30))
    assert told(followed) == [("new failure", "tenant", posture.format("security-defaults", "per-user"))]


def test_a_condition_on_the_tenant_that_came_to_hold_or_was_not_read():
    how = one_pack(rule(preconditions=[{DEFAULTS: True}]))
    on, off, unread = ({"tenant": {DEFAULTS: value}} for value in (True, False, Unknown(Reason.NO_PERMISSION)))

    assert told(beside(material(FAIL, **on, **how), past(material(FAIL, **off, **how), 30))) == [
        ("new failure", "tenant", f"{DEFAULTS}: false → true")
    ]
    assert told(beside(material(FAIL, **on, **how), past(material(FAIL, **unread, **how), 30))) == [
        ("newly judged", "data", f"{DEFAULTS}: NOT READ (NO_PERMISSION) → true")
    ]
    # Had the rule been asked of it then, the account would have passed.
    assert [one[1] for one in told(beside(material(FAIL, **on, **how), past(material(PASS, **off, **how), 30)))] == [
        "tenant, account"
    ]


def test_a_rule_on_the_tenant():
    how = one_pack(rule("T-1", {DEFAULTS: True}, scope="tenant"))
    on, off, unread = ({"tenant": {DEFAULTS: value}} for value in (True, False, Unknown(Reason.NO_PERMISSION)))

    assert told(beside(material(PASS, **off, **how), past(material(PASS, **on, **how), 30))) == [
        ("new failure", "tenant", f"{DEFAULTS}: true → false")
    ]
    assert told(beside(material(PASS, **off, **how), past(material(PASS, **unread, **how), 30)))[0][:2] == (
        "newly judged",
        "data",
    )


def test_an_account_that_got_older_than_the_rule_looks_at():
    older = rule(applies_to={CREATED: {"older_than_days": 60}})
    at = NOW - timedelta(70)
    user = FAIL | {CREATED: at.isoformat()}

    made = beside(material(user, **one_pack(older)), past(material(user, **one_pack(older)), 30))
    assert told(made) == [("new failure", "time", f"{CREATED}: {at}, and 30 days later still")]


def test_who_joined_and_left_and_what_is_not_certain_of_it():
    alone, two = material(FAIL), material(FAIL, FAIL)
    assert told(beside(two, past(alone, 30))) == [("joined", "listing", "not listed before")]
    assert told(beside(alone, past(two, 30))) == [("left", "listing", "not listed now")]
    unsure = beside(material(FAIL, FAIL), past(material(FAIL, complete=False), 30))
    assert told(unsure)[0][1] == "listing, data"
    # That the present list may lack somebody says nothing of who was not in the last one.
    assert told(beside(material(FAIL, FAIL, complete=False), past(material(FAIL), 30)))[0][1] == "listing"


def test_the_tables_of_causes_add_up():
    made = beside(material(FAIL, PASS, FAIL, {MFA: OPEN}, FAIL), past(material(PASS, FAIL, FAIL, FAIL), 30))
    *causes, everything = rows(section(made), "ChangesByCause")

    assert [(one["cause"], one["main"]) for one in causes] == [("Listing", 1), ("Account", 2), ("Data", 1)]
    assert sum(one["main"] for one in causes) == everything["main"] == len(told(made))
    assert everything["main"] == sum(made.earlier.total(change) for change in CHANGED)
    (only, total) = rows(section(made), "CausesByRule")
    assert (only["ruleId"], only["listed"], only["user"], only["data"], only["total"]) == ("R-1", 1, 2, 1, 4)
    assert {key: only[key] for key in ("listed", "user", "data", "total")} == {
        key: total[key] for key in ("listed", "user", "data", "total")
    }


def test_when_a_value_was_read_stands_beside_it():
    (row,) = rows(by_user(beside(material(FAIL), past(material(PASS), 30))), "Changes")

    assert (row["readBefore"], row["readNow"]) == (NOW, NOW)


def test_the_headings_of_every_cause_and_change_differ():
    made = beside(
        material(FAIL, PASS, {MFA: OPEN}, FAIL, **one_pack(rule(), rule("R-2"))), past(material(PASS, FAIL, FAIL), 30)
    )

    for one in section(made).tables:
        headings(one.columns)


def test_every_cause_says_what_it_means():
    assert len({one.words for one in Cause}) == len(Cause)
    assert all(one.meaning.endswith(".") for one in Cause)
    assert Change.STILL_FAILING not in CHANGED
