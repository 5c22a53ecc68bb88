"""Which rules stay open is worked out from the rules alone, and judging bears it out."""

import random
from datetime import timedelta
from functools import cache

import pytest
from depth import DEEP

from mfaaudit.findings import Circumstances, judge, load_pack, shipped_packs
from mfaaudit.findings.examples import NOW, frame
from mfaaudit.findings.open_rules import POSTURE, open_rules
from mfaaudit.sources.field import Kind, Scope
from mfaaudit.vocabulary import FIELDS
from mfaaudit.words import Reason, Unknown

load = cache(load_pack)
CASES = 100 if DEEP else 40


def ids(rules):
    return {rule.id for rule in rules}


def test_nothing_is_open_where_everything_is_read():
    assert open_rules([load_pack(name) for name in shipped_packs()], frozenset()) == ((), ())


def test_one_of_several_ways_to_pass_leaves_a_rule_in_doubt_and_all_of_them_leave_it_open():
    pack = load_pack("baseline")
    never, perhaps = open_rules([pack], {"derived.allUsersMfaPolicies"})
    assert (ids(never), ids(perhaps)) == (set(), {"BASE-T2"})
    policies = {"derived.allUsersMfaPolicies", "derived.policiesExceptApplications"}
    asked = policies | {"derived.isPerUserMfaInUse", "tenant.securityDefaults.isEnabled"}
    assert ids(open_rules([pack], asked)[0]) == {"BASE-T2"}


def test_a_precondition_that_was_not_read_leaves_the_whole_pack_open():
    never, perhaps = open_rules([load_pack("legacy-per-user-mfa")], {"tenant.securityDefaults.isEnabled"})
    assert ids(never) == {"PUM-01", "PUM-02", "PUM-03", "PUM-04"}
    assert perhaps == ()


def test_a_share_of_users_stays_open_with_what_it_counts():
    assert "BASE-T1" in ids(open_rules([load_pack("baseline")], {"registration.isMfaCapable"})[0])


def some_value(chance, field):
    match field.kind:
        case Kind.BOOLEAN:
            return chance.random() < 0.5
        case Kind.ENUM:
            return chance.choice(field.values)
        case Kind.LIST:
            return tuple(sorted(chance.sample(field.values, min(2, len(field.values)))))
        case Kind.NUMBER:
            return chance.randrange(100)
        case Kind.TIME:
            return NOW - timedelta(days=chance.randrange(1000))
        case _:
            return chance.choice(["", "a", "b"])


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("name", shipped_packs())
def test_rules_called_open_judge_nobody_and_the_others_everybody(name, seed):
    chance, pack = random.Random(f"{name} {seed}"), load(name)
    unread = frozenset(chance.sample(sorted(FIELDS), chance.randrange(1, 8)))

    def case():
        gap = Unknown(Reason.NO_PERMISSION)
        return {one.name: gap if one.name in unread else some_value(chance, one) for one in FIELDS.values()}

    users, tenant = frame([case() for _ in range(CASES)], Scope.USER), frame([case()], Scope.TENANT)
    never, perhaps = open_rules([pack], unread)
    known = Circumstances(posture=None if POSTURE in unread else "mixed")
    for result in judge([pack], users=users, tenant=tenant, now=NOW, circumstances=known).results:
        if result.rule in never:
            assert result.counts.pass_ == result.counts.fail == 0, result.rule.id
        elif result.rule not in perhaps:
            assert result.counts.not_evaluated == 0, result.rule.id
