"""The files of the evidence are named with their hashes, and the workbook has them once somebody hashed them."""

import hashlib
from dataclasses import replace

from judged_by_hand import audited, rows

from mfaaudit.reports.evidence_files import evidence_files
from mfaaudit.reports.sections import run


def test_every_file_is_there_with_the_hash_of_its_bytes(messy):
    found = evidence_files(messy.bundle)

    files = sorted(one for one in (messy.bundle / "evidence").rglob("*") if one.is_file())
    assert [one.path for one in found] == [one.relative_to(messy.bundle).as_posix() for one in files]
    for one, path in zip(found, files, strict=True):
        content = path.read_bytes()
        assert (one.sha256, one.bytes) == (hashlib.sha256(content).hexdigest(), len(content))


def test_the_part_on_the_run_lists_them(messy):
    made = replace(audited(messy.bundle), evidence=evidence_files(messy.bundle))

    listed = rows(run.section(made), "EvidenceFiles")
    assert [(one["path"], one["sha256"]) for one in listed] == [(one.path, one.sha256) for one in made.evidence]


def test_without_them_it_says_where_the_hashes_are(messy):
    made = replace(audited(messy.bundle), evidence=())
    (table,) = [one for one in run.section(made).tables if one.name == "EvidenceFiles"]

    assert table.row_count == 0
    assert "manifest.json" in table.empty
