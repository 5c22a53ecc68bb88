"""The sign-ins that a policy is for, as sets that can be joined with those of other policies.

A sign-in has a type of client application, an application, a platform, a place and a device. On each of these axes a
policy includes everything or some named sets, and excludes others (conditionalAccessConditionSet). Client types,
platforms and application ids are disjoint; groups of applications, named locations and filters may overlap in any way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mfaaudit.facts.conditional_access.conditions import SUITES, Applies, Scope, resources, times
from mfaaudit.facts.conditional_access.values import is_empty, is_id, words


class Axis(StrEnum):
    """What two sign-ins can differ in."""

    CLIENT = "client"
    APPLICATION = "application"
    PLATFORM = "platform"
    LOCATION = "location"
    DEVICE = "device"


Named = frozenset[str]
CLIENTS: Named = frozenset({"browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "other"})
"""All types of client applications (conditionalAccessClientApp), leaving aside parts of Exchange ActiveSync."""
PLATFORMS: Named = frozenset({"android", "iOS", "windows", "windowsPhone", "macOS", "linux"})
"""Platforms that Graph names; a sign-in may come from none of them (conditionalAccessDevicePlatform)."""
ELSEWHERE = ("userRiskLevels", "signInRiskLevels", "insiderRiskLevels", "authenticationFlows")
"""Conditions by which a policy is never joined: Graph names no value for what they leave out."""


@dataclass(frozen=True, slots=True)
class Part:
    """The sign-ins that are in one of the included sets and in none of the excluded ones."""

    include: Named | None
    """None for everything."""
    exclude: Named = frozenset()

    def holds(self, cell: Named) -> bool:
        """Whether it holds for sign-ins that are in exactly these named sets."""
        return (self.include is None or not self.include.isdisjoint(cell)) and self.exclude.isdisjoint(cell)


@dataclass(frozen=True, slots=True)
class Reach:
    """What a policy is for on each axis that narrows it."""

    parts: Mapping[Axis, Part]
    is_sure: bool
    """False if a condition is not known: the policy is for these sign-ins at most."""
    joins: bool
    """False if it is narrowed by something that no other policy can be seen to complement."""


def reach(conditions: Mapping[str, Any], applications: Mapping[str, Any]) -> Reach | None:
    """The sign-ins that a policy is for; None if it is for no resource."""
    scope, applies = resources(applications), times(conditions)
    parts = {
        Axis.CLIENT: _clients(conditions.get("clientAppTypes")),
        Axis.APPLICATION: _applications(applications) if scope == {Scope.SOME} else ALL,
        Axis.PLATFORM: _ranges(conditions.get("platforms"), "Platforms", "all"),
        Axis.LOCATION: _ranges(conditions.get("locations"), "Locations", "All"),
        Axis.DEVICE: _devices(conditions.get("devices")),
    }
    if scope.isdisjoint({Scope.ALL, Scope.SOME}) or parts[Axis.APPLICATION] == NOTHING:
        return None
    narrowed = {axis: part for axis, part in parts.items() if part is not None and part != ALL}
    apart = None in parts.values() or any(
        not is_empty(conditions.get(key)) and conditions[key] != NO_FLOW for key in ELSEWHERE
    )
    sure = len(scope) == 1 and len(applies) == 1
    # Narrowed by something that has no axis.
    apart = apart or (sure and not narrowed and applies != {Applies.ALWAYS})
    return Reach(narrowed, is_sure=sure, joins=not apart)


NO_FLOW = {"transferMethods": "none"}
ALL, NOTHING = Part(None), Part(frozenset())


def _clients(value: Any) -> Part | None:
    types = frozenset(value) if isinstance(value, list) and all(isinstance(one, str) for one in value) else None
    if not types or "all" in types or types >= CLIENTS:
        # Whether a condition that cannot be read narrows anything is told by `is_sure`.
        return ALL
    return Part(types & CLIENTS)


def _applications(value: Mapping[str, Any]) -> Part | None:
    include = frozenset(words(value, "includeApplications") or ())
    exclude = frozenset(one for one in words(value, "excludeApplications") or ())
    named = {_spelled(one) for one in include - {"All"} if one in SUITES or is_id(one)}
    left_out = {_spelled(one) for one in exclude}
    filtered = value.get("applicationFilter")
    if not is_empty(filtered):
        rule = _rule(filtered)
        if rule is None:
            return None
        mode, text = rule
        if mode == "exclude":
            left_out.add(text)
        elif "All" in include:
            return None
        else:
            named.add(text)
    return Part(None if "All" in include else frozenset(named), frozenset(left_out))


def _spelled(application: str) -> str:
    return application if application in SUITES else application.lower()


def _ranges(value: Any, what: str, everything: str) -> Part | None:
    if is_empty(value) or not isinstance(value, dict):
        return ALL
    inside, outside = words(value, f"include{what}"), words(value, f"exclude{what}")
    if inside is None or outside is None or not inside:
        return ALL
    if everything in outside:
        return None
    return Part(None if everything in inside else frozenset(inside), frozenset(outside))


def _devices(value: Any) -> Part | None:
    if is_empty(value) or not isinstance(value, dict):
        return ALL
    if any(not is_empty(inner) for key, inner in value.items() if key != "deviceFilter" and "@odata" not in key):
        states = ("includeDevices", "includeDeviceStates")
        narrow = [key for key, inner in value.items() if "@odata" not in key and not is_empty(inner)]
        if any(key not in (*states, "deviceFilter") or (key in states and value[key] != ["All"]) for key in narrow):
            return None
    if is_empty(value.get("deviceFilter")):
        return ALL
    rule = _rule(value["deviceFilter"])
    if rule is None:
        return None
    mode, text = rule
    return Part(None, frozenset({text})) if mode == "exclude" else Part(frozenset({text}))


def _rule(value: Any) -> tuple[str, str] | None:
    if not isinstance(value, dict):
        return None
    mode, text = value.get("mode"), value.get("rule")
    return (mode, f"filter {text}") if mode in ("include", "exclude") and isinstance(text, str) else None
