"""The parts of the report, in the order in which they are read: one file a part, named here."""

from collections.abc import Callable

from mfaaudit.reports.document import Section
from mfaaudit.reports.material import Material
from mfaaudit.reports.sections import (
    accounts,
    actions,
    admins,
    attestation,
    changes,
    changes_by_user,
    completeness,
    controls,
    enforcement,
    exceptions,
    findings,
    legend,
    method_activity,
    not_evaluated,
    per_user_mfa,
    reconciliation,
    registration,
    rules,
    run,
    sample,
    sign_in_metrics,
    sign_ins_of_period,
    summary,
    tenant,
    time_to_fix,
    users,
    verification,
)

SECTIONS: tuple[Callable[[Material], Section | None], ...] = (
    summary.section,
    completeness.section,
    changes.section,
    time_to_fix.section,
    changes_by_user.section,
    rules.section,
    controls.section,
    attestation.section,
    actions.section,
    findings.section,
    exceptions.section,
    tenant.section,
    enforcement.section,
    admins.section,
    per_user_mfa.section,
    accounts.section,
    users.section,
    registration.section,
    method_activity.section,
    sign_in_metrics.section,
    sign_ins_of_period.section,
    not_evaluated.section,
    reconciliation.section,
    verification.section,
    sample.section,
    run.section,
    legend.section,
)
"""In the order of the page: what decides whether to rely on the rest comes first."""

SHEETS = (
    "Summary",
    "Controls",
    "Attestation",
    "Rules",
    "Findings",
    "Users",
    "Admins",
    "Per-user MFA",
    "Accounts",
    "Tenant",
    "Exceptions",
    "Changes",
    "Changes by user",
    "Actions",
    "Not evaluated",
    "Reconciliation",
    "Sample",
    "Run",
    "Legend",
)
"""The sheets of the workbook in the order in which an auditor leafs through them, after the cover."""


def sections_of(material: Material) -> tuple[Section, ...]:
    """The parts of one report; some have nothing to say of some audits."""
    return tuple(made for section in SECTIONS if (made := section(material)) is not None)
