"""Since when a manifest exists: a query for a time stamp, and the check of the reply, both without any network."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import UTC
from hashlib import sha256, sha384, sha512
from pathlib import Path

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from mfaaudit.signing.check import Check, State
from mfaaudit.signing.given import UNREADABLE, certificates_in, content_of, manifest_bytes, strictly

WHAT = "Time stamp"
DIGESTS = {"2.16.840.1.101.3.4.2.1": sha256, "2.16.840.1.101.3.4.2.2": sha384, "2.16.840.1.101.3.4.2.3": sha512}
"""By the numbers that RFC 5754 gives them."""


def query(content: bytes) -> bytes:
    """What is sent to an authority: the SHA-256 of some bytes and a random number, and the wish for its certificate."""
    wish = TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm.SHA256)
    return wish.nonce(nonce=True).cert_request(cert_request=True).build().as_bytes()


def command(manifest: Path, token: Path, authority: Path) -> str:
    """How OpenSSL checks a reply."""
    options = ["-verify", "-data", manifest, "-in", token, "-CAfile", authority, "-untrusted", authority]
    return shlex.join(["openssl", "ts", *map(str, options)])


def check_timestamp(manifest: Path, token: Path, authority: Path) -> Check:
    """When an authority saw just this manifest, by its reply to a query.

    `authority` holds its certificates as PEM, up to the root. Raises UsageProblem if one of the files cannot be read.
    """
    content, reply = manifest_bytes(manifest), content_of(token, "the time stamp")
    trusted = certificates_in(authority, "the certificates of the time stamp authority")
    try:
        with strictly():
            return _checked(decode_timestamp_response(reply), content, trusted, token)
    except UNREADABLE as error:
        # Some authorities do not order certificates as DER demands, which is read strictly here.
        return Check(
            what=WHAT,
            state=State.NOT_CHECKED,
            words=f"This program cannot read {token} ({str(error)[:200]}). OpenSSL may be able to: "
            f"{command(manifest, token, authority)}",
        )


def _checked(found: TimeStampResponse, content: bytes, trusted: Sequence[x509.Certificate], token: Path) -> Check:
    """Raises one of UNREADABLE for what cannot be read here."""
    if found.status == PKIStatus.GRANTED_WITH_MODS:
        raise ValueError("it was granted with changes")
    if found.status != PKIStatus.GRANTED:
        said = "; ".join(found.status_string)
        return _wrong(token, f"the authority refused to stamp{f' ({said})' if said else ''}")
    stamped = found.tst_info.message_imprint
    digest = DIGESTS.get(stamped.hash_algorithm.dotted_string)
    if digest is None:
        return _wrong(token, "it was made over a hash that is not SHA-256, SHA-384 or SHA-512, and proves nothing")
    if stamped.message != digest(content).digest():
        return _wrong(token, "it is the time stamp of something else than this manifest")
    inside = [x509.load_der_x509_certificate(one) for one in found.signed_data.certificates]
    signers = [(one.issuer, one.serial_number) for one in found.signed_data.signer_infos]
    mine = [one for one in inside or trusted if (one.issuer, one.serial_number) in signers]
    if len(signers) != 1 or len(mine) != 1:
        # Of two certificates with one number, one could be looked at, and the other used.
        return _wrong(token, "it does not say by one certificate who made it")
    # What came inside is never trusted for itself: the library trusts whatever it is given here.
    builder = VerifierBuilder(roots=list(trusted), tsa_certificate=None if inside else mine[0])
    try:
        builder.build().verify_message(found, content)
    except VerificationError as error:
        return _wrong(token, f"it was altered, or made by none of the authorities that were given ({_reason(error)})")
    at = found.tst_info.gen_time.astimezone(UTC)
    name = mine[0].subject.rfc4514_string()
    words = f"{name} saw just this manifest on {at:%Y-%m-%d} at {at:%H:%M:%S} UTC."
    return Check(what=WHAT, state=State.OK, words=words, at=at)


def _wrong(token: Path, why: str) -> Check:
    return Check(what=WHAT, state=State.WRONG, words=f"{token}: {why}.")


def _reason(error: VerificationError) -> str:
    # The library hands on a dump of OpenSSL's errors.
    text = str(error).rstrip(".")
    return "its signature leads to no certificate of theirs" if "ErrorStack" in text else text
