"""Which of the groups that were read hold a user, at any depth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from mfaaudit.facts.given import Fact, Given
from mfaaudit.sources.field import Field, Kind, Value
from mfaaudit.words import Reason, Unknown

FIELD = Field(name="derived.groups", title="Groups, of those that were read", kind=Kind.LIST, partial=True)


def groups_of_users(given: Given) -> Sequence[Value | Unknown]:
    """The object ids, in lower case, of the groups that were read to the end and hold each user.

    Of a group that is not among `known_groups` the list says nothing.
    """
    held: dict[str, list[str]] = defaultdict(list)
    for group in known_groups(given):
        members = given.members(group)
        for member in () if isinstance(members, Unknown) else {one.lower() for one in members}:
            held[member].append(group)
    return [tuple(held.get(user.lower(), ())) for user in given.user_ids]


def known_groups(given: Given) -> Sequence[str]:
    """The groups of which it is known for everybody whether they hold them, in order.

    Those that were read to the end, and those that are gone, which hold nobody.
    """
    return tuple(sorted(group for group in given.groups if _is_known(given.members(group))))


def _is_known(members: Sequence[str] | Unknown) -> bool:
    return not isinstance(members, Unknown) or members.reason is Reason.NOT_FOUND


FACT = Fact(field=FIELD, source="groupMembers", of_user=groups_of_users, known=known_groups)
