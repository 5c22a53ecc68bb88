"""What the audit cannot do without ends it with one plain error; what it can do without stops nothing."""

import re
from datetime import UTC, datetime
from types import SimpleNamespace

import httpx
import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError

from mfaaudit.errors import OutputProblem, Refused, SignInFailed, Unreachable
from mfaaudit.evidence.batch import BATCH, outcomes
from mfaaudit.evidence.journal import read_journal
from mfaaudit.evidence.run import Order
from mfaaudit.simulated import open_tenant
from mfaaudit.snapshot.objects import Evidence, walk
from mfaaudit.tenant.collect import Collection
from mfaaudit.tenant.sign_in import GivenToken
from mfaaudit.words import Reason, Unknown

NOW = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)
# Enough for a group that holds a role.
USERS = 200


@pytest.fixture
def tenant():
    return open_tenant(users=USERS, seed=7, mood="tidy", now=NOW, quota=False)


@pytest.fixture
def read(on, tenant):
    """Reads a tidy tenant through `way`, which sees each request and may change what becomes of it."""
    inside = httpx.ASGITransport(app=tenant.app)

    def go(way, *, credential=None, folder=None, order=None):
        async def service(request):
            return await way(request, inside.handle_async_request)

        async def work(reader):
            if folder is not None:
                reader.journal.open(folder)
            collection = Collection(reader, order or Order(), started_at=NOW, now=NOW, progress=lambda *_: None)
            await collection.lists()
            await collection.count()

        on(service, work, credential=credential or GivenToken(tenant.access_token()))

    return go


def refusing(part, status=403):
    async def way(request, ask):
        if part in str(request.url):
            return httpx.Response(status, json={"error": {"code": "x"}})
        return await ask(request)

    return way


def failing(part, error):
    async def way(request, ask):
        if part in str(request.url):
            raise error
        return await ask(request)

    return way


def changing(part, change):
    """What the service says at one place is changed on the way."""

    async def way(request, ask):
        answer = await ask(request)
        if part not in str(request.url):
            return answer
        await answer.aread()
        body = answer.json()
        change(body)
        return httpx.Response(answer.status_code, json=body)

    return way


def paged(way):
    """Twenty users a page."""

    async def smaller(request, ask):
        if request.url.path == "/v1.0/users":
            request.url = request.url.copy_set_param("$top", 20)
        return await way(request, ask)

    return smaller


def answered(folder):
    """The reads that gave something, with the times they did."""
    done = {}
    for response in read_journal(folder, BATCH):
        for item, outcome in outcomes(response):
            done[item] = done.get(item, 0) + outcome.ok
    return done


def assert_everybody_was_read_once(folder, tenant):
    done = answered(folder)
    assert {item.user_id for item in done} == {one.id for one in tenant.directory.accounts}
    assert (len(done), set(done.values())) == (2 * USERS, {1})


@pytest.mark.parametrize(
    ("way", "error", "hint"),
    [
        (refusing("/v1.0/users?"), Refused, "User.Read.All"),
        (refusing("/v1.0/users?", 401), Refused, "sign in again"),
        (refusing("/v1.0/users?", 503), Refused, "request-id"),
        (refusing("skiptoken", 400), Refused, ""),
        (failing("skiptoken", httpx.ReadTimeout("slow")), Unreachable, "network"),
        (changing("/v1.0/users?", lambda body: body.update(value=None)), Refused, ""),
        (changing("skip", lambda body: body.update({"@odata.nextLink": "https://evil.example/"})), Unreachable, ""),
    ],
)
def test_without_the_whole_list_of_users_there_is_no_audit(way, error, hint, read, tmp_path):
    with pytest.raises(error, match="users could not be read") as problem:
        read(paged(way))

    assert hint in problem.value.hint
    # What came until then is kept.
    assert list(read_journal(tmp_path, "users"))


@pytest.mark.parametrize(
    "part", ["/policies/", "/reports/", "/roleManagement/", "/groups/", "/identity/", "/users/$count"]
)
@pytest.mark.parametrize("status", [403, 404, 503])
def test_a_source_that_is_refused_stops_nobody_elses_reads(part, status, read, tenant, tmp_path):
    read(refusing(part, status))

    assert_everybody_was_read_once(tmp_path, tenant)


