"""A fault of one read of one user: it passes and changes nothing, or it leaves its reason there and nowhere else."""

import pytest
from one_fault import FOR_GOOD, IN_A_MINUTE, USERS, but, differences, error, item, target, without_state
from test_soak import NOW

from mfaaudit.simulated import open_tenant
from mfaaudit.words import Reason


def state(value):
    return lambda entry, _: [entry | {"body": entry["body"] | {"perUserMfaState": value}}]


def one_after_another(*faults):
    """Another fault each time."""
    left = list(faults)
    return lambda entry, tenant: left.pop(0)(entry, tenant)


def lost(_entry, _tenant):
    return []


def other_state(entry):
    wrong = {"enforced": "disabled", "enabled": "enforced", "disabled": "enabled"}
    return entry | {"body": {"perUserMfaState": wrong[entry["body"]["perUserMfaState"]]}}


def twice(entry, _):
    return [entry, entry]


def contradicted(entry, _):
    return [entry, other_state(entry)]


def corrected(entry, _):
    return [other_state(entry), entry]


def then_failing(entry, tenant):
    return [entry, *error(500)(entry, tenant)]


def beside_a_stranger(entry, tenant):
    # Before the true one, in the name of somebody who exists, and of somebody who does not.
    someone = entry["id"].replace(target(tenant).id, tenant.directory.accounts[5].id)
    return [other_state(entry) | {"id": someone + "0"}, other_state(entry) | {"id": "nobody"}, entry, 7, {"id": None}]


PASSING_ITEMS = {
    "429 without a pause": (error(429), 3),
    "429 seconds": (error(429, Retry_After="20"), 3),
    "429 a fraction": (error(429, Retry_After="0.5"), 3),
    "429 a date": (error(429, Retry_After=IN_A_MINUTE), 3),
    "429 a pause that is none": (error(429, Retry_After="soon"), 3),
    "401": (error(401), 1),
    "503, then 401": (one_after_another(error(503), error(401)), 2),
    "424": (error(424), 4),
    **{str(status): (error(status), 4) for status in (408, 500, 502, 503, 504)},
    "503 with a pause": (error(503, Retry_After="7"), 4),
    "no body": (but(body=None), 4),
    "a string for a body": (but(body="busy"), 4),
    "a list for a body": (but(body=[]), 4),
    "no headers": (but(headers=None), FOR_GOOD),
    "status as text": (but(status="200"), 4),
    "missing": (lost, 4),
    "twice": (twice, FOR_GOOD),
    "twice, the second contradicts": (contradicted, 4),
    "twice, the first is wrong": (corrected, 4),
    "twice, the second failed": (then_failing, 4),
    "beside answers nobody asked for": (beside_a_stranger, FOR_GOOD),
}


@pytest.mark.parametrize("name", PASSING_ITEMS)
def test_a_fault_of_an_item_that_passes_changes_nothing(name, under, calm):
    becomes, times = PASSING_ITEMS[name]

    found = under(item(becomes, times))

    assert differences(calm, found) == {}
    assert found.failures == calm.failures
    assert found.run.throttled == (times if name.startswith("429") else 0)


LASTING_ITEMS = {
    "401": (error(401), Reason.NO_PERMISSION),
    "403": (error(403), Reason.NO_PERMISSION),
    # The other source knows the user, who is then not gone.
    "404": (error(404), Reason.NO_ROW),
    "410": (error(410), Reason.NO_ROW),
    "429": (error(429, Retry_After="1"), Reason.THROTTLED),
    "400": (error(400), Reason.SERVER_ERROR),
    **{str(status): (error(status), Reason.SERVER_ERROR) for status in (424, 500, 502, 503, 504)},
    "no body": (but(body=None), Reason.SERVER_ERROR),
    "a string for a body": (but(body="busy"), Reason.SERVER_ERROR),
    "missing": (lost, Reason.SERVER_ERROR),
    "a redirect": (error(302), Reason.SERVER_ERROR),
}


@pytest.mark.parametrize("name", LASTING_ITEMS)
def test_a_fault_of_an_item_that_stays_leaves_its_reason_with_that_user_and_source_alone(name, under, calm):
    becomes, reason = LASTING_ITEMS[name]
    user = target(open_tenant(users=USERS, mood="tidy", now=NOW)).id

    found = under(item(becomes))

    assert differences(calm, found).items() == without_state(user, reason)
    assert [(one.source, one.user_id, one.reason) for one in found.failures] == [("requirements", user, reason)]


@pytest.mark.parametrize("value", ["unknownFutureValue", "Enforced", None, 7], ids=repr)
def test_a_state_that_nobody_has_documented_is_unknown_and_no_failed_read(value, under, calm):
    user = target(open_tenant(users=USERS, mood="tidy", now=NOW)).id

    found = under(item(state(value)))

    assert differences(calm, found).items() == without_state(user, Reason.UNKNOWN_VALUE)
    assert found.failures == calm.failures
