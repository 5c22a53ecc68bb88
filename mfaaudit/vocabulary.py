"""Every value that a rule may speak of, by its name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mfaaudit.declared.fields import FIELDS as DECLARED
from mfaaudit.declared.fields import SOURCES as DECLARED_SOURCES
from mfaaudit.facts import FACTS
from mfaaudit.sources import SOURCES
from mfaaudit.sources.field import Field

FIELDS: Mapping[str, Field] = MappingProxyType(
    {
        field.name: field
        for field in (*(f for source in SOURCES for f in source.fields), *(fact.field for fact in FACTS), *DECLARED)
    }
)

SOURCE_OF: Mapping[str, str] = MappingProxyType(
    {field.name: source.name for source in SOURCES for field in source.fields}
    | {fact.field.name: fact.source for fact in FACTS}
    | dict(DECLARED_SOURCES)
)
"""The source that decides each value: where to look in the evidence; for what is declared, whose gaps open it."""
