"""The key: made once, never written over, never where a copy goes, never open to others."""

import os
import stat

import pytest

from mfaaudit.errors import KeyProblem
from mfaaudit.sharing.key import Key, open_key

POSIX = pytest.mark.skipif(os.name != "posix", reason="rights are those of POSIX")


def test_a_new_key_is_secret_and_is_read_again(tmp_path):
    path = tmp_path / "key"

    made = open_key(path, new=True, apart_from=[])

    assert len(made.secret) == 32
    assert open_key(path, new=False, apart_from=[]) == made


@POSIX
def test_only_its_owner_may_read_a_new_key(tmp_path):
    open_key(tmp_path / "key", new=True, apart_from=[])

    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_two_new_keys_differ_and_so_do_their_ids(tmp_path):
    one, other = (open_key(tmp_path / name, new=True, apart_from=[]) for name in ("a", "b"))

    assert one.secret != other.secret
    assert one.id != other.id
    assert one.id == open_key(tmp_path / "a", new=False, apart_from=[]).id


def test_a_key_is_never_written_over(tmp_path):
    path = tmp_path / "key"
    open_key(path, new=True, apart_from=[])
    before = path.read_bytes()

    with pytest.raises(KeyProblem, match="never written over"):
        open_key(path, new=True, apart_from=[])

    assert path.read_bytes() == before


@POSIX
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_key_that_others_may_open_is_refused(tmp_path, mode):
    open_key(tmp_path / "key", new=True, apart_from=[])
    (tmp_path / "key").chmod(mode)

    with pytest.raises(KeyProblem) as caught:
        open_key(tmp_path / "key", new=False, apart_from=[])

    assert "chmod 600" in caught.value.hint


@pytest.mark.parametrize("new", [True, False])
@pytest.mark.parametrize("place", ["bundle/key", "bundle/deep/../key", "link/key"])
def test_a_key_inside_a_folder_that_may_be_passed_on_is_refused(tmp_path, new, place):
    (tmp_path / "bundle" / "deep").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "bundle")

    with pytest.raises(KeyProblem, match="lies inside"):
        open_key(tmp_path / place, new=new, apart_from=[tmp_path / "other", tmp_path / "bundle"])

    assert not (tmp_path / "bundle" / "key").exists()


def test_a_link_out_of_it_to_a_key_in_a_bundle_is_refused(tmp_path):
    (tmp_path / "bundle").mkdir()
    open_key(tmp_path / "bundle" / "key", new=True, apart_from=[])
    (tmp_path / "key").symlink_to(tmp_path / "bundle" / "key")

    with pytest.raises(KeyProblem, match="lies inside"):
        open_key(tmp_path / "key", new=False, apart_from=[tmp_path / "bundle"])


@pytest.mark.parametrize("content", [b"", b"secret", b"0" * 63, b"0" * 65, b"\xff" * 32, b"0" * 10_000, b"g" * 64])
def test_what_is_no_key_is_refused_and_not_quoted(tmp_path, content):
    path = tmp_path / "key"
    path.write_bytes(content)
    path.chmod(0o600)

    with pytest.raises(KeyProblem, match="is no key") as caught:
        open_key(path, new=False, apart_from=[])

    assert "secret" not in str(caught.value)


def test_a_key_that_is_not_there_is_no_file_or_a_folder(tmp_path):
    with pytest.raises(KeyProblem, match="there is no key"):
        open_key(tmp_path / "key", new=False, apart_from=[])
    with pytest.raises(KeyProblem, match="is no file"):
        open_key(tmp_path, new=False, apart_from=[])
    with pytest.raises(KeyProblem, match="cannot be made"):
        open_key(tmp_path / "no such folder" / "key", new=True, apart_from=[])


def test_a_key_shows_nothing_of_itself():
    key = Key(b"0123456789abcdef0123456789abcdef")

    assert "0123" not in repr(key)
    assert key.secret.hex()[:12] not in key.id
