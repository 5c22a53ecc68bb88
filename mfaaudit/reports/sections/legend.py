"""What every word of the report means: made from the words themselves, so that none can be missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from mfaaudit.declared.standing import LONGEST_DAYS
from mfaaudit.declared.words import State
from mfaaudit.facts.conditional_access.enforcement import Enforcer
from mfaaudit.findings import Bucket
from mfaaudit.findings.retirement import Group
from mfaaudit.reports import legend_words as words
from mfaaudit.reports.document import Cell, Column, ColumnKind, Section, Table
from mfaaudit.reports.enforcement_tables import MEANINGS as ENFORCERS
from mfaaudit.reports.material import Material
from mfaaudit.reports.methods import phishing_resistant_methods
from mfaaudit.reports.sampling import Stratum
from mfaaudit.reports.sections.completeness import MEANINGS as BUCKETS
from mfaaudit.reports.traces import origin
from mfaaudit.sources.field import Kind
from mfaaudit.sources.registration_details import METHODS
from mfaaudit.vocabulary import FIELDS
from mfaaudit.words import Reason, Severity


class Word(NamedTuple):
    """One fixed word."""

    where: str
    """What it is a word for."""
    word: str
    meaning: str
    more: str | None = None
    """What to do about it, its colour, or what follows from it."""


def section(_: Material) -> Section:
    """Legend."""
    return Section(
        name="Legend",
        title="Legend",
        lead=(
            "What the words of this report mean. Words that Microsoft Graph gives stand as Graph spells them; a colour "
            "never says anything that a word beside it does not say.",
        ),
        tables=(_words(tuple(fixed_words())), _glossary(), _values()),
    )


def fixed_words() -> Iterator[Word]:
    """Every word of every list of words that a cell can hold."""
    for verdict, meaning in words.VERDICTS.items():
        colour = words.TONES[words.COLOURS[verdict]].split(":")[0].lower()
        yield Word("Verdict, status", verdict.value, meaning, f"Colour: {colour}.")
    yield from (Word("Colour", tone.value, *_split(meaning)) for tone, meaning in words.TONES.items())
    for severity in Severity:
        days = LONGEST_DAYS[severity]
        yield Word(
            "Severity", severity.value, words.SEVERITIES[severity], f"An exception holds for {days} days at the most."
        )
    yield from (Word("Reason", one.value, one.meaning, one.cure) for one in Reason)
    yield from (Word("Bucket of the ledger", one.words, BUCKETS[one]) for one in Bucket)
    yield from (Word("What asks for MFA", one.value, ENFORCERS[one]) for one in Enforcer)
    yield from _of("Posture", words.POSTURES)
    yield from _of("Class of account", words.CLASSES)
    yield from (Word("Group of per-user MFA", one.words, one.meaning) for one in Group)
    yield from _of("Kind of exception", words.KINDS)
    yield from (Word("State of an exception", one.value, one.meaning) for one in State)
    yield from _of("Result of a control", words.OUTCOMES)
    yield from _of("Assessment of a control", words.ASSESSMENTS)
    yield from (Word("Drawn as", one.value, one.meaning) for one in Stratum)
    resistant = phishing_resistant_methods()
    for method in METHODS:
        kind = "Phishing-resistant." if method in resistant else "Not phishing-resistant."
        yield Word("Method registered", method, kind)


def _of(where: str, meanings: Mapping[Any, str]) -> Iterable[Word]:
    return (Word(where, str(word), meaning) for word, meaning in meanings.items())


def _split(meaning: str) -> tuple[str, str]:
    colour, means = meaning.split(": ", 1)
    return means[:1].upper() + means[1:], f"Colour: {colour.lower()}."


def _words(found: tuple[Word, ...]) -> Table:
    return Table(
        name="LegendWords",
        title="Words",
        columns=(
            Column(key="where", title="A word for", width=24),
            Column(key="word", title="Word", kind=ColumnKind.LONG_TEXT, width=34),
            Column(key="meaning", title="Meaning", kind=ColumnKind.LONG_TEXT, width=70),
            Column(key="more", title="What to do, colour, limit", kind=ColumnKind.LONG_TEXT, width=50),
        ),
        rows=lambda: found,
        row_count=len(found),
        key_columns=2,
    )


def _glossary() -> Table:
    return Table(
        name="Glossary",
        title="Glossary",
        columns=(
            Column(key="term", title="Term", width=24),
            Column(key="meaning", title="Meaning", kind=ColumnKind.LONG_TEXT, width=70),
        ),
        rows=lambda: words.GLOSSARY.items(),
        row_count=len(words.GLOSSARY),
    )


def _values() -> Table:
    def rows() -> Iterator[list[Cell]]:
        for field in FIELDS.values():
            yield [
                field.title,
                field.name,
                "each user" if field.scope.value == "user" else "the tenant",
                ", ".join(field.values) if field.values else KINDS[field.kind],
                origin(field.name),
            ]

    return Table(
        name="LegendValues",
        title="Values, and where they come from",
        note=(
            "Every value that a rule may look at and a column may hold, under the name that rules use, which is "
            "Graph's own but for those that begin with derived, declared or run. An address that begins with beta is "
            "not supported by Microsoft for production use."
        ),
        columns=(
            Column(key="title", title="Column", kind=ColumnKind.LONG_TEXT, width=34),
            Column(key="name", title="Name", kind=ColumnKind.LONG_TEXT, width=46),
            Column(key="about", title="About", width=12),
            Column(key="values", title="Values", kind=ColumnKind.LONG_TEXT, width=50),
            Column(key="readFrom", title="Read from", kind=ColumnKind.LONG_TEXT, width=60),
        ),
        rows=rows,
        row_count=len(FIELDS),
        browse=True,
    )


KINDS: Mapping[Kind, str] = {
    Kind.BOOLEAN: "true or false",
    Kind.ENUM: "one of a list",
    Kind.TEXT: "text",
    Kind.LIST: "a list",
    Kind.TIME: "a time in UTC",
    Kind.NUMBER: "a number",
}
"""What can stand where no list of words is fixed."""
