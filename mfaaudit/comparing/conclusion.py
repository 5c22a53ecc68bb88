"""What a comparison comes to: whether something fails that did not, and what could not be compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mfaaudit.earlier import Change, Comparison, Earlier
from mfaaudit.earlier.change import FAILS_NOW, OPEN
from mfaaudit.reports.document import Tone
from mfaaudit.sources.field import Scope
from mfaaudit.words import Verdict

NOTHING_NEW, NEW_FAILURES, NOT_COMPARED = 0, 10, 11
NEW = tuple(change for change in FAILS_NOW if change not in (Change.STILL_FAILING, Change.NEW_RULE))
"""What fails now, and was no failure in the audit before; of a rule that is new, the audit before says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """In words, and as an exit code."""

    new_failures: int
    doubts: tuple[str, ...]
    """What could not be compared, each in a sentence."""

    @property
    def exit_code(self) -> int:
        """10 where something new fails, else 11 where something could not be compared, else 0."""
        return NEW_FAILURES if self.new_failures else NOT_COMPARED if self.doubts else NOTHING_NEW

    @property
    def headline(self) -> str:
        """In a few words."""
        words = {
            NOTHING_NEW: "Nothing new fails",
            NEW_FAILURES: "New failures",
            NOT_COMPARED: "Not everything could be compared",
        }
        return words[self.exit_code]

    @property
    def tone(self) -> Tone:
        """How that is meant."""
        return {NOTHING_NEW: Tone.GOOD, NEW_FAILURES: Tone.BAD, NOT_COMPARED: Tone.OPEN}[self.exit_code]


def conclude(earlier: Earlier) -> Conclusion:
    """What the latest audit comes to beside the one before it."""
    return Conclusion(new_failures=sum(earlier.total(change) for change in NEW), doubts=tuple(_doubts(earlier)))


def _doubts(earlier: Earlier) -> Iterator[str]:
    for audit, word in ((earlier.previous, "previous"), (earlier.now, "latest")):
        if not audit.complete:
            yield f"The population of the {word} audit is not proved complete."
        data = [one.id for one in audit.rules if one.about_data and one.counts.worst in (Verdict.FAIL, *OPEN)]
        if data:
            yield f"The data of the {word} audit is in doubt: {', '.join(data)}."
    for comparison, words in ((Comparison.NEW, "new"), (Comparison.GONE, "gone")):
        ids = [one.rule.id for one in earlier.rules_changed if one.comparison is comparison]
        if ids:
            yield f"Rules that are {words}, and have a verdict in one of the two audits only: {', '.join(ids)}."
    count = sum(number for pair, number in earlier.pairs().items() if any(one in OPEN for one in pair))
    if count:
        yield f"Of {count:,} verdicts about users at least one of the two could not be given."
    of_tenant = (one for one in earlier.of_tenant if one.rule.scope is Scope.TENANT)
    unsure = [one.rule.id for one in of_tenant if any(verdict in OPEN for pair in one.pairs for verdict in pair)]
    if unsure:
        yield f"Rules about the tenant that could not be judged in both audits: {', '.join(unsure)}."
