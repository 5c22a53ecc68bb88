"""Files of a bundle are replaced as one, whatever happens and whenever: all old or all new."""

import errno
import json

import pytest
from steps import Killed, count, leftovers, refused, tidy, times, tree

from mfaaudit.bundle import LOCK, READY, STAGING, check_bundle, held, reading, replacing
from mfaaudit.bundle.files import write_private
from mfaaudit.bundle.staging import heal
from mfaaudit.errors import BundleProblem, BusyProblem, DiskProblem, OutputProblem
from mfaaudit.manifest import read_manifest, unlisted, write_manifest

OLD = {
    "evidence/users.jsonl.gz": b"read",
    "declared/exceptions.yaml": b"an exception",
    "policies/own/own.yaml": b"a rule",
    "policies/gone/gone.yaml": b"another rule",
    "results.json": b"old",
    "report.html": b"<p>old",
    "tenant.parquet": b"as before",
}
NEW = {
    "policies/own/own.yaml": b"a rule",
    "policies/more/more.yaml": b"a third rule",
    "results.json": b"new results",
    "tenant.parquet": b"as before",
}


def old_bundle(folder):
    for path, content in OLD.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    write_manifest(folder, {"run": {"id": "old"}})
    return folder


def rewrite(bundle, new=NEW, folders=("policies", "declared")):
    with held(bundle), replacing(bundle) as made:
        for name in folders:
            made.replace_folder(name)
        for path, content in new.items():
            (made.folder / path).parent.mkdir(parents=True, exist_ok=True)
            write_private(made.folder / path, content)
        write_manifest(made.folder, {"run": {"id": "new"}}, made.files())


@pytest.fixture
def new(tmp_path):
    """What the bundle holds afterwards."""
    bundle = old_bundle(tmp_path / "undisturbed")
    rewrite(bundle)
    return tree(bundle)


def is_whole(bundle):
    manifest = read_manifest(bundle)
    return unlisted(bundle, manifest) == () and {one.path for one in manifest.files} == {
        path for path, content in tree(bundle).items() if content is not None and path != "manifest.json"
    }


def test_what_is_replaced_what_goes_and_what_stays(tmp_path, new):
    assert {path for path, content in new.items() if content is not None} == {
        *("evidence/users.jsonl.gz", "policies/own/own.yaml", "policies/more/more.yaml", "results.json"),
        *("report.html", "tenant.parquet", "manifest.json"),
    }
    assert "policies/gone" not in new
    assert "declared" not in new
    assert is_whole(tmp_path / "undisturbed")


def test_what_is_the_same_is_not_touched(tmp_path):
    bundle = old_bundle(tmp_path / "bundle")
    before = times(bundle)
    rewrite(bundle)
    after = times(bundle)

    assert {path.name for path in before if before[path] == after.get(path)} == {
        *("users.jsonl.gz", "own.yaml", "report.html", "tenant.parquet")
    }
    rewrite(bundle)
    assert times(bundle) == after


def test_killed_at_any_step_it_is_the_old_bundle_or_the_new_one(tmp_path, new):
    bundle = old_bundle(tmp_path / "bundle")
    old = tree(bundle)
    killed = Killed(bundle, tmp_path / "states").of(lambda: rewrite(bundle))
    came_out = []
    for state in killed.states:
        tidy(state)
        found = tree(state)
        assert found in (old, new), state
        assert is_whole(state)
        came_out.append(found == new)

    assert len(killed.states) > 15
    # Once the new ones are certain they are so for ever.
    assert came_out == sorted(came_out)
    assert len(set(came_out)) == 2


def test_whoever_reads_it_next_finishes_it_too(tmp_path, new):
    bundle = old_bundle(tmp_path / "bundle")
    for state in Killed(bundle, tmp_path / "states").of(lambda: rewrite(bundle)).states:
        half = (state / READY).exists()
        check_bundle(state)
        assert leftovers(state) == []
        assert not half or tree(state) == new


@pytest.mark.parametrize(
    ("code", "from_then_on"), [(errno.ENOSPC, True), (errno.ENOSPC, False), (errno.EIO, False), (errno.EFBIG, True)]
)
def test_a_disk_that_refuses_any_step_leaves_the_old_bundle_or_one_that_heals(tmp_path, new, code, from_then_on):
    counted = old_bundle(tmp_path / "counted")
    steps = count(lambda: rewrite(counted))
    for number in range(1, steps + 1):
        bundle = old_bundle(tmp_path / f"at-{number}")
        old = tree(bundle)
        with refused(number, code, from_then_on=from_then_on), pytest.raises(DiskProblem) as problem:
            rewrite(bundle)
        assert problem.value.exit_code == 1
        assert STAGING not in str(problem.value)
        assert ("ulimit" if code == errno.EFBIG else "disk") in problem.value.hint
        tidy(bundle)
        assert tree(bundle) in (old, new), number
        rewrite(bundle)
        assert tree(bundle) == new


def at_ready(tmp_path):
    """A bundle whose writer was killed when the first of the new files had taken its place."""
    bundle = old_bundle(tmp_path / "bundle")
    states = Killed(bundle, tmp_path / "states").of(lambda: rewrite(bundle)).states
    return [state for state in states if (state / READY).exists()][3]


