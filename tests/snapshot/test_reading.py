"""How the reading went, from the evidence to the tenant's row."""

from datetime import timedelta

import pytest
from evidence_by_hand import NOT_PREMIUM, NOW, answer, batch, count, page, preferring, refusal, registered, user

from mfaaudit.snapshot.metrics import FAILURE, SUCCESS
from mfaaudit.words import Reason

PEOPLE = page("users", [user("a"), user("b"), user("c")])
REPORT, FEATURES = "userRegistrationDetails", "usersRegisteredByFeature"
STATE = {"perUserMfaState": "disabled"}


def told(snapshot, name):
    """A value of the run, or the reason why there is none."""
    row = snapshot.tenant.row(0, named=True)
    column = name if name.startswith("derived_") else f"run_{name}"
    return row[column] if row[f"{column}_reason"] is None else Reason(row[f"{column}_reason"])


def told_all(snapshot, *names):
    return tuple(told(snapshot, name) for name in names)


@pytest.mark.parametrize(
    ("counts", "answers"),
    [
        ([count(3), count(3)], (3, 3, 3, True)),
        ([count(2), count(5)], (3, 2, 5, True)),
        ([count(4), count(4)], (3, 4, 4, False)),
        ([count(3)], (3, 3, Reason.NOT_REQUESTED, False)),
        ([], (3, Reason.NOT_REQUESTED, Reason.NOT_REQUESTED, False)),
        ([count(3), refusal("userCount", 403)], (3, 3, Reason.NO_PERMISSION, False)),
        ([refusal("userCount", 429), count(3)], (3, Reason.THROTTLED, 3, False)),
        ([count("many"), count(0)], (3, Reason.SERVER_ERROR, 0, False)),
    ],
)
def test_the_counts_of_the_directory(taken, counts, answers):
    snapshot = taken(PEOPLE, *counts)

    assert told_all(snapshot, "enumerated", "countBefore", "countAfter", "isPopulationComplete") == answers


def test_the_share_of_answers_is_that_of_the_worse_read_without_those_who_are_gone(taken):
    both = {("requirements", one): STATE for one in "ab"} | {("requirements", "c"): (404, "x")}
    both |= {("signInPreferences", "a"): preferring("a"), ("signInPreferences", "b"): (403, "x")}
    both |= {("signInPreferences", "c"): (404, "x")}

    assert told(taken(PEOPLE, batch(both)), "perUserCoveragePercent") == 50


def test_a_tenant_of_nobody_has_no_share(taken):
    assert told(taken(page("users", [])), "perUserCoveragePercent") is Reason.NOT_REQUESTED


def row(id_, hours, *methods, **properties):
    refreshed = (NOW - timedelta(hours=hours)).isoformat()
    return registered(id_, *methods, lastUpdatedDateTime=refreshed, **properties)


NAMES = ("hasRegistrationReport", "registrationReportAgeHours", "unclassifiedMethods")


@pytest.mark.parametrize(
    ("report", "answers"),
    [
        (
            [page(REPORT, [row("a", 3.5, "sms"), row("b", 30.9, "newThing", "aNewer")])],
            (True, 30, ["aNewer", "newThing"]),
        ),
        # A row of nobody is not judged, and its age is nobody's.
        ([page(REPORT, [row("a", 3, "sms"), row("stranger", 99, "newThing")])], (True, 3, [])),
        ([page(REPORT, [])], (True, Reason.NO_ROW, [])),
        ([page(REPORT, [row("a", 3, "sms")], more=True)], (False, Reason.SERVER_ERROR, Reason.SERVER_ERROR)),
        ([refusal(REPORT, 403, NOT_PREMIUM)], (False, Reason.NO_LICENSE, Reason.NO_LICENSE)),
        ([], (False, Reason.NOT_REQUESTED, Reason.NOT_REQUESTED)),
        # A row that does not say when may be the oldest, and one that does not say what may hold anything.
        (
            [
                page(
                    REPORT, [row("a", 3, "sms"), row("b", 3) | {"lastUpdatedDateTime": None, "methodsRegistered": None}]
                )
            ],
            (True, Reason.UNKNOWN_VALUE, Reason.UNKNOWN_VALUE),
        ),
        ([page(REPORT, [row("a", 3, "sms"), None])], (False, Reason.UNKNOWN_VALUE, Reason.UNKNOWN_VALUE)),
    ],
)
def test_the_registration_report(taken, report, answers):
    assert told_all(taken(PEOPLE, *report), *NAMES) == answers


