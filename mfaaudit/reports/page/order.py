"""The parts of the page in their order, and the data that each list in them needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mfaaudit.reports.document import Document, Section, Table
from mfaaudit.reports.page import people
from mfaaudit.reports.page.shape import shapes
from mfaaudit.reports.page.wording import OF_TEMPLATE as SAY
from mfaaudit.reports.profiles import Profiles

FIRST = (
    *("Completeness", "Summary", "Changes", "Trend", "Registration", "SignInMetrics", "Enforcement"),
    *("Actions", "Findings", "Users"),
)
"""By name: first whether everybody was seen, then how it stands, then whom it concerns. Others follow as they come."""
USERS, FINDINGS = "Users", "Findings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One report, arranged."""

    document: Document
    sections: tuple[Section, ...]
    left_out: tuple[str, ...]
    """Titles of the parts that stand only in the workbook."""
    profiles: Profiles | None
    findings: Table | None
    """The list of findings, if it is made from what is known of the users."""
    users: int
    """How many of them the page holds."""

    def from_people(self, table: Table) -> bool:
        """Whether a list is made from what is known of the users, and brings no data of its own."""
        return table is self.findings

    def own_data(self) -> Iterator[Table]:
        """The lists that bring their own data."""
        for section in self.sections:
            yield from (one for one in section.tables if one.browse and one.row_count and one is not self.findings)

    def data_of_people(self) -> Iterator[str]:
        """All that the page holds of the users."""
        return iter(()) if self.profiles is None else people.data(self.profiles, self.findings)


def arranged(document: Document) -> Page:
    """The page of a report."""
    profiles = document.profiles
    drawn = [one for one in document.sections if one.on_page]
    if profiles is not None and not any(one.name == USERS for one in drawn):
        drawn.append(_users(profiles))
    drawn.sort(key=lambda one: FIRST.index(one.name) if one.name in FIRST else len(FIRST))
    names = {one.name for one in drawn}
    held = None if profiles is None else people.held(profiles)
    return Page(
        document=document,
        sections=tuple(drawn),
        left_out=tuple(one.title for one in document.sections if one.name not in names),
        profiles=profiles,
        findings=_findings(drawn, profiles),
        users=0 if profiles is None else profiles.users.height if held is None else held.len(),
    )


def _findings(sections: Sequence[Section], profiles: Profiles | None) -> Table | None:
    if profiles is None:
        return None
    numbers = {field.name: number for number, (field, _) in enumerate(profiles.fields)}
    tables = (table for section in sections for table in section.tables if table.name == FINDINGS and table.row_count)
    found = next(tables, None)
    return found if found is not None and shapes(found, numbers)["findings"] is not None else None


def _users(profiles: Profiles) -> Section:
    held, total = people.held(profiles), profiles.users.height
    lead = [SAY["users_lead"]]
    if held is not None:
        lead.append(SAY["users_held"].format(total=f"{total:,}", held=f"{held.len():,}"))
    return Section(name=USERS, title=SAY["users"], lead=lead)
