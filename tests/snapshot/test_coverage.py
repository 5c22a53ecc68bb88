"""What was wanted, what was read, and why the rest was not: for every source, and for every user."""

import pytest
from evidence_by_hand import NO_P2, NOT_PREMIUM, answer, batch, count, page, refusal, registered, silence, user

from mfaaudit.simulated.faults import FORBIDDEN
from mfaaudit.snapshot.snapshot import JOINED, PER_USER
from mfaaudit.sources import BY_NAME, OF_ONE, SOURCES
from mfaaudit.words import Reason

STATE = "requirements_perUserMfaState"
OF_USERS = ("users", *PER_USER, *(source.name for source in JOINED))
EVERYBODY = page("users", [user("a"), user("b")])


def of(snapshot, source):
    return next(one for one in snapshot.coverage if one.source == source)


def failed(snapshot):
    return [(one.source, one.user_id, one.reason, one.status, one.code) for one in snapshot.failures]


@pytest.mark.parametrize("mood", ["tidy", "forbidden"])
def test_every_source_adds_up(request, mood):
    _, snapshot = request.getfixturevalue(mood)

    always = [source.name for source in SOURCES if not source.option and not source.collect]
    assert [one.source for one in snapshot.coverage] == always
    for one in snapshot.coverage:
        assert one.wanted == one.read + one.unread, one.source
        assert one.unread == sum(one.reasons.values()), one.source
        assert 0 not in one.reasons.values()
        assert one.requests == 0 or one.first <= one.last
        if one.source in OF_USERS:
            assert one.wanted == snapshot.population.enumerated


def test_a_tidy_tenant_leaves_out_only_what_the_report_leaves_out(tidy):
    tenant, snapshot = tidy
    disabled = sum(1 for one in tenant.directory.accounts if not one.enabled)

    assert {one.source: dict(one.reasons) for one in snapshot.coverage if one.unread} == {
        "userRegistrationDetails": {Reason.NO_ROW: disabled}
    }
    assert snapshot.failures == ()
    assert disabled > 0


def test_what_an_application_may_not_read_is_named_for_each_source(forbidden):
    tenant, snapshot = forbidden
    refused = sum(1 for one in tenant.directory.accounts if one.fault == FORBIDDEN)

    assert of(snapshot, "requirements").reasons == {Reason.NO_PERMISSION: 120}
    assert of(snapshot, "signInPreferences").reasons == {Reason.NO_PERMISSION: refused}
    assert refused > 0
    for source in ("usersRegisteredByFeature", "getMetricsForMfaSignInSuccess", "roleAssignments"):
        assert (of(snapshot, source).read, of(snapshot, source).reasons) == (0, {Reason.NO_PERMISSION: 1})
    # Every failed read can be shown to Microsoft's support.
    assert all(one.request_id and one.status == 403 for one in snapshot.failures)
    assert len([one for one in snapshot.failures if one.source == "requirements"]) == 120


ITEMS = {
    (400, "badRequest"): Reason.SERVER_ERROR,
    (401, "InvalidAuthenticationToken"): Reason.NO_PERMISSION,
    (403, "accessDenied"): Reason.NO_PERMISSION,
    (403, NOT_PREMIUM): Reason.NO_LICENSE,
    (400, NO_P2): Reason.NO_LICENSE,
    (404, "Request_ResourceNotFound"): Reason.NOT_FOUND,
    (410, "Gone"): Reason.NOT_FOUND,
    (429, "TooManyRequests"): Reason.THROTTLED,
    (500, "InternalServerError"): Reason.SERVER_ERROR,
    (503, "serviceNotAvailable"): Reason.SERVER_ERROR,
}


