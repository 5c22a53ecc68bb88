"""Registration counts: ours beside the tenant's own, each difference shown, and no unknown counted as nought."""

import pytest
from evidence_by_hand import answer, page, refusal, registered, user

from mfaaudit.words import Reason, Unknown

FEATURE, METHOD, OLDER = (
    "usersRegisteredByFeature",
    "usersRegisteredByMethod",
    "getCredentialUserRegistrationCount",
)
STRANGE = Unknown(Reason.UNKNOWN_VALUE)
EVERYBODY = page("users", [user("a"), user("b"), user("c"), user("d", accountEnabled=False)])
ROWS = [
    registered("a", "fido2SecurityKey", "mobilePhone", isPasswordlessCapable=True),
    registered("b", "mobilePhone", isSsprRegistered=True, isSsprCapable=True),
    registered("c"),
]
REPORT = page("userRegistrationDetails", ROWS)


def by_feature(total=3, **counts):
    pairs = [{"feature": name, "userCount": count} for name, count in counts.items()]
    return answer(FEATURE, {"totalUserCount": total, "userRegistrationFeatureCounts": pairs})


def by_method(**counts):
    pairs = [{"authenticationMethod": name, "userCount": count} for name, count in counts.items()]
    return answer(METHOD, {"totalUserCount": 3, "userRegistrationMethodCounts": pairs})


def older(status="registrationStatus", count="registrationCount", **counts):
    pairs = [{status: name, count: number} for name, number in counts.items()]
    return answer(OLDER, {"value": [{"totalUserCount": 3, "userRegistrationCounts": pairs}]})


def beside(snapshot, source):
    """What was compared with one source: ours, theirs, and the difference."""
    found = [one for one in snapshot.registration.comparisons if one.theirs_from == source]
    return {one.what: (one.ours, one.theirs, one.difference) for one in found}


def test_in_a_tidy_tenant_every_number_agrees(tidy):
    tenant, snapshot = tidy
    registration = snapshot.registration
    enabled = [one for one in tenant.directory.accounts if one.enabled]

    assert {one.difference for one in registration.comparisons} == {0}
    assert registration.source == f"{FEATURE}, {METHOD}"
    assert registration.total == len(enabled)
    assert registration.by_feature["mfaCapable"] == sum(one.registered and one.capable for one in enabled)
    assert registration.by_method["mobilePhone"] == sum("mobilePhone" in one.methods for one in enabled)


def test_what_cannot_be_read_is_derived_from_the_details(forbidden):
    tenant, snapshot = forbidden
    registration = snapshot.registration
    enabled = [one for one in tenant.directory.accounts if one.enabled]

    assert registration.source == "derived from userRegistrationDetails"
    assert registration.total == len(enabled)
    assert registration.by_feature["mfaCapable"] == sum(one.registered and one.capable for one in enabled)
    assert registration.by_method["mobilePhone"] == sum("mobilePhone" in one.methods for one in enabled)
    # Nothing to compare with is no agreement.
    assert {theirs for _, theirs, _ in beside(snapshot, FEATURE).values()} == {Unknown(Reason.NO_PERMISSION)}
    assert {difference for *_, difference in beside(snapshot, FEATURE).values()} == {None}


def test_each_feature_is_counted_again(taken):
    snapshot = taken(EVERYBODY, REPORT, by_feature(5, mfaCapable=1, passwordlessCapable=1, ssprEnabled=3))

    assert beside(snapshot, FEATURE) == {
        "Users in the registration report": (3, 5, 2),
        "mfaCapable": (2, 1, -1),
        "passwordlessCapable": (1, 1, 0),
        "ssprEnabled": (3, 3, 0),
        # A feature that the answer does not name is not nought.
        "ssprRegistered": (1, STRANGE, None),
        "ssprCapable": (1, STRANGE, None),
    }


def test_each_method_is_counted_again_once_a_user(taken):
    twice = registered("c", "email", "email")
    snapshot = taken(
        EVERYBODY,
        page("userRegistrationDetails", [*ROWS[:2], twice]),
        by_method(password=3, mobilePhone=2, softwareOneTimePasscode=1, email=1),
    )

    assert beside(snapshot, METHOD) == {
        "email": (1, 1, 0),
        # What the tenant's own count does not name is not nought.
        "fido2SecurityKey": (1, Unknown(Reason.NO_ROW), None),
        "mobilePhone": (2, 2, 0),
        # Theirs alone: no row of ours names it, and that is nought.
        "softwareOneTimePasscode": (0, 1, 1),
    }


@pytest.mark.parametrize(
    ("status", "count"),
    [
        ("registrationStatus", "registrationCount"),
        ("userRegistrationStatus", "userRegistrationCount"),
        ("userRegistrationStatus", "userRegistationCount"),
    ],
)
def test_the_older_report_is_read_in_each_of_its_spellings(taken, status, count):
    snapshot = taken(EVERYBODY, REPORT, older(status, count, mfaRegistered=2, registered=0, enabled=3, capable=1))

    assert beside(snapshot, OLDER) == {
        "Users in the older report": (3, 3, 0),
        "mfaRegistered": (2, 2, 0),
        "registered": (1, 0, -1),
        "enabled": (3, 3, 0),
        "capable": (1, 1, 0),
    }


