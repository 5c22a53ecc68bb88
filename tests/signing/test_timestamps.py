"""Time stamps by an authority of our own, made by OpenSSL: genuine ones hold, and no other."""

import datetime as dt
import shlex
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from depth import examples
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from keys_by_hand import Holder, certificate_file, needs_openssl, openssl, reply, stamping

from mfaaudit.cli import main
from mfaaudit.errors import UsageProblem
from mfaaudit.signing import State, check_timestamp

pytestmark = needs_openssl


@pytest.fixture
def query(bundle, tmp_path):
    path = tmp_path / "query.tsq"
    assert main(["sign", str(bundle), "--timestamp-request", str(path), "--quiet"]) == 0
    return path


@pytest.fixture
def root():
    return Holder("Root of Trust", authority=True)


@pytest.fixture
def authority(tmp_path, root):
    """The file with the certificates that are trusted."""
    return certificate_file(tmp_path / "authority.pem", root.certificate)


@pytest.fixture
def token(tmp_path, query, root):
    return reply(tmp_path / "tsa", query, stamping("Honest Clock", root))


def test_a_genuine_time_stamp_gives_its_time_and_who_made_it(manifest, token, authority):
    before = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=10)
    check = check_timestamp(manifest, token, authority)

    assert check.state is State.OK
    assert before < check.at <= dt.datetime.now(dt.UTC)
    assert "CN=Honest Clock" in check.words
    assert f"{check.at:%H:%M:%S}" in check.words
    code, said = openssl("ts", "-verify", "-data", manifest, "-in", token, "-CAfile", authority)
    assert (code, "Verification: OK" in said) == (0, True), said


def test_the_query_is_of_just_this_manifest_and_never_the_same_twice(bundle, manifest, query, tmp_path):
    again = tmp_path / "again.tsq"
    assert main(["sign", str(bundle), "--timestamp-request", str(again), "--quiet"]) == 0
    _, said = openssl("ts", "-query", "-in", query, "-text")
    digest = sha256(manifest.read_bytes()).hexdigest()

    assert "Certificate required: yes" in said
    assert digest in query.read_bytes().hex()
    assert digest in again.read_bytes().hex()
    assert query.read_bytes() != again.read_bytes()


def test_the_time_stamp_of_another_manifest_is_refused(manifest, token, authority):
    manifest.write_bytes(manifest.read_bytes().replace(b"2", b"3", 1))
    check = check_timestamp(manifest, token, authority)

    assert check.state is State.WRONG
    assert check.at is None
    assert "something else" in check.words


def test_an_authority_that_is_not_trusted_is_refused(manifest, token, tmp_path):
    other = Holder("Root of Trust", authority=True)  # of the same name
    check = check_timestamp(manifest, token, certificate_file(tmp_path / "other.pem", other.certificate))

    assert check.state is State.WRONG
    assert check.at is None


def test_an_authority_that_vouches_for_itself_is_not_trusted_for_that(manifest, query, authority, tmp_path):
    rogue = reply(tmp_path / "rogue", query, stamping("Honest Clock"))

    assert check_timestamp(manifest, rogue, authority).state is State.WRONG


def test_a_certificate_for_another_purpose_stamps_nothing(manifest, root, tmp_path):
    """OpenSSL does not stamp with it, so it stamps with one of the same key and number that says it may."""
    server = Holder("www", root, number=4711)
    disguised = stamping("www", root, key=server.key, number=4711)
    bare = tmp_path / "bare.tsq"
    assert openssl("ts", "-query", "-data", manifest, "-sha256", "-out", bare)[0] == 0
    token = reply(tmp_path / "tsa", bare, disguised)
    trusted = [
        certificate_file(tmp_path / f"{one.certificate.serial_number}-{number}.pem", root.certificate, one.certificate)
        for number, one in enumerate((disguised, server))
    ]

    assert check_timestamp(manifest, token, trusted[0]).state is State.OK
    assert check_timestamp(manifest, token, trusted[1]).state is State.WRONG


def test_two_certificates_with_one_number_tell_nothing(manifest, query, root, authority, tmp_path):
    """One could be looked at, and the other have signed."""
    clock = stamping("Honest Clock", root, number=4711)
    twin = Holder("Twin", root, number=4711, longer=200)
    check = check_timestamp(manifest, reply(tmp_path / "tsa", query, clock, twin.certificate), authority)

    assert check.state is State.WRONG
    assert "one certificate" in check.words


