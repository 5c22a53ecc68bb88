"""A disk that is really full, and a place for temporary files that nobody may write to."""

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from audited import copied
from steps import leftovers, tidy, tree

from mfaaudit.cli import main

MOUNT, UMOUNT = shutil.which("mount"), shutil.which("umount")
ONLY_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux mounts a disk in memory, or has /proc")


@contextmanager
def small_disk(place, kilobytes):
    """A disk in memory of so many kilobytes; skips the test where none can be mounted."""
    place.mkdir()
    if not (MOUNT and UMOUNT):
        pytest.skip("no disk can be mounted here: there is no mount")
    command = [MOUNT, "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(place)]
    made = subprocess.run(command, capture_output=True, text=True)
    if made.returncode:
        pytest.skip(f"no disk can be mounted here, which needs root: {made.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run([UMOUNT, str(place)], check=True)


def size(folder):
    return sum(-(-path.stat().st_size // 4096) * 4 + 4 for path in folder.rglob("*") if path.is_file())


@ONLY_LINUX
@pytest.mark.parametrize("room", [0, 24, 120])
def test_a_real_disk_that_fills_while_reports_are_drawn(place, tmp_path, capsys, room):
    """With this much room, the disk is full at once, within Parquet, or later."""
    with small_disk(tmp_path / "disk", size(place / "second") + room) as disk:
        bundle = disk / "second"
        shutil.copytree(place / "second", bundle)
        before = tree(bundle)
        capsys.readouterr()
        code = main(["report", str(bundle), "--quiet"])
        said = capsys.readouterr().err

        assert code == 1
        assert "could not be written: No space left on device" in said or "cannot be made: No space left" in said
        assert "hint: Free disk space where" in said
        assert "ComputeError" not in said
        tidy(bundle)
        assert tree(bundle) == before
        subprocess.run([MOUNT, "-o", "remount,size=64m", str(disk)], check=True)
        assert main(["report", str(bundle), "--quiet"]) == 10
        assert main(["verify", str(bundle), "--quiet"]) == 0


@ONLY_LINUX
def test_parquet_for_which_there_is_no_room_is_a_full_disk(tmp_path):
    import polars as pl

    from mfaaudit.bundle import private_file
    from mfaaudit.errors import DiskProblem

    frame = pl.DataFrame({"id": [os.urandom(16).hex() for _ in range(20_000)]})
    for write in (lambda file: frame.write_parquet(file, compression="zstd"), frame.write_csv):
        disk = tmp_path / f"disk-{write.__name__}"
        full = pytest.raises(DiskProblem, match="No space left on device")
        with small_disk(disk, 300), full as problem, private_file(disk / "users.parquet") as file:
            write(file)
        assert "Free disk space" in problem.value.hint


@ONLY_LINUX
def test_a_limit_on_the_size_of_files_is_called_that(place, tmp_path, capsys):
    import resource

    here = copied(place, tmp_path / "here")
    before = tree(here)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        code = main(["report", str(here / "second"), "--quiet"])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert code == 1
    assert "ulimit -f" in capsys.readouterr().err
    assert tree(here) == before
    assert leftovers(here) == []


class Opened:
    """Every file that the process opened to write, by the interpreter's own account."""

    def __init__(self):
        self.paths, self.on = [], False
        sys.addaudithook(self._hook)

    def _hook(self, event, arguments):
        if self.on and event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
            path, mode, flags = arguments
            if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) or set(str(mode or "")) & set("wax+"):
                self.paths.append(str(Path(os.fsdecode(path)).absolute()))


@pytest.fixture(scope="module")
def opened():
    return Opened()


COMMANDS = {
    "report": ["report", "@second", "--format", "xlsx,html,csv,json,actions,ocsf,oscal,junit"],
    "evaluate": ["evaluate", "@second", "--policy", "baseline", "--out", "@out"],
    "compare": ["compare", "@first", "@second", "--out", "@out"],
    "share": ["report", "@second", "--share", "internal", "--out", "@out"],
    "annotate": ["annotate", "@second", "@decided.xlsx", "--out", "@proposed.yaml"],
    "sign": ["sign", "@second", "--key", "@key.pem"],
    "purge": ["purge", "@due", "--older-than", "400d", "--yes"],
    "explain": ["explain", "@first", "nobody@contoso.example"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_nothing_is_written_outside_of_where_it_belongs(place, tmp_path, monkeypatch, opened, name):
    """Also what libraries write: the folder for temporary files is watched and stays empty."""
    here, temporary = copied(place, tmp_path / "here"), tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr("tempfile.tempdir", None)
    opened.paths.clear()
    opened.on = True
    try:
        main([one.replace("@", f"{here}/") for one in COMMANDS[name]] + ["--quiet"])
    finally:
        opened.on = False
    written = [path for path in opened.paths if not path.startswith(("/dev/", "/proc/")) and "__pycache__" not in path]
    assert [path for path in written if not path.startswith(f"{here}/")] == []
    assert list(temporary.iterdir()) == []
    assert written or name == "explain"
    assert leftovers(here) == []


@ONLY_LINUX
def test_no_library_makes_a_file_of_its_own(place, tmp_path):
    """As the system sees it: in a process whose folder for temporary files cannot take any."""
    here = copied(place, tmp_path / "here")
    script = "import sys; from mfaaudit.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", script, "report", str(here / "second"), "--quiet"]
    gone = {name: str(tmp_path / "gone") for name in ("TMPDIR", "POLARS_TEMP_DIR", "HOME")}
    done = subprocess.run(command, env=os.environ | gone, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 10, done.stderr
    assert not (tmp_path / "gone").exists()
