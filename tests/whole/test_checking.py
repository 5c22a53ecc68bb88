"""A check asks each source once at most, and what it says would be missing is what an audit then leaves unread."""

import re
from collections import Counter
from dataclasses import replace

import httpx
import pytest
from one_check import check_of, refuse

from mfaaudit.errors import Refused, Unreachable, WrongTenant
from mfaaudit.findings import load_pack, shipped_packs
from mfaaudit.findings.open_rules import fields_of_rule
from mfaaudit.simulated.mood import MOOD, READ_ALL
from mfaaudit.sources import OF_ONE, SOURCES
from mfaaudit.tenant.own_requirements import SOURCE as OWN
from mfaaudit.vocabulary import SOURCE_OF


def shape_of(source):
    """The path of a source as a pattern, with the properties that it selects: several list the users."""
    path, _, query = source.path.partition("?")
    chosen = re.search(r"\$select=[^&]*", query)
    pattern = re.sub(r"\\{\w+\\}", "[^/,]+", re.escape(f"/{source.version}{path}"))
    return re.compile(pattern + re.escape(f"?{chosen[0]}" if chosen else ""))


def asked_for(call):
    """The path of a call, with the properties that it selects."""
    chosen = call.url.params.get("$select")
    return call.url.path + (f"?$select={chosen}" if chosen else "")


@pytest.fixture
def checked(tmp_path, monkeypatch):
    """Checks a tenant where whatever it wrote would be seen."""
    monkeypatch.chdir(tmp_path)
    return check_of


@pytest.mark.parametrize("mood", ["tidy", "messy", "unlicensed", "half-forbidden"])
def test_a_check_makes_one_small_call_a_source_at_most_and_only_reads(checked, mood, tmp_path):
    made = checked(mood)
    # What an audit reads, and beside it the signed-in person's own state.
    shown = (*SOURCES, OWN)
    asked = Counter(
        next(source.name for source in shown if shape_of(source).fullmatch(asked_for(call))) for call in made.calls
    )
    assert set(asked.values()) == {1}
    assert made.found["requests"] == len(made.calls) <= len(shown)
    assert {call.method for call in made.calls} == {"GET"}
    assert {call.url.params["$top"] for call in made.calls if "$top" in call.url.params} == {"1"}
    assert list(tmp_path.iterdir()) == []


def test_the_tidy_tenant_can_be_read_whole_by_a_person(checked):
    made = checked("tidy")
    assert set(made.by_ability) == {"READABLE"}
    assert made.found["missing"] == {"fields": [], "rules": [], "rulesInDoubt": []}
    assert made.found["grant"] == []
    assert made.found["conclusion"]["exitCode"] == 0


def test_what_no_application_may_read_is_told_apart_and_not_asked_for(checked):
    made = checked("tidy", kind="application")
    assert made.by_ability["DELEGATED_ONLY"] == {
        "usersRegisteredByFeature",
        "usersRegisteredByMethod",
        "userRegistrationActivity",
        "userSignInsByAuthMethodSummary",
    }
    # The device registration policy is read by an option, and needs a permission that only an application needs.
    assert made.by_ability["NO_PERMISSION"] == {"deviceRegistrationPolicy"}
    assert set(made.by_ability) == {"READABLE", "DELEGATED_ONLY", "NO_PERMISSION"}
    assert not [call for call in made.calls if "usersRegisteredBy" in call.url.path]
    assert made.found["conclusion"]["exitCode"] == 0
    assert made.found["grant"] == []


def test_half_of_the_permissions_give_exactly_the_rows_that_lack_theirs(checked):
    made = checked("half-forbidden")
    lacking = {
        "Policy.Read.All": {
            "requirements",
            "identitySecurityDefaultsEnforcementPolicy",
            "authenticationMethodsPolicy",
            "conditionalAccessPolicies",
            "conditionalAccessPoliciesBeta",
            "conditionalAccessPlans",
            "conditionalAccessPlanRules",
            "crossTenantAccessPolicyDefault",
            "crossTenantAccessPolicyPartners",
        },
        "Reports.Read.All": {
            "getCredentialUserRegistrationCount",
            "getMetricsForMfaSignInSuccess",
            "getMetricsForMfaSignInFailure",
        },
        "RoleManagement.Read.Directory": {
            "roleAssignments",
            "roleDefinitions",
            "roleEligibilitySchedules",
            "roleManagementPolicyAssignments",
        },
        "Policy.Read.DeviceConfiguration": {"deviceRegistrationPolicy"},
        "GroupMember.Read.All": {"groupMembers", "namedGroups"},
    }
    assert made.by_ability["NO_PERMISSION"] == set().union(*lacking.values())
    for permission, sources in lacking.items():
        for name in sources:
            assert made.rows[name]["needs"] == permission
            assert permission in made.rows[name]["cure"]
            assert made.rows[name]["granted"] == []
    # What only an option reads is no gap of an audit without it.
    assert made.found["grant"] == sorted(set(lacking) - {"Policy.Read.DeviceConfiguration"})
    assert made.found["conclusion"]["exitCode"] == 11


