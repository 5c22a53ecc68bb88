"""Other methods, the targets of Authenticator, text messages as a first factor, reports of suspicious requests."""

import pytest

from mfaaudit.facts import FACTS
from mfaaudit.facts.given import Given
from mfaaudit.words import Reason, Unknown

STRANGE, FORBIDDEN = Unknown(Reason.UNKNOWN_VALUE), Unknown(Reason.NO_PERMISSION)
BY_NAME = {fact.field.name: fact.of_tenant for fact in FACTS}
ALL, GROUP, NOBODY = "all_users", "c9a559d2-7aab-4f13-a6ed-e7e9c52aec87", "00000000-0000-0000-0000-000000000000"
EXTERNAL = "b183b746-e7db-4fa2-bafc-69ecf18850dd"
OTHERS, OFF = "derived.otherMethodsAllowed", "derived.areOtherMethodsDisabled"


def given(policy):
    answer = policy if isinstance(policy, Unknown) else [policy]
    return Given(objects=lambda _: answer, members=lambda _: FORBIDDEN, user_ids=(), column=lambda _: ())


def fact(name, *configurations, **policy):
    return BY_NAME[name](given({"authenticationMethodConfigurations": list(configurations), **policy}))


def targets(*ids):
    return [{"targetType": "group", "id": id_} for id_ in ids]


def test_a_policy_that_was_not_read_leaves_all_of_it_open():
    names = [
        OTHERS,
        OFF,
        "derived.isAuthenticatorForAllUsers",
        "derived.isSmsSignInOff",
        "derived.isSuspiciousActivityReported",
        "derived.isSystemPreferredMicrosoftManaged",
    ]

    assert [BY_NAME[name](given(FORBIDDEN)) for name in names] == [FORBIDDEN] * 6
    assert [BY_NAME[name](given({})) for name in names] == [STRANGE] * 6


@pytest.mark.parametrize(
    ("rows", "others", "off"),
    [
        ([], (), True),
        ([("Sms", "enabled"), ("hardwareOath", "enabled")], (), True),
        ([("QRCodePin", "disabled"), ("VerifiableCredentials", "disabled"), (EXTERNAL, "disabled")], (), True),
        ([("QRCodePin", "enabled")], ("QRCodePin",), STRANGE),
        ([("VerifiableCredentials", "enabled")], ("VerifiableCredentials",), STRANGE),
        ([(EXTERNAL, "enabled"), (GROUP, "enabled")], ("external",), STRANGE),
        ([("MethodOfTheFuture", "enabled"), (EXTERNAL, "disabled")], ("MethodOfTheFuture",), STRANGE),
        ([("QRCodePin", "unknownFutureValue")], STRANGE, STRANGE),
        ([("QRCodePin", None)], STRANGE, STRANGE),
        ([(None, "disabled")], STRANGE, STRANGE),
    ],
)
def test_a_method_that_no_rule_knows_is_named_and_leaves_open_what_it_may_allow(rows, others, off):
    configurations = [{"id": id_, "state": state} for id_, state in rows]

    assert (fact(OTHERS, *configurations), fact(OFF, *configurations)) == (others, off)


def test_a_configuration_that_is_none_leaves_it_open():
    assert fact(OFF, {"id": "Sms", "state": "disabled"}, None) == STRANGE


@pytest.mark.parametrize(
    ("included", "excluded", "answer"),
    [
        (targets(ALL), [], True),
        (targets(GROUP, ALL), targets(NOBODY), True),
        (targets(GROUP), [], False),
        ([], [], False),
        (targets(GROUP), targets(GROUP), False),
        # Valid or not is for a person to say.
        (targets(ALL), targets(GROUP), STRANGE),
        (targets(ALL), None, STRANGE),
        (targets(ALL), [{}], STRANGE),
        (None, [], STRANGE),
        ([*targets(ALL), {}], [], STRANGE),
        ({"id": ALL}, [], STRANGE),
    ],
)
def test_authenticator_for_all_users(included, excluded, answer):
    method = {"id": "MicrosoftAuthenticator", "includeTargets": included, "excludeTargets": excluded}

    assert fact("derived.isAuthenticatorForAllUsers", method) == answer


@pytest.mark.parametrize(
    ("state", "usable", "answer"),
    [
        ("enabled", [False], True),
        ("enabled", [False, True], False),
        ("enabled", [None, True], False),
        ("enabled", [False, None], STRANGE),
        ("enabled", ["yes"], STRANGE),
        ("enabled", [], True),
        ("disabled", [True], True),
        ("unknownFutureValue", [False], STRANGE),
    ],
)
def test_text_messages_as_a_first_factor(state, usable, answer):
    rows = [{"id": ALL, "isUsableForSignIn": one} for one in usable]

    assert fact("derived.isSmsSignInOff", {"id": "Sms", "state": state, "includeTargets": rows}) == answer


def test_targets_of_text_messages_that_are_none_leave_it_open():
    assert fact("derived.isSmsSignInOff", {"id": "Sms", "state": "enabled"}) == STRANGE
    assert fact("derived.isSmsSignInOff", {"id": "Sms", "state": "enabled", "includeTargets": [None]}) == STRANGE


@pytest.mark.parametrize(
    ("settings", "answer"),
    [
        ({"state": "enabled", "includeTarget": {"id": ALL}}, True),
        ({"state": "enabled", "includeTarget": {"id": GROUP}}, False),
        ({"state": "default", "includeTarget": {"id": ALL}}, False),
        ({"state": "disabled"}, False),
        ({"state": "enabled"}, STRANGE),
        ({"state": "enabled", "includeTarget": {}}, STRANGE),
        ({"state": "unknownFutureValue", "includeTarget": {"id": ALL}}, STRANGE),
        (None, STRANGE),
    ],
)
def test_reports_of_suspicious_requests(settings, answer):
    assert fact("derived.isSuspiciousActivityReported", reportSuspiciousActivitySettings=settings) == answer


@pytest.mark.parametrize(
    ("settings", "answer"),
    [
        ({"state": "default", "includeTargets": targets(GROUP, ALL)}, True),
        ({"state": "default", "includeTargets": targets(GROUP)}, False),
        ({"state": "enabled", "includeTargets": targets(ALL)}, False),
        ({"state": "disabled", "includeTargets": targets(ALL)}, False),
        ({"state": "unknownFutureValue", "includeTargets": targets(ALL)}, STRANGE),
        ({"state": "default"}, STRANGE),
    ],
)
def test_system_preferred_authentication_that_microsoft_manages(settings, answer):
    assert fact("derived.isSystemPreferredMicrosoftManaged", systemCredentialPreferences=settings) == answer
