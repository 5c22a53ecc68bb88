"""What an entry of the register is worth on one day: its states, and until when it holds for each of its rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from mfaaudit.declared.register import Entry
from mfaaudit.declared.words import ExceptionKind, State
from mfaaudit.words import Reason, Severity

LONGEST_DAYS: Mapping[Severity, int] = {
    Severity.CRITICAL: 30,
    Severity.HIGH: 90,
    Severity.MEDIUM: 180,
    Severity.LOW: 365,
    Severity.INFO: 365,
}
"""How long a rule may be waived, from the day of the approval."""
MOST_DAYS = 365
"""For an emergency account or an application, and for anything at all."""
SOON_DAYS = 30
DRILL_DAYS = 100

WITHOUT_EFFECT = frozenset(
    {
        State.PROPOSED,
        State.NOT_YET,
        State.EXPIRED,
        State.SELF_APPROVED,
        State.DRILL_OVERDUE,
        State.ORPHANED,
        State.UNREAD,
    }
)


class RuleFacts(NamedTuple):
    """What the register has to know of a rule that is judged."""

    severity: Severity
    about_tenant: bool
    waivable: bool


Rules = Mapping[str, RuleFacts]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One entry, on one day."""

    entry: Entry
    states: frozenset[State]
    """All but `overlapping` and `unused`, which no entry has by itself."""
    waives: Mapping[str, int]
    """Rules that it is effective for -> the ordinal of the last day on which it is."""
    last: int
    """The ordinal of the last day on which it holds for any of its rules, whatever else is the matter with it."""
    users: int
    gap: Reason | None
    """Why it is not known whom it covers."""

    @property
    def without_effect(self) -> frozenset[State]:
        """The states that keep it from having an effect."""
        return self.states & WITHOUT_EFFECT

    @property
    def in_force(self) -> bool:
        """Whether it holds; it may still name only rules that it cannot waive."""
        return not self.without_effect

    @property
    def may_be_in_force(self) -> bool:
        """Whether it holds for whoever is in a group that was not read."""
        return self.without_effect == {State.UNREAD}


def standing_of(entry: Entry, today: date, rules: Rules, users: int, gap: Reason | None) -> Standing:
    """The entry on a day of the run, in UTC; the day of approval and the day of expiry are inside."""
    now = today.toordinal()
    lasts = {rule: _last_day(entry, rules.get(rule)) for rule in entry.rules}
    last = max(lasts.values())
    states = set(_by_dates(entry, now, last)) | set(_by_rules(entry, rules))
    # How long a proposal may last is counted from the day on which somebody approves it.
    if not entry.is_proposed and min(lasts.values()) < entry.expires_on.toordinal():
        states.add(State.TOO_LONG)
    if gap is not None:
        states.add(State.UNREAD)
    elif users == 0:
        states.add(State.ORPHANED)
    blocked = states & WITHOUT_EFFECT
    if blocked <= {State.UNREAD} and min(day for day in lasts.values() if day >= now) - now <= SOON_DAYS:
        states.add(State.EXPIRING)
    elif not blocked:
        states.add(State.ACTIVE)
    waives = {} if blocked else {rule: day for rule, day in lasts.items() if day >= now and _may_waive(rules, rule)}
    return Standing(entry=entry, states=frozenset(states), waives=waives, last=last, users=users, gap=gap)


def _last_day(entry: Entry, rule: RuleFacts | None) -> int:
    if entry.approved_on is None:
        return entry.expires_on.toordinal()
    # What exempts an application is reviewed each year, whatever the rule.
    longest = entry.kind is ExceptionKind.BREAK_GLASS or entry.subject.is_application
    days = MOST_DAYS if longest or rule is None else LONGEST_DAYS[rule.severity]
    return min(entry.expires_on.toordinal(), entry.approved_on.toordinal() + days)


def _may_waive(rules: Rules, rule: str) -> bool:
    facts = rules.get(rule)
    return facts is not None and facts.waivable and not facts.about_tenant


def _by_dates(entry: Entry, now: int, last: int) -> list[State]:
    if entry.approved_on is None:
        # What was never in force neither runs out nor needs a drill.
        return [State.PROPOSED]
    found = []
    if now < entry.approved_on.toordinal():
        found.append(State.NOT_YET)
    if now > last:
        found.append(State.EXPIRED)
    if entry.is_self_approved:
        found.append(State.SELF_APPROVED)
    if entry.kind is ExceptionKind.BREAK_GLASS:
        drill = entry.last_drill_on
        # A drill that is still to come proves nothing yet.
        if drill is None or not timedelta(0) <= date.fromordinal(now) - drill <= timedelta(DRILL_DAYS):
            found.append(State.DRILL_OVERDUE)
    return found


def _by_rules(entry: Entry, rules: Rules) -> list[State]:
    found = []
    named = [rules.get(rule) for rule in entry.rules]
    if None in named:
        found.append(State.UNKNOWN_RULE)
    # Which applications a policy may exclude is asked by rules about the tenant alone.
    if not entry.subject.is_application and any(one is not None and one.about_tenant for one in named):
        found.append(State.TENANT_RULE)
    if any(one is not None and not one.waivable for one in named):
        found.append(State.NOT_WAIVABLE)
    return found
