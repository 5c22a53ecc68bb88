"""Which roles users may activate: by schedules that stand, directly or through a group."""

import pytest

from mfaaudit.facts.eligible_roles import eligible_roles
from mfaaudit.facts.given import Given
from mfaaudit.words import Reason, Unknown

USER, GROUP = {"@odata.type": "#microsoft.graph.user"}, {"@odata.type": "#microsoft.graph.group"}
NOT_ASKED = Unknown(Reason.NOT_REQUESTED)


def schedule(role, principal, kind=USER, **more):
    return {"roleDefinitionId": role, "principalId": principal, "principal": kind, "status": "Provisioned"} | more


def eligible(schedules, groups=None):
    """The roles that three users are eligible for; who holds a role already does not matter."""
    active = [schedule("active", "ann")]
    given = Given(
        objects={"roleEligibilitySchedules": schedules, "roleAssignments": active}.__getitem__,
        members=lambda group: (groups or {}).get(group, NOT_ASKED),
        user_ids=("Ann", "bob", "cy"),
        column=lambda _: (),
    )
    return list(eligible_roles(given))


def test_roles_are_counted_directly_and_through_groups_and_those_that_are_held_are_not():
    schedules = [schedule("r2", "ANN"), schedule("r1", "g", GROUP), schedule("r1", "ann", memberType="Group")]

    assert eligible(schedules, {"g": ["ann", "CY"]}) == [("r1", "r2"), (), ("r1",)]


@pytest.mark.parametrize("status", ["Revoked", "Canceled", "Denied", "Failed"])
def test_a_schedule_that_is_over_counts_for_nothing(status):
    over = schedule("r1", "g", GROUP, status=status)

    # Not even its group, which nobody needed to ask about.
    assert eligible([over, schedule("r2", "bob")]) == [(), ("r2",), ()]


def test_a_schedule_of_which_it_is_not_said_that_it_is_over_counts():
    assert eligible([schedule("r1", "bob", status="PendingProvisioning"), schedule("r2", "bob", status=None)]) == [
        (),
        ("r1", "r2"),
        (),
    ]


def test_without_the_option_nothing_is_known_of_anybody():
    assert eligible(NOT_ASKED) == [NOT_ASKED] * 3


def test_a_group_whose_members_were_not_read_leaves_everybody_open():
    forbidden = Unknown(Reason.NO_PERMISSION)

    assert eligible([schedule("r1", "g", GROUP), schedule("r2", "bob")], {"g": forbidden}) == [forbidden] * 3
