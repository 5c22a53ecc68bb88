"""One fault at a time through the whole job: it ends, nobody is lost, and only who is concerned differs."""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path

import httpx
import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError
from test_soak import NOW, audit

from mfaaudit.errors import Refused, SignInFailed, Unreachable
from mfaaudit.simulated import open_tenant
from mfaaudit.words import Reason

USERS = 40
STATE, PREFERS = "requirements_perUserMfaState", "signInPreferences_isSystemPreferredAuthenticationMethodEnabled"
FOR_GOOD = 10**9


@dataclass
class Exchange:
    """One request and the answer to it; a fault changes the answer, or raises."""

    path: str
    url: str
    request: bytes
    status: int = 200
    headers: dict = field(default_factory=dict)
    body: bytes = b""

    def says(self, status, body=b"", **headers):
        named = {name.replace("_", "-").lower(): value for name, value in headers.items()}
        self.status, self.headers = status, {"content-type": "application/json"} | named
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()


def disturbed(app, fault):
    """The same application, but for one fault; its collections come in pages of twenty."""

    async def answering(scope, receive, send):
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        query = re.sub(rb"top=999", b"top=20", scope["query_string"])
        seen = Exchange(scope["path"], f"{scope['path']}?{query.decode()}", body)

        async def again():
            return {"type": "http.request", "body": body, "more_body": False}

        async def keep(part):
            if part["type"] == "http.response.start":
                seen.status = part["status"]
                seen.headers = {name.decode(): value.decode() for name, value in part["headers"]}
            else:
                seen.body += part["body"]

        await app(scope | {"query_string": query}, again, keep)
        fault(seen)
        seen.headers.pop("content-length", None)
        raw = [(name.encode(), value.encode()) for name, value in seen.headers.items()]
        await send({"type": "http.response.start", "status": seen.status, "headers": raw})
        await send({"type": "http.response.body", "body": seen.body})

    return answering


@pytest.fixture
def under(tmp_path):
    """Audits the tidy tenant under one fault."""

    def go(fault, users=USERS, **how):
        tenant = open_tenant(users=users, mood="tidy", now=NOW, quota=False)
        app = disturbed(tenant.app, partial(fault, tenant))
        snapshot, findings = audit(app, tenant, tmp_path / "bundle", **how)
        assert {one.counts.total for one in findings.results} == {users, 1}
        return snapshot

    return go


@pytest.fixture(scope="module")
def calm(tmp_path_factory):
    """The undisturbed snapshot."""
    tenant = open_tenant(users=USERS, mood="tidy", now=NOW, quota=False)
    return audit(disturbed(tenant.app, lambda _: None), tenant, tmp_path_factory.mktemp("calm") / "bundle")[0]


def people(snapshot):
    """Every value of every user and its reason, by user; when and in which answer it came is left out."""
    dated = [name for name in snapshot.users.columns if name.endswith(("_readAt", "_requestId"))]
    return {row["user_id"]: row for row in snapshot.users.drop(dated).to_dicts()}


def differences(calm, snapshot):
    """What differs: (user, column) -> the value now. Asserts that nobody is lost and nobody is new."""
    before, after = people(calm), people(snapshot)
    assert list(after) == list(before)
    return {(user, name): row[name] for user, row in after.items() for name in row if row[name] != before[user][name]}


def target(tenant):
    return tenant.directory.accounts[31]


def item(becomes, times=FOR_GOOD, part="requirements"):
    """A fault of one user's read in the answers to its first batches: the entry becomes others, or none."""
    asked = Counter()

    def fault(tenant, seen):
        if not seen.path.endswith("/$batch"):
            return
        url = f"/users/{target(tenant).id}/authentication/{part}"
        ours = [one["id"] for one in json.loads(seen.request)["requests"] if one["url"].endswith(url)]
        asked.update(ours)
        entries = []
        for entry in json.loads(seen.body)["responses"]:
            hit = entry["id"] in ours and asked[entry["id"]] <= times
            entries += becomes(entry, tenant) if hit else [entry]
        seen.body = json.dumps({"responses": entries}).encode()

    return fault


