"""What Graph's lists and answers leave out: nothing is concluded that the difference could change."""

import json
from dataclasses import replace

import pytest
from evidence_by_hand import NOBODY, answer, batch, page, policies, refusal, user, write_run

from mfaaudit.simulated.mood import READ_ALL
from mfaaudit.simulated.preview_policies import NAME
from mfaaudit.snapshot import take
from mfaaudit.words import Reason

BETA = "/beta/identity/conditionalAccess/policies"
MARK = "[listed by beta only]"
ASKED = "derived_isAskedEverywhere"
DISABLED = {"perUserMfaState": "disabled"}


def refusing(path, status, code):
    """The same tenant, which answers one path otherwise."""

    def wrap(app):
        async def other(scope, receive, send):
            if scope["type"] == "http" and scope["path"] == path:
                body = json.dumps({"error": {"code": code, "message": "No."}}).encode()
                await send({"type": "http.response.start", "status": status, "headers": []})
                await send({"type": "http.response.body", "body": body})
                return
            await app(scope, receive, send)

        return other

    return wrap


def values(snapshot, column):
    """Each user's value, or the reason why there is none."""
    rows = snapshot.words().select(column, f"{column}_reason").iter_rows()
    return [Reason(reason) if reason is not None else value for value, reason in rows]


def of_tenant(snapshot, column):
    reason = snapshot.tenant[f"{column}_reason"].item()
    found = snapshot.tenant[column].item()
    return Reason(reason) if reason is not None else found.to_list() if hasattr(found, "to_list") else found


def coverage(snapshot, source):
    return next(one for one in snapshot.coverage if one.source == source)


def test_a_policy_that_only_beta_lists_counts_and_is_marked(odd):
    _, snapshot = odd("tidy", previews=True)

    assert of_tenant(snapshot, "derived_hasAllUsersMfaPolicy") is True
    assert of_tenant(snapshot, "derived_allUsersMfaPolicies") == [f"{NAME} {MARK}"]
    assert set(values(snapshot, "derived_enforcedBy")) == {"conditionalAccessAllResources"}
    (named,) = {tuple(one) for one in values(snapshot, "derived_enforcingPolicies")}
    assert named[0].startswith(NAME)
    assert named[0].endswith(MARK)


def test_where_beta_cannot_be_read_what_a_further_policy_could_change_is_open(odd):
    _, snapshot = odd("tidy", previews=True, wrap=refusing(BETA, 403, "accessDenied"))

    assert of_tenant(snapshot, "derived_hasAllUsersMfaPolicy") is Reason.NO_PERMISSION
    assert of_tenant(snapshot, "derived_allUsersMfaPolicies") is Reason.NO_PERMISSION
    assert set(values(snapshot, "derived_enforcedBy")) == {Reason.NO_PERMISSION}
    # Per-user MFA asks whatever a policy would say.
    asked = dict(zip(snapshot.users["user_id"], values(snapshot, ASKED), strict=True))
    states = dict(zip(snapshot.users["user_id"], snapshot.users["requirements_perUserMfaState"], strict=True))
    assert {asked[name] for name, state in states.items() if state != "disabled"} == {True}
    assert {asked[name] for name, state in states.items() if state == "disabled"} == {Reason.NO_PERMISSION}


def test_only_those_are_open_whom_it_could_concern(odd):
    _, snapshot = odd("managed", wrap=refusing(BETA, 403, "accessDenied"))
    found = values(snapshot, "derived_enforcedBy")

    assert set(found) == {"conditionalAccessAllResources", Reason.NO_PERMISSION}
    assert of_tenant(snapshot, "derived_hasAllUsersMfaPolicy") is True
    excluded = values(snapshot, "derived_excludedFromMfaPolicies")
    assert {type(one) for one in excluded} == {list, Reason}
    assert [] not in excluded


def test_where_v1_cannot_be_read_the_list_of_beta_is_whole(odd):
    refused = refusing("/v1.0/identity/conditionalAccess/policies", 500, "")
    _, snapshot = odd("tidy", previews=True, wrap=refused)

    assert of_tenant(snapshot, "derived_allUsersMfaPolicies") == [f"{NAME} {MARK}"]


def test_an_older_bundle_is_judged_and_what_it_never_asked_for_is_open(taken):
    people, v1 = page("users", [user("a"), user("b")]), policies()[0]
    states = batch({("requirements", "a"): {"perUserMfaState": "enforced"}, ("requirements", "b"): DISABLED})
    defaults = answer("identitySecurityDefaultsEnforcementPolicy", {"isEnabled": False})
    snapshot = taken(people, v1, states, defaults)

    assert of_tenant(snapshot, "derived_hasAllUsersMfaPolicy") is Reason.NOT_REQUESTED
    assert values(snapshot, ASKED) == [True, Reason.NOT_REQUESTED]
    assert coverage(snapshot, "conditionalAccessPoliciesBeta").reasons == {Reason.NOT_REQUESTED: 1}


