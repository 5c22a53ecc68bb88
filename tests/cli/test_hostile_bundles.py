"""A bundle that somebody changed to do harm, given to every command that reads one: a word, no harm, no traceback."""

import gzip
import json
import os
import shutil
import sys
from hashlib import sha256
from pathlib import Path

import pytest

COMMANDS = {
    "report": lambda bundle, out: ("report", bundle),
    "share": lambda bundle, out: ("report", bundle, "--share", "full", "--out", out),
    "evaluate": lambda bundle, out: ("evaluate", bundle, "--out", out),
    "earlier": lambda bundle, out: ("evaluate", bundle.parent / "now", "--earlier", bundle, "--out", out),
    "annotate": lambda bundle, out: ("annotate", bundle, bundle.parent / "now" / "report.xlsx"),
    "verify": lambda bundle, out: ("verify", bundle, "--hashes-only"),
}


@pytest.fixture
def hostile(messy, tmp_path):
    """A copy to be changed, beside one that stays as it is."""
    shutil.copytree(messy.bundle, tmp_path / "now", copy_function=lambda old, new: Path(new).hardlink_to(old))
    return shutil.copytree(messy.bundle, tmp_path / "copy")


@pytest.fixture(params=COMMANDS)
def given(request, mfaaudit, hostile, tmp_path):
    """Gives the copy to one command after the other."""

    def go():
        before = everything(hostile)
        said = mfaaudit(*COMMANDS[request.param](hostile, tmp_path / "out"))
        assert "Traceback" not in said.err
        assert everything(hostile) == before, "the bundle was changed"
        return request.param, said

    return go


def everything(bundle):
    """Whatever a change of any file would change; nothing is opened, as some are pipes, links and huge."""
    return {
        path: (now.st_ino, now.st_mode, now.st_size, now.st_mtime_ns) if not path.is_dir() else None
        for path in bundle.rglob("*")
        for now in [path.lstat()]
    }


def reseal(bundle):
    """Fixes the hashes, as whoever changes a bundle can."""
    path = bundle / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    for one in manifest["files"]:
        content = (bundle / one["path"]).read_bytes()
        one |= {"sha256": sha256(content).hexdigest(), "bytes": len(content)}
    path.write_text(json.dumps(manifest), encoding="utf-8")


def refused(said, *words):
    assert said.code == 1, said.out + said.err
    assert "hint: " in said.err
    for word in words:
        assert word in said.err
    return True


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
@pytest.mark.parametrize("name", ["evidence/users.jsonl.gz", "policies", "report.html", "evidence"])
def test_a_link_in_the_place_of_a_file_or_a_folder(given, hostile, tmp_path, name):
    (hostile / name).rename(tmp_path / "elsewhere")
    (hostile / name).symlink_to(tmp_path / "elsewhere")
    command, said = given()
    if command == "verify":
        assert said.code == 10
        assert "a link" in said.out
    else:
        assert refused(said, f"{name} is a link")
    assert (tmp_path / "elsewhere").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
@pytest.mark.parametrize("name", ["evidence/run.json", "evidence/groupMembers.jsonl.gz", "notes", "manifest.json"])
def test_a_pipe_in_the_place_of_a_file_is_never_opened(given, hostile, name):
    (hostile / name).unlink(missing_ok=True)
    os.mkfifo(hostile / name)
    command, said = given()
    if command == "verify" and name != "manifest.json":
        assert said.code == 10
        assert "a pipe" in said.out
    else:
        assert refused(said, f"{name} is a pipe")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has such a device")  # noqa: PTH110
def test_a_link_to_a_device_is_never_read(given, hostile):
    (hostile / "results.json").unlink()
    (hostile / "results.json").symlink_to("/dev/zero")
    command, said = given()
    assert said.code == (10 if command == "verify" else 1)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda old: old | {"schema": 99}, "schema 99"),
        (lambda old: old | {"schema": 0}, "schema 0"),
        (lambda old: old | {"files": [{"path": "/etc/passwd", "sha256": "0" * 64, "bytes": 1}]}, "/etc/passwd"),
        (lambda old: old | {"files": [{"path": "../outside", "sha256": "0" * 64, "bytes": 1}]}, "../outside"),
        (lambda old: old | {"files": [*old["files"], old["files"][0] | {"path": "EVIDENCE/run.json"}]}, "twice"),
        (lambda old: old | {"files": 7}, "not a manifest"),
        (lambda old: [old], "not a manifest"),
    ],
)
def test_a_manifest_that_bites(given, hostile, change, word):
    path = hostile / "manifest.json"
    path.write_text(json.dumps(change(json.loads(path.read_text(encoding="utf-8")))), encoding="utf-8")
    assert refused(given()[1], word)


