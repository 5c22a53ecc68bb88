"""The tenant's own registration counts beside ours: every difference is shown, and none is hidden in a total."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from mfaaudit.columns import REASONS
from mfaaudit.snapshot.objects import Evidence
from mfaaudit.snapshot.readings import Listing, Readings, Report
from mfaaudit.words import Reason, Unknown

FEATURES: Mapping[str, str] = {
    "ssprRegistered": "registration.isSsprRegistered",
    "ssprEnabled": "registration.isSsprEnabled",
    "ssprCapable": "registration.isSsprCapable",
    "passwordlessCapable": "registration.isPasswordlessCapable",
    "mfaCapable": "registration.isMfaCapable",
}
"""Feature of usersRegisteredByFeature -> the row's property that should add up to it."""

OLDER: Mapping[str, str] = {
    "registered": "registration.isSsprRegistered",
    "enabled": "registration.isSsprEnabled",
    "capable": "registration.isSsprCapable",
    "mfaRegistered": "registration.isMfaRegistered",
}
"""Status of getCredentialUserRegistrationCount -> the same; its first three are about self-service password reset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One number from two places."""

    what: str
    ours: int | Unknown
    ours_from: str
    theirs: int | Unknown
    theirs_from: str
    remark: str = ""

    @property
    def difference(self) -> int | None:
        """Theirs less ours; None if either is not known."""
        if isinstance(self.ours, Unknown) or isinstance(self.theirs, Unknown):
            return None
        return self.theirs - self.ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """How many users are registered for what, tenant-wide."""

    source: str
    total: int | Unknown
    by_feature: Mapping[str, int]
    by_method: Mapping[str, int]
    comparisons: tuple[Comparison, ...]


LAG = "The report lags by hours and leaves out disabled accounts."


def count_registration(evidence: Evidence, listing: Listing, report: Report) -> Registration:
    """Their counts where they could be read, else ours, and the comparison of both."""
    rows = report.readings
    ours = _own_counts(rows)
    methods = _own_methods(rows)
    total, features = _by_feature(evidence)
    their_methods = _by_method(evidence)
    by_method = methods if isinstance(their_methods, Unknown) else their_methods
    own_total: int | Unknown = _count_rows(rows)
    return Registration(
        source=_sources(features, their_methods),
        total=own_total if isinstance(features, Unknown) else total,
        by_feature=features if not isinstance(features, Unknown) else _known({f: ours[p] for f, p in FEATURES.items()}),
        by_method=_known(by_method) if not isinstance(by_method, Unknown) else {},
        comparisons=(
            _rows_against_accounts(listing, report),
            *_against_features(ours, own_total, total, features),
            *_against_methods(methods, their_methods),
            *_against_older(evidence, ours, own_total),
        ),
    )


def _sources(features: Mapping[str, int] | Unknown, methods: Mapping[str, int] | Unknown) -> str:
    theirs = {"usersRegisteredByFeature": features, "usersRegisteredByMethod": methods}
    read = [name for name, counts in theirs.items() if not isinstance(counts, Unknown)]
    return ", ".join(read if len(read) == len(theirs) else [*read, "derived from userRegistrationDetails"])


def _rows_against_accounts(listing: Listing, report: Report) -> Comparison:
    remark = "New accounts appear in the report after hours."
    if report.orphans:
        remark = f"{len(report.orphans)} rows of the report belong to no listed user and are left out. {remark}"
    if report.nameless:
        remark = f"{report.nameless} rows of the report name nobody and are left out. {remark}"
    return Comparison(
        what="Enabled accounts and rows of the registration report",
        ours=_count_true(listing.readings, "user.accountEnabled"),
        ours_from="users",
        theirs=_count_rows(report.readings),
        theirs_from="userRegistrationDetails",
        remark=remark,
    )


def _against_features(
    ours: Mapping[str, int | Unknown],
    own_total: int | Unknown,
    total: int | Unknown,
    features: Mapping[str, int] | Unknown,
) -> Iterator[Comparison]:
    yield Comparison(
        what="Users in the registration report",
        ours=own_total,
        ours_from="userRegistrationDetails",
        theirs=total,
        theirs_from="usersRegisteredByFeature",
        remark=LAG,
    )
    for feature, name in FEATURES.items():
        yield Comparison(
            what=feature,
            ours=ours[name],
            ours_from="userRegistrationDetails",
            theirs=features if isinstance(features, Unknown) else _number(features.get(feature)),
            theirs_from="usersRegisteredByFeature",
        )


def _against_methods(ours: Mapping[str, int] | Unknown, theirs: Mapping[str, int] | Unknown) -> Iterator[Comparison]:
    names = sorted({*(() if isinstance(ours, Unknown) else ours), *(() if isinstance(theirs, Unknown) else theirs)})
    for name in names:
        if name == "password":
            continue  # the details report lists second factors only
        yield Comparison(
            what=name,
            # A method that no row of a user names is registered by nobody: a count of nought, not an unknown. The
            # tenant's own count leaves out what it will, and that is no nought.
            ours=ours if isinstance(ours, Unknown) else ours.get(name, 0),
            ours_from="userRegistrationDetails",
            theirs=theirs if isinstance(theirs, Unknown) else theirs.get(name, Unknown(Reason.NO_ROW)),
            theirs_from="usersRegisteredByMethod",
        )


