"""What may become of one rule for one user: the verdict, what it hangs on, and what would make it another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mfaaudit.findings.circumstances import Circumstances
from mfaaudit.findings.compiling import otherwise
from mfaaudit.findings.condition import AllOf, AnyOf, Condition, Not, Test
from mfaaudit.findings.judge import gate_of
from mfaaudit.findings.persons import about_persons, are_all_persons
from mfaaudit.findings.policy import Rule
from mfaaudit.findings.ways import value_of
from mfaaudit.findings.would_change import ALWAYS, Prospect, Seen, prospect_of
from mfaaudit.sources.field import Field
from mfaaudit.words import Reason, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A value that leaves a verdict open."""

    field: Field
    reason: Reason
    was_read: bool
    """Whether there is a value, and it holds what nobody has classified, or not what the rule asks about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """One rule about users, for one of them."""

    rule: Rule
    applies: bool | None
    """Whether the rule can be asked of this tenant; None where that is not known."""
    fits_posture: bool | None
    """Whether the tenant is in a posture that the rule is for."""
    of_user: Verdict
    """What the values of the user come to, taken that the rule applies to the tenant; WAIVED where it is."""
    becomes: Mapping[Verdict, Prospect]
    """The other verdicts that changes to the values of the user would lead to, taken the same. Where something is open,
    the verdicts that it may turn out to be, with what the open values would have to be."""
    of_tenant: Prospect
    """With which values of the tenant the preconditions would cease to hold; or, if they do not, would hold."""
    gaps: tuple[Gap, ...]
    """The values of the user that leave it open."""
    tenant_gaps: tuple[Gap, ...]
    """The values of the tenant that leave it open whether the rule applies."""

    @property
    def verdict(self) -> Verdict:
        """The verdict: that of the user, unless the rule does not apply to the tenant, or may not."""
        if self.applies is False or self.of_user is Verdict.NOT_APPLICABLE:
            return Verdict.NOT_APPLICABLE
        return self.of_user if self.applies else Verdict.NOT_EVALUATED


def outlook_of(rule: Rule, user: Seen, tenant: Seen, circumstances: Circumstances, exception: str) -> Outlook:
    """The outlook under a rule about users.

    `exception` is the id of the entry of the register that would waive a failure of the user; empty without one.
    """
    if not are_all_persons(user.row):
        rule = about_persons(rule)
    gate = gate_of(rule, tenant.atoms, circumstances)
    truths = user.truths(rule.looks_at, rule.require)
    looks_at, require = rule.looks_at or ALWAYS, rule.require or ALWAYS
    targets: dict[Verdict, Condition] = {
        Verdict.PASS: AllOf((looks_at, require)),
        Verdict.WAIVED if exception and rule.waivable else Verdict.FAIL: AllOf((looks_at, Not(require))),
        Verdict.NOT_APPLICABLE: Not(looks_at),
    }
    holding = (one for one, condition in targets.items() if value_of(condition, truths.__getitem__))
    now = next(holding, Verdict.NOT_EVALUATED)
    is_open = now is Verdict.NOT_EVALUATED
    prospects = {
        verdict: prospect_of(condition, True, user, open_only=is_open)
        for verdict, condition in targets.items()
        if verdict is not now
    }
    held = gate.open is not False
    preconditions = tenant.truths(rule.preconditions)
    return Outlook(
        rule=rule,
        applies=gate.open,
        fits_posture=circumstances.open_to(rule),
        of_user=now,
        becomes={verdict: one for verdict, one in prospects.items() if one.ways or not one.whole},
        of_tenant=prospect_of(rule.preconditions, not held, tenant, open_only=gate.open is None),
        gaps=tuple(_gaps(AllOf((looks_at, require)), truths, user)) if is_open else (),
        tenant_gaps=tuple(_gaps(rule.preconditions or ALWAYS, preconditions, tenant)),
    )


def _gaps(condition: Condition, truths: Mapping[Test, bool | None], seen: Seen) -> Iterator[Gap]:
    """The values that leave a condition open, each once."""
    found: dict[str, Gap] = {}
    for test in _open_tests(condition, truths):
        for field in test.fields:
            reason = seen.row[f"{field.column}_reason"].to_list()[0]
            if reason is not None:
                found.setdefault(field.name, Gap(field=field, reason=Reason(reason), was_read=False))
            elif len(test.fields) == 1:
                found.setdefault(field.name, Gap(field=field, reason=otherwise(test), was_read=True))
    yield from found.values()


def _open_tests(condition: Condition, truths: Mapping[Test, bool | None]) -> Iterator[Test]:
    # What is not known and changes nothing leaves nothing open.
    if value_of(condition, truths.__getitem__) is not None:
        return
    match condition:
        case Test():
            yield condition
        case Not(part=part):
            yield from _open_tests(part, truths)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from _open_tests(part, truths)
