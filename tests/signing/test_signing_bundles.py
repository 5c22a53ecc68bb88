"""`mfaaudit sign`: it vouches for nothing that is altered, and its key is kept."""

import sys

import pytest
from cryptography.hazmat.primitives.asymmetric import x25519
from keys_by_hand import ec_key, ed25519_key, public_file, rsa_key, secret_file

from mfaaudit.cli import main
from mfaaudit.signing import State, check_signature

SECRET = b"correct horse"


@pytest.fixture
def key(tmp_path):
    return secret_file(tmp_path / "key.pem", ed25519_key())


@pytest.fixture
def sign(bundle, capsys):
    """Signs, and returns the exit code and what was said to people, after making sure of what stays."""

    def run(*arguments):
        code = main(["sign", str(bundle), "--quiet", *map(str, arguments)])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        if code:
            assert not bundle.with_name("bundle.manifest.sig").exists()
            assert "hint: " in said.err
        return code, said.out + said.err

    return run


def _altered(bundle):
    (bundle / "report.html").write_bytes(b"<p>?\n")


def _missing(bundle):
    (bundle / "evidence" / "users.jsonl.gz").unlink()


def _extra(bundle):
    (bundle / "evidence" / "more.txt").write_bytes(b"")


def _extra_folder(bundle):
    (bundle / "notes").mkdir()


def _link(bundle):
    target = bundle.parent / "target"
    (bundle / "report.html").rename(target)
    (bundle / "report.html").symlink_to(target)


def _no_manifest(bundle):
    (bundle / "manifest.json").unlink()


@pytest.mark.parametrize("harm", [_altered, _missing, _extra, _extra_folder, _link, _no_manifest])
def test_a_bundle_that_is_not_what_its_manifest_says_is_not_signed(bundle, key, sign, harm):
    harm(bundle)

    assert sign("--key", key)[0] == 1


def test_the_signature_lies_where_it_is_wanted_and_over_nothing(bundle, key, sign, tmp_path):
    out = tmp_path / "elsewhere.sig"
    assert sign("--key", key, "--out", out)[0] == 0
    signed = out.read_bytes()

    assert sign("--key", key, "--out", out) == (2, sign("--key", key, "--out", out)[1])
    assert out.read_bytes() == signed
    assert sign("--key", key, "--out", bundle / "in.sig")[0] == 2
    assert sign("--key", key, "--out", tmp_path / "no" / "folder.sig")[0] == 2
    assert sign("--key", key, "--out", tmp_path / "one", "--timestamp-request", tmp_path / "one")[0] == 2
    assert not (tmp_path / "one").exists()


def test_without_a_key_there_is_nothing_to_do_but_to_ask_for_a_time_stamp(bundle, sign, tmp_path):
    assert sign()[0] == 2
    assert sign("--timestamp-request", tmp_path / "q", "--certificate", tmp_path / "c")[0] == 2
    code, said = sign("--timestamp-request", tmp_path / "q")

    assert (code, "Signed by" in said) == (0, False)
    assert (tmp_path / "q").exists()


def test_an_encrypted_key_opens_with_the_passphrase_from_the_environment_alone(
    bundle, manifest, sign, tmp_path, monkeypatch
):
    made = ed25519_key()
    locked, public = secret_file(tmp_path / "locked.pem", made, SECRET), public_file(tmp_path / "public.pem", made)
    monkeypatch.delenv("MFAAUDIT_KEY_PASSPHRASE", raising=False)
    code, said = sign("--key", locked)
    assert (code, "MFAAUDIT_KEY_PASSPHRASE" in said) == (2, True)
    monkeypatch.setenv("MFAAUDIT_KEY_PASSPHRASE", "wrong horse")
    code, said = sign("--key", locked)
    assert (code, "wrong horse" in said, "does not open" in said) == (2, False, True)
    monkeypatch.setenv("MFAAUDIT_KEY_PASSPHRASE", SECRET.decode())
    code, said = sign("--key", locked)

    assert (code, SECRET.decode() in said) == (0, False)
    assert check_signature(manifest, bundle.with_name("bundle.manifest.sig"), public).state is State.OK


def test_a_passphrase_that_is_not_needed_does_no_harm(key, sign, monkeypatch):
    monkeypatch.setenv("MFAAUDIT_KEY_PASSPHRASE", "not needed")

    assert sign("--key", key)[0] == 0


@pytest.mark.parametrize(
    ("make", "word"),
    [(rsa_key, "--certificate"), (ec_key, "--certificate"), (lambda: rsa_key(1024), "1024 bits")],
)
def test_a_key_that_needs_a_certificate_or_is_weak_is_refused(sign, tmp_path, make, word):
    code, said = sign("--key", secret_file(tmp_path / "other.pem", make()))

    assert (code, word in said) == (2, True)


def test_a_key_that_cannot_sign_is_refused(sign, tmp_path):
    code, said = sign("--key", secret_file(tmp_path / "x.pem", x25519.X25519PrivateKey.generate()))

    assert (code, "of a kind" in said) == (2, True)


def test_an_ed25519_key_takes_no_certificate(key, sign, tmp_path):
    assert sign("--key", key, "--certificate", tmp_path / "any.pem")[0] == 2


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_a_key_that_others_may_read_is_refused(key, sign):
    key.chmod(0o640)
    code, said = sign("--key", key)

    assert (code, "chmod 600" in said) == (2, True)


def test_a_key_in_the_bundle_would_be_passed_on_with_it(bundle, sign):
    code, said = sign("--key", secret_file(bundle / "key.pem", ed25519_key()))

    assert (code, "lies inside" in said) == (2, True)


@pytest.mark.parametrize("content", [b"", b"\xff\x00", b"-----BEGIN PRIVATE KEY-----\nAAAA\n", b"k" * ((1 << 20) + 1)])
def test_what_is_no_key_is_refused_and_not_shown(sign, tmp_path, content):
    path = tmp_path / "odd.pem"
    path.write_bytes(content)
    path.chmod(0o600)
    code, said = sign("--key", path)

    assert (code, "AAAA" in said) == (2, False)
    assert sign("--key", tmp_path / "none.pem")[0] == 2
    assert sign("--key", tmp_path)[0] == 2


def test_a_copy_that_is_passed_on_can_be_signed_too(messy, tmp_path, key, capsys):
    copy = tmp_path / "copy"
    assert main(["report", str(messy.bundle), "--share", "full", "--out", str(copy), "--quiet"]) == 10
    assert main(["sign", str(copy), "--key", str(key), "--quiet"]) == 0
    assert (tmp_path / "copy.manifest.sig").stat().st_size == 64


def test_a_whole_bundle_is_signed_as_an_audit_left_it(messy, copy_of, key, capsys):
    bundle = copy_of(messy)
    assert main(["sign", str(bundle), "--key", str(key), "--quiet"]) == 0
    files = sum(1 for path in bundle.rglob("*") if path.is_file() and path.name not in ("manifest.json", "audit.lock"))
    assert f"Checked     {files:,} files" in capsys.readouterr().out
