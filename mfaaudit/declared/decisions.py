"""What somebody can decide about a failure, and which kind of exception asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from mfaaudit.declared.words import ExceptionKind


class Decision(StrEnum):
    """The words that a person chooses from."""

    REMEDIATE = "Remediate"
    ACCEPT = "Accept the risk"
    COMPENSATE = "Compensating control"
    FALSE_POSITIVE = "False positive"


KINDS: Mapping[Decision, ExceptionKind] = MappingProxyType(
    {
        Decision.ACCEPT: ExceptionKind.WAIVER,
        Decision.COMPENSATE: ExceptionKind.COMPENSATING_CONTROL,
        Decision.FALSE_POSITIVE: ExceptionKind.FALSE_POSITIVE,
    }
)
"""The decisions that need an exception; to remediate needs none."""
