"""What the fixed words of a comparison mean."""

from __future__ import annotations

from collections.abc import Iterator

from mfaaudit.earlier import Cause, Change, Comparison
from mfaaudit.reports import legend_words
from mfaaudit.reports.document import Cell, Column, ColumnKind, Section, Table
from mfaaudit.reports.sections import time_to_fix


def section() -> Section:
    """Legend."""
    found = tuple(_words())
    return Section(
        name="Legend",
        title="Legend",
        lead=("What the words of this comparison mean. The report of each audit explains the rest.",),
        tables=(
            Table(
                name="LegendOfChanges",
                title="Words",
                columns=(
                    Column(key="where", title="A word for", width=24),
                    Column(key="word", title="Word", kind=ColumnKind.LONG_TEXT, width=38),
                    Column(key="meaning", title="Meaning", kind=ColumnKind.LONG_TEXT, width=80),
                ),
                rows=lambda: found,
                row_count=len(found),
                key_columns=2,
            ),
        ),
    )


def _words() -> Iterator[tuple[Cell, ...]]:
    yield from (("Change", one.words, one.meaning) for one in Change)
    yield from (("Cause", one.words, one.meaning) for one in Cause)
    yield from (("Comparison of a rule", one.words, COMPARISONS[one]) for one in Comparison)
    yield from (("End of a failure", word, meaning) for word, meaning in time_to_fix.meanings())
    yield from (("Verdict", one.value, meaning) for one, meaning in legend_words.VERDICTS.items())
    yield from (("Severity", one.value, meaning) for one, meaning in legend_words.SEVERITIES.items())


COMPARISONS = {
    Comparison.SAME: "The rule asks the same in both audits; its words and its severity may differ.",
    Comparison.CHANGED: "The rule asks something else than in the previous audit.",
    Comparison.NEW: "The previous audit was not judged with the rule.",
    Comparison.GONE: "The latest audit was not judged with the rule.",
}
