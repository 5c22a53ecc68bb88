"""Verdicts by class of account: each row adds up to its class, and all classes to the rule."""

import functools
import operator
from collections import Counter
from datetime import UTC, datetime

import polars as pl
import pytest
from depth import examples
from hypothesis import given
from hypothesis import strategies as st

from mfaaudit.findings import Circumstances, Counts, judge, load_packs
from mfaaudit.findings.account_classes import CLASSES, by_rule, classes_of, reasons_of
from mfaaudit.findings.examples import frame
from mfaaudit.findings.results import by_verdict
from mfaaudit.sources.field import Scope
from mfaaudit.words import Reason, Unknown

NOW = datetime(2026, 1, 1, tzinfo=UTC)
GAP = Unknown(Reason.NO_PERMISSION)
CLASS = st.one_of(
    st.tuples(st.sampled_from(CLASSES), st.booleans()),
    st.tuples(st.just(GAP), st.just(GAP)),
    st.tuples(st.just(Unknown(Reason.TIMEOUT)), st.just(Unknown(Reason.TIMEOUT))),
)
USER = st.builds(
    lambda of, enabled, kind, answer, registered: {
        "derived.accountClass": of[0],
        "derived.isAccountClassGuessed": of[1],
        "derived.accountClassReason": of[1] if isinstance(of[1], Unknown) else "Because.",
        "user.accountEnabled": enabled,
        "user.userType": kind,
        "derived.enforcedBy": answer,
        "registration.isMfaRegistered": registered,
        "registration.isAdmin": False,
        "derived.roles": (),
    },
    CLASS,
    st.sampled_from([True, False, GAP]),
    st.sampled_from(["Member", "Guest"]),
    st.sampled_from(["conditionalAccessAllResources", "excluded", GAP]),
    st.sampled_from([True, False, GAP]),
)


@functools.cache
def packs():
    return load_packs(("baseline", "enforcement"))


def judged(users):
    # Every second failure is waived, so that there are all sorts of verdicts.
    waivers = pl.Series(["E-1" if number % 2 else None for number in range(users.height)], dtype=pl.String())
    return judge(
        packs(),
        users=users,
        tenant=frame([{}], Scope.TENANT),
        now=NOW,
        circumstances=Circumstances(every_posture=True, waivers=lambda _: waivers),
    )


@examples(40)
@given(st.lists(USER, max_size=25))
def test_each_row_is_a_slow_count_and_all_add_up(cases):
    users = frame(cases, Scope.USER)
    findings = judged(users)
    about_users = [one for one in findings.results if one.rule.scope is Scope.USER]
    rows = list(by_rule(users, findings))
    classes = classes_of(users)

    assert [(one.of, one.result.rule.id) for one in rows] == [
        (of, one.rule.id) for of in classes for one in about_users
    ]
    named = [case["derived.accountClass"] for case in cases]
    for one in rows:
        verdicts = one.result.frame["verdict"].to_list()
        own = Counter(verdict for verdict, name in zip(verdicts, named, strict=True) if name == one.of.name)
        assert {verdict.value: count for verdict, count in by_verdict(one.counts).items() if count} == own
        assert one.counts.total == one.of.accounts > 0
    for result in about_users:
        assert (
            functools.reduce(operator.add, (one.counts for one in rows if one.result is result), Counts())
            == result.counts
        )


@examples(60)
@given(st.lists(USER, max_size=25))
def test_the_classes_are_those_that_have_accounts_and_add_up_to_everybody(cases):
    classes = classes_of(frame(cases, Scope.USER))

    order = [*CLASSES, *(Unknown(reason) for reason in Reason)]
    places = [order.index(one.name) for one in classes]
    assert places == sorted(places)
    assert {one.name for one in classes} == {case["derived.accountClass"] for case in cases}
    assert sum(one.accounts for one in classes) == len(cases)
    for one in classes:
        own = [case for case in cases if case["derived.accountClass"] == one.name]
        assert one.accounts == len(own) == one.enabled + one.disabled + one.unclear
        assert one.guessed == sum(case["derived.isAccountClassGuessed"] is True for case in own)
        assert one.certain == sum(case["derived.isAccountClassGuessed"] is False for case in own)
        assert one.enabled == sum(case["user.accountEnabled"] is True for case in own)
        assert one.disabled == sum(case["user.accountEnabled"] is False for case in own)


def account(name, why, guessed):
    return {
        "derived.accountClass": name,
        "derived.accountClassReason": why,
        "derived.isAccountClassGuessed": guessed,
    }


def test_how_a_class_is_known_is_told_once_for_all_that_are_declared():
    users = [
        account("service", "Declared: runs the payroll", False),
        account("service", "Declared: runs the backup", False),
        account("service", "Guess: its name is that of a service.", True),
        account("person", "Nothing marks it as anything else.", False),
        account(GAP, GAP, GAP),
    ]
    assert reasons_of(frame(users, Scope.USER)).rows() == [
        ("person", "Nothing marks it as anything else.", False, 1),
        ("service", "Declared in the file of classes.", False, 2),
        ("service", "Guess: its name is that of a service.", True, 1),
    ]


@pytest.mark.parametrize("name", Reason)
def test_no_class_is_spelled_as_a_reason(name):
    assert name.value not in CLASSES
