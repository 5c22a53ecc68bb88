"""System-preferred MFA and the features of Authenticator: set for everybody, or not, or not to be read."""

import pytest

from mfaaudit.facts import FACTS
from mfaaudit.facts.given import Given
from mfaaudit.facts.system_preferred import system_preferred_for_all_users
from mfaaudit.words import Reason, Unknown

STRANGE, FORBIDDEN = Unknown(Reason.UNKNOWN_VALUE), Unknown(Reason.NO_PERMISSION)
ALL, NOBODY = {"id": "all_users", "targetType": "group"}, {"id": "00000000-0000-0000-0000-000000000000"}
GROUP = {"id": "c9a559d2-7aab-4f13-a6ed-e7e9c52aec87", "targetType": "group"}
BY_NAME = {fact.field.name: fact.of_tenant for fact in FACTS}
FEATURES = {
    "derived.showsApplicationInAuthenticator": ("displayAppInformationRequiredState", "enabled"),
    "derived.showsLocationInAuthenticator": ("displayLocationInformationRequiredState", "enabled"),
    "derived.isAuthenticatorLiteOff": ("companionAppAllowedState", "disabled"),
}


def given(policy):
    found = policy if isinstance(policy, Unknown) else [policy]
    return Given(
        objects=lambda source: found if source == "authenticationMethodsPolicy" else STRANGE,
        members=lambda _: FORBIDDEN,
        user_ids=(),
        column=lambda _: (),
    )


@pytest.mark.parametrize(
    ("settings", "answer"),
    [
        ({"state": "enabled", "includeTargets": [GROUP, ALL]}, True),
        # Who is excluded is a finding of its own.
        ({"state": "enabled", "includeTargets": [ALL], "excludeTargets": [GROUP]}, True),
        ({"state": "enabled", "includeTargets": [GROUP]}, False),
        ({"state": "enabled", "includeTargets": []}, False),
        ({"state": "default", "includeTargets": [ALL]}, False),
        ({"state": "disabled", "includeTargets": None}, False),
        ({"state": "unknownFutureValue", "includeTargets": [ALL]}, STRANGE),
        ({"includeTargets": [ALL]}, STRANGE),
        ({"state": "enabled"}, STRANGE),
        ({"state": "enabled", "includeTargets": {"id": "all_users"}}, STRANGE),
        ({"state": "enabled", "includeTargets": [GROUP, None]}, STRANGE),
        ({"state": "enabled", "includeTargets": [{}]}, STRANGE),
        ({"state": "enabled", "includeTargets": [None, ALL]}, True),
        (None, STRANGE),
        ([], STRANGE),
    ],
)
def test_system_preferred_mfa_for_all_users(settings, answer):
    assert system_preferred_for_all_users(given({"systemCredentialPreferences": settings})) == answer


def test_a_policy_that_was_not_read_leaves_all_of_it_open():
    names = [*FEATURES, "derived.isSystemPreferredForAllUsers"]

    assert [BY_NAME[name](given(FORBIDDEN)) for name in names] == [FORBIDDEN] * 4
    assert [BY_NAME[name](given({})) for name in names] == [STRANGE] * 4


def policy(name, setting):
    """A policy in which one feature is set, beside others that say the opposite."""
    other = {"state": "default", "includeTarget": GROUP, "excludeTarget": GROUP}
    features = {feature: other for feature, _ in FEATURES.values()} | {FEATURES[name][0]: setting}
    methods = [{"id": "Fido2"}, {"id": "MicrosoftAuthenticator", "featureSettings": features}]
    return given({"authenticationMethodConfigurations": methods})


@pytest.mark.parametrize("name", FEATURES)
@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({}, True),
        ({"excludeTarget": None}, True),
        ({"excludeTarget": GROUP}, False),
        ({"includeTarget": GROUP}, False),
        # "default" leaves it to Microsoft: it was not set.
        ({"state": "default"}, False),
        ({"state": "opposite"}, False),
        ({"state": "unknownFutureValue"}, STRANGE),
        ({"state": None}, STRANGE),
        ({"includeTarget": None}, STRANGE),
        ({"includeTarget": {}}, STRANGE),
        ({"excludeTarget": {}}, STRANGE),
        ({"excludeTarget": "nobody"}, STRANGE),
    ],
)
def test_a_feature_is_set_for_everybody_or_not(name, change, answer):
    wanted = FEATURES[name][1]
    setting = {"state": wanted, "includeTarget": ALL, "excludeTarget": NOBODY} | change
    if setting["state"] == "opposite":
        setting["state"] = "disabled" if wanted == "enabled" else "enabled"

    assert BY_NAME[name](policy(name, setting)) == answer


@pytest.mark.parametrize("name", FEATURES)
def test_a_feature_of_which_nothing_is_said_is_open(name):
    feature, wanted = FEATURES[name]
    without = {"state": wanted, "includeTarget": ALL}
    assert BY_NAME[name](policy(name, without)) == BY_NAME[name](policy(name, None)) == STRANGE

    for methods in (
        [],
        [{"id": "MicrosoftAuthenticator", "featureSettings": None}],
        [{"id": "MicrosoftAuthenticator"}],
    ):
        assert BY_NAME[name](given({"authenticationMethodConfigurations": methods})) == STRANGE
    assert (
        BY_NAME[name](
            given(
                {
                    "authenticationMethodConfigurations": [
                        {"id": "Sms", "featureSettings": {feature: without | {"excludeTarget": None}}}
                    ]
                }
            )
        )
        == STRANGE
    )
