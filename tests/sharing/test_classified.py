"""Whatever an audit consists of has been looked at: a part or a value that is new is withheld until it has been."""

from dataclasses import dataclass, fields, is_dataclass
from typing import get_args, get_type_hints

import polars as pl
import pytest

from mfaaudit.declared.standing import Standing
from mfaaudit.declared.waivers import Waivers
from mfaaudit.earlier import Earlier
from mfaaudit.findings.condition import AllOf, AnyOf, Not, Test
from mfaaudit.findings.policy import Example
from mfaaudit.reports.material import Material
from mfaaudit.reports.shared_copy import SharedCopy
from mfaaudit.sharing import parts
from mfaaudit.sharing.becomes import Becomes, Mode, chosen
from mfaaudit.sharing.of_fields import OF_FIELDS, plan_of_column, plan_of_field
from mfaaudit.sharing.of_parts import OF_PARTS
from mfaaudit.sharing.rewriting import Rewriter
from mfaaudit.sharing.texts import Texts
from mfaaudit.vocabulary import FIELDS
from mfaaudit.words import Unknown

ELSEWHERE = (AllOf, AnyOf, Not, Test, Example, Earlier, SharedCopy, Standing, Waivers, Unknown)
"""Conditions are gone through by themselves; the others are left out, made anew, or no more than a word."""
SHARED_MODES = (Mode.INTERNAL, Mode.PSEUDONYMOUS)
KEYED = {
    Becomes.SUBJECT,
    Becomes.PERSON,
    Becomes.NAMED,
    Becomes.TENANT,
    Becomes.APPLICATION,
    Becomes.POLICY,
    Becomes.GROUP,
    Becomes.EXCEPTION,
    Becomes.GROUPING,
    Becomes.YES_NO,
}


def _dataclasses_in(kind):
    if isinstance(kind, type) and is_dataclass(kind):
        yield kind
    for one in get_args(kind):
        yield from _dataclasses_in(one)


def _reachable(kind, found):
    if kind in found or kind in ELSEWHERE:
        return found
    found.add(kind)
    hints = get_type_hints(kind)
    for field in fields(kind):
        for inner in _dataclasses_in(hints[field.name]):
            _reachable(inner, found)
    return found


def test_every_part_of_an_audit_is_classified():
    assert _reachable(Material, set()) == set(OF_PARTS)


@pytest.mark.parametrize("kind", OF_PARTS, ids=lambda one: one.__name__)
def test_every_field_of_a_part_is_classified(kind):
    """What fails here is new: say in of_parts.py what becomes of it."""
    assert {field.name for field in fields(kind)} == set(OF_PARTS[kind])


@pytest.mark.parametrize("kind", OF_PARTS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("mode", SHARED_MODES)
def test_what_is_kept_has_no_part_that_is_not(kind, mode):
    hints = get_type_hints(kind)
    for name, plan in OF_PARTS[kind].items():
        if chosen(plan, mode) is Becomes.KEPT:
            for inner in (one for found in _dataclasses_in(hints[name]) for one in _reachable(found, set())):
                assert {chosen(each, mode) for each in OF_PARTS[inner].values()} == {Becomes.KEPT}, (name, inner)


def test_every_value_of_the_vocabulary_is_classified():
    """What fails here is new: say in of_fields.py what becomes of it."""
    assert set(FIELDS) == set(OF_FIELDS)


def test_every_column_of_an_audit_is_classified(copies):
    """Nothing that a report draws from is withheld because nobody thought of it."""
    unclassified = (Becomes.WITHHELD, Becomes.WITHHELD)
    managers = (f"manager_{name}" for name in ("id", "displayName", "userPrincipalName", "mail"))
    meant = ("user_displayName", *managers)

    found = {one for one in copies.audit.users.columns if plan_of_column(one) == unclassified}

    assert {one for one in found if not one.endswith("_requestId")} == set(meant)


@pytest.mark.parametrize("mode", SHARED_MODES)
def test_a_value_that_nobody_classified_is_withheld(mode):
    assert chosen(plan_of_field("new.value"), mode) is Becomes.WITHHELD
    assert chosen(plan_of_column("new_value"), mode) is Becomes.WITHHELD


def test_an_internal_copy_needs_no_key():
    plans = [*OF_FIELDS.values(), *(plan for parts in OF_PARTS.values() for plan in parts.values())]

    assert KEYED.isdisjoint(chosen(plan, Mode.INTERNAL) for plan in plans)


@pytest.mark.parametrize("mode", Mode)
def test_a_full_copy_alone_keeps_everything(mode):
    plans = [*OF_FIELDS.values(), *(plan for parts in OF_PARTS.values() for plan in parts.values())]

    assert all(chosen(plan, mode) is Becomes.KEPT for plan in plans) == (mode is Mode.FULL)


def test_a_part_that_nobody_classified_is_left_out(monkeypatch):
    @dataclass(frozen=True)
    class Some:
        known: str = "kept"
        new: str = "Ada Lovelace"
        many: tuple[str, ...] = ("Ada Lovelace",)

    monkeypatch.setitem(OF_PARTS, Some, {"known": (Becomes.KEPT, Becomes.KEPT)})

    assert parts.part(Some(), _internal()) == Some(new="", many=())


@pytest.mark.parametrize(
    "values",
    [
        pl.Series("new", ["Ada"]),
        pl.Series("new", [["Ada", "Grace"], None]),
        pl.Series("new", [True]),
        pl.Series("new", [7]),
        pl.Series("new", [None, "Ada"]),
    ],
)
def test_withheld_reads_as_withheld_whatever_it_was(values):
    made = _internal().column(values, Becomes.WITHHELD).to_list()

    expected = ["withheld"] if isinstance(values.dtype, pl.List) else "withheld"
    assert made == [None if one is None else expected for one in values.to_list()]


def _internal():
    texts = Texts(ids={}, names=(), domains=(), person=str)
    return Rewriter(Mode.INTERNAL, pseudonyms=None, names={}, texts=texts, groupings={})
