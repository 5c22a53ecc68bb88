"""What can become of one rule for one account from one audit to the next."""

from __future__ import annotations

from enum import StrEnum

from mfaaudit.words import Verdict


class Comparison(StrEnum):
    """Whether both audits were judged with a rule, and whether it asks the same in both."""

    SAME = "same"
    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"

    @property
    def words(self) -> str:
        """What a report says of the rule."""
        return COMPARISON_WORDS[self]


COMPARISON_WORDS = {
    Comparison.SAME: "compared",
    Comparison.CHANGED: "compared: the rule changed",
    Comparison.NEW: "the rule is new",
    Comparison.GONE: "the rule is gone",
}


class Change(StrEnum):
    """What became of an account that failed a rule before, or fails it now, in the order in which it is shown."""

    NEW_FAILURE = "newFailure"
    WAIVER_ENDED = "waiverEnded"
    NEWLY_JUDGED = "newlyJudged"
    NEW_RULE = "newRule"
    JOINED = "joined"
    BACK = "back"
    NO_LONGER_JUDGED = "noLongerJudged"
    STILL_FAILING = "stillFailing"
    BECAME_WAIVED = "becameWaived"
    OUT_OF_SCOPE = "outOfScope"
    RULE_GONE = "ruleGone"
    LEFT = "left"
    FIXED = "fixed"

    @property
    def words(self) -> str:
        """The change in words."""
        return CHANGE_WORDS[self][0]

    @property
    def meaning(self) -> str:
        """What it says, in one sentence."""
        return CHANGE_WORDS[self][1]


CHANGE_WORDS = {
    Change.NEW_FAILURE: ("new failure", "Passed before, or was not in scope, and fails now."),
    Change.WAIVER_ENDED: ("waiver ended", "Was waived before, and nothing waives it now."),
    Change.NEWLY_JUDGED: ("newly judged", "Could not be judged before, and fails now."),
    Change.NEW_RULE: ("new rule", "Fails now, under a rule that the previous audit was not judged with."),
    Change.JOINED: ("joined", "Was not listed before, and fails now."),
    Change.BACK: ("back", "Was listed in an older audit, not in the previous one, and fails now."),
    Change.NO_LONGER_JUDGED: ("no longer judged", "Failed before; now a value is missing: nothing says it is fixed."),
    Change.STILL_FAILING: ("still failing", "Failed before, and fails now."),
    Change.BECAME_WAIVED: ("became waived", "Failed before; now an exception covers the failure."),
    Change.OUT_OF_SCOPE: ("no longer in scope", "Failed before; the rule is not about the account now."),
    Change.RULE_GONE: ("rule gone", "Failed before, under a rule that this audit is not judged with."),
    Change.LEFT: ("left", "Failed before, and is not listed now: that is no proof of a cure."),
    Change.FIXED: ("fixed", "Failed before, and passes now."),
}

FAILED_BEFORE = (
    Change.FIXED,
    Change.STILL_FAILING,
    Change.BECAME_WAIVED,
    Change.NO_LONGER_JUDGED,
    Change.OUT_OF_SCOPE,
    Change.LEFT,
    Change.RULE_GONE,
)
"""What can become of a failure: together they are all that failed before."""

FAILS_NOW = (
    Change.NEW_FAILURE,
    Change.STILL_FAILING,
    Change.WAIVER_ENDED,
    Change.NEWLY_JUDGED,
    Change.JOINED,
    Change.BACK,
    Change.NEW_RULE,
)
"""Where a failure can come from: together they are all that fails now."""

OPEN = (Verdict.NOT_EVALUATED, Verdict.ERROR)
Standing = Verdict | None
"""A verdict, or None for an account that was not listed."""

_ENDS = {
    Verdict.PASS: Change.FIXED,
    Verdict.FAIL: Change.STILL_FAILING,
    Verdict.WAIVED: Change.BECAME_WAIVED,
    Verdict.NOT_APPLICABLE: Change.OUT_OF_SCOPE,
    Verdict.NOT_EVALUATED: Change.NO_LONGER_JUDGED,
    Verdict.ERROR: Change.NO_LONGER_JUDGED,
    None: Change.LEFT,
}
_BEGINNINGS = {
    Verdict.PASS: Change.NEW_FAILURE,
    Verdict.WAIVED: Change.WAIVER_ENDED,
    Verdict.NOT_APPLICABLE: Change.NEW_FAILURE,
    Verdict.NOT_EVALUATED: Change.NEWLY_JUDGED,
    Verdict.ERROR: Change.NEWLY_JUDGED,
    None: Change.JOINED,
}


def change_of(before: Standing, now: Standing) -> Change | None:
    """What became of one account under one rule; None unless it failed before or fails now.

    Whoever is back has joined as far as two audits can tell.
    """
    if before is Verdict.FAIL:
        return _ENDS[now]
    return _BEGINNINGS[before] if now is Verdict.FAIL else None
