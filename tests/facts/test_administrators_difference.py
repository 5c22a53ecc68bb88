"""Of how many users the report and the roles disagree: counted where both are known, and open where either is not."""

import pytest

from mfaaudit.facts.administrators_difference import administrators_difference
from mfaaudit.facts.given import Given
from mfaaudit.words import Reason, Unknown

NO_ROW, FORBIDDEN, STRANGE = (Unknown(Reason(one)) for one in ("NO_ROW", "NO_PERMISSION", "UNKNOWN_VALUE"))


def difference(said, holders=(), *, assignments=None):
    """Users a, b, c… of whom the report says so much, and those of them who hold a role."""
    users = "abcdef"[: len(said)]
    person = {"@odata.type": "#microsoft.graph.user"}
    held = [{"roleDefinitionId": "r", "principalId": one, "principal": person} for one in holders]
    return administrators_difference(
        Given(
            objects=lambda source: assignments or (held if source == "roleAssignments" else FORBIDDEN),
            members=lambda _: FORBIDDEN,
            user_ids=users,
            column=lambda name: said if name == "registration.isAdmin" else [STRANGE] * len(said),
        )
    )


@pytest.mark.parametrize(
    ("said", "holders", "answer"),
    [
        ([True, False], "a", 0),
        ([True, False], "b", 2),
        ([True, True, False], "a", 1),
        ([False, False], "ab", 2),
        # The disabled have no row, and no say.
        ([NO_ROW, False], "ab", 1),
        ([NO_ROW, True], "b", 0),
        ([NO_ROW, NO_ROW], "a", NO_ROW),
        ([], "", NO_ROW),
        ([True, FORBIDDEN], "", FORBIDDEN),
        ([STRANGE, NO_ROW], "a", STRANGE),
    ],
)
def test_users_of_whom_both_are_known_are_compared(said, holders, answer):
    assert difference(said, holders) == answer


def test_roles_that_were_not_read_leave_it_open():
    assert difference([True, False], assignments=FORBIDDEN) == FORBIDDEN
    assert difference([NO_ROW, False], assignments=FORBIDDEN) == FORBIDDEN
