"""The Conditional Access policies on which it rests that a user is asked for MFA, or is not."""

from __future__ import annotations

from collections.abc import Sequence

from mfaaudit.facts.conditional_access.crowd import NOBODY, Crowd, either, lists_of, rows_of
from mfaaudit.facts.conditional_access.enforcement import parts
from mfaaudit.facts.enforced_by import FACT as ENFORCED_BY
from mfaaudit.facts.given import Fact, Given
from mfaaudit.sources.field import Field, Kind, Value
from mfaaudit.words import Unknown

FIELD = Field(name="derived.enforcingPolicies", title="Policies that what asks for MFA rests on", kind=Kind.LIST)


def enforcing_policies(given: Given) -> Sequence[Value | Unknown]:
    """Name and id of each policy that gives the user the answer of derived.enforcedBy.

    Unknown where that is, and where another policy that was read may give the same answer. What was not read may give
    it too, and is not named.
    """
    divided = parts(given)
    named: dict[str, Crowd] = {}
    for part in divided:
        for label, crowd in part.policies.items():
            named[label] = either([named.get(label, NOBODY), crowd.within(part.users)])
    found: list[Value | Unknown] = list(lists_of(sorted(named.items()), len(given.user_ids)))
    for part in divided:
        if isinstance(part.answer, Unknown):
            for row in rows_of(part.users):
                found[row] = part.answer
    return found


FACT = Fact(
    field=FIELD,
    source=ENFORCED_BY.source,
    also=ENFORCED_BY.also,
    option=ENFORCED_BY.option,
    of_user=enforcing_policies,
)
