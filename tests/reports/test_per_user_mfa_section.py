"""The part on per-user MFA: when it says NOT YET, what it lists, and that everybody is counted once."""

import json

import pytest
from audit_by_hand import audit, facts, rows

from mfaaudit.reports.document import Tone
from mfaaudit.reports.sections.per_user_mfa import per_user_mfa_json, section
from mfaaudit.words import Reason, Unknown

STATE, ANSWER = "requirements.perUserMfaState", "derived.enforcedBy"
REGISTERED, ENABLED = "registration.isMfaRegistered", "user.accountEnabled"
ON = {STATE: "enforced"}
LOST = Unknown(Reason.SERVER_ERROR)
NOBODY_ASKS = {"derived.allUsersMfaPolicies": (), "derived.mfaPolicies": ("Some",)}


def mixed(**how):
    return audit(
        {},
        {ENABLED: False},
        ON | {"derived.excludedFromMfaPolicies": ("All users",), ANSWER: "perUserMfa", "derived.enforcingPolicies": ()},
        ON,
        {STATE: "enabled", REGISTERED: False},
        ON | {REGISTERED: LOST},
        ON | {ENABLED: False},
        {STATE: LOST},
        {STATE: LOST, ENABLED: False},
        ON | {ANSWER: Unknown(Reason.NOT_REQUESTED)},
        **how,
    )


def test_where_everybody_was_read_and_is_disabled_there_is_no_such_part():
    assert section(audit({}, {ENABLED: False})) is None
    assert section(audit({}, {}, posture="per-user")) is None


@pytest.mark.parametrize("one", [ON, {STATE: "enabled"}, {STATE: LOST}, ON | {ENABLED: False}])
def test_one_user_is_enough_for_it(one):
    assert section(audit({}, one)) is not None


def test_every_user_has_one_row_by_state():
    *own, total = rows(section(mixed()), "PerUserStates")

    assert [tuple(one.values()) for one in own] == [
        ("disabled", 2, 1, 1),
        ("enabled", 1, 1, 0),
        ("enforced", 5, 4, 1),
        (LOST, 2, 1, 1),
    ]
    assert tuple(total.values()) == ("Total", 10, 7, 3)


def test_who_may_be_disabled_is_told_if_the_account_was_not_read():
    *_, total = rows(section(audit({ENABLED: LOST}, ON)), "PerUserStates")

    assert total == {"state": "Total", "users": 2, "enabled": 1, "disabled": 0, "unclear": 1}


def test_every_user_who_is_not_surely_disabled_has_one_row_by_group():
    *own, total = rows(section(mixed()), "RetirementGroups")

    assert [(one["group"], one["missing"], one["reason"], one["users"]) for one in own] == [
        ("safe to disable", None, None, 1),
        ("not safe", None, None, 1),
        ("register first", None, None, 1),
        ("not known", "Per-user MFA state", "SERVER_ERROR", 2),
        ("not known", "What asks for MFA", "NOT_REQUESTED", 1),
        ("not known", "MFA registered", "SERVER_ERROR", 1),
        ("disabled account", None, None, 1),
    ]
    assert (total["group"], total["users"]) == ("Total", 8)
    cures = {one["missing"]: one["meaning"] for one in own}
    assert "--with-policy-groups" in cures["What asks for MFA"]
    assert "--with-policy-groups" not in cures["MFA registered"]
    assert Reason.SERVER_ERROR.cure in cures["MFA registered"]


def test_the_list_names_whoever_is_enabled_or_enforced_in_the_order_of_what_to_do():
    found = rows(section(mixed()), "Retirement")

    assert [(one["userId"], one["group"], one["asksOtherwise"]) for one in found] == [
        ("user-3", "safe to disable", "conditionalAccessAllResources"),
        ("user-2", "not safe", "the state itself"),
        ("user-4", "register first", "conditionalAccessAllResources"),
        ("user-5", "not known", "conditionalAccessAllResources"),
        ("user-9", "not known", Unknown(Reason.NOT_REQUESTED)),
        ("user-6", "disabled account", "conditionalAccessAllResources"),
    ]
    assert found[1] == {
        "userPrincipalName": "ada@contoso.example",
        "state": "enforced",
        "group": "not safe",
        "asksOtherwise": "the state itself",
        "registered": True,
        "missing": None,
        "policies": "none",
        "excludedFrom": "All users",
        "userId": "user-2",
    }
    assert (found[3]["registered"], found[3]["missing"]) == (LOST, "MFA registered")
    (table,) = [one for one in section(mixed()).tables if one.name == "Retirement"]
    assert table.browse


def test_what_asks_at_times_is_told_of_a_user_who_is_not_safe():
    (one,) = rows(section(audit(ON | {ANSWER: "conditionalAccessSomeResources"})), "Retirement")

    assert (one["group"], one["asksOtherwise"]) == ("not safe", "conditionalAccessSomeResources")


