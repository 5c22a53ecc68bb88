"""Attestation of passkeys: by the profiles that somebody may use, and by the older setting only without any."""

import pytest

from mfaaudit.facts.given import Given
from mfaaudit.facts.passkey_profiles import attestation_enforced
from mfaaudit.words import Reason, Unknown

STRANGE, FORBIDDEN = Unknown(Reason.UNKNOWN_VALUE), Unknown(Reason.NO_PERMISSION)
A, B = "a0000000-0000-0000-0000-000000000001", "b0000000-0000-0000-0000-000000000002"
NONE = "00000000-0000-0000-0000-000000000000"


def attests(**fido2):
    policy = {"authenticationMethodConfigurations": [{"id": "Fido2", "state": "enabled", **fido2}]}
    return attestation_enforced(of(policy))


def of(policy):
    answer = policy if isinstance(policy, Unknown) else [policy]
    return Given(objects=lambda _: answer, members=lambda _: FORBIDDEN, user_ids=(), column=lambda _: ())


def profile(id_, enforcement):
    return {"id": id_, "passkeyTypes": "deviceBound,synced", "attestationEnforcement": enforcement}


def target(*profiles, id_="all_users"):
    return {"targetType": "group", "id": id_, "allowedPasskeyProfiles": list(profiles)}


def test_the_example_of_graphs_own_page_enforces_nothing():
    assert (
        attests(isAttestationEnforced=True, passkeyProfiles=[profile(A, "disabled")], includeTargets=[target(A)])
        is False
    )


@pytest.mark.parametrize(
    ("profiles", "targets", "default", "answer"),
    [
        ([profile(A, "registrationOnly")], [target(A)], None, True),
        ([profile(A, "registrationOnly"), profile(B, "disabled")], [target(A, B)], None, False),
        # A profile that nobody may use does not count.
        ([profile(A, "registrationOnly"), profile(B, "disabled")], [target(A)], B, True),
        ([profile(A, "registrationOnly"), profile(B, "disabled")], [target(A), target(B, id_="g")], None, False),
        ([profile(A.upper(), "registrationOnly")], [target(A)], None, True),
        # A target that names none gets the default.
        ([profile(A, "registrationOnly"), profile(B, "disabled")], [target()], A, True),
        ([profile(A, "registrationOnly"), profile(B, "disabled")], [target()], B, False),
        ([profile(A, "registrationOnly")], [{"id": "all_users"}], A, True),
        ([profile(A, "registrationOnly")], [target()], None, STRANGE),
        # One that enforces nothing decides, whatever the others are.
        ([profile(A, "unknownFutureValue"), profile(B, "disabled")], [target(A, B)], None, False),
        ([profile(A, "unknownFutureValue")], [target(A)], None, STRANGE),
        ([profile(A, None)], [target(A)], None, STRANGE),
        ([profile(A, ["disabled"])], [target(A)], None, STRANGE),
        ([profile(A, "registrationOnly")], [target(A, B)], None, STRANGE),
        ([profile(A, "registrationOnly")], [target(5)], None, STRANGE),
        ([profile(A, "registrationOnly")], [None], None, STRANGE),
        ([profile(A, "registrationOnly")], [{"id": "g", "allowedPasskeyProfiles": "all"}], None, STRANGE),
        ([profile(A, "registrationOnly")], None, None, STRANGE),
        ([None], [target(A)], None, STRANGE),
        ({"id": A}, [target(A)], None, STRANGE),
        # Profiles that are spoken of and not sent.
        ([], [target(A)], None, STRANGE),
        (None, [target()], A, STRANGE),
        ([], [], A, STRANGE),
        # Nobody is included yet: the next target may use any of them.
        ([profile(A, "registrationOnly")], [], A, True),
        ([profile(A, "registrationOnly"), profile(B, "disabled")], [], A, False),
    ],
)
def test_every_profile_that_somebody_may_use_has_to_enforce_it(profiles, targets, default, answer):
    found = attests(
        # The older setting says the opposite.
        isAttestationEnforced=answer is not True,
        passkeyProfiles=profiles,
        includeTargets=targets,
        defaultPasskeyProfile=default,
    )
    assert found == answer


@pytest.mark.parametrize("older", [True, False])
@pytest.mark.parametrize(
    "without",
    [
        {},
        {"passkeyProfiles": []},
        {"passkeyProfiles": None, "defaultPasskeyProfile": None, "includeTargets": [target()]},
        {"defaultPasskeyProfile": NONE, "includeTargets": [{"id": "all_users"}]},
    ],
)
def test_the_older_setting_decides_where_there_are_no_profiles(without, older):
    assert attests(isAttestationEnforced=older, **without) is older


def test_what_was_not_sent_stays_open():
    # After October 2027 the older setting is not sent.
    assert attests() == attests(isAttestationEnforced=None) == STRANGE
    assert attestation_enforced(of(FORBIDDEN)) == FORBIDDEN
    assert attestation_enforced(of({})) == STRANGE
