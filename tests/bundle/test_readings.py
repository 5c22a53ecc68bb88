"""Audits and rechecks, which read a tenant, killed at each change of the file system and refused some of them."""

import errno
import json
import random
import shutil

import pytest
from audited import nothing, tenant
from in_process import connected
from one_run import timeless
from rechecks_by_hand import in_no_time, recheck
from steps import Killed, count, leftovers, refused, tidy

from mfaaudit.auditing import collect, go_on
from mfaaudit.brief import brief
from mfaaudit.bundle import EVIDENCE, check_out
from mfaaudit.errors import DiskProblem
from mfaaudit.evidence.mending import mend
from mfaaudit.evidence.past import Past
from mfaaudit.evidence.run import BEGUN_FILE, Order
from mfaaudit.judging import judge_bundle
from mfaaudit.manifest import is_unaltered, read_manifest, unlisted

SEED = 20261201
HOW = brief(("baseline",), "low", "json,csv")


@pytest.fixture(scope="module")
def asked():
    return tenant()


def audit(asked, bundle):
    """An audit from its beginning, or the rest of one; judged."""
    connection = connected(asked)
    if (bundle / EVIDENCE / BEGUN_FILE).exists():
        reading = go_on(connection, Order(), bundle, nothing, nothing)
    else:
        reading = collect(connection, Order(), bundle, nothing, nothing)
    in_no_time(reading)
    judge_bundle(bundle, HOW, nothing)
    return results(bundle)


def results(bundle):
    return timeless(json.loads((bundle / "results.json").read_text(encoding="utf-8")))


def check(bundle):
    """Whether a manifest is there, which then is true of every file."""
    if not (bundle / "manifest.json").exists():
        return False
    manifest = read_manifest(bundle)
    assert unlisted(bundle, manifest) == ()
    assert all(is_unaltered(bundle, one) for one in manifest.files)
    return True


@pytest.fixture(scope="module")
def undisturbed(asked, tmp_path_factory):
    return audit(asked, tmp_path_factory.mktemp("undisturbed") / "bundle")


def test_an_audit_that_is_killed_at_any_step_is_gone_on_with_or_done(asked, undisturbed, tmp_path):
    place = tmp_path / "place"
    place.mkdir()
    killed = Killed(place, tmp_path / "states").of(lambda: audit(asked, place / "bundle"))
    chance = random.Random(SEED)
    half = [state for state in killed.states if (state / "bundle" / "mfaaudit-next.ready").exists()]
    again = {*chance.sample(killed.states, 4), chance.choice(half)}
    finished = []
    for state in killed.states:
        bundle = state / "bundle"
        if not (bundle / EVIDENCE / BEGUN_FILE).exists():
            check_out(bundle)
            finished.append(False)
            if state == killed.states[0] or (bundle / EVIDENCE / f"{BEGUN_FILE}.part").exists():
                assert audit(asked, bundle) == undisturbed
        else:
            if state in again and (state in half or not (bundle / "manifest.json").exists()):
                # Journals are appended to in place, and states share what did not change between them.
                assert audit(asked, shutil.copytree(bundle, tmp_path / f"again-{state.name}")) == undisturbed
            tidy(bundle)
            finished.append(check(bundle))
            mend(bundle / EVIDENCE)
            Past(bundle / EVIDENCE)
        assert leftovers(bundle) == [] or finished[-1] is False

    assert len(killed.states) > 100
    assert (finished[0], finished[-1]) == (False, True)


def test_an_audit_whose_disk_is_full_says_so_and_is_gone_on_with(asked, undisturbed, tmp_path):
    steps = count(lambda: audit(asked, tmp_path / "counted"))
    chance = random.Random(SEED)
    for number in (1, *chance.sample(range(2, steps), 6), steps - 3):
        bundle = tmp_path / f"at-{number}"
        with refused(number, errno.ENOSPC), pytest.raises(DiskProblem, match="No space left") as problem:
            audit(asked, bundle)
        assert "Free disk space" in problem.value.hint
        if (bundle / "manifest.json").exists() and not (bundle / "mfaaudit-next.ready").exists():
            # All was done but to remove what is of no use any more.
            tidy(bundle)
            assert results(bundle) == undisturbed
        else:
            assert audit(asked, bundle) == undisturbed, number
        assert leftovers(bundle) == []
        assert check(bundle)


@pytest.fixture(scope="module")
def flagged(asked, tmp_path_factory):
    bundle = tmp_path_factory.mktemp("flagged") / "bundle"
    audit(asked, bundle)
    return bundle


def checked_again(asked, flagged, out):
    recheck(asked, flagged, out, formats=("json", "csv"))
    made = json.loads((out / "recheck.json").read_text(encoding="utf-8"))
    return [(one["ruleId"], one["userId"], one["result"]) for one in made["findings"]]


def test_a_recheck_that_is_killed_at_any_step_is_done_or_has_no_result(asked, flagged, tmp_path):
    place = tmp_path / "place"
    place.mkdir()
    killed = Killed(place, tmp_path / "states").of(lambda: checked_again(asked, flagged, place / "out"))
    for state in killed.states:
        out = state / "out"
        if not out.exists():
            continue
        tidy(out)
        assert leftovers(out) == []
        assert check(out) == (out / "recheck.json").exists() == (out / "recheck.csv").exists()
    assert check(out)
    assert len(killed.states) > 50


def test_a_recheck_whose_disk_is_full_says_so_and_another_one_ends_well(asked, flagged, tmp_path):
    whole = checked_again(asked, flagged, tmp_path / "whole")
    steps = count(lambda: checked_again(asked, flagged, tmp_path / "counted"))
    for number in random.Random(SEED).sample(range(1, steps), 5):
        with refused(number, errno.ENOSPC), pytest.raises(DiskProblem, match="No space left") as problem:
            checked_again(asked, flagged, tmp_path / f"at-{number}")
        assert "Free disk space" in problem.value.hint
        assert checked_again(asked, flagged, tmp_path / f"again-{number}") == whole
