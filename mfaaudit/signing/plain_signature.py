"""A signature by a key alone: the 64 bytes of Ed25519, which any tool can check with the public key."""

from __future__ import annotations

import shlex
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from mfaaudit.errors import UsageProblem
from mfaaudit.signing.check import Check, State
from mfaaudit.signing.given import content_of, manifest_bytes

WHAT = "Signature"
BYTES = 64
CURE = "Give the public key as PEM: `openssl pkey -in key.pem -pubout -out public.pem` makes it of the private one."


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 of a public key as DER, in hexadecimal: what its owner can read out on the telephone."""
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return sha256(der).hexdigest()


def command(manifest: Path, signature: Path, public_key: Path) -> str:
    """How OpenSSL 3 checks the same."""
    options = ["-verify", "-rawin", "-pubin", "-inkey", public_key, "-in", manifest, "-sigfile", signature]
    return shlex.join(["openssl", "pkeyutl", *map(str, options)])


def check_signature(manifest: Path, signature: Path, public_key: Path) -> Check:
    """Whether the owner of an Ed25519 key signed just this manifest.

    Raises UsageProblem if one of the files cannot be read, or the public key is none.
    """
    key = _public_key(public_key)
    content, found = manifest_bytes(manifest), content_of(signature, "the signature")
    by = f"the key {fingerprint(key)}"
    if len(found) != BYTES:
        return Check(
            what=WHAT,
            state=State.WRONG,
            words=f"{signature} is no Ed25519 signature, which has {BYTES} bytes: it has {len(found):,}.",
        )
    try:
        key.verify(found, content)
    except InvalidSignature:
        return Check(
            what=WHAT,
            state=State.WRONG,
            words=f"{signature} is not a signature of this {manifest.name} by {by}: "
            "the manifest was changed after it was signed, or another key signed, or another manifest was signed.",
        )
    return Check(what=WHAT, state=State.OK, words=f"{manifest.name} was signed with {by}.")


def _public_key(path: Path) -> Ed25519PublicKey:
    content = content_of(path, "the public key")
    if b"PRIVATE KEY" in content:
        raise UsageProblem(f"{path} holds a private key, which belongs to whoever signs", hint=CURE)
    try:
        key = serialization.load_pem_public_key(content)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UsageProblem(f"{path} holds no public key that can be read", hint=CURE) from error
    if not isinstance(key, Ed25519PublicKey):
        raise UsageProblem(
            f"the key in {path} is not an Ed25519 key",
            hint="Only Ed25519 signs without a certificate; for a signature by RSA or EC give the certificate.",
        )
    return key
