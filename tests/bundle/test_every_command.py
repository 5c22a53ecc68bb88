"""Every command that writes, killed at each change of the file system, and refused each: the old state or the new one.

With MFAAUDIT_STEPS=all in the environment the disk refuses every step of every command, and real processes are killed
at every step; otherwise a sample of steps in which each kind of step is.
"""

import errno
import os
import random
import secrets
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from audited import JOBS, copied
from steps import Killed, leftovers, refused, tidy, tree, watched

import mfaaudit.comparing.judged
import mfaaudit.judging
import mfaaudit.sharing.writing
from mfaaudit.annotating import annotate as annotating
from mfaaudit.bundle import check_out
from mfaaudit.cli import main
from mfaaudit.errors import OutputProblem

ALL = os.environ.get("MFAAUDIT_STEPS") == "all"
SEED, PATIENCE_S = 20261201, 120


def once(make, key):
    """The same function, which makes the same only once."""
    made = {}

    def remembering(*arguments):
        known = key(*arguments)
        if known not in made:
            made[known] = make(*arguments)
        return made[known]

    return remembering


@pytest.fixture(scope="module", autouse=True)
def judged_once():
    """Evidence is judged once: it comes to the same whatever the disk does, and takes most of the time."""
    judge = once(
        mfaaudit.judging.judge_evidence,
        lambda bundle, how, _: (bundle.name, how.formats, tuple(pack.id for pack in how.packs)),
    )
    compare = once(
        mfaaudit.comparing.judged.judge_chosen, lambda chosen, _: tuple(bundle.bundle.name for bundle in chosen)
    )
    with pytest.MonkeyPatch.context() as patch:
        for module in (mfaaudit.judging, mfaaudit.sharing.writing):
            patch.setattr(module, "judge_evidence", judge)
        patch.setattr(mfaaudit.comparing.judged, "judge_chosen", compare)
        patch.setattr(annotating, "judge_snapshot", once(annotating.judge_snapshot, lambda *_: ""))
        patch.setattr(annotating, "read_workbook", once(annotating.read_workbook, lambda path, *_: path.name))
        yield


@pytest.fixture(autouse=True)
def the_same_key_each_time(monkeypatch):
    monkeypatch.setattr(secrets, "token_bytes", lambda size: b"\7" * size)


@pytest.fixture(params=JOBS, ids=lambda job: job.name)
def job(request):
    return request.param


def seen(job, place):
    """What a job may change, as far as it does not differ each time: its folder, and its files."""
    found = {f"{job.folder}/{path}": content for path, content in tree(place / job.folder).items()}
    beside = [path for path in place.iterdir() if path.name.removesuffix(".part") in job.files]
    found |= {path.name: path.read_bytes() for path in beside}
    return {path: b"" if path in job.differs else content for path, content in found.items() if content is not None}


def groups(job, found):
    """The folder and each file for itself: every one of them is old or new as a whole."""
    own = [{path: content for path, content in found.items() if path == name} for name in job.files]
    rest = {path: content for path, content in found.items() if path not in job.files and not path.endswith(".part")}
    return [rest, *own]


def is_old_or_new(job, found, old, new):
    if job.name == "purge":
        # It takes file by file, and has on record beforehand what goes: there is no way back that should be kept open.
        return found == old or (
            "due/deletion.json" in found and all(path in old or path == "due/deletion.json" for path in found)
        )
    triples = zip(groups(job, found), groups(job, old), groups(job, new), strict=True)
    return all(now in (before, after) for now, before, after in triples)


def begin_again(job, place):
    """What the same command does first."""
    folder = place / job.folder
    if not folder.exists():
        return
    if job.fresh:
        with suppress(OutputProblem):  # it is finished, and nothing is written over
            check_out(folder)
    else:
        tidy(folder)


def done(job, place):
    """The exit code of a run to the end."""
    return main(job.command(place))


def finishes(job, place, new):
    """The same command again ends well, and leaves nothing but what an undisturbed one leaves."""
    complete = job.fresh and (place / job.folder / "manifest.json").exists()
    all_there = bool(job.files) and all((place / name).exists() for name in job.files)
    # One that was killed when all of its work was done finds its own output, which it does not write over.
    over = complete or (job.folder == "none" and all_there)
    assert done(job, place) in ((2,) if over else job.codes)
    assert seen(job, place) == new
    assert leftovers(place) == []