@pytest.mark.parametrize("part", ["/policies/", "/reports/", "/roleManagement/", "/users/$count"])
def test_a_source_that_never_answers_stops_nobody_elses_reads(part, read, tenant, tmp_path):
    read(failing(part, httpx.ReadTimeout("slow")))

    assert_everybody_was_read_once(tmp_path, tenant)


@pytest.mark.parametrize("part", ["/v1.0/users?", "/roleAssignments", "/userRegistrationDetails", "/roleDefinitions"])
def test_rows_that_name_nobody_stop_nothing(part, read, tenant, tmp_path):
    read(changing(part, lambda body: body["value"].extend([None, "x", 7, [], {}, {"id": None}, {"id": ""}])))

    assert_everybody_was_read_once(tmp_path, tenant)


@pytest.mark.parametrize("value", ["x", 7, {"id": "y"}, [[]], None])
@pytest.mark.parametrize("part", ["/roleAssignments", "/userRegistrationDetails"])
def test_a_collection_that_is_no_list_stops_nothing(part, value, read, tenant, tmp_path):
    read(changing(part, lambda body: body.update(value=value)))

    assert_everybody_was_read_once(tmp_path, tenant)


def test_a_user_who_is_listed_twice_is_read_once(read, tenant, tmp_path):
    def twice(body):
        body["value"] += [*body["value"][:3], *({"id": row["id"].upper()} for row in body["value"][3:6])]

    read(changing("/v1.0/users?", twice))

    done = answered(tmp_path)
    assert (len(done), set(done.values())) == (2 * USERS, {1})
    assert len({item.id.lower() for item in done}) == len(done)


def test_the_members_of_a_group_that_holds_a_role_are_read(read, tenant, tmp_path):
    read(refusing("nothing"))

    found = walk(tmp_path, "groupMembers")
    assert found.whole
    assert {row.raw["id"] for row in found.rows} == {one.id for one in tenant.directory.members()}


def test_groups_that_rules_name_are_read_beside_the_others_and_each_once(read, tenant, tmp_path):
    groups, asked = tenant.directory.groups, []
    outsider = next(one for one in sorted(groups) if one != tenant.directory.group)

    async def way(request, ask):
        asked.extend(re.findall(r"/groups/([^/]+)/", str(request.url)))
        return await ask(request)

    # One holds a role, so that two ask for it.
    read(way, order=Order(groups=(tenant.directory.group.upper(), outsider, "no-such-group")))

    assert sorted(asked) == sorted({tenant.directory.group, outsider, "no-such-group"})
    evidence = Evidence(tmp_path)
    held = tenant.directory.inside(groups[outsider], transitive=True)
    assert set(evidence.members(outsider)) == {one.id for one in held if one.id not in groups} != set()
    assert evidence.members("no-such-group") == Unknown(Reason.NOT_FOUND)


def test_the_settings_for_other_tenants_are_read_always(read, tmp_path):
    read(refusing("nothing"))

    assert walk(tmp_path, "crossTenantAccessPolicyDefault").whole
    assert walk(tmp_path, "crossTenantAccessPolicyPartners").whole


def test_a_token_that_runs_out_for_good_mid_way_is_told_as_one_plain_error(read, tenant, tmp_path):
    batches = []

    async def way(request, ask):
        batches.extend([request] if request.url.path.endswith("$batch") else [])
        return await ask(request)

    async def get_token(*_, **__):
        if batches:
            raise ClientAuthenticationError("AADSTS50173: the grant has been revoked")
        return AccessToken(tenant.access_token(), 2**31)

    with pytest.raises(SignInFailed, match="AADSTS50173"):
        read(way, credential=SimpleNamespace(get_token=get_token))

    assert walk(tmp_path, "users").rows


def test_a_disk_that_fills_up_mid_way_is_told_as_one_plain_error(read, tmp_path):
    # The folder is not there, which the first full block finds out, as it would a full disk.
    with pytest.raises(OutputProblem, match="evidence could not be written"):
        read(changing("$batch", lambda body: body.update(pad="x" * 300_000)), folder=tmp_path / "gone")
