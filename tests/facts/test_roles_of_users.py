"""Which directory roles a user holds: directly, through a group, and not at all only if everything was read."""

import pytest

from mfaaudit.facts.given import Given
from mfaaudit.facts.roles import roles_of_users
from mfaaudit.words import Reason, Unknown

USER = {"@odata.type": "#microsoft.graph.user"}
GROUP = {"@odata.type": "#microsoft.graph.group"}
SERVICE = {"@odata.type": "#microsoft.graph.servicePrincipal"}
STRANGE, FORBIDDEN = Unknown(Reason.UNKNOWN_VALUE), Unknown(Reason.NO_PERMISSION)


def held(role, principal, kind=USER):
    return {"roleDefinitionId": role, "principalId": principal, "principal": kind}


def roles(*assignments, groups=None, users=("Ann", "bob", "cy")):
    """The roles of three users."""
    found = assignments[0] if assignments and isinstance(assignments[0], Unknown) else assignments
    given = Given(
        objects=lambda source: found if source == "roleAssignments" else Unknown(Reason.NOT_REQUESTED),
        members=lambda group: (groups or {}).get(group, Unknown(Reason.NOT_REQUESTED)),
        user_ids=users,
        column=lambda _: (),
    )
    return list(roles_of_users(given))


def test_nobody_holds_a_role_where_nothing_is_assigned():
    assert roles() == [(), (), ()]


def test_roles_are_held_directly_in_order_and_whatever_the_case():
    assert roles(held("r2", "ANN"), held("r1", "ann"), held("r1", "Bob")) == [("r1", "r2"), ("r1",), ()]


def test_a_role_held_twice_is_one_role():
    assert roles(held("r1", "ann"), held("r1", "g", GROUP), groups={"g": ["Ann"]}) == [("r1",), (), ()]


def test_roles_come_through_groups():
    assert roles(held("r1", "g", GROUP), held("r2", "bob"), groups={"g": ["BOB", "cy"]}) == [(), ("r1", "r2"), ("r1",)]


def test_a_member_who_is_no_listed_user_is_passed_over():
    assert roles(held("r1", "g", GROUP), groups={"g": ["stranger"]}) == [(), (), ()]


def test_a_principal_that_the_tenant_cannot_resolve_is_nobody_who_is_listed():
    assert roles(held("r1", "partner", None), held("r2", "bob")) == [(), ("r2",), ()]


def test_a_listed_user_holds_the_role_although_the_principal_was_not_resolved():
    assert roles(held("r1", "BOB", None)) == [(), ("r1",), ()]


def test_a_group_that_the_tenant_does_not_have_holds_nobody_who_is_listed():
    gone = {"partner": Unknown(Reason.NOT_FOUND), "g": ["cy"]}

    assert roles(held("r1", "partner", GROUP), held("r2", "g", GROUP), groups=gone) == [(), (), ("r2",)]


def test_a_service_principal_is_nobody():
    assert roles(held("r1", "app", SERVICE)) == [(), (), ()]


@pytest.mark.parametrize(
    ("assignments", "groups", "reason"),
    [
        ([FORBIDDEN], {}, FORBIDDEN),
        # Whoever is in the group holds its role, and nobody knows who is.
        ([held("r1", "g", GROUP)], {"g": FORBIDDEN}, FORBIDDEN),
        ([held("r1", "g", GROUP)], {}, Unknown(Reason.NOT_REQUESTED)),
        ([held("r1", "g", GROUP), held("r2", "h", GROUP)], {"g": ["ann"], "h": FORBIDDEN}, FORBIDDEN),
        # A principal that does not say what it is may be a group.
        ([{"roleDefinitionId": "r1", "principalId": "g"}], {}, STRANGE),
        ([held("r1", "g", "a group")], {}, STRANGE),
        ([held("r1", "g", {"id": "g"})], {}, STRANGE),
        ([held(None, "ann")], {}, STRANGE),
        ([held("r1", None)], {}, STRANGE),
    ],
    ids=[
        "not read",
        "group not read",
        "group not asked for",
        "one of two groups",
        "not expanded",
        "no object",
        "no type",
        "no role",
        "no holder",
    ],
)
def test_where_a_role_may_be_missing_nobodys_roles_are_known(assignments, groups, reason):
    # Ann's other role was read; a rule about those without roles would still pass her by for the wrong reason.
    others = [] if isinstance(assignments[0], Unknown) else [held("r9", "ann")]

    assert roles(*assignments, *others, groups=groups) == [reason] * 3