def error(status, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body = {"error": {"code": "x", "message": "x"}}
    return lambda entry, _: [{"id": entry["id"], "status": status, "headers": named, "body": body}]


def but(**changes):
    """The entry with other members; None takes one away."""
    return lambda entry, _: [{name: value for name, value in (entry | changes).items() if value is not None}]


def state(value):
    return lambda entry, _: [entry | {"body": entry["body"] | {"perUserMfaState": value}}]


def one_after_another(*faults):
    """Another fault each time."""
    left = list(faults)
    return lambda entry, tenant: left.pop(0)(entry, tenant)


def lost(_entry, _tenant):
    return []


def other_state(entry):
    wrong = {"enforced": "disabled", "enabled": "enforced", "disabled": "enabled"}
    return entry | {"body": {"perUserMfaState": wrong[entry["body"]["perUserMfaState"]]}}


def twice(entry, _):
    return [entry, entry]


def contradicted(entry, _):
    return [entry, other_state(entry)]


def corrected(entry, _):
    return [other_state(entry), entry]


def then_failing(entry, tenant):
    return [entry, *error(500)(entry, tenant)]


def beside_a_stranger(entry, tenant):
    # Before the true one, in the name of somebody who exists, and of somebody who does not.
    someone = entry["id"].replace(target(tenant).id, tenant.directory.accounts[5].id)
    return [other_state(entry) | {"id": someone + "0"}, other_state(entry) | {"id": "nobody"}, entry, 7, {"id": None}]


IN_A_MINUTE = format_datetime(NOW + timedelta(minutes=1), usegmt=True)
PASSING_ITEMS = {
    "429 without a pause": (error(429), 3),
    "429 seconds": (error(429, Retry_After="20"), 3),
    "429 a fraction": (error(429, Retry_After="0.5"), 3),
    "429 a date": (error(429, Retry_After=IN_A_MINUTE), 3),
    "429 a pause that is none": (error(429, Retry_After="soon"), 3),
    "401": (error(401), 1),
    "503, then 401": (one_after_another(error(503), error(401)), 2),
    "424": (error(424), 4),
    **{str(status): (error(status), 4) for status in (408, 500, 502, 503, 504)},
    "503 with a pause": (error(503, Retry_After="7"), 4),
    "no body": (but(body=None), 4),
    "a string for a body": (but(body="busy"), 4),
    "a list for a body": (but(body=[]), 4),
    "no headers": (but(headers=None), FOR_GOOD),
    "status as text": (but(status="200"), 4),
    "missing": (lost, 4),
    "twice": (twice, FOR_GOOD),
    "twice, the second contradicts": (contradicted, 4),
    "twice, the first is wrong": (corrected, 4),
    "twice, the second failed": (then_failing, 4),
    "beside answers nobody asked for": (beside_a_stranger, FOR_GOOD),
}


@pytest.mark.parametrize("name", PASSING_ITEMS)
def test_a_fault_of_an_item_that_passes_changes_nothing(name, under, calm):
    becomes, times = PASSING_ITEMS[name]

    found = under(item(becomes, times))

    assert differences(calm, found) == {}
    assert found.failures == calm.failures
    assert found.run.throttled == (times if name.startswith("429") else 0)


LASTING_ITEMS = {
    "401": (error(401), Reason.NO_PERMISSION),
    "403": (error(403), Reason.NO_PERMISSION),
    "404": (error(404), Reason.NOT_FOUND),
    "410": (error(410), Reason.NOT_FOUND),
    "429": (error(429, Retry_After="1"), Reason.THROTTLED),
    "400": (error(400), Reason.SERVER_ERROR),
    **{str(status): (error(status), Reason.SERVER_ERROR) for status in (424, 500, 502, 503, 504)},
    "no body": (but(body=None), Reason.SERVER_ERROR),
    "a string for a body": (but(body="busy"), Reason.SERVER_ERROR),
    "missing": (lost, Reason.SERVER_ERROR),
    "a redirect": (error(302), Reason.SERVER_ERROR),
}


@pytest.mark.parametrize("name", LASTING_ITEMS)
def test_a_fault_of_an_item_that_stays_leaves_its_reason_with_that_user_and_source_alone(name, under, calm):
    becomes, reason = LASTING_ITEMS[name]
    user = target(open_tenant(users=USERS, mood="tidy", now=NOW)).id

    found = under(item(becomes))

    assert differences(calm, found) == {(user, STATE): None, (user, f"{STATE}_reason"): reason.value}
    assert [(one.source, one.user_id, one.reason) for one in found.failures] == [("requirements", user, reason)]


@pytest.mark.parametrize("value", ["unknownFutureValue", "Enforced", None, 7], ids=repr)
def test_a_state_that_nobody_has_documented_is_unknown_and_no_failed_read(value, under, calm):
    user = target(open_tenant(users=USERS, mood="tidy", now=NOW)).id

    found = under(item(state(value)))

    assert differences(calm, found) == {(user, STATE): None, (user, f"{STATE}_reason"): Reason.UNKNOWN_VALUE.value}
    assert found.failures == calm.failures


def request(becomes, at="", times=FOR_GOOD):
    """A fault of whole requests to the addresses that match, the first times each is asked."""
    asked = Counter()

    def fault(_, seen):
        if re.search(at, seen.url):
            asked[seen.url] += 1
            if asked[seen.url] <= times:
                becomes(seen)

    return fault


def says(*answer, **headers):
    return lambda seen: seen.says(*answer, **headers)


def breaks(problem):
    def becomes(_):
        raise problem

    return becomes


def cut(seen):
    seen.body = seen.body[: len(seen.body) // 2]


def not_what_its_header_says(seen):
    seen.headers["content-encoding"] = "gzip"


PAGE = b"<!DOCTYPE html><html><body>Bad Gateway</body></html>"
REFUSAL = {"error": {"code": "x", "message": "x"}}
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
    "401": (says(401, REFUSAL), Reason.NO_PERMISSION),
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
    assert {column.partition("_")[0] for _, column in changed} == {"requirements", "signInPreferences"}
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


DETAILS = "/userRegistrationDetails"
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
    "conditionalAccessPolicies": "/conditionalAccess/",
    "usersRegisteredByFeature": "/usersRegisteredByFeature",
    "usersRegisteredByMethod": "/usersRegisteredByMethod",
    "getCredentialUserRegistrationCount": "/getCredentialUserRegistrationCount",
    "getMetricsForMfaSignInSuccess": "SignInSuccess",
    "getMetricsForMfaSignInFailure": "SignInFailure",
    "roleDefinitions": "/roleDefinitions",
    "roleAssignments": "/roleAssignments",
}


@pytest.mark.parametrize("source", ALONE)
def test_a_source_about_the_tenant_that_stays_down_is_unread_alone(source, under, calm):
    found = under(request(says(503, REFUSAL), ALONE[source]))

    before, after = ({one.source: one.reasons for one in each.coverage} for each in (calm, found))
    assert after == before | {source: {Reason.SERVER_ERROR: 1}}
    # Who holds a role is a fact about users; nothing else of theirs comes from here.
    concerned = {column.partition("_")[0] for _, column in differences(calm, found)}
    assert concerned == ({"derived"} if source == "roleAssignments" else set())
    assert [(one.source, one.reason, one.status) for one in found.failures] == [(source, Reason.SERVER_ERROR, 503)]


STOPS = {
    "organization 403": (request(says(403, REFUSAL), "/organization"), Refused, "organization"),
    "organization 503": (request(says(503, REFUSAL), "/organization"), Refused, "503"),
    "organization empty": (request(says(200, {"value": []}), "/organization"), Refused, "organization"),
    "nobody answers": (request(breaks(httpx.ConnectError("refused"))), Unreachable, "refused"),
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


def users_page(change):
    """A fault of the list of users: `change(number, body, tenant)` alters each page as it is sent, from 0."""
    number = iter(range(FOR_GOOD))

    def fault(tenant, seen):
        if seen.path == "/v1.0/users":
            body = json.loads(seen.body)
            change(next(number), body, tenant)
            seen.body = json.dumps(body).encode()

    return fault


def test_an_empty_page_with_a_link_is_not_the_end(under, calm):
    links = []

    def hold_back(number, body, _):
        # The first page comes empty, and its link leads to itself under another address.
        if number == 0:
            links.append(body["@odata.nextLink"].partition("&$skiptoken")[0] + "&again=1")
            body |= {"value": [], "@odata.nextLink": links[0]}

    assert differences(calm, under(users_page(hold_back))) == {}
    assert links


@pytest.mark.parametrize("spelled", [str.lower, str.upper])
def test_a_user_who_comes_again_on_a_later_page_is_one_user_and_is_told(spelled, under, calm):
    def repeat(number, body, tenant):
        if number == 1:
            body["value"].append({"id": spelled(tenant.directory.accounts[3].id), "displayName": "Somebody else"})

    found = under(users_page(repeat))

    assert differences(calm, found) == {}
    assert (found.population.duplicates, found.population.complete) == (1, True)
    assert "1 came twice" in found.population.statement


@pytest.mark.parametrize("row", [{"displayName": "Nobody"}, {"id": None}, {"id": ""}, 7], ids=repr)
def test_a_row_that_names_nobody_makes_the_population_incomplete(row, under, calm):
    def add(number, body, _):
        body["value"] += [row] if number == 1 else []

    found = under(users_page(add))

    assert differences(calm, found) == {}
    assert (found.population.nameless, found.population.complete) == (1, False)
    assert found.population.statement.startswith("INCOMPLETE: 1 row")


HERE = "https://graph.microsoft.com/v1.0/users?$top=20"


@pytest.mark.parametrize("link", ["https://evil.example/v1.0/users?page=2", "/v1.0/users?page=2", 7, "itself"])
def test_a_link_that_leads_elsewhere_or_back_stops_the_audit(link, under):
    def mislead(_, body, __):
        body["@odata.nextLink"] = HERE if link == "itself" else link

    with pytest.raises(Unreachable, match="not followed"):
        under(users_page(mislead))


def test_a_user_deleted_mid_run_is_kept_with_the_reason_and_the_counts_are_told(under, calm):
    missing = [item(error(404)), item(error(404), part="signInPreferences")]

    def late(tenant, seen):
        for one in missing:
            one(tenant, seen)
        # The last page of the list is out when the first read of the user comes to nothing.
        if seen.path.endswith("/$batch") and target(tenant).id.encode() in seen.request:
            tenant.directory.gone.add(target(tenant).id)

    found = under(late)

    user = target(open_tenant(users=USERS, mood="tidy", now=NOW)).id
    changed = differences(calm, found)
    assert {one for one, _ in changed} == {user}
    assert {column.partition("_")[0] for _, column in changed} == {"requirements", "signInPreferences"}
    assert changed[user, f"{STATE}_reason"] == changed[user, f"{PREFERS}_reason"] == Reason.NOT_FOUND.value
    assert (found.population.gone, found.population.complete) == (1, True)
    assert (found.population.count_before, found.population.count_after) == (USERS, USERS - 1)


def counts(*bodies):
    """A fault of the count before the run and of the one after."""
    # What is no number is asked for again, and believed the fifth time.
    left = [one for body in bodies for one in [body] * (5 if body == PAGE else 1)]

    def fault(_, seen):
        if seen.path.endswith("$count"):
            seen.says(200, left.pop(0), content_type="text/plain")

    return fault


@pytest.mark.parametrize(
    ("before", "after", "complete", "told"),
    [
        (b"40", b"41", True, "counted 40 before and 41 after"),
        (b"\xef\xbb\xbf40", b"40", True, "counted 40 before and 40 after"),
        (b"41", b"42", False, "does not agree with the directory's own count"),
        (b"40", PAGE, False, "could not be read before and after"),
        (PAGE, b"40", False, "could not be read before and after"),
    ],
)
def test_a_count_that_disagrees_or_is_none_is_told_and_costs_nobody_a_value(before, after, complete, told, under, calm):
    found = under(counts(before, after))

    assert differences(calm, found) == {}
    assert found.population.complete is complete
    assert told in found.population.statement


def test_a_count_that_is_a_page_of_a_proxy_once_is_asked_for_again(under, calm):
    found = under(request(says(200, PAGE), r"\$count", 1))

    assert differences(calm, found) == {}
    assert found.population.complete


def test_a_count_that_stays_refused_is_told_and_costs_nobody_a_value(under, calm):
    found = under(request(says(503, REFUSAL), r"\$count"))

    assert differences(calm, found) == {}
    assert (found.population.count_before, found.population.count_after) == (None, None)
    assert found.population.statement.startswith("INCOMPLETE")


def report_rows(change):
    """A fault of the registration report's first page: `change(rows, the row of somebody)`."""

    def fault(_, seen):
        if seen.path.endswith(DETAILS) and "skiptoken" not in seen.url:
            body = json.loads(seen.body)
            change(body["value"], body["value"][4])
            seen.body = json.dumps(body).encode()

    return fault


def test_rows_of_the_report_that_are_nobodys_or_come_again_touch_nobody(under, calm):
    def add(rows, row):
        rows += [row | {"isMfaRegistered": not row["isMfaRegistered"]}, {"isMfaCapable": True}, row | {"id": "nobody"}]

    found = under(report_rows(add))

    assert differences(calm, found) == {}
    assert found.orphans[-2:] == ("None", "nobody")


def test_values_of_the_report_that_nobody_has_documented_are_kept_or_unknown_for_that_user_alone(under, calm):
    users = []

    def change(_, row):
        users.append(row["id"])
        row |= {"methodsRegistered": ["quantumHandshake"], "userPreferredMethodForSecondaryAuthentication": "thought"}
        row |= {"isMfaCapable": "yes"}

    changed = differences(calm, under(report_rows(change)))

    assert {user for user, _ in changed} == set(users)
    found = {column.partition("_")[2]: value for (_, column), value in changed.items()}
    assert found["methodsRegistered"] == ["quantumHandshake"]
    assert found["methodsRegistered_unclassified"] is True
    assert found["isMfaCapable"] is None
    assert found["isMfaCapable_reason"] == Reason.UNKNOWN_VALUE.value
    assert found["userPreferredMethodForSecondaryAuthentication_reason"] == Reason.UNKNOWN_VALUE.value


def test_the_matrix_names_every_test_here_and_no_test_that_is_not_there():
    root = Path(__file__).parents[2]
    named = set(re.findall(r"`(tests/\S+\.py)::(\w+)`", (root / "docs" / "faults.md").read_text(encoding="utf-8")))

    there = {
        (file, name)
        for file in {file for file, _ in named}
        for name in re.findall(r"^def (test_\w+)", (root / file).read_text(encoding="utf-8"), re.MULTILINE)
    }
    here = {name for file, name in there if file == "tests/whole/test_faults.py"}
    told = {name for file, name in named if file == "tests/whole/test_faults.py"}
    assert named <= there
    assert here - told == {"test_the_matrix_names_every_test_here_and_no_test_that_is_not_there"}
