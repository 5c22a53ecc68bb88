"""The parts of the report, in the order in which they are read: one file a part, named here."""

from collections.abc import Callable

from mfaaudit.reports.document import Section
from mfaaudit.reports.material import Material
from mfaaudit.reports.sections import (
    findings,
    not_evaluated,
    registration,
    rules,
    run,
    sign_in_metrics,
    summary,
    users,
)

SECTIONS: tuple[Callable[[Material], Section], ...] = (
    summary.section,
    rules.section,
    findings.section,
    users.section,
    registration.section,
    sign_in_metrics.section,
    not_evaluated.section,
    run.section,
)