@pytest.mark.parametrize(
    ("plans", "found"),
    [
        (None, False),
        ((), False),
        (("disabled",), False),
        (("enabled",), Reason.UNKNOWN_VALUE),
        (("disabled", "enabledForReportingButNotEnforced"), Reason.UNKNOWN_VALUE),
        (("on",), Reason.UNKNOWN_VALUE),
    ],
)
def test_a_plan_that_is_not_off_leaves_open_what_it_could_change(odd, plans, found):
    _, snapshot = odd("tidy", plans=plans)

    assert of_tenant(snapshot, "derived_hasAllUsersMfaPolicy") is found
    # A service that knows no plans has none: nothing is missing.
    assert coverage(snapshot, "conditionalAccessPlans").read == 1
    assert coverage(snapshot, "conditionalAccessPlanRules").read == len(plans or ())


def test_plans_that_may_not_be_read_leave_it_open_too(odd):
    path = "/beta/identity/conditionalAccess/plans"
    _, snapshot = odd("tidy", wrap=refusing(path, 403, "accessDenied"))

    assert of_tenant(snapshot, "derived_hasAllUsersMfaPolicy") is Reason.NO_PERMISSION


def test_a_plan_without_rules_demands_nothing(taken):
    plans = page("conditionalAccessPlans", [{"id": "p", "state": "enabled"}])
    rules = page("conditionalAccessPlanRules", [], url="https://x/beta/identity/conditionalAccess/plans/p/rules")
    snapshot = taken(page("users", [user("a")]), *policies()[:2], plans, rules)

    assert of_tenant(snapshot, "derived_hasAllUsersMfaPolicy") is False


def test_members_of_a_hidden_group_are_open_without_the_permission_that_shows_them(odd):
    tenant, snapshot = odd("managed", hidden_groups=True)
    hidden = next(one for one in tenant.directory.groups.values() if one.hidden)

    assert snapshot.groups[hidden.id].reason is Reason.NO_PERMISSION
    assert set(values(snapshot, "derived_enforcedBy")) >= {Reason.NO_PERMISSION}


def test_members_of_a_hidden_group_are_believed_with_it(odd):
    tenant, snapshot = odd("managed", hidden_groups=True, permissions=(*READ_ALL, "Member.Read.Hidden"))
    hidden = next(one for one in tenant.directory.groups.values() if one.hidden)

    assert snapshot.groups[hidden.id] == {
        one.id for one in tenant.directory.inside(hidden, transitive=True) if one.id in tenant.directory.index
    }
    assert "conditionalAccessAllResources" in values(snapshot, "derived_enforcedBy")


def members(group, *rows, **body):
    url = f"https://x/v1.0/groups/{group}/transitiveMembers"
    return answer("groupMembers", {"value": [{"id": one} for one in rows]} | body, url=url)


def about(group, **body):
    return answer("namedGroups", {"id": group} | body, url=f"https://x/v1.0/groups/{group}?$select=id,visibility")


@pytest.mark.parametrize(
    ("rows", "named", "permissions", "found"),
    [
        ([], [about("g", visibility=None)], (), frozenset()),
        ([], [about("g", visibility="Private")], (), frozenset()),
        ([], [about("g", visibility="HiddenMembership")], (), Reason.NO_PERMISSION),
        (["a"], [about("g", visibility="HiddenMembership")], (), Reason.NO_PERMISSION),
        ([], [about("g", visibility="HiddenMembership")], ("Member.Read.Hidden",), frozenset()),
        # What was not read of the group matters only where the list of its members is empty.
        ([], [], (), Reason.NOT_REQUESTED),
        (["a"], [], (), frozenset("a")),
        ([], [about("g")], (), Reason.NOT_SENT),
        ([], [refusal("namedGroups", 403, "x", url="https://x/v1.0/groups/g")], (), Reason.NO_PERMISSION),
        ([], [refusal("namedGroups", 404, "x", url="https://x/v1.0/groups/g")], (), Reason.NOT_FOUND),
    ],
)
def test_an_empty_list_of_members_is_believed_only_where_nothing_could_be_hidden(
    taken, tmp_path, rows, named, permissions, found
):
    taken(page("users", [user("a")]), members("g", *rows), *named)
    folder = tmp_path / "evidence"
    write_run(folder, identity=replace(NOBODY, permissions=permissions))

    group = take(folder).groups["g"]
    assert group == found if isinstance(found, frozenset) else group.reason is found


