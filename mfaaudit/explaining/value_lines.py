"""The values of a user as lines: each with where it was read, when, and the line of evidence that it stands in."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from mfaaudit.explaining.explanation import Explanation, Shown
from mfaaudit.explaining.lines import LABEL, Line, cell_in_words, columns, time_in_words, wrapped
from mfaaudit.reports.profiles import DECLARED, READ
from mfaaudit.reports.traces import endpoint
from mfaaudit.sources import BY_NAME
from mfaaudit.vocabulary import SOURCE_OF
from mfaaudit.words import Reason, Unknown


def value_lines(made: Explanation) -> Iterator[Line]:
    """The values, source by source; last those that were not asked for."""
    if not made.shown:
        return
    yield Line()
    yield Line("Values", bold=True)
    not_asked = [one for one in made.shown if one.value.value == Unknown(Reason.NOT_REQUESTED)]
    for where, group in groupby((one for one in made.shown if one not in not_asked), key=_where):
        yield Line()
        for text in where:
            yield from wrapped("", text, 2)
        yield from columns([(one.value.field.name, cell_in_words(one.value.value)) for one in group])
    if not_asked:
        yield Line()
        names = ", ".join(one.value.field.name for one in not_asked)
        yield from wrapped("", f"Not asked for in this audit (NOT_REQUESTED): {names}.", 2)


def list_lines(made: Explanation) -> Iterator[Line]:
    """The long lists that sentences give by their names."""
    if made.lists:
        yield Line()
        yield Line("Lists that the rules name", bold=True)
    for name, values in made.lists.items():
        words = (made.material.snapshot.role_names.get(one, one) for one in values)
        yield from wrapped(f"  ${name}  ", ", ".join(words), LABEL)


def _where(one: Shown) -> tuple[str, ...]:
    value, origin = one.value, one.value.origin
    if origin.how == DECLARED:
        return ("Declared in the register of exceptions",)
    documented = SOURCE_OF[value.field.name]
    instead = f", standing in for {BY_NAME[documented].title}" if documented != origin.source.name else ""
    title = f"{origin.source.title}, {endpoint(origin.source)}{instead}"
    if origin.how != READ:
        read = "" if value.read_at is None else f", last read {time_in_words(value.read_at)}"
        return (f"Worked out; decided by {origin.source.title}{read}",)
    beta = ("  beta: Microsoft does not support this endpoint for production use",) if origin.is_beta else ()
    answer = one.answer
    if answer is None:
        said = "there is no answer about this user" if value.read_at is None else f"read {time_in_words(value.read_at)}"
        return (title, *beta, f"  {said}")
    read = f"read {time_in_words(answer.read_at)}"
    if value.read_at is None:
        read = f"not read: asked {time_in_words(answer.read_at)}, status {answer.status or 'none'}"
    request = f", request-id {answer.request_id}" if answer.request_id else ""
    return (title, *beta, f"  {read}{request}", f"  {answer.file}, line {answer.line}")
