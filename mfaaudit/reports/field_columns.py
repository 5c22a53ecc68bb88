"""The kind of column in which a value of the vocabulary stands."""

from __future__ import annotations

from collections.abc import Mapping

from mfaaudit.reports.document import ColumnKind
from mfaaudit.sources.field import Kind

KINDS: Mapping[Kind, ColumnKind] = {
    Kind.BOOLEAN: ColumnKind.BOOLEAN,
    Kind.ENUM: ColumnKind.TEXT,
    Kind.TEXT: ColumnKind.TEXT,
    Kind.LIST: ColumnKind.TEXT,
    Kind.TIME: ColumnKind.TIME,
    Kind.NUMBER: ColumnKind.NUMBER,
}
