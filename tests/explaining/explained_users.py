"""Bundles that jobs left behind, judged once for all tests, and their users explained."""

import functools

from mfaaudit.explaining.explanation import explain, look_up
from mfaaudit.explaining.telling import lines_of
from mfaaudit.judging import circumstances_of, judge_evidence
from mfaaudit.kept import brief_of


def quietly(*_):
    """Nobody looks at the progress."""


@functools.cache
def judged(bundle):
    """How a bundle was judged, and what it comes to."""
    how = brief_of(bundle, "json")
    return how, judge_evidence(bundle, how, quietly)


@functools.cache
def explained(bundle, row, *rules):
    """The explanation of the user in one row, of some rules alone if any are named; nobody changes it."""
    how, made = judged(bundle)
    return explain(made, row, circumstances_of(made.declared, how), look_up(bundle, made, row), rules)


def text_of(made):
    return "\n".join(f"{'' if one.verdict is None else one.verdict.value:16}{one.text}" for one in lines_of(made, "B"))


def row_where(bundle, condition):
    """The first user of whom a condition on the frame holds."""
    _, made = judged(bundle)
    return made.users.with_row_index("row").filter(condition)["row"][0]
