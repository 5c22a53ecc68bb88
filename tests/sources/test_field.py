"""A value is read as what it is, or is unknown; nothing is made up."""

from datetime import UTC, datetime

import pytest

from mfaaudit.sources import managers
from mfaaudit.sources.field import Field, Kind, read_time
from mfaaudit.vocabulary import FIELDS
from mfaaudit.words import Reason, Unknown

STRANGE, NOT_SENT = Unknown(Reason.UNKNOWN_VALUE), Unknown(Reason.NOT_SENT)


# Of a relation that was asked for, Graph leaves out what is not there: that a user has no manager is a value.
RELATED = {field.name for field in managers.FIELDS}
# Of the type of a row Graph says nothing where it is that of the list; the others are no part of earlier bundles.
SAYS_ITSELF = {field.name for field in FIELDS.values() if field.absent != NOT_SENT}


@pytest.mark.parametrize("name", [name for name in FIELDS if name not in RELATED | SAYS_ITSELF])
def test_an_absent_property_is_unknown_for_every_field(name):
    # An object of which nothing would be said is left out whole; within the object, the same holds.
    left_out = FIELDS[name].within and not FIELDS[name].element
    absent = (FIELDS[name].null if left_out else None) or NOT_SENT
    assert isinstance(absent, Unknown)
    assert FIELDS[name].read({}) == absent
    # An object in the place of a list was sent, and is strange.
    assert FIELDS[name].read({FIELDS[name].within: {}}) == (STRANGE if FIELDS[name].element else NOT_SENT)


def test_what_an_absent_property_means_otherwise():
    not_asked = Unknown(Reason.NOT_REQUESTED)

    assert {name: FIELDS[name].read({}) for name in SAYS_ITSELF} == {
        "user.odataType": "#microsoft.graph.user",
        "user.creationType": not_asked,
        "user.externalUserState": not_asked,
        "user.identitySignInTypes": not_asked,
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            [{"signInType": "federated", "issuer": "x"}, {"signInType": "userPrincipalName"}],
            ("federated", "userPrincipalName"),
        ),
        ([], ()),
        ([{"issuer": "x"}], STRANGE),
        (["federated"], STRANGE),
        ("federated", STRANGE),
        (None, STRANGE),
    ],
)
def test_of_a_list_of_objects_one_property_of_each_is_taken(value, expected):
    assert FIELDS["user.identitySignInTypes"].read({"identities": value}) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("#microsoft.graph.agentUser", "#microsoft.graph.agentUser"),
        ("#microsoft.graph.user", "#microsoft.graph.user"),
        ("#microsoft.graph.robotUser", STRANGE),
        (None, STRANGE),
    ],
)
def test_a_type_that_nobody_knows_is_no_persons(value, expected):
    assert FIELDS["user.odataType"].read({"@odata.type": value}) == expected


FIDO2, ATTESTED = "tenant.authenticationMethods.Fido2", "tenant.authenticationMethods.isAttestationEnforced"
PREFERENCES = "tenant.authenticationMethodsPolicy.systemCredentialPreferences.state"


def methods(*configurations):
    return {"authenticationMethodConfigurations": list(configurations)}


@pytest.mark.parametrize(
    ("name", "policy", "value"),
    [
        (FIDO2, methods({"id": "Sms", "state": "disabled"}, {"id": "Fido2", "state": "enabled"}), "enabled"),
        (FIDO2, methods({"id": "fido2", "state": "disabled"}), "disabled"),
        (ATTESTED, methods({"id": "Fido2", "state": "enabled", "isAttestationEnforced": False}), False),
        # Neither "disabled" nor false: what is not in the list was not said.
        (FIDO2, methods({"id": "Sms", "state": "disabled"}), NOT_SENT),
        (FIDO2, methods(), NOT_SENT),
        (FIDO2, methods(None, "Fido2", {"state": "enabled"}), STRANGE),
        (FIDO2, methods({"id": "Fido2"}), NOT_SENT),
        (FIDO2, methods({"id": "Fido2", "state": "unknownFutureValue"}), STRANGE),
        (FIDO2, methods({"id": "Fido2", "state": None}), STRANGE),
        (FIDO2, methods({"id": "Fido2", "state": "enabled"}, {"id": "Fido2", "state": "enabled"}), STRANGE),
        (FIDO2, {"authenticationMethodConfigurations": None}, STRANGE),
        (FIDO2, {"authenticationMethodConfigurations": {"id": "Fido2", "state": "enabled"}}, STRANGE),
        (ATTESTED, methods({"id": "Fido2", "isAttestationEnforced": None}), STRANGE),
        (ATTESTED, methods({"id": "Sms", "isAttestationEnforced": True}), NOT_SENT),
        (PREFERENCES, {"systemCredentialPreferences": {"state": "default"}}, "default"),
        (PREFERENCES, {"systemCredentialPreferences": {"state": "unknownFutureValue"}}, STRANGE),
        (PREFERENCES, {"systemCredentialPreferences": None}, STRANGE),
    ],
)
def test_a_value_of_the_methods_policy(name, policy, value):
    assert FIELDS[name].read(policy) == value


