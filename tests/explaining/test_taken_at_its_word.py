"""Every way that is offered to a user of a finished job is taken, and all rules are judged again."""

from dataclasses import replace

import polars as pl
from explained_users import explained, judged

from mfaaudit.columns import columns_of
from mfaaudit.findings import Circumstances, judge
from mfaaudit.findings.fitting import fitting
from mfaaudit.judging import circumstances_of
from mfaaudit.words import Verdict

EVERY = 17
WAYS = 3


def values_for(change, now, known):
    """One value for each field of a change; None where what was read leaves it open."""
    if change.values:
        return {change.fields[0]: change.values[-1]}
    kept = {field.name: value for field in change.fields if (value := known.get(field.name)) is not None}
    if len(kept) == len(change.fields):
        return None
    found = fitting(change.literals, now, kept)
    fields = list(dict.fromkeys(field for literal in change.literals for field in literal.test.fields))
    return dict(zip(fields, found[-1], strict=True)) if found else None


def after(users, row, changes):
    """The frame of users, in which one has other values."""
    made = users
    for field, value in changes.items():
        columns = columns_of(field, [value])
        for name, column in columns.items():
            if name in made.columns:
                whole = made[name].to_list()
                whole[row] = column.to_list()[0]
                made = made.with_columns(pl.Series(name, whole, dtype=made[name].dtype))
    return made


def ways(outlook):
    """Each way that is offered, and the verdict that it promises."""
    for verdict, prospect in outlook.becomes.items():
        for way in prospect.ways[:WAYS]:
            yield verdict, way


def taken(way, outlook, row, made, now):
    """The values of a way; None where there is no value to be set."""
    known = {}
    if outlook.of_user is Verdict.NOT_EVALUATED:
        known = {field.name: made.users[field.column][row] for change in way for field in change.fields}
    chosen = [values_for(change, now, known) for change in way]
    return None if None in chosen else {field: value for each in chosen for field, value in each.items()}


def test_every_way_leads_where_it_says(messy):
    how, made = judged(messy.bundle)
    now, own = made.snapshot.run.started_at, circumstances_of(made.declared, how)
    # Waivers are by the rows of the whole frame, and this is of one; the demo has none.
    circumstances = Circumstances(posture=own.posture, posture_reason=own.posture_reason)
    seen = set()
    for row in range(0, made.users.height, EVERY):
        for one in explained(messy.bundle, row).rules:
            outlook = one.outlook
            pack = next(pack for pack in how.packs if outlook.rule in pack.rules)
            alone = replace(pack, rules=(replace(outlook.rule, blocked_by=()),))
            for verdict, way in ways(outlook) if outlook.applies else ():
                values = taken(way, outlook, row, made, now)
                if values is None:
                    continue
                users = after(made.users[[row]], 0, values)
                found = judge([alone], users=users, tenant=made.declared.tenant, now=now, circumstances=circumstances)
                assert found.results[0].frame["verdict"][0] == verdict.value, (outlook.rule.id, row, values)
                seen.add((outlook.of_user, verdict))
    passed, failed = Verdict.PASS, Verdict.FAIL
    assert {(failed, passed), (passed, failed), (failed, Verdict.NOT_APPLICABLE)} <= seen
    assert {(Verdict.NOT_APPLICABLE, failed), (Verdict.NOT_EVALUATED, passed)} <= seen
