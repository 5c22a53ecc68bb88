"""The key that makes pseudonyms: a file of its own, outside of everything that is passed on."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from mfaaudit.bundle import PART, clear, refused, write_new
from mfaaudit.errors import DiskProblem, KeyProblem

BYTES = 32
ID_DIGITS = 12
_WRITTEN = re.compile(rf"[0-9a-f]{{{2 * BYTES}}}", re.IGNORECASE)
_LONGEST = 4 * BYTES
"""More bytes than this are no key, and are not read to their end."""


@dataclass(frozen=True, slots=True)
class Key:
    """A secret; it is never shown, written or logged."""

    secret: bytes = field(repr=False)

    def digest(self, text: str) -> str:
        """HMAC-SHA256 of a text, in hexadecimal."""
        return hmac.new(self.secret, text.encode("utf-8"), hashlib.sha256).hexdigest()

    @property
    def id(self) -> str:
        """Tells one key from another, and nothing of either."""
        return self.digest("mfaaudit key id")[:ID_DIGITS]


def open_key(path: Path, *, new: bool, apart_from: Iterable[Path]) -> Key:
    """The key in a file, or a new one in a new file. Raises KeyProblem for one that is no key, or not kept secret."""
    keep_apart(path, apart_from, "the key")
    return _make(path) if new else _read(path)


def keep_apart(path: Path, folders: Iterable[Path], what: str) -> None:
    """Raises KeyProblem if a file that tells who is who would lie in a folder that is, or may be, passed on."""
    for folder in folders:
        if path.resolve().is_relative_to(folder.resolve()):
            raise KeyProblem(
                f"{path} lies inside {folder}",
                hint=f"Whoever is given the folder would have {what} with it: keep it in another place.",
            )


def _make(path: Path) -> Key:
    secret = secrets.token_bytes(BYTES)
    try:
        # Never over another file: with a key that is gone, nobody can tell any more who was who.
        write_new(path, f"{secret.hex()}\n".encode("ascii"))
    except FileExistsError as error:
        raise KeyProblem(
            f"{path} exists already, and a key is never written over",
            hint="Leave out --new-key to use that key, so that copies can be compared, or give --key another name.",
        ) from error
    except OSError as error:
        refusal = refused(path, error, "cannot be made", "")
        if isinstance(refusal, DiskProblem):
            raise refusal from error
        raise KeyProblem(
            f"{path} cannot be made: {error.strerror}", hint="Give --key a file in a folder that exists and is yours."
        ) from error
    return Key(secret)


def _read(path: Path) -> Key:
    cure = "Give --key the file that --new-key made, or add --new-key to have one made."
    if not path.exists():
        raise KeyProblem(f"there is no key {path}", hint=cure)
    if not path.is_file():
        raise KeyProblem(f"{path} is no file", hint=cure)
    try:
        mode = path.stat().st_mode
        with path.open("rb") as file:
            content = file.read(_LONGEST)
    except OSError as error:
        raise KeyProblem(
            f"{path} cannot be read: {error.strerror}", hint="Change its rights, then try again."
        ) from error
    if os.name == "posix" and mode & 0o077:
        raise KeyProblem(
            f"others than its owner may read or write the key {path}",
            hint=f"Run `chmod 600 {path}`. If others may have read it, take a new key for the copies to come.",
        )
    # What one that was killed while it made the key left beside it holds the secret too.
    clear(path.with_name(path.name + PART))
    text = content.decode("ascii", "replace").strip()
    if _WRITTEN.fullmatch(text) is None:
        raise KeyProblem(f"{path} is no key: a key is {2 * BYTES} hexadecimal digits", hint=cure)
    return Key(bytes.fromhex(text))
