"""Links, and records that no purge wrote: nothing outside of a bundle is touched, and nothing is believed."""

import json
import os
import sys

import pytest
from bundles_to_purge import all_in, bundle_by_hand
from hypothesis import given
from hypothesis import strategies as st

from mfaaudit.bundle import check_bundle
from mfaaudit.errors import BundleProblem
from mfaaudit.purging import read_record
from mfaaudit.purging.record import LARGEST_RECORD

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links need rights of their own on Windows")


@pytest.fixture
def outside(tmp_path):
    """Files of somebody else."""
    folder = tmp_path / "outside"
    folder.mkdir()
    for name in ("begun.json", "run.json", "users.jsonl.gz", "findings.csv"):
        (folder / name).write_text("precious")
    return folder


def _to_file(bundle, outside):
    (bundle / "findings.csv").unlink()
    (bundle / "findings.csv").symlink_to(outside / "findings.csv")


def _to_folder(bundle, outside):
    (bundle / "evidence").rename(bundle.parent / "moved")
    (bundle / "evidence").symlink_to(outside)


def _to_nowhere(bundle, outside):
    (bundle / "findings.csv").unlink()
    (bundle / "findings.csv").symlink_to(outside / "new")


def _lock(bundle, outside):
    (bundle / "audit.lock").symlink_to(outside / "new")


def _part(bundle, outside):
    (bundle / "deletion.json.part").symlink_to(outside / "findings.csv")


def _record(bundle, outside):
    (bundle / "deletion.json").symlink_to(outside / "findings.csv")


def _record_to_nowhere(bundle, outside):
    (bundle / "deletion.json").symlink_to(outside / "new")


def _more(bundle, outside):
    (bundle / "more").symlink_to(outside)


def _pipe(bundle, outside):
    (bundle / "findings.csv").unlink()
    os.mkfifo(bundle / "findings.csv")


def _folder_for_a_file(bundle, outside):
    (bundle / "findings.csv").unlink()
    (bundle / "findings.csv").mkdir()


TRICKS = [
    _to_file,
    _to_folder,
    _to_nowhere,
    _lock,
    _part,
    _record,
    _record_to_nowhere,
    _more,
    _pipe,
    _folder_for_a_file,
]


@pytest.mark.parametrize("trick", TRICKS)
def test_no_link_is_followed_and_its_bundle_is_left_alone(tmp_path, purge, outside, trick):
    bundle = bundle_by_hand(tmp_path / "old", 500)
    trick(bundle, outside)
    before = {name: mtime for name, (mtime, _) in _all(bundle).items()}, all_in(outside)
    told = purge(bundle, "--yes")

    assert told.code == 11
    assert "unusable" in told.out
    assert ({name: mtime for name, (mtime, _) in _all(bundle).items()}, all_in(outside)) == before


def _all(bundle):
    return {path.relative_to(bundle).as_posix(): (path.lstat().st_mtime_ns, None) for path in bundle.rglob("*")}


def test_a_folder_that_is_a_link_is_refused(tmp_path, purge):
    old = bundle_by_hand(tmp_path / "folder" / "old", 500)
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    before = all_in(old)

    assert purge(tmp_path / "link", "--yes").code == 2
    (tmp_path / "direct").symlink_to(old)
    assert purge(tmp_path / "direct", "--yes").code == 2
    assert all_in(old) == before


@pytest.mark.parametrize("path", ["../outside/findings.csv", "/etc/passwd", "a/../../x", "manifest.json", "C:\\x", ""])
def test_a_manifest_that_leads_outside_is_not_obeyed(tmp_path, purge, outside, path):
    bundle = bundle_by_hand(tmp_path / "old", 500)
    manifest = json.loads((bundle / "manifest.json").read_text())
    manifest["files"].append({"path": path, "sha256": "0" * 64, "bytes": 8})
    (bundle / "manifest.json").write_text(json.dumps(manifest))
    before = all_in(tmp_path)

    assert purge(bundle, "--yes").code == 11
    assert all_in(tmp_path) == before


