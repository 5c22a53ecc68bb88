"""Whether per-user MFA is switched on for anybody: one user is enough for yes, and only all of them for no."""

import pytest

from mfaaudit.facts.given import Given
from mfaaudit.facts.per_user_mfa_in_use import per_user_mfa_in_use
from mfaaudit.words import Reason, Unknown

THROTTLED, GONE = Unknown(Reason.THROTTLED), Unknown(Reason.NOT_FOUND)


def in_use(states):
    return per_user_mfa_in_use(
        Given(
            objects=lambda _: THROTTLED,
            members=lambda _: THROTTLED,
            user_ids=[str(n) for n in range(len(states))],
            column=lambda name: states if name == "requirements.perUserMfaState" else [THROTTLED],
        )
    )


@pytest.mark.parametrize(
    ("states", "answer"),
    [
        ([], False),
        (["disabled", "disabled"], False),
        (["disabled", "enabled"], True),
        (["enforced"], True),
        ([THROTTLED, "disabled", "enforced"], True),
        (["enabled", GONE], True),
        (["disabled", THROTTLED], THROTTLED),
        ([GONE], GONE),
    ],
)
def test_one_is_enough_for_yes_and_only_all_for_no(states, answer):
    assert in_use(states) == answer
