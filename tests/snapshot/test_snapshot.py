"""A snapshot holds what Graph said: each value in its column, or the reason beside it, and never both or neither."""

from datetime import UTC, datetime

import polars as pl
import pytest
from evidence_by_hand import NOT_PREMIUM, NOW, answer, batch, page, refusal, registered, user

from mfaaudit.declared.fields import FIELDS as DECLARED
from mfaaudit.errors import BundleProblem
from mfaaudit.snapshot import take
from mfaaudit.sources.field import NONE, Scope
from mfaaudit.vocabulary import FIELDS
from mfaaudit.words import Reason

READ = [field for field in FIELDS.values() if field not in DECLARED]
OF_USERS = [field for field in READ if field.scope is Scope.USER]
OF_TENANT = [field for field in READ if field.scope is Scope.TENANT]
STRANGE = Reason.UNKNOWN_VALUE
NOT_SENT = Reason.NOT_SENT


def seen(snapshot, column):
    """The first user's value, or the reason why there is none."""
    row = snapshot.users.row(0, named=True)
    return row[column] if row[f"{column}_reason"] is None else Reason(row[f"{column}_reason"])


@pytest.mark.parametrize("mood", ["tidy", "forbidden"])
def test_every_value_is_there_or_its_reason_is(request, mood):
    _, snapshot = request.getfixturevalue(mood)

    for frame, fields in ((snapshot.users, OF_USERS), (snapshot.tenant, OF_TENANT)):
        for field in fields:
            missing, reasons = frame[field.column].is_null(), frame[f"{field.column}_reason"]
            assert (missing == reasons.is_not_null()).all(), field.name
            assert set(reasons.drop_nulls()) <= set(Reason), field.name


def test_the_snapshot_says_of_each_user_what_the_directory_holds(tidy):
    tenant, snapshot = tidy
    rows = {row["user_id"]: row for row in snapshot.users.iter_rows(named=True)}

    assert len(rows) == len(tenant.directory.accounts)
    for one in tenant.directory.accounts:
        row = rows[one.id]
        assert row["requirements_perUserMfaState"] == one.state
        assert row["signInPreferences_isSystemPreferredAuthenticationMethodEnabled"] == one.system_preferred
        assert row["signInPreferences_userPreferredMethodForSecondaryAuthentication"] == (one.preferred or NONE)
        assert row["user_accountEnabled"] == one.enabled
        assert row["user_userType"] == (one.user_type or NONE)
        assert row["user_department"] == (one.department or "")
        assert row["registration_methodsRegistered"] == (list(one.methods) if one.enabled else None)
        assert row["registration_isMfaRegistered"] == (one.registered if one.enabled else None)
        assert sorted(row["derived_roles"]) == sorted({*one.roles, *one.group_roles})


def test_the_tenant_is_one_row(tidy):
    _, snapshot = tidy

    assert snapshot.tenant.height == 1
    row = snapshot.tenant.row(0, named=True)
    assert row["tenant_securityDefaults_isEnabled"] is False
    assert row["derived_allUsersMfaPolicies"] == []
    assert row["derived_isPerUserMfaInUse"] is True
    assert snapshot.role_names["62e90394-69f5-4237-9190-012177145e10"] == "Global Administrator"


def test_the_same_evidence_gives_the_same_snapshot(audit):
    _, folder = audit("tidy")
    one, other = take(folder), take(folder)

    assert one.users.equals(other.users)
    assert one.tenant.equals(other.tenant)
    assert (one.population, one.coverage, one.registration, one.metrics, one.failures) == (
        other.population,
        other.coverage,
        other.registration,
        other.metrics,
        other.failures,
    )


def test_every_column_has_one_type_whatever_was_read(tidy, forbidden):
    assert tidy[1].users.schema == forbidden[1].users.schema
    assert tidy[1].users.schema["registration_methodsRegistered"] == pl.List(pl.String)
    assert tidy[1].users.schema["user_createdDateTime"] == pl.Datetime("us", "UTC")


def test_evidence_without_the_facts_of_its_run_is_that_of_a_broken_audit(tmp_path):
    (tmp_path / "evidence").mkdir()

    with pytest.raises(BundleProblem, match="no finished audit"):
        take(tmp_path / "evidence")


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ({"perUserMfaState": "disabled"}, "disabled"),
        # A word of tomorrow, another spelling, nothing, another property: all unknown, none of them "disabled".
        ({"perUserMfaState": "unknownFutureValue"}, STRANGE),
        ({"perUserMfaState": "Disabled"}, STRANGE),
        ({"perUserMfaState": None}, STRANGE),
        ({"perUserMfaState": ["enforced"]}, STRANGE),
        ({"state": "enforced"}, NOT_SENT),
        ({}, NOT_SENT),
    ],
)
def test_the_per_user_state_is_one_of_three_words_or_unknown(taken, body, value):
    snapshot = taken(page("users", [user("a")]), batch({("requirements", "a"): body}))

    assert seen(snapshot, "requirements_perUserMfaState") == value
    # Graph did answer: the read is no gap, even if its value is.
    assert next(one for one in snapshot.coverage if one.source == "requirements").read == 1


