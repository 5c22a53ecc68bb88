"""How the tenant is set: security defaults, Conditional Access, methods policy and trust, as Graph names them."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from mfaaudit.declared.fields import FROM_FILES
from mfaaudit.findings.asking import IS_ADMINISTRATOR, IS_ENABLED
from mfaaudit.reports.cures import meaning_of, what_to_do
from mfaaudit.reports.document import Cell, Column, ColumnKind, Fact, Section, Table, Tone
from mfaaudit.reports.material import Material, cell
from mfaaudit.reports.traces import origin
from mfaaudit.reports.unread import reasons_in_words
from mfaaudit.sources import BY_NAME
from mfaaudit.sources.field import Field, Scope
from mfaaudit.sources.source import Source
from mfaaudit.vocabulary import FIELDS, SOURCE_OF
from mfaaudit.words import Reason, Unknown

EXCLUDED = "derived_excludedFromMfaPolicies"
OF_RUN = "run."
TRUSTED_NAME, TRUSTED = "derived.isMfaTrustedFromHome", "derived_isMfaTrustedFromHome"
DEFAULTS = "tenant.securityDefaults.isEnabled"
MANY = 25
"""Rows that the page still shows without a search above them."""


def settings_shown() -> tuple[Field, ...]:
    """The values about the tenant, but for those about the run and about the register, which have their own parts."""
    return tuple(
        field
        for field in FIELDS.values()
        if field.scope is Scope.TENANT and not field.name.startswith(OF_RUN) and field.name not in FROM_FILES
    )


def section(material: Material) -> Section:
    """Tenant."""
    return Section(
        name="Tenant",
        title="Tenant",
        lead=(
            "How the tenant is set, each value under the name that Graph gives it, with the answer it was read from. "
            "A name that begins with derived is worked out from such answers.",
        ),
        facts=tuple(_facts(material)),
        tables=(_settings(material), _exclusions(material)),
    )


def _facts(material: Material) -> Iterator[Fact]:
    posture, tenant = material.declared.posture, material.declared.tenant.row(0, named=True)
    yield Fact(label="Security defaults enabled", value=_words(cell(tenant, DEFAULTS)), note=origin(DEFAULTS))
    yield Fact(
        label="Posture",
        value=posture.value or Unknown(posture.reason or Reason.UNKNOWN_VALUE),
        note=" ".join((posture.statement, *posture.remarks)),
        tone=Tone.OPEN if posture.value is None or posture.remarks else Tone.PLAIN,
    )
    yield _trust(material)
    unread = [field for field in settings_shown() if isinstance(cell(tenant, field.name), Unknown)]
    yield Fact(
        label="Settings that were not read",
        value=len(unread),
        note=f"Of {len(settings_shown()):,}; the table says why." if unread else "",
        tone=Tone.OPEN if unread else Tone.GOOD,
    )


def _trust(material: Material) -> Fact:
    guests = material.users.filter(pl.col("user_userType") == "Guest")
    trusted, unknown = int(guests[TRUSTED].sum()), guests[TRUSTED].null_count()
    note = f"Of {guests.height:,} guests. {_sentence(origin(TRUSTED_NAME))}."
    if unknown:
        note += f" Of {unknown:,} it is not known: {reasons_in_words(guests, TRUSTED)}."
    return Fact(
        label="Guests whose MFA at home is trusted", value=trusted, note=note, tone=Tone.OPEN if unknown else Tone.PLAIN
    )


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _words(value: Cell) -> Cell:
    """A value as Graph spells it."""
    return ("true" if value else "false") if isinstance(value, bool) else value


def _unread(material: Material, gap: Reason, source: Source) -> str:
    """Why a value was not read, and what to do."""
    run = material.snapshot.run
    return f"{meaning_of(gap, source, run)} {what_to_do(gap, source, run)}"


def _settings(material: Material) -> Table:
    tenant = material.declared.tenant.row(0, named=True)
    read = {one.source: one.last for one in material.snapshot.coverage}
    fields = settings_shown()

    def rows() -> Iterator[list[Cell]]:
        for field in fields:
            source, value = SOURCE_OF[field.name], cell(tenant, field.name)
            gap = value.reason if isinstance(value, Unknown) else None
            yield [
                field.title,
                _words(value),
                field.name,
                origin(field.name),
                read.get(source),
                None if gap is None else _unread(material, gap, BY_NAME[source]),
            ]

    return Table(
        name="TenantSettings",
        title="Settings",
        columns=(
            Column(key="title", title="Setting", kind=ColumnKind.LONG_TEXT, width=46),
            Column(key="value", title="Value", kind=ColumnKind.LONG_TEXT, width=34),
            Column(key="name", title="Name", kind=ColumnKind.LONG_TEXT, width=46),
            Column(key="source", title="Read from", kind=ColumnKind.LONG_TEXT, width=46),
            Column(key="readAt", title="Read at", kind=ColumnKind.TIME, width=20),
            Column(key="unread", title="Why it was not read, and what to do", kind=ColumnKind.LONG_TEXT, width=46),
        ),
        rows=rows,
        row_count=len(fields),
    )


def _exclusions(material: Material) -> Table:
    users = material.users
    found = (
        users.select(policy=pl.col(EXCLUDED), enabled=IS_ENABLED, administrator=IS_ADMINISTRATOR)
        .filter(pl.col("policy").list.len() > 0)
        .explode("policy")
        .group_by("policy")
        .agg(users=pl.len(), enabled=pl.col("enabled").sum(), administrators=pl.col("administrator").sum())
        .sort("users", "policy", descending=[True, False])
    )
    unknown = users[f"{EXCLUDED}_reason"].count()
    note = (
        "Of the policies that surely ask all users for MFA on all resources, the ones that leave somebody out. Users "
        "names whom, under derived.excludedFromMfaPolicies; an exclusion on purpose belongs in the register of "
        "exceptions."
    )
    if unknown:
        note += f" Of {unknown:,} users it is not known: {reasons_in_words(users, EXCLUDED)}."
    return Table(
        name="PolicyExclusions",
        title="Whom policies for all users leave out",
        note=note,
        columns=(
            Column(key="policy", title="Policy", kind=ColumnKind.LONG_TEXT, width=46),
            Column(key="users", title="Users excluded", kind=ColumnKind.NUMBER, width=16),
            Column(key="enabled", title="Enabled accounts", kind=ColumnKind.NUMBER, width=18),
            Column(key="administrators", title="Administrators", kind=ColumnKind.NUMBER, width=16),
        ),
        rows=lambda: found.iter_rows(),
        row_count=found.height,
        empty="Nobody is known to be left out." if unknown else "Nobody is left out.",
        browse=found.height > MANY,
    )