@pytest.mark.parametrize(
    ("theirs", "percent"),
    [
        (answer(FEATURES, {"userRegistrationFeatureCounts": [{"feature": "mfaCapable", "userCount": 3}]}), 34),
        (
            answer(FEATURES, {"userRegistrationFeatureCounts": [{"feature": "ssprCapable", "userCount": 2}]}),
            Reason.UNKNOWN_VALUE,
        ),
        (refusal(FEATURES, 403, "x"), Reason.NO_PERMISSION),
    ],
)
def test_the_report_against_the_tenants_own_count(taken, theirs, percent):
    report = page(REPORT, [row("a", 3, "sms"), row("b", 3, "sms"), row("c", 3)])

    assert told(taken(PEOPLE, report, theirs), "mfaCapableDifferencePercent") == percent


@pytest.mark.parametrize(
    ("answers", "there", "days"),
    [
        # Of a day without a row it is not known how often anybody signed in.
        ([page(SUCCESS, []), page(FAILURE, [])], True, 0),
        ([page(SUCCESS, []), refusal(FAILURE, 403)], False, Reason.NO_PERMISSION),
        ([page(FAILURE, [])], False, Reason.NOT_REQUESTED),
    ],
)
def test_the_days_of_sign_ins(taken, answers, there, days):
    snapshot = taken(PEOPLE, *answers, metrics_from=NOW - timedelta(days=2), metrics_to=NOW)

    assert told_all(snapshot, "hasSignInMetrics", "signInMetricDays") == (there, days)


def test_administrators_of_whom_report_and_roles_disagree(taken):
    report = page(REPORT, [row("a", 3, isAdmin=True), row("b", 3), row("c", 3)])
    roles = [{"roleDefinitionId": "r", "principalId": "b", "principal": {"@odata.type": "#microsoft.graph.user"}}]

    assert told(taken(PEOPLE, report), "derived_administratorsDifference") is Reason.NOT_REQUESTED
    assert told(taken(page("roleAssignments", roles)), "derived_administratorsDifference") == 2


def test_a_tenant_that_was_read_whole_says_so(tidy):
    _, snapshot = tidy

    assert told_all(snapshot, "enumerated", "countBefore", "countAfter", "isPopulationComplete") == (
        120,
        120,
        120,
        True,
    )
    assert told_all(snapshot, "perUserCoveragePercent", "mfaCapableDifferencePercent") == (100, 0)
    assert told_all(snapshot, "hasRegistrationReport", "hasSignInMetrics", "signInMetricDays") == (True, True, 31)
    assert told_all(snapshot, "unclassifiedMethods", "derived_administratorsDifference") == ([], 0)
    assert 0 <= told(snapshot, "registrationReportAgeHours") < 48
    of_tenant = snapshot.tenant.row(0, named=True)
    assert of_tenant["derived_isSystemPreferredForAllUsers"] is of_tenant["derived_isAuthenticatorLiteOff"] is True
    assert of_tenant["tenant_authenticationMethods_isAttestationEnforced"] is True
    assert of_tenant["tenant_authenticationMethods_HardwareOath"] == "disabled"
    guests = snapshot.users.filter(snapshot.users["user_userType"] == "Guest")
    assert guests.height > 0
    assert set(guests["derived_isMfaTrustedFromHome"]) == {True}


def test_what_an_application_was_not_let_see_is_not_told(forbidden):
    _, snapshot = forbidden

    assert told_all(snapshot, "perUserCoveragePercent", "hasSignInMetrics", "signInMetricDays") == (
        0,
        False,
        Reason.NO_PERMISSION,
    )
    assert told(snapshot, "mfaCapableDifferencePercent") is Reason.NO_PERMISSION
    assert snapshot.tenant["tenant_authenticationMethods_Fido2_reason"].to_list() == [Reason.NO_PERMISSION]
    people = snapshot.users.filter(snapshot.users["user_userType"] == "Guest")
    assert set(people["derived_isMfaTrustedFromHome_reason"]) == {"NO_PERMISSION"}
