"""What became of one finding of an audit when its user was read again."""

from __future__ import annotations

from enum import StrEnum

from mfaaudit.words import Severity, Verdict

OPEN = (Verdict.NOT_EVALUATED, Verdict.ERROR)
FLAGS = (Verdict.FAIL, *OPEN)
"""The verdicts that flag a user; WAIVED only on request."""


class Outcome(StrEnum):
    """Each finding has exactly one, in the order in which they are shown."""

    WORSE = "WORSE"
    STILL_FAILING = "STILL_FAILING"
    NEWLY_JUDGED = "NEWLY_JUDGED"
    NOT_READ = "NOT_READ"
    WAIVED = "WAIVED"
    OUT_OF_SCOPE = "OUT_OF_SCOPE"
    GONE = "GONE"
    FIXED = "FIXED"

    @property
    def words(self) -> str:
        """As a heading."""
        return self.value.replace("_", " ").capitalize()

    @property
    def meaning(self) -> str:
        """What it says, in one sentence."""
        return MEANINGS[self]


MEANINGS = {
    Outcome.WORSE: "Fails with a higher severity than before, or failed under an exception that has ended.",
    Outcome.STILL_FAILING: "Failed, and fails now.",
    Outcome.NEWLY_JUDGED: "Could not be judged before, and is judged now: the column Now says as what.",
    Outcome.NOT_READ: "Something that the rule needs could not be read now: nothing says that it is cured.",
    Outcome.WAIVED: "Would fail, and an exception covers it now.",
    Outcome.OUT_OF_SCOPE: "The rule is not about the account any more.",
    Outcome.GONE: "The account is no longer in the directory: that is no proof of a cure.",
    Outcome.FIXED: "Failed, and passes now.",
}


def outcome_of(before: Verdict, now: Verdict | None, *, was: Severity, is_now: Severity) -> Outcome:
    """What became of a finding; `now` is None where the account is gone, the severities are those of a failure."""
    match now:
        case None:
            return Outcome.GONE
        case Verdict.PASS:
            return Outcome.NEWLY_JUDGED if before in OPEN else Outcome.FIXED
        case Verdict.FAIL:
            if before in OPEN:
                return Outcome.NEWLY_JUDGED
            worse = before is Verdict.WAIVED or is_now.rank > was.rank
            return Outcome.WORSE if worse else Outcome.STILL_FAILING
        case Verdict.WAIVED:
            return Outcome.WAIVED
        case Verdict.NOT_APPLICABLE:
            return Outcome.OUT_OF_SCOPE
        case Verdict.NOT_EVALUATED | Verdict.ERROR:
            return Outcome.NOT_READ
