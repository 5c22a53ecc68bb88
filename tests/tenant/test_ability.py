"""Whether a source can be read: what one answer says together with the claims of the token."""

import json
from datetime import UTC, datetime

import pytest

from mfaaudit.evidence.response import NOT_PREMIUM, Response
from mfaaudit.sources import BY_NAME, SOURCES
from mfaaudit.tenant.ability import FEWEST, Ability, Case, finding_of
from mfaaudit.tenant.claims import identity_of


def answer(status, body=None, problem=""):
    return Response(
        source="any",
        method="GET",
        url="https://graph.microsoft.com/",
        read_at=datetime(2026, 1, 1, tzinfo=UTC),
        status=status,
        problem=problem,
        body=json.dumps(body).encode(),
    )


def error(status, code):
    return answer(status, {"error": {"code": code, "message": "No."}})


def found(name, response, claims, **more):
    identity = identity_of(claims, auth="token")
    return finding_of(Case(source=BY_NAME[name], identity=identity, cloud="global", response=response, **more))


def test_eight_permissions_suffice_for_everything_and_all_of_them_only_read():
    assert set(FEWEST.values()) == {
        "User.Read.All",
        "Policy.Read.All",
        "UserAuthenticationMethod.Read.All",
        "AuditLog.Read.All",
        "Reports.Read.All",
        "RoleManagement.Read.Directory",
        "GroupMember.Read.All",
        # A person needs it not: Policy.Read.All is enough.
        "Policy.Read.DeviceConfiguration",
    }
    assert all(FEWEST[source.name] in source.permissions for source in SOURCES)


@pytest.mark.parametrize(
    ("claims", "needs", "words"),
    [
        ({"scp": "User.Read"}, "Policy.Read.All", "Consent"),
        ({"scp": "Policy.Read.All"}, "the role Global Reader", "Assign the person the role"),
        ({"roles": []}, "Policy.Read.All", "Grant the application"),
        ({"roles": ["Policy.Read.All"]}, "", "policy that restricts the application"),
        ({}, "Policy.Read.All", "a person also needs the role"),
    ],
)
def test_the_same_refusal_has_another_cure_for_each_identity(claims, needs, words):
    one = found("conditionalAccessPolicies", error(403, "accessDenied"), claims)
    assert (one.ability, one.needs) == (Ability.NO_PERMISSION, needs)
    assert words in one.cure


def test_a_report_that_names_the_role_lacks_the_role_whatever_the_token_says():
    one = found("userRegistrationDetails", error(403, "Authentication_RequestFromUnsupportedUserRole"), {"scp": ""})
    assert one.needs == "the role Reports Reader"


@pytest.mark.parametrize(
    ("name", "roles"),
    [
        (
            "getMetricsForMfaSignInFailure",
            "Reports Reader or Security Reader or Security Operator or Security Administrator or Global Reader",
        ),
        ("userRegistrationActivity", "Reports Reader or Security Reader or Security Administrator or Global Reader"),
        ("usersRegisteredByMethod", "Reports Reader or Security Reader or Security Administrator or Global Reader"),
    ],
)
def test_every_role_that_may_read_a_report_is_named(name, roles):
    one = found(name, error(403, "Authentication_RequestFromUnsupportedUserRole"), {"scp": "Reports.Read.All"})
    assert one.cure == f"Assign the person the role {roles}."


@pytest.mark.parametrize(
    "claims", [{"scp": "User.Read Policy.Read.PermissionGrant"}, {"roles": ["Policy.Read.PermissionGrant"]}]
)
def test_a_narrower_permission_is_named_beside_the_one_that_is_needed(claims):
    one = found("conditionalAccessPolicies", error(403, "accessDenied"), claims)
    assert one.needs == "Policy.Read.All"
    assert one.why == (
        "The token carries Policy.Read.PermissionGrant (consent policies only), which does not cover this: it needs "
        "Policy.Read.All."
    )


@pytest.mark.parametrize(
    ("roles", "elsewhere", "ability", "more"),
    [
        (["AuditLog.Read.All"], False, Ability.NO_LICENSE, ""),
        ([], False, Ability.NO_LICENSE, "AuditLog.Read.All is lacking as well."),
        (["AuditLog.Read.All"], True, Ability.COULD_NOT_TELL, "another report"),
    ],
)
def test_a_licence_that_is_lacking(roles, elsewhere, ability, more):
    one = found("userRegistrationDetails", error(403, NOT_PREMIUM), {"roles": roles}, premium_elsewhere=elsewhere)
    assert one.ability is ability
    assert more in one.why


@pytest.mark.parametrize(
    ("name", "response"),
    [
        ("users", answer(200, {"error": "none"})),
        ("users", answer(200, ["value"])),
        ("userCount", answer(200, "many")),
        ("identitySecurityDefaultsEnforcementPolicy", answer(200, None)),
        ("users", answer(0, problem="ReadTimeout: ")),
        ("users", error(401, "InvalidAuthenticationToken")),
        ("requirements", error(404, "Request_ResourceNotFound")),
    ],
)
def test_an_answer_that_proves_nothing_is_not_taken_for_a_yes_or_a_no(name, response):
    one = found(name, response, {"roles": list(FEWEST.values())})
    assert one.ability is Ability.COULD_NOT_TELL
    assert one.why


@pytest.mark.parametrize(
    ("name", "status", "roles", "ability"),
    [
        ("groupMembers", 404, ["GroupMember.Read.All"], Ability.READABLE),
        ("groupMembers", 404, [], Ability.COULD_NOT_TELL),
        ("groupMembers", 403, [], Ability.NO_PERMISSION),
        ("requirements", 404, ["Policy.Read.All"], Ability.COULD_NOT_TELL),
        ("requirements", 403, [], Ability.NO_PERMISSION),
    ],
)
def test_where_nobody_is_known_to_ask_about_only_a_refusal_counts(name, status, roles, ability):
    assert found(name, error(status, ""), {"roles": roles}, named=False).ability is ability
