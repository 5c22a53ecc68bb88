"""What is said to change a verdict changes it: every way is taken, and judged again by the real judge."""

import random
from datetime import timedelta
from functools import cache
from itertools import islice

import polars as pl
from depth import examples
from drawn_rules import CONDITION, DRAW, people
from hypothesis import Phase, given
from hypothesis import strategies as st
from judged_slowly import slow_verdict
from packs_by_hand import CREATED, METHODS, NAME, ROLES, judged, pack, rule

from mfaaudit.columns import columns_of
from mfaaudit.findings import Circumstances
from mfaaudit.findings.atoms import Atoms
from mfaaudit.findings.examples import NOW, frame
from mfaaudit.findings.outlook import outlook_of
from mfaaudit.findings.would_change import Seen
from mfaaudit.sources.field import Scope
from mfaaudit.sources.registration_details import METHODS as CLASSIFIED
from mfaaudit.words import Unknown, Verdict

DRAWN = examples(60, phases=[Phase.generate])
OTHER_NAME, OTHER_TIME = "user.department", "registration.lastUpdatedDateTime"
TRIES, AT_ONCE = 400, 20
SOME_USERS, OTHERS = 5, 8


def seen(user):
    return Seen(frame([user], Scope.USER), NOW)


NOTHING_READ = Seen(frame([{}], Scope.TENANT), NOW)


def outlook(one, user, tenant=None, exception=""):
    """The outlook of the only rule of a pack for a user, in the posture that judging takes where none is given."""
    of_tenant = Seen(frame([tenant], Scope.TENANT), NOW) if tenant else NOTHING_READ
    return outlook_of(one.rules[0], seen(user), of_tenant, Circumstances(), exception)


def drawn_value(name, dice):
    match name:
        case _ if name in (NAME, OTHER_NAME):
            return dice.choice(["", "Ann", "ann b", "Bo", "bob", "xo", "n", "Hab", "zz"])
        case _ if name in (CREATED, OTHER_TIME):
            return NOW - timedelta(days=dice.randrange(6))
        case _ if name == ROLES:
            return tuple(dice.sample("abcde", dice.randrange(6)))
        case _ if name == METHODS:
            return tuple(dice.sample(CLASSIFIED, dice.randrange(7)))
        case _:
            return DRAW[name](dice)


def fitting(change, drawn):
    """Of some users those whose values satisfy what a change asks of its fields."""
    if change.values:
        return [values for values in drawn if values[change.fields[0].name] in change.values]
    columns = {}
    for field in change.fields:
        columns |= columns_of(field, [values[field.name] for values in drawn])
    atoms = Atoms(pl.DataFrame(columns), NOW)
    answers = atoms.over(**{str(n): atoms.truth(one.test) for n, one in enumerate(change.literals)}).rows()
    wanted = tuple(one.wanted for one in change.literals)
    return [values for values, answer in zip(drawn, answers, strict=True) if answer == wanted]


def found_for(change, user, dice, *, open_only):
    """Values that satisfy a change, drawn at random; None if none came."""
    names = [field.name for field in change.fields]
    kept = {name for name in names if open_only and not isinstance(user[name], Unknown)}
    if kept == set(names):
        return None
    for _ in range(TRIES // AT_ONCE):
        drawn = [
            {name: user[name] if name in kept else drawn_value(name, dice) for name in names} for _ in range(AT_ONCE)
        ]
        if found := fitting(change, drawn):
            return found[0]
    return None


def changed_into(way, user, dice, *, open_only):
    """The user after all changes of a way."""
    made = dict(user)
    for change in way:
        values = found_for(change, user, dice, open_only=open_only)
        if values is None:
            return None
        made |= values
    return made


@DRAWN
@given(population=CONDITION, require=CONDITION, seed=st.integers(0, 10**6))
def test_every_way_leads_to_the_verdict_that_it_promises(population, require, seed):
    dice = random.Random(seed)
    one = pack(rule(require), population=population)
    promised, changed = [], []
    for user in people(seed)[:SOME_USERS]:
        found = outlook(one, user)
        assert found.verdict.value == slow_verdict(population, require, user)
        is_open = found.verdict is Verdict.NOT_EVALUATED
        for verdict, prospect in found.becomes.items():
            for way in prospect.ways[:4]:
                after = changed_into(way, user, dice, open_only=is_open)
                if after is not None:
                    promised.append(verdict.value)
                    changed.append(after)
    got = judged(one, changed).results[0].frame["verdict"].to_list()
    assert got == promised


@DRAWN
@given(population=CONDITION, require=CONDITION, seed=st.integers(0, 10**6))
def test_no_way_is_forgotten(population, require, seed):
    """Whoever else comes to another verdict has done what one of the ways says."""
    dice = random.Random(seed)
    one = pack(rule(require), population=population)
    drawn = []
    for user in people(seed)[:SOME_USERS]:
        found = outlook(one, user)
        is_open = found.verdict is Verdict.NOT_EVALUATED
        others = [
            {
                name: value if is_open and not isinstance(value, Unknown) else drawn_value(name, dice)
                for name, value in user.items()
            }
            for _ in range(OTHERS)
        ]
        drawn.append((found, others))
    verdicts = iter(judged(one, [user for _, others in drawn for user in others]).results[0].frame["verdict"].to_list())
    for found, others in drawn:

        @cache
        def done_by(way, others=others):
            """The others who have done all that a way says."""
            for change in way:
                others = others and fitting(change, others)
            return others

        for other, verdict in zip(others, islice(verdicts, OTHERS), strict=True):
            if verdict in (found.verdict.value, Verdict.NOT_EVALUATED.value):
                continue
            prospect = found.becomes[Verdict(verdict)]
            assert not prospect.whole or any(other in done_by(way) for way in prospect.ways)
