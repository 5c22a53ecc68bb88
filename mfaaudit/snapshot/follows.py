"""What follows from the objects of the evidence: the facts about users and the tenant, the groups, the roles' names."""

from __future__ import annotations

from mfaaudit.facts import FACTS
from mfaaudit.facts.given import NOT_READ, Given
from mfaaudit.snapshot.frames import Column, Entry
from mfaaudit.snapshot.objects import Evidence
from mfaaudit.sources import SOURCES
from mfaaudit.sources.field import Field, Scope
from mfaaudit.words import Unknown


def facts_of_users(given: Given) -> list[Column]:
    """What each fact says of each user."""
    return [
        Column(
            field=fact.field,
            entries=fact.of_user(given),
            known=None if fact.known is None else fact.known(given),
        )
        for fact in FACTS
        if fact.of_user is not None
    ]


def facts_of_tenant(evidence: Evidence, given: Given, *, everybody: bool = True) -> list[tuple[Field, Entry]]:
    """What was read of the tenant, and what follows.

    What counts over all users is unknown unless `everybody` was read.
    """
    read: list[tuple[Field, Entry]] = []
    for source in SOURCES:
        fields = [field for field in source.fields if field.scope is Scope.TENANT]
        if not fields:
            continue
        objects = evidence.objects(source.name)
        read += [(field, objects if isinstance(objects, Unknown) else field.read(objects[-1])) for field in fields]
    return read + [
        (fact.field, fact.of_tenant(given) if everybody or not fact.of_all else NOT_READ)
        for fact in FACTS
        if fact.of_tenant is not None
    ]


def groups_of(evidence: Evidence) -> dict[str, frozenset[str] | Unknown]:
    """The members of each group that was asked for, or why they are not known; all in lower case."""
    found = {group: evidence.members(group) for group in evidence.groups()}
    return {
        group: members if isinstance(members, Unknown) else frozenset(member.lower() for member in members)
        for group, members in found.items()
    }


def role_names_of(evidence: Evidence) -> dict[str, str]:
    """What the directory roles are called, by template id."""
    definitions = evidence.objects("roleDefinitions")
    if isinstance(definitions, Unknown):
        return {}
    return {
        row["id"]: row["displayName"]
        for row in definitions
        if isinstance(row.get("id"), str) and isinstance(row.get("displayName"), str)
    }
