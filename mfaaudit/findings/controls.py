"""What the verdicts of a pack's rules say of the controls of its framework: never more than was judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mfaaudit.findings.policy import Assessment, Control, Pack, Rule
from mfaaudit.findings.results import Counts, Findings, RuleResult
from mfaaudit.sources.field import Scope


class Outcome(StrEnum):
    """What can be said of a control."""

    MET = "met"
    WITH_EXCEPTIONS = "met with exceptions"
    NOT_MET = "not met"
    NO_FAILURE = "no failure found (evidence only)"
    FAILURES = "failures found"
    WAIVED = "failures waived"
    """All that failed is waived, and that is no proof that the control is met."""
    NOT_JUDGED = "not judged"
    NOT_APPLICABLE = "does not apply"
    BY_HAND = "to be looked at by hand"


WITHOUT_PROOF = {Outcome.MET: Outcome.NO_FAILURE, Outcome.WITH_EXCEPTIONS: Outcome.WAIVED}
"""What is left of an outcome where rules bear on the control but do not decide it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlResult:
    """One control, judged."""

    control: Control
    outcome: Outcome
    counts: Counts
    """Of all of its rules together: a verdict is one user, or the tenant, under one rule."""
    remarks: tuple[str, ...]
    """A sentence for each thing that has to be known beside the outcome."""


def outcome_of(assessment: Assessment, rules: Sequence[Counts]) -> Outcome:
    """What the counts of a control's rules say of it.

    Only rules that decide the control show that it is met, only if at least one verdict passes, and only if none is
    open. A failure is evidence against it however much the rules decide.
    """
    if assessment is Assessment.MANUAL:
        return Outcome.BY_HAND
    decides, total = assessment is Assessment.FULL, sum(rules, Counts())
    if total.fail:
        return Outcome.NOT_MET if decides else Outcome.FAILURES
    if not rules or total.not_evaluated or total.error:
        return Outcome.NOT_JUDGED
    if total.waived:
        return Outcome.WITH_EXCEPTIONS if decides and total.pass_ else Outcome.WAIVED
    if total.pass_:
        return Outcome.MET if decides else Outcome.NO_FAILURE
    return Outcome.NOT_APPLICABLE


def judge_controls(findings: Findings, pack: Pack, *, complete: bool) -> tuple[ControlResult, ...]:
    """The controls of a pack in its order; `complete` says whether everybody is known to have been listed."""
    results = {one.rule.id: one for one in findings.of_pack(pack)}
    return tuple(
        _judge(control, tuple(results[rule] for rule in control.rules), pack, complete=complete)
        for control in pack.controls
    )


def _judge(control: Control, results: tuple[RuleResult, ...], pack: Pack, *, complete: bool) -> ControlResult:
    outcome, remarks = outcome_of(control.assessment, [one.counts for one in results]), []
    if pack.left_out and outcome in WITHOUT_PROOF:
        # The control no longer names the rules that were left out of it.
        outcome = WITHOUT_PROOF[outcome]
        remarks.append(f"Not decided: the pack leaves out {', '.join(pack.left_out)}, which may bear on it.")
    if not complete and outcome in WITHOUT_PROOF and any(_looks_at_users(one.rule) for one in results):
        outcome = Outcome.NOT_JUDGED
        remarks.append("Not judged: it could not be proved that every user was listed.")
    return ControlResult(
        control=control,
        outcome=outcome,
        counts=sum((one.counts for one in results), Counts()),
        remarks=(*remarks, *_changes(results)),
    )


def _changes(results: Sequence[RuleResult]) -> Iterator[str]:
    for one in results:
        if one.rule.changed_from:
            yield f"{one.rule.id} has other values than in {one.rule.changed_from}."


def _looks_at_users(rule: Rule) -> bool:
    return rule.scope is Scope.USER or rule.aggregate is not None