def _against_older(
    evidence: Evidence, ours: Mapping[str, int | Unknown], own_total: int | Unknown
) -> Iterator[Comparison]:
    total, counts = _older(evidence)
    source = "getCredentialUserRegistrationCount"
    yield Comparison(
        what="Users in the older report",
        ours=own_total,
        ours_from="userRegistrationDetails",
        theirs=total,
        theirs_from=source,
        remark="This report belongs to a retired family and may be out of date.",
    )
    for status, name in OLDER.items():
        yield Comparison(
            what=status,
            ours=ours[name],
            ours_from="userRegistrationDetails",
            theirs=counts if isinstance(counts, Unknown) else _number(counts.get(status)),
            theirs_from=source,
        )


def _own_counts(rows: Readings) -> dict[str, int | Unknown]:
    return {name: _count_true(rows, name) for name in {*FEATURES.values(), *OLDER.values()}}


def _count_true(rows: Readings, name: str) -> int | Unknown:
    gap = value_gap(rows, name) or _source_gap(rows)
    return int(rows.frame[_column(name)].sum()) if gap is None else gap


def _own_methods(rows: Readings) -> Mapping[str, int] | Unknown:
    name = "registration.methodsRegistered"
    gap = _source_gap(rows) or value_gap(rows, name)
    if gap is not None:
        return gap
    # A method that a row names twice is registered once.
    named = rows.frame[_column(name)].list.unique().explode().drop_nulls()
    return dict(named.value_counts().iter_rows())


def value_gap(rows: Readings, name: str) -> Unknown | None:
    """Why the first value of a field is unknown that came with an answer; None if all are known."""
    gaps = pl.Series(rows.reasons, dtype=REASONS)
    reasons = rows.frame[f"{_column(name)}_reason"].filter(gaps.is_null()).drop_nulls()
    return None if reasons.is_empty() else Unknown(Reason(reasons[0]))


def _column(name: str) -> str:
    return name.replace(".", "_")


def _count_rows(rows: Readings) -> int | Unknown:
    gap = _source_gap(rows)
    return rows.reasons.count(None) if gap is None else gap


def _source_gap(rows: Readings) -> Unknown | None:
    # A user without a row is no gap in the report; a page that was not read is.
    reasons = {reason for reason in set(rows.reasons) if reason not in (None, Reason.NO_ROW)}
    return Unknown(min(reasons)) if reasons else None


def _by_feature(evidence: Evidence) -> tuple[int | Unknown, Mapping[str, int] | Unknown]:
    found = evidence.objects("usersRegisteredByFeature")
    if isinstance(found, Unknown):
        return found, found
    summary = found[-1]
    pairs = _pairs(summary.get("userRegistrationFeatureCounts"), ("feature",), ("userCount",))
    return _number(summary.get("totalUserCount")), pairs


def _by_method(evidence: Evidence) -> Mapping[str, int] | Unknown:
    found = evidence.objects("usersRegisteredByMethod")
    if isinstance(found, Unknown):
        return found
    return _pairs(found[-1].get("userRegistrationMethodCounts"), ("authenticationMethod",), ("userCount",))


def _older(evidence: Evidence) -> tuple[int | Unknown, Mapping[str, int] | Unknown]:
    found = evidence.objects("getCredentialUserRegistrationCount")
    if isinstance(found, Unknown):
        return found, found
    value = found[-1].get("value")
    counts = value if isinstance(value, list) else []
    # One object for the tenant; where there are two that differ, neither is sure.
    first = counts[0] if counts and isinstance(counts[0], dict) and all(one == counts[0] for one in counts) else {}
    # The API page spells the properties otherwise than the resource page, and has a letter missing in one.
    pairs = _pairs(
        first.get("userRegistrationCounts"),
        ("registrationStatus", "userRegistrationStatus"),
        ("registrationCount", "userRegistationCount", "userRegistrationCount"),
    )
    return _number(first.get("totalUserCount")), pairs


def _pairs(rows: Any, names: tuple[str, ...], counts: tuple[str, ...]) -> dict[str, int] | Unknown:
    found: dict[str, int] = {}
    for row in rows if isinstance(rows, list) else [None]:
        pair = row if isinstance(row, dict) else {}
        name = next((pair[key] for key in names if isinstance(pair.get(key), str)), None)
        count = next((_number(pair[key]) for key in counts if key in pair), Unknown(Reason.UNKNOWN_VALUE))
        if name is None or isinstance(count, Unknown) or found.setdefault(name, count) != count:
            # A row that is passed over would leave its method with a count of nought; of two counts none is sure.
            return Unknown(Reason.UNKNOWN_VALUE)
    return found


def _number(value: Any) -> int | Unknown:
    return value if isinstance(value, int) and not isinstance(value, bool) else Unknown(Reason.UNKNOWN_VALUE)


def _known(counts: Mapping[str, int | Unknown]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if not isinstance(count, Unknown)}
