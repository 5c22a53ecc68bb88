"""Every user with every value that was read, one row each; what was not read says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mfaaudit.reports.document import Cell, Column, ColumnKind, Section, Table
from mfaaudit.reports.material import BATCH_ROWS, Material, cell
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
    worst = material.findings.worst_by_user()

    def rows() -> Iterator[list[Cell]]:
        for part in users.iter_slices(BATCH_ROWS):
            for user in part.iter_rows(named=True):
                values = [_cell(material, user, field) for field in fields]
                yield [
                    *values[:2],
                    worst[user["user_id"]].value,
                    *values[2:],
                    user["requirements_readAt"],
                    user["user_id"],
                ]

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


def _cell(material: Material, user: Mapping[str, Any], field: Field) -> Cell:
    if field.name == "derived.roles" and user[field.column]:
        return ", ".join(material.snapshot.role_names.get(role, role) for role in user[field.column])
    value: Cell = cell(user, field.name)
    return value
