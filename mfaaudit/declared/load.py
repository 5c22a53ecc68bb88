"""Reads declared files from the disk; everything else in this package is pure."""

from __future__ import annotations

from pathlib import Path

from mfaaudit.declared.overrides import Overrides, read_overrides
from mfaaudit.declared.read_register import read_register
from mfaaudit.declared.reading import DECLARED
from mfaaudit.declared.register import Register
from mfaaudit.errors import PolicyProblem


def load_register(path: Path) -> Register:
    """A register of exceptions. Raises PolicyProblem."""
    return read_register(_text(path), str(path))


def load_overrides(path: Path) -> Overrides:
    """Classes of accounts. Raises PolicyProblem."""
    return read_overrides(_text(path), str(path))


def _text(path: Path) -> str:
    # As bytes, so that the hash is that of the file whatever its line ends; a character takes four of them at most.
    most = 4 * DECLARED.longest
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
        if len(content) > most:
            raise PolicyProblem(f"the file is larger than {most:,} bytes", hint=DECLARED.too_long, file=str(path))
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise PolicyProblem(
            f"the file is not UTF-8 (byte {error.start})", hint="Save it as plain UTF-8 text.", file=str(path)
        ) from error
    except OSError as error:
        raise PolicyProblem(
            f"the file cannot be read: {error.strerror}", hint="Check its name and its rights.", file=str(path)
        ) from error
