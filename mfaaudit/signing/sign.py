"""Signs a bundle: the bytes of its manifest, which holds the hash of every other file, into a file outside of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mfaaudit.bundle import DELETION, MANIFEST, check_bundle, half_together, reading, write_together
from mfaaudit.errors import BundleProblem, KeyProblem, OutputProblem, UsageProblem
from mfaaudit.manifest import is_unaltered, read_manifest, unlisted
from mfaaudit.signing import certified, plain_signature, timestamp
from mfaaudit.signing.given import manifest_bytes
from mfaaudit.signing.private_key import open_key

Step = Callable[[str, int, int | None], None]
PLAIN_END, CERTIFIED_END = ".manifest.sig", ".manifest.p7s"
THE_PUBLIC_KEY, THE_AUTHORITY = Path("PUBLIC.pem"), Path("AUTHORITY.pem")
"""Stand in the commands for what whoever checks has of his own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be written."""

    bundle: Path
    key: Path | None
    certificate: Path | None
    passphrase: str | None
    out: Path | None
    request: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What was written."""

    manifest: Path
    sha256: str
    files: int
    """As many as the manifest lists; all were as it says."""
    signer: str
    """Empty if nothing was signed."""
    signature: Path | None
    command: str
    """How others check the signature."""
    request: Path | None


def sign(order: Order, now: datetime, progress: Step) -> Signed:
    """Checks that a bundle is what its manifest says, and signs that, or asks for a time stamp for it, or both.

    Raises UsageProblem for options, keys and places that cannot be used, BundleProblem for a bundle that was altered.
    """
    if order.key is None and (order.request is None or order.certificate or order.out):
        raise UsageProblem(
            "nothing to sign with: --key is missing",
            hint="Give --key FILE, or --timestamp-request FILE alone to ask for a time stamp without a signature.",
        )
    bundle = order.bundle.resolve()
    signature = None if order.key is None else order.out or _beside(bundle, certified_by=order.certificate)
    _check_places(bundle, [one for one in (signature, order.request) if one is not None])
    # What a person can put right at once comes before a long reading.
    signer = None if order.key is None or signature is None else _signer(order, order.key, signature, now)
    with reading(bundle):
        content, count = _whole(bundle, progress), len(read_manifest(bundle).files)
    contents = {}
    if order.request is not None:
        contents[order.request] = timestamp.query(content)
    if signer is not None and signature is not None:
        contents[signature] = signer.signed(content)
    write_together(contents)
    return Signed(
        manifest=order.bundle / MANIFEST,
        sha256=sha256(content).hexdigest(),
        files=count,
        signer="" if signer is None else signer.name,
        signature=signature,
        command="" if signer is None else signer.command,
        request=order.request,
    )


def _beside(bundle: Path, certified_by: Path | None) -> Path:
    return bundle.with_name(bundle.name + (PLAIN_END if certified_by is None else CERTIFIED_END))


def _check_places(bundle: Path, places: list[Path]) -> None:
    for path in places:
        if path.resolve().is_relative_to(bundle):
            raise OutputProblem(
                f"{path} lies in the bundle, whose files are all in its manifest", hint="Give it a place outside."
            )
        if (path.exists() or path.is_symlink()) and not half_together(places):
            raise OutputProblem(
                f"{path} exists", hint="Nothing is written over: move it away, or give the file another name."
            )
        if not path.absolute().parent.is_dir():
            raise OutputProblem(f"there is no folder {path.absolute().parent}", hint="Make it, or give another.")
    if len({path.resolve() for path in places}) < len(places):
        raise OutputProblem(f"{places[0]} was given twice", hint="Give the request a file of its own.")


def _whole(bundle: Path, progress: Step) -> bytes:
    """The bytes of a manifest that says what there is; who signs it would vouch for something else otherwise."""
    if (bundle / DELETION).exists():
        check_bundle(bundle)
    manifest = read_manifest(bundle)
    content = manifest_bytes(bundle / MANIFEST)
    if sha256(content).hexdigest() != manifest.sha256:
        raise BundleProblem(f"{bundle} is being written", hint="Wait until that has ended, then sign.")
    cure = "Find out why before you sign: restore the bundle from a copy, or draw it again with `mfaaudit report`."
    for number, one in enumerate(manifest.files):
        progress("Hashes", number, len(manifest.files))
        try:
            whole = is_unaltered(bundle, one)
        except OSError as error:
            raise BundleProblem(f"{bundle / one.path} cannot be read: {error.strerror}", hint=cure) from error
        if not whole:
            raise BundleProblem(f"{bundle / one.path} is not the file that the manifest lists, or missing", hint=cure)
    strange = unlisted(bundle, manifest)
    if strange:
        raise BundleProblem(
            f"{bundle / strange[0]} is not in the manifest, so that no signature covers it"
            + (f"; nor are {len(strange) - 1:,} others" if len(strange) > 1 else ""),
            hint="Move away what does not belong there.",
        )
    return content


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signer:
    """Who signs, how, and how others check it."""

    name: str
    signed: Callable[[bytes], bytes]
    command: str


def _signer(order: Order, key_file: Path, signature: Path, now: datetime) -> _Signer:
    key = open_key(key_file, order.passphrase, apart_from=(order.bundle,))
    manifest = order.bundle / MANIFEST
    if isinstance(key, Ed25519PrivateKey):
        if order.certificate is not None:
            raise UsageProblem(
                "an Ed25519 key signs without a certificate",
                hint="Leave out --certificate, or give an RSA or EC key that has one.",
            )
        return _Signer(
            name=f"Ed25519 key, SHA-256 {plain_signature.fingerprint(key.public_key())}",
            signed=key.sign,
            command=plain_signature.command(manifest, signature, THE_PUBLIC_KEY),
        )
    if order.certificate is None:
        raise KeyProblem(
            f"{key_file} is an RSA or EC key, and such a key signs with its certificate",
            hint="Add --certificate FILE, or give an Ed25519 key: `openssl genpkey -algorithm ed25519 -out key.pem`.",
        )
    mine, others = certified.own_certificate(order.certificate, key, now)
    return _Signer(
        name=certified.name_of(mine),
        signed=lambda content: certified.signed(key, mine, others, content),
        command=certified.command(manifest, signature, THE_AUTHORITY, any_purpose=certified.needs_any_purpose(mine)),
    )
