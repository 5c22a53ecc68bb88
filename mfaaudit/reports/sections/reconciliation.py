"""Whether the numbers agree with each other: those that two places give, and the verdicts of each rule."""

from __future__ import annotations

from collections.abc import Iterator

from mfaaudit.reports.comparisons import comparisons_of, comparisons_table, is_unexplained
from mfaaudit.reports.document import Fact, Section, Tone
from mfaaudit.reports.material import Material
from mfaaudit.reports.population_numbers import NOT_EXPLAINED, numbers_of
from mfaaudit.reports.sum_check import counts_check, sum_checks

SHEET = "Reconciliation"


def section(material: Material) -> Section:
    """Reconciliation."""
    comparisons = comparisons_of(material)
    return Section(
        name="Reconciliation",
        title="Reconciliation",
        lead=(
            "Whether the numbers agree: each that two answers of Graph give, side by side, and the verdicts of each "
            "rule against the users enumerated. A difference says what explains it, or that nothing does.",
        ),
        facts=tuple(_facts(material)),
        tables=(comparisons_table(comparisons), sum_checks(material)),
        sheet=SHEET,
    )


def _facts(material: Material) -> Iterator[Fact]:
    comparisons = comparisons_of(material)
    unexplained = [one.what for one in comparisons if is_unexplained(one)]
    unexplained += [one.what for one in numbers_of(material) if NOT_EXPLAINED in one.explanation]
    open_ones = sum(1 for one in comparisons if one.difference is None)
    yield Fact(
        label="Differences that nothing explains",
        value=len(unexplained),
        note="; ".join(unexplained),
        tone=Tone.OPEN if unexplained else Tone.GOOD,
    )
    yield Fact(
        label="Numbers that could not be compared",
        value=open_ones,
        note=f"Of {len(comparisons):,} that two places give: one of the two was not read." if open_ones else "",
        tone=Tone.OPEN if open_ones else Tone.GOOD,
    )
    yield counts_check(material)
