"""A fault of whole requests, or of the token for them: asked again, a reason with whoever is concerned, or no audit."""

from collections import Counter

import httpx
import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError
from one_fault import (
    DETAILS,
    IN_A_MINUTE,
    PAGE,
    PREFERS,
    REFUSAL,
    STATE,
    USERS,
    breaks,
    differences,
    request,
    says,
)
from test_soak import NOW

from mfaaudit.errors import Refused, SignInFailed, Unreachable
from mfaaudit.simulated import open_tenant
from mfaaudit.words import Reason


def cut(seen):
    seen.body = seen.body[: len(seen.body) // 2]


def not_what_its_header_says(seen):
    seen.headers["content-encoding"] = "gzip"


EVERYWHERE = {
    "401": says(401, REFUSAL),
    "429 without a pause": says(429, REFUSAL),
    "429 seconds": says(429, REFUSAL, Retry_After="20"),
    "429 a date": says(429, REFUSAL, Retry_After=IN_A_MINUTE),
    "503": says(503, REFUSAL),
    "504": says(504, REFUSAL),
    "error page of a proxy": says(502, PAGE, content_type="text/html"),
    "reset": breaks(httpx.ReadError("reset")),
    "refused": breaks(httpx.ConnectError("refused")),
    "timeout": breaks(httpx.ReadTimeout("slow")),
    "protocol": breaks(httpx.RemoteProtocolError("closed")),
    "compressed wrongly": not_what_its_header_says,
}
IN_JSON = {
    "cut": cut,
    "no JSON": says(200, b"OK"),
    "a page that says 200": says(200, PAGE, content_type="text/html"),
    "nothing": says(200, b""),
}


@pytest.mark.parametrize("name", [*EVERYWHERE, *IN_JSON])
def test_a_fault_of_each_first_request_changes_nothing(name, under, calm):
    # A count is no JSON: see the tests of the population. Reports are five in ten seconds, and fewer after a 429.
    at = r"^(?!.*\$count)" if name in IN_JSON else r"^(?!.*/reports/)" if name.startswith("429") else ""

    found = under(request((EVERYWHERE | IN_JSON)[name], at, times=1))

    assert differences(calm, found) == {}
    assert found.population == calm.population
    assert found.tenant.equals(calm.tenant)
    assert {one.source: one.reasons for one in found.coverage} == {one.source: one.reasons for one in calm.coverage}


LASTING = {
    "403": (says(403, REFUSAL), Reason.NO_PERMISSION),
    "429": (says(429, REFUSAL), Reason.THROTTLED),
    "503": (says(503, REFUSAL), Reason.SERVER_ERROR),
    "timeout": (breaks(httpx.ReadTimeout("slow")), Reason.TIMEOUT),
    "reset": (breaks(httpx.ReadError("reset")), Reason.SERVER_ERROR),
    "cut": (cut, Reason.SERVER_ERROR),
    "no list": (says(200, {}), Reason.SERVER_ERROR),
    "a page that says 200": (says(200, PAGE), Reason.SERVER_ERROR),
}


@pytest.mark.parametrize("name", [name for name in LASTING if name != "429"])
def test_batches_that_stay_refused_leave_the_reason_with_everybody_and_spare_the_rest(name, under, calm):
    becomes, reason = LASTING[name]

    found = under(request(becomes, r"/\$batch"))

    changed = differences(calm, found)
    assert {column.partition("_")[0] for _, column in changed} == {"requirements", "signInPreferences", "derived"}
    assert {value for (_, column), value in changed.items() if column.endswith("_reason")} == {reason.value}
    assert set(found.users[STATE]) == set(found.users[PREFERS]) == {None}
    assert len(found.failures) == 2 * USERS


def test_batches_that_are_throttled_for_good_come_to_an_end(under):
    # A quarter of an hour of nothing but refusals is enough; the clock of `under` allows a day.
    found = under(request(says(429, REFUSAL), r"/\$batch"))

    for name in (STATE, PREFERS):
        assert set(found.users[name]) == {None}
        assert set(found.users[f"{name}_reason"]) <= {Reason.THROTTLED.value, Reason.NOT_REQUESTED.value}
    assert Reason.THROTTLED.value in set(found.users[f"{STATE}_reason"])


NOT_PREMIUM = {"error": {"code": "Authentication_RequestFromNonPremiumTenantOrB2CTenant", "message": "x"}}


@pytest.mark.parametrize("name", ["403", "429", "503", "timeout", "cut", "no licence"])
def test_a_report_that_stays_refused_leaves_the_reason_and_spares_the_rest(name, under, calm):
    becomes, reason = (LASTING | {"no licence": (says(403, NOT_PREMIUM), Reason.NO_LICENSE)})[name]

    found = under(request(becomes, DETAILS))

    changed = differences(calm, found)
    assert {column.partition("_")[0] for _, column in changed} == {"registration"}
    assert set(found.users["registration_isMfaRegistered_reason"]) == {reason.value}


def test_a_licence_that_is_denied_twice_in_error_changes_nothing(under, calm):
    assert differences(calm, under(request(says(403, NOT_PREMIUM), DETAILS, times=2))) == {}


def test_a_report_that_ends_early_leaves_open_who_was_not_on_the_pages_that_came(under, calm):
    found = under(request(says(503, REFUSAL), f"{DETAILS}.*skiptoken"))

    changed = differences(calm, found)
    assert {column.partition("_")[0] for _, column in changed} == {"registration"}
    reasons = Counter(found.users["registration_isMfaRegistered_reason"])
    assert reasons == {None: 20, Reason.SERVER_ERROR.value: USERS - 20}


ALONE = {
    "identitySecurityDefaultsEnforcementPolicy": "/policies/identitySecurity",
    "authenticationMethodsPolicy": "/policies/authenticationMethodsPolicy",
    "conditionalAccessPolicies": "/v1.0/identity/conditionalAccess/policies",
    "conditionalAccessPoliciesBeta": "/beta/identity/conditionalAccess/policies",
    "conditionalAccessPlans": "/beta/identity/conditionalAccess/plans",
    "usersRegisteredByFeature": "/usersRegisteredByFeature",
    "usersRegisteredByMethod": "/usersRegisteredByMethod",
    "getCredentialUserRegistrationCount": "/getCredentialUserRegistrationCount",
    "userRegistrationActivity": "/userRegistrationActivity",
    "userSignInsByAuthMethodSummary": "/userSignInsByAuthMethodSummary",
    "userMfaSignInSummary": "/userMfaSignInSummary",
    "getMetricsForMfaSignInSuccess": "SignInSuccess",
    "getMetricsForMfaSignInFailure": "SignInFailure",
    "roleDefinitions": "/roleDefinitions",
    "roleAssignments": "/roleAssignments",
}


# What enforces MFA for a user, who holds a role and whom a policy leaves out follow from these. Where the policies of
# v1.0 cannot be read, those of beta are all there are.
DECIDING = (
    "roleAssignments",
    "conditionalAccessPoliciesBeta",
    "conditionalAccessPlans",
    "identitySecurityDefaultsEnforcementPolicy",
)


@pytest.mark.parametrize("source", ALONE)
def test_a_source_about_the_tenant_that_stays_down_is_unread_alone(source, under, calm):
    found = under(request(says(503, REFUSAL), ALONE[source]))

    before, after = ({one.source: one.reasons for one in each.coverage} for each in (calm, found))
    assert after == before | {source: {Reason.SERVER_ERROR: 1}}
    concerned = {column.partition("_")[0] for _, column in differences(calm, found)}
    assert concerned == ({"derived"} if source in DECIDING else set())
    assert [(one.source, one.reason, one.status) for one in found.failures] == [(source, Reason.SERVER_ERROR, 503)]


STOPS = {
    "organization 403": (request(says(403, REFUSAL), "/organization"), Refused, "organization"),
    "organization 503": (request(says(503, REFUSAL), "/organization"), Refused, "503"),
    "organization empty": (request(says(200, {"value": []}), "/organization"), Refused, "organization"),
    "nobody answers": (request(breaks(httpx.ConnectError("refused"))), Unreachable, "refused"),
    "batches 401": (request(says(401, REFUSAL), r"/\$batch"), SignInFailed, "no longer accepts"),
    "users 401": (request(says(401, REFUSAL), "/v1.0/users[?]"), Refused, "401"),
    "users 403": (request(says(403, REFUSAL), "/v1.0/users[?]"), Refused, "403"),
    "users 429": (request(says(429, REFUSAL), "/v1.0/users[?]"), Refused, "429"),
    "users cut": (request(cut, "/v1.0/users[?]"), Refused, "users"),
    "users without a list": (request(says(200, {}), "/v1.0/users[?]"), Refused, "users"),
    "second page 503": (request(says(503, REFUSAL), "/v1.0/users.*skiptoken"), Refused, "503"),
    "second page expired": (request(says(400, REFUSAL), "/v1.0/users.*skiptoken"), Refused, "400"),
    "second page reset": (request(breaks(httpx.ReadError("reset")), "/v1.0/users.*skip"), Unreachable, "reset"),
}


@pytest.mark.parametrize("name", STOPS)
def test_without_the_tenant_or_all_of_the_list_there_is_no_audit(name, under, tmp_path):
    fault, problem, told = STOPS[name]

    with pytest.raises(problem, match=told) as caught:
        under(fault)

    assert caught.value.hint
    # Evidence that was broken off is never taken for an audit's.
    assert not list(tmp_path.rglob("run.json"))


def test_a_network_that_is_gone_for_minutes_changes_nothing(under, calm):
    left = [0, 60]

    def fault(_, seen):
        # Lost in the middle, for everybody, and for longer than one request would be tried.
        left[0] += 1
        if left[0] > 20 and left[1]:
            left[1] -= 1
            raise httpx.ConnectError("no route")

    found = under(fault)

    assert left[1] == 0
    assert differences(calm, found) == {}
    assert found.population == calm.population


def test_a_network_that_stays_away_stops_the_audit_and_what_was_read_stays(under, tmp_path):
    asked = []

    def fault(_, seen):
        asked.append(seen.path)
        if len(asked) > 20:
            raise httpx.ConnectError("no route")

    with pytest.raises(Unreachable, match="no connection") as caught:
        under(fault)

    assert "--resume" in caught.value.hint
    assert list(tmp_path.rglob("users.jsonl.gz"))
    assert not list(tmp_path.rglob("run.json"))


class RunsOut:
    """A credential that gives its token for a while."""

    def __init__(self, token, problem, after):
        self.token, self.problem, self.left = token, problem, after

    def get_token(self, *_, **__):
        self.left -= 1
        if self.left < 0:
            raise self.problem
        return AccessToken(self.token, 0)


@pytest.mark.parametrize("after", [0, 1, 9])
@pytest.mark.parametrize(
    ("error_of_library", "problem"),
    [(ClientAuthenticationError("revoked"), SignInFailed), (ServiceRequestError("no route"), Unreachable)],
)
def test_a_token_that_cannot_be_had_any_more_stops_the_audit(error_of_library, problem, after, under, tmp_path):
    token = open_tenant(users=USERS, mood="tidy", now=NOW).access_token()

    with pytest.raises(problem):
        under(lambda *_: None, credential=RunsOut(token, error_of_library, after))

    assert not list(tmp_path.rglob("run.json"))
