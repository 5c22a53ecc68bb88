"""The list of inputs: every file that was judged or judged with, and nothing that an audit did not write."""

import hashlib
import os

import pytest

from mfaaudit.errors import BundleProblem
from mfaaudit.inputs import inputs_sha256, list_inputs, write_inputs


@pytest.fixture
def bundle(tmp_path):
    for path in (
        "evidence/b.jsonl.gz",
        "evidence/a.json",
        "policies/p/p.yaml",
        "declared/classes.yaml",
        "earlier/1.json",
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(path, encoding="ascii")
    (tmp_path / "report.html").write_text("a report", encoding="ascii")
    return tmp_path


def test_it_is_sorted_and_holds_no_report(bundle):
    names = [line.split("  ")[1] for line in list_inputs(bundle).decode().splitlines()]

    assert names == [
        "declared/classes.yaml",
        "earlier/1.json",
        "evidence/a.json",
        "evidence/b.jsonl.gz",
        "policies/p/p.yaml",
    ]


def test_it_is_written_as_it_is_counted(bundle):
    before = inputs_sha256(bundle)

    assert write_inputs(bundle, bundle) == before == inputs_sha256(bundle)
    assert hashlib.sha256((bundle / "inputs.sha256").read_bytes()).hexdigest() == before


@pytest.mark.parametrize("path", ["evidence/a.json", "policies/p/p.yaml", "declared/classes.yaml", "earlier/1.json"])
def test_another_letter_in_any_of_them_is_another_hash(bundle, path):
    before = inputs_sha256(bundle)
    (bundle / path).write_text("other", encoding="ascii")

    assert inputs_sha256(bundle) != before


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such names")
@pytest.mark.parametrize("name", ["a\nb", "a\\b", "C:x"])
def test_a_name_that_means_something_else_elsewhere_is_refused(bundle, name):
    (bundle / "evidence" / name).write_text("", encoding="ascii")

    with pytest.raises(BundleProblem, match="the name of no file that an audit wrote") as caught:
        list_inputs(bundle)
    assert "restore" in caught.value.hint


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_a_link_is_refused(bundle, tmp_path_factory):
    other = tmp_path_factory.mktemp("other") / "file"
    other.write_text("elsewhere", encoding="ascii")
    (bundle / "evidence" / "link.json").symlink_to(other)

    with pytest.raises(BundleProblem):
        list_inputs(bundle)
