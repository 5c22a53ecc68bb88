"""A comparison and a recheck have a manifest too: their files are checked, and no results are made anew."""

import pytest

from mfaaudit.manifest import write_manifest

KINDS = {"comparison": "it is a comparison", "recheckOf": "it is a recheck"}


@pytest.fixture(params=KINDS)
def folder(request, tmp_path):
    """One of them, and the word for it."""
    made = tmp_path / "made"
    made.mkdir()
    (made / "rows.csv").write_text("user\n")
    write_manifest(made, {request.param: {"runId": "x"}})
    return made, KINDS[request.param]


def test_its_hashes_are_checked_and_why_nothing_more_is_said(folder, said):
    made, word = folder
    code, told = said(made)

    assert code == 11
    assert word in told.out
    assert "The bundle is unaltered" in told.out


def test_a_changed_byte_is_found(folder, said):
    made, _ = folder
    (made / "rows.csv").write_text("USER\n")
    code, told = said(made)

    assert code == 10
    assert "ALTERED         rows.csv" in told.out


def test_a_folder_that_cannot_be_used_is_no_audit_that_failed(said, tmp_path):
    (tmp_path / "manifest.json").write_text("{")
    code, told = said(tmp_path)

    assert code == 1
    assert "fatal: the bundle cannot be used" in told.err
