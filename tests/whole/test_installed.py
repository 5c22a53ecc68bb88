"""The data that ships with the program is found from a checkout, from an editable install and from a wheel."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from mfaaudit.program import own_sha256

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 180


def run(*command, **more):
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, **more)


def done(*command, **more):
    said = run(*command, **more)
    assert said.returncode == 0, said.stdout + said.stderr
    return said


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A checkout of its own, so that nothing is written into the real one."""
    folder = tmp_path_factory.mktemp("source")
    for name in ("mfaaudit", "policies", "reports", "pyproject.toml", "README.md", "LICENSE"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "sample"))
        else:
            shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def bare_python(tmp_path_factory):
    """A Python that has the libraries of this one, and not this program."""
    folder = tmp_path_factory.mktemp("python")
    done(sys.executable, "-m", "venv", "--without-pip", folder)
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    own = done(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").stdout.strip()
    # The path alone: a .pth file in there is not read, and would lead to this checkout.
    libraries = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    Path(own, "libraries.pth").write_text("\n".join(sorted(libraries)) + "\n", encoding="utf-8")
    return python, Path(own)


@pytest.fixture
def checkout(source, bare_python):
    return bare_python[0], {"PYTHONPATH": str(source)}, source


@pytest.fixture
def editable(source, bare_python, tmp_path):
    python, packages = bare_python
    done(
        *(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-index", "--no-deps"),
        *("--no-build-isolation", "--editable", source),
    )
    yield python, {}, source
    for path in [*packages.glob("*mfaaudit*")]:
        shutil.rmtree(path) if path.is_dir() else path.unlink()


@pytest.fixture
def wheel(source, bare_python, tmp_path):
    done(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "dist", cwd=source)
    (built,) = (tmp_path / "dist").glob("mfaaudit-*.whl")
    with zipfile.ZipFile(built) as archive:
        archive.extractall(tmp_path / "installed")
    return bare_python[0], {"PYTHONPATH": str(tmp_path / "installed")}, tmp_path / "installed"


@pytest.mark.parametrize("way", ["checkout", "editable", "wheel"])
def test_rules_and_templates_are_found(way, request, messy, copy_of, tmp_path):
    python, environment, home = request.getfixturevalue(way)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | environment
    empty = tmp_path / "empty"
    empty.mkdir()
    where = done(python, "-c", "import mfaaudit; print(mfaaudit.__file__)", cwd=empty, env=environment)
    assert Path(where.stdout.strip()).is_relative_to(home), "another copy was imported"

    shown = done(python, "-m", "mfaaudit", "policy", "list", cwd=empty, env=environment)
    assert "baseline " in shown.stdout
    assert "legacy-per-user-mfa " in shown.stdout

    bundle = copy_of(messy)
    page = (bundle / "report.html").read_bytes()
    (bundle / "report.html").unlink()
    drawn = run(python, "-m", "mfaaudit", "report", str(bundle), "--format", "html", cwd=empty, env=environment)
    assert drawn.returncode == messy.results["conclusion"]["exitCode"], drawn.stderr
    assert (bundle / "report.html").read_bytes() == page


def test_the_wheel_verifies_a_bundle_and_names_the_file_with_one_changed_byte(wheel, messy, copy_of, tmp_path):
    python = wheel[0]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | wheel[1]
    bundle = copy_of(messy)
    whole = run(python, "-m", "mfaaudit", "verify", str(bundle), "--quiet", cwd=tmp_path, env=environment)
    assert whole.returncode == 0, whole.stdout + whole.stderr
    assert whole.stdout.splitlines()[-1].startswith("The bundle is whole and unaltered: ")

    content = bytearray((bundle / "report.xlsx").read_bytes())
    content[len(content) // 2] ^= 1
    (bundle / "report.xlsx").write_bytes(content)
    altered = run(python, "-m", "mfaaudit", "verify", str(bundle), "--quiet", cwd=tmp_path, env=environment)
    assert altered.returncode == 10, altered.stderr
    assert "ALTERED         report.xlsx" in altered.stdout
    assert altered.stdout.splitlines()[-1] == "The bundle is not what was handed over: 1 altered."


def _hash_of(way):
    python, environment, home = way
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | environment
    code = "from mfaaudit.program import own_sha256; print(own_sha256())"
    return done(python, "-c", code, cwd=home, env=environment).stdout.strip()


def _by_hand(source):
    """What the documented command gives in a checkout."""
    files = [path for name in ("mfaaudit", "policies", "reports/templates") for path in (source / name).rglob("*")]
    named = {path.relative_to(source).as_posix(): path for path in files if path.is_file()}
    own = {name: path.read_bytes() for name, path in named.items() if "__pycache__" not in name}
    lines = (f"{hashlib.sha256(own[name]).hexdigest()}  {name}\n" for name in sorted(own))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def test_a_checkout_and_a_wheel_of_the_same_files_are_one_program(checkout, wheel):
    expected = _by_hand(checkout[2])

    assert _hash_of(checkout) == _hash_of(wheel) == expected
    assert own_sha256() == expected


def test_another_letter_is_another_program(checkout, tmp_path):
    python, _, source = checkout
    for name in ("mfaaudit/words.py", "policies/baseline.yaml", "reports/templates/report.html"):
        other = tmp_path / name.replace("/", "-")
        shutil.copytree(source, other)
        (other / name).write_bytes((other / name).read_bytes() + b"\n")
        assert _hash_of((python, {"PYTHONPATH": str(other)}, other)) == _by_hand(other) != own_sha256()


def test_the_wheel_holds_the_program_its_data_and_nothing_else(wheel):
    home = wheel[2]
    files = {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()}
    assert "mfaaudit/py.typed" in files
    assert "mfaaudit/reports/results.schema.json" in files
    assert "mfaaudit/rechecking/recheck.schema.json" in files
    assert "mfaaudit/_shipped/policies/baseline.yaml" in files
    assert "mfaaudit/_shipped/templates/report.html" in files
    assert not [name for name in files if name.split("/")[0] != "mfaaudit" and ".dist-info/" not in name]
    assert not [name for name in files if "sample/" in name or re.search(r"(^|/)tests?(/|_)", name)]
