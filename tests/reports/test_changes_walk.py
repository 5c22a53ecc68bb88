"""The causes that are named are those that whole audits find, each judged anew with one thing more replaced."""

import itertools

from changes_by_hand import beside, declarations_of, judged_as_of, past, snapshot_of
from depth import examples
from hypothesis import example, given
from hypothesis import strategies as st
from judged_by_hand import DEFAULTS, MFA, OPEN, days, entry, material, pack, rule

from mfaaudit.earlier import Change, causes_in
from mfaaudit.words import Reason, Unknown

ENABLED = "user.accountEnabled"
SINCE = 30
UNREAD = Unknown(Reason.NO_PERMISSION)
RULES = (
    rule(),
    rule(applies_to={ENABLED: True}),
    rule(require={ENABLED: False}),
    rule(waivable=False),
    rule(applies_to={ENABLED: True}, preconditions=[{DEFAULTS: True}]),
)
REGISTERS = (
    None,
    [],
    [entry(approved_on=days(-60))],
    [entry(approved_on=days(-60), expires_on=days(-10))],
    [entry(approved_on=days(-10))],
)
people = st.fixed_dictionaries(
    {MFA: st.sampled_from([True, False, OPEN]), ENABLED: st.sampled_from([True, False, UNREAD])}
)
crowds = st.tuples(people, people)
rules, registers = st.sampled_from(RULES), st.sampled_from(REGISTERS)
tenants = st.sampled_from([True, False, UNREAD])
audits = st.tuples(crowds, tenants, rules, registers)


KEPT = {}
"""Whole audits by what they are made of and the day: most stations of a walk are those of another."""


def once(key, make):
    key = repr(key)
    if key not in KEPT:
        KEPT[key] = make()
    return KEPT[key]


def made_of(users, defaults, asked, entries):
    return once(
        (users, defaults, asked, entries),
        lambda: material(*users, tenant={DEFAULTS: defaults}, packs=(pack("mine", asked),), entries=entries),
    )


def verdicts(users, defaults, asked, entries, day):
    """One whole audit on a day: the verdict of each user."""
    return once((users, defaults, asked, entries, day), lambda: judged_on(users, defaults, asked, entries, day))


def judged_on(users, defaults, asked, entries, day):
    made = made_of(users, defaults, asked, entries)
    # It was judged on the present day.
    found = judged_as_of(made, snapshot_of(made, day, "any"), declarations_of(made)) if day else made
    return found.findings.results[0].frame["verdict"].to_list()


def named(step, one, other):
    """What a step that made a difference is called."""
    waived = {one, other} == {"FAIL", "WAIVED"}
    unread, out = "NOT_EVALUATED" in (one, other), "NOT_APPLICABLE" in (one, other)
    return {
        "rules": "rule",
        "day": "waiverDate" if waived else "time",
        "register": "waiverChanged" if waived else "declared",
        "tenant": "data" if unread else "tenant",
        "users": "data" if unread else "scope" if out else "user",
    }[step]


ONE = {MFA: False, ENABLED: True}
TELLING = [
    # What of the earlier audit was otherwise: the users, the tenant, the rule, the register.
    ((ONE, ONE), True, RULES[2], None),
    ((ONE, ONE), True, RULES[0], REGISTERS[2]),
    ((ONE | {MFA: True}, ONE | {MFA: OPEN}), True, RULES[0], None),
    ((ONE | {ENABLED: False}, ONE | {ENABLED: UNREAD}), True, RULES[1], None),
    ((ONE, ONE), False, RULES[4], None),
    ((ONE, ONE), UNREAD, RULES[4], None),
]


@example(((ONE, ONE), True, RULES[0], REGISTERS[3]), ((ONE, ONE), True, RULES[0], REGISTERS[3]))
@example(((ONE, ONE), True, RULES[0], REGISTERS[4]), ((ONE, ONE), True, RULES[0], REGISTERS[4]))
@example(TELLING[0], ((ONE, ONE), True, RULES[0], None))
@example(TELLING[1], ((ONE, ONE), True, RULES[0], None))
@example(TELLING[2], ((ONE, ONE), True, RULES[0], None))
@example(TELLING[3], ((ONE, ONE), True, RULES[1], None))
@example(TELLING[4], ((ONE, ONE), True, RULES[4], None))
@example(TELLING[5], ((ONE, ONE), True, RULES[4], None))
@example(TELLING[5], ((ONE, ONE), True, RULES[4], REGISTERS[2]))
@given(audits, audits)
@examples(25)
def test_every_step_that_makes_a_difference_is_a_cause(before, now):
    (old, tenant_then, asked_then, register_then), (new, tenant_now, asked_now, register_now) = before, now
    stations = {
        "": verdicts(old, tenant_then, asked_then, register_then, SINCE),
        "rules": verdicts(old, tenant_then, asked_now, register_then, SINCE),
        "day": verdicts(old, tenant_then, asked_now, register_then, 0),
        "register": verdicts(old, tenant_then, asked_now, register_now, 0),
        "tenant": verdicts(old, tenant_now, asked_now, register_now, 0),
        "users": verdicts(new, tenant_now, asked_now, register_now, 0),
    }
    found = beside(made_of(*now), past(made_of(*before), SINCE)).earlier

    rows = {row["account"]: row for row in found.rows.iter_rows(named=True)}
    for user in range(2):
        walk = [one[user] for one in stations.values()]
        expected = {
            named(step, one, other)
            for step, (one, other) in zip(list(stations)[1:], itertools.pairwise(walk), strict=True)
            if one != other
        }
        if "FAIL" not in (walk[0], walk[-1]):
            assert user not in rows
        elif walk[0] == walk[-1]:
            assert (rows[user]["change"], rows[user]["causes"]) == (Change.STILL_FAILING.value, 0)
        else:
            assert {one.value for one in causes_in(rows[user]["causes"])} == expected
            assert expected
            if "user" in expected or "scope" in expected:
                assert " → " in rows[user]["what"]
