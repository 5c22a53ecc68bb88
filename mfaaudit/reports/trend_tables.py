"""The tables along time: one row an audit."""

from __future__ import annotations

from collections.abc import Iterator

from mfaaudit.earlier import Audit, Earlier
from mfaaudit.reports.change_numbers import everything
from mfaaudit.reports.document import Cell, Column, ColumnKind, Table
from mfaaudit.words import Reason, Unknown

FEATURES = (("mfaCapable", "MFA capable"), ("passwordlessCapable", "Passwordless capable"))


def trend(earlier: Earlier) -> Table:
    """One row an audit, each judged with its own rules."""
    audits, now = everything(earlier), {one.id: one.fingerprint for one in earlier.now.of_tenant}

    def rows() -> Iterator[list[Cell]]:
        for one in audits:
            totals, same = one.totals, [rule for rule in one.of_tenant if now.get(rule.id) == rule.fingerprint]
            yield [
                one.started_at,
                one.run_id,
                one.enumerated,
                one.failed_users,
                one.open_users,
                one.failures,
                sum(rule.counts.waived for rule in one.of_tenant),
                totals.strict,
                totals.coverage,
                len(one.of_tenant),
                len(same),
                sum(rule.counts.fail for rule in same),
                one.complete,
            ]

    return Table(
        name="Trend",
        title="Trend",
        note=(
            "One row an audit, the present one last; each is judged with its own rules. Unchanged rules are those "
            "that ask the same as today, and their failures can be followed down the column. Shares are out of all "
            "verdicts about users, and rounded down."
        ),
        columns=(
            Column(key="startedAt", title="Audit of", kind=ColumnKind.TIME, width=20),
            Column(key="runId", title="Run id", width=38),
            Column(key="users", title="Users", kind=ColumnKind.NUMBER, width=10),
            Column(key="failedUsers", title="Users failing", kind=ColumnKind.NUMBER, width=16),
            Column(key="openUsers", title="Users not fully judged", kind=ColumnKind.NUMBER, width=24),
            Column(key="failures", title="Failures", kind=ColumnKind.NUMBER, width=10),
            Column(key="waived", title="Waived", kind=ColumnKind.NUMBER, width=10),
            Column(key="passShare", title="Pass share", kind=ColumnKind.PERCENT, width=13),
            Column(key="coverage", title="Coverage", kind=ColumnKind.PERCENT, width=12),
            Column(key="rules", title="Rules", kind=ColumnKind.NUMBER, width=8),
            Column(key="sameRules", title="Unchanged rules", kind=ColumnKind.NUMBER, width=18),
            Column(key="sameFailures", title="Their failures", kind=ColumnKind.NUMBER, width=17),
            Column(key="complete", title="Population proved complete", kind=ColumnKind.BOOLEAN, width=28),
        ),
        rows=rows,
        row_count=len(audits),
    )


def use(earlier: Earlier) -> Table:
    """Registration and sign-ins, one row an audit."""
    audits = everything(earlier)

    def rows() -> Iterator[list[Cell]]:
        for one in audits:
            metrics = one.sign_ins
            features = (_feature(one, key) for key, _ in FEATURES)
            counts = metrics.total(metrics.success), metrics.total(metrics.failure)
            yield [one.started_at, one.registered, *features, *counts, metrics.start]

    return Table(
        name="TrendOfUse",
        title="Registration and sign-ins along time",
        note=(
            "The tenant's own counts as each audit read them. Sign-ins are those of the window from the time named "
            "until the audit, at most 30 days: what lies between two windows is in neither. The part Sign-ins of the "
            "period has each day once."
        ),
        columns=(
            Column(key="startedAt", title="Audit of", kind=ColumnKind.TIME, width=20),
            Column(key="registered", title="Users in the registration report", kind=ColumnKind.NUMBER, width=18),
            *(Column(key=key, title=title, kind=ColumnKind.NUMBER, width=14) for key, title in FEATURES),
            Column(key="success", title="Sign-ins completed", kind=ColumnKind.NUMBER, width=14),
            Column(key="failure", title="Not completed", kind=ColumnKind.NUMBER, width=14),
            Column(key="from", title="Sign-ins from", kind=ColumnKind.TIME, width=20),
        ),
        rows=rows,
        row_count=len(audits),
    )


def _feature(audit: Audit, key: str) -> Cell:
    if key in audit.by_feature:
        return audit.by_feature[key]
    return audit.registered if isinstance(audit.registered, Unknown) else Unknown(Reason.UNKNOWN_VALUE)
