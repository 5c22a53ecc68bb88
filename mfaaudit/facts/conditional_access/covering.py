"""Which policies surely ask a whole class of users for MFA on all resources, as audit procedures look at it.

The steps are those of CIS Microsoft 365 Foundations 7.0.0, 5.2.2.1 and 5.2.2.2: enabled, the users, all resources, MFA
or an authentication strength. Users and groups that are excluded do not change the answer; they are a finding of their
own. A policy that excludes an application is not for all resources: it counts only where the exceptions register
exempts the application. A policy that is narrowed otherwise may leave a way round: it is neither counted nor taken for
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mfaaudit.facts.conditional_access.conditions import Applies, Scope
from mfaaudit.facts.conditional_access.grant import Asked
from mfaaudit.facts.conditional_access.listed import further, policies_of
from mfaaudit.facts.conditional_access.policy import Policy, State
from mfaaudit.facts.conditional_access.users import asks_all
from mfaaudit.facts.given import Given
from mfaaudit.sources.field import Value
from mfaaudit.words import Reason, Unknown

Covers = Callable[[Mapping[str, Any]], bool | None]


def policies_in(given: Given) -> list[Policy] | Unknown:
    """All policies of the tenant, or why they are not known."""
    return policies_of(given)


def names_of_those(given: Given, covers: Covers, *, resistant: bool = False) -> Value | Unknown:
    """The names of the policies that surely ask; unknown if there are only policies that may, or others may exist."""
    policies = policies_in(given)
    if isinstance(policies, Unknown):
        return policies
    answers = [(policy, asks(policy, covers, resistant=resistant)) for policy in policies]
    names = sorted(policy.name for policy, sure in answers if sure)
    if not names and any(sure is None for _, sure in answers):
        return Unknown(Reason.UNKNOWN_VALUE)
    return tuple(names) or further(given) or ()


def asks(
    policy: Policy, covers: Covers = asks_all, *, resistant: bool = False, but_for_applications: bool = False
) -> bool | None:
    """Whether a policy asks a class of users everywhere; None if it holds what may leave a way round.

    With `but_for_applications` a policy for all resources counts whatever applications it excludes by name.
    """
    return _all_of(
        [
            None if policy.state is None else policy.state is State.ENABLED,
            covers(policy.users),
            True if but_for_applications and policy.excludes_applications else _surely(policy.scope, Scope.ALL),
            None if policy.is_for_risks is None else not policy.is_for_risks,
            _surely(policy.asked, Asked.MFA),
            policy.resists if resistant else True,
            # Conditions that are met at times only may be met at each.
            None if Applies.AT_TIMES in policy.times else _surely(policy.times, Applies.ALWAYS),
        ]
    )


def _surely(possible: Iterable[object], wanted: object) -> bool | None:
    found = set(possible)
    return wanted in found if len(found) == 1 else None if wanted in found else False


def _all_of(truths: Iterable[bool | None]) -> bool | None:
    found = set(truths)
    return False if False in found else None if None in found else True
