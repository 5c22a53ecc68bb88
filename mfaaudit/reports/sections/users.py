"""Every user with every value that was read, one row each; what was not read says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from mfaaudit.reports.document import Cell, Column, ColumnKind, Section, Table
from mfaaudit.reports.material import BATCH_ROWS, Material, cells
from mfaaudit.sources.field import Field, Kind, Scope
from mfaaudit.vocabulary import FIELDS

KINDS: Mapping[Kind, ColumnKind] = {
    Kind.BOOLEAN: ColumnKind.BOOLEAN,
    Kind.ENUM: ColumnKind.TEXT,
    Kind.TEXT: ColumnKind.TEXT,
    Kind.LIST: ColumnKind.TEXT,
    Kind.TIME: ColumnKind.TIME,
    Kind.NUMBER: ColumnKind.NUMBER,
}
WIDTHS: Mapping[Kind, int] = {
    Kind.BOOLEAN: 20,
    Kind.ENUM: 18,
    Kind.TEXT: 28,
    Kind.LIST: 40,
    Kind.TIME: 20,
    Kind.NUMBER: 12,
}
FIRST = ("user.userPrincipalName", "user.displayName")


def section(material: Material) -> Section:
    """Users."""
    fields = [field for field in FIELDS.values() if field.scope is Scope.USER]
    fields.sort(key=lambda field: FIRST.index(field.name) if field.name in FIRST else len(FIRST))
    users = material.snapshot.users
    worst = material.findings.worst_of_users()

    def rows() -> Iterator[tuple[Cell, ...]]:
        for start in range(0, users.height, BATCH_ROWS):
            part = users.slice(start, BATCH_ROWS)
            values = [_cells(material, part, field) for field in fields]
            yield from zip(
                *values[:2],
                worst.slice(start, BATCH_ROWS).to_list(),
                *values[2:],
                part["requirements_readAt"].to_list(),
                part["user_id"].to_list(),
                strict=True,
            )

    columns = [_column(field) for field in fields]
    return Section(
        name="Users",
        title="Users",
        lead=("One row for each user that was listed, with the worst verdict of all rules.",),
        tables=(
            Table(
                name="Users",
                title="Users",
                columns=(
                    *columns[:2],
                    Column(key="worst", title="Worst verdict", kind=ColumnKind.VERDICT, width=16),
                    *columns[2:],
                    Column(key="readAt", title="State read at", kind=ColumnKind.TIME, width=20),
                    Column(key="userId", title="Object id", width=38),
                ),
                rows=rows,
                row_count=users.height,
                key_columns=2,
                browse=True,
            ),
        ),
        on_page=False,
    )


def _column(field: Field) -> Column:
    return Column(key=field.name, title=field.title, kind=KINDS[field.kind], width=WIDTHS[field.kind])


def _cells(material: Material, users: pl.DataFrame, field: Field) -> list[Cell]:
    shown = cells(users, field.name)
    if field.name != "derived.roles":
        return shown
    names = material.snapshot.role_names
    held = users[field.column].to_list()
    return [
        ", ".join(names.get(role, role) for role in roles) if roles else cell
        for roles, cell in zip(held, shown, strict=True)
    ]
