"""What may become of a rule, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from mfaaudit.findings.condition import Condition, Not
from mfaaudit.findings.describe import condition_in_words
from mfaaudit.findings.fitting import all_values
from mfaaudit.findings.outlook import Outlook
from mfaaudit.findings.values import listed, said
from mfaaudit.findings.ways import Literal
from mfaaudit.findings.would_change import Change, Changes, Prospect
from mfaaudit.words import Verdict

HANDFUL = 5
"""Ways that a sentence can still hold."""

TURNS = {
    Verdict.PASS: "It would pass",
    Verdict.FAIL: "It would fail",
    Verdict.WAIVED: "It would fail, and be waived,",
    Verdict.NOT_APPLICABLE: "It would not apply to the user",
}
TURNS_OUT = {
    Verdict.PASS: "It turns out to pass",
    Verdict.FAIL: "It turns out to fail",
    Verdict.WAIVED: "It turns out to fail, and to be waived,",
    Verdict.NOT_APPLICABLE: "It turns out not to apply to the user",
}
IN_GENERAL = {
    Verdict.PASS: "pass",
    Verdict.FAIL: "fail",
    Verdict.WAIVED: "fail and be waived",
    Verdict.NOT_APPLICABLE: "not apply",
}


def prospects_in_words(outlook: Outlook) -> Iterator[str]:
    """A sentence for each other verdict that the values of the user may lead to."""
    is_open = outlook.of_user is Verdict.NOT_EVALUATED
    if is_open:
        may = [IN_GENERAL[verdict] for verdict in outlook.becomes]
        yield f"As far as is known, it can {listed(may, 'or')}." if len(may) > 1 else f"It can only {may[0]}."
    turns = TURNS_OUT if is_open else TURNS
    for verdict, prospect in outlook.becomes.items():
        yield f"{turns[verdict]} {prospect_in_words(prospect)}."


def gate_in_words(outlook: Outlook) -> Iterator[str]:
    """What decides whether the rule applies to the tenant, and what would change that."""
    rule, prospect = outlook.rule, outlook.of_tenant
    if outlook.applies is not True and rule.postures:
        postures = f"It is asked only of tenants in the posture {listed(rule.postures, 'and')}"
        if outlook.fits_posture is False:
            yield f"{postures}, and this one is in another."
            return
        if outlook.fits_posture is None:
            yield f"{postures}; in which one this is, is not known."
    if rule.preconditions is None:
        return
    asked = f"It applies only if {condition_in_words(rule.preconditions)}"
    if outlook.applies is True:
        yield f"It would not apply to the tenant any more {prospect_in_words(prospect)}."
    elif outlook.applies is False:
        would = prospect_in_words(prospect)
        yield f"{asked}." if asked.endswith(would) else f"{asked}; it would apply {would}."
    elif outlook.tenant_gaps:
        yield f"{asked}, and that is open."


def prospect_in_words(prospect: Prospect) -> str:
    """`if requirements.perUserMfaState is enforced, or if …`."""
    if any(not way for way in prospect.ways):
        return "whatever the values are that were not read"
    shown = [f"if {changes_in_words(way)}" for way in prospect.ways[:HANDFUL]]
    left = len(prospect.ways) - len(shown)
    if left or not prospect.whole:
        least = "" if prospect.whole else "at least "
        shown.append(f"in {least}{left:,} other way{'' if left == 1 else 's'}" if left else "in other ways")
    return ", or ".join(shown)


def changes_in_words(way: Changes) -> str:
    """All that has to be true, joined by `and`."""
    return " and ".join(change_in_words(change) for change in way)


def change_in_words(change: Change) -> str:
    """What has to be true of one value."""
    if change.values:
        (field,) = change.fields
        others = [one for one in all_values(field) if one not in change.values]
        if not others:
            return f"{field.name} has any value"
        if len(others) == 1 and len(change.values) > 1:
            return f"{field.name} is not {said(others[0])}"
        return f"{field.name} is {listed(change.values, 'or')}"
    turned = [_literal(one) for one in change.literals if one not in change.held]
    kept = [f"still {_literal(one)}" for one in change.literals if one in change.held]
    return " and ".join((*turned, *kept))


def _literal(literal: Literal) -> str:
    condition: Condition = literal.test if literal.wanted else Not(literal.test)
    return condition_in_words(condition)
