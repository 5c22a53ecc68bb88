"""The administrators, one row each: roles, methods, what asks them for MFA, and who may be missing from the list."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from mfaaudit.findings.asking import IS_ADMINISTRATOR, IS_ENABLED, administrators_not_asked
from mfaaudit.reports.document import Cell, Column, ColumnKind, Fact, Section, Table, Tone
from mfaaudit.reports.entra_links import id_column
from mfaaudit.reports.material import BATCH_ROWS, Material, cells
from mfaaudit.reports.methods import phishing_resistant, phishing_resistant_cells
from mfaaudit.reports.role_words import role_cells
from mfaaudit.reports.traces import origin
from mfaaudit.reports.unread import all_not_requested, reasons_in_words
from mfaaudit.snapshot.foreign_holders import HolderKind

ELIGIBLE = "derived_eligibleRoles"
MAY_BECOME = pl.col(ELIGIBLE).list.len() > 0
LAST_SIGN_IN = "signInActivity.lastSuccessfulSignInDateTime"


def administrators(users: pl.DataFrame) -> pl.DataFrame:
    """Whoever holds a role, is an administrator by the registration report, or may activate a role."""
    return users.filter(IS_ADMINISTRATOR.fill_null(value=False) | MAY_BECOME.fill_null(value=False))


def section(material: Material) -> Section:
    """Admins."""
    users = material.users.with_columns(worst=material.findings.worst_of_users())
    named, unknown = administrators(users), users.filter(IS_ADMINISTRATOR.is_null())
    return Section(
        name="Admins",
        title="Admins",
        lead=tuple(_lead(material, unknown)),
        facts=tuple(_facts(material, named, unknown)),
        tables=(_table(material, named, unknown.height), *_foreign_tables(material)),
    )


def _lead(material: Material, unknown: pl.DataFrame) -> Iterator[str]:
    yield (
        "Whoever holds a directory role, directly or through a group, or is an administrator by the registration "
        "report, or may activate a role where that was read. A role may be as small as to read reports: its name "
        "says how much it allows."
    )
    yield f"Roles held: {origin('derived.roles')}. Administrator by the report: {origin('registration.isAdmin')}."
    if all_not_requested(material.users, ELIGIBLE):
        yield "Roles that users may activate were not asked for: with --with-eligible-roles they are."
    if unknown.height:
        yield (
            f"Up to {unknown.height:,} administrators may be missing here: of so many users it is not known for sure. "
            f"Whether they hold a role: {reasons_in_words(unknown, 'derived_roles') or 'none does'}. What the report "
            f"says of them: {reasons_in_words(unknown, 'registration_isAdmin') or 'none is'}."
        )

    if material.snapshot.foreign_holders:
        yield FOREIGN


def _foreign_tables(material: Material) -> Iterator[Table]:
    holders, names = material.snapshot.foreign_holders, material.snapshot.role_names
    if not holders:
        return
    yield Table(
        name="ForeignRoleHolders",
        title="Role holders who are not users of this tenant",
        note=FOREIGN,
        columns=(
            Column(key="role", title="Role", width=34),
            Column(key="holder", title="Holder", width=38),
            Column(key="kind", title="What is known of the holder", width=48),
            Column(key="assignment", title="Assignment", width=14),
            Column(key="scope", title="Scope", width=20),
            Column(key="principalId", title="Principal id", width=38),
        ),
        rows=lambda: (
            (
                names.get(holder.role, holder.role),
                holder.name or holder.principal_id,
                KINDS[holder.kind],
                holder.assignment,
                holder.scope,
                holder.principal_id,
            )
            for holder in holders
        ),
        row_count=len(holders),
        key_columns=2,
    )


FOREIGN = (
    "Some roles are held by principals that are not users of this tenant, usually a partner that manages it. A "
    "partner's administrators sign in to their own tenant: this audit does not cover their MFA. Ask the partner for it."
)
KINDS = {
    HolderKind.GROUP: "A group of another tenant, or a deleted group: this tenant has no such group",
    HolderKind.USER: "A user who is not in the list of users: deleted, or of another tenant",
    HolderKind.UNRESOLVED: "Graph names no principal: it belongs to another tenant, or was deleted",
}


def _facts(material: Material, named: pl.DataFrame, unknown: pl.DataFrame) -> Iterator[Fact]:
    held = named.filter(pl.col("derived_roles").list.len() > 0).height
    by_report = named.filter(IS_ADMINISTRATOR.fill_null(value=False)).height - held
    yield Fact(label="Hold a directory role", value=held)
    yield Fact(label="Administrators by the report alone", value=by_report)
    if not all_not_requested(material.users, ELIGIBLE):
        may = named.height - held - by_report
        yield Fact(label="Hold none, and may activate one", value=may)
    yield Fact(
        label="Not known whether administrators",
        value=unknown.height,
        note="They stand in Users; this list may lack as many." if unknown.height else "",
        tone=Tone.OPEN if unknown.height else Tone.GOOD,
    )
    enabled = named.filter(IS_ENABLED.fill_null(value=True))
    resists = phishing_resistant(enabled)
    without, open_ones = int((~resists).sum()), resists.null_count()
    yield Fact(
        label="Without a phishing-resistant method",
        value=without,
        note=f"Of {enabled.height:,} who are not disabled; of {open_ones:,} of these it is not known.",
        tone=Tone.BAD if without else Tone.OPEN if open_ones or unknown.height else Tone.GOOD,
    )
    left = administrators_not_asked(material.users).height
    yield Fact(
        label="Not surely asked for MFA on every resource",
        value=left,
        note="Enabled, and administrators already.",
        tone=Tone.BAD if left else Tone.OPEN if unknown.height else Tone.GOOD,
    )


def _table(material: Material, named: pl.DataFrame, unknown: int) -> Table:
    names = material.snapshot.role_names
    eligible = not all_not_requested(material.users, ELIGIBLE)
    activity = f"{LAST_SIGN_IN.replace('.', '_')}"
    signed_in = not all_not_requested(material.users, activity)
    # The worst verdict first: its categories are in that order.
    ordered = named.sort("worst", maintain_order=True)

    def rows() -> Iterator[tuple[Cell, ...]]:
        for start in range(0, ordered.height, BATCH_ROWS):
            part = ordered.slice(start, BATCH_ROWS)
            optional = [role_cells(part, names, ELIGIBLE)] if eligible else []
            last = [cells(part, LAST_SIGN_IN)] if signed_in else []
            yield from zip(
                cells(part, "user.userPrincipalName"),
                part["worst"].to_list(),
                cells(part, "user.accountEnabled"),
                role_cells(part, names),
                *optional,
                cells(part, "registration.isAdmin"),
                cells(part, "derived.enforcedBy"),
                phishing_resistant_cells(part),
                cells(part, "registration.methodsRegistered"),
                cells(part, "requirements.perUserMfaState"),
                *last,
                cells(part, "derived.enforcingPolicies"),
                cells(part, "user.displayName"),
                part["user_id"].to_list(),
                strict=True,
            )

    return Table(
        name="Admins",
        title="Admins",
        note="The worst verdict stands first. What asks for MFA is explained under Tenant, each word in Legend.",
        columns=tuple(_columns(material, eligible=eligible, signed_in=signed_in)),
        rows=rows,
        row_count=ordered.height,
        key_columns=1,
        empty=(
            f"Nobody is known to be an administrator; of {unknown:,} users it is not known."
            if unknown
            else "Nobody holds a role, and nobody is an administrator by the registration report."
        ),
        browse=True,
    )


def _columns(material: Material, *, eligible: bool, signed_in: bool) -> Iterator[Column]:
    yes_no, wide = ColumnKind.BOOLEAN, ColumnKind.LONG_TEXT
    yield Column(key="userPrincipalName", title="User principal name", width=38)
    yield Column(key="worst", title="Worst verdict", kind=ColumnKind.VERDICT, width=16)
    yield Column(key="accountEnabled", title="Account enabled", kind=yes_no, width=16)
    yield Column(key="roles", title="Roles held", kind=wide, width=34)
    if eligible:
        yield Column(key="eligibleRoles", title="Roles that may be activated", kind=wide, width=34)
    yield Column(key="isAdmin", title="Administrator (report)", kind=yes_no, width=22)
    yield Column(key="enforcedBy", title="What asks for MFA", width=32)
    yield Column(key="phishingResistant", title="Phishing-resistant", kind=yes_no, width=24)
    yield Column(key="methodsRegistered", title="Methods registered", kind=wide, width=38)
    yield Column(key="perUserMfaState", title="Per-user MFA state", width=18)
    if signed_in:
        yield Column(key="lastSignIn", title="Last sign-in", kind=ColumnKind.TIME, width=20)
    yield Column(key="policies", title="Policies that this rests on", kind=wide, width=40, on_paper=False)
    yield Column(key="displayName", title="Display name", width=26, on_paper=False)
    yield id_column(material, on_paper=False)
