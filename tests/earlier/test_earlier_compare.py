"""Every account and rule that failed before or fails now stands under exactly one change, and all counts add up."""

import itertools
from collections import Counter
from datetime import timedelta

import pytest
from audits_by_hand import START, WORDS, audit, but, compared, one_rule
from depth import examples
from hypothesis import given
from hypothesis import strategies as st

from mfaaudit.earlier import Change, Comparison
from mfaaudit.earlier.change import FAILED_BEFORE, FAILS_NOW, change_of
from mfaaudit.words import Severity, Verdict

EACH = (*Verdict, None)


def changes_of(earlier):
    """Rule, user and change of each row."""
    ids = earlier.ids.to_list()
    return {
        (earlier.rules[row["rule"]].rule.id, None if row["account"] is None else ids[row["account"]]): row["change"]
        for row in earlier.rows.iter_rows(named=True)
    }


@pytest.mark.parametrize(
    ("before", "now", "change"),
    [
        ("P", "F", "newFailure"),
        ("N", "F", "newFailure"),
        ("F", "P", "fixed"),
        ("F", "F", "stillFailing"),
        ("F", "W", "becameWaived"),
        ("W", "F", "waiverEnded"),
        ("F", "U", "noLongerJudged"),
        ("F", "E", "noLongerJudged"),
        ("U", "F", "newlyJudged"),
        ("E", "F", "newlyJudged"),
        ("F", "N", "outOfScope"),
        ("F", " ", "left"),
        (" ", "F", "joined"),
        ("P", "U", None),
        ("U", "P", None),
        ("W", "P", None),
        (" ", "P", None),
        ("P", " ", None),
    ],
)
def test_each_change(before, now, change):
    earlier = compared(*reversed_(one_rule(before, now)))

    assert changes_of(earlier).get(("R-1", "ada")) == change
    assert sum(earlier.total(one) for one in Change) == (change is not None)
    assert change is None or earlier.total(Change(change)) == 1


def reversed_(audits):
    """The present audit and the earlier ones."""
    return audits[-1], *audits[:-1]


def test_only_a_pass_is_a_cure():
    ends = {now: change_of(Verdict.FAIL, now) for now in EACH}

    assert [now for now, change in ends.items() if change is Change.FIXED] == [Verdict.PASS]


def test_every_pair_with_a_failure_has_a_change_and_no_other():
    for before, now in itertools.product(EACH, EACH):
        assert (change_of(before, now) is not None) == (Verdict.FAIL in (before, now))


def test_what_failed_before_and_what_fails_now_are_all_changes_between_them():
    ends = {change_of(Verdict.FAIL, now) for now in EACH}
    beginnings = {change_of(before, Verdict.FAIL) for before in EACH} | {Change.BACK, Change.NEW_RULE}

    assert (set(FAILED_BEFORE), set(FAILS_NOW)) == (ends | {Change.RULE_GONE}, beginnings)
    assert len(FAILED_BEFORE) + len(FAILS_NOW) == len(Change) + 1, "still failing is in both"


def test_who_was_missing_once_is_back_and_has_not_joined():
    earlier = compared(*reversed_(one_rule("F", " ", "F")))

    assert changes_of(earlier) == {("R-1", "ada"): "back"}
    assert (earlier.people.count(Change.BACK), earlier.people.count(Change.JOINED)) == (1, 0)
    assert earlier.people.moved.to_dicts() == [{"account": 1, "change": "back", "failures": 1}]


def test_who_left_keeps_the_name_of_the_previous_audit_and_its_failures():
    before = audit({"ada": {"R-1": "F", "R-2": "F"}, "bob": {"R-1": "P", "R-2": "F"}})
    earlier = compared(audit({"bob": {"R-1": "P", "R-2": "F"}}, day=1), before)

    assert earlier.people.moved.to_dicts() == [{"account": 1, "change": "left", "failures": 2}]
    assert earlier.people.left["user_userPrincipalName"].to_list() == ["ada"]
    assert earlier.people.failing(Change.LEFT) == 1