@pytest.mark.parametrize(
    ("tenant", "said"),
    [
        (NOBODY_ASKS, "No Conditional Access policy asks all users"),
        ({"derived.allUsersMfaPolicies": Unknown(Reason.NO_PERMISSION)}, "not known (NO_PERMISSION)"),
        (NOBODY_ASKS | {"tenant.securityDefaults.isEnabled": LOST}, "not known (SERVER_ERROR)"),
    ],
)
def test_until_something_asks_everybody_the_head_says_not_yet_and_nobody_is_safe(tenant, said):
    made = section(mixed(tenant=tenant, posture="mixed"))

    assert made.lead[0].startswith("NOT YET: disable nobody's state.")
    assert said in made.lead[0]
    answer = made.facts[0]
    assert answer.value == "NOT YET"
    assert answer.tone in (Tone.BAD, Tone.OPEN)
    assert (answer.tone is Tone.OPEN) == ("not known" in said)
    assert ("--posture per-user" in made.lead[0]) == ("not known" in said)
    assert "Safe to disable" not in facts(made)
    assert facts(made)["Not yet"].value == 1
    assert {one["group"] for one in rows(made, "Retirement")}.isdisjoint({"safe to disable"})
    assert rows(made, "RetirementGroups")[0]["group"] == "not yet"


def test_once_something_does_the_head_says_what():
    by_policy = section(mixed())
    assert by_policy.lead[0] == "All users are asked for MFA on all resources by Conditional Access: All users."
    assert by_policy.facts[0].tone is Tone.GOOD
    assert facts(by_policy)["Safe to disable"].value == 1
    assert "Not yet" not in facts(by_policy)
    for policies in ((), Unknown(Reason.NO_LICENSE)):
        tenant = {"tenant.securityDefaults.isEnabled": True, "derived.allUsersMfaPolicies": policies}
        by_defaults = section(mixed(tenant=tenant))
        assert by_defaults.lead[0].startswith("Security defaults are on")
        assert "NOT YET" not in str(by_defaults)


def test_where_the_state_protects_the_tenant_it_says_so_and_lists_nobody():
    made = section(mixed(tenant=NOBODY_ASKS | {"derived.mfaPolicies": (), "derived.isPerUserMfaInUse": True}))

    assert "the state is what protects" in made.lead[1]
    assert "PUM-01" in made.lead[1]
    assert [one.name for one in made.tables] == ["PerUserStates"]
    found = facts(made)
    assert [
        found[f"Enabled accounts whose state {what}"].value
        for what in ("is disabled", "is enabled", "is enforced", "was not read")
    ] == [1, 1, 4, 1]
    assert found["Enabled accounts whose state is disabled"].tone is Tone.BAD
    assert found["Enabled accounts whose state was not read"].tone is Tone.OPEN


def test_a_posture_that_was_declared_and_is_contradicted_says_so():
    made = section(mixed(posture="per-user"))

    assert "contradicts" in made.lead[0]
    assert [one.name for one in made.tables] == ["PerUserStates"]


def test_programs_are_told_the_same():
    made = per_user_mfa_json(mixed())

    assert json.loads(json.dumps(made)) == made
    assert made["states"][-1] == {
        "state": None,
        "reason": "SERVER_ERROR",
        "users": 2,
        "enabledAccounts": 1,
        "disabledAccounts": 1,
        "enabledNotKnown": 0,
    }
    assert [one["state"] for one in made["states"][:3]] == ["disabled", "enabled", "enforced"]
    assert (made["stateProtectsTenant"], made["allUsersAreAsked"], made["allUsersAreAskedReason"]) == (
        False,
        True,
        None,
    )
    assert made["worklist"][0] == {"group": "safeToDisable", "missing": None, "reason": None, "users": 1}
    assert {
        "group": "notKnown",
        "missing": "registration.isMfaRegistered",
        "reason": "SERVER_ERROR",
        "users": 1,
    } in made["worklist"]
    assert sum(one["users"] for one in made["worklist"]) == 8


def test_programs_are_told_not_yet_and_why():
    unknown = per_user_mfa_json(mixed(tenant={"derived.allUsersMfaPolicies": Unknown(Reason.NO_PERMISSION)}))
    assert (unknown["allUsersAreAsked"], unknown["allUsersAreAskedReason"]) == (None, "NO_PERMISSION")
    assert unknown["worklist"][0]["group"] == "notYet"
    no = per_user_mfa_json(mixed(tenant=NOBODY_ASKS))
    assert (no["allUsersAreAsked"], no["allUsersAreAskedReason"]) == (False, None)
    needed = per_user_mfa_json(mixed(posture="per-user"))
    assert (needed["stateProtectsTenant"], needed["worklist"]) == (True, None)
