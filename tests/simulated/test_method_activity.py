"""The reports of how methods are used: their periods, who may read them, newer words, and awkward rows."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

USE = "/beta/reports/authenticationMethods"
ACTIVITY, BY_METHOD, BY_DAY = "userRegistrationActivity", "userSignInsByAuthMethodSummary", "userMfaSignInSummary"
EVOLVED = {"Prefer": "include-unknown-enum-members"}
OWN = "/beta/me/authentication/requirements"


@pytest.fixture
def rows_of(get):
    """The rows of one report; a messy tenant denies its licence once."""

    def reading(tenant, path, **how):
        get(tenant, f"{USE}/{path}", **how)
        answer = get(tenant, f"{USE}/{path}", **how)
        assert answer.status_code == 200, answer.text
        return answer.json()["value"]

    return reading


@pytest.mark.parametrize("name", [ACTIVITY, BY_METHOD])
def test_a_longer_period_counts_more(open_one, rows_of, name):
    tenant = open_one()
    counted = "successfulActivityCount" if name == ACTIVITY else "successActivityCount"

    day, week, month = (
        sum(row[counted] for row in rows_of(tenant, f"{name}(period='{one}')")) for one in ("d1", "d7", "d30")
    )

    assert 0 < day < week < month


@pytest.mark.parametrize("name", [ACTIVITY, BY_METHOD])
@pytest.mark.parametrize("arguments", ["()", "(period='d90')", "(period='d7',other='x')"])
def test_another_period_is_refused(open_one, get, name, arguments):
    assert get(open_one(users=10), f"{USE}/{name}{arguments}").status_code == 400


def test_the_days_come_as_a_list_without_a_period_or_a_query(open_one, get, rows_of):
    tenant = open_one(users=60)
    found = rows_of(tenant, BY_DAY)

    days = [datetime.fromisoformat(row["createdDateTime"]).date() for row in found]
    assert days == [tenant.directory.now.date() - timedelta(days=back) for back in range(1, 31)]
    assert all(row["totalSignIns"] == row["singleFactorSignIns"] + row["multiFactorSignIns"] for row in found)
    assert get(tenant, f"{USE}/{BY_DAY}(period='d30')").status_code == 400
    assert get(tenant, f"{USE}/{BY_DAY}?$top=5").status_code == 400


@pytest.mark.parametrize("path", [f"{ACTIVITY}(period='d30')", f"{BY_METHOD}(period='d30')", BY_DAY])
def test_they_are_in_beta_only_and_an_application_may_read_the_days_alone(open_one, get, path):
    tenant = open_one(users=10)
    tokens = {
        kind: tenant.access_token(kind=kind, permissions=["AuditLog.Read.All"]) for kind in ("delegated", "application")
    }

    assert get(tenant, f"/v1.0/reports/authenticationMethods/{path}").status_code == 405
    assert get(tenant, f"{USE}/{path}", token=tokens["delegated"]).status_code == 200
    assert get(tenant, f"{USE}/{path}", token=tokens["application"]).status_code == (200 if path == BY_DAY else 403)
    other = tenant.access_token(permissions=["Reports.Read.All"])
    assert get(tenant, f"{USE}/{path}", token=other).status_code == 403


@pytest.mark.parametrize(("name", "key"), [(ACTIVITY, "authMethod"), (BY_METHOD, "authenticationMethod")])
def test_a_newer_method_is_named_only_to_who_asks_for_newer_members(open_one, rows_of, name, key):
    tenant = open_one(users=10)

    plain = {row[key] for row in rows_of(tenant, f"{name}(period='d30')")}
    named = {row[key] for row in rows_of(tenant, f"{name}(period='d30')", headers=EVOLVED)}

    assert plain - named == {"unknownFutureValue"}
    assert named - plain == {"externalAuthMethod"}


def test_the_messy_reports_repeat_contradict_leave_out_and_hold_nulls(open_one, rows_of):
    tenant = open_one(mood="messy")
    activity = rows_of(tenant, f"{ACTIVITY}(period='d30')", headers=EVOLVED)
    days = rows_of(tenant, BY_DAY)

    assert max(Counter(row["id"] for row in activity).values()) == 2
    assert max(Counter((row["feature"], row["authMethod"]) for row in activity).values()) == 2
    assert {row["feature"] for row in activity} == {"registration", "reset", "recovery"}
    assert None in {row["authMethod"] for row in activity}
    assert None in {row["failureActivityCount"] for row in activity}
    assert (len(days), len({row["createdDateTime"] for row in days})) == (30, 29)
    assert [row for row in days if row["totalSignIns"] != row["singleFactorSignIns"] + row["multiFactorSignIns"]]


def test_a_person_has_requirements_of_their_own_and_an_application_has_none(open_one, get, code):
    tenant = open_one(users=10)
    answers = {
        kind: get(tenant, OWN, token=tenant.access_token(kind=kind, permissions=["Policy.Read.All"]))
        for kind in ("delegated", "application")
    }

    assert answers["delegated"].json()["perUserMfaState"] == "enforced"
    assert answers["delegated"].json()["@odata.context"].endswith("/authentication/requirements")
    assert (answers["application"].status_code, code(answers["application"])) == (400, "BadRequest")
    assert get(tenant, OWN, token=tenant.access_token(permissions=["User.Read"])).status_code == 403
    assert get(tenant, OWN.replace("beta", "v1.0")).status_code == 405
