"""Every failure that came, stayed or went since the previous audit, ready for a filter or a pivot table."""

from __future__ import annotations

from mfaaudit.reports.change_lists import changes
from mfaaudit.reports.document import Section
from mfaaudit.reports.material import Material


def section(material: Material) -> Section | None:
    """Changes by user, where an earlier audit was given."""
    earlier = material.earlier
    if earlier is None:
        return None
    return Section(
        name="ChangesByUser",
        title="Changes by user",
        lead=(
            "One row for each rule and account that failed in the previous audit or fails in this one, with what made "
            "the difference.",
        ),
        tables=(changes(material, earlier),),
    )