@pytest.mark.parametrize(("status", "code", "reason"), [(*key, reason) for key, reason in ITEMS.items()])
def test_a_read_that_failed_for_one_user_is_unknown_for_that_user_only(taken, status, code, reason):
    reads = {("requirements", "a"): (status, code), ("requirements", "b"): {"perUserMfaState": "enabled"}}
    snapshot = taken(EVERYBODY, batch(reads, attempt=5))

    assert snapshot.users[STATE].to_list() == [None, "enabled"]
    assert snapshot.users[f"{STATE}_reason"].to_list() == [reason, None]
    assert (of(snapshot, "requirements").read, of(snapshot, "requirements").reasons) == (1, {reason: 1})
    assert failed(snapshot) == [("requirements", "a", reason, status, code)]
    assert snapshot.failures[0].request_id == "$batch-5"


@pytest.mark.parametrize(
    ("lost", "reason"),
    [
        (refusal("$batch", 429, "TooManyRequests"), Reason.THROTTLED),
        (refusal("$batch", 503), Reason.SERVER_ERROR),
        (silence("$batch"), Reason.TIMEOUT),
        (silence("$batch", "ConnectError: refused"), Reason.SERVER_ERROR),
        (answer("$batch", b'{"responses": [{"id": '), Reason.SERVER_ERROR),
        (answer("$batch", {"responses": []}), Reason.SERVER_ERROR),
    ],
    ids=["throttled", "down", "silent", "refused", "cut off", "empty"],
)
def test_a_lost_batch_is_lost_for_everybody_in_it(taken, lost, reason):
    asked = batch({("requirements", "a"): None, ("requirements", "b"): None}).request
    snapshot = taken(EVERYBODY, answer("$batch", lost.body, lost.status, problem=lost.problem, request=asked))

    assert snapshot.users[f"{STATE}_reason"].to_list() == [reason, reason]
    assert of(snapshot, "requirements").reasons == {reason: 2}
    # Nobody asked for the preferences at all.
    assert of(snapshot, "signInPreferences").reasons == {Reason.NOT_REQUESTED: 2}


def test_a_second_try_fills_the_gap_and_a_third_does_not_open_it_again(taken):
    key = ("requirements", "a")
    snapshot = taken(
        page("users", [user("a")]),
        batch({key: (503, "x")}),
        batch({key: {"perUserMfaState": "enforced"}}, attempt=2),
        batch({key: (500, "x")}, attempt=3),
    )

    assert snapshot.users[STATE].to_list() == ["enforced"]
    assert (of(snapshot, "requirements").unread, of(snapshot, "requirements").requests) == (0, 3)
    assert snapshot.failures == ()


def test_the_last_of_several_failures_gives_the_reason(taken):
    key = ("requirements", "a")
    snapshot = taken(
        page("users", [user("a")]), batch({key: (429, "x")}), batch({key: (403, "accessDenied")}, attempt=2)
    )

    assert failed(snapshot) == [("requirements", "a", Reason.NO_PERMISSION, 403, "accessDenied")]


def test_a_success_that_holds_nothing_is_no_read(taken):
    empty = answer("$batch", {"responses": [{"id": "requirements.a", "status": 200}]})
    asked = batch({("requirements", "a"): None}).request
    snapshot = taken(EVERYBODY, answer("$batch", empty.body, request=asked))

    assert of(snapshot, "requirements").reasons == {Reason.SERVER_ERROR: 1, Reason.NOT_REQUESTED: 1}


@pytest.mark.parametrize(
    ("source", "status", "code", "reason"),
    [
        ("userRegistrationDetails", 403, NOT_PREMIUM, Reason.NO_LICENSE),
        ("userRegistrationDetails", 403, "accessDenied", Reason.NO_PERMISSION),
        ("userRegistrationDetails", 429, "", Reason.THROTTLED),
    ],
)
def test_a_report_that_was_refused_is_unknown_for_everybody(taken, source, status, code, reason):
    snapshot = taken(EVERYBODY, refusal(source, status, code))

    assert snapshot.users["registration_isMfaCapable_reason"].to_list() == [reason, reason]
    assert of(snapshot, source).reasons == {reason: 2}
    assert failed(snapshot) == [(source, "", reason, status, code)]


