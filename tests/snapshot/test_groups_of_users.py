"""The groups that were read, from the evidence to the users and to whoever comes after."""

from evidence_by_hand import page, refusal, user

from mfaaudit.words import Reason, Unknown

EVERYBODY = page("users", [user("Ann"), user("b"), user("c")])


def members(group, *ids, **odd):
    rows = [{"id": one} for one in ids]
    return page("groupMembers", rows, url=f"https://x/v1.0/groups/{group}/transitiveMembers", **odd)


def refused(group, status):
    return refusal("groupMembers", status, "x", url=f"https://x/v1.0/groups/{group}/transitiveMembers")


def test_groups_are_listed_by_user_and_known_where_they_were_read_whole_or_are_gone(taken):
    snapshot = taken(
        EVERYBODY,
        members("G", "ANN", "stranger"),
        members("e", "b"),
        members("cut", "c", more=True),
        refused("shut", 403),
        refused("gone", 404),
    )

    assert snapshot.users["derived_groups"].to_list() == [["g"], ["e"], []]
    assert snapshot.users["derived_groups_reason"].to_list() == [None] * 3
    assert snapshot.users["derived_groups_known"].to_list() == [["e", "g", "gone"]] * 3
    assert snapshot.groups == {
        "g": frozenset({"ann", "stranger"}),
        "e": frozenset({"b"}),
        "cut": Unknown(Reason.SERVER_ERROR),
        "shut": Unknown(Reason.NO_PERMISSION),
        "gone": Unknown(Reason.NOT_FOUND),
    }


def test_where_no_group_was_read_none_is_known(taken):
    snapshot = taken(EVERYBODY)

    assert snapshot.users["derived_groups_known"].to_list() == [[]] * 3
    assert snapshot.groups == {}


def test_a_group_of_the_simulated_tenant_holds_whom_it_holds(tidy):
    tenant, snapshot = tidy
    ids = {one.id for one in tenant.directory.members()}
    held = snapshot.users.filter(snapshot.users["derived_groups"].list.contains(tenant.directory.group))

    assert set(held["user_id"]) == ids == snapshot.groups.get(tenant.directory.group, frozenset())