@pytest.mark.parametrize(
    ("rows", "counted", "fits"),
    [
        ("ab", 2, True),
        ("ab", 3, False),
        ("abc", 2, False),
        # Somebody who comes twice is one.
        ("aab", 2, True),
        ("aab", 3, False),
        ("", 0, True),
        ("", 1, False),
    ],
)
def test_a_list_whose_rows_do_not_fit_its_count_is_incomplete(taken, rows, counted, fits):
    body = {"@odata.count": counted}
    snapshot = taken(page("users", [user("a")]), about("g", visibility=None), members("g", *rows, **body))

    group = snapshot.groups["g"]
    assert group == frozenset(rows) if fits else group.reason is Reason.SERVER_ERROR
    assert coverage(snapshot, "groupMembers").read == int(fits)


@pytest.mark.parametrize("source", ["users", "userRegistrationDetails", "roleAssignments", "conditionalAccessPolicies"])
def test_so_is_any_other_list(taken, source):
    answers = [page("users", [user("a")])] if source != "users" else []
    rows = [user("a")] if source == "users" else []
    snapshot = taken(*answers, answer(source, {"@odata.count": 2, "value": rows}))

    if source == "users":
        assert not snapshot.population.complete
    elif source == "userRegistrationDetails":
        assert values(snapshot, "registration_isMfaCapable") == [Reason.SERVER_ERROR]
    else:
        assert coverage(snapshot, source).reasons == {Reason.SERVER_ERROR: 1}


def test_a_list_that_lacks_somebody_is_asked_for_again_and_then_open(odd):
    tenant, snapshot = odd("tidy", miscounted=True)
    (group,) = snapshot.groups

    assert tenant.directory.groups[group].users
    assert snapshot.groups[group].reason is Reason.SERVER_ERROR
    assert coverage(snapshot, "groupMembers").requests == 2


@pytest.mark.parametrize("kind", ["AAD B2C", "CIAM"])
def test_a_tenant_of_another_type_says_so_and_lacks_what_it_lacks(odd, kind):
    _, snapshot = odd("tidy", tenant_type=kind, premium=False)

    assert snapshot.tenant_type == kind
    assert coverage(snapshot, "userCount").reasons == {Reason.CLOUD_UNSUPPORTED: 2}
    assert "does not count its users" in snapshot.population.statement
    # The code of the refusal stands for both; for such a tenant it is not the license.
    assert coverage(snapshot, "userRegistrationDetails").reasons == {Reason.CLOUD_UNSUPPORTED: 60}
    assert None not in values(snapshot, "requirements_perUserMfaState")


@pytest.mark.parametrize("kind", ["AAD", None])
def test_a_workforce_tenant_without_a_license_is_told_of_the_license(odd, kind):
    _, snapshot = odd("tidy", tenant_type=kind, premium=False)

    assert coverage(snapshot, "userRegistrationDetails").reasons == {Reason.NO_LICENSE: 60}
    assert coverage(snapshot, "userCount").read == 2


@pytest.mark.parametrize(("cloud", "reason"), [("china", "CLOUD_UNSUPPORTED"), ("global", "SERVER_ERROR")])
def test_a_cloud_without_a_methods_policy_is_told_apart_from_a_fault(taken, cloud, reason):
    answers = [page("users", [user("a")]), refusal("authenticationMethodsPolicy", 400, "BadRequest")]
    snapshot = taken(*answers, cloud=cloud)

    assert coverage(snapshot, "authenticationMethodsPolicy").reasons == {Reason(reason): 1}


def test_a_property_that_never_came_has_a_reason_of_its_own(taken):
    row = {key: value for key, value in user("a").items() if key != "createdDateTime"}
    snapshot = taken(page("users", [row, user("b", createdDateTime="soon")]))

    assert values(snapshot, "user_createdDateTime") == [Reason.NOT_SENT, Reason.UNKNOWN_VALUE]
    assert "interpret" not in Reason.NOT_SENT.meaning


def test_whom_one_source_does_not_know_and_another_does_is_not_gone(odd):
    _, snapshot = odd("tidy", one_sided=True)

    assert values(snapshot, "requirements_perUserMfaState").count(Reason.NO_ROW) == 1
    assert Reason.NOT_FOUND not in values(snapshot, "requirements_perUserMfaState")
    assert snapshot.population.gone == 0
    assert [one.reason for one in snapshot.failures if one.source == "requirements"] == [Reason.NO_ROW]


def test_words_that_were_added_later_are_asked_for(odd):
    _, snapshot = odd("managed", later_words=True)

    assert "CA011 Remediate user risk" in of_tenant(snapshot, "derived_enabledPolicies")
    assert of_tenant(snapshot, "derived_mfaPolicies") != Reason.UNKNOWN_VALUE