def test_a_report_that_broke_off_says_so_and_not_that_there_is_no_row(taken):
    first = page("userRegistrationDetails", [registered("a", "fido2SecurityKey")], more=True)
    snapshot = taken(EVERYBODY, first, refusal("userRegistrationDetails", 503))

    assert snapshot.users["registration_isMfaCapable"].to_list() == [True, None]
    assert snapshot.users["registration_isMfaCapable_reason"].to_list() == [None, Reason.SERVER_ERROR]


def test_a_row_that_is_garbled_may_be_anybodys(taken):
    snapshot = taken(EVERYBODY, page("userRegistrationDetails", [registered("a", "sms"), "b"]))

    assert snapshot.users["registration_isMfaCapable_reason"].to_list() == [None, Reason.UNKNOWN_VALUE]


def test_a_report_without_a_row_says_so(taken):
    snapshot = taken(EVERYBODY, page("userRegistrationDetails", [registered("B", "fido2SecurityKey")]))

    assert snapshot.users["registration_isMfaCapable"].to_list() == [None, True]
    assert of(snapshot, "userRegistrationDetails").reasons == {Reason.NO_ROW: 1}
    # A missing row is nothing that failed.
    assert snapshot.failures == ()


OPTIONAL = {source.name for source in SOURCES if source.option}
OF_EACH = {source.name for source in OF_ONE}


@pytest.mark.parametrize("name", sorted(set(BY_NAME) - set(OF_USERS) - OPTIONAL - OF_EACH - {"userCount"}))
def test_a_source_of_the_tenant_that_was_not_asked_for_is_not_read(taken, name):
    coverage = of(taken(EVERYBODY), name)

    assert (coverage.wanted, coverage.read, coverage.reasons) == (1, 0, {Reason.NOT_REQUESTED: 1})


def test_a_cloud_that_lacks_a_report_is_not_a_missing_user(taken):
    snapshot = taken(EVERYBODY, refusal("getMetricsForMfaSignInFailure", 404))

    assert of(snapshot, "getMetricsForMfaSignInFailure").reasons == {Reason.CLOUD_UNSUPPORTED: 1}


@pytest.mark.parametrize(
    ("before", "after", "reasons"),
    [
        (count(2), count(2), {}),
        (count(2), None, {Reason.NOT_REQUESTED: 1}),
        (count(2), refusal("userCount", 403, "Authorization_RequestDenied"), {Reason.NO_PERMISSION: 1}),
        (silence("userCount"), refusal("userCount", 429), {Reason.TIMEOUT: 1, Reason.THROTTLED: 1}),
        (count("many"), count(2), {Reason.SERVER_ERROR: 1}),
    ],
)
def test_the_count_of_users_is_wanted_twice(taken, before, after, reasons):
    snapshot = taken(before, EVERYBODY, *([] if after is None else [after]))

    assert (of(snapshot, "userCount").wanted, of(snapshot, "userCount").reasons) == (2, reasons)
    assert {one.reason for one in snapshot.failures} == set(reasons) - {Reason.NOT_REQUESTED}


def test_each_group_is_wanted_once(taken):
    def members(group, **odd):
        return page("groupMembers", [{"id": "a"}], url=f"https://x/v1.0/groups/{group}/transitiveMembers", **odd)

    lost = refusal("groupMembers", 403, url="https://x/v1.0/groups/g2/transitiveMembers")
    snapshot = taken(EVERYBODY, members("g1", more=True), members("G1"), lost)

    coverage = of(snapshot, "groupMembers")
    assert (coverage.wanted, coverage.read, coverage.requests) == (2, 1, 3)
    assert coverage.reasons == {Reason.NO_PERMISSION: 1}
    assert [one[0] for one in failed(snapshot)] == ["groupMembers"]
