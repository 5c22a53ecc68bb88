"""A recheck under faults: what could not be read is said to be so, and is never taken for a cure."""

import json
import re
from collections import Counter

import pytest
from rechecks_by_hand import NOW, Log, audit, outcomes_of, recheck

from mfaaudit.bundle import EVIDENCE, RECHECK
from mfaaudit.errors import BundleProblem, SignInFailed, UsageProblem, WrongTenant
from mfaaudit.rechecking.outcome import Outcome
from mfaaudit.simulated import open_tenant
from mfaaudit.words import Verdict

REFUSED = {"error": {"code": "accessDenied", "message": "x"}}


def answering(app, status, at, times=10**9, **headers):
    """The application, but for the requests, or the items of a batch, whose address matches."""
    asked = Counter()

    async def faulty(scope, receive, send):
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        parts = []

        async def again():
            return {"type": "http.request", "body": body, "more_body": False}

        async def keep(part):
            parts.append(part)

        await app(scope, again, keep)
        start, content = parts[0], b"".join(part.get("body", b"") for part in parts[1:])
        if scope["path"].endswith("$batch"):
            urls = {one["id"]: one["url"] for one in json.loads(body)["requests"]}
            answer = json.loads(content)
            for one in answer["responses"]:
                if hits(urls[one["id"]]):
                    one |= {"status": status, "headers": headers, "body": REFUSED}
            content = json.dumps(answer).encode()
        elif hits(scope["path"]):
            raw = [(name.encode(), value.encode()) for name, value in headers.items()]
            start, content = (
                {"type": "http.response.start", "status": status, "headers": raw},
                json.dumps(REFUSED).encode(),
            )
        start["headers"] = [one for one in start["headers"] if one[0] != b"content-length"]
        await send(start)
        await send({"type": "http.response.body", "body": content})

    def hits(url):
        if not re.search(at, url):
            return False
        asked[url] += 1
        return asked[url] <= times

    return faulty


@pytest.fixture
def spoilt(tmp_path):
    """A tidy tenant with six members whose state is disabled, its bundle, and who they are."""
    tenant = open_tenant(users=30, seed=7, mood="tidy", now=NOW, quota=False)
    people = [one for one in tenant.directory.accounts if one.enabled and one.user_type == "Member"][:6]
    for one in people:
        one.state = "disabled"
    audit(tenant, tmp_path / "bundle", ("baseline", "legacy-per-user-mfa"), posture="per-user")
    for one in people:
        one.state = "enforced"
    return tenant, tmp_path / "bundle", [one.id for one in people]


@pytest.mark.parametrize(
    ("status", "reason"), [(403, "NO_PERMISSION"), (500, "SERVER_ERROR"), (429, "THROTTLED"), (404, "NO_ROW")]
)
def test_one_users_read_fails_and_the_others_are_judged(spoilt, tmp_path, status, reason):
    tenant, bundle, people = spoilt
    app = answering(tenant.app, status, f"{people[0]}/authentication/requirements", **{"Retry-After": "1"})

    made = recheck(tenant, bundle, tmp_path / "recheck", app=app, rules=("PUM-01",))

    found = outcomes_of(made, "PUM-01")
    assert found == dict.fromkeys(people, Outcome.FIXED) | {people[0]: Outcome.NOT_READ}
    (row,) = [row for row in made.rows if row.before.user_id == people[0]]
    assert row.now.reason == reason
    assert [one.user_id for one in made.failures if one.source == "requirements"] == [people[0]]
    assert made.exit_code == 11


@pytest.mark.parametrize("status", [429, 503, 500])
def test_what_passes_is_asked_for_again(spoilt, tmp_path, status):
    tenant, bundle, people = spoilt
    app = answering(tenant.app, status, "/users/|userRegistrationDetails", times=2, **{"Retry-After": "1"})

    made = recheck(tenant, bundle, tmp_path / "recheck", app=app, rules=("PUM-01",))

    assert outcomes_of(made, "PUM-01") == dict.fromkeys(people, Outcome.FIXED)
    assert made.exit_code == 0
    assert made.failures == ()


def test_an_account_that_could_not_be_read_is_not_gone(spoilt, tmp_path):
    tenant, bundle, people = spoilt
    app = answering(tenant.app, 500, rf"^/users/{people[0]}\?")

    made = recheck(tenant, bundle, tmp_path / "recheck", app=app, rules=("PUM-01",))

    (row,) = [row for row in made.rows if row.before.user_id == people[0]]
    assert (row.outcome, row.now.reason) == (Outcome.NOT_READ, "SERVER_ERROR")
    # It has the name that the audit read.
    assert row.name == row.before.name
    assert "@" in row.name