def test_a_licence_is_told_from_a_permission(checked):
    made = checked("unlicensed")
    assert made.by_ability["NO_LICENSE"] == {source.name for source in SOURCES if source.premium}
    assert "NO_PERMISSION" not in made.by_ability
    assert all("licence" in made.rows[name]["why"] for name in made.by_ability["NO_LICENSE"])
    assert made.found["grant"] == []
    assert made.found["conclusion"]["exitCode"] == 11


def test_a_refusal_for_want_of_a_licence_is_not_believed_beside_a_premium_report(checked):
    # The messy tenant is licensed, and refuses the first premium read all the same.
    made = checked("messy")
    assert made.by_ability["COULD_NOT_TELL"] == {"userRegistrationDetails"}
    assert "NO_LICENSE" not in made.by_ability
    assert made.found["missing"]["rules"] == []
    assert {"pack": "baseline", "id": "BASE-01"} in made.found["missing"]["rulesInDoubt"]
    assert made.found["conclusion"]["exitCode"] == 11


@pytest.mark.parametrize("mood", ["tidy", "unlicensed", "half-forbidden"])
def test_what_would_be_missing_is_what_an_audit_leaves_unread(checked, jobs, mood):
    made, results = checked(mood), jobs[mood].results
    # Groups and plans are asked about only where one is known, and what an option reads only if it is given.
    wanted = {one["source"]: one for one in results["coverage"] if one["wanted"]}
    of_each = {source.name for source in OF_ONE}
    assert set(made.rows) - set(wanted) <= of_each | {name for name, row in made.rows.items() if row["option"]}
    unread = {name: set(one["reasons"]) for name, one in wanted.items() if one["unread"] == one["wanted"]}
    reasons = {"DELEGATED_ONLY": "NO_PERMISSION"}
    said = {
        name: {reasons.get(row["ability"], row["ability"])}
        for name, row in made.rows.items()
        if row["ability"] != "READABLE" and name in wanted
    }
    assert said == unread


@pytest.mark.parametrize("mood", ["tidy", "unlicensed", "half-forbidden"])
def test_the_rules_left_open_are_those_that_an_audit_leaves_open_for_everybody(checked, jobs, mood):
    missing, results = checked(mood).found["missing"], jobs[mood].results
    counts = {rule["id"]: rule["counts"] for rule in results["rules"]}
    decided = {name for name, one in counts.items() if one["pass"] + one["fail"] + one["waived"]}
    left_open = {name for name, one in counts.items() if one["notEvaluated"]} - decided
    said = {rule["id"] for rule in missing["rules"]} & set(counts)
    assert not said & decided
    # A rule that applies to nobody stays silent whatever is missing; and single users may be unread besides.
    silent = {name for name, one in counts.items() if not one["notEvaluated"]} - decided
    partly = {one["source"] for one in results["coverage"] if 0 < one["unread"] < one["wanted"]}
    shaken = {
        rule.id
        for name in shipped_packs()
        for pack in [load_pack(name)]
        for rule in pack.rules
        if partly & {SOURCE_OF[field] for field in fields_of_rule(rule)}
    }
    assert said - silent == left_open - (shaken - said)


def test_a_person_with_the_permission_lacks_the_role(checked):
    made = checked("tidy", before=refuse("/authentication/requirements"))
    row = made.rows["requirements"]
    assert (row["ability"], row["needs"]) == ("NO_PERMISSION", "the role Global Reader")
    assert row["granted"] == ["Policy.Read.All"]
    assert "Authentication Policy Administrator" in row["cure"]
    assert made.found["grant"] == []


