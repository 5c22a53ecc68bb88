"""What accounts are for, how that is known, and each rule's verdicts within each class."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from mfaaudit.findings.account_classes import IS_GUESSED, ClassOfAccounts, by_rule, classes_of, reasons_of
from mfaaudit.reports.document import Cell, Column, ColumnKind, Fact, Section, Table, Tone
from mfaaudit.reports.entra_links import id_column
from mfaaudit.reports.material import BATCH_ROWS, Material, cells
from mfaaudit.reports.verdict_numbers import COLUMNS, cells_of, counts_json, shares_json
from mfaaudit.words import Unknown

FILE = "policies/examples/classes.yaml"


def section(material: Material) -> Section:
    """Accounts."""
    classes = classes_of(material.users)
    return Section(
        name="Accounts",
        title="Accounts",
        lead=(
            "A share over all accounts hides the difference between people, guests, mailboxes and services: here each "
            "class has its own. Classes change no verdict.",
            "A class that rests on a name is a guess, and is called one wherever it stands. Confirm or correct a guess "
            f"with an entry in a file like {FILE}, given with --classes.",
        ),
        facts=tuple(_facts(material, classes)),
        tables=(_classes(classes), _reasons(material), _rules(material), _guesses(material)),
    )


def account_classes_json(material: Material) -> dict[str, Any]:
    """The same numbers for programs."""
    return {
        "classes": [
            {
                **_class(one),
                "accounts": one.accounts,
                "certain": one.certain,
                "guessed": one.guessed,
                "enabled": one.enabled,
                "disabled": one.disabled,
                "enabledNotKnown": one.unclear,
            }
            for one in classes_of(material.users)
        ],
        "orphanedOverrides": list(material.declared.orphaned_overrides),
        "byRule": [
            {
                **_class(one.of),
                "ruleId": one.result.rule.id,
                "counts": counts_json(one.counts),
                "percent": shares_json(one.counts),
            }
            for one in by_rule(material.users, material.findings)
        ],
    }


def _class(one: ClassOfAccounts) -> dict[str, Any]:
    if isinstance(one.name, Unknown):
        return {"class": None, "reason": one.name.reason.value}
    return {"class": one.name, "reason": None}


def _label(one: ClassOfAccounts) -> Cell:
    return f"{one.name} (guess)" if one.guessed == one.accounts and isinstance(one.name, str) else one.name


def _facts(material: Material, classes: tuple[ClassOfAccounts, ...]) -> Iterator[Fact]:
    guessed = sum(one.guessed for one in classes)
    unknown = sum(one.accounts for one in classes if isinstance(one.name, Unknown))
    yield Fact(label="Accounts", value=material.users.height, note="The users enumerated.")
    yield Fact(label="Class is certain", value=sum(one.certain for one in classes))
    yield Fact(
        label="Class is a guess",
        value=guessed,
        note="From the name, or because not all could be read; listed below." if guessed else "",
        tone=Tone.OPEN if guessed else Tone.GOOD,
    )
    yield Fact(label="Class is not known", value=unknown, tone=Tone.OPEN if unknown else Tone.GOOD)
    orphans = material.declared.orphaned_overrides
    if orphans:
        yield Fact(
            label="Declared accounts that are not in the tenant",
            value=len(orphans),
            note=", ".join(orphans[:5]) + (f" and {len(orphans) - 5:,} more" if len(orphans) > 5 else ""),
            tone=Tone.OPEN,
        )


def _classes(classes: tuple[ClassOfAccounts, ...]) -> Table:
    columns = [
        ("accounts", "Accounts"),
        ("certain", "of them certain"),
        ("guessed", "of them guessed"),
        ("enabled", "Enabled"),
        ("disabled", "Disabled"),
    ]
    if any(one.unclear for one in classes):
        columns.append(("unclear", "Enabled or disabled: not read"))

    def rows() -> Iterator[list[Cell]]:
        for one in classes:
            yield [_label(one), *(getattr(one, key) for key, _ in columns)]
        yield ["Total", *(sum(getattr(one, key) for one in classes) for key, _ in columns)]

    return Table(
        name="AccountClasses",
        title="Classes of accounts",
        note=(
            "Every user enumerated stands in exactly one row. A class whose accounts are all guesses is called a "
            "guess; where the class is not known, it is neither certain nor a guess."
        ),
        columns=(
            Column(key="class", title="Class", width=26),
            *(Column(key=key, title=title, kind=ColumnKind.NUMBER, width=len(title) + 3) for key, title in columns),
        ),
        rows=rows,
        row_count=len(classes) + 1,
    )


def _reasons(material: Material) -> Table:
    found = reasons_of(material.users)

    def rows() -> Iterator[list[Cell]]:
        for name, why, guessed, accounts in found.iter_rows():
            yield [f"{name} (guess)" if guessed else name, "guess" if guessed else "certain", why, accounts]

    return Table(
        name="AccountClassReasons",
        title="How the class is known",
        columns=(
            Column(key="class", title="Class", width=26),
            Column(key="certainty", title="Guess or certain", width=18),
            Column(key="why", title="Why", kind=ColumnKind.LONG_TEXT, width=44),
            Column(key="accounts", title="Accounts", kind=ColumnKind.NUMBER),
        ),
        rows=rows,
        row_count=found.height,
        empty="Of no account the class is known.",
    )


def _rules(material: Material) -> Table:
    found = list(by_rule(material.users, material.findings))

    def rows() -> Iterator[list[Cell]]:
        for one in found:
            yield [
                _label(one.of),
                one.result.rule.id,
                one.result.rule.title,
                one.of.accounts,
                one.of.guessed,
                *cells_of(one.counts),
            ]

    return Table(
        name="AccountClassRules",
        title="Verdicts by class and rule",
        note=(
            "Pass + fail + waived + not evaluated + not applicable + error = the accounts of the class, in every row. "
            "The strict share is out of those judged, with a waived failure as a failure; the net share takes it for "
            "passed. Coverage is the share of accounts in scope that could be judged. None is rounded up. Guessed says "
            "how many of the accounts are in this class by a guess."
        ),
        columns=(
            Column(key="class", title="Class", width=22),
            Column(key="ruleId", title="Rule", width=12),
            Column(key="title", title="Title", kind=ColumnKind.LONG_TEXT, width=44),
            Column(key="accounts", title="Accounts", kind=ColumnKind.NUMBER, width=10),
            Column(key="guessed", title="Guessed", kind=ColumnKind.NUMBER, width=10),
            *COLUMNS,
            Column(key="strict", title="Strict share", kind=ColumnKind.PERCENT, width=12),
            Column(key="net", title="Net share", kind=ColumnKind.PERCENT, width=12),
            Column(key="coverage", title="Coverage", kind=ColumnKind.PERCENT, width=12),
        ),
        rows=rows,
        row_count=len(found),
        key_columns=2,
        empty="No rule is about users.",
        browse=True,
    )


def _guesses(material: Material) -> Table:
    users = material.users.filter(pl.col(IS_GUESSED))

    def rows() -> Iterator[tuple[Cell, ...]]:
        for start in range(0, users.height, BATCH_ROWS):
            part = users.slice(start, BATCH_ROWS)
            yield from zip(
                cells(part, "user.userPrincipalName"),
                cells(part, "user.displayName"),
                cells(part, "derived.accountClassReason"),
                [f"{one} (guess)" for one in cells(part, "derived.accountClass")],
                cells(part, "user.accountEnabled"),
                part["user_id"].to_list(),
                strict=True,
            )

    return Table(
        name="GuessedAccounts",
        title="Accounts whose class is a guess",
        note=(
            "To confirm or correct one, enter its object id with the class and how you know it in a file like "
            f"{FILE}, and give that with --classes."
        ),
        columns=(
            Column(key="userPrincipalName", title="User principal name", width=38),
            Column(key="displayName", title="Name", width=28),
            Column(key="why", title="Why", kind=ColumnKind.LONG_TEXT, width=44),
            Column(key="class", title="Class", width=24),
            Column(key="enabled", title="Account enabled", kind=ColumnKind.BOOLEAN, width=16),
            id_column(material),
        ),
        rows=rows,
        row_count=users.height,
        empty="None: no class is a guess.",
        browse=True,
    )
