"""A signature by a key with a certificate: CMS, detached, as DER. OpenSSL checks it; this program does not.

Nothing that this program is built on checks a detached CMS signature with its chain of certificates, and a checker
of our own would be one more thing to distrust. So a check names the command that tells.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder
from cryptography.x509.oid import ExtendedKeyUsageOID

from mfaaudit.errors import UsageProblem
from mfaaudit.signing.check import Check, State
from mfaaudit.signing.given import UNREADABLE, certificates_in, content_of, manifest_bytes

WHAT = "Signature by certificate"
THE_CERTIFICATE = "the certificate of the key"
FOR_SIGNING = {ExtendedKeyUsageOID.EMAIL_PROTECTION, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}
"""What OpenSSL asks of a certificate that signs, where it is made for some purposes only."""
Kind = TypeVar("Kind", bound=x509.ExtensionType)
CertifiedKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def own_certificate(
    path: Path, key: CertifiedKey, now: datetime
) -> tuple[x509.Certificate, Sequence[x509.Certificate]]:
    """The certificate of a key from a file, and the others in it, which lead to its authority.

    Raises UsageProblem if none is of this key, or if it is not valid now, or not made for signing.
    """
    found = certificates_in(path, THE_CERTIFICATE)
    mine = next((one for one in found if _spki(one.public_key()) == _spki(key.public_key())), None)
    if mine is None:
        raise UsageProblem(
            f"no certificate in {path} is that of the key", hint="Give --certificate the one that was issued for it."
        )
    if not mine.not_valid_before_utc <= now <= mine.not_valid_after_utc:
        raise UsageProblem(
            f"the certificate {name_of(mine)} is valid from {mine.not_valid_before_utc:%Y-%m-%d} "
            f"to {mine.not_valid_after_utc:%Y-%m-%d}, and not now",
            hint="Sign with a key whose certificate is valid.",
        )
    usage = _extension(mine, x509.KeyUsage)
    if usage is not None and not (usage.digital_signature or usage.content_commitment):
        raise UsageProblem(
            f"the certificate {name_of(mine)} is not made for signing",
            hint="Have one issued whose key usage is digital signature.",
        )
    return mine, [one for one in found if one != mine]


def signed(key: CertifiedKey, mine: x509.Certificate, others: Sequence[x509.Certificate], content: bytes) -> bytes:
    """The signature of some bytes, which stay outside of it; the certificates go into it."""
    builder = PKCS7SignatureBuilder().set_data(content).add_signer(mine, key, hashes.SHA256())
    for one in others:
        builder = builder.add_certificate(one)
    return builder.sign(
        Encoding.DER, [PKCS7Options.DetachedSignature, PKCS7Options.Binary, PKCS7Options.NoCapabilities]
    )


def command(manifest: Path, signature: Path, trusted: Path, *, any_purpose: bool) -> str:
    """How OpenSSL checks it against the certificates that are trusted: an authority's, or the signer's own."""
    options = ["-verify", "-inform", "DER", "-binary", "-content", manifest, "-in", signature, "-CAfile", trusted]
    purpose = ["-purpose", "any"] if any_purpose else []
    return shlex.join(["openssl", "cms", *map(str, options), "-partial_chain", *purpose, "-out", "/dev/null"])


def needs_any_purpose(one: x509.Certificate) -> bool:
    """Whether OpenSSL refuses a certificate unless it is told that its purpose does not matter."""
    purposes = _extension(one, x509.ExtendedKeyUsage)
    return purposes is not None and FOR_SIGNING.isdisjoint(purposes)


def check_certified(manifest: Path, signature: Path, certificate: Path) -> Check:
    """How to find out whether the owner of a certificate signed just this manifest.

    `certificate` is that of the authority, or the signer's own. Raises UsageProblem if one of the files cannot be read.
    """
    manifest_bytes(manifest)
    content_of(signature, "the signature")
    given = certificates_in(certificate, "the certificate that is trusted")
    # Who is trusted by his own certificate is trusted whatever it was issued for.
    any_purpose = not _is_authority(given[0]) and needs_any_purpose(given[0])
    tell = command(manifest, signature, certificate, any_purpose=any_purpose)
    return Check(
        what=WHAT,
        state=State.NOT_CHECKED,
        words=f"This program does not check signatures by certificates. OpenSSL does, and says who signed if -signer "
        f"FILE is added: {tell}",
    )


def name_of(one: x509.Certificate) -> str:
    """Whose certificate it is, as X.500 writes names."""
    return one.subject.rfc4514_string()


def _is_authority(one: x509.Certificate) -> bool:
    constraints = _extension(one, x509.BasicConstraints)
    return constraints is not None and constraints.ca


def _extension(one: x509.Certificate, kind: type[Kind]) -> Kind | None:
    try:
        return one.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
    except UNREADABLE as error:
        raise UsageProblem(
            f"the certificate {name_of(one)} cannot be read: {error}", hint="Have it issued again."
        ) from error


def _spki(key: object) -> bytes:
    made: bytes = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)  # type: ignore[attr-defined]
    return made
