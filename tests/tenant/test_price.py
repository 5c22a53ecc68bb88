"""What the quotas make of a number of requests, and the sentences that say the price of an option before it runs."""

import pytest

from mfaaudit.sources.options import OPTIONS
from mfaaudit.sources.source import Bucket
from mfaaudit.tenant.cost import Known, lines_for, lines_of_option
from mfaaudit.tenant.price import about, price_of, prices_for, quota_of


@pytest.mark.parametrize(
    ("bucket", "amount", "seconds"),
    [
        (Bucket.IDENTITY, 80_000, 100),
        # The first of a period go out at once.
        (Bucket.REPORTS, 5, 0),
        (Bucket.REPORTS, 6, 10),
        (Bucket.CONDITIONAL_ACCESS, 3, 2),
        (Bucket.SIGN_IN_ACTIVITY, 200, 1_200),
    ],
)
def test_how_long_a_number_takes_at_the_documented_quota(bucket, amount, seconds):
    assert quota_of(bucket, 100_000).seconds(amount) == seconds


@pytest.mark.parametrize(
    ("option", "given", "sentence"),
    [
        ("signin-activity", {"users": 100_000}, "adds 200 requests, about 20 minutes at Graph's 10 a minute."),
        ("signin-activity", {"users": 501}, "adds 2 requests, a few seconds at Graph's 10 a minute."),
        (
            "signin-activity",
            {"users": 1_000_000},
            "adds 2,000 requests, about 3 hours 20 minutes at Graph's 10 a minute.",
        ),
        ("signin-activity", {"users": 0}, "adds 1 request, a few seconds at Graph's 10 a minute."),
        ("signin-activity", {}, "adds a request for every 500 users, at Graph's 10 a minute."),
        ("eligible-roles", {"users": 5}, "adds a request or more, and two for each further group that is eligible."),
        (
            "policy-groups",
            {"groups": 3},
            "adds 6 requests or more: two for each group that a Conditional Access policy names.",
        ),
        ("policy-groups", {"groups": 0}, "adds 0 requests."),
        (
            "policy-groups",
            {"users": 5},
            "adds two requests or more for each group that a Conditional Access policy names.",
        ),
    ],
)
def test_a_price_is_one_sentence_that_begins_with_the_option(option, given, sentence):
    assert price_of(option, **given) == f"--with-{option} {sentence}"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(6, "a few seconds"), (31, "about a minute"), (61, "about 2 minutes"), (7_200, "about 2 hours")],
)
def test_a_time_in_words_is_rounded_up(seconds, words):
    assert about(seconds) == words


def test_every_option_has_a_price_and_a_sentence():
    known = Known(users=10, policy_groups=frozenset("a"))

    assert [one.option for one in prices_for(known)] == list(OPTIONS)
    assert all(one.requests is not None and one.seconds is not None for one in prices_for(known))
    assert all(price_of(option).endswith(".") for option in OPTIONS)


def test_a_group_that_holds_a_role_is_read_anyway_and_adds_nothing():
    known = Known(users=10, groups=frozenset("ab"), policy_groups=frozenset("bc"))

    assert [line.requests for line in lines_of_option("policy-groups", known)] == [1, 1]


def test_groups_that_rules_name_are_read_once_whoever_else_names_them():
    known = Known(users=10, groups=frozenset("ab"), named_groups=frozenset("bc"), policy_groups=frozenset("cd"))
    lines = {line.source: line for line in lines_for(known)}

    # Of a group that a rule names nobody knows how large it is.
    assert (lines["groupMembers"].requests, lines["groupMembers"].at_least) == (3, True)
    assert not lines["roleAssignments"].at_least
    assert [line.requests for line in lines_of_option("policy-groups", known)] == [1, 1]
    without = {line.source: line for line in lines_for(Known(users=10, groups=frozenset("ab")))}
    assert (without["groupMembers"].requests, without["groupMembers"].at_least) == (2, False)


def test_policies_on_further_pages_make_the_price_a_least_one():
    lines = lines_of_option("policy-groups", Known(users=10, policy_groups=frozenset(), more_policies=True))

    assert {(line.requests, line.at_least) for line in lines} == {(0, True)}


def test_verified_bulk_reads_the_administrators_and_the_sample_singly_and_the_states_as_a_list():
    known = Known(users=50_000, administrators=40, sample=900)
    per_user, bulk = ({line.source: line for line in lines_for(known, way)} for way in ("per-user", "verified-bulk"))

    assert set(bulk) - set(per_user) == {"listedStates"}
    assert bulk["listedStates"].requests == 51
    assert (bulk["requirements"].reads, bulk["requirements"].at_least) == (940, True)
    assert bulk["$batch"].requests == 94
    assert (per_user["requirements"].reads, per_user["requirements"].at_least) == (50_000, False)