def test_rules_that_changed_are_new_or_gone_count_with_all_others():
    before = audit({"ada": {"R-1": "F", "R-2": "F"}})
    now = audit({"ada": {"R-1": "P", "R-3": "F"}}, day=1, prints={"R-1": "another"})
    earlier = compared(now, before)

    assert {one.rule.id: one.comparison for one in earlier.rules} == {
        "R-1": Comparison.CHANGED,
        "R-3": Comparison.NEW,
        "R-2": Comparison.GONE,
    }
    assert changes_of(earlier) == {("R-1", "ada"): "fixed", ("R-3", "ada"): "newRule", ("R-2", "ada"): "ruleGone"}
    assert [earlier.total(one) for one in (Change.FIXED, Change.NEW_RULE, Change.RULE_GONE)] == [1, 1, 1]
    assert [(one.rule.id, one.pairs) for one in earlier.rules if one.pairs] == [
        ("R-1", {(Verdict.FAIL, Verdict.PASS): 1})
    ]


def test_a_rule_about_users_and_one_about_the_tenant_are_two_rules_whatever_their_name():
    before = audit({"ada": {"R-1": "F", "R-2": "P"}})
    earlier = compared(audit({"ada": {"R-2": "P"}}, day=1, tenant_rules={"R-1": "F"}), before)

    assert changes_of(earlier) == {("R-1", None): "newRule", ("R-1", "ada"): "ruleGone"}


def test_rules_on_the_data_count_nowhere():
    earlier = compared(
        audit({"ada": {"R-1": "P"}}, day=1, tenant_rules={"DQ-1": "F"}, data=("DQ-1",)),
        audit({"ada": {"R-1": "P"}}, tenant_rules={"DQ-1": "P"}, data=("DQ-1",)),
    )

    assert earlier.total(Change.NEW_FAILURE) == earlier.now.failures == 0
    assert earlier.rows.is_empty()
    assert [one.rule.id for one in earlier.of_tenant] == ["R-1"]


def test_a_rule_on_the_tenant_has_a_row_without_an_account():
    earlier = compared(
        audit({"ada": {"R-1": "P"}}, day=1, tenant_rules={"T-1": "F"}),
        audit({"ada": {"R-1": "P"}}, tenant_rules={"T-1": "U"}),
    )

    assert changes_of(earlier) == {("T-1", None): "newlyJudged"}
    assert earlier.rows["severity"].to_list() == ["high"]
    assert earlier.first_failed("T-1")[None].age_days == 0


def test_a_failure_of_the_tenant_has_the_severity_of_the_audit_in_which_it_fails():
    def severity(before, now):
        first = audit({"ada": {"R-1": "P"}}, tenant_rules={"T-1": before})
        last = audit({"ada": {"R-1": "P"}}, day=1, tenant_rules={"T-1": now})
        milder = tuple(but(one, severity=Severity.LOW) for one in last.rules)
        return compared(but(last, rules=milder), first).rows["severity"].to_list()

    assert (severity("P", "F"), severity("F", "F"), severity("F", "P")) == (["low"], ["low"], ["high"])


def test_rules_on_the_data_do_not_count_for_who_joined_or_left():
    how = {"data": ("DQ-1",)}
    before = audit({"ada": {"R-1": "P", "DQ-1": "F"}}, **how)
    earlier = compared(audit({"bob": {"R-1": "F", "DQ-1": "F"}}, day=1, **how), before)

    assert earlier.people.moved["failures"].to_list() == [1, 0]


def test_a_severity_that_differs_is_that_of_the_failure():
    how = {"severities": {"R-1": {"ada": "low", "bob": "critical"}}}
    before = audit({"ada": {"R-1": "F"}, "bob": {"R-1": "F"}}, **how)
    now = audit({"ada": {"R-1": "P"}, "bob": {"R-1": "F"}}, day=1, severities={"R-1": {"bob": "medium"}})
    earlier = compared(now, before)

    assert dict(zip(earlier.rows["change"], earlier.rows["severity"], strict=True)) == {
        "fixed": "low",
        "stillFailing": "medium",
    }


def test_nobody_at_all():
    earlier = compared(audit({}, day=1), audit({"ada": {"R-1": "F"}}))

    assert [one.comparison for one in earlier.rules] == [Comparison.GONE]
    assert earlier.people.count(Change.LEFT) == 1


