"""Only mfaaudit/bundle changes files: what goes past it is not swept, not synced, and not stopped by any test."""

import ast
from pathlib import Path

import pytest

import mfaaudit

PACKAGE = Path(mfaaudit.__file__).parent
APART = ("bundle", "simulated", "spark")
"""The layer itself; the tenant that tests are made with; and what is on its way out."""
MODULES = {"tempfile", "shutil", "fileinput"}
METHODS = {
    *("write_bytes", "write_text", "touch", "mkdir", "rmdir", "unlink", "rename", "symlink_to", "hardlink_to", "chmod"),
    *("lchmod", "rmtree", "copytree", "copyfile", "copyfileobj", "makedirs", "fdopen", "fsync", "removedirs"),
    *("write_excel", "write_database", "write_delta", "sink_parquet", "sink_csv", "sink_ipc", "sink_ndjson"),
    *("NamedTemporaryFile", "TemporaryFile", "SpooledTemporaryFile", "TemporaryDirectory", "mkstemp", "mkdtemp"),
}
OF_OS = {*METHODS, "open", "replace", "remove", "link", "symlink", "truncate", "ftruncate", "write", "utime", "mknod"}


def files():
    return [path for path in sorted(PACKAGE.rglob("*.py")) if path.relative_to(PACKAGE).parts[0] not in APART]


def changes(tree):
    """Whatever in a module could change a file by itself, with the line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, one.name) for one in node.names if one.name.split(".")[0] in MODULES)
        elif isinstance(node, ast.ImportFrom):
            if (node.module or "").split(".")[0] in MODULES:
                yield node.lineno, node.module
            if node.module == "os":
                yield from ((node.lineno, one.name) for one in node.names if one.name in OF_OS)
        elif isinstance(node, ast.Call):
            yield from ((node.lineno, what) for what in [_call(node)] if what)


def _call(node):
    function = node.func
    if isinstance(function, ast.Name):
        return function.id if function.id == "open" and _writes(node, 1) else ""
    if not isinstance(function, ast.Attribute):
        return ""
    owner = function.value.id if isinstance(function.value, ast.Name) else ""
    if owner in ("os", "io"):
        return f"{owner}.{function.attr}" if function.attr in OF_OS and not _reads_only(node) else ""
    if function.attr == "open":
        return "open" if _writes(node, 0) else ""
    if function.attr == "replace" and len(node.args) == 1 and not node.keywords:
        # Of a path: a text takes two, and a column of a frame what is unpacked.
        return "" if isinstance(node.args[0], ast.Starred) else "replace"
    return function.attr if function.attr in METHODS else ""


def _writes(node, place):
    mode = (
        node.args[place] if len(node.args) > place else next((k.value for k in node.keywords if k.arg == "mode"), None)
    )
    return isinstance(mode, ast.Constant) and isinstance(mode.value, str) and bool(set(mode.value) & set("wax+"))


def _reads_only(node):
    """A file to read, in plain_files alone, which refuses links; or the null device, which holds nothing."""
    text = ast.unparse(node)
    return text in ("os.open(path, _FLAGS)", "os.fdopen(os.open(path, _FLAGS), 'rb')") or text.startswith(
        "os.open(os.devnull, "
    )


def test_nothing_outside_the_layer_changes_a_file():
    found = {}
    for path in files():
        name = path.relative_to(PACKAGE).as_posix()
        past = [(line, what) for line, what in changes(ast.parse(path.read_text(encoding="utf-8")))]
        # An archive is written there, inside a file of the layer.
        found |= {name: past} if past and name != "reports/workbook/archive.py" else {}
    assert found == {}


@pytest.mark.parametrize(
    "line",
    [
        "import tempfile",
        "from shutil import rmtree",
        "from os import replace",
        "open(name, 'w')",
        "path.open('wb')",
        "path.open(mode='a')",
        "path.unlink()",
        "path.replace(other)",
        "os.replace(a, b)",
        "os.open(path, os.O_RDWR)",
        "path.write_bytes(b'')",
        "path.mkdir(mode=0o700)",
        "frame.sink_parquet(path)",
    ],
)
def test_the_test_sees_it(line):
    assert list(changes(ast.parse(line)))


@pytest.mark.parametrize("line", ["path.open('rb')", "open(name)", "text.replace('a', 'b')", "archive.open(part)"])
def test_and_nothing_else(line):
    assert list(changes(ast.parse(line))) == []
