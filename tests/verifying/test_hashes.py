"""One changed byte anywhere is found and named, and so is whatever is missing or stands there besides."""

import json
import os
import random
import socket
import sys
from hashlib import sha256

import pytest

from mfaaudit.verifying.states import State, Way

POSITIONS = 3
"""Beside the first and the last."""


def files(bundle):
    return [path for path in sorted(bundle.rglob("*")) if path.is_file() and path.name != "manifest.json"]


def wrong(made):
    return {one.path: one.state for one in made.wrong}


def test_one_changed_byte_in_any_file_is_found_without_judging_again(bundle, check):
    chance = random.Random(7)
    seen = set()
    for path in files(bundle):
        content = path.read_bytes()
        places = {0, len(content) - 1, *(chance.randrange(len(content)) for _ in range(POSITIONS))} if content else ()
        name = path.relative_to(bundle).as_posix()
        for place in places:
            changed = bytearray(content)
            changed[place] ^= 1 << chance.randrange(8)
            path.write_bytes(changed)
            made = check(bundle)
            assert wrong(made) == {name: State.ALTERED}, (name, place)
            (found,) = made.wrong
            assert (found.expected, found.found) == (sha256(content).hexdigest(), sha256(changed).hexdigest())
            assert (made.exit_code, made.way) == (10, Way.NOT)
            seen.add(name.split("/", 1)[0])
        path.write_bytes(content)
    assert {"actions", "declared", "earlier", "evidence", "policies", "report.xlsx", "users.parquet"} <= seen


@pytest.mark.parametrize("change", [lambda old: old[:-1], lambda old: old + b"\n", lambda _: b""])
def test_another_size_is_said(bundle, check, change):
    path = bundle / "findings.csv"
    old = path.read_bytes()
    path.write_bytes(change(old))
    (found,) = check(bundle).wrong
    assert found.state is State.ALTERED
    assert found.note == f"{len(change(old)):,} bytes instead of {len(old):,}"


def test_every_missing_file_is_named(bundle, check):
    for path in files(bundle):
        content = path.read_bytes()
        path.unlink()
        assert wrong(check(bundle)) == {path.relative_to(bundle).as_posix(): State.MISSING}
        path.write_bytes(content)


def test_what_the_manifest_does_not_list_is_named(bundle, check):
    (bundle / "notes.txt").write_text("mine", encoding="utf-8")
    (bundle / "evidence" / "roleEligibilitySchedules.jsonl.gz").write_bytes(b"")
    (bundle / "empty" / "below").mkdir(parents=True)
    (bundle / "full").mkdir()
    (bundle / "full" / "manifest.json").write_text("{}", encoding="utf-8")
    names = {
        "notes.txt": State.EXTRA,
        "evidence/roleEligibilitySchedules.jsonl.gz": State.EXTRA,
        "empty/below": State.EXTRA,
        "full/manifest.json": State.EXTRA,
    }
    assert wrong(check(bundle)) == names


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_what_is_no_file_is_named_and_never_opened(bundle, check, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes((bundle / "report.html").read_bytes())
    for name in ("report.html", "findings.csv", "users.parquet"):
        (bundle / name).unlink()
    (bundle / "report.html").symlink_to(elsewhere)
    os.mkfifo(bundle / "findings.csv")
    (bundle / "users.parquet").mkdir()
    (bundle / "link").symlink_to(tmp_path)
    os.mkfifo(bundle / "evidence" / "pipe")
    door = socket.socket(socket.AF_UNIX)
    os.chdir(bundle)
    door.bind("door")
    made = check(bundle)
    door.close()
    notes = {one.path: one.note for one in made.wrong}
    assert wrong(made) == {
        "report.html": State.ALTERED,
        "findings.csv": State.ALTERED,
        "users.parquet": State.ALTERED,
        "link": State.EXTRA,
        "evidence/pipe": State.EXTRA,
        "door": State.EXTRA,
    }
    assert notes["report.html"] == "a link stands in the place of the file"
    assert notes["findings.csv"] == "a pipe stands in the place of the file"
    assert (notes["link"], notes["evidence/pipe"], notes["door"]) == ("a link", "a pipe", "a socket")


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_folder_behind_a_link_is_missing_however_right_its_files_are(bundle, check, tmp_path):
    (bundle / "actions").rename(tmp_path / "actions")
    (bundle / "actions").symlink_to(tmp_path / "actions")
    made = check(bundle)
    assert made.count(State.MISSING) == len(list((tmp_path / "actions").rglob("*")))
    assert wrong(made)["actions"] is State.EXTRA


def test_every_file_is_in_one_state_and_they_add_up(bundle, check):
    (bundle / "notes.txt").write_text("mine", encoding="utf-8")
    (bundle / "report.html").unlink()
    (bundle / "findings.csv").write_text("", encoding="utf-8")
    made = check(bundle)
    listed = {one["path"] for one in json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))["files"]}
    names = [one.path for one in made.files]
    assert sorted(names) == sorted(listed | {"manifest.json", "notes.txt"})
    assert sum(made.count(state) for state in State) == len(names)
    assert {state: made.count(state) for state in (State.ALTERED, State.MISSING, State.EXTRA)} == {
        State.ALTERED: 1,
        State.MISSING: 1,
        State.EXTRA: 1,
    }
    # The rest have the hash that is listed: what results follow from is as it was, and of results no more is known.
    inputs = {name for name in listed if "/" in name and not name.startswith("actions/")} | {"inputs.sha256"}
    assert {one.path for one in made.files if one.state is State.INTACT} == inputs


