"""Who holds a directory role and is no listed user: administrators of a partner, and principals that are gone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mfaaudit.facts.eligible_roles import ENDED
from mfaaudit.facts.roles import GROUP
from mfaaudit.words import Reason, Unknown

USER = "#microsoft.graph.user"
ASSIGNMENTS = {"roleAssignments": "active", "roleEligibilitySchedules": "eligible"}
"""The sources that are looked at, and what an assignment of each is called."""

Objects = Callable[[str], Sequence[Mapping[str, Any]] | Unknown]
Members = Callable[[str], Sequence[str] | Unknown]


class HolderKind(StrEnum):
    """What is known of such a holder."""

    GROUP = "group"
    """A group that this tenant does not have: its members answer 404."""
    USER = "user"
    """A user who is not in the list of users."""
    UNRESOLVED = "unresolved"
    """Graph sent null in the place of the principal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignHolder:
    """One role that is held by somebody outside the list of users."""

    principal_id: str
    name: str
    """As Graph shows it; empty where it shows none."""
    kind: HolderKind
    role: str
    """The template id; empty where the assignment does not say."""
    assignment: str
    """`active` or `eligible`."""
    scope: str
    """`/` for the whole directory; empty where the assignment does not say."""


def foreign_holders(objects: Objects, members: Members, listed: Collection[str]) -> tuple[ForeignHolder, ...]:
    """The holders of roles whom this audit does not see as users; `listed` holds their object ids in lower case.

    A tenant that a partner manages by granular delegated admin privileges (GDAP) holds role assignments to groups of
    the partner's tenant (unifiedRoleAssignment page; granular delegated admin privileges, Partner Center).
    Applications are left out: they do not sign in as users do.
    """
    found = []
    for source, assignment in ASSIGNMENTS.items():
        rows = objects(source)
        for row in () if isinstance(rows, Unknown) else rows:
            has_ended = any(status in ENDED for status in _texts(row, "status"))
            kind = None if has_ended else _kind_of(row, members, listed)
            if kind is not None:
                found.append(_holder(row, kind, assignment))
    return tuple(dict.fromkeys(found))


def _kind_of(row: Mapping[str, Any], members: Members, listed: Collection[str]) -> HolderKind | None:
    holder, principal = row.get("principalId"), row.get("principal")
    if not isinstance(holder, str) or holder.lower() in listed or "principal" not in row:
        return None
    if principal is None:
        return HolderKind.UNRESOLVED
    kind = principal.get("@odata.type") if isinstance(principal, dict) else None
    if kind == USER:
        return HolderKind.USER
    inside = members(holder) if kind == GROUP else ()
    return HolderKind.GROUP if isinstance(inside, Unknown) and inside.reason is Reason.NOT_FOUND else None


def _holder(row: Mapping[str, Any], kind: HolderKind, assignment: str) -> ForeignHolder:
    principal = row["principal"] or {}
    return ForeignHolder(
        principal_id=row["principalId"],
        name=next(_texts(principal, "displayName", "userPrincipalName"), ""),
        kind=kind,
        role=next(_texts(row, "roleDefinitionId"), ""),
        assignment=assignment,
        scope=next(_texts(row, "directoryScopeId"), ""),
    )


def _texts(row: Mapping[str, Any], *keys: str) -> Iterator[str]:
    return (row[key] for key in keys if isinstance(row.get(key), str))
