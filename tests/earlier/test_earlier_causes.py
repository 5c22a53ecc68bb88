"""A change never lacks a cause, and a cause never stands without a change: against a slow walk along the steps."""

import itertools

import pytest
from audits_by_hand import WORDS, audit, compared
from depth import examples
from hypothesis import given
from hypothesis import strategies as st

from mfaaudit.earlier import Cause, Change, causes_in
from mfaaudit.earlier.cause import together
from mfaaudit.earlier.rule_change import STANDINGS

letters = st.sampled_from(sorted(WORDS))
names = st.sampled_from("abcde")
people = st.dictionaries(names, letters, min_size=1)
walks = st.fixed_dictionaries({name: st.tuples(letters, letters, letters, letters) for name in "abcde"})
gates = st.tuples(st.sampled_from([True, False, None]), st.sampled_from([True, False, None]))


def through(letter, gate):
    return letter if gate or letter == "N" else "N" if gate is False else "U"


def slow(was, walk, is_, gates, *, may_waive):
    """The causes of one account that is listed twice, one step after the other."""
    rules, dates, declared, undated = walk
    stations = [was, rules, dates, through(declared, gates[0]), through(declared, gates[1]), undated, is_]
    found = set()
    for number, (one, other) in enumerate(itertools.pairwise(stations)):
        if one != other:
            waived, open_, out = {one, other} == {"F", "W"}, {one, other} & {"U", "E"}, "N" in (one, other)
            found.add(
                {
                    0: "rule",
                    1: "waiverDate" if waived else "time",
                    2: "waiverChanged" if waived else "declared",
                    3: "data" if open_ else "tenant",
                    4: "data" if open_ or (waived and may_waive) else "scope" if out else "user",
                    5: "time",
                }[number]
            )
    return found


@given(
    people, people, walks, gates, st.booleans(), st.booleans(), st.booleans(), st.sampled_from(["same", "new", "gone"])
)
@examples(200)
def test_it_says_the_same_as_a_slow_walk(before, now, walk, gates, may_waive, sure_before, sure_now, rule):
    name = "R-1"
    first = audit(judged(before, name, has_rule=rule != "new"), complete=sure_before)
    last = audit(judged(now, name, has_rule=rule != "gone"), day=1, complete=sure_now)
    excused = (name,) if may_waive else ()
    earlier = compared(last, first, steps={name: walk}, gates={name: gates}, may_waive=excused)

    found = {}
    ids = earlier.ids.to_list()
    for row in earlier.rows.iter_rows(named=True):
        found[ids[row["account"]]] = {one.value for one in causes_in(row["causes"])}
        assert (row["change"] == Change.STILL_FAILING.value) == (row["causes"] == 0)
        assert (row["causes"] == 0) == (row["what"] is None) or rule == "same"
    expected = {}
    for who in {*before, *now}:
        was, is_ = before.get(who), now.get(who)
        if rule == "gone" and was == "F":
            expected[who] = {"rule"} | listing(was, is_, sure_before, sure_now)
        elif rule == "new" and is_ == "F":
            walked = slow("", walk[who], is_, gates, may_waive=may_waive) if who in before else set()
            expected[who] = {"rule"} | walked | listing(was, is_, sure_before, sure_now)
        elif rule == "same" and "F" in (was, is_):
            both = was is not None and is_ is not None
            walked = slow(was, walk[who], is_, gates, may_waive=may_waive) if both and was != is_ else set()
            expected[who] = walked | listing(was, is_, sure_before, sure_now)
    assert found == expected
    changed = sum(earlier.total(one) for one in Change) - earlier.total(Change.STILL_FAILING)
    assert sum(earlier.main(cause) for cause in Cause) == changed == sum(1 for causes in found.values() if causes)
    for cause in Cause:
        assert sum(earlier.caused(change, cause) for change in Change) == sum(
            cause.value in causes for causes in found.values()
        )


@pytest.mark.parametrize("may_waive", [True, False])
def test_an_exception_that_only_the_reading_can_have_moved_is_laid_to_the_data_or_to_the_account(may_waive):
    # Not covered until the users are those of now, then covered, and on the day of now it passes.
    walk, gates, name = ("F", "F", "F", "W"), (True, True), "R-1"
    first, last = audit(judged({"a": "F"}, name, has_rule=True)), audit(judged({"a": "P"}, name, has_rule=True), day=1)
    earlier = compared(
        last, first, steps={name: {"a": walk}}, gates={name: gates}, may_waive=(name,) if may_waive else ()
    )

    found = [{cause.value for cause in causes_in(row["causes"])} for row in earlier.rows.iter_rows(named=True)]
    assert found == [{"data" if may_waive else "user", "time"}] == [slow("F", walk, "P", gates, may_waive=may_waive)]


def judged(letters, name, *, has_rule):
    return {who: {"R-0": "P"} | ({name: one} if has_rule else {}) for who, one in letters.items()}


def listing(was, is_, sure_before, sure_now):
    if was is None:
        return {"listed"} | (set() if sure_before else {"data"})
    if is_ is None:
        return {"listed"} | (set() if sure_now else {"data"})
    return set()


@given(letters, letters, st.tuples(letters, letters, letters, letters))
def test_the_tenant_goes_the_same_way(was, is_, walk):
    first = audit({"ada": {"R-0": "P"}}, tenant_rules={"T-1": was})
    last = audit({"ada": {"R-0": "P"}}, day=1, tenant_rules={"T-1": is_})
    earlier = compared(last, first, steps={"T-1": {None: walk}})

    rows = earlier.rows.to_dicts()
    assert len(rows) == ("F" in (was, is_))
    for row in rows:
        # What is only about accounts is no cause here: whatever was read of it is the tenant's.
        said = slow(was, walk, is_, (True, True), may_waive=False) if was != is_ else set()
        assert {one.value for one in causes_in(row["causes"])} == {
            "tenant" if one in ("user", "scope") else one for one in said
        }


def test_several_causes_are_one_number_and_come_back_in_order():
    assert causes_in(together((Cause.USER, Cause.RULE, Cause.USER))) == (Cause.RULE, Cause.USER)
    assert causes_in(0) == ()
    assert len(STANDINGS) < 2**8
