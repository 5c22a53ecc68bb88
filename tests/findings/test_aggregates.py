"""A number over many users is judged only if the verdict holds however the unknown users turn out."""

from fractions import Fraction
from itertools import product

import pytest
from depth import examples
from hypothesis import given
from hypothesis import strategies as st
from packs_by_hand import CAPABLE, DEFAULTS, ENABLED, NO_ROW, THROTTLED, judged, pack, rule

from mfaaudit.findings.aggregate import bounds, take_tally
from mfaaudit.findings.atoms import Atoms
from mfaaudit.findings.examples import NOW, frame
from mfaaudit.sources.field import Scope

KINDS = [(over, hit) for over in (True, False, None) for hit in (True, False, None)]
POPULATION = st.lists(st.sampled_from(KINDS), max_size=5)
BOUND = st.one_of(
    st.tuples(st.sampled_from(["eq", "lt", "lte", "gt", "gte"]), st.integers(0, 100)),
    st.tuples(st.just("between"), st.lists(st.integers(0, 100), min_size=2, max_size=2).map(sorted)),
)


def share(require, coverage=0, **parts):
    """A rule about the share, or the number, of enabled users that are MFA capable."""
    return pack(
        rule(
            require,
            scope="tenant",
            aggregate={"count": {CAPABLE: True}, "over": "population"},
            min_coverage_percent=coverage,
        )
        | parts,
        population={ENABLED: True},
    )


def users_of(kinds):
    """Users by whether they are in the population and whether they count; None where that was not read."""
    return [
        {ENABLED: THROTTLED if over is None else over, CAPABLE: NO_ROW if hit is None else hit} for over, hit in kinds
    ]


def outcome(one, kinds):
    """Verdict, reason, and what was seen."""
    result = judged(one, users_of(kinds)).results[0]
    return (*result.frame.select("verdict", "reason").row(0), result.observed)


def completions(kinds):
    """Every way in which the unknown users can turn out."""
    return product(
        *(
            [
                (o, h)
                for o in ((True, False) if over is None else (over,))
                for h in ((True, False) if hit is None else (hit,))
            ]
            for over, hit in kinds
        )
    )


def value_of(measure, kinds):
    """The number, or None if nobody is in the population."""
    hits = [hit for over, hit in kinds if over]
    if not hits:
        return None
    return Fraction(100 * sum(hits), len(hits)) if measure == "percent" else sum(hits)


def keeps(bound, value):
    name, limit = bound
    if name == "between":
        return limit[0] <= value <= limit[1]
    return {
        "eq": value == limit,
        "lt": value < limit,
        "lte": value <= limit,
        "gt": value > limit,
        "gte": value >= limit,
    }[name]


def slow_verdicts(measure, bound, kinds):
    """The verdict under every completion."""
    values = {value_of(measure, one) for one in completions(kinds)}
    return {"NOT_APPLICABLE" if value is None else "PASS" if keeps(bound, value) else "FAIL" for value in values}


def close(measure, bound):
    # Counts of five users at most: bounds beyond that would never be met.
    name, limit = bound
    if measure == "percent":
        return bound
    return name, [one % 6 for one in limit] if isinstance(limit, list) else limit % 6


@examples(150)
@given(kinds=POPULATION, bound=BOUND, measure=st.sampled_from(["percent", "count"]))
def test_a_verdict_is_that_of_every_completion(kinds, bound, measure):
    name, limit = close(measure, bound)
    limit = sorted(limit) if isinstance(limit, list) else limit

    verdict, reason, _ = outcome(share({measure: {name: limit}}), kinds)

    possible = slow_verdicts(measure, (name, limit), kinds)
    if verdict == "NOT_EVALUATED":
        assert reason in ("THROTTLED", "NO_ROW")
        # Between the least and the most there may be gaps, which only "exactly" and "between" can fall into.
        assert len(possible) > 1 or name in ("eq", "between")
    else:
        assert (possible, reason) == ({verdict}, None)


@examples(120)
@given(kinds=POPULATION, measure=st.sampled_from(["percent", "count"]))
def test_the_bounds_are_the_least_and_the_most_of_all_completions(kinds, measure):
    aggregate = share({measure: {"gte": 1}}).rules[0].aggregate
    tally = take_tally(aggregate, Atoms(frame(users_of(kinds), Scope.USER), NOW))
    values = {value_of(measure, one) for one in completions(kinds)} - {None}
    if measure == "count":
        # Of nobody there are none; a share of nobody is no number.
        values |= {0 for one in completions(kinds) if value_of(measure, one) is None}

    if values:
        assert bounds(aggregate, tally) == (min(values), max(values))
    assert tally.wanted == sum(1 for over, _ in kinds if over is not False)
    assert tally.judged == sum(1 for over, hit in kinds if over and hit is not None)