def _facts(bundle):
    return json.loads((bundle / "deletion.json").read_text())


@pytest.fixture
def purged(tmp_path, purge):
    bundle = bundle_by_hand(tmp_path / "old", 500)
    assert purge(bundle, "--yes").code == 0
    return bundle


@pytest.mark.parametrize(
    "change",
    [
        {"schema": 2},
        {"schema": True},
        {"progress": "half"},
        {"progress": "begun"},
        {"deletedAt": None},
        {"deletedAt": "2026-01-01T00:00:00"},
        {"begunAt": 5},
        {"manifestSha256": "0"},
        {"ageDays": -1},
        {"totals": []},
        {"kept": ["../x"]},
        {"kept": ["policies/own/own.yaml", "policies/own/own.yaml"]},
        {"removed": [{"path": "../outside", "sha256": "0" * 64, "bytes": 1}]},
        {"removed": [{"path": "a", "sha256": "0" * 64, "bytes": "1"}]},
        {"removed": 3},
        {"olderThan": {}},
    ],
    ids=str,
)
def test_a_record_that_no_purge_wrote_is_refused(purged, purge, change):
    (purged / "deletion.json").write_text(json.dumps(_facts(purged) | change))
    with pytest.raises(BundleProblem) as refused:
        read_record(purged)

    assert refused.value.hint
    assert purge(purged, "--yes").code == 11
    with pytest.raises(BundleProblem, match="was purged"):
        check_bundle(purged)


@pytest.mark.parametrize(
    "change",
    [
        {"manifestSha256": "0" * 64},
        {"removed": [{"path": "policies/own/own.yaml", "sha256": "0" * 64, "bytes": 1}], "kept": []},
        {"removed": [{"path": "not/listed", "sha256": "0" * 64, "bytes": 1}]},
    ],
    ids=str,
)
def test_a_record_about_another_bundle_takes_nothing(purged, purge, change):
    begun = {"progress": "begun", "deletedAt": None}
    (purged / "deletion.json").write_text(json.dumps(_facts(purged) | begun | change))
    before = all_in(purged)

    assert purge(purged, "--yes").code == 11
    assert all_in(purged) == before


def test_a_record_that_is_too_large_is_not_read(purged):
    os.truncate(purged / "deletion.json", LARGEST_RECORD + 1)
    with pytest.raises(BundleProblem, match="larger"):
        read_record(purged)
    with pytest.raises(BundleProblem, match="was purged"):
        check_bundle(purged)


@given(content=st.one_of(st.binary(max_size=60), st.just(b"[" * 100_000), st.just(b'{"schema": 1}')))
def test_no_bytes_in_the_place_of_a_record_are_taken_for_one(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("bundle")
    (folder / "deletion.json").write_bytes(content)
    with pytest.raises(BundleProblem):
        read_record(folder)
    with pytest.raises(BundleProblem, match="was purged"):
        check_bundle(folder)


def test_what_a_record_says_is_shown_without_its_control_characters(purged, purge):
    (purged / "deletion.json").write_text(json.dumps(_facts(purged) | {"olderThan": "\x1b[2J400d"}))
    told = purge(purged, "--yes")

    assert "\x1b" not in told.out + told.err


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="whoever is root may read everything")
def test_what_cannot_be_looked_into_is_named(tmp_path, purge):
    closed, unread = bundle_by_hand(tmp_path / "closed", 500), bundle_by_hand(tmp_path / "unread", 500)
    old = bundle_by_hand(tmp_path / "old", 500)
    before = all_in(unread)
    closed.chmod(0)
    (unread / "findings.csv").chmod(0)
    told = purge(tmp_path, "--yes")
    closed.chmod(0o700)
    (unread / "findings.csv").chmod(0o600)

    assert told.code == 11
    assert "cannot be looked into" in told.out
    assert "cannot be read" in told.out
    assert all_in(unread) == before
    assert not (old / "findings.csv").exists()
