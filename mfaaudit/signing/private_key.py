"""The key that signs: a PEM file that nobody else may read, and a passphrase that is never typed as an argument."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mfaaudit.errors import KeyProblem
from mfaaudit.sharing.key import keep_apart
from mfaaudit.signing.given import SMALL

PASSPHRASE = "MFAAUDIT_KEY_PASSPHRASE"  # noqa: S105 - the name of the variable
SHORTEST_RSA = 2048
"""Bits; what is shorter may be forged."""
Key = Ed25519PrivateKey | rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
CURE = "Give --key a private key as PEM: `openssl genpkey -algorithm ed25519 -out key.pem` makes one."


def open_key(path: Path, passphrase: str | None, *, apart_from: Iterable[Path]) -> Key:
    """The private key in a file. Raises KeyProblem for one that is none, not kept secret, or of no kind that signs."""
    keep_apart(path, apart_from, "the key")
    content = _content(path)
    try:
        return _usable(path, _loaded(path, content, passphrase))
    except (ValueError, UnsupportedAlgorithm) as error:
        # What the library says may depend on what is in the file: a secret.
        raise KeyProblem(f"{path} is no private key that can be read", hint=CURE) from error


def _content(path: Path) -> bytes:
    if not path.is_file():
        raise KeyProblem(f"{path} is no file" if path.exists() else f"there is no key {path}", hint=CURE)
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(SMALL + 1)
    except OSError as error:
        raise KeyProblem(f"{path} cannot be read: {error.strerror}", hint="Change its rights.") from error
    if os.name == "posix" and mode & 0o077:
        raise KeyProblem(
            f"others than its owner may read or write the key {path}",
            hint=f"Run `chmod 600 {path}`. If others may have read it, sign with a new key from now on.",
        )
    if len(content) > SMALL:
        raise KeyProblem(f"{path} is too large to be a key", hint=CURE)
    return content


def _loaded(path: Path, content: bytes, passphrase: str | None) -> object:
    try:
        return serialization.load_pem_private_key(content, None)
    except TypeError as error:
        if not passphrase:
            raise KeyProblem(
                f"the key {path} is encrypted", hint=f"Put its passphrase into the environment as {PASSPHRASE}."
            ) from error
    try:
        return serialization.load_pem_private_key(content, passphrase.encode("utf-8"))
    except ValueError as error:
        raise KeyProblem(
            f"the passphrase in {PASSPHRASE} does not open the key {path}", hint="Set it to the passphrase of this key."
        ) from error


def _usable(path: Path, key: object) -> Key:
    if not isinstance(key, Key):
        raise KeyProblem(f"{path} is a key of a kind that is not used here", hint="Give an Ed25519, RSA or EC key.")
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size < SHORTEST_RSA:
        raise KeyProblem(
            f"{path} is an RSA key of {key.key_size} bits, which others may forge",
            hint=f"Give a key of {SHORTEST_RSA} bits or more.",
        )
    return key