def test_on_a_disk_that_cannot_be_written_a_half_swapped_bundle_is_called_that(tmp_path):
    state = at_ready(tmp_path)
    with refused(1, errno.EROFS), pytest.raises(BundleProblem, match="an earlier command was interrupted") as problem:
        heal(state)
    assert "mfaaudit report" in problem.value.hint
    heal(state)
    assert leftovers(state) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda facts: facts.update(schema=2),
        lambda facts: facts.update(moves=facts["moves"] | {"../outside": "0" * 64}),
        lambda facts: facts.update(moves=facts["moves"] | {"/etc/passwd": "0" * 64}),
        lambda facts: facts.update(moves=facts["moves"] | {"results.json": "0" * 64}),
        lambda facts: facts.update(removes=["..", "a/../../b"]),
        lambda facts: facts.update(removes=[LOCK]),
        lambda facts: facts.update(removes=5),
        lambda facts: facts.update(moves=[]),
        lambda facts: facts.pop("fresh"),
    ],
)
def test_a_list_that_no_command_wrote_is_not_carried_out(tmp_path, change):
    state = at_ready(tmp_path)
    path = state / READY / "swap.json"
    facts = json.loads(path.read_text())
    change(facts)
    path.write_text(json.dumps(facts))
    before = tree(state)

    with pytest.raises(BundleProblem, match="cannot be used"):
        heal(state)
    assert tree(state) == before


def test_a_new_file_that_is_not_the_one_that_was_listed_takes_no_place(tmp_path):
    state = at_ready(tmp_path)
    (state / READY / "new" / "results.json").write_bytes(b"another")
    with pytest.raises(BundleProblem, match="not the file that was to take its place"):
        heal(state)
    assert (state / "results.json").read_bytes() == b"old"


def test_nothing_is_written_through_a_link(tmp_path):
    state, outside = at_ready(tmp_path), tmp_path / "outside"
    outside.mkdir()
    (state / "policies" / "own" / "own.yaml").unlink()
    for path in (*(state / "policies").rglob("*.yaml"), *(state / READY / "new" / "policies").rglob("*.yaml")):
        path.unlink(missing_ok=True)
    (state / READY / "new" / "policies" / "more" / "more.yaml").write_bytes(NEW["policies/more/more.yaml"])
    for folder in sorted((state / "policies").glob("*")):
        folder.rmdir()
    (state / "policies").rmdir()
    (state / "policies").symlink_to(outside, target_is_directory=True)

    with pytest.raises(BundleProblem):
        heal(state)
    assert list(outside.iterdir()) == []


def test_what_stands_in_the_way_is_found_before_anything_is_replaced(tmp_path):
    bundle = old_bundle(tmp_path / "bundle")
    (bundle / "results.json").unlink()
    (bundle / "results.json").mkdir()
    before = tree(bundle)
    with pytest.raises(OutputProblem, match="is no file"):
        rewrite(bundle)
    assert tree(bundle) == before


@pytest.mark.parametrize(
    ("code", "word", "exit_code"),
    [
        (errno.ENOSPC, "Free disk space", 1),
        (errno.EDQUOT, "Free disk space", 1),
        (errno.EFBIG, "ulimit -f", 1),
        (errno.EMFILE, "Too many files are open", 1),
        (errno.ENFILE, "Too many files are open", 1),
        (errno.EIO, "reported an error", 1),
        (errno.EROFS, "mounted read-only", 2),
        (errno.EACCES, "permissions", 2),
        (errno.EPERM, "permissions", 2),
        (errno.ENAMETOOLONG, "another folder", 2),
    ],
)
def test_the_hint_fits_what_was_refused(tmp_path, code, word, exit_code):
    with refused(1, code), pytest.raises(OutputProblem, match=r"results\.json could not be written") as problem:
        write_private(tmp_path / "results.json", b"x")
    assert problem.value.exit_code == exit_code
    assert word in problem.value.hint
    assert ("disk space" in problem.value.hint) == (code in (errno.ENOSPC, errno.EDQUOT))


def test_two_do_not_write_into_a_bundle_at_once_and_none_reads_what_another_writes(tmp_path):
    bundle = old_bundle(tmp_path / "bundle")
    with held(bundle):
        for other in (held, reading):
            with pytest.raises(BusyProblem, match="another mfaaudit command is writing into"), other(bundle):
                pass
    with reading(bundle), reading(bundle):
        with pytest.raises(BusyProblem, match="another mfaaudit command is reading"), held(bundle):
            pass
        check_bundle(bundle)
    with held(bundle):
        pass


def test_the_lock_stays_empty_and_private(tmp_path):
    bundle = old_bundle(tmp_path / "bundle")
    rewrite(bundle)
    first = (bundle / LOCK).stat()
    rewrite(bundle)

    assert (first.st_size, first.st_mode & 0o777) == (0, 0o600)
    assert (bundle / LOCK).stat().st_ino == first.st_ino
    assert is_whole(bundle)


def test_a_bundle_that_is_only_read_gets_no_lock(tmp_path):
    bundle = old_bundle(tmp_path / "bundle")
    before = times(bundle)
    with reading(bundle):
        assert times(bundle) == before
    assert not (bundle / LOCK).exists()


def test_a_lock_in_which_something_hides_is_no_lock(tmp_path):
    bundle = old_bundle(tmp_path / "bundle")
    (bundle / LOCK).write_bytes(b"")
    assert unlisted(bundle, read_manifest(bundle)) == ()
    (bundle / LOCK).write_bytes(b"names")
    assert unlisted(bundle, read_manifest(bundle)) == (LOCK,)
    (bundle / LOCK).unlink()
    (bundle / LOCK).symlink_to(tmp_path)
    assert unlisted(bundle, read_manifest(bundle)) == (LOCK,)