def test_the_hashes_alone_leave_results_open(bundle, check):
    made = check(bundle, hashes_only=True)
    assert (made.exit_code, made.wrong) == (11, ())
    assert made.count(State.INTACT) + made.count(State.NOT_CHECKED) == len(made.files)
    assert {one.path for one in made.files if one.state is State.NOT_CHECKED} >= {"report.xlsx", "manifest.json"}


def test_what_is_altered_is_said_in_words_and_to_programs(bundle, said):
    path = bundle / "findings.csv"
    old = sha256(path.read_bytes()).hexdigest()
    path.write_bytes(path.read_bytes() + b"\n")
    new = sha256(path.read_bytes()).hexdigest()
    code, printed = said(bundle)
    assert code == 10
    assert "ALTERED" in printed.out
    assert f"expected  {old}" in printed.out
    assert f"found     {new}" in printed.out
    assert "nothing is judged over altered files" in printed.out
    assert printed.out.splitlines()[-1] == "The bundle is not what was handed over: 1 altered."
    code, printed = said(bundle, "--json")
    told = json.loads(printed.out)
    assert (code, told["exitCode"], told["counts"]["ALTERED"]) == (10, 10, 1)
    assert [one for one in told["files"] if one["state"] == "ALTERED"] == [
        {
            "path": "findings.csv",
            "state": "ALTERED",
            "expected": old,
            "found": new,
            "note": f"{path.stat().st_size:,} bytes instead of {path.stat().st_size - 1:,}",
        }
    ]
    assert sum(told["counts"].values()) == len(told["files"])


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root and Windows may read everything")
def test_what_may_not_be_read_is_not_checked(bundle, check):
    (bundle / "findings.csv").chmod(0)
    made = check(bundle)
    assert (made.exit_code, made.wrong) == (11, ())
    assert "cannot be read" in next(one.note for one in made.files if one.path == "findings.csv")


def test_without_a_place_for_temporary_files_the_hashes_can_be_checked(bundle, said, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    code, printed = said(bundle)
    assert code == 2
    assert "--hashes-only" in printed.err
    assert said(bundle, "--hashes-only")[0] == 11


def test_nothing_that_was_drawn_stays(bundle, check, monkeypatch, tmp_path):
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    assert check(bundle).exit_code == 0
    assert list(place.iterdir()) == []
