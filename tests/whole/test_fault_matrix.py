"""The table of faults in the documentation and the tests of faults name each other."""

import re
from pathlib import Path


def test_the_matrix_names_every_test_here_and_no_test_that_is_not_there():
    root = Path(__file__).parents[2]
    named = set(re.findall(r"`(tests/\S+\.py)::(\w+)`", (root / "docs" / "faults.md").read_text(encoding="utf-8")))

    # By their name, so that a file which nobody put into the table is looked at too.
    ours = {file.relative_to(root).as_posix() for file in Path(__file__).parent.glob("test_fault*.py")}
    there = {
        (file, name)
        for file in ours | {file for file, _ in named}
        for name in re.findall(r"^def (test_\w+)", (root / file).read_text(encoding="utf-8"), re.MULTILINE)
    }
    here = {(file, name) for file, name in there if file in ours}
    itself = ("tests/whole/test_fault_matrix.py", "test_the_matrix_names_every_test_here_and_no_test_that_is_not_there")
    assert named <= there
    assert here - named == {itself}