letters = st.sampled_from(sorted(WORDS))
verdicts = st.fixed_dictionaries({"R-1": letters, "R-2": letters})
users = st.dictionaries(st.sampled_from("abcdefg"), verdicts, min_size=1)
audits = st.lists(st.tuples(users, st.booleans(), st.sampled_from(["one", "two"]), letters), min_size=2, max_size=5)


@given(audits)
@examples(150)
def test_it_says_the_same_as_a_slow_comparison(drawn):
    made = [
        audit(users, day=30 * day, complete=complete, prints={"R-2": asks}, tenant_rules={"T-1": letter})
        for day, (users, complete, asks, letter) in enumerate(drawn)
    ]
    earlier = compared(*reversed_(made))

    expected = slow(drawn)
    assert changes_of(earlier) == {key: change for key, (change, _) in expected.items()}
    assert Counter(change for change, _ in expected.values()) == Counter(
        {one.value: earlier.total(one) for one in Change if earlier.total(one)}
    )
    ids = earlier.ids.to_list()
    for row in earlier.rows.iter_rows(named=True):
        key = (earlier.rules[row["rule"]].rule.id, None if row["account"] is None else ids[row["account"]])
        assert row["since"] == expected[key][1]
    for one in earlier.of_tenant:
        assert one.failed_before == sum(one.counts.get(change, 0) for change in FAILED_BEFORE)
        assert one.fail_now == sum(one.counts.get(change, 0) for change in FAILS_NOW)
    assert earlier.previous.failures == sum(map(earlier.total, FAILED_BEFORE))
    assert earlier.now.failures == sum(map(earlier.total, FAILS_NOW))
    before, now = set(drawn[-2][0]), set(drawn[-1][0])
    people = earlier.people
    assert people.stayed + people.count(Change.JOINED) + people.count(Change.BACK) == len(now)
    assert people.stayed + people.count(Change.LEFT) == len(before)
    assert sum(count for pair, count in earlier.pairs().items() if pair[0] is not None) == sum(
        len(before) for one in earlier.of_tenant if one.pairs and one.rule.id != "T-1"
    )
    for name in ("R-1", "R-2"):
        failing = {user for user, verdicts in drawn[-1][0].items() if verdicts[name] == "F"}
        found = earlier.first_failed(name)
        assert set(found) == failing
        for user, since in found.items():
            place = slow_since(drawn, name, user)
            assert since.at == START + timedelta(days=30 * place)
            assert since.age_days == 30 * (len(drawn) - 1 - place)


def slow(drawn):
    """Rule and user -> the change and the place of the audit since when, one after the other."""
    found = {}
    (before, _, _, tenant_before), (now, _, _, tenant_now) = drawn[-2:]
    for name in ("R-1", "R-2"):
        for user in {*before, *now}:
            was = before[user][name] if user in before else None
            is_ = now[user][name] if user in now else None
            older = any(user in users for users, *_ in drawn[:-2])
            change = slow_change(was, is_, older=older)
            if change:
                found[name, user] = change, slow_since(drawn, name, user)
    change = slow_change(tenant_before, tenant_now, older=False)
    if change:
        found["T-1", None] = change, slow_since(drawn, "T-1", None)
    return found


def slow_change(was, is_, *, older):
    if was == "F":
        return {
            "P": "fixed",
            "F": "stillFailing",
            "W": "becameWaived",
            "N": "outOfScope",
            "U": "noLongerJudged",
            "E": "noLongerJudged",
            None: "left",
        }[is_]
    if is_ != "F":
        return None
    if was is None:
        return "back" if older else "joined"
    return {"P": "newFailure", "N": "newFailure", "W": "waiverEnded", "U": "newlyJudged", "E": "newlyJudged"}[was]


def slow_since(drawn, name, user):
    """The first failure after the last audit that shows a cure, under the rule as it was where it is no more."""
    *_, (_, _, asked, _), (now, _, asks, _) = drawn
    if name == "R-2" and asked != asks and now.get(user, {}).get(name) != "F":
        drawn = drawn[:-1]
    since = None
    for place, (users, complete, asks, letter) in reversed(list(enumerate(drawn))):
        if name == "R-2" and asks != drawn[-1][2]:
            break
        present = place == len(drawn) - 1
        verdict = letter if name == "T-1" else users[user][name] if user in users else None
        if verdict == "F":
            since = place
        elif not present and (verdict in ("P", "N") or (verdict is None and complete)):
            break
    return since
