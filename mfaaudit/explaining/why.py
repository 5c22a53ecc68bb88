"""Why a rule says of a user what it says, and what would change that: in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from mfaaudit.declared.declare import EntryRow
from mfaaudit.explaining.explanation import Explained
from mfaaudit.facts import WISHED
from mfaaudit.findings.condition import fields_of
from mfaaudit.findings.describe import condition_in_words, observed_of
from mfaaudit.findings.outlook import Gap
from mfaaudit.findings.outlook_words import gate_in_words, prospects_in_words
from mfaaudit.reports.cures import meaning_of, what_to_do
from mfaaudit.reports.traces import sources_of_field
from mfaaudit.sources import BY_NAME
from mfaaudit.sources.options import OPTIONS
from mfaaudit.sources.source import Source
from mfaaudit.vocabulary import SOURCE_OF
from mfaaudit.words import Reason, Verdict

IF_IT_APPLIED = {
    Verdict.PASS: "the user would pass",
    Verdict.FAIL: "the user would fail",
    Verdict.WAIVED: "the user would fail, and be waived",
    Verdict.NOT_EVALUATED: "it would be open what it says of the user",
}


def why(one: Explained) -> Iterator[str]:
    """What decided the verdict, as far as observed and expected do not say it."""
    outlook = one.outlook
    rule = outlook.rule
    if outlook.of_user is Verdict.NOT_APPLICABLE and rule.looks_at is not None:
        seen = "; ".join(observed_of(field, one.named) for field in fields_of(rule.looks_at))
        yield f"It is about users where {condition_in_words(rule.looks_at)}. This one: {seen}."
    if one.judged.verdict is Verdict.WAIVED and one.entry is not None:
        yield _waived(one.entry, rule.id)
    if outlook.applies is not True:
        yield from gate_in_words(outlook)
        yield from (gap_in_words(gap, {}) for gap in outlook.tenant_gaps)
        if outlook.of_user in IF_IT_APPLIED:
            yield f"If it applied to the tenant, {IF_IT_APPLIED[outlook.of_user]}."
    yield from (gap_in_words(gap, one.named) for gap in outlook.gaps)


def what_next(one: Explained) -> Iterator[str]:
    """What would make the verdict another, or what an open one may turn out to be."""
    outlook, entry, rule = one.outlook, one.entry, one.outlook.rule
    if one.judged.verdict is Verdict.WAIVED and entry is not None:
        day = entry.until[rule.id] + timedelta(1)
        yield f"From {day} it is a failure again, unless it is put right or the exception is renewed."
    # What the user would have to do under a rule that does not apply to the tenant is of no use to anybody.
    if outlook.applies is not False:
        yield from prospects_in_words(outlook)
    if outlook.applies is True and outlook.of_user is not Verdict.NOT_APPLICABLE:
        yield from gate_in_words(outlook)
    if entry is not None and Verdict.WAIVED in outlook.becomes:
        yield f"The exception {entry.entry.id} would cover a failure until {entry.until[rule.id]}."


def gap_in_words(gap: Gap, user: Mapping[str, Any]) -> str:
    """Which value leaves it open, why, and what to do; `user` is the user's row, empty for a value of the tenant."""
    source = _source(gap, user)
    option = WISHED.get(gap.field.name)
    cure = what_to_do(gap.reason, source)
    if gap.reason is Reason.NOT_REQUESTED and option is not None:
        cure = f"Audit again with {OPTIONS[option].flag}."
    if gap.was_read:
        strange = "it holds a value that nobody has classified"
        what = "what the rule looks for in it was not asked for" if gap.field.partial else strange
        return f"{gap.field.name} was read, but {what} ({gap.reason.value}). {cure}"
    return f"{gap.field.name} is NOT READ ({gap.reason.value}): {meaning_of(gap.reason, source)} {cure}"


def _source(gap: Gap, user: Mapping[str, Any]) -> Source:
    """The source whose gap it is: of what is worked out, the one that gave nothing for the same reason."""
    for name in sources_of_field(gap.field.name):
        columns = (f"{field.column}_reason" for field in BY_NAME[name].fields)
        if any(user.get(column) == gap.reason.value for column in columns):
            return BY_NAME[name]
    return BY_NAME[SOURCE_OF[gap.field.name]]


def _waived(row: EntryRow, rule: str) -> str:
    entry = row.entry
    return (
        f"It fails, and the exception {entry.id} ({entry.kind.value}) covers that until {row.until[rule]}, that day "
        f"included; approved by {entry.approved_by} on {entry.approved_on}, because: {entry.reason}"
    )
