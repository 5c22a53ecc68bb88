"""Which bundles of a folder are purged, which are not, and what is said of each."""

import json
from datetime import timedelta
from hashlib import sha256

import pytest
from bundles_to_purge import (
    GOING,
    KEPT,
    NOW,
    PERSON,
    all_in,
    broken_off_by_hand,
    bundle_by_hand,
    copy_by_hand,
    names_in,
)

from mfaaudit.bundle import held
from mfaaudit.errors import UsageProblem
from mfaaudit.purging import read_record
from mfaaudit.purging.limit import read_limit

KEPT_NAMES = {"manifest.json", "deletion.json", *KEPT}


def test_an_old_bundle_is_purged_and_a_young_one_is_not(tmp_path, purge):
    old, young = bundle_by_hand(tmp_path / "old", 401), bundle_by_hand(tmp_path / "young", 400 - 1)
    before = all_in(young)
    told = purge(tmp_path, "--yes")

    assert told.code == 0
    assert names_in(old) == KEPT_NAMES
    assert all_in(young) == before
    assert f"{len(GOING):,} files removed, {len(KEPT):,} kept" in told.out
    assert "younger" in told.out
    assert "2 in all: 1 purge, 1 younger" in told.out


@pytest.mark.parametrize(("text", "days"), [("0d", 0), ("400d", 400), ("57w", 399), ("2y", 730), (" 1d ", 1)])
def test_an_age_is_days_weeks_or_years_since_the_end(text, days):
    limit = read_limit(text)

    assert limit.days == days
    assert not limit.is_over(NOW - timedelta(days=days), NOW)
    assert limit.is_over(NOW - timedelta(days=days, seconds=1), NOW)
    assert not limit.is_over(NOW + timedelta(days=1), NOW)


@pytest.mark.parametrize("text", ["", "400", "d", "-1d", "1.5y", "1m", "400 d", "9999999d", "٤d"])
def test_what_is_no_age_is_refused(text, tmp_path, purge):
    bundle_by_hand(tmp_path / "old", 9999)
    with pytest.raises(UsageProblem):
        read_limit(text)
    assert purge(tmp_path, "--yes", older_than=text).code == 2


def test_a_dry_run_touches_nothing(tmp_path, purge):
    bundle_by_hand(tmp_path / "old", 500)
    before = all_in(tmp_path)
    told = purge(tmp_path, "--dry-run")

    assert told.code == 0
    assert all_in(tmp_path) == before
    assert "this was a dry run" in told.out
    assert f"{len(GOING):,} files" in told.out


def test_nothing_goes_unless_somebody_said_so(tmp_path, purge):
    bundle = bundle_by_hand(tmp_path / "old", 500)
    before = all_in(tmp_path)
    nobody, no = purge(bundle), purge(bundle, types="n\n")

    assert (nobody.code, no.code) == (2, 1)
    assert "--yes" in nobody.err
    assert all_in(tmp_path) == before
    assert purge(bundle, types="y\n").code == 0
    assert names_in(bundle) == KEPT_NAMES


def test_a_folder_without_bundles_is_an_error(tmp_path, purge):
    (tmp_path / "notes").mkdir()
    told = purge(tmp_path, "--yes")

    assert told.code == 2
    assert "holds none" in told.err


def test_a_bundle_that_is_named_twice_is_purged_once(tmp_path, purge):
    bundle = bundle_by_hand(tmp_path / "old", 500)
    told = purge(bundle, tmp_path, bundle, "--yes")

    assert told.code == 0
    assert "1 in all: 1 purge" in told.out


def test_a_mixed_folder_ends_with_what_could_not_be_done(tmp_path, purge):
    old, done = bundle_by_hand(tmp_path / "old", 500), bundle_by_hand(tmp_path / "done", 500)
    assert purge(done, "--yes").code == 0
    bundle_by_hand(tmp_path / "young", 5)
    copy_by_hand(tmp_path / "copy", bundle_by_hand(tmp_path / "other", 5))
    broken, fresh = broken_off_by_hand(tmp_path / "broken", 500), broken_off_by_hand(tmp_path / "fresh", 5)
    damaged = bundle_by_hand(tmp_path / "damaged", 500)
    (damaged / "manifest.json").write_text("{")
    timeless = bundle_by_hand(tmp_path / "timeless", 500, facts={"run": {"id": "x", "finishedAt": "yesterday"}})
    (tmp_path / "link").symlink_to(old)
    (tmp_path / "unrelated").mkdir()
    stay = [broken, fresh, damaged, timeless, tmp_path / "copy", tmp_path / "young", done]
    before = [all_in(one) for one in stay]
    told = purge(tmp_path, "--yes")

    assert told.code == 11
    words = "1 broken off, 1 copy, 1 link, 1 purge, 1 purged, 2 unusable, 3 younger"
    assert f"10 in all: {words}" in told.out
    assert names_in(old) == KEPT_NAMES
    assert [all_in(one) for one in stay] == before
    assert "delete the folder yourself" in told.out
    assert "does not say when the audit ended" in told.out


