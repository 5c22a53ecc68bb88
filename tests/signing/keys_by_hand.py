"""Keys, certificates and a time stamp authority of our own, and the public tool that judges what they make."""

import datetime as dt
import shutil
import subprocess

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = dt.timedelta(days=1)
OPENSSL = shutil.which("openssl")
needs_openssl = pytest.mark.skipif(OPENSSL is None, reason="the program openssl, which is to agree, is not installed")
CONFIGURATION = """[tsa]
default_tsa = ours
[ours]
serial = {serial}
default_policy = 1.2.3.4
digests = sha256, sha384, sha512
signer_digest = sha256
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


def openssl(*arguments):
    """Its exit code and all it said."""
    done = subprocess.run([OPENSSL, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


def ed25519_key():
    return ed25519.Ed25519PrivateKey.generate()


def ec_key():
    return ec.generate_private_key(ec.SECP256R1())


def rsa_key(bits=2048):
    return rsa.generate_private_key(65537, bits)


def secret_file(path, key, passphrase=None):
    """A private key as PEM, for its owner only."""
    way = NoEncryption() if passphrase is None else BestAvailableEncryption(passphrase)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, way))
    path.chmod(0o600)
    return path


def public_file(path, key):
    path.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return path


def certificate_file(path, *certificates):
    path.write_bytes(b"".join(one.public_bytes(Encoding.PEM) for one in certificates))
    return path


class Holder:
    """Somebody with a key, and the certificate that another, or nobody else, gave for it."""

    def __init__(
        self, name, by=None, key=None, *, authority=False, purposes=(), usage=None, days=(-1, 9), number=None, longer=0
    ):
        self.key = key or ec_key()
        now = dt.datetime.now(dt.UTC)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = (
            x509.CertificateBuilder(
                issuer_name=by.certificate.subject if by else subject,
                subject_name=subject,
                public_key=self.key.public_key(),
                serial_number=number or x509.random_serial_number(),
                not_valid_before=now + days[0] * DAY,
                not_valid_after=now + days[1] * DAY,
            )
            .add_extension(x509.BasicConstraints(authority, None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False)
        )
        if longer:
            filling = x509.UnrecognizedExtension(
                x509.ObjectIdentifier("1.2.3.4.5"), b"\x04\x81" + bytes([longer] * longer)
            )
            builder = builder.add_extension(filling, critical=False)
        if purposes:
            builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=True)
        if usage:
            no = dict.fromkeys(
                (
                    "digital_signature",
                    "content_commitment",
                    "key_encipherment",
                    "data_encipherment",
                    "key_agreement",
                    "key_cert_sign",
                    "crl_sign",
                    "encipher_only",
                    "decipher_only",
                ),
                False,
            )
            builder = builder.add_extension(x509.KeyUsage(**no | {usage: True}), critical=True)
        self.certificate = builder.sign((by or self).key, hashes.SHA256())


def stamping(name, by=None, **more):
    """A time stamp authority: its certificate has to say that it is one."""
    return Holder(name, by, purposes=[ExtendedKeyUsageOID.TIME_STAMPING], **more)


def reply(folder, query, authority, *inside):
    """What an authority answers, made by OpenSSL; `inside` are certificates that it hands over beside its own."""
    folder.mkdir(exist_ok=True)
    (folder / "serial").write_text("01\n")
    (folder / "tsa.cnf").write_text(CONFIGURATION.format(serial=folder / "serial"))
    key = secret_file(folder / "tsa.key", authority.key)
    own = certificate_file(folder / "tsa.pem", authority.certificate)
    chain = ["-chain", certificate_file(folder / "chain.pem", *inside)] if inside else []
    out = folder / f"reply-{len(list(folder.iterdir()))}.tsr"
    code, said = openssl(
        *("ts", "-reply", "-config", folder / "tsa.cnf", "-queryfile", query),
        *("-signer", own, "-inkey", key, *chain, "-out", out),
    )
    assert code == 0, said
    return out
