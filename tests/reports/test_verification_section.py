"""What a report says of values that were read in bulk: from where, the sample, the bound, and who did not agree."""

import importlib.resources
import json
from dataclasses import replace
from datetime import UTC, datetime

import jsonschema
import openpyxl
import polars as pl
import pytest
from judged_by_hand import judged, taken

from mfaaudit.findings import load_packs
from mfaaudit.reports.content import document_of
from mfaaudit.reports.document import Tone
from mfaaudit.reports.page import write_page
from mfaaudit.reports.results import results_of
from mfaaudit.reports.sections import sections_of, verification
from mfaaudit.reports.workbook import write_workbook
from mfaaudit.snapshot.stand_ins import Stratum, Verification
from mfaaudit.sources import SOURCES
from mfaaudit.words import Reason, Unknown

AT = datetime(2026, 3, 10, 9, tzinfo=UTC)
COLUMNS = {name: pl.String() for name in ("user_id", "field", "stand_in", "documented", "documented_reason")}
COLUMNS |= {f"{one}_requestId": pl.String() for one in ("stand_in", "documented")}
COLUMNS |= {f"{one}_readAt": pl.Datetime("us", "UTC") for one in ("stand_in", "documented")}


def stratum(size, *, wanted=300, verified=None, mismatches=0, state="disabled"):
    verified = wanted if verified is None else verified
    return Stratum(
        state=state,
        size=size,
        wanted=wanted,
        verified=verified,
        mismatches=mismatches,
        unreadable=wanted - verified,
    )


def verified(source="requirements", stand_in="listedStates", *, mismatches=(), why="", strata=()):
    return Verification(
        source=source,
        stand_in=stand_in,
        seed="the run",
        documented=20,
        stood_in=95,
        unread=5,
        unknown=6,
        left_out=4,
        administrators=3,
        administrators_read=2,
        administrators_from="the role assignments",
        strata=strata,
        mismatches=pl.DataFrame(list(mismatches), schema=COLUMNS),
        fell_back=bool(why),
        why=why,
    )


def mismatch(user_id, documented="enforced", reason=None):
    return {
        "user_id": user_id,
        "field": "requirements.perUserMfaState",
        "stand_in": "disabled",
        "stand_in_readAt": AT,
        "stand_in_requestId": "bulk-1",
        "documented": documented,
        "documented_reason": reason,
        "documented_readAt": AT,
        "documented_requestId": "single-1",
    }


@pytest.fixture(scope="session")
def usual(jobs):
    """The material of an audit of the usual kind."""
    return judged(taken(jobs["tidy"].bundle), load_packs(("baseline",)))


@pytest.fixture
def said(usual):
    """The same, had it been read in bulk and verified like this."""
    return lambda *made: replace(usual, snapshot=replace(usual.snapshot, verification=made))


def rows(section, name):
    (table,) = [one for one in section.tables if one.name == name]
    found = [dict(zip([one.title for one in table.columns], row, strict=True)) for row in table.rows()]
    assert len(found) == table.row_count
    return found


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (stratum(4_000), "0 mismatches in 300: at most 1.0 % of these 4,000 users, at 95 % confidence."),
        # A bound is rounded up, or it would claim more than was shown.
        (stratum(4_000, verified=299), "0 mismatches in 299: at most 1.1 % of these 4,000 users, at 95 % confidence."),
        (stratum(4_000, verified=2), "0 mismatches in 2: at most 100.0 % of these 4,000 users, at 95 % confidence."),
        (stratum(7, wanted=7), "0 mismatches in 7: all 7 were asked for, and nobody rests on the sample."),
        (stratum(4_000, mismatches=1), "1 mismatch in 300: nothing follows for the others."),
        (stratum(4_000, verified=0), "Nobody of the sample could be read: nothing follows for the others."),
    ],
)
def test_the_bound_in_words(one, words):
    assert verification.in_words(one) == words


def test_an_audit_of_the_usual_kind_has_no_such_part(usual):
    assert verification.section(usual) is None
    assert "Verification" not in [one.title for one in sections_of(usual)]


def test_the_part_stands_behind_what_was_not_evaluated(said):
    found = sections_of(said(verified()))
    titles = [one.title for one in found]
    assert titles[titles.index("Not evaluated") + 1 :][:2] == ["Reconciliation", "Verification"]
    assert {one.sheet for one in found if one.title in ("Completeness", "Reconciliation", "Verification")} == {
        "Reconciliation"
    }


