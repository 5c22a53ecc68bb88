"""The columns to fill in are what Excel takes of them, and every word to choose is understood on the way back."""

from mfaaudit.annotating.cells import decision_of
from mfaaudit.annotating.deciding import ABOUT
from mfaaudit.annotating.filled import Content, Written
from mfaaudit.declared.decisions import Decision
from mfaaudit.reports.decision_columns import COLUMNS, DECISION, DUE_ON, EMPTY


def test_every_column_asks_for_something_and_is_drawn_empty():
    assert set(EMPTY) == {None}
    assert len(EMPTY) == len(COLUMNS) == len({one.key for one in COLUMNS} - set(ABOUT))
    assert len({one.heading.casefold() for one in COLUMNS}) == len(COLUMNS)
    assert all(0 < len(one.input.prompt) <= 255 for one in COLUMNS)
    assert [one.key for one in COLUMNS if one.input.is_date] == [DUE_ON]


def test_every_word_to_choose_is_a_decision():
    (choices,) = [one.input.choices for one in COLUMNS if one.key == DECISION]

    found = [decision_of(Written("A1", str(one), Content.TEXT), "Decision") for one in choices]
    assert found == list(Decision)
    assert not any("," in one or '"' in one for one in choices)
