"""What an audit was judged with, beside its rules: the program, and what the options asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mfaaudit.program import Program


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedBy:
    """The program that judged, and what of its configuration stands nowhere else in an audit."""

    program: Program
    given: Mapping[str, str]
    """Pack -> how it came to be judged by, in the words of `Brief.given`; empty where that was not written down."""
    allow_conflicts: bool
