"""Which policies surely ask a whole class of users for MFA on all resources, as audit procedures look at it.

The steps are those of CIS Microsoft 365 Foundations 7.0.0, 5.2.2.1 and 5.2.2.2: enabled, the users, all resources, MFA
or an authentication strength. Users and groups that are excluded do not change the answer; they are a finding of their
own. A policy that is narrowed may leave a way round: it is neither counted nor taken for nothing.
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

CIS_ADMINISTRATORS = (
    "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",  # Application Administrator
    "c4e39bd9-1100-46d3-8c65-fb160da0071f",  # Authentication Administrator
    "b0f54661-2d74-4c50-afa3-1ec803f12efe",  # Billing Administrator
    "158c047a-c907-4556-b7ef-446551a6b5f7",  # Cloud Application Administrator
    "b1be1c3e-b65d-4f19-8427-f6fa0d97feb9",  # Conditional Access Administrator
    "29232cdf-9323-42fd-ade2-1d097af3e4de",  # Exchange Administrator
    "62e90394-69f5-4237-9190-012177145e10",  # Global Administrator
    "f2ef992c-3afb-46b9-b7cf-a126ee74c451",  # Global Reader
    "729827e3-9c14-49f7-bb1b-9608f156bbb8",  # Helpdesk Administrator
    "966707d0-3269-4727-9be2-8c3a10f19b9d",  # Password Administrator
    "7be44c8a-adaf-4e2a-84d6-ab2649e08a13",  # Privileged Authentication Administrator
    "e8611ab8-c189-46e8-94e1-60213ab1f814",  # Privileged Role Administrator
    "194ae4cb-b126-40b2-bd5b-6091b380977d",  # Security Administrator
    "f28a1f50-f6e7-4571-818b-6a12f2af6b6c",  # SharePoint Administrator
    "fe930be7-5e62-47db-91af-98c3a49a38b1",  # User Administrator
)
"""The roles of 5.2.2.1 and 5.2.2.5, by template id."""
SCUBA_PRIVILEGED = (
    "62e90394-69f5-4237-9190-012177145e10",  # Global Administrator
    "e8611ab8-c189-46e8-94e1-60213ab1f814",  # Privileged Role Administrator
    "fe930be7-5e62-47db-91af-98c3a49a38b1",  # User Administrator
    "f28a1f50-f6e7-4571-818b-6a12f2af6b6c",  # SharePoint Administrator
    "29232cdf-9323-42fd-ade2-1d097af3e4de",  # Exchange Administrator
    "8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2",  # Hybrid Identity Administrator
    "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",  # Application Administrator
    "158c047a-c907-4556-b7ef-446551a6b5f7",  # Cloud Application Administrator
)
"""The highly privileged roles of CISA SCuBA, MS.AAD.3.6v1, by template id."""


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


def asks(policy: Policy, covers: Covers = asks_all, *, resistant: bool = False) -> bool | None:
    """Whether a policy asks a class of users everywhere; None if it holds what may leave a way round."""
    return _all_of(
        [
            None if policy.state is None else policy.state is State.ENABLED,
            covers(policy.users),
            _on_all_resources(policy),
            not policy.is_for_risks,
            _surely(policy.asked, Asked.MFA),
            policy.resists if resistant else True,
            # Conditions that are met at times only may be met at each.
            None if Applies.AT_TIMES in policy.times else _surely(policy.times, Applies.ALWAYS),
        ]
    )


def _on_all_resources(policy: Policy) -> bool | None:
    # What is left out of all resources may be nothing that matters.
    left_out = policy.names_all_resources and policy.scope == {Scope.SOME}
    return None if left_out else _surely(policy.scope, Scope.ALL)


def _surely(possible: Iterable[object], wanted: object) -> bool | None:
    found = set(possible)
    return wanted in found if len(found) == 1 else None if wanted in found else False


def _all_of(truths: Iterable[bool | None]) -> bool | None:
    found = set(truths)
    return False if False in found else None if None in found else True