def test_a_file_of_somebody_else_keeps_its_bundle_from_being_purged(tmp_path, purge):
    strange, old = bundle_by_hand(tmp_path / "strange", 500), bundle_by_hand(tmp_path / "old", 500)
    (strange / "evidence" / "notes.txt").write_text(PERSON)
    before = all_in(strange)
    told = purge(tmp_path, "--yes")

    assert told.code == 11
    assert "evidence/notes.txt" in told.out
    assert all_in(strange) == before
    assert names_in(old) == KEPT_NAMES


def test_a_bundle_that_somebody_writes_into_is_left_and_the_next_is_purged(tmp_path, purge):
    busy, old = bundle_by_hand(tmp_path / "busy", 500), bundle_by_hand(tmp_path / "old", 500)
    with held(busy):
        told = purge(tmp_path, "--yes")

    assert told.code == 11
    assert "NOT PURGED" in told.out
    assert names_in(busy) == {*GOING, *KEPT, "manifest.json"}
    assert names_in(old) == KEPT_NAMES


def test_a_file_that_was_altered_or_had_gone_is_recorded_as_it_was_found(tmp_path, purge):
    bundle = bundle_by_hand(tmp_path / "old", 500)
    (bundle / "findings.csv").write_bytes(b"altered")
    (bundle / "users.parquet").unlink()
    told = purge(bundle, "--yes")
    record = read_record(bundle)
    removed = {one.path: one for one in record.removed}

    assert told.code == 0
    assert removed["findings.csv"].sha256 == sha256(b"altered").hexdigest()
    assert removed["findings.csv"].bytes == len(b"altered")
    assert record.missing == ("users.parquet",)
    assert record.files == len(GOING) + len(KEPT)
    assert record.totals is None
    assert "1 had gone before" in told.out


def test_totals_in_the_manifest_are_not_written_twice(tmp_path, purge):
    bundle = bundle_by_hand(tmp_path / "old", 500, facts={"totals": {"population": {"enumerated": 3}}})
    assert purge(bundle, "--yes").code == 0
    record = json.loads((bundle / "deletion.json").read_text())

    assert (record["totals"], record["totalsFrom"]) == (None, "manifest.json")


@pytest.mark.parametrize("harm", [b"{}", b"[]", b"{", b'{"population": 3}', b"[" * 100_000])
def test_results_that_cannot_be_relied_on_give_no_totals(tmp_path, purge, harm):
    altered = bundle_by_hand(tmp_path / "altered", 500)
    (altered / "results.json").write_bytes(harm)
    odd = bundle_by_hand(tmp_path / "odd", 500, more={"results.json": harm})
    assert purge(tmp_path, "--yes").code == 0

    assert read_record(altered).totals is None
    assert read_record(altered).totals_from == "results.json was not the file that the manifest lists"
    assert read_record(odd).totals is None
    assert read_record(odd).totals_from == "results.json was of a version that is not known here"


def test_where_else_the_people_stand_is_said(tmp_path, purge):
    run_id = "33333333-0000-4000-8000-000000000000"
    old = bundle_by_hand(tmp_path / "old", 500, run_id=run_id)
    keeper = bundle_by_hand(tmp_path / "keeper", 5, more={f"earlier/{run_id}.parquet": b"PAR1"})
    copy_by_hand(tmp_path / "copy", old)
    copy_by_hand(tmp_path / "another", keeper)
    for name in ("old-remediation.csv", "old.zip", "old.manifest.sig", "older.csv"):
        (tmp_path / name).write_text(PERSON)
    dry = purge(tmp_path, "--dry-run")
    told = purge(tmp_path, "--yes")
    again = purge(tmp_path, "--yes")

    for said in (dry, told, again):
        assert said.code == 0
        still = {line.split(": ")[0].split("/")[-1] for line in said.out.splitlines() if line.startswith("Still there")}
        assert still == {"old-remediation.csv", "old.zip", "copy", f"{run_id}.parquet"}
    assert (keeper / "earlier" / f"{run_id}.parquet").exists()
