"""The cover: how MFA is enforced, against what was judged, which packs do not fit, and what was excepted."""

import openpyxl
import pytest
from judged_by_hand import judged, pack, rule, taken

from mfaaudit.reports.content import document_of
from mfaaudit.reports.document import Tone
from mfaaudit.reports.page.render import parts_of
from mfaaudit.reports.workbook import write_workbook
from mfaaudit.reports.workbook.cover import WIDTHS

MINE = pack("mine", rule())


def cover(messy, *packs, entries=None, **how):
    made = judged(taken(messy.bundle), packs or (MINE,), entries, **how)
    return made, {one.label: one for one in document_of(made).cover}


def test_the_posture_that_follows_is_said_with_what_it_rests_on(messy):
    made, found = cover(messy)
    posture, fact = made.declared.posture, found["Posture"]

    assert fact.value == posture.statement
    assert fact.note.startswith("Inferred. ")
    assert all(one in fact.note for one in posture.inputs)
    assert fact.tone is (Tone.OPEN if posture.value is None else Tone.PLAIN)


def test_a_posture_that_was_declared_says_so_and_what_contradicts_it(messy):
    made, found = cover(messy, posture="security-defaults")

    assert made.declared.posture.remarks
    assert found["Posture"].note.startswith("Declared as security-defaults. Declared security-defaults, but ")
    assert found["Posture"].tone is Tone.OPEN


def test_a_posture_that_is_not_contradicted_is_no_warning(messy):
    _, found = cover(messy, posture="mixed")

    assert found["Posture"].note.startswith("Declared as mixed. ")
    assert found["Posture"].tone is Tone.PLAIN


def test_packs_are_named_with_their_postures_and_those_that_do_not_fit_again(messy):
    per_user = pack("per", rule("R-2"), posture="per-user", version="3.0.0")
    _, found = cover(messy, MINE, per_user, posture="conditional-access")

    assert found["Judged against"].value == "mine 1.0.0 (any posture), per 3.0.0 (per-user)"
    assert (found["Packs that do not fit"].value, found["Packs that do not fit"].tone) == (
        "per 3.0.0 (per-user)",
        Tone.OPEN,
    )
    assert "Packs that do not fit" not in cover(messy)[1]


def test_exceptions_are_counted_or_said_not_to_be_there(messy):
    assert cover(messy)[1]["Exceptions"].value == "No register of exceptions was given."
    assert cover(messy, entries=())[1]["Exceptions"].value.startswith("0 in force, 0 expired, 0 without effect")


@pytest.fixture
def sheet(messy, tmp_path):
    """The cover of the workbook."""
    made, _ = cover(messy, *(pack(f"a-pack-with-a-long-name-{n}", rule(f"R-{n}")) for n in range(6)))
    path = tmp_path / "report.xlsx"
    write_workbook(document_of(made), path)
    return openpyxl.load_workbook(path)["Cover"]


def test_a_long_line_of_the_cover_of_the_workbook_is_broken_and_has_room(sheet):
    rows = {row[0].value: row for row in sheet.iter_rows() if isinstance(row[0].value, str)}
    long, short = rows["Judged against"], rows["Run id"]

    assert long[1].alignment.wrap_text
    assert f"B{long[1].row}:E{long[1].row}" in {str(one) for one in sheet.merged_cells.ranges}
    assert sheet.row_dimensions[long[1].row].height >= 11 * len(long[1].value) / sum(WIDTHS[1:])
    assert sheet.row_dimensions[short[1].row].height is None
    posture = rows["Posture"]
    assert posture[2].alignment.wrap_text
    assert f"C{posture[2].row}:E{posture[2].row}" in {str(one) for one in sheet.merged_cells.ranges}


def test_who_signs_has_read_what_was_seen_of_whom(sheet, messy):
    said = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    page = "".join(parts_of(document_of(cover(messy)[0])))

    assert "Summary, Reconciliation and Not evaluated" in said
    # The page calls the part by its own name.
    assert "Summary, Completeness and Not evaluated" in page
