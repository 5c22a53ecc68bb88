"""The use of methods: what repeats counts once, what contradicts itself is unknown, and no unknown is nought."""

from datetime import date
from fractions import Fraction

import pytest
from evidence_by_hand import page, refusal

from mfaaudit.snapshot.method_activity import BY_DAY, BY_METHOD, REGISTRATIONS, percent, share
from mfaaudit.words import Reason, Unknown

STRANGE, FORBIDDEN, NOT_ASKED = (Unknown(Reason(word)) for word in ("UNKNOWN_VALUE", "NO_PERMISSION", "NOT_REQUESTED"))


def attempts(method, succeeded, failed, *, feature="registration", id_="1"):
    return {
        "id": id_,
        "feature": feature,
        "authMethod": method,
        "successfulActivityCount": succeeded,
        "failureActivityCount": failed,
    }


def day_of(day, single, multi, *, total=None, id_=""):
    return {
        "id": id_ or day,
        "createdDateTime": f"2026-03-{day}T16:19:18Z",
        "totalSignIns": single + multi if total is None else total,
        "singleFactorSignIns": single,
        "multiFactorSignIns": multi,
    }


@pytest.fixture
def activity(taken):
    """What rows of the three reports come to."""

    def reading(*rows, by_method=(), by_day=()):
        pages = [page(REGISTRATIONS, list(rows)), page(BY_METHOD, list(by_method)), page(BY_DAY, list(by_day))]
        return taken(page("users", []), *pages).activity

    return reading


def counted(found):
    return {(row.feature, row.method): (row.succeeded, row.failed, row.failure_rate) for row in found.activities}


def test_the_rate_is_the_failures_of_all_attempts(activity):
    found = activity(
        attempts("fido2SecurityKey", 3, 1), attempts("email", 0, 0), attempts("sms", 8, 2, feature="reset")
    )

    assert counted(found) == {
        ("registration", "fido2SecurityKey"): (3, 1, Fraction(1, 4)),
        # No attempt is no rate, and no rate of nought.
        ("registration", "email"): (0, 0, None),
        ("reset", "sms"): (8, 2, Fraction(1, 5)),
    }
    assert found.total("registration").failure_rate == Fraction(1, 4)
    assert found.remarks == ()


def test_a_row_that_comes_twice_counts_once_also_on_another_page(taken):
    row = attempts("email", 3, 1)
    found = taken(page("users", []), page(REGISTRATIONS, [row], more=True), page(REGISTRATIONS, [row])).activity

    assert counted(found) == {("registration", "email"): (3, 1, Fraction(1, 4))}
    assert found.remarks == (f"{REGISTRATIONS}: 1 repeated row is counted once.",)


def test_two_rows_about_the_same_that_contradict_each_other_give_nothing(activity):
    found = activity(attempts("email", 3, 1), attempts("email", 3, 2, id_="2"), attempts("sms", 1, 0, id_="3"))

    assert counted(found)["registration", "email"] == (3, STRANGE, STRANGE)
    assert counted(found)["registration", "sms"] == (1, 0, Fraction(0))
    # The sum would be wrong by whichever of the two is wrong.
    assert found.total("registration").failed == STRANGE
    assert "failureActivityCount" in found.remarks[0]


@pytest.mark.parametrize("method", ["unknownFutureValue", None, 7, ""])
def test_methods_without_a_name_of_their_own_may_be_several_and_are_added_up(activity, method):
    found = activity(attempts(method, 3, 1), attempts(method, 2, 2, id_="2"))

    (row,) = found.activities
    assert row.method == (method if method == "unknownFutureValue" else "")
    assert (row.succeeded, row.failed) == (5, 3)


@pytest.mark.parametrize("count", [None, "3", True, -1, 1.5])
def test_a_count_that_is_none_is_unknown_and_so_is_the_sum(activity, count):
    found = activity(attempts("email", 3, count), attempts("sms", 2, 0, id_="2"))

    assert counted(found)["registration", "email"] == (3, STRANGE, STRANGE)
    assert found.total("registration").failed == STRANGE
    assert found.total("registration").succeeded == 5


