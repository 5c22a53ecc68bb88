"""Reads declared files from the disk; everything else in this package is pure."""

from __future__ import annotations

from pathlib import Path

from mfaaudit.declared.overrides import Overrides, read_overrides
from mfaaudit.declared.read_register import read_register
from mfaaudit.declared.reading import DECLARED
from mfaaudit.declared.register import Register
from mfaaudit.yaml_files import read_text


def load_register(path: Path) -> Register:
    """A register of exceptions. Raises PolicyProblem."""
    return read_register(read_text(path, str(path), DECLARED), str(path))


def load_overrides(path: Path) -> Overrides:
    """Classes of accounts. Raises PolicyProblem."""
    return read_overrides(read_text(path, str(path), DECLARED), str(path))