def test_a_person_with_a_narrower_permission_is_told_which_one_and_which_is_needed(checked):
    permissions = ["UserAuthenticationMethod.Read", "Policy.Read.AuthenticationMethod", "AuditLogsQuery.Read.All"]
    made = checked("tidy", permissions=["User.Read.All", *permissions])
    needed = {
        "signInPreferences": ("UserAuthenticationMethod.Read", "UserAuthenticationMethod.Read.All"),
        "requirements": ("Policy.Read.AuthenticationMethod", "Policy.Read.All"),
        "conditionalAccessPolicies": ("Policy.Read.AuthenticationMethod", "Policy.Read.All"),
        "userRegistrationDetails": ("AuditLogsQuery.Read.All", "AuditLog.Read.All"),
    }
    for name, (held, permission) in needed.items():
        row = made.rows[name]
        assert (row["ability"], row["needs"], row["granted"]) == ("NO_PERMISSION", permission, [])
        assert f"The token carries {held} (" in row["why"]
        assert row["why"].endswith(f"it needs {permission}.")
        assert f"Consent to {permission}" in row["cure"]
    # The narrower permission suffices where the methods policy alone is read.
    assert made.rows["authenticationMethodsPolicy"]["ability"] == "READABLE"
    assert made.rows["roleAssignments"]["why"] == "The token carries no RoleManagement.Read.Directory."


def test_a_person_may_read_their_own_state(checked):
    made = checked("tidy")
    own = made.found["own"]
    assert (own["ability"], own["httpStatus"], own["granted"]) == ("READABLE", 200, ["Policy.Read.All"])
    assert (own["why"], own["cure"]) == ("", "")
    assert own["path"] == "/me/authentication/requirements"
    assert [call.url.path for call in made.calls].count("/beta/me/authentication/requirements") == 1


def test_a_person_who_may_read_their_own_state_alone_lacks_a_role(checked):
    def refused(request):
        return None if "/me/" in request.url.path else refuse("/authentication/requirements")(request)

    made = checked("tidy", before=refused)
    own = made.found["own"]
    assert own["ability"] == "READABLE"
    assert "not that of others" in own["why"]
    assert "Authentication Policy Administrator" in own["cure"]
    assert made.rows["requirements"]["ability"] == "NO_PERMISSION"


def test_a_person_without_the_permission_may_not_read_their_own_state_and_no_exit_code_hangs_on_it(checked):
    own = checked("tidy", permissions=["User.Read.All"]).found["own"]
    assert (own["ability"], own["needs"], own["httpStatus"]) == ("NO_PERMISSION", "Policy.Read.All", 403)

    made = checked("tidy", before=refuse("/me/authentication/requirements"))
    assert made.found["own"]["ability"] == "NO_PERMISSION"
    assert made.found["conclusion"]["exitCode"] == 0


def test_an_application_has_no_state_of_its_own_and_is_not_asked(checked):
    made = checked("tidy", kind="application")
    own = made.found["own"]
    assert (own["ability"], own["needs"], own["httpStatus"]) == ("DELEGATED_ONLY", "a person", None)
    assert not [call for call in made.calls if "/me/" in call.url.path]


def test_one_user_whom_an_application_may_not_read_does_not_prove_a_missing_permission(checked):
    made = checked("tidy", kind="application", before=refuse("/authentication/requirements"))
    assert made.by_ability["COULD_NOT_TELL"] == {"requirements"}
    assert "restricted administrative unit" in made.rows["requirements"]["cure"]


@pytest.mark.parametrize(("cloud", "ability"), [("usgov", "CLOUD_UNSUPPORTED"), ("global", "COULD_NOT_TELL")])
def test_a_report_that_a_national_cloud_does_not_have(checked, cloud, ability):
    def absent(request):
        return refuse(request.url.path, 400, "BadRequest")(request) if "serviceActivity" in request.url.path else None

    made = checked("tidy", before=absent, connection={"cloud": cloud})
    assert made.by_ability[ability] == {"getMetricsForMfaSignInSuccess", "getMetricsForMfaSignInFailure"}


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_service_that_has_a_bad_moment_is_not_asked_twice_and_proves_nothing(checked, status):
    path = "/identity/conditionalAccess/policies"
    made = checked("tidy", before=refuse(path, status, "UnknownError"))
    assert made.by_ability["COULD_NOT_TELL"] == {"conditionalAccessPolicies", "conditionalAccessPoliciesBeta"}
    assert str(status) in made.rows["conditionalAccessPolicies"]["why"]
    asked = [call.url.path for call in made.calls if call.url.path.endswith(path)]
    assert sorted(asked) == [f"/beta{path}", f"/v1.0{path}"]