IN, OUT, LEFT, OPEN, MAYBE = (True, True), (True, False), (False, False), (True, None), (None, True)


@pytest.mark.parametrize(
    ("kinds", "verdict", "reason", "seen"),
    [
        ([IN] * 99 + [OUT], "PASS", None, "99.0 % (99 of 100 judged)"),
        ([IN] * 98 + [OUT] * 2, "FAIL", None, "98.0 % (98 of 100 judged)"),
        # Not rounded up: 98.99 % is not 99 %, and 99.98 % is not shown as all.
        ([IN] * 98_99 + [OUT] * 101, "FAIL", None, "98.9 % (9,899 of 10,000 judged)"),
        ([IN] * 4999 + [OUT], "PASS", None, "99.9 % (4,999 of 5,000 judged)"),
        ([IN] * 199 + [OPEN], "PASS", None, "100.0 % (199 of 199 judged); 1 could not be judged"),
        (
            [IN] * 198 + [OUT] * 2 + [OPEN],
            "NOT_EVALUATED",
            "NO_ROW",
            "99.0 % (198 of 200 judged); 1 could not be judged",
        ),
        ([OUT] * 3 + [OPEN] * 9, "FAIL", None, "0.0 % (0 of 3 judged); 9 could not be judged"),
        ([IN, MAYBE, LEFT], "PASS", None, "100.0 % (1 of 1 judged); 1 could not be judged"),
        ([LEFT] * 3, "NOT_APPLICABLE", None, "nobody is in the population"),
        ([], "NOT_APPLICABLE", None, "nobody is in the population"),
        # Perhaps nobody is in the population, and then there is nothing to judge.
        ([MAYBE], "NOT_EVALUATED", "THROTTLED", "0 of 0 judged; 1 could not be judged"),
        ([(None, False)], "NOT_EVALUATED", "THROTTLED", "0 of 0 judged; 1 could not be judged"),
    ],
)
def test_ninety_nine_percent(kinds, verdict, reason, seen):
    assert outcome(share({"percent": {"gte": 99}}), kinds) == (verdict, reason, seen)


@pytest.mark.parametrize(
    ("read", "unread", "verdict"),
    [(95, 5, "PASS"), (94, 6, "NOT_EVALUATED"), (100, 0, "PASS"), (0, 7, "NOT_EVALUATED")],
)
def test_no_pass_below_the_least_coverage(read, unread, verdict):
    # Every completion passes: what is missing is only that too few users were read.
    assert outcome(share({"percent": {"gte": 0}}, coverage=95), [IN] * read + [OPEN] * unread)[0] == verdict


def test_little_coverage_hides_no_number_that_is_too_high_for_sure():
    assert outcome(share({"count": {"lte": 1}}, coverage=95), [IN] * 2 + [OPEN] * 50)[0] == "FAIL"


def test_the_commonest_reason_is_given():
    kinds = [OUT, *[OPEN] * 2, *[MAYBE] * 3]

    assert outcome(share({"percent": {"gte": 50}}), kinds)[1] == "THROTTLED"
    assert outcome(share({"percent": {"gte": 50}}), kinds[:-2])[1] == "NO_ROW"
    # What was not read of those who are out for certain is no reason.
    assert outcome(share({"percent": {"gte": 50}}), [OUT, MAYBE, *[(False, None)] * 5])[1] == "THROTTLED"


def test_a_population_of_its_own_takes_the_place_of_the_packs():
    everybody = share({"count": {"eq": 2}}, aggregate={"count": {CAPABLE: True}, "over": {ENABLED: {"ne": True}}})

    assert outcome(everybody, [IN, (False, True), (False, True)])[0] == "PASS"


@pytest.mark.parametrize(
    ("defaults", "verdict", "reason"),
    [(False, "PASS", None), (True, "NOT_APPLICABLE", None), (NO_ROW, "NOT_EVALUATED", "NO_ROW")],
)
@pytest.mark.parametrize("where", ["preconditions", "applies_to"])
def test_a_number_is_judged_only_in_the_tenants_that_it_is_about(where, defaults, verdict, reason):
    off = {DEFAULTS: False}
    one = share({"percent": {"gte": 99}}, **({"applies_to": off} if where == "applies_to" else {}))
    if where == "preconditions":
        counting = rule(
            {"percent": {"gte": 99}}, scope="tenant", aggregate={"count": {CAPABLE: True}, "over": {ENABLED: True}}
        )
        one = pack(counting, preconditions=[off])

    result = judged(one, users_of([IN]), {DEFAULTS: defaults}).results[0]
    assert result.frame.select("verdict", "reason").row(0) == (verdict, reason)
