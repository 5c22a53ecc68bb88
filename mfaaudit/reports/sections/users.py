"""Every user with every value that was read, one row each; what was not read says so."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from mfaaudit.facts import WISHED
from mfaaudit.reports.document import Cell, Column, ColumnKind, Section, Table
from mfaaudit.reports.entra_links import id_column
from mfaaudit.reports.field_columns import KINDS, cells_of_field
from mfaaudit.reports.material import BATCH_ROWS, Material
from mfaaudit.reports.unread import all_not_requested
from mfaaudit.sources.field import Field, Kind, Scope
from mfaaudit.sources.options import OPTIONS
from mfaaudit.vocabulary import FIELDS

WIDTHS: Mapping[Kind, int] = {
    Kind.BOOLEAN: 20,
    Kind.ENUM: 18,
    Kind.TEXT: 28,
    Kind.LIST: 40,
    Kind.TIME: 20,
    Kind.NUMBER: 12,
}
NAMES = ("user.userPrincipalName", "user.displayName")
FIRST = (
    *NAMES,
    "user.accountEnabled",
    "user.userType",
    "requirements.perUserMfaState",
    "registration.isMfaRegistered",
    "registration.isMfaCapable",
    "derived.enforcedBy",
    "registration.methodsRegistered",
)
"""What a reader looks for stands before the rest; between the names and the others stands the worst verdict."""


def section(material: Material) -> Section:
    """Users."""
    fields = [field for field in FIELDS.values() if field.scope is Scope.USER and _asked_for(material, field)]
    fields.sort(key=lambda field: FIRST.index(field.name) if field.name in FIRST else len(FIRST))
    users = material.users
    worst = material.findings.worst_of_users()

    def rows() -> Iterator[tuple[Cell, ...]]:
        for start in range(0, users.height, BATCH_ROWS):
            part = users.slice(start, BATCH_ROWS)
            values = [cells_of_field(material, part, field) for field in fields]
            yield from zip(
                *values[:2],
                worst.slice(start, BATCH_ROWS).to_list(),
                *values[2:],
                part["requirements_readAt"].to_list(),
                part["requirements_source"].to_list(),
                part["signInPreferences_source"].to_list(),
                part["user_id"].to_list(),
                strict=True,
            )

    columns = [_column(field) for field in fields]
    return Section(
        name="Users",
        title="Users",
        lead=(
            "One row for each user that was listed, with the worst verdict of all rules. What was not read says so, "
            "with the reason; no cell is empty for that. Legend says which answer of Graph each column comes from.",
            *_left_out(fields),
        ),
        tables=(
            Table(
                name="Users",
                title="Users",
                columns=(
                    *columns[:2],
                    Column(key="worst", title="Worst verdict", kind=ColumnKind.VERDICT, width=16),
                    *columns[2:],
                    Column(key="readAt", title="State read at", kind=ColumnKind.TIME, width=20),
                    Column(key="stateFrom", title="State from", width=16),
                    Column(key="preferencesFrom", title="Preferences from", width=24),
                    id_column(material),
                ),
                rows=rows,
                row_count=users.height,
                key_columns=2,
                browse=True,
            ),
        ),
        on_page=False,
    )


def _asked_for(material: Material, field: Field) -> bool:
    return field.name not in WISHED or not all_not_requested(material.users, field.column)


def _left_out(shown: Collection[Field]) -> Iterator[str]:
    """A sentence on the columns of options that were not given."""
    of_users = [name for name in WISHED if FIELDS[name].scope is Scope.USER]
    options = dict.fromkeys(OPTIONS[WISHED[name]] for name in of_users if FIELDS[name] not in shown)
    if options:
        yield f"Not asked for, and not shown: {'; '.join(f'{one.title.lower()} ({one.flag})' for one in options)}."


def _column(field: Field) -> Column:
    return Column(key=field.name, title=field.title, kind=KINDS[field.kind], width=WIDTHS[field.kind])