def test_what_only_an_option_reads_is_asked_about_and_is_no_gap_of_an_audit_without_it(checked):
    permissions = ["User.Read.All", "Policy.Read.All", "UserAuthenticationMethod.Read.All", "AuditLog.Read.All"]
    permissions += ["Reports.Read.All", "RoleManagement.Read.Directory", "GroupMember.Read.All"]
    everything = checked("tidy", permissions=permissions)
    assert {row["option"]: name for name, row in everything.rows.items() if row["option"]} == {
        "--collect verified-bulk": "listedStates",
        "--with-signin-activity": "signInActivity",
        "--with-eligible-roles": "roleEligibilitySchedules",
        "--with-managers": "managers",
        "--with-role-policies": "roleManagementPolicyAssignments",
        "--with-device-registration": "deviceRegistrationPolicy",
    }

    made = checked("tidy", before=refuse("/roleEligibilitySchedules"))
    row = made.rows["roleEligibilitySchedules"]
    assert (row["ability"], row["fields"]) == (
        "NO_PERMISSION",
        ["derived.eligibleRoles", "derived.isAskedEverywhereOnActivation"],
    )
    assert made.found["missing"] == {"fields": [], "rules": [], "rulesInDoubt": []}
    assert made.found["grant"] == []
    assert made.found["conclusion"]["exitCode"] == 0
    assert made.found["conclusion"]["statement"].endswith("only by --with-eligible-roles.")


def test_a_tenant_without_p2_has_no_eligible_roles_to_read_and_says_so_in_its_own_way(checked):
    made = checked("tidy", before=refuse("/roleEligibilitySchedules", 400, "AadPremiumLicenseRequired"))
    row = made.rows["roleEligibilitySchedules"]
    assert (row["ability"], row["needs"]) == ("NO_LICENSE", "Microsoft Entra ID P2")
    assert made.found["conclusion"]["exitCode"] == 0


def test_users_that_cannot_be_listed_end_it_but_everything_else_is_still_told(checked):
    made = checked("tidy", permissions=["Policy.Read.All", "AuditLog.Read.All"])
    assert made.found["conclusion"]["exitCode"] == 1
    assert made.by_ability["NO_PERMISSION"] >= {"organization", "users", "userCount"}
    assert {"userRegistrationDetails", "conditionalAccessPolicies"} <= made.by_ability["READABLE"]
    # There is nobody to ask about.
    assert "requirements" in made.by_ability["COULD_NOT_TELL"]
    assert "User.Read.All" in made.found["grant"]


def test_a_token_that_is_not_taken(checked):
    with pytest.raises(Refused, match="401"):
        checked("tidy", lifetime_seconds=-60)


def test_the_wrong_tenant(checked):
    with pytest.raises(WrongTenant, match=r"contoso\.example"):
        checked("tidy", connection={"tenant": "contoso.example"})


def test_nobody_there(checked):
    def dead(_):
        raise httpx.ConnectError("refused")

    with pytest.raises(Unreachable):
        checked("tidy", before=dead)


def test_the_members_that_a_token_may_not_see_are_named_where_they_would_be_read(checked):
    row = checked("tidy").rows["groupMembers"]
    assert row["ability"] == "READABLE"
    assert "hidden membership" in row["why"]
    assert "Member.Read.Hidden" in row["cure"]

    seen = checked("tidy", permissions=[*READ_ALL, "Member.Read.Hidden"]).rows["groupMembers"]
    assert ("hidden" in seen["why"], seen["cure"]) == (False, "")


def test_a_service_without_plans_has_none(checked):
    row = checked("tidy").rows["conditionalAccessPlans"]
    assert (row["ability"], row["httpStatus"], row["fields"]) == ("READABLE", 400, [])


@pytest.mark.parametrize("kind", ["AAD", "AAD B2C", "CIAM", None])
def test_the_type_of_the_tenant_is_told_as_graph_spells_it(monkeypatch, kind):
    monkeypatch.setitem(MOOD, "other", replace(MOOD["tidy"], tenant_type=kind))
    assert check_of("other", users=20).found["tenant"]["type"] == kind
