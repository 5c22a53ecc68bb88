"""Whatever users, rules and actions come: each finding goes where a slow and plain reading of the words sends it."""

from depth import examples
from hypothesis import given
from hypothesis import strategies as st
from plans_by_hand import ADMIN, CAPABLE, ENABLED, MFA, action, assigned, judged, planned, rule

from mfaaudit.words import Reason, Unknown

FIELDS = (MFA, CAPABLE, ADMIN, ENABLED)
UNKNOWNS = tuple(Unknown(reason) for reason in (Reason.THROTTLED, Reason.NO_PERMISSION, Reason.UNKNOWN_VALUE))
users = st.lists(
    st.fixed_dictionaries({name: st.sampled_from((True, False, *UNKNOWNS)) for name in FIELDS}), max_size=6
)
tests = st.dictionaries(st.sampled_from(FIELDS), st.booleans(), min_size=1, max_size=2)
NAMES = ("a", "b", "c")
catalogues = st.fixed_dictionaries({}, optional={name: st.none() | tests for name in NAMES})
rules = st.lists(
    st.tuples(tests, st.lists(st.sampled_from((*NAMES, "nowhere")), unique=True, max_size=3)), min_size=1, max_size=4
)
reasons = st.sampled_from(("tenant", "user"))


def verdict(test, user):
    """PASS, FAIL or the reason, for a test of values that must all be so."""
    answers = [None if isinstance(user[name], Unknown) else user[name] is wanted for name, wanted in test.items()]
    if False in answers:
        return "FAIL"
    return "OPEN" if None in answers else "PASS"


def expected(test, named, catalogue, user):
    """The first action that surely fits; else the rule's own."""
    for name in named:
        if name in catalogue and (catalogue[name] is None or verdict(catalogue[name], user) == "PASS"):
            return name
    return None


@examples(60)
@given(people=users, asked=rules, catalogue=catalogues, scope=reasons)
def test_every_finding_goes_to_exactly_the_action_that_it_should(people, asked, catalogue, scope):
    made = [rule(f"R-{n}", test, **({"action": named} if named else {})) for n, (test, named) in enumerate(asked)]
    actions = [action(name, **({} if when is None else {"when": when})) for name, when in catalogue.items()]
    gaps = action("gaps", scope=scope, reasons=[one.reason.value for one in UNKNOWNS])
    wanted = []
    for number, (test, named) in enumerate(asked):
        for place, user in enumerate(people):
            said = verdict(test, user)
            if said == "FAIL":
                name = expected(test, named, catalogue, user) or f"rule-R-{number}"
                wanted.append((name, place, f"R-{number}", True))
            elif said == "OPEN":
                wanted.append(("gaps", place, f"R-{number}", False))

    assert sorted(assigned(people, made, (*actions, gaps))) == sorted(wanted)

    plan = planned(people, made, (*actions, gaps))
    listed = [
        (plan.steps[place].action.id, subject, name)
        for place, subject, names in plan.items.select("action", "subject", "rules").iter_rows()
        for name in names.split(", ")
    ]
    assert len(set(listed)) == len(listed)
    assert len(plan.items) == plan.items.select("action", "subject").n_unique() or not len(plan.items)
    once = {
        ("gaps", None, name) if who == "gaps" and scope == "tenant" else (who, at, name) for who, at, name, _ in wanted
    }
    assert set(listed) == once
    findings, *_ = judged(people, made)
    assert sum(one.failures for one in plan.steps) == sum(one.counts.fail for one in findings.results)
    assert sum(one.gaps for one in plan.steps) == sum(one.counts.not_evaluated for one in findings.results)
    assert sum(one.items for one in plan.steps) == plan.items.height
