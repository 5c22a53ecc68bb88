"""A purge that is stopped at any moment is known as such, and gone on with by the same command."""

from datetime import UTC, datetime, timedelta

import pytest
from bundles_to_purge import GOING, KEPT, NOW, bundle_by_hand, names_in

from mfaaudit.bundle import check_bundle
from mfaaudit.errors import BundleProblem
from mfaaudit.purging import read_record
from mfaaudit.purging.limit import read_limit
from mfaaudit.purging.record import Progress
from mfaaudit.purging.taking import take

LIMIT = read_limit("400d")


class Killed(BaseException):
    """Nobody catches this: what comes after it is not done."""


def _until(step, count):
    """Progress that ends everything when something is done for the so-manieth time."""

    def progress(what, done, total):
        if what == step and done == count:
            raise Killed

    return progress


def _stop(bundle, step, count):
    with pytest.raises(Killed):
        take(bundle, LIMIT, lambda: NOW, _until(step, count))


@pytest.mark.parametrize("count", range(len(GOING)))
def test_one_that_was_stopped_while_files_went_is_gone_on_with(tmp_path, purge, count):
    bundle = bundle_by_hand(tmp_path / "old", 500)
    _stop(bundle, "Removing", count)
    begun = read_record(bundle)
    there = names_in(bundle)

    assert begun.progress is Progress.BEGUN
    assert begun.deleted_at is None
    assert {one.path for one in begun.removed} == set(GOING)
    assert len(there) == len(GOING) - count + len(KEPT) + 2
    with pytest.raises(BundleProblem, match="though not to its end"):
        check_bundle(bundle)
    # What a process leaves behind that was killed rather than stopped.
    (bundle / "audit.lock").touch()
    (bundle / "deletion.json.part").write_text("{")
    told = purge(bundle, "--yes")
    record = read_record(bundle)

    assert told.code == 0
    assert "go on" in told.out
    assert f"{len(GOING) - count:,} files, " in told.out
    assert names_in(bundle) == {"manifest.json", "deletion.json", *KEPT}
    assert record.progress is Progress.DONE
    assert (record.begun_at, record.removed, record.kept) == (begun.begun_at, begun.removed, begun.kept)
    assert record.deleted_at > record.begun_at


def test_one_that_was_stopped_before_anything_was_written_down_took_nothing(tmp_path):
    bundle = bundle_by_hand(tmp_path / "old", 500)
    before = names_in(bundle)
    _stop(bundle, "Hashes", 3)

    assert names_in(bundle) == before
    assert read_record(bundle) is None
    check_bundle(bundle)


def test_an_audit_cannot_be_gone_on_with_in_what_a_purge_has_begun_to_take(tmp_path):
    """Without evidence/begun.json there is no audit that --resume would take up."""
    bundle = bundle_by_hand(tmp_path / "old", 500)
    _stop(bundle, "Removing", 1)

    assert not (bundle / "evidence" / "begun.json").exists()
    assert (bundle / "evidence" / "users.jsonl.gz").exists()


def test_one_that_was_begun_is_gone_on_with_whatever_the_limit(tmp_path, purge):
    bundle = bundle_by_hand(tmp_path / "old", 500)
    _stop(bundle, "Removing", 2)

    assert purge(bundle, "--yes", older_than="99y").code == 0
    assert read_record(bundle).older_than == "400d"


def test_what_has_come_back_is_not_passed_over(tmp_path, purge):
    bundle = bundle_by_hand(tmp_path / "old", 500)
    assert purge(bundle, "--yes").code == 0
    (bundle / "findings.csv").write_text("restored")
    told = purge(bundle, "--yes")

    assert told.code == 11
    assert "has come back" in told.out


def test_a_bundle_that_is_not_due_is_not_taken(tmp_path):
    bundle = bundle_by_hand(tmp_path / "young", 5)
    with pytest.raises(BundleProblem, match="not to be purged"):
        take(bundle, LIMIT, lambda: datetime.now(UTC) - timedelta(days=1), _until("", 0))
    assert names_in(bundle) == {*GOING, *KEPT, "manifest.json"}
