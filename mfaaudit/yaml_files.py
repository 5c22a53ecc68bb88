"""Reads the text of a YAML file from the disk, and no more of it than its kind may hold."""

from __future__ import annotations

import hashlib
from importlib.resources.abc import Traversable
from pathlib import Path

from mfaaudit.errors import PolicyProblem
from mfaaudit.yaml_nodes import FileKind


def read_text(path: Traversable | Path, file: str, kind: FileKind) -> str:
    """The text; `file` is how a person would name it. Raises PolicyProblem if it is too large, no text, or no file."""
    try:
        there = not isinstance(path, Path) or path.exists() or path.is_symlink()
        if there and not path.is_file():
            # A device or a pipe would be read without end.
            raise PolicyProblem("this is no file", hint="Write a file of this name, or take it away.", file=file)
        with path.open("rb") as stream:
            # As bytes, so that the hash is that of the file whatever its line ends.
            raw = stream.read(kind.most_bytes + 1)
    except OSError as error:
        raise PolicyProblem(
            f"the file cannot be read: {error.strerror}", hint="Check its name and its rights.", file=file
        ) from error
    if len(raw) > kind.most_bytes:
        raise PolicyProblem(f"the file is larger than {kind.most_bytes >> 20} MiB", hint=kind.too_long, file=file)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise PolicyProblem(
            f"the file is not UTF-8 (byte {error.start})", hint="Save it as plain UTF-8 text.", file=file
        ) from error


def sha256_of_text(text: str) -> str:
    """The hash of a file by its text, by which a bundle names it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
