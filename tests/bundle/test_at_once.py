"""Several commands on one bundle at once, what a killed `report` leaves, and the temporary files of `verify`."""

import stat
import subprocess
import sys
import threading

import pytest
from audited import copied
from filelock import FileLock
from steps import Killed, leftovers, tree, watched

from mfaaudit.bundle import LOCK, held, scratch
from mfaaudit.bundle.scratch import PREFIX, scratch_folder
from mfaaudit.cli import main
from mfaaudit.manifest import read_manifest

PATIENCE_S = 120


@pytest.mark.skipif(sys.platform == "win32", reason="looks for the words of a POSIX system")
def test_three_reports_at_once_end_well_or_are_refused_with_a_true_word(place, tmp_path):
    bundle = copied(place, tmp_path / "here") / "second"
    command = [sys.executable, "-m", "mfaaudit", "report", str(bundle), "--format", "json,csv,html,actions", "--quiet"]
    three = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path)
        for _ in range(3)
    ]
    said = [(process.communicate(timeout=PATIENCE_S)[1], process.returncode) for process in three]

    assert any(code == 10 for _, code in said)
    for text, code in said:
        assert code == 10 or (code == 2 and f"another mfaaudit command is writing into {bundle}" in text), text
        assert "disk" not in text
        assert "Traceback" not in text
    assert main(["verify", str(bundle), "--quiet"]) == 0


def test_every_command_says_who_is_in_its_way(place, tmp_path, capsys):
    here = copied(place, tmp_path / "here")
    commands = {
        "report": ["report", "@second"],
        "evaluate": ["evaluate", "@second", "--policy", "baseline", "--out", "@out"],
        "compare": ["compare", "@first", "@second", "--out", "@out"],
        "share": ["report", "@second", "--share", "full", "--out", "@out"],
        "annotate": ["annotate", "@second", "@decided.xlsx"],
        "sign": ["sign", "@second", "--key", "@key.pem"],
        "verify": ["verify", "@second"],
        "explain": ["explain", "@second", "nobody@contoso.example"],
        "earlier": ["evaluate", "@first", "--policy", "baseline", "--earlier", "@second", "--out", "@out"],
        "recheck": ["recheck", "@second", "--graph-url", "http://127.0.0.1:9", "--auth", "token"],
    }
    before = tree(here)
    with held(here / "second"):
        for name, words in commands.items():
            capsys.readouterr()
            assert main([*(word.replace("@", f"{here}/") for word in words), "--quiet"]) == 2, name
            assert "another mfaaudit command is writing into" in capsys.readouterr().err, name
        assert main(["purge", str(here / "second"), "--older-than", "0d", "--yes"]) == 11
        assert "another mfaaudit command is writing into" in capsys.readouterr().out
    assert tree(here) == before


def test_a_report_that_was_killed_over_its_workbook_leaves_nothing_for_the_next_to_seal(place, tmp_path):
    bundle = copied(place, tmp_path / "here") / "second"
    assert main(["report", str(bundle), "--quiet"]) == 10
    killed = Killed(bundle, tmp_path / "states", when=lambda _, path: path.name == "sheet9.xml")
    killed.of(lambda: main(["report", str(bundle), "--quiet"]))
    drawing = [state for state in killed.states if list(state.rglob("report.xlsx-sheets.part/*"))]
    assert len(drawing) > 1
    state = drawing[len(drawing) // 2]
    # An older version left such a part beside the reports.
    (state / "report.xlsx.part").write_bytes(b"half")

    assert main(["report", str(state), "--format", "json", "--quiet"]) == 10
    assert leftovers(state) == []
    assert not [one.path for one in read_manifest(state).files if "part" in one.path.split(".")]
    assert main(["verify", str(state), "--quiet"]) == 0


def test_verify_heals_what_was_interrupted_and_judges_the_whole(place, tmp_path):
    bundle = copied(place, tmp_path / "here") / "second"
    killed = Killed(bundle, tmp_path / "states", when=lambda kind, _: kind in ("mkdir", "rename"))
    killed.of(lambda: main(["report", str(bundle), "--format", "json,csv", "--quiet"]))
    half = [state for state in killed.states if (state / "mfaaudit-next.ready").exists()]
    staged = [state for state in killed.states if (state / "mfaaudit-next.part").exists()]
    # What was there before came from another program, as far as hashes tell: whole.
    assert main(["verify", str(staged[3]), "--hashes-only", "--quiet"]) == 11
    assert main(["verify", str(half[2]), "--quiet"]) in (0, 10)
    assert leftovers(staged[3]) == leftovers(half[2]) == []


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def test_what_verify_writes_is_private_and_gone_in_the_end(temporary):
    with scratch_folder() as folder:
        assert folder.is_relative_to(temporary)
        for path in (folder, folder.parent):
            assert stat.S_IMODE(path.stat().st_mode) == 0o700
        (folder / "report.html").write_bytes(b"names")
        with scratch_folder() as other:
            # Both are in use, and stay.
            assert other != folder
            assert folder.exists()
    assert list(temporary.iterdir()) == []


def test_what_a_killed_verify_left_goes_with_the_next_and_nothing_else(temporary):
    left = Killed(temporary, temporary.parent / "states").of(lambda: _draw(temporary)).states
    for state in left:
        for path in sorted(state.iterdir()):
            path.rename(temporary / path.name)
        with scratch_folder():
            assert len(list(temporary.iterdir())) == 1
        assert list(temporary.iterdir()) == []
    (temporary / "mfaaudit-other").mkdir()
    outside = temporary.parent / "outside"
    outside.mkdir()
    (outside / "mine").write_bytes(b"")
    (temporary / f"{PREFIX}link").symlink_to(outside)
    with scratch_folder():
        pass
    assert {path.name for path in temporary.iterdir()} == {"mfaaudit-other", f"{PREFIX}link"}
    assert (outside / "mine").exists()


def _draw(temporary):
    with scratch_folder() as folder:
        (folder / "below").mkdir()
        (folder / "below" / "report.html").write_bytes(b"names")
        scratch.files.change("write", folder)


@pytest.mark.parametrize("already_gone", [False, True], ids=["locked", "gone"])
def test_whose_new_folder_is_swept_before_it_is_locked_makes_another(temporary, already_gone):
    taken = []

    def at(_number, kind, path):
        if (kind, path.name) == ("open", LOCK) and not taken:
            if already_gone:
                path.parent.rmdir()
                taken.append(None)
            else:
                taken.append(FileLock(path))
                taken[0].acquire()

    with watched(at), scratch_folder() as folder:
        assert folder.exists()
        assert len(taken) == 1
        assert len(list(temporary.iterdir())) == (1 if already_gone else 2)
    if not already_gone:
        taken[0].release()


def test_many_that_verify_at_once_leave_each_other_alone(temporary):
    wrong = []

    def one():
        for _ in range(20):
            try:
                with scratch_folder() as folder:
                    (folder / "file").write_bytes(b"x")
                    if not (folder / "file").exists():
                        wrong.append(folder)
            except BaseException as error:
                wrong.append(error)
                raise

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=PATIENCE_S)
    assert wrong == []
    assert list(temporary.iterdir()) == []