@pytest.mark.parametrize(
    "answer_",
    [
        answer(METHOD, {}),
        answer(METHOD, {"userRegistrationMethodCounts": None}),
        answer(METHOD, {"userRegistrationMethodCounts": [None]}),
        answer(METHOD, {"userRegistrationMethodCounts": [{"authenticationMethod": "email"}]}),
        answer(METHOD, {"userRegistrationMethodCounts": [{"userCount": 3}]}),
        by_method(mobilePhone="2"),
        by_method(mobilePhone=True),
    ],
    ids=["nothing", "null", "a null row", "no count", "no name", "text", "a boolean"],
)
def test_an_answer_that_cannot_be_understood_is_no_count_of_nought(taken, answer_):
    snapshot = taken(EVERYBODY, REPORT, by_feature(mfaCapable=2), answer_)

    assert beside(snapshot, METHOD)["mobilePhone"] == (2, STRANGE, None)
    assert snapshot.registration.by_method == {"fido2SecurityKey": 1, "mobilePhone": 2}
    assert snapshot.registration.source == f"{FEATURE}, derived from userRegistrationDetails"


def test_the_older_report_may_be_empty(taken):
    assert beside(taken(EVERYBODY, REPORT, answer(OLDER, {"value": []})), OLDER)["mfaRegistered"] == (2, STRANGE, None)


def test_rows_are_held_against_enabled_accounts(taken):
    stranger = registered("x", "sms")
    snapshot = taken(EVERYBODY, page("userRegistrationDetails", [*ROWS[:2], stranger]))

    comparison = snapshot.registration.comparisons[0]
    assert (comparison.ours, comparison.theirs, comparison.difference) == (3, 2, -1)
    assert comparison.remark.startswith("1 rows of the report belong to no listed user")
    # The stranger counts nowhere.
    assert "sms" not in snapshot.registration.by_method


def test_who_may_be_enabled_cannot_be_counted(taken):
    snapshot = taken(page("users", [user("a"), user("b", accountEnabled=None)]), REPORT)

    assert snapshot.registration.comparisons[0].ours == STRANGE


def test_one_unreadable_value_leaves_only_its_own_count_open(taken):
    rows = [ROWS[0], registered("b", "sms", isMfaCapable=None)]
    snapshot = taken(EVERYBODY, page("userRegistrationDetails", rows), by_feature(mfaCapable=2, ssprEnabled=2))

    assert beside(snapshot, FEATURE)["mfaCapable"] == (STRANGE, 2, None)
    assert beside(snapshot, FEATURE)["ssprEnabled"] == (2, 2, 0)


def test_one_unreadable_list_of_methods_leaves_every_method_open(taken):
    rows = [ROWS[0], registered("b", methodsRegistered=None)]
    snapshot = taken(EVERYBODY, page("userRegistrationDetails", rows), by_method(mobilePhone=1))

    assert beside(snapshot, METHOD) == {"mobilePhone": (STRANGE, 1, None)}


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([], Reason.NOT_REQUESTED),
        ([refusal("userRegistrationDetails", 403, "accessDenied")], Reason.NO_PERMISSION),
        ([page("userRegistrationDetails", ROWS, more=True)], Reason.SERVER_ERROR),
        (
            [page("userRegistrationDetails", ROWS, more=True), refusal("userRegistrationDetails", 429)],
            Reason.THROTTLED,
        ),
    ],
    ids=["not asked", "refused", "promised more", "broke off"],
)
def test_a_report_that_was_not_read_to_its_end_is_not_counted(taken, answers, reason):
    snapshot = taken(EVERYBODY, *answers, by_feature(mfaCapable=2))

    assert {ours for ours, *_ in beside(snapshot, FEATURE).values()} == {Unknown(reason)}
    assert snapshot.registration.by_method == {}
    assert snapshot.registration.comparisons[0].theirs == Unknown(reason)


def test_rows_of_nobody_are_counted_as_often_as_one_walk_came_upon_them(taken):
    source = "userRegistrationDetails"
    strangers = [registered("stranger"), registered("stranger"), {"isMfaCapable": True}]
    snapshot = taken(
        EVERYBODY,
        page(source, strangers, more=True),
        refusal(source, 400, "Directory_ExpiredPageToken"),
        # From the start again: the same rows, and then the rest.
        page(source, strangers, more=True, url="https://graph.microsoft.com/v1.0/from/the/start"),
        page(source, ROWS),
    )

    assert snapshot.orphans == ("stranger", "stranger")
    assert "1 rows of the report name nobody" in snapshot.registration.comparisons[0].remark