def test_it_says_what_was_read_in_bulk_and_why_that_had_to_be_verified(said):
    section = verification.section(
        said(
            verified(strata=(stratum(90), stratum(30, wanted=30, state=None))),
            verified("signInPreferences", "userRegistrationDetails"),
        )
    )
    states, preferences = rows(section, "ReadInBulk")
    assert (states["Read in bulk from"], states["Users"]) == ("listedStates", 120)
    assert states["Read singly"] + states["Read in bulk"] + states["Not read"] == states["Users"]
    assert "not documented" in states["What is to be known of it"]
    assert "lags by hours" in preferences["What is to be known of it"]
    assert (states["Of these, not asked for"], states["Known from"]) == (4, "the role assignments")
    assert [one["Listed state"] for one in rows(section, "VerifiedSample")] == ["disabled", "not listed"]
    assert section.facts[0].value == "the run"


def test_a_fall_back_is_said_with_its_reason(said):
    why = "the documented answers of 2 users differ from listedStates"
    fact = verification.section(said(verified(why=why))).facts[1]
    assert (fact.tone, fact.note) == (Tone.OPEN, "The documented answers of 2 users differ from listedStates.")
    assert "for all" in fact.value


def test_whoever_differs_is_named_with_both_answers(said, usual):
    first, second = usual.snapshot.users["user_id"].head(2)
    names = usual.snapshot.users["user_userPrincipalName"].head(2).to_list()
    differing = (mismatch(first), mismatch(second, None, "UNKNOWN_VALUE"))
    found = rows(verification.section(said(verified(mismatches=differing, why="x"))), "Mismatches")
    assert [one["User"] for one in found] == names
    assert [one["Read in bulk"] for one in found] == ["disabled", "disabled"]
    assert [one["Documented endpoint"] for one in found] == ["enforced", Unknown(Reason.UNKNOWN_VALUE)]
    assert (found[0]["request-id (bulk)"], found[0]["request-id (single)"]) == ("bulk-1", "single-1")


def test_workbook_and_page_can_draw_it(said, tmp_path, usual):
    user_id = usual.snapshot.users["user_id"][0]
    made = said(verified(strata=(stratum(4_000),), mismatches=[mismatch(user_id)], why="because"))
    document = replace(document_of(made), sections=sections_of(made))
    write_workbook(document, tmp_path / "report.xlsx")
    write_page(document, tmp_path / "report.html")
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    drawn = [value for row in book["Reconciliation"].iter_rows(values_only=True) for value in row]
    assert {user_id, "Because.", "the run"} <= set(drawn)
    assert "Because." in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_the_list_of_users_says_where_each_state_came_from(usual):
    (section,) = [one for one in sections_of(usual) if one.name == "Users"]
    (table,) = section.tables
    titles = [one.title for one in table.columns]
    at = titles.index("State read at")
    assert titles[at + 1 : at + 3] == ["State from", "Preferences from"]
    assert {row[at + 1 : at + 3] for row in table.rows()} == {("requirements", "signInPreferences")}


def test_programs_read_the_same(said, usual):
    schema = json.loads(
        importlib.resources.files("mfaaudit.reports").joinpath("results.schema.json").read_text("utf-8")
    )
    differing = mismatch(usual.snapshot.users["user_id"][0], None, "UNKNOWN_VALUE")
    bulk = said(
        verified(mismatches=[differing], why="x", strata=(stratum(4_000), stratum(9, wanted=9, state=None))),
        verified("signInPreferences", "userRegistrationDetails", strata=(stratum(4_000),)),
    )
    for material in (usual, bulk):
        jsonschema.Draft202012Validator(schema).validate(results_of(material))
    assert results_of(usual)["verification"] == []
    first, second = results_of(bulk)["verification"]
    assert (first["bound"], second["bound"], first["fellBack"], second["fellBack"]) == (None, 0.01, True, False)
    assert [one["state"] for one in first["strata"]] == ["disabled", None]
    assert (first["mismatches"][0]["documented"], first["mismatches"][0]["standInReadAt"]) == (
        None,
        "2026-03-10T09:00:00Z",
    )


def test_every_stand_in_is_introduced():
    assert set(verification.WEAKNESS) == {source.stand_in for source in SOURCES if source.stand_in}
