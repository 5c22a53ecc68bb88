"""Which permissions of a token are taken for the one that is needed, and fall short of it."""

import pytest

from mfaaudit.evidence.held import narrower, narrower_in_words, sufficient
from mfaaudit.evidence.run import Identity
from mfaaudit.sources import BY_NAME


def holding(*permissions):
    return Identity(
        kind="delegated",
        auth="token",
        app_id="",
        app_name="",
        object_id="",
        user_principal_name="",
        tenant_id="t",
        permissions=permissions,
    )


@pytest.mark.parametrize(
    ("source", "held"),
    [
        ("signInPreferences", "UserAuthenticationMethod.Read"),
        # It writes, and only to the person's own account.
        ("signInPreferences", "UserAuthenticationMethod.ReadWrite"),
        ("signInPreferences", "UserAuthMethod-Phone.Read.All"),
        ("requirements", "Policy.Read.AuthenticationMethod"),
        ("conditionalAccessPolicies", "Policy.Read.IdentityProtection"),
        ("users", "User.Read"),
        ("users", "User.ReadBasic.All"),
        ("userRegistrationDetails", "AuditLogsQuery-Entra.Read.All"),
        ("getMetricsForMfaSignInSuccess", "ReportSettings.Read.All"),
        ("roleAssignments", "RoleEligibilitySchedule.Read.Directory"),
        ("groupMembers", "Group.Read.Selected"),
    ],
)
def test_a_permission_of_the_same_family_is_narrower(source, held):
    identity = holding("openid", held, "profile")

    assert narrower(BY_NAME[source], identity) == (held,)
    said = narrower_in_words(BY_NAME[source], identity, "Wider.Read.All")
    assert f"The token carries {held}" in said
    assert said.endswith("does not cover this: it needs Wider.Read.All.")


@pytest.mark.parametrize(
    ("source", "held"),
    [
        # It suffices.
        ("authenticationMethodsPolicy", "Policy.Read.AuthenticationMethod"),
        ("organization", "User.Read"),
        # Of another family.
        ("signInPreferences", "User.Read"),
        ("userRegistrationDetails", "Reports.Read.All"),
        # Whoever may write policies may read the state.
        ("requirements", "Policy.ReadWrite.AuthenticationMethod"),
        ("signInPreferences", "UserAuthenticationMethod.ReadWrite.All"),
    ],
)
def test_a_permission_that_suffices_or_is_about_something_else_or_is_wider_is_not(source, held):
    assert narrower(BY_NAME[source], holding(held)) == ()
    assert narrower_in_words(BY_NAME[source], holding(held), "Any.Read.All") == ""


def test_several_are_named_with_what_each_covers():
    held = ("UserAuthenticationMethod.Read", "UserAuthMethod-Passkey.Read.All")

    assert narrower_in_words(BY_NAME["signInPreferences"], holding(*held), "UserAuthenticationMethod.Read.All") == (
        "The token carries UserAuthenticationMethod.Read (the signed-in person's own account only), "
        "UserAuthMethod-Passkey.Read.All, which do not cover this: it needs UserAuthenticationMethod.Read.All."
    )


def test_what_suffices_is_told_from_what_does_not():
    identity = holding("Policy.Read.All", "Policy.Read.AuthenticationMethod")

    assert sufficient(BY_NAME["requirements"], identity) == ("Policy.Read.All",)
