"""Puts what is declared beside what was read: columns for rules, waivers for judging, rows for a report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

import polars as pl

from mfaaudit.columns import columns_of
from mfaaudit.declared.classes import classify
from mfaaudit.declared.control_exclusions import unregistered_by_control
from mfaaudit.declared.exclusions import excluded_applications, unregistered
from mfaaudit.declared.fields import POSTURE
from mfaaudit.declared.overrides import Overrides
from mfaaudit.declared.posture import Posture, posture_of
from mfaaudit.declared.register import Entry, Register
from mfaaudit.declared.standing import Rules, Standing, standing_of
from mfaaudit.declared.subjects import Covered, Groups, cover
from mfaaudit.declared.summary import facts_of_register, kinds_of_users
from mfaaudit.declared.waivers import Waivers, prepare
from mfaaudit.declared.words import ExceptionKind, State
from mfaaudit.words import Reason, Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """One entry of the register, as a report shows it."""

    entry: Entry
    states: tuple[State, ...]
    """In the order of State."""
    users: int | None
    """Listed users whom it is about; None if its group was not read."""
    waived: int
    """Failures that it excused in this run."""
    effective_until: date | None
    """The last day on which it holds for any of its rules; None if it has no effect today."""
    until: Mapping[str, date]
    """Each rule that it waives today -> the last day on which it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What was declared, looked up in one tenant on one day."""

    users: pl.DataFrame
    """The users with derived.accountClass* and declared.exceptionKinds."""
    tenant: pl.DataFrame
    """The tenant's row with declared.*."""
    posture: Posture
    sha256s: Mapping[str, str]
    """`exceptions` and `classes` -> the hash of the file, where one was given."""
    orphaned_overrides: tuple[str, ...]
    """Object ids in the file of classes that are not in the tenant."""
    _standings: tuple[Standing, ...]
    _waivers: Waivers

    def waivers(self, rule_id: str) -> pl.Series | None:
        """For each user the id of the entry that excuses him from the rule, or null; None if none excuses anybody."""
        return self._waivers.of(rule_id)

    def may_waive(self, rule_id: str) -> bool:
        """Whether an entry would excuse whoever is in its group from the rule, had its members been read."""
        return any(one.may_be_in_force and rule_id in one.entry.rules for one in self._standings)

    def entries(self, used: Mapping[str, int]) -> tuple[EntryRow, ...]:
        """The register in the order of its file; `used` says how many failures each entry waived, by its id."""
        return tuple(self._row(one, used.get(one.entry.id, 0)) for one in self._standings)

    def _row(self, one: Standing, waived: int) -> EntryRow:
        states = set(one.states)
        if one.entry.id in self._waivers.overlapping:
            states.add(State.OVERLAPPING)
        # An emergency account stands in the register so that it is known, whether or not it fails anything.
        if one.waives and not waived and one.entry.kind is not ExceptionKind.BREAK_GLASS:
            states.add(State.UNUSED)
        return EntryRow(
            entry=one.entry,
            states=tuple(state for state in State if state in states),
            # An application is no user.
            users=None if one.gap is not None else 0 if one.entry.subject.is_application else one.users,
            waived=waived,
            effective_until=date.fromordinal(one.last) if one.in_force else None,
            until={rule: date.fromordinal(day) for rule, day in one.waives.items()},
        )


def declare(
    users: pl.DataFrame,
    tenant: pl.DataFrame,
    *,
    register: Register | None,
    overrides: Overrides | None,
    posture_asked: str,
    groups: Groups,
    now: datetime,
    rules: Rules,
) -> Declared:
    """Looks up what was declared among the users of a snapshot.

    `now` is the start of the run; a day begins and ends in UTC. `groups` need hold only the groups of `group_ids`; one
    that is missing counts as not read. `rules` are those that will be judged. Raises UsageProblem for a posture that
    there is not.
    """
    entries = register.entries if register is not None else ()
    covered = cover(users["user_id"], (entry.subject for entry in entries), groups)
    today = now.astimezone(UTC).date()
    excluded = excluded_applications(tenant)
    standings = tuple(_standing(entry, today, rules, covered, excluded) for entry in entries)
    posture = posture_of(posture_asked, tenant)
    value = Unknown(posture.reason or Reason.UNKNOWN_VALUE) if posture.value is None else posture.value
    made = columns_of(POSTURE, [value])
    facts = {
        **facts_of_register(register, standings, covered, users),
        **unregistered(standings, covered, users, tenant),
    }
    for field, entry in facts.items():
        made |= columns_of(field, [entry])
    for field, entry in unregistered_by_control(standings, covered, users, tenant).items():
        made |= columns_of(field, [entry])
    classes = classify(users, _emergency_ids(entries, covered, users), overrides)
    kinds = kinds_of_users(standings, covered, users.height)
    return Declared(
        users=pl.concat([users, classes, kinds], how="horizontal"),
        tenant=tenant.with_columns(**made),
        posture=posture,
        sha256s={
            name: one.sha256 for name, one in (("exceptions", register), ("classes", overrides)) if one is not None
        },
        orphaned_overrides=_orphaned(overrides, users),
        _standings=standings,
        _waivers=prepare(standings, covered, users.height),
    )


def _standing(
    entry: Entry, today: date, rules: Rules, covered: Covered, excluded: frozenset[str] | Unknown
) -> Standing:
    subject = entry.subject
    if not subject.is_application:
        return standing_of(entry, today, rules, covered.counts[subject], covered.gaps.get(subject))
    if isinstance(excluded, Unknown):
        return standing_of(entry, today, rules, 0, excluded.reason)
    return standing_of(entry, today, rules, int(subject.id in excluded), None)


def group_ids(register: Register | None) -> tuple[str, ...]:
    """The object ids, in lower case, of the groups that have to be read for a register."""
    entries = register.entries if register is not None else ()
    return tuple(sorted({entry.subject.id for entry in entries if entry.subject.is_group}))


def _emergency_ids(entries: tuple[Entry, ...], covered: Covered, users: pl.DataFrame) -> frozenset[str]:
    # What an account is does not change when a drill is late; that somebody proposes it changes nothing either.
    named = (one for one in entries if one.kind is ExceptionKind.BREAK_GLASS and not one.is_proposed)
    rows = covered.rows(one.subject for one in named)
    return frozenset(users["user_id"].gather(rows).str.to_lowercase())


def _orphaned(overrides: Overrides | None, users: pl.DataFrame) -> tuple[str, ...]:
    said = pl.Series([one.user_id for one in overrides.accounts] if overrides else [], dtype=pl.String())
    return tuple(said.filter(~said.is_in(users["user_id"].str.to_lowercase().implode())))