def test_an_authority_whose_certificate_comes_from_elsewhere_is_known_by_it(manifest, root, tmp_path):
    """Without the wish for a certificate the reply has none, and the one that was given is used."""
    bare = tmp_path / "bare.tsq"
    assert openssl("ts", "-query", "-data", manifest, "-sha256", "-out", bare)[0] == 0
    clock = stamping("Honest Clock", root)
    token = reply(tmp_path / "tsa", bare, clock)
    both = certificate_file(tmp_path / "both.pem", root.certificate, clock.certificate)
    alone = certificate_file(tmp_path / "alone.pem", root.certificate)

    assert check_timestamp(manifest, token, both).state is State.OK
    unknown = check_timestamp(manifest, token, alone)
    assert unknown.state is State.WRONG
    assert "one certificate" in unknown.words


def _by_a_chain(query, root, folder, between):
    clock = stamping("Honest Clock", between)
    # DER orders a set by its bytes, where the shorter comes first; OpenSSL writes the certificate that signs first.
    encoded = [one.certificate.public_bytes(Encoding.DER) for one in (clock, between)]
    return encoded == sorted(encoded), reply(folder, query, clock, between.certificate)


def test_a_chain_that_comes_with_the_reply_is_followed(manifest, query, root, authority, tmp_path):
    in_order, token = _by_a_chain(query, root, tmp_path / "tsa", Holder("Between", root, authority=True, longer=200))
    assert in_order
    check = check_timestamp(manifest, token, authority)

    assert check.state is State.OK
    assert "CN=Honest Clock" in check.words


def test_a_reply_that_is_not_der_is_left_to_openssl(manifest, query, root, authority, tmp_path):
    in_order, token = _by_a_chain(query, root, tmp_path / "tsa", Holder("Between", root, authority=True))
    assert not in_order
    check = check_timestamp(manifest, token, authority)

    assert check.state is State.NOT_CHECKED
    _, command = check.words.split("able to: ")
    code, said = openssl(*shlex.split(command)[1:])
    assert (code, "Verification: OK" in said) == (0, True), said


def test_a_certificate_that_had_run_out_when_it_stamped_is_refused(manifest, query, root, tmp_path):
    late = stamping("Stopped Clock", root, days=(-9, -1))
    made = reply(tmp_path / "late", query, late)
    given = certificate_file(tmp_path / "given.pem", root.certificate)

    assert check_timestamp(manifest, made, given).state is State.WRONG


def test_a_refusal_is_no_time_stamp(manifest, authority, tmp_path):
    """RFC 3161: PKIStatus 2, rejection, with no token."""
    refusal = tmp_path / "refusal.tsr"
    refusal.write_bytes(bytes.fromhex("3005 3003 020102"))
    check = check_timestamp(manifest, refusal, authority)

    assert check.state is State.WRONG
    assert "refused" in check.words


def test_what_a_check_is_given_has_to_be_usable(manifest, token, authority, tmp_path):
    huge, none, garbled = tmp_path / "huge", tmp_path / "none", tmp_path / "garbled"
    huge.write_bytes(b"0" * ((1 << 20) + 1))
    garbled.write_bytes(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    for stamp, trusted, word in (
        (huge, authority, "too large"),
        (none, authority, "does not exist"),
        (token, huge, "too large"),
        (token, garbled, "no certificate"),
        (token, token, "no certificate"),
    ):
        with pytest.raises(UsageProblem, match=word):
            check_timestamp(manifest, stamp, trusted)


@examples(150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_byte_of_a_time_stamp_can_be_changed_and_the_time_with_it(manifest, token, authority, tmp_path, data):
    content = token.read_bytes()
    place = data.draw(st.integers(0, len(content) - 1))
    bit = 1 << data.draw(st.integers(0, 7))
    changed = tmp_path / "changed.tsr"
    changed.write_bytes(content[:place] + bytes([content[place] ^ bit]) + content[place + 1 :])
    genuine, check = check_timestamp(manifest, token, authority), check_timestamp(manifest, changed, authority)

    # Around what is signed there are a few bytes that mean nothing, as in the copy of the certificate's own signature.
    assert check.state is not State.OK or (check.at, check.words) == (genuine.at, genuine.words)


@examples(100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200))
def test_what_is_no_time_stamp_at_all_proves_nothing(manifest, authority, tmp_path, content):
    garbled = tmp_path / "garbled.tsr"
    garbled.write_bytes(content)

    assert check_timestamp(manifest, garbled, authority).state is not State.OK
