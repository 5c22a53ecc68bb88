"""Where and when a policy applies: the resources it is for, and the conditions that narrow it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any

from mfaaudit.facts.conditional_access.values import is_empty, is_id, others, words


class Scope(StrEnum):
    """Which resources."""

    ALL = "all"
    SOME = "some"
    NONE = "none"


class Applies(StrEnum):
    """At which sign-ins to those resources."""

    ALWAYS = "always"
    AT_TIMES = "at times"
    NEVER = "never"


SUITES = frozenset({"Office365", "MicrosoftAdminPortals", "AllAgentIdResources"})
"""Words for more than one application, none of which is for all (conditionalAccessApplications; Agent ID pages)."""
ACTIONS = frozenset({"urn:user:registersecurityinfo", "urn:user:registerdevice"})
RESOURCE_KEYS = (
    "includeApplications",
    "excludeApplications",
    "includeUserActions",
    "includeAuthenticationContextClassReferences",
    "applicationFilter",
)
ANY_SCOPE, ANY_TIME = frozenset(Scope), frozenset(Applies)
_ORDER = tuple(Applies)
ALWAYS, AT_TIMES, NEVER = (frozenset({one}) for one in _ORDER)


def resources(applications: Mapping[str, Any]) -> frozenset[Scope]:
    """The resources that a policy may be for; one element if that is sure."""
    lists = [words(applications, key) for key in RESOURCE_KEYS[:4]]
    include, exclude, actions, contexts = lists
    if include is None or exclude is None or actions is None or contexts is None:
        return ANY_SCOPE
    if others(applications, RESOURCE_KEYS):
        return ANY_SCOPE
    filtered = not is_empty(applications.get("applicationFilter"))
    if "All" in include:
        if all(one in SUITES or is_id(one) for one in exclude):
            return frozenset({Scope.SOME if exclude or filtered else Scope.ALL})
        return ANY_SCOPE
    # A policy for an action or a context asks when that is what the user is about to do.
    known = [one in SUITES or is_id(one) for one in include if one != "None"] + [one in ACTIONS for one in actions]
    some = any(known) or bool(contexts) or filtered
    if not all(known):
        return ANY_SCOPE - {Scope.NONE} if some else ANY_SCOPE
    # A word among the excluded that is not known may take away all that was included.
    if some and not all(one in SUITES or is_id(one) for one in exclude):
        return frozenset({Scope.SOME, Scope.NONE})
    return frozenset({Scope.SOME if some else Scope.NONE})


def times(conditions: Mapping[str, Any]) -> frozenset[Applies]:
    """The sign-ins that the conditions may leave; one element if that is sure."""
    # A condition that is not configured narrows nothing, the types of client applications among them.
    found = [read(conditions[key]) for key, read in _READERS.items() if key in conditions]
    if others(conditions, (*_READERS, "users", "applications")):
        found.append(ANY_TIME)
    return _strictest(found)


def _strictest(found: Iterable[frozenset[Applies]]) -> frozenset[Applies]:
    # All conditions must be met: the strictest decides.
    cases = itertools.product(*{frozenset(map(_ORDER.index, one)) for one in found})
    return frozenset(_ORDER[max(case, default=0)] for case in cases)


def _client_app_types(value: Any) -> frozenset[Applies]:
    types = set(value) if isinstance(value, list) and all(isinstance(one, str) for one in value) else set()
    if "all" in types or types >= {"browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "other"}:
        return ALWAYS
    if not types or types - _CLIENTS:
        return ANY_TIME
    # Clients of legacy protocols cannot be asked for MFA: a policy that wants it keeps them out.
    return NEVER if types.isdisjoint({"browser", "mobileAppsAndDesktopClients"}) else AT_TIMES


_CLIENTS = frozenset(
    {"browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "easSupported", "easUnsupported", "other"}
)


def _levels(value: Any) -> frozenset[Applies]:
    if is_empty(value):
        return ALWAYS
    return AT_TIMES if not strange_levels(value) else ANY_TIME


def strange_levels(value: Any) -> bool:
    """Whether levels of risk hold what is not known: no list of words, or a word for more than one level perhaps."""
    if isinstance(value, str):
        value = [word.strip() for word in value.split(",")]
    return not isinstance(value, list) or not all(isinstance(one, str) and one.lower() in _LEVELS for one in value)


_LEVELS = frozenset({"low", "medium", "high", "hidden", "none", "minor", "moderate", "elevated"})
"""Of risk (riskLevel) and of insider risk (conditionalAccessInsiderRiskLevels)."""
_PLATFORMS = frozenset({"android", "ios", "windows", "windowsphone", "macos", "linux"})


def _is_platform(word: str) -> bool:
    return word.lower() in _PLATFORMS


def _is_location(word: str) -> bool:
    return word == "AllTrusted" or is_id(word)


def _ranges(
    include: str, exclude: str, everything: str, is_known: Callable[[str], bool]
) -> Callable[[Any], frozenset[Applies]]:
    def read(value: Any) -> frozenset[Applies]:
        if is_empty(value):
            return ALWAYS
        inside = words(value, include) if isinstance(value, dict) else None
        outside = words(value, exclude) if isinstance(value, dict) else None
        if inside is None or outside is None or not inside or others(value, (include, exclude)):
            return ANY_TIME
        if everything in outside:
            return NEVER
        # A word that is not known may stand for everything, or for nothing.
        vague = [word for word in outside if not is_known(word)]
        vague += [word for word in inside if everything not in inside and not is_known(word)]
        if vague:
            return ANY_TIME
        return ALWAYS if everything in inside and not outside else AT_TIMES

    return read


def _devices(value: Any) -> frozenset[Applies]:
    if is_empty(value):
        return ALWAYS
    if not isinstance(value, dict) or others(value, _DEVICE_KEYS):
        return ANY_TIME
    if any(set(words(value, key) or ()) - _DEVICE_WORDS for key in _DEVICE_KEYS[1:]):
        return ANY_TIME
    filtered = value.get("deviceFilter")
    if not is_empty(filtered) and not (isinstance(filtered, dict) and filtered.get("mode") in ("include", "exclude")):
        return ANY_TIME
    narrow = others(value, ("includeDevices", "includeDeviceStates"))
    every = all(words(value, key) in ([], ["All"]) for key in ("includeDevices", "includeDeviceStates"))
    return AT_TIMES if narrow or not every else ALWAYS


_DEVICE_KEYS = (
    "deviceFilter",
    "includeDevices",
    "excludeDevices",
    "includeDeviceStates",
    "excludeDeviceStates",
)
_DEVICE_WORDS = frozenset({"All", "Compliant", "DomainJoined"})


def _flows(value: Any) -> frozenset[Applies]:
    if is_empty(value) or value == {"transferMethods": "none"}:
        return ALWAYS
    methods = value.get("transferMethods") if isinstance(value, dict) else None
    if not isinstance(methods, str) or others(value, ("transferMethods",)):
        return ANY_TIME
    return AT_TIMES if all(word.strip() in _FLOWS for word in methods.split(",")) else ANY_TIME


_FLOWS = frozenset({"deviceCodeFlow", "authenticationTransfer"})


def _workloads(value: Any) -> frozenset[Applies]:
    # A policy for programs names no users; one that does both is not described.
    return ALWAYS if is_empty(value) else ANY_TIME


_READERS: Mapping[str, Callable[[Any], frozenset[Applies]]] = {
    "clientAppTypes": _client_app_types,
    "signInRiskLevels": _levels,
    "userRiskLevels": _levels,
    "insiderRiskLevels": _levels,
    "platforms": _ranges("includePlatforms", "excludePlatforms", "all", _is_platform),
    "locations": _ranges("includeLocations", "excludeLocations", "All", _is_location),
    "devices": _devices,
    "authenticationFlows": _flows,
    "clientApplications": _workloads,
    "servicePrincipalRiskLevels": _workloads,
}
