"""`verified-bulk`: from the evidence alone, who is to be read user by user, and what that says of the bulk sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from mfaaudit.facts.roles import holders_by
from mfaaudit.snapshot.objects import Evidence
from mfaaudit.snapshot.readings import Listing, Readings, Report, list_users, read_per_user, read_rows
from mfaaudit.snapshot.stand_ins import Judged, People, judge
from mfaaudit.sources import BY_NAME, SOURCES, listed_states, registration_details, users
from mfaaudit.sources.field import Field
from mfaaudit.sources.source import Source

VERIFIED = tuple(source for source in SOURCES if source.stand_in)
"""The per-user sources that have a stand-in."""
_ENABLED = tuple(field for field in users.FIELDS if field.name == "user.accountEnabled")
_IS_ADMIN = tuple(field for field in registration_details.FIELDS if field.name == "registration.isAdmin")


def wanted(folder: Path, seed: str) -> Mapping[str, Sequence[str]]:
    """The object ids of the users whose own read is wanted, by the name of the per-user source, as they were listed.

    Those who have been asked for already are among them. Ask for the others and call it again, until there are none.
    `folder` holds the evidence so far, with the users, the bulk sources and the roles as far as they can be read;
    `seed` is the id of the run. Raises BundleProblem if the evidence is damaged.
    """
    evidence = Evidence(folder)
    listing = list_users(evidence, _ENABLED)
    documented, _ = read_per_user(folder, [one.name for one in VERIFIED], listing.index)
    reports = {}
    for name in sorted({one.stand_in for one in VERIFIED}):
        source = BY_NAME[name]
        own = _IS_ADMIN if source is registration_details.SOURCE else ()
        reports[name] = read_rows(evidence, listing.index, replace(source, fields=own), stands_in_for(source))
    ids = pl.Series(listing.ids, dtype=pl.String())
    judged = verify(evidence, listing, documented, reports, seed, final=False)
    return {name: ids.filter(one.wanted).to_list() for name, one in judged.items()}


def stands_in_for(source: Source) -> dict[str, tuple[Field, ...]]:
    """The per-user sources that a bulk source may stand in for, by name, and what it is read with for each."""
    return {one.name: one.fields for one in VERIFIED if one.stand_in == source.name}


def verify(
    evidence: Evidence,
    listing: Listing,
    documented: Mapping[str, Readings],
    reports: Mapping[str, Report],
    seed: str,
    *,
    final: bool,
) -> dict[str, Judged]:
    """Judges each stand-in, by the name of the per-user source; `reports` holds the bulk sources by name."""
    column = "requirements_perUserMfaState"
    administrators, known_from = _administrators(evidence, listing, reports[registration_details.SOURCE.name])
    people = People(
        ids=listing.ids,
        index=listing.index,
        enabled=listing.readings.frame["user_accountEnabled"],
        states=reports[listed_states.SOURCE.name].stand_ins["requirements"].frame[column],
        administrators=administrators,
        administrators_from=known_from,
    )
    found = {}
    for one in VERIFIED:
        report = reports[one.stand_in]
        found[one.name] = judge(
            documented[one.name], report.stand_ins[one.name], report.walk, people, seed, final=final
        )
    return found


def _administrators(evidence: Evidence, listing: Listing, report: Report) -> tuple[pl.Series, str]:
    """Everybody who is known to be one, and in words where from; the words are empty where neither source is whole."""
    held, roles_whole = _holders(evidence)
    flags = report.readings.frame
    answered = pl.Series([reason is None for reason in report.readings.reasons], dtype=pl.Boolean())
    unsaid = answered & flags["registration_isAdmin_reason"].is_not_null()
    names = []
    if report.walk.missing is None and not unsaid.any():
        names.append("the registration report")
    if roles_whole:
        names.append("the role assignments")
    by_role = pl.Series([user.lower() in held for user in listing.ids], dtype=pl.Boolean())
    return flags["registration_isAdmin"].eq_missing(True) | by_role, " and ".join(names)


def _holders(evidence: Evidence) -> tuple[set[str], bool]:
    """The ids, in lower case, of all who are seen to hold a role, directly or through a group; and whether all are."""
    found = evidence.walk("roleAssignments")
    held: set[str] = set()
    whole = found.missing is None
    for row in found.rows:
        holders, missing = holders_by(row.raw, evidence.members)
        whole &= missing is None
        held.update(holders)
    return held, whole
