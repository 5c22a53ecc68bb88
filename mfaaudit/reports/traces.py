"""From a rule back to the answers of Graph that it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mfaaudit.declared.fields import FROM_FILES
from mfaaudit.facts import FACTS
from mfaaudit.findings import Rule
from mfaaudit.findings.condition import fields_of
from mfaaudit.sources import BY_NAME
from mfaaudit.sources.source import Source
from mfaaudit.vocabulary import SOURCE_OF

REGISTER = "the register of exceptions"
_OTHERS: Mapping[str, tuple[str, ...]] = {one.field.name: (*one.also, *one.or_by) for one in FACTS}


def sources_of_field(name: str) -> tuple[str, ...]:
    """The names of the sources that a value rests on, the one that decides it first."""
    return (SOURCE_OF[name], *_OTHERS.get(name, ()))


def sources_of_rule(rule: Rule) -> tuple[str, ...]:
    """The names of the sources that a rule rests on, in the order in which it looks at them."""
    fields = (field.name for condition in rule.conditions for field in fields_of(condition))
    return tuple(dict.fromkeys(source for name in fields for source in sources_of_field(name)))


def read_from(rules: Iterable[Rule]) -> str:
    """The same in words, for all rules together: each source by its title."""
    own = list(rules)
    titles = dict.fromkeys(BY_NAME[source].title for rule in own for source in sources_of_rule(rule))
    declared = any(
        field.name in FROM_FILES for rule in own for condition in rule.conditions for field in fields_of(condition)
    )
    return ", ".join((*titles, *((REGISTER,) if declared else ())))


def endpoint(source: Source) -> str:
    """Where Graph was asked, without the query."""
    return f"{source.version}{source.path.split('?', 1)[0]}"


def origin(name: str) -> str:
    """Where a value comes from, in words: the source and its endpoint, and what else it rests on."""
    first, *others = sources_of_field(name)
    if name in FROM_FILES:
        return f"{REGISTER}, beside {BY_NAME[first].title}"
    source = BY_NAME[first]
    worked_out = name not in {field.name for field in source.fields}
    words = f"{source.title} ({endpoint(source)})"
    more = "".join(f", {BY_NAME[one].title}" for one in dict.fromkeys(others))
    return f"worked out from {words}{more}" if worked_out else words
