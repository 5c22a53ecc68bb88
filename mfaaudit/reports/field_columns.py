"""How a value of the vocabulary stands in a column: of which kind, and in which words."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from mfaaudit.reports.document import Cell, ColumnKind
from mfaaudit.reports.material import Material, cells
from mfaaudit.reports.role_words import role_cells
from mfaaudit.sources.field import Field, Kind

ROLES = ("derived.roles", "derived.eligibleRoles")

KINDS: Mapping[Kind, ColumnKind] = {
    Kind.BOOLEAN: ColumnKind.BOOLEAN,
    Kind.ENUM: ColumnKind.TEXT,
    Kind.TEXT: ColumnKind.TEXT,
    Kind.LIST: ColumnKind.TEXT,
    Kind.TIME: ColumnKind.TIME,
    Kind.NUMBER: ColumnKind.NUMBER,
}


def cells_of_field(material: Material, users: pl.DataFrame, field: Field) -> list[Cell]:
    """What some users have of a field, as a report shows it: directory roles by their names."""
    if field.name in ROLES:
        return role_cells(users, material.snapshot.role_names, field.column)
    return cells(users, field.name)
