"""The files that a check is given: small, there, and read whole."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.utils import CryptographyDeprecationWarning

from mfaaudit.errors import UsageProblem
from mfaaudit.manifest import LARGEST

SMALL = 1 << 20
"""Bytes; no key, certificate, signature or time stamp comes near it."""
UNREADABLE = (
    ValueError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
    KeyError,
    CryptographyDeprecationWarning,
)
"""What the libraries say of a certificate that is written otherwise than they know, or will know."""


@contextmanager
def strictly() -> Iterator[None]:
    """Nothing is read that the libraries only warn of."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", CryptographyDeprecationWarning)
        yield


def content_of(path: Path, what: str, largest: int = SMALL) -> bytes:
    """The bytes of a file. Raises UsageProblem if it is not there, not a file, too large or not readable."""
    if not path.is_file():
        word = "is no file" if path.exists() else "does not exist"
        raise UsageProblem(f"{path} {word}", hint=f"Give the file that holds {what}.")
    try:
        with path.open("rb") as file:
            content = file.read(largest + 1)
    except OSError as error:
        raise UsageProblem(f"{path} cannot be read: {error.strerror}", hint="Change its rights.") from error
    if len(content) > largest:
        raise UsageProblem(f"{path} is too large to be {what}", hint=f"Give the file that holds {what}.")
    return content


def manifest_bytes(path: Path) -> bytes:
    """The bytes that are signed. Raises UsageProblem if they cannot be read."""
    return content_of(path, "the manifest of a bundle", LARGEST)


def certificates_in(path: Path, what: str) -> list[x509.Certificate]:
    """The certificates of a PEM file, at least one. Raises UsageProblem if it holds none."""
    content = content_of(path, what)
    try:
        with strictly():
            return x509.load_pem_x509_certificates(content)
    except UNREADABLE as error:
        raise UsageProblem(
            f"{path} holds no certificate that can be read: {error}",
            hint=f"Give {what} as PEM: `openssl x509 -inform DER -in FILE -out FILE.pem` makes it of DER.",
        ) from error
