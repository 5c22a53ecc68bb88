"""The parts of the report, in the order in which they are read: one file a part, named here."""

from collections.abc import Callable

from mfaaudit.reports.document import Section
from mfaaudit.reports.material import Material
from mfaaudit.reports.sections import (
    accounts,
    changes,
    changes_by_user,
    completeness,
    controls,
    enforcement,
    exceptions,
    findings,
    not_evaluated,
    per_user_mfa,
    registration,
    rules,
    run,
    sign_in_metrics,
    summary,
    users,
    verification,
)

SECTIONS: tuple[Callable[[Material], Section | None], ...] = (
    summary.section,
    changes.section,
    changes_by_user.section,
    completeness.section,
    rules.section,
    controls.section,
    findings.section,
    exceptions.section,
    enforcement.section,
    per_user_mfa.section,
    accounts.section,
    users.section,
    registration.section,
    sign_in_metrics.section,
    not_evaluated.section,
    verification.section,
    run.section,
)


def sections_of(material: Material) -> tuple[Section, ...]:
    """The parts of one report; some have nothing to say of some audits."""
    return tuple(made for section in SECTIONS if (made := section(material)) is not None)
