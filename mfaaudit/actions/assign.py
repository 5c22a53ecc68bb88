"""Which action each finding goes to: every failure and every gap of every user to exactly one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from mfaaudit.actions.action import Action, Who
from mfaaudit.actions.catalogue import Catalogue
from mfaaudit.actions.read_action import OWN
from mfaaudit.findings.atoms import Atoms
from mfaaudit.findings.compiling import holds
from mfaaudit.findings.condition import Condition
from mfaaudit.findings.policy import Rule
from mfaaudit.findings.results import SEVERITIES, Findings, RuleResult
from mfaaudit.sources.field import Scope
from mfaaudit.words import Reason, Verdict

PAIRS = {
    "action": pl.UInt16(),
    "subject": pl.UInt32(),
    "user": pl.UInt32(),
    "rule": pl.UInt16(),
    "severity": SEVERITIES,
    "failed": pl.Boolean(),
}
GAPS = [Verdict.NOT_EVALUATED.value, Verdict.ERROR.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """Each finding, and the action that cures it."""

    actions: tuple[Action, ...]
    pairs: pl.DataFrame
    """A row a finding: the places of its action and its rule; `user`, the place of the user, or null if the finding is
    about the tenant; `subject`, the same, or null if the action is done once for the tenant; its severity; whether it
    failed, or is open."""


class _Numbers:
    """The actions that came up by now, each with its number."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self.actions: list[Action] = []

    def of(self, action: Action) -> int:
        """The number of an action."""
        if action.id not in self._places:
            self._places[action.id] = len(self.actions)
            self.actions.append(action)
        return self._places[action.id]


def assign(findings: Findings, catalogue: Catalogue, atoms: Mapping[Scope, Atoms]) -> Assigned:
    """Every finding that is a failure or a gap, with its action; a waived failure needs none."""
    chooser = _Chooser(catalogue, atoms)
    numbers = _Numbers()
    parts = [pl.DataFrame(schema=PAIRS)]
    for place, result in enumerate(findings.results):
        for chosen, failed, rows in (*_failures(result, chooser), *_gaps(result, catalogue)):
            once = chosen.scope is Scope.TENANT
            parts.append(
                rows.select(
                    pl.lit(numbers.of(chosen), pl.UInt16()).alias("action"),
                    (pl.lit(None, pl.UInt32()) if once else pl.col("user")).alias("subject"),
                    "user",
                    pl.lit(place, pl.UInt16()).alias("rule"),
                    "severity",
                    pl.lit(failed).alias("failed"),
                )
            )
    return Assigned(actions=tuple(numbers.actions), pairs=pl.concat(parts))


def surely(condition: Condition, atoms: Atoms) -> pl.Series:
    """Of whom a condition surely holds: what is not known chooses nothing."""
    truth = holds(condition, atoms)
    return atoms.over(holds=truth)["holds"].fill_null(value=False)


class _Chooser:
    """For a rule, the first of its actions that surely fits each user."""

    def __init__(self, catalogue: Catalogue, atoms: Mapping[Scope, Atoms]) -> None:
        self._catalogue = catalogue
        self._atoms = atoms
        self._fits: dict[str, pl.Series] = {}

    def candidates(self, rule: Rule) -> Iterator[tuple[Action, pl.Series | None]]:
        """Each action that could be meant, with whom it fits; the last, the rule's own remediation, fits everybody."""
        for action in self._catalogue.of_rule(rule):
            if self._open(action):
                yield action, self._fitting(action)
        yield own_action(rule), None

    def _open(self, action: Action) -> bool:
        if action.preconditions is None:
            return True
        return bool(surely(action.preconditions, self._atoms[Scope.TENANT]).item())

    def _fitting(self, action: Action) -> pl.Series | None:
        if action.when is None:
            return None
        if action.id not in self._fits:
            self._fits[action.id] = surely(action.when, self._atoms[action.scope])
        return self._fits[action.id]


def own_action(rule: Rule) -> Action:
    """The rule's own remediation as an action."""
    return Action(
        id=f"{OWN}{rule.id}",
        title=f"Cure {rule.id}: {rule.title}",
        who=Who.ADMINISTRATOR,
        steps=rule.remediation,
        scope=rule.scope,
        of_rule=rule.id,
    )


def _failures(result: RuleResult, chooser: _Chooser) -> Iterator[tuple[Action, bool, pl.DataFrame]]:
    rest = _rows(result, pl.col("verdict") == Verdict.FAIL.value)
    for action, fits in chooser.candidates(result.rule):
        if not rest.height:
            return
        if fits is None:
            yield action, True, rest
            return
        # The tenant is the one row of its own frame.
        chosen = fits.gather(rest["user"].fill_null(0))
        if chosen.any():
            yield action, True, rest.filter(chosen)
            rest = rest.filter(~chosen)


def _gaps(result: RuleResult, catalogue: Catalogue) -> Iterator[tuple[Action, bool, pl.DataFrame]]:
    if not result.counts.not_evaluated and not result.counts.error:
        return
    rows = _rows(result, pl.col("verdict").is_in(GAPS))
    # Whatever has no reason has to be looked at.
    reasons = rows["reason"].cast(pl.String()).fill_null(Reason.UNKNOWN_VALUE.value)
    for reason in Reason:
        found = reasons == reason.value
        if found.any():
            yield catalogue.of_reason(reason), False, rows.filter(found)


def _rows(result: RuleResult, where: pl.Expr) -> pl.DataFrame:
    frame, rule = result.frame, result.rule
    severity = pl.col("severity") if "severity" in frame.columns else pl.lit(rule.severity.value)
    user = pl.int_range(pl.len(), dtype=pl.UInt32()) if rule.scope is Scope.USER else pl.lit(None, pl.UInt32())
    return (
        frame.with_columns(user=user, severity=severity.cast(SEVERITIES))
        .filter(where)
        .select("user", "reason", "severity")
    )