def test_a_list_that_is_not_there_is_no_null_in_one_of_its_elements():
    field = Field(name="a.b", title="", kind=Kind.BOOLEAN, null=False, within="rows", element="x")

    assert field.read({"rows": [{"id": "X", "b": None}]}) is False
    assert field.read({}) == NOT_SENT
    assert field.read({"rows": None}) == STRANGE


def test_a_migration_without_a_state_is_a_value():
    migration = FIELDS["tenant.authenticationMethodsPolicy.policyMigrationState"]

    assert migration.read({"policyMigrationState": None}) == "none"
    assert migration.read({}) == NOT_SENT
    assert migration.read({"policyMigrationState": "unknownFutureValue"}) == STRANGE


ACTIVITY = "signInActivity.lastSuccessfulSignInDateTime"
NOTHING = Unknown(Reason.OUT_OF_SOURCE_WINDOW)


@pytest.mark.parametrize(
    ("row", "value"),
    [
        (
            {"signInActivity": {"lastSuccessfulSignInDateTime": "2026-03-01T08:00:00Z"}},
            datetime(2026, 3, 1, 8, tzinfo=UTC),
        ),
        # Nobody's sign-ins are an object that is not there, and a sign-in that was none is null, or the first of days.
        ({}, NOTHING),
        ({"signInActivity": None}, NOTHING),
        ({"signInActivity": {"lastSuccessfulSignInDateTime": None}}, NOTHING),
        ({"signInActivity": {"lastSuccessfulSignInDateTime": ""}}, NOTHING),
        ({"signInActivity": {"lastSuccessfulSignInDateTime": "0001-01-01T00:00:00Z"}}, NOTHING),
        ({"signInActivity": {"lastSignInDateTime": "2026-03-01T08:00:00Z"}}, NOT_SENT),
        ({"signInActivity": {"lastSuccessfulSignInDateTime": "last week"}}, STRANGE),
        ({"signInActivity": "never"}, STRANGE),
        ({"signInActivity": []}, STRANGE),
        ({"lastSuccessfulSignInDateTime": "2026-03-01T08:00:00Z"}, NOTHING),
    ],
)
def test_a_value_within_an_object_of_its_row(row, value):
    assert FIELDS[ACTIVITY].read(row) == value


@pytest.mark.parametrize("name", FIELDS)
def test_a_value_of_another_type_is_unknown_for_every_field(name):
    assert FIELDS[name].accept({"an": "object"}) == STRANGE
    assert FIELDS[name].accept(1.5) == STRANGE


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("requirements.perUserMfaState", "enforced", "enforced"),
        ("requirements.perUserMfaState", "Enforced", STRANGE),
        ("requirements.perUserMfaState", "unknownFutureValue", STRANGE),
        ("requirements.perUserMfaState", "", STRANGE),
        ("requirements.perUserMfaState", None, STRANGE),
        ("signInPreferences.isSystemPreferredAuthenticationMethodEnabled", None, STRANGE),
        ("signInPreferences.isSystemPreferredAuthenticationMethodEnabled", "true", STRANGE),
        ("signInPreferences.isSystemPreferredAuthenticationMethodEnabled", 1, STRANGE),
        ("signInPreferences.userPreferredMethodForSecondaryAuthentication", None, "none"),
        ("signInPreferences.userPreferredMethodForSecondaryAuthentication", "", "none"),
        ("signInPreferences.userPreferredMethodForSecondaryAuthentication", "none", "none"),
        ("registration.isAdmin", None, STRANGE),
        ("registration.methodsRegistered", [], ()),
        ("registration.methodsRegistered", ["a", "b"], ("a", "b")),
        ("registration.methodsRegistered", ["a", None], STRANGE),
        ("registration.methodsRegistered", None, STRANGE),
        ("user.userType", None, "none"),
        ("user.onPremisesSyncEnabled", None, False),
        ("user.accountEnabled", None, STRANGE),
        ("user.displayName", None, ""),
        ("user.createdDateTime", "yesterday", STRANGE),
        ("user.createdDateTime", "0001-01-01T00:00:00Z", STRANGE),
        ("user.createdDateTime", "", STRANGE),
        ("user.displayName", "0001-01-01", "0001-01-01"),
    ],
)
def test_what_a_raw_value_is_read_as(name, raw, value):
    assert FIELDS[name].accept(raw) == value


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2023-03-13T19:15:41.6195833Z", datetime(2023, 3, 13, 19, 15, 41, 619583, tzinfo=UTC)),
        ("2023-03-13T19:15:41Z", datetime(2023, 3, 13, 19, 15, 41, tzinfo=UTC)),
        ("2023-03-13T19:15:41+02:00", datetime(2023, 3, 13, 17, 15, 41, tzinfo=UTC)),
        ("2023-01-10 00:20", datetime(2023, 1, 10, 0, 20, tzinfo=UTC)),
        ("2025-02-13T10:17:05", datetime(2025, 2, 13, 10, 17, 5, tzinfo=UTC)),
        ("2023-02-30T00:00:00Z", None),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", None),
        ("", None),
    ],
)
def test_times_as_graph_writes_them(text, time):
    assert read_time(text) == time


def test_a_column_has_no_dot():
    field = Field(name="a.b.c", title="", kind=Kind.TEXT)

    assert (field.column, field.key) == ("a_b_c", "c")
    assert Field(name="a.b.c", title="", kind=Kind.TEXT, key="d").key == "d"