def test_without_a_licence_the_report_is_given_up_after_the_first_user(tmp_path):
    tenant = open_tenant(users=70, seed=7, mood="unlicensed", now=NOW, quota=False)
    audit(tenant, tmp_path / "bundle", ("baseline",))
    log = Log()

    made = recheck(tenant, tmp_path / "bundle", tmp_path / "recheck", log=log, rules=("BASE-01",))

    asked = [one for one in log.asked if "userRegistrationDetails" in one]
    assert len(made.flagged.users) > 20
    assert len(asked) == 3
    assert len(set(asked)) == 1
    assert {(row.outcome, row.now.reason) for row in made.rows} == {(Outcome.NOT_READ, "NO_LICENSE")}
    assert made.exit_code == 11


def test_another_tenant_is_refused_and_leaves_nothing(spoilt, tmp_path):
    _, bundle, _ = spoilt
    other = open_tenant(users=70, seed=8, mood="tidy", now=NOW, quota=False)

    with pytest.raises(WrongTenant, match="is an audit of tenant"):
        recheck(other, bundle, tmp_path / "recheck")
    assert not (tmp_path / "recheck").exists()


def test_a_token_that_has_run_out_is_no_reason_to_resume(spoilt, tmp_path):
    tenant, bundle, _ = spoilt

    class RunsOut:
        left = 3

        async def __call__(self, scope, receive, send):
            self.left -= 1
            status = 200 if self.left > 0 else 401
            body = {"error": {"code": "InvalidAuthenticationToken", "message": "x"}}
            if status == 200:
                await tenant.app(scope, receive, send)
                return
            await send({"type": "http.response.start", "status": 401, "headers": []})
            await send({"type": "http.response.body", "body": json.dumps(body).encode()})

    with pytest.raises(SignInFailed) as stopped:
        recheck(tenant, bundle, tmp_path / "recheck", app=RunsOut())
    assert "resume" not in stopped.value.hint
    assert (tmp_path / "recheck" / EVIDENCE / RECHECK).exists()
    assert not (tmp_path / "recheck" / "manifest.json").exists()
    # What is left of it is no audit either.
    with pytest.raises(BundleProblem, match="holds a recheck"):
        recheck(tenant, tmp_path / "recheck", tmp_path / "again")


@pytest.mark.parametrize("file", ["evidence/users.jsonl.gz", "policies/baseline/baseline.yaml"])
def test_a_bundle_that_was_altered_is_not_rechecked(spoilt, tmp_path, file):
    tenant, bundle, _ = spoilt
    path = bundle / file
    path.write_bytes(path.read_bytes() + b"#")
    log = Log()

    with pytest.raises((BundleProblem, UsageProblem)):
        recheck(tenant, bundle, tmp_path / "recheck", log=log)
    assert log.asked == []


def test_an_id_that_would_lead_elsewhere_is_never_asked_for(tmp_path):
    tenant = open_tenant(users=70, seed=7, mood="tidy", now=NOW, quota=False)
    hostile, log = "../me/messages?x=", Log()
    one = next(one for one in tenant.directory.accounts if one.enabled and one.user_type == "Member")
    one.state, one.id = "disabled", hostile
    audit(tenant, tmp_path / "bundle", ("legacy-per-user-mfa",), posture="per-user")

    with pytest.raises(BundleProblem, match="is not an object id"):
        recheck(tenant, tmp_path / "bundle", tmp_path / "recheck", log=log)
    assert log.asked == []


def test_security_defaults_that_were_switched_on_since_change_the_posture(tmp_path, monkeypatch):
    tenant = open_tenant(users=70, seed=7, mood="tidy", now=NOW, quota=False)
    for one in [one for one in tenant.directory.accounts if one.enabled][:5]:
        one.state = "disabled"
    audit(tenant, tmp_path / "bundle", ("legacy-per-user-mfa",))
    on = {"id": "00000000-0000-0000-0000-000000000005", "displayName": "Security Defaults", "isEnabled": True}
    monkeypatch.setattr("mfaaudit.simulated.tenant_policies.security_defaults", lambda: on)

    made = recheck(tenant, tmp_path / "bundle", tmp_path / "recheck")

    assert made.posture.value == "security-defaults"
    assert {row.outcome for row in made.rows} == {Outcome.OUT_OF_SCOPE}
    assert all(row.before.verdict is not Verdict.PASS for row in made.rows)