def undisturbed(job, place, tmp_path):
    here = copied(place, tmp_path / "undisturbed")
    before = seen(job, here)
    with watched() as steps:
        assert done(job, here) in job.codes
    return before, seen(job, here), steps.done


def chosen(steps):
    """The numbers of the steps to try: all, or some of which each kind of step is one."""
    if ALL:
        return range(1, len(steps) + 1)
    chance = random.Random(SEED)
    kinds = {}
    for number, (kind, path) in enumerate(steps, 1):
        staged = next((part for part in path.parts if part.startswith("mfaaudit-next")), "")
        kinds.setdefault((kind, staged), []).append(number)
    some = {chance.choice(numbers) for numbers in kinds.values()}
    return sorted(some | {1, len(steps)})


def test_killed_at_any_step_it_leaves_the_old_state_or_the_new_one(place, tmp_path, job):
    old, new, steps = undisturbed(job, place, tmp_path)
    assert old != new
    here = copied(place, tmp_path / "here")
    killed = Killed(here, tmp_path / "states", only=(job.folder, *job.files)).of(lambda: done(job, here))
    assert len(killed.steps) == len(steps)
    again = set(random.Random(SEED).sample(killed.states, 2)) if not ALL else set(killed.states)
    for number, state in enumerate(killed.states):
        healed = copied(state, tmp_path / f"healed-{number}")
        begin_again(job, healed)
        found = seen(job, healed)
        assert is_old_or_new(job, found, old, new), state
        mine = [path for path in leftovers(healed) if path.parent != healed]
        assert mine == [], state
        if state in again or leftovers(healed) or job.name == "purge":
            for path in place.iterdir():
                if path.name not in (job.folder, *job.files):
                    (state / path.name).symlink_to(path)
            finishes(job, state, new)
    # Of all the rest nothing was changed.
    assert {path: content for path, content in tree(here).items() if path not in mine_of(job, here)} == {
        path: content for path, content in tree(place).items() if path not in mine_of(job, place)
    }


def mine_of(job, place):
    folder = {f"{job.folder}/{path}" for path in tree(place / job.folder)}
    return {job.folder, *folder, *job.files}


def test_a_disk_that_refuses_a_step_costs_nothing_but_the_run(place, tmp_path, job, capsys):
    old, new, steps = undisturbed(job, place, tmp_path)
    numbers = list(chosen(steps))
    to_the_end = set(numbers) if ALL else {numbers[0], numbers[-1], random.Random(SEED).choice(numbers)}
    for number in numbers:
        here = copied(place, tmp_path / f"at-{number}")
        capsys.readouterr()
        with refused(number, errno.ENOSPC):
            code = done(job, here)
        said = capsys.readouterr()
        assert code == job.refused, (number, steps[number - 1])
        assert "ree disk space" in said.err + said.out
        assert "No space left on device" in said.err + said.out
        assert "Traceback" not in said.err
        healed = copied(here, tmp_path / f"healed-{number}")
        begin_again(job, healed)
        assert is_old_or_new(job, seen(job, healed), old, new), (number, steps[number - 1])
        # From the old state and from the new one, byte for byte, it has been seen to end well.
        if number in to_the_end or leftovers(healed) or job.name == "purge":
            finishes(job, here, new)


CHILD = Path(__file__).with_name("killed_child.py")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("name", ["report", "purge"] if not ALL else [job.name for job in JOBS])
def test_a_process_that_is_killed_leaves_the_old_state_or_the_new_one(place, tmp_path, name):
    job = next(job for job in JOBS if job.name == name)
    old, new, steps = undisturbed(job, place, tmp_path)
    numbers = range(1, len(steps) + 1) if ALL else [random.Random(SEED).randint(len(steps) // 2, len(steps))]
    for number in numbers:
        here = copied(place, tmp_path / f"killed-{number}")
        child = subprocess.run(
            [sys.executable, str(CHILD), str(number), *job.command(here)], capture_output=True, timeout=PATIENCE_S
        )
        assert child.returncode == -9, child.stderr
        healed = copied(here, tmp_path / f"healed-{number}")
        begin_again(job, healed)
        assert is_old_or_new(job, seen(job, healed), old, new), number
        finishes(job, here, new)