@pytest.mark.parametrize("content", [b"[" * 2_000_000, b"{", b"", b"null"])
def test_a_manifest_that_is_none(given, hostile, content):
    (hostile / "manifest.json").write_bytes(content)
    assert refused(given()[1], "manifest.json")


def test_a_huge_manifest(given, hostile):
    with (hostile / "manifest.json").open("wb") as file:
        file.truncate(50 << 30)
    assert refused(given()[1], "larger than the 16 MiB")


@pytest.mark.parametrize(
    "facts",
    [
        {"failOn": "never"},
        {"failOn": 7},
        {"formats": 7},
        {"formats": [7]},
        {"posture": "none"},
        {"allowConflicts": "no"},
        {"declared": 7},
        {"declared": {"exceptions": 7}},
        {"run": 7},
        {"run": {"policies": [{"id": "baseline"}]}},
        {"run": {"policies": [{"id": "../baseline", "sha256": "0", "listsSha256": "0", "basedOn": []}]}},
        {"run": {"policies": 7}},
    ],
)
def test_facts_that_are_none_end_with_a_word(given, hostile, facts):
    path = hostile / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | facts), encoding="utf-8")
    command, said = given()
    if command in ("verify", "evaluate"):
        # One looks at hashes, and the other is given its policies anew.
        assert said.code in (0, 10, 11)
    else:
        assert said.code in (1, 2)
        assert "hint: " in said.err


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("run.json", b"{}"),
        ("run.json", b"[" * 500_000),
        ("run.json", b" " * (17 << 20)),
        ("users.jsonl.gz", b"plain"),
        ("users.jsonl.gz", gzip.compress(bytes(200 << 20))),
        ("perUser.jsonl.gz", gzip.compress(b"[" * 100_000 + b"\n")),
        ("organization.jsonl.gz", gzip.compress(b'{"status": 1}')),
    ],
    ids=lambda one: one if isinstance(one, str) else str(len(one)),
)
def test_evidence_that_bites_under_hashes_that_are_right(given, hostile, name, content):
    (hostile / "evidence" / name).write_bytes(content)
    reseal(hostile)
    command, said = given()
    if command == "verify":
        assert said.code in (10, 11)
    else:
        assert refused(said, name)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("id", 7),
        ("requests", "many"),
        ("simulated", "yes"),
        ("started_at", "2026-03-01T12:00:00"),
        ("identity", {}),
        ("sessions", [7]),
        ("packages", ["httpx"]),
        ("groups", [7]),
        ("tenant_name", None),
        ("collect", ["per-user"]),
    ],
)
def test_facts_of_the_run_of_another_kind(given, hostile, key, value):
    path = hostile / "evidence" / "run.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {key: value}), encoding="utf-8")
    reseal(hostile)
    command, said = given()
    if command == "verify":
        assert said.code in (10, 11)
    else:
        assert refused(said, "run.json")


def test_an_answer_that_was_slipped_in_is_refused(given, hostile):
    (hostile / "evidence" / "roleEligibilitySchedules.jsonl.gz").write_bytes(b"")
    command, said = given()
    if command == "verify":
        assert said.code == 10
        assert "roleEligibilitySchedules" in said.out
    else:
        assert refused(said, "was not there when the audit was judged")


def test_a_half_written_bundle(given, hostile):
    (hostile / "manifest.json").unlink()
    (hostile / "report.html").unlink()
    command, said = given()
    if command == "evaluate":
        # Evidence that nobody has judged yet is taken as it is.
        assert said.code in (10, 11)
    else:
        assert refused(said, "has no manifest.json")
