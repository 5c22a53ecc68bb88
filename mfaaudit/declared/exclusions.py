"""Holds what policies exclude against the register: users, applications, roles and kinds of guests.

A framework that requires a policy is met by one policy that excludes nothing but what the register exempts. Where no
policy is like that, the one with the fewest exclusions says what is in the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from mfaaudit.declared import fields
from mfaaudit.declared.standing import Standing
from mfaaudit.declared.subjects import Covered
from mfaaudit.declared.summary import first_reason
from mfaaudit.declared.words import REGISTERING, State
from mfaaudit.facts.conditional_access.enforcement import Enforcer
from mfaaudit.facts.conditional_access.targets import Target
from mfaaudit.facts.policy_shortfalls import APPLICATION, GROUP, KINDS_OF_GUESTS, PEOPLE, ROLE
from mfaaudit.known_ids import CIS_ADMINISTRATORS, SYNCHRONIZATION_ROLES
from mfaaudit.sources.field import Field, Value
from mfaaudit.words import Reason, Unknown

FOR_ALL, FOR_ROLES = "derived_excludedFromMfaPolicies", "derived_excludedFromAdministratorPolicies"
ANSWER, ROLES, TYPE = "derived_enforcedBy", "derived_roles", "user_userType"
SHORT, ITEMS = "derived_policiesExceptApplications", "derived_policyExclusions"
OF_ADMINISTRATORS = frozenset({Target.ADMINISTRATORS_MFA, Target.ADMINISTRATORS_RESISTANT})
"""Targets of which only exclusions of the holders of the roles count."""


def excluded_applications(tenant: pl.DataFrame) -> frozenset[str] | Unknown:
    """The applications that policies exclude which would meet a target, or why they are not known."""
    items = _listed(tenant, ITEMS)
    if isinstance(items, Unknown):
        return items
    return frozenset(item.removeprefix(f"{APPLICATION} ") for _, item in _split(items) if item.startswith(APPLICATION))


def unregistered(
    standings: Sequence[Standing], covered: Covered, users: pl.DataFrame, tenant: pl.DataFrame
) -> Mapping[Field, Value | Unknown]:
    """For each requirement what is excluded and not in the register: empty where one policy excludes nothing else."""
    kinds = [one for one in standings if one.entry.kind in REGISTERING]
    exempt = frozenset(one.entry.subject.id for one in kinds if one.in_force and one.entry.subject.is_application)
    named = covered.rows(one.entry.subject for one in kinds if one.in_force and not one.entry.subject.is_application)
    open_ones = [one for one in kinds if one.may_be_in_force and not one.entry.subject.is_application]
    held = _Held(
        left=_left(users, named),
        guests=bool((users[TYPE] == "Guest").any()),
        held_roles=frozenset(users[ROLES].explode().drop_nulls().str.to_lowercase().unique()),
        tenant=tenant,
        exempt=exempt,
        empty_groups=frozenset(
            # An entry for a group that holds nobody covers whoever comes into it.
            one.entry.subject.id
            for one in kinds
            if one.entry.subject.is_group and one.without_effect <= {State.ORPHANED}
        ),
        gap=next((one.gap for one in open_ones if one.gap is not None), None),
    )
    found: dict[Field, Value | Unknown] = {fields.UNREGISTERED_EXCLUSIONS: held.left_uncovered()}
    found |= {field: held.in_the_way(target) for target, field in fields.UNREGISTERED.items()}
    return found | {fields.EXEMPT_FOR: held.met_by_exemption()}


def _left(users: pl.DataFrame, named: pl.Series) -> pl.DataFrame:
    """The users who are excluded from something, or may be, and are not in the register."""
    lists = [pl.col(name).list.len().fill_null(1) > 0 for name in (FOR_ALL, FOR_ROLES)]
    return (
        users.select(
            pl.coalesce("user_userPrincipalName", "user_id").alias("name"),
            *(name for column in (FOR_ALL, FOR_ROLES, ANSWER, ROLES) for name in (column, f"{column}_reason")),
        )
        .with_row_index("row")
        .filter(pl.any_horizontal(lists) & ~pl.col("row").is_in(named.implode()))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    left: pl.DataFrame
    guests: bool
    """Whether any guest is listed: who is one is then named, and not the kind."""
    held_roles: frozenset[str]
    tenant: pl.DataFrame
    exempt: frozenset[str]
    """The applications of entries in force."""
    empty_groups: frozenset[str]
    """The groups of entries that are in force, or would be if the group held anybody."""
    gap: Reason | None
    """Why it is not known of everybody whether the register covers them."""

    def left_uncovered(self) -> Value | Unknown:
        """Whom a policy for all users excludes, and no other policy covers."""
        covered = (pl.col(ANSWER) == Enforcer.ALL_RESOURCES.value).fill_null(value=False)
        rows = self.left.filter((pl.col(FOR_ALL).list.len().fill_null(1) > 0) & ~covered)
        return self._names(rows, (FOR_ALL, ANSWER))

    def in_the_way(self, target: Target) -> Value | Unknown:
        """What the policy excludes that meets the target best, and the register does not cover."""
        policies = self._policies(target)
        if isinstance(policies, Unknown):
            return policies
        found = [self._of_policy(policy, target) for policy in sorted(policies)]
        if not found or () in found:
            return ()
        gaps = [one for one in found if isinstance(one, Unknown)]
        if gaps:
            return gaps[0]
        return min((one for one in found if isinstance(one, tuple)), key=len)

    def met_by_exemption(self) -> Value | Unknown:
        """The targets that a policy meets which excludes applications, all of them exempt."""
        short, items = _listed(self.tenant, SHORT), _listed(self.tenant, ITEMS)
        if isinstance(short, Unknown):
            return short
        if isinstance(items, Unknown):
            return items
        pairs = (entry.partition(": ") for entry in short)
        met = {target for target, _, policy in pairs if not self._applications(policy, items)}
        return tuple(sorted(met))

    def _policies(self, target: Target) -> frozenset[str] | Unknown:
        sure, short = _listed(self.tenant, _column(target)), _listed(self.tenant, SHORT)
        for one in (sure, short):
            if isinstance(one, Unknown):
                return one
        policies = self._with_short(target)
        if target in OF_ADMINISTRATORS:
            # By the letter the policy names the roles; one for all users counts where there is no such policy.
            return policies - self._with_short(Target.ALL_MFA) or policies
        return policies

    def _with_short(self, target: Target) -> frozenset[str]:
        sure, short = _listed(self.tenant, _column(target)), _listed(self.tenant, SHORT)
        known = frozenset() if isinstance(sure, Unknown) else frozenset(sure)
        prefix = f"{target}: "
        more = () if isinstance(short, Unknown) else short
        return known | {entry.removeprefix(prefix) for entry in more if entry.startswith(prefix)}

    def _of_policy(self, policy: str, target: Target) -> tuple[str, ...] | Unknown:
        items = _listed(self.tenant, ITEMS)
        if isinstance(items, Unknown):
            return items
        found = [*self._applications(policy, items), *self._kinds(policy, target, items)]
        if not {item for name, item in _split(items) if name == policy} & {PEOPLE, KINDS_OF_GUESTS}:
            # Which users other policies exclude makes no difference to this one.
            return tuple(found)
        is_for_all = policy in self._with_short(Target.ALL_MFA)
        column = FOR_ALL if is_for_all else FOR_ROLES
        excluded = pl.col(column).list.contains(policy)
        rows, needed = self.left.filter(excluded.fill_null(value=True)), [column]
        if target in OF_ADMINISTRATORS:
            held = pl.col(ROLES).list.eval(pl.element().str.to_lowercase().is_in(list(CIS_ADMINISTRATORS))).list.any()
            rows, needed = rows.filter(held.fill_null(value=True)), [column, ROLES]
            if is_for_all and target is Target.ADMINISTRATORS_MFA:
                # Whom another policy covers is not left out.
                covered = (pl.col(ANSWER) == Enforcer.ALL_RESOURCES.value).fill_null(value=False)
                rows = rows.filter(~covered)
                needed.append(ANSWER)
        names = self._names(rows, needed)
        if isinstance(names, Unknown):
            # What is certain to be excluded decides.
            return tuple(found) or names
        return (*found, *names)

    def _applications(self, policy: str, items: Sequence[str]) -> list[str]:
        prefix = f"{APPLICATION} "
        return [
            item
            for name, item in _split(items)
            if name == policy and item.startswith(prefix) and item.removeprefix(prefix) not in self.exempt
        ]

    def _kinds(self, policy: str, target: Target, items: Sequence[str]) -> list[str]:
        """Roles that nobody holds, kinds of guests if no guest is listed, and groups that hold nobody.

        Empty groups count only where a framework accepts no exclusion by its letter.
        """
        mine = [item for name, item in _split(items) if name == policy]
        roles = [
            item
            for item in mine
            if item.startswith(f"{ROLE} ") and item.removeprefix(f"{ROLE} ") not in self.held_roles
        ]
        if target in OF_ADMINISTRATORS:
            # The account that synchronizes the directory is no person, and cannot be asked.
            no_persons = {f"{ROLE} {role}" for role in SYNCHRONIZATION_ROLES}
            roles = [item for item in roles if item not in no_persons]
            return roles + [item for item in mine if item == KINDS_OF_GUESTS and not self.guests]
        roles += [
            item
            for item in mine
            if item.startswith(f"{GROUP} ") and item.removeprefix(f"{GROUP} ") not in self.empty_groups
        ]
        return roles + [item for item in mine if item == KINDS_OF_GUESTS and not self.guests]

    def _names(self, rows: pl.DataFrame, needed: Iterable[str]) -> tuple[str, ...] | Unknown:
        unread = [reason for column in needed if (reason := first_reason(rows[f"{column}_reason"])) is not None]
        if unread:
            return Unknown(min(unread, key=list(Reason).index))
        if rows.height and self.gap is not None:
            return Unknown(self.gap)
        return tuple(rows["name"])


def _column(target: Target) -> str:
    return f"derived_{target}Policies"


def _listed(tenant: pl.DataFrame, column: str) -> Sequence[str] | Unknown:
    row = tenant.select(column, f"{column}_reason").row(0)
    return Unknown(Reason(row[1])) if row[0] is None else row[0]


def _split(items: Iterable[str]) -> Iterable[tuple[str, str]]:
    return ((name, item) for name, _, item in (entry.rpartition(": ") for entry in items))
