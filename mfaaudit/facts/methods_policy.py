"""Reads parts of the authentication methods policy for the facts that rest on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mfaaudit.facts.given import Given
from mfaaudit.known_ids import NO_OBJECT
from mfaaudit.sources.authentication_methods_policy import CONFIGURATIONS, SOURCE
from mfaaudit.sources.field import STRANGE, element_of
from mfaaudit.words import Unknown

ALL_USERS = "all_users"
"""The target that stands for everybody."""
NOBODY = NO_OBJECT
"""The target that stands for nobody, and the id of a profile that does not exist."""
STATES = ("default", "enabled", "disabled")
"""The documented members of advancedConfigState, which is evolvable."""


def policy_of(given: Given) -> Mapping[str, Any] | Unknown:
    """The authentication methods policy as Graph sent it, or why it could not be read."""
    policies = given.objects(SOURCE.name)
    return policies if isinstance(policies, Unknown) else policies[-1]


def configuration_of(given: Given, method: str) -> Mapping[str, Any] | Unknown:
    """The configuration of one method by its id; unknown if it is missing or comes more than once."""
    policy = policy_of(given)
    if isinstance(policy, Unknown):
        return policy
    configuration = element_of(policy.get(CONFIGURATIONS), method)
    return STRANGE if configuration is None else configuration


def object_in(parent: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    """The object that a property holds, or None if it holds anything else or is missing."""
    inner = parent.get(name)
    return inner if isinstance(inner, dict) else None


def target_ids(targets: Any) -> tuple[str, ...] | None:
    """The ids of a list of targets; None unless it is a list of objects that each have an id."""
    if not isinstance(targets, list):
        return None
    ids = [target.get("id") if isinstance(target, dict) else None for target in targets]
    return tuple(id_ for id_ in ids if isinstance(id_, str)) if all(isinstance(id_, str) for id_ in ids) else None
