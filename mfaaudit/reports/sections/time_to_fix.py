"""How long failures lasted, over all audits that were given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mfaaudit.earlier import Audit
from mfaaudit.earlier.time_to_fix import NOT_KNOWN, Duration, End, TimeToFix, time_to_fix
from mfaaudit.reports.change_numbers import everything
from mfaaudit.reports.document import Cell, Column, ColumnKind, Fact, Section, Table, Tone
from mfaaudit.reports.material import Material

FEWEST = 3
"""Audits without which a report says nothing of it: two show only that a failure came or went between them."""
NUMBERS = (
    Column(key="fixed", title="Fixed", kind=ColumnKind.NUMBER, width=9),
    Column(key="medianDays", title="Median days, at most", kind=ColumnKind.NUMBER, width=14),
    Column(key="longestDays", title="Longest, at most", kind=ColumnKind.NUMBER, width=12),
    Column(key="surelyDays", title="Longest, at least", kind=ColumnKind.NUMBER, width=12),
    Column(key="open", title="Open", kind=ColumnKind.NUMBER, width=9),
    Column(key="openMedianDays", title="Open: median days so far", kind=ColumnKind.NUMBER, width=14),
    Column(key="openLongestDays", title="Open: longest so far", kind=ColumnKind.NUMBER, width=12),
    *(Column(key=one.value, title=one.words.capitalize(), kind=ColumnKind.NUMBER, width=12) for one in NOT_KNOWN),
    Column(key="total", title="Failures seen", kind=ColumnKind.NUMBER, width=12),
)


def section(material: Material) -> Section | None:
    """Time to fix, where earlier audits were given twice or more; on the sheet of what changed."""
    earlier = material.earlier
    if earlier is None or len(everything(earlier)) < FEWEST:
        return None
    return of_audits(everything(earlier), sheet="Changes")


def of_audits(audits: Sequence[Audit], *, sheet: str = "") -> Section:
    """The same of any two audits or more of one tenant, the oldest first."""
    found = time_to_fix(audits)
    return Section(
        name="TimeToFix",
        title="Time to fix",
        lead=(
            f"Over {len(audits)} audits, from {audits[0].day.isoformat()} to {audits[-1].day.isoformat()}: how long it "
            "took from the first audit that showed a failure to the first that shows a pass.",
            "Nobody looked between two audits. Of a cure it is known that the failure lasted at least from the first "
            "to the last audit that showed it, and at most until the one that shows the pass; it may have been there "
            "before the first. Days are whole days, rounded up where they are the most, and down where they are the "
            "least.",
            "What is open still lasts, and is in no median of what was fixed. A waiver, a change of scope, a value "
            "that was not read and an account that is not listed end nothing: how those failures ended is not known. "
            "A rule is followed back to where it last asked something else.",
        ),
        facts=tuple(_facts(found.in_all())),
        tables=(_by_rule(found), _by_severity(found)),
        sheet=sheet,
    )


def _facts(all_: Duration) -> Iterator[Fact]:
    yield Fact(label="Failures seen", value=all_.total)
    within = ""
    if all_.median is not None and all_.longest is not None:
        within = f"Half of them within {days(all_.median)}, all within {days(all_.longest)}."
    yield Fact(label="Fixed", value=all_.fixed, note=within, tone=Tone.GOOD if all_.fixed else Tone.PLAIN)
    so_far = ""
    if all_.open_median is not None and all_.open_longest is not None:
        so_far = f"Half of them for {days(all_.open_median)} or more by now, at the longest {days(all_.open_longest)}."
    yield Fact(label="Open", value=all_.open, note=so_far, tone=Tone.BAD if all_.open else Tone.PLAIN)
    unknown = sum(all_.not_known.values())
    parts = ", ".join(f"{count:,} {end.words}" for end, count in all_.not_known.items() if count)
    yield Fact(
        label="Not known how they ended",
        value=unknown,
        note=f"{parts}." if parts else "",
        tone=Tone.OPEN if unknown else Tone.PLAIN,
    )


def _by_rule(found: TimeToFix) -> Table:
    def rows() -> Iterator[list[Cell]]:
        for rule, one in found.by_rule():
            yield [rule.id, rule.title, rule.severity.value, *_numbers(one)]
        yield ["Total", None, None, *_numbers(found.in_all())]

    return Table(
        name="TimeToFixByRule",
        title="Time to fix, by rule",
        note="Fixed + open + waived now + not in scope now + not judged now + left = failures seen.",
        columns=(
            Column(key="ruleId", title="Rule", width=12),
            Column(key="title", title="Title", kind=ColumnKind.LONG_TEXT, width=38),
            Column(key="severity", title="Severity", kind=ColumnKind.SEVERITY, width=11),
            *NUMBERS,
        ),
        rows=rows,
        row_count=len(found.rules) + 1,
    )


def _by_severity(found: TimeToFix) -> Table:
    parts = tuple(found.by_severity())
    return Table(
        name="TimeToFixBySeverity",
        title="Time to fix, by severity",
        note="The severity that a failure had when it was seen last.",
        columns=(Column(key="severity", title="Severity", kind=ColumnKind.SEVERITY, width=12), *NUMBERS),
        rows=lambda: ([severity.value, *_numbers(one)] for severity, one in parts),
        row_count=len(parts),
        empty="Nothing failed in any of these audits.",
    )


def _numbers(one: Duration) -> Iterator[Cell]:
    yield from (one.fixed, one.median, one.longest, one.surely, one.open, one.open_median, one.open_longest)
    yield from (one.not_known[end] for end in NOT_KNOWN)
    yield one.total


def days(number: int) -> str:
    """A number of days in words."""
    return f"{number:,} day{'' if number == 1 else 's'}"


def meanings() -> Iterator[tuple[str, str]]:
    """What can be said of the end of a failure."""
    yield End.FIXED.words, "An audit showed the failure, and a later one a pass."
    yield End.OPEN.words, "The last audit shows the failure still."
    yield End.WAIVED.words, "The last audit shows it waived: nothing says that it is cured."
    yield End.OUT_OF_SCOPE.words, "The rule is not about the account in the last audit."
    yield End.UNREAD.words, "A value was not read in the last audit."
    yield End.LEFT.words, "The account is not listed in the last audit."
