"""How the page's lists of findings and of users are laid out: each column, and where its words are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mfaaudit.reports.document import Column, ColumnKind, Table
from mfaaudit.reports.field_columns import KINDS
from mfaaudit.reports.page.columns import described
from mfaaudit.sources.field import Kind
from mfaaudit.vocabulary import FIELDS

OF_RULE = ("ruleId", "title", "expected")
OF_ROW = ("severity", "status", "reason", "exception", "firstSeen", "observed")
EXCEPTION = Column(key="exception", title="Exception", width=28)
"""In one column what the sheet says in several: which entry, and until when."""
ELSEWHERE = ("exceptionExpiresOn", "ticket", "ageDays", "action", "runId")
"""What stands in the sheet alone, for a pivot table: it stands elsewhere on the page, or is the same in each row."""
CLASS = "derived.accountClass"
OF_USERS = (
    "user.userPrincipalName",
    "user.displayName",
    "user.department",
    "user.userType",
    "user.accountEnabled",
    CLASS,
    "registration.isAdmin",
    "registration.isMfaRegistered",
    "derived.enforcedBy",
)
"""What the list of users says of each, beside the worst verdict; the rest stands in the dialog of the user."""


def shapes(findings: Table | None, numbers: Mapping[str, int]) -> dict[str, Any]:
    """The columns of both lists; those of findings are null where the section says more than the users' values do."""
    return {"findings": None if findings is None else _findings(findings, numbers), "users": _users(numbers)}


def _findings(table: Table, numbers: Mapping[str, int]) -> list[dict[str, Any]] | None:
    by_key = {name.rsplit(".", 1)[-1]: number for name, number in reversed([*numbers.items()])}
    made = []
    for given in table.columns:
        if given.input is not None or given.key in ELSEWHERE:
            continue
        if given.key == "exceptionId" and not given.on_paper:
            # Without a register there is nothing to say.
            continue
        column = EXCEPTION if given.key == "exceptionId" else given
        one = described(column)
        if column.key in OF_RULE:
            made.append(one | {"of": "rule"})
        elif column.key in OF_ROW:
            made.append(one | {"of": "row"})
        elif column.key == "userId":
            made.append(one | {"of": "id"})
        elif column.key in numbers or column.key in by_key:
            made.append(one | {"of": "field", "field": numbers.get(column.key, by_key.get(column.key))})
        else:
            return None
    if CLASS in numbers and not any(one.get("field") == numbers[CLASS] for one in made):
        place = next((n + 1 for n, one in enumerate(made) if one["key"] == "department"), len(made))
        made.insert(place, _of_field(CLASS, numbers))
    return made


def _users(numbers: Mapping[str, int]) -> list[dict[str, Any]]:
    made = [_of_field(name, numbers) for name in OF_USERS if name in numbers]
    worst = Column(key="worst", title="Worst verdict", kind=ColumnKind.VERDICT, width=16)
    made.insert(1, described(worst) | {"of": "worst"})
    user_id = Column(key="userId", title="Object id", width=38, on_paper=False)
    return [*made, described(user_id) | {"of": "id"}]


def _of_field(name: str, numbers: Mapping[str, int]) -> dict[str, Any]:
    field = FIELDS[name]
    width = 34 if field.kind is Kind.TEXT else 16
    column = Column(key=name.rsplit(".", 1)[-1], title=field.title, kind=KINDS[field.kind], width=width)
    return described(column) | {"of": "field", "field": numbers[name]}
