"""A signature by a key with a certificate: OpenSSL accepts it and nothing else; we say how to ask it."""

import shlex

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID
from keys_by_hand import Holder, certificate_file, ec_key, needs_openssl, openssl, rsa_key, secret_file

from mfaaudit.cli import main
from mfaaudit.errors import UsageProblem
from mfaaudit.signing import State, check_certified


@pytest.fixture
def authority():
    return Holder("Company Root", authority=True)


@pytest.fixture
def trusted(tmp_path, authority):
    return certificate_file(tmp_path / "authority.pem", authority.certificate)


def _sign(bundle, holder, *chain, code=0):
    folder = bundle.parent
    key = secret_file(folder / "signer.key", holder.key)
    certificates = certificate_file(folder / "signer.pem", *(one.certificate for one in (*chain, holder)))
    assert main(["sign", str(bundle), "--key", str(key), "--certificate", str(certificates), "--quiet"]) == code
    return bundle.with_name("bundle.manifest.p7s")


def _ask_openssl(check):
    _, command = check.words.split("is added: ")
    return openssl(*shlex.split(command)[1:])


@needs_openssl
@pytest.mark.parametrize("make", [rsa_key, ec_key])
def test_openssl_accepts_what_was_signed_as_its_manual_says(bundle, manifest, authority, trusted, make):
    signature = _sign(bundle, Holder("Ada Auditor", authority, make()))
    code, said = openssl(
        *("cms", "-verify", "-inform", "DER", "-content", manifest, "-binary", "-in", signature),
        *("-CAfile", trusted, "-out", "/dev/null"),
    )

    assert (code, "successful" in said) == (0, True), said


@needs_openssl
def test_a_check_is_no_verdict_and_names_the_command_that_gives_one(bundle, manifest, authority, trusted):
    signature = _sign(bundle, Holder("Ada Auditor", authority))
    check = check_certified(manifest, signature, trusted)

    assert check.state is State.NOT_CHECKED
    assert check.at is None
    code, said = _ask_openssl(check)
    assert (code, "successful" in said) == (0, True), said


@needs_openssl
@pytest.mark.parametrize("place", [0, 40, -1])
def test_the_command_refuses_one_changed_byte(bundle, manifest, authority, trusted, place):
    signature = _sign(bundle, Holder("Ada Auditor", authority))
    content = bytearray(manifest.read_bytes())
    content[place] ^= 1
    manifest.write_bytes(content)

    assert _ask_openssl(check_certified(manifest, signature, trusted))[0] != 0


@needs_openssl
def test_the_command_refuses_whom_nobody_trusts(bundle, manifest, authority, tmp_path):
    signature = _sign(bundle, Holder("Ada Auditor", authority))
    other = certificate_file(tmp_path / "other.pem", Holder("Company Root", authority=True).certificate)

    assert _ask_openssl(check_certified(manifest, signature, other))[0] != 0


@needs_openssl
def test_certificates_between_go_into_the_signature(bundle, manifest, authority, trusted):
    between = Holder("Department", authority, authority=True)
    signature = _sign(bundle, Holder("Ada Auditor", between), between)

    assert _ask_openssl(check_certified(manifest, signature, trusted))[0] == 0


@needs_openssl
def test_a_signer_may_be_trusted_by_the_certificate_alone_whatever_it_is_for(bundle, manifest, authority, tmp_path):
    holder = Holder("Ada Auditor", authority, purposes=[ExtendedKeyUsageOID.CLIENT_AUTH])
    signature = _sign(bundle, holder)
    own = certificate_file(tmp_path / "own.pem", holder.certificate)

    assert _ask_openssl(check_certified(manifest, signature, own))[0] == 0


@needs_openssl
def test_the_command_that_signing_prints_fits_the_certificate(bundle, authority, trusted, capsys):
    _sign(bundle, Holder("Ada Auditor", authority, purposes=[ExtendedKeyUsageOID.CLIENT_AUTH]))
    line = next(one for one in capsys.readouterr().out.splitlines() if one.startswith("Check it"))
    command = shlex.split(line.removeprefix("Check it").replace("AUTHORITY.pem", str(trusted)))

    assert openssl(*command[1:])[0] == 0


@pytest.mark.parametrize(
    ("signer", "word"),
    [
        ({"days": (-9, -1)}, "and not now"),
        ({"days": (1, 9)}, "and not now"),
        ({"usage": "key_encipherment"}, "not made for signing"),
    ],
)
def test_nobody_signs_with_a_certificate_that_others_would_refuse(bundle, authority, signer, word, capsys):
    signature = _sign(bundle, Holder("Ada Auditor", authority, **signer), code=2)

    assert word in capsys.readouterr().err
    assert not signature.exists()


def test_the_certificate_has_to_be_that_of_the_key(bundle, authority, capsys):
    holder = Holder("Ada Auditor", authority)
    holder.key = ec_key()
    signature = _sign(bundle, holder, code=2)

    assert "is that of the key" in capsys.readouterr().err
    assert not signature.exists()


def test_what_a_check_is_given_has_to_be_usable(bundle, manifest, authority, trusted, tmp_path):
    signature = _sign(bundle, Holder("Ada Auditor", authority))
    huge = tmp_path / "huge"
    huge.write_bytes(b"0" * ((1 << 20) + 1))
    for signed, certificate, word in (
        (huge, trusted, "too large"),
        (tmp_path / "none", trusted, "does not exist"),
        (signature, huge, "too large"),
        (signature, signature, "no certificate"),
    ):
        with pytest.raises(UsageProblem, match=word):
            check_certified(manifest, signed, certificate)
