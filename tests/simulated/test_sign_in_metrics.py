"""MFA sign-ins by interval: thirty days back, in the documented steps, repeatable."""

from datetime import datetime, timedelta

import pytest

KINDS = ("Success", "Failure")


@pytest.fixture
def ask(get):
    """Asks for a window by its start and end and more arguments."""

    def asking(tenant, kind, start, end, more="", *, version="beta", **how):
        window = (
            f"inclusiveIntervalStartDateTime={start:%Y-%m-%dT%H:%M:%SZ},"
            f"exclusiveIntervalEndDateTime={end:%Y-%m-%dT%H:%M:%SZ}"
        )
        url = f"/{version}/reports/serviceActivity/getMetricsForMfaSignIn{kind}({window}{more})"
        return get(tenant, url, **how)

    return asking


@pytest.fixture
def tenant(open_one):
    """The tidy tenant."""
    return open_one()


@pytest.fixture
def midnight(tenant):
    """The midnight before a Monday."""
    return tenant.directory.now.replace(hour=0, minute=0)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("minutes", [5, 10, 15, 30])
def test_a_day_comes_in_steps_of_what_was_asked_for_without_a_gap(tenant, midnight, ask, kind, minutes):
    start = midnight - timedelta(days=1)

    found = ask(tenant, kind, start, midnight, f",aggregationIntervalInMinutes={minutes}").json()["value"]

    times = [datetime.fromisoformat(row["intervalStartDateTime"]) for row in found]
    assert times == [start + timedelta(minutes=minutes * n) for n in range(24 * 60 // minutes)]
    assert all(isinstance(row["value"], int) and row["value"] >= 0 for row in found)


@pytest.mark.parametrize("kind", KINDS)
def test_the_default_step_is_a_quarter_of_an_hour(tenant, midnight, ask, kind):
    found = ask(tenant, kind, midnight - timedelta(hours=2), midnight).json()["value"]

    assert len(found) == 8


def test_the_step_may_come_as_a_parameter_alias(tenant, midnight, get):
    window = "inclusiveIntervalStartDateTime=2026-03-01T00:00:00Z,exclusiveIntervalEndDateTime=2026-03-01T01:00:00Z"
    call = f"getMetricsForMfaSignInSuccess({window},aggregationIntervalInMinutes=@step)"

    assert len(get(tenant, f"/beta/reports/serviceActivity/{call}?@step=30").json()["value"]) == 2
    assert get(tenant, f"/beta/reports/serviceActivity/{call}").status_code == 400


@pytest.mark.parametrize("minutes", ["0", "1", "7", "60", "-5", "abc", "%C2%B2"])
def test_another_step_is_refused(tenant, midnight, ask, minutes):
    more = f",aggregationIntervalInMinutes={minutes}"

    assert ask(tenant, "Success", midnight - timedelta(days=1), midnight, more).status_code == 400


def test_the_window_holds_its_start_and_not_its_end(tenant, midnight, ask):
    found = ask(tenant, "Success", midnight - timedelta(minutes=30), midnight).json()["value"]

    assert [row["intervalStartDateTime"] for row in found] == ["2026-03-01T23:30:00Z", "2026-03-01T23:45:00Z"]


@pytest.mark.parametrize(
    ("back", "status"),
    [
        (timedelta(days=29, hours=23), 200),
        (timedelta(days=30), 200),
        (timedelta(days=30, minutes=5), 400),
        (timedelta(days=31), 400),
    ],
)
def test_it_reaches_back_thirty_days(tenant, ask, back, status):
    now = tenant.directory.now

    assert ask(tenant, "Success", now - back, now).status_code == status


def test_a_window_must_be_one(tenant, midnight, ask, get):
    url = "/beta/reports/serviceActivity/getMetricsForMfaSignInSuccess"

    assert ask(tenant, "Success", midnight, midnight - timedelta(hours=1)).status_code == 400
    assert get(tenant, f"{url}(inclusiveIntervalStartDateTime=2026-03-01T00:00:00Z)").status_code == 400
    assert (
        get(tenant, f"{url}(inclusiveIntervalStartDateTime=soon,exclusiveIntervalEndDateTime=later)").status_code == 400
    )


def test_the_same_interval_counts_the_same_whatever_the_window(tenant, midnight, ask):
    day, hour = timedelta(days=1), timedelta(hours=1)

    whole = ask(tenant, "Success", midnight - 7 * day, midnight).json()["value"]
    part = ask(tenant, "Success", midnight - 3 * day, midnight - 3 * day + hour).json()["value"]

    assert len(part) == 4
    assert [row for row in whole if row in part] == part


def test_people_work_by_day_and_mostly_succeed(tenant, midnight, ask):
    monday = midnight - timedelta(days=7)

    def total(kind, start, hours):
        window = (start, start + timedelta(hours=hours))
        return sum(row["value"] for row in ask(tenant, kind, *window).json()["value"])

    morning = total("Success", monday + timedelta(hours=7), 4)
    assert morning > 4 * total("Success", monday, 4)
    assert total("Success", monday, 24) > 2 * total("Success", monday - timedelta(days=1), 24)
    assert morning > 5 * total("Failure", monday + timedelta(hours=7), 4) > 0


@pytest.mark.parametrize(("mood", "mark"), [("tidy", "T"), ("messy", " ")])
def test_failures_of_the_messy_tenant_are_dated_as_the_older_page_shows(open_one, midnight, ask, mood, mark):
    asked = open_one(mood=mood)

    rows = {kind: ask(asked, kind, midnight - timedelta(hours=1), midnight).json()["value"] for kind in KINDS}

    assert rows["Success"][0]["intervalStartDateTime"] == "2026-03-01T23:00:00Z"
    stamp = {"T": "2026-03-01T23:00:00Z", " ": "2026-03-01 23:00"}[mark]
    assert rows["Failure"][0]["intervalStartDateTime"] == stamp


@pytest.mark.parametrize("kind", ["delegated", "application"])
def test_it_needs_the_permission_for_reports_which_an_application_may_have(tenant, midnight, ask, code, kind):
    window = (midnight - timedelta(hours=1), midnight)
    tokens = {
        name: tenant.access_token(kind=kind, permissions=[name]) for name in ("Reports.Read.All", "AuditLog.Read.All")
    }

    answers = {name: ask(tenant, "Failure", *window, token=token) for name, token in tokens.items()}

    assert answers["Reports.Read.All"].status_code == 200
    refused = answers["AuditLog.Read.All"]
    assert (refused.status_code, code(refused)) == (403, "Authentication_MSGraphPermissionMissing")


def test_it_is_in_beta_only(tenant, midnight, ask):
    start = midnight - timedelta(hours=1)

    assert ask(tenant, "Success", start, midnight, version="v1.0").status_code == 405