def test_a_feature_that_nobody_knows_is_kept_and_is_in_no_total(activity):
    found = activity(attempts("email", 3, 1), attempts("email", 5, 5, feature="recovery", id_="2"))

    assert ("recovery", "email") in counted(found)
    assert found.total("registration").attempts == 4


def test_sign_ins_by_method(activity):
    found = activity(
        by_method=[
            {"authenticationMethod": "password", "successActivityCount": 9},
            {"authenticationMethod": "password", "successActivityCount": 9},
            {"authenticationMethod": "palmVein", "successActivityCount": None},
        ]
    )

    assert {row.method: row.succeeded for row in found.sign_ins} == {"password": 9, "palmVein": STRANGE}


def test_days_that_are_missing_are_named_and_a_day_that_comes_twice_counts_once(activity):
    days = [day_of("09", 1, 9), day_of("06", 2, 8), day_of("05", 3, 7), day_of("05", 3, 7)]
    found = activity(by_day=days)

    assert list(found.days) == [date(2026, 3, 5), date(2026, 3, 6), date(2026, 3, 9)]
    assert found.missing_days == (date(2026, 3, 7), date(2026, 3, 8))
    assert (found.single_factor, found.multi_factor) == (6, 24)


def test_a_day_that_is_told_in_two_ways_is_unknown_and_so_is_the_sum(activity):
    found = activity(by_day=[day_of("05", 3, 7), day_of("05", 4, 6, id_="other")])

    assert found.days[date(2026, 3, 5)].single_factor == STRANGE
    assert found.days[date(2026, 3, 5)].total == 10
    assert found.single_factor == STRANGE


def test_a_total_that_is_not_the_sum_of_both_is_remarked_on(activity):
    found = activity(by_day=[day_of("05", 100, 9900, total=1000)])

    assert found.remarks == (f"{BY_DAY}: Graph's total is not the sum of both kinds on 2026-03-05.",)


def test_a_day_that_cannot_be_placed_leaves_all_of_them_open(activity):
    found = activity(by_day=[day_of("05", 1, 1), day_of("05", 1, 1, id_="x") | {"createdDateTime": "soon"}])

    assert found.days == found.single_factor == STRANGE
    assert found.missing_days == ()


def test_what_was_refused_or_not_asked_for_says_so_and_the_facts_too(taken):
    snapshot = taken(page("users", []), refusal(REGISTRATIONS, 403, "accessDenied"))
    found, tenant = snapshot.activity, snapshot.tenant.row(0, named=True)

    assert found.activities == found.total("reset") == FORBIDDEN
    assert found.sign_ins == found.days == found.single_factor == NOT_ASKED
    for name, reason in (
        ("registrationFailurePercent", "NO_PERMISSION"),
        ("resetFailurePercent", "NO_PERMISSION"),
        ("singleFactorSignInPercent", "NOT_REQUESTED"),
    ):
        assert (tenant[f"derived_{name}"], tenant[f"derived_{name}_reason"]) == (None, reason)


def test_the_facts_are_whole_percents_rounded_up(taken):
    rows = [attempts("email", 199, 1), attempts("sms", 1, 1, feature="reset", id_="2")]
    tenant = taken(page("users", []), page(REGISTRATIONS, rows), page(BY_DAY, [day_of("05", 1, 2)])).tenant

    names = ("registrationFailurePercent", "resetFailurePercent", "singleFactorSignInPercent")
    assert [tenant[f"derived_{name}"][0] for name in names] == [1, 50, 34]


def test_shares_of_nothing_and_of_unknowns():
    assert (share(0, 0), percent(0, 0)) == (None, 0)
    assert share(STRANGE, 1) == share(1, STRANGE) == percent(STRANGE, 1) == STRANGE


def test_in_the_tidy_tenant_nothing_is_odd_and_every_method_has_a_rate_or_no_attempt(tidy):
    _, snapshot = tidy
    found = snapshot.activity

    assert found.remarks == found.missing_days == ()
    assert not [row for row in found.activities if isinstance(row.failure_rate, Unknown)]
    assert "externalAuthMethod" in {row.method for row in found.activities}
    assert len(found.days) == 30
