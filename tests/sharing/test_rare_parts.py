"""Parts of an audit that the simulated tenants leave empty: what stands in them is replaced all the same."""

import json
from dataclasses import replace

import polars as pl
import pytest

from mfaaudit.facts import role_activation
from mfaaudit.judging import judge_snapshot
from mfaaudit.kept import brief_of
from mfaaudit.reports.content import document_of
from mfaaudit.reports.results import results_of
from mfaaudit.sharing.copying import pseudonymous_copy
from mfaaudit.sharing.key import Key
from mfaaudit.sharing.of_fields import OF_FIELDS
from mfaaudit.sharing.saying import say
from mfaaudit.sources.field import Kind, Scope
from mfaaudit.vocabulary import FIELDS

STRANGER = "12345678-aaaa-bbbb-cccc-1234567890ab"
NAME = "Zebulon Featherstonehaugh"
# Words of Graph and of ours, and template ids of directory roles, are the same in every tenant.
SAME_EVERYWHERE = {
    "run.unclassifiedMethods",
    "derived.otherMethodsAllowed",
    "declared.metExceptExemptApplications",
    *(fact.field.name for fact in role_activation.FACTS),
}
LISTS = [
    field
    for field in FIELDS.values()
    if field.scope is Scope.TENANT and field.kind is Kind.LIST and field.name not in SAME_EVERYWHERE
]


@pytest.fixture(scope="module")
def copy(messy_copies):
    bundle = messy_copies.audit.bundle
    before = judge_snapshot(messy_copies.audit.snapshot, brief_of(bundle, None))
    some = before.users["user_id"][0]
    named = {
        name: made
        for field in LISTS
        for name, made in (
            (field.column, pl.Series([[NAME]], dtype=pl.List(pl.String()))),
            (f"{field.column}_reason", pl.Series([None], dtype=pl.String())),
        )
    }
    snapshot = replace(
        before.snapshot,
        orphans=(STRANGER, STRANGER),
        duplicates=(some.upper(),),
        role_names={"r-1": NAME},
        tenant=before.snapshot.tenant.with_columns(**named),
    )
    declared = replace(
        before.declared,
        tenant=before.declared.tenant.with_columns(**named),
        # The user principal name was not read of one.
        users=before.users.with_columns(
            user_userPrincipalName=pl.when(pl.col("user_id") == some)
            .then(None)
            .otherwise(pl.col("user_userPrincipalName")),
            user_userPrincipalName_reason=pl.when(pl.col("user_id") == some)
            .then(pl.lit("NOT_FOUND"))
            .otherwise(pl.col("user_userPrincipalName_reason").cast(pl.String())),
        ),
        orphaned_overrides=(STRANGER,),
    )
    made, issued = pseudonymous_copy(replace(before, snapshot=snapshot, declared=declared), Key(b"k" * 32))
    return made, {one.id: pseudonym for pseudonym, one in issued.items()}, some


def _cells(document):
    for section in document.sections:
        for table in section.tables:
            yield from ((table.name, row) for row in table.rows())


def test_nobody_is_named_in_them(copy):
    made, _, some = copy
    said = say(document_of(made), made.share)

    text = json.dumps(results_of(made)) + str(list(_cells(said))) + str(said.cover) + str(said.sections)

    for word in (NAME, STRANGER, some, some.upper()):
        assert word not in text


@pytest.mark.parametrize("field", LISTS, ids=lambda one: one.name)
def test_no_list_of_the_tenant_names_anybody(copy, field):
    assert OF_FIELDS[field.name][0] is not OF_FIELDS[field.name][1]
    for frame in (copy[0].declared.tenant, copy[0].snapshot.tenant):
        (one,) = frame[field.column].item()
        assert one.split("-")[0] in ("policy", "person", "exception")


def test_rows_of_nobody_and_rows_that_came_twice_have_pseudonyms(copy):
    made, pseudonyms, some = copy
    said = say(document_of(made), made.share)
    rows = list(_cells(said))

    assert ("Orphans", [pseudonyms[STRANGER], 2]) in rows
    # And whoever has a name that was not read is a person all the same.
    assert ("Duplicates", [pseudonyms[some], 1]) in rows
    assert made.snapshot.role_names == {}
    assert made.declared.orphaned_overrides == (pseudonyms[STRANGER],)


def test_links_are_taken_off_every_column(copy):
    made, *_ = copy
    document = document_of(made)
    linked = tuple(_linked(section) for section in document.sections)

    said = say(replace(document, sections=linked), made.share)

    assert {one.link for table in _tables(linked) for one in table.columns} == {"https://entra.microsoft.com/{}"}
    assert {one.link for table in _tables(said.sections) for one in table.columns} == {""}


def _tables(sections):
    return [table for section in sections for table in section.tables]


def _linked(section):
    def lead(table):
        columns = [replace(one, link="https://entra.microsoft.com/{}") for one in table.columns]
        return replace(table, columns=columns)

    return replace(section, tables=[lead(table) for table in section.tables])
