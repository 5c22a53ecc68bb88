"""Ed25519: OpenSSL accepts what we sign, we accept what it signs, and neither anything else."""

import json
from hashlib import sha256

import pytest
from keys_by_hand import ed25519_key, needs_openssl, openssl, public_file, rsa_key, secret_file

from mfaaudit.cli import main
from mfaaudit.errors import UsageProblem
from mfaaudit.signing import State, check_signature


@pytest.fixture
def key(tmp_path):
    made = ed25519_key()
    return secret_file(tmp_path / "key.pem", made), public_file(tmp_path / "public.pem", made)


@pytest.fixture
def signature(bundle, key):
    assert main(["sign", str(bundle), "--key", str(key[0]), "--quiet"]) == 0
    return bundle.with_name("bundle.manifest.sig")


def _openssl_verifies(manifest, signature, public):
    return openssl("pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", public, "-in", manifest, "-sigfile", signature)


def _change(path, place):
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


@needs_openssl
def test_openssl_accepts_what_was_signed(manifest, signature, key):
    assert signature.stat().st_size == 64
    code, said = _openssl_verifies(manifest, signature, key[1])

    assert (code, "Verified Successfully" in said) == (0, True), said


@needs_openssl
def test_what_openssl_signed_is_accepted(manifest, key, tmp_path):
    theirs = tmp_path / "theirs.sig"
    code, said = openssl("pkeyutl", "-sign", "-rawin", "-inkey", key[0], "-in", manifest, "-out", theirs)
    assert code == 0, said

    assert check_signature(manifest, theirs, key[1]).state is State.OK


def test_a_check_names_the_key_by_the_hash_that_anybody_can_make_of_it(manifest, signature, key):
    check = check_signature(manifest, signature, key[1])
    # RFC 8410: a public key as DER is twelve fixed bytes and the key.
    raw = ed25519_raw(key[1])

    assert check.state is State.OK
    assert check.at is None
    assert sha256(bytes.fromhex("302a300506032b6570032100") + raw).hexdigest() in check.words


def ed25519_raw(public):
    import base64

    return base64.b64decode("".join(public.read_text().splitlines()[1:-1]))[-32:]


@needs_openssl
@pytest.mark.parametrize("place", [0, 17, -1])
def test_one_changed_byte_of_the_manifest_is_refused_by_both(manifest, signature, key, place):
    _change(manifest, place)

    assert check_signature(manifest, signature, key[1]).state is State.WRONG
    assert _openssl_verifies(manifest, signature, key[1])[0] != 0


@needs_openssl
@pytest.mark.parametrize("place", [0, 31, 32, 63])
def test_one_changed_byte_of_the_signature_is_refused_by_both(manifest, signature, key, place):
    _change(signature, place)

    assert check_signature(manifest, signature, key[1]).state is State.WRONG
    assert _openssl_verifies(manifest, signature, key[1])[0] != 0


def test_another_key_is_refused(manifest, signature, tmp_path):
    other = public_file(tmp_path / "other.pem", ed25519_key())

    assert check_signature(manifest, signature, other).state is State.WRONG


@pytest.mark.parametrize("content", [b"", b"x" * 63, b"x" * 65, b"x" * (1 << 20)])
def test_what_is_not_64_bytes_is_no_signature(manifest, signature, key, content):
    signature.write_bytes(content)
    check = check_signature(manifest, signature, key[1])

    assert check.state is State.WRONG
    assert "64 bytes" in check.words


def test_what_a_check_is_given_has_to_be_usable(manifest, signature, key, tmp_path):
    huge, garbled, folder = tmp_path / "huge", tmp_path / "garbled", tmp_path / "folder"
    huge.write_bytes(b"x" * ((1 << 20) + 1))
    garbled.write_bytes(b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")
    folder.mkdir()
    rsa = public_file(tmp_path / "rsa.pem", rsa_key())
    for public, word in (
        (tmp_path / "none", "does not exist"),
        (folder, "is no file"),
        (huge, "too large"),
        (garbled, "no public key"),
        (manifest, "no public key"),
        (key[0], "private key"),
        (rsa, "not an Ed25519 key"),
    ):
        with pytest.raises(UsageProblem, match=word) as refused:
            check_signature(manifest, signature, public)
        assert refused.value.hint
    with pytest.raises(UsageProblem, match="too large"):
        check_signature(manifest, huge, key[1])
    with pytest.raises(UsageProblem, match="does not exist"):
        check_signature(manifest, tmp_path / "none", key[1])


def test_the_bundle_stays_as_it_is(bundle, signature):
    names = {path.relative_to(bundle).as_posix() for path in bundle.rglob("*") if path.is_file()}
    listed = {one["path"] for one in json.loads((bundle / "manifest.json").read_text())["files"]}

    assert names == listed | {"manifest.json"}
    assert signature.parent == bundle.parent