@pytest.mark.parametrize(
    ("body", "enabled", "preferred"),
    [
        ({"isSystemPreferredAuthenticationMethodEnabled": True}, True, NOT_SENT),
        ({"isSystemPreferredAuthenticationMethodEnabled": "true"}, STRANGE, NOT_SENT),
        ({"userPreferredMethodForSecondaryAuthentication": None}, NOT_SENT, NONE),
        ({"userPreferredMethodForSecondaryAuthentication": ""}, NOT_SENT, NONE),
        ({"userPreferredMethodForSecondaryAuthentication": "push"}, NOT_SENT, "push"),
        ({"userPreferredMethodForSecondaryAuthentication": "carrierPigeon"}, NOT_SENT, STRANGE),
    ],
)
def test_one_property_that_is_unknown_leaves_the_other(taken, body, enabled, preferred):
    snapshot = taken(page("users", [user("a")]), batch({("signInPreferences", "a"): body}))

    assert seen(snapshot, "signInPreferences_isSystemPreferredAuthenticationMethodEnabled") == enabled
    assert seen(snapshot, "signInPreferences_userPreferredMethodForSecondaryAuthentication") == preferred


def test_answers_find_their_users_in_any_case_and_strangers_find_nobody(taken):
    reads = batch({("requirements", "AB"): {"perUserMfaState": "enforced"}, ("requirements", "x"): {"a": 1}})
    rows = page("userRegistrationDetails", [registered("aB", "sms"), registered("x", "sms")])
    snapshot = taken(page("users", [user("ab"), user("c")]), reads, rows)

    assert snapshot.users["user_id"].to_list() == ["ab", "c"]
    assert snapshot.users["requirements_perUserMfaState"].to_list() == ["enforced", None]
    assert snapshot.users["registration_methodsRegistered"].to_list() == [["sms"], None]
    assert snapshot.orphans == ("x",)


def test_a_user_with_two_rows_in_the_report_has_the_first(taken):
    rows = [registered("a", "sms"), registered("a", "fido2SecurityKey")]
    snapshot = taken(page("users", [user("a")]), page("userRegistrationDetails", rows))

    assert snapshot.users["registration_methodsRegistered"].to_list() == [["sms"]]


def test_a_method_that_nobody_has_classified_is_kept_and_marked(taken):
    rows = [registered("a", "sms", "methodOfTheFuture"), registered("b", "sms"), registered("c")]
    people = page("users", [user(one) for one in "abcd"])
    snapshot = taken(people, page("userRegistrationDetails", rows))

    assert snapshot.users["registration_methodsRegistered"].to_list()[0] == ["sms", "methodOfTheFuture"]
    assert snapshot.users["registration_methodsRegistered_unclassified"].to_list() == [True, False, False, None]


def test_every_value_can_be_found_in_the_evidence(taken):
    snapshot = taken(
        page("users", [user("a"), user("b")], attempt=2),
        batch({("requirements", "a"): {"perUserMfaState": "enforced"}}, attempt=3),
        page("userRegistrationDetails", [registered("b")], attempt=4),
    )
    row = snapshot.users.rows(named=True)

    assert [one["user_requestId"] for one in row] == ["users-2", "users-2"]
    assert [one["requirements_requestId"] for one in row] == ["$batch-3", None]
    assert [one["registration_requestId"] for one in row] == [None, "userRegistrationDetails-4"]
    assert row[0]["requirements_readAt"] == datetime(2026, 3, 10, 9, 0, 3, tzinfo=UTC)
    assert row[1]["signInPreferences_readAt"] is None
    assert row[1]["registration_readAt"] > NOW


DEFAULTS, DEFAULTS_ON = "identitySecurityDefaultsEnforcementPolicy", "tenant_securityDefaults_isEnabled"
METHODS, MIGRATION = (
    "authenticationMethodsPolicy",
    "tenant_authenticationMethodsPolicy_policyMigrationState",
)
ACCESS, POLICIES = "conditionalAccessPolicies", "derived_allUsersMfaPolicies"


@pytest.mark.parametrize(
    ("given", "column", "value", "reason"),
    [
        (answer(DEFAULTS, {"isEnabled": True}), DEFAULTS_ON, True, None),
        (answer(DEFAULTS, {}), DEFAULTS_ON, None, NOT_SENT),
        (answer(DEFAULTS, []), DEFAULTS_ON, None, Reason.SERVER_ERROR),
        (refusal(DEFAULTS, 403, "accessDenied"), DEFAULTS_ON, None, Reason.NO_PERMISSION),
        (answer(METHODS, {"policyMigrationState": "preMigration"}), MIGRATION, "preMigration", None),
        (answer(METHODS, {"policyMigrationState": "half"}), MIGRATION, None, STRANGE),
        # Of policies that only beta lists nothing is known here.
        (page(ACCESS, []), POLICIES, None, Reason.NOT_REQUESTED),
        (page(ACCESS, [None]), POLICIES, None, STRANGE),
        (page(ACCESS, [], more=True), POLICIES, None, Reason.SERVER_ERROR),
        (refusal(ACCESS, 403, NOT_PREMIUM), POLICIES, None, Reason.NO_LICENSE),
    ],
)
def test_what_is_known_of_the_tenant(taken, given, column, value, reason):
    row = taken(page("users", [user("a")]), given).tenant.row(0, named=True)

    assert (row[column], row[f"{column}_reason"]) == (value, reason)


def test_roles_come_through_groups_from_the_evidence_to_the_users(taken):
    group = {"@odata.type": "#microsoft.graph.group"}
    person = {"@odata.type": "#microsoft.graph.user"}
    assignments = [
        {"roleDefinitionId": "r1", "principalId": "A", "principal": person},
        {"roleDefinitionId": "r2", "principalId": "G", "principal": group},
    ]
    members = page("groupMembers", [{"id": "b"}, {"id": "A"}], url="https://x/v1.0/groups/g/transitiveMembers")
    people = page("users", [user(one) for one in "abc"])
    snapshot = taken(people, page("roleAssignments", assignments), members)

    assert snapshot.users["derived_roles"].to_list() == [["r1", "r2"], ["r2"], []]
