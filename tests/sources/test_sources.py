"""One file a source, each named once, each asking only to read."""

from pathlib import Path

import mfaaudit.facts
import mfaaudit.sources
from mfaaudit.facts import FACTS
from mfaaudit.sources import SOURCES
from mfaaudit.sources.field import Scope
from mfaaudit.sources.options import OPTIONS, POLICY_GROUPS
from mfaaudit.sources.source import Shape
from mfaaudit.vocabulary import FIELDS, SOURCE_OF

NOT_SOURCES = {"__init__", "field", "options", "source"}
NOT_FACTS = {"__init__", "given", "methods_policy"}


def facts_of(stem):
    """The facts of one file: those that belong together, or the one that it is called after."""
    module = getattr(mfaaudit.facts, stem)
    return getattr(module, "FACTS", None) or (module.FACT,)


def test_no_source_file_is_forgotten():
    files = {path.stem for path in Path(mfaaudit.sources.__file__).parent.glob("*.py")} - NOT_SOURCES

    assert len(SOURCES) == len(files)
    assert {source.name for source in SOURCES} == {getattr(mfaaudit.sources, stem).SOURCE.name for stem in files}


def test_no_fact_file_is_forgotten():
    files = {path.stem for path in Path(mfaaudit.facts.__file__).parent.glob("*.py")} - NOT_FACTS

    assert sorted(fact.field.name for fact in FACTS) == sorted(
        fact.field.name for stem in files for fact in facts_of(stem)
    )


def test_names_are_unique():
    assert len({source.name for source in SOURCES}) == len(SOURCES)
    assert len({field.column for field in FIELDS.values()}) == len(FIELDS)


def test_no_permission_writes():
    permissions = [permission for source in SOURCES for permission in source.permissions]

    assert not [one for one in permissions if "Write" in one]
    assert all(".Read" in one for one in permissions)


def test_every_option_is_the_wish_for_a_source_and_every_wish_is_an_option():
    # The members of groups are read anyway; the option asks for more groups.
    assert {source.option for source in SOURCES} - {""} == set(OPTIONS) - {POLICY_GROUPS.name}
    assert all(name == option.name and option.flag == f"--with-{name}" for name, option in OPTIONS.items())


def test_per_user_sources_travel_in_one_batch():
    per_user = [source for source in SOURCES if source.shape is Shape.PER_USER]

    assert {source.version for source in per_user} == {"beta"}
    assert all("{id}" in source.path for source in per_user)


def test_whatever_has_a_row_for_each_user_can_be_asked_for_one_alone():
    of_users = {source.name for source in SOURCES for field in source.fields if field.scope is Scope.USER}
    alone = [source for source in SOURCES if source.of_one]

    assert {source.name for source in alone} == {
        source.name for source in SOURCES if source.name in of_users and source.shape is Shape.PAGES
    }
    assert all("{id}" in source.of_one and "$top" not in source.of_one for source in alone)


def test_every_value_can_be_traced_to_a_source():
    names = {source.name for source in SOURCES}

    assert set(SOURCE_OF) == set(FIELDS)
    assert set(SOURCE_OF.values()) <= names
    assert {name for fact in FACTS for name in fact.also} <= names


def test_a_list_that_may_lack_something_says_what_it_is_known_of():
    assert {fact.field.name for fact in FACTS if fact.known} == {one.name for one in FIELDS.values() if one.partial}
    # And of everybody alike: what a source gives row by row cannot.
    assert not [field for source in SOURCES for field in source.fields if field.partial]
