"""The per-user MFA state: who has it, and whose can be disabled because something stronger asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from mfaaudit.declared.words import PER_USER
from mfaaudit.facts.conditional_access.enforcement import Enforcer
from mfaaudit.findings.retirement import (
    ANSWER,
    FOR_ALL,
    ON,
    STATE,
    Group,
    InGroup,
    InState,
    by_group,
    by_state,
    is_ready,
    users_in,
    worklist,
)
from mfaaudit.reports.document import Cell, Column, ColumnKind, Fact, Section, Table, Tone
from mfaaudit.reports.entra_links import id_column
from mfaaudit.reports.material import BATCH_ROWS, Material, cells
from mfaaudit.sources.options import OPTIONS, POLICY_GROUPS
from mfaaudit.vocabulary import FIELDS
from mfaaudit.words import Reason, Unknown

TITLES = {field.column: field.title for field in FIELDS.values()}
NAMES = {field.column: field.name for field in FIELDS.values()}
ITSELF = "the state itself"


def section(material: Material) -> Section | None:
    """Per-user MFA; nothing where everybody was read and is disabled."""
    counted = by_state(material.users)
    if not any(one.users for one in counted if one.state != "disabled"):
        return None
    if material.declared.posture.value == PER_USER:
        return _of_a_tenant_that_needs_it(material, counted)
    ready = is_ready(material.declared.tenant)
    listed = worklist(material.users, material.declared.tenant)
    groups = by_group(listed)
    return Section(
        name="PerUserMfa",
        title="Per-user MFA",
        lead=(
            _first_step(material, ready),
            "CIS Microsoft 365 Foundations 7.0.0, 5.1.2.1, wants the state disabled for everybody, because "
            "Conditional Access is to ask instead. This is the list to work through: whose state can go, and whose "
            "must stay until something else asks.",
        ),
        facts=tuple(_facts(ready, groups)),
        tables=(_states(counted), _table_of_groups(groups), _list(material, listed)),
    )


def per_user_mfa_json(material: Material) -> dict[str, Any]:
    """The same numbers for programs; no worklist where the state is what protects the tenant."""
    ready = is_ready(material.declared.tenant)
    needed = material.declared.posture.value == PER_USER
    listed = worklist(material.users, material.declared.tenant)
    return {
        "states": [
            {
                "state": None if isinstance(one.state, Unknown) else one.state,
                "reason": one.state.reason.value if isinstance(one.state, Unknown) else None,
                "users": one.users,
                "enabledAccounts": one.enabled,
                "disabledAccounts": one.disabled,
                "enabledNotKnown": one.unclear,
            }
            for one in by_state(material.users)
        ],
        "stateProtectsTenant": needed,
        "allUsersAreAsked": None if isinstance(ready, Unknown) else ready,
        "allUsersAreAskedReason": ready.reason.value if isinstance(ready, Unknown) else None,
        "worklist": None
        if needed
        else [
            {
                "group": one.group.value,
                "missing": None if one.missing is None else NAMES[one.missing],
                "reason": None if one.reason is None else one.reason.value,
                "users": one.users,
            }
            for one in by_group(listed)
        ],
    }


def _first_step(material: Material, ready: bool | Unknown) -> str:
    if isinstance(ready, Unknown):
        return (
            "NOT YET: disable nobody's state. Whether anything asks all users for MFA on all resources is not known "
            f"({ready.reason.value}). {ready.reason.meaning} {ready.reason.cure} If the state is what protects this "
            "tenant, declare it with --posture per-user."
        )
    if not ready:
        return (
            "NOT YET: disable nobody's state. No Conditional Access policy asks all users for MFA on all resources, "
            "and security defaults are off: for whoever is enabled or enforced the state may be all that asks. First "
            "switch on such a policy, then audit again."
        )
    tenant = material.declared.tenant
    names = tenant[FOR_ALL].item()
    if tenant[f"{FOR_ALL}_reason"].item() is None and len(names):
        return f"All users are asked for MFA on all resources by Conditional Access: {', '.join(names)}."
    return "Security defaults are on: they ask users for MFA, with the state or without it."


def _facts(ready: bool | Unknown, groups: Sequence[InGroup]) -> Iterator[Fact]:
    yield Fact(
        label="May a state be disabled?",
        value="Yes, of those who are safe" if ready is True else "NOT YET",
        note="Only once something asks all users for MFA on all resources.",
        tone=Tone.GOOD if ready is True else Tone.OPEN if isinstance(ready, Unknown) else Tone.BAD,
    )
    tones = {Group.NOT_SAFE: Tone.BAD, Group.NOT_KNOWN: Tone.OPEN, Group.NOT_YET: Tone.OPEN, Group.SAFE: Tone.GOOD}
    for group in Group:
        if group is (Group.NOT_YET if ready is True else Group.SAFE):
            continue
        users = users_in(groups, group)
        tone = tones.get(group, Tone.PLAIN) if users else Tone.PLAIN
        yield Fact(label=group.words.capitalize(), value=users, note=group.meaning, tone=tone)


def _of_a_tenant_that_needs_it(material: Material, counted: Sequence[InState]) -> Section:
    states = {one.state: one.enabled for one in counted}
    unread = sum(one.enabled for one in counted if isinstance(one.state, Unknown))
    return Section(
        name="PerUserMfa",
        title="Per-user MFA",
        lead=(
            " ".join((material.declared.posture.statement, *material.declared.posture.remarks)),
            "In this tenant the state is what protects: disable it for nobody, until Conditional Access or security "
            "defaults ask all users. What matters here is who is disabled; rule PUM-01 of the pack "
            "legacy-per-user-mfa lists them among the findings.",
        ),
        facts=(
            Fact(
                label="Enabled accounts whose state is disabled",
                value=states["disabled"],
                note="The state does not ask them.",
                tone=Tone.BAD if states["disabled"] else Tone.GOOD,
            ),
            Fact(
                label="Enabled accounts whose state is enabled",
                value=states["enabled"],
                note="Asked, but older protocols still take the password alone until the state is enforced.",
            ),
            Fact(label="Enabled accounts whose state is enforced", value=states["enforced"]),
            Fact(
                label="Enabled accounts whose state was not read",
                value=unread,
                tone=Tone.OPEN if unread else Tone.GOOD,
            ),
        ),
        tables=(_states(counted),),
    )


def _states(counted: Sequence[InState]) -> Table:
    columns = [("users", "Users"), ("enabled", "Enabled accounts"), ("disabled", "Disabled accounts")]
    if any(one.unclear for one in counted):
        columns.append(("unclear", "Enabled or disabled: not read"))

    def rows() -> Iterator[list[Cell]]:
        for one in counted:
            yield [one.state, *(getattr(one, key) for key, _ in columns)]
        yield ["Total", *(sum(getattr(one, key) for one in counted) for key, _ in columns)]

    return Table(
        name="PerUserStates",
        title="By state",
        note="Every user enumerated stands in exactly one row; each row adds up across.",
        columns=(
            Column(key="state", title="Per-user MFA state", width=32),
            *(Column(key=key, title=title, kind=ColumnKind.NUMBER, width=len(title) + 3) for key, title in columns),
        ),
        rows=rows,
        row_count=len(counted) + 1,
    )


def _cure(missing: str | None, reason: Reason) -> str:
    if reason is Reason.NOT_REQUESTED and missing == ANSWER:
        return f"Audit again with {OPTIONS[POLICY_GROUPS.name].flag}, or with a rule that asks what enforces MFA."
    return reason.cure


def _table_of_groups(groups: Sequence[InGroup]) -> Table:
    def rows() -> Iterator[list[Cell]]:
        for one in groups:
            cure = "" if one.reason is None else f" {_cure(one.missing, one.reason)}"
            what = one.missing and TITLES[one.missing]
            yield [one.group.words, one.users, what, one.reason and one.reason.value, one.group.meaning + cure]
        every = sum(one.users for one in groups)
        yield ["Total", every, None, None, "Whose state is enabled or enforced, or not read."]

    return Table(
        name="RetirementGroups",
        title="What to do, for how many",
        note=(
            "Every user whose state is not surely disabled stands in exactly one row. Who must keep the state comes "
            "before who has to register, and both before who can be disabled."
        ),
        columns=(
            Column(key="group", title="Group", width=18),
            Column(key="users", title="Users", kind=ColumnKind.NUMBER),
            Column(key="missing", title="What is not known", width=24),
            Column(key="reason", title="Reason", width=24),
            # Below it on the sheet stands another long text.
            Column(key="meaning", title="What to do", kind=ColumnKind.LONG_TEXT, width=60),
        ),
        rows=rows,
        row_count=len(groups) + 1,
    )


def _list(material: Material, listed: pl.DataFrame) -> Table:
    # Whose state was not read is among the users and what was not read: a tenant of which nothing was read is no list.
    on = pl.concat([material.users, listed], how="horizontal").filter(pl.col(STATE).is_in(ON))
    users = on.sort("group", maintain_order=True)

    def rows() -> Iterator[tuple[Cell, ...]]:
        for start in range(0, users.height, BATCH_ROWS):
            part = users.slice(start, BATCH_ROWS)
            asks = cells(part, "derived.enforcedBy")
            yield from zip(
                cells(part, "user.userPrincipalName"),
                cells(part, "requirements.perUserMfaState"),
                [Group(one).words for one in part["group"].to_list()],
                [ITSELF if one == Enforcer.PER_USER.value else one for one in asks],
                cells(part, "derived.enforcingPolicies"),
                cells(part, "registration.isMfaRegistered"),
                [missing and TITLES[missing] for missing in part["missing"].to_list()],
                cells(part, "derived.excludedFromMfaPolicies"),
                part["user_id"].to_list(),
                strict=True,
            )

    return Table(
        name="Retirement",
        title="Users whose state is enabled or enforced",
        note=(
            f"Where {ITSELF} is what asks, neither security defaults nor Conditional Access asks the user for MFA on "
            "every resource; what asks at times, or another product that is asked for, is not told apart behind it."
        ),
        columns=(
            Column(key="userPrincipalName", title="User principal name", width=38),
            Column(key="state", title="State", width=11),
            Column(key="group", title="Group", width=18),
            Column(key="asksOtherwise", title="What asks otherwise", width=34),
            Column(key="policies", title="Policies that this rests on", kind=ColumnKind.LONG_TEXT, width=44),
            Column(key="registered", title="MFA registered", kind=ColumnKind.BOOLEAN, width=16),
            Column(key="missing", title="What is not known", width=20),
            Column(key="excludedFrom", title="Excluded from", kind=ColumnKind.LONG_TEXT, width=36),
            id_column(material),
        ),
        rows=rows,
        row_count=users.height,
        empty="Nobody whose state was read is enabled or enforced.",
        browse=True,
    )
