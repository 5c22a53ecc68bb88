"""Which entry counts for which user under which rule, against an evaluator that asks one by one."""

from datetime import timedelta

import polars as pl
from declared_by_hand import GROUP, OTHER_GROUP, RULES, TODAY, days, declared, entry, uid, users, waived
from depth import examples
from hypothesis import given
from hypothesis import strategies as st

from mfaaudit.declared.register import Entry, Register, Subject
from mfaaudit.declared.standing import LONGEST_DAYS
from mfaaudit.declared.words import ExceptionKind, State
from mfaaudit.words import Reason, Unknown

SUBJECTS = [*(Subject(uid(n), is_group=False) for n in range(4)), Subject(GROUP, True), Subject(OTHER_GROUP, True)]
MEMBERS = st.one_of(
    st.frozensets(st.sampled_from([uid(n) for n in range(5)])),
    st.sampled_from([Unknown(Reason.NO_PERMISSION), Unknown(Reason.NOT_FOUND)]),
)


@st.composite
def entries(draw):
    approved = TODAY + timedelta(draw(st.sampled_from([-400, -181, -91, -90, -31, -30, -1, 0, 1])))
    kind = draw(st.sampled_from(list(ExceptionKind)))
    drill = draw(st.sampled_from([None, -101, -100, 0])) if kind is ExceptionKind.BREAK_GLASS else None
    return Entry(
        id="",
        kind=kind,
        rules=tuple(draw(st.lists(st.sampled_from([*RULES, "LATER"]), min_size=1, max_size=3, unique=True))),
        subject=draw(st.sampled_from(SUBJECTS)),
        reason="r",
        compensating_control="c",
        risk="",
        requested_by="a",
        approved_by=draw(st.sampled_from(["b", "b", "b", "A "])),
        approved_on=approved,
        expires_on=approved + timedelta(draw(st.sampled_from([0, 1, 30, 31, 90, 120, 365, 500]))),
        review_on=None,
        ticket="t",
        last_drill_on=None if drill is None else TODAY + timedelta(drill),
        line=1,
    )


def until(one, rule, groups, user):
    """The last day on which an entry excuses a user from a rule, if that is today or later, by asking each question."""
    facts = RULES.get(rule)
    if facts is None or facts.about_tenant or not facts.waivable or rule not in one.rules:
        return None
    if one.requested_by.strip().lower() == one.approved_by.strip().lower():
        return None
    if one.kind == "break_glass" and (one.last_drill_on is None or one.last_drill_on + timedelta(100) < TODAY):
        return None
    members = groups[one.subject.id] if one.subject.is_group else {one.subject.id}
    if isinstance(members, Unknown) or user not in members:
        return None
    longest = 365 if one.kind == "break_glass" else LONGEST_DAYS[facts.severity]
    last = min(one.expires_on, one.approved_on + timedelta(longest))
    return last if one.approved_on <= TODAY <= last else None


@given(st.lists(entries(), max_size=7), st.tuples(MEMBERS, MEMBERS), st.randoms(use_true_random=False))
@examples(150)
def test_the_entry_that_runs_out_last_counts(drawn, members, chance):
    names = [f"E-{n}" for n in range(len(drawn))]
    chance.shuffle(names)
    register = Register(
        entries=tuple(
            Entry(**{name: getattr(one, name) for name in Entry.__slots__} | {"id": name})
            for one, name in zip(drawn, names, strict=True)
        ),
        file="f",
        text="",
        sha256="",
    )
    groups = dict(zip((GROUP, OTHER_GROUP), members, strict=True))
    made = declared(register, people=users(*[{}] * 4), groups=groups)
    overlapping = set()
    for rule in [*RULES, "LATER"]:
        expected = []
        for user in (uid(n) for n in range(4)):
            ends = {one.id: last for one in register.entries if (last := until(one, rule, groups, user))}
            expected.append(min(ends, key=lambda one, ends=ends: (-ends[one].toordinal(), one), default=None))
            overlapping |= set(ends) if len(ends) > 1 else set()
        assert (waived(made, rule) or [None] * 4) == expected
    rows = made.entries({})
    assert {row.entry.id for row in rows if State.OVERLAPPING in row.states} == overlapping


def test_the_longer_entry_counts_whichever_stands_first():
    short, long = entry("A", expires_on=days(40)), entry("B", expires_on=days(50))

    assert waived(declared(short, long), "LOW") == waived(declared(long, short), "LOW") == ["B", None, None]


def test_of_two_entries_that_run_out_together_the_first_id_counts():
    assert waived(declared(entry("B"), entry("A")), "LOW") == ["A", None, None]


def test_a_longest_term_can_turn_the_order():
    # Both are meant for long; for the rule of high severity that one counts which was approved later.
    old = entry("OLD", rules="[HIGH, LOW]", approved_on=days(-50), expires_on=days(200))
    new = entry("NEW", rules="[HIGH, LOW]", approved_on=days(-5), expires_on=days(150))
    made = declared(old, new)

    assert waived(made, "HIGH") == ["NEW", None, None]
    assert waived(made, "LOW") == ["OLD", None, None]


def test_many_entries_for_many_users():
    people = users(*[{}] * 300)
    many = [entry(f"E-{n}", subject=f"{{userId: {uid(n)}}}") for n in range(1, 251)]
    everybody = entry("ALL", subject=f"{{groupId: {GROUP}}}", expires_on=days(50))
    groups = {GROUP: frozenset(uid(n) for n in range(299))}
    made = declared(*many, everybody, people=people, groups=groups)

    assert waived(made, "LOW") == ["ALL", *(f"E-{n}" for n in range(1, 251)), *["ALL"] * 48, None]
    assert made.waivers("LOW").dtype == pl.Enum([*(f"E-{n}" for n in range(1, 251)), "ALL"])
    rows = made.entries({"ALL": 49})
    assert [row.users for row in rows] == [1] * 250 + [299]
    assert all(State.OVERLAPPING in row.states for row in rows)


def test_a_tenant_without_users_has_nothing_to_waive():
    made = declared(entry(), people=users())

    assert waived(made, "LOW") is None
    assert made.entries({})[0].states == ("orphaned",)
