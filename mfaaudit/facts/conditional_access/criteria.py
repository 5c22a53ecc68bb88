"""What a control can ask of one Conditional Access policy: each criterion is met, not met, or not known (None)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mfaaudit.facts.conditional_access.conditions import Scope
from mfaaudit.facts.conditional_access.grant import BLOCK, Asked
from mfaaudit.facts.conditional_access.policy import Policy
from mfaaudit.facts.conditional_access.values import is_empty, others, words

Criterion = Callable[[Policy], bool | None]

MANAGED, HYBRID = "compliantDevice", "domainJoinedDevice"
DEVICE_CONTROLS = frozenset({MANAGED, HYBRID})
REMEDIATIONS = frozenset({"passwordChange", "riskRemediation"})
"""Controls that answer a user's risk by changing what was stolen."""
HOURS = {"hours": 1, "days": 24}


def every(truths: Iterable[bool | None]) -> bool | None:
    """Whether all hold: False if one does not, None if one is not known."""
    found = set(truths)
    return False if False in found else None if None in found else True


def either_of(truths: Iterable[bool | None]) -> bool | None:
    """Whether one holds: True if one does, None if none does and one is not known."""
    found = set(truths)
    return True if True in found else None if None in found else False


def any_criterion(*criteria: Criterion) -> Criterion:
    """A criterion that is met where one of these is."""
    return lambda policy: either_of([criterion(policy) for criterion in criteria])


def blocks(policy: Policy) -> bool | None:
    """Whether the policy blocks access."""
    controls = _controls(policy)
    return None if controls is None else BLOCK in controls


def requires_mfa(policy: Policy) -> bool | None:
    """Whether the policy surely requires MFA, by the built-in control or by an authentication strength."""
    return Asked.MFA in policy.asked if len(policy.asked) == 1 else None if Asked.MFA in policy.asked else False


def requires_managed_device(policy: Policy) -> bool | None:
    """Whether access surely needs a device that is compliant or hybrid joined, and nothing else may stand in for it."""
    return _device(policy, DEVICE_CONTROLS)


def offers_both_devices(policy: Policy) -> bool | None:
    """Whether the grant is exactly "compliant or hybrid joined", as the instruction of MS.AAD.3.7v1 has it."""
    controls, grant = _controls(policy), _grant(policy)
    if controls is None or grant is None:
        return None if controls is None else False
    return every([set(controls) == DEVICE_CONTROLS, _operator(grant) == "OR", not _other_parts(grant)])


def requires_compliant_device(policy: Policy) -> bool | None:
    """Whether the grant is a compliant device, with nothing beside it but a hybrid joined one (CIS 5.2.2.10)."""
    controls, grant = _controls(policy), _grant(policy)
    if controls is None or grant is None:
        return None if controls is None else False
    only = MANAGED in controls and set(controls) <= DEVICE_CONTROLS and not _other_parts(grant)
    return only and (len(controls) == 1 or _operator(grant) == "OR")


def changes_password_after_mfa(policy: Policy) -> bool | None:
    """Whether the policy requires MFA and a change of the password together (CIS 5.2.2.6)."""
    controls, grant = _controls(policy), _grant(policy)
    if controls is None or grant is None:
        return None if controls is None else False
    return every(["passwordChange" in controls, _operator(grant) == "AND", requires_mfa(policy)])


def remediates(policy: Policy) -> bool | None:
    """Whether the policy surely has the user change the password, or has Microsoft remediate the risk."""
    controls, grant = _controls(policy), _grant(policy)
    if controls is None or grant is None:
        return None if controls is None else False
    if REMEDIATIONS.isdisjoint(controls):
        return False
    return _operator(grant) == "AND" or (set(controls) <= REMEDIATIONS and not _other_parts(grant))


def on_all_resources(policy: Policy) -> bool | None:
    """Whether the policy is for all resources, with none left out."""
    if policy.names_all_resources and policy.scope == {Scope.SOME}:
        return False
    return Scope.ALL in policy.scope if len(policy.scope) == 1 else None if Scope.ALL in policy.scope else False


def on_action(action: str) -> Criterion:
    """A criterion that is met where the policy is for this user action, such as the registration of a device."""

    def applies(policy: Policy) -> bool | None:
        applications = _part(policy.raw.get("conditions"), "applications")
        actions = None if applications is None else words(applications, "includeUserActions")
        return None if actions is None else action in actions

    return applies


def on_client_types(*types: str) -> Criterion:
    """A criterion that is met where the policy names all of these types of client applications, or all types."""

    def applies(policy: Policy) -> bool | None:
        conditions = _conditions(policy)
        named = None if conditions is None else words(conditions, "clientAppTypes")
        return None if not named else "all" in named or set(types) <= set(named)

    return applies


def on_transfer(method: str) -> Criterion:
    """A criterion that is met where the policy is for this flow: `deviceCodeFlow` or `authenticationTransfer`."""

    def applies(policy: Policy) -> bool | None:
        conditions = _conditions(policy)
        if conditions is None or "authenticationFlows" not in conditions:
            return None
        flows = conditions["authenticationFlows"]
        if is_empty(flows):
            return False
        if not isinstance(flows, dict) or not isinstance(flows.get("transferMethods"), str):
            return None
        methods = {part.strip() for part in flows["transferMethods"].split(",")}
        return True if method in methods else None if methods - FLOWS else False

    return applies


FLOWS = frozenset({"none", "deviceCodeFlow", "authenticationTransfer"})


def on_risk(key: str, *levels: str) -> Criterion:
    """A criterion that is met where the policy is for all of these levels; `key` names the condition."""

    def applies(policy: Policy) -> bool | None:
        conditions = _conditions(policy)
        named = None if conditions is None or key not in conditions else words(conditions, key)
        return None if named is None else set(levels) <= set(named)

    return applies


def from_anywhere_but_trusted_places(policy: Policy) -> bool | None:
    """Whether no place narrows the policy, or only such as are left out: a network of the organization's own."""
    conditions = _conditions(policy)
    if conditions is None:
        return None
    places = conditions.get("locations")
    if is_empty(places):
        return True
    if not isinstance(places, dict) or others(places, ("includeLocations", "excludeLocations")):
        return None
    included = words(places, "includeLocations")
    if included is None:
        return None
    return "All" in included and "All" not in (words(places, "excludeLocations") or [])


def every_time(policy: Policy) -> bool | None:
    """Whether the user signs in again each time."""
    frequency = _session(policy, "signInFrequency")
    if not isinstance(frequency, Mapping):
        return frequency
    interval = frequency.get("frequencyInterval")
    return interval == "everyTime" if interval in ("everyTime", "timeBased") else None


def at_least_every(hours: int) -> Criterion:
    """A criterion that is met where the user signs in again each time, or after at most so many hours."""

    def applies(policy: Policy) -> bool | None:
        each = every_time(policy)
        if each is not False:
            return each
        frequency = _session(policy, "signInFrequency")
        if not isinstance(frequency, Mapping):
            return frequency
        unit, value = HOURS.get(str(frequency.get("type"))), frequency.get("value")
        if unit is None or not isinstance(value, int) or isinstance(value, bool):
            return None
        return unit * value <= hours

    return applies


def never_persistent(policy: Policy) -> bool | None:
    """Whether the browser forgets the session when it is closed."""
    browser = _session(policy, "persistentBrowser")
    if not isinstance(browser, Mapping):
        return browser
    return browser.get("mode") == "never" if browser.get("mode") in ("never", "always") else None


def _device(policy: Policy, devices: frozenset[str]) -> bool | None:
    controls, grant = _controls(policy), _grant(policy)
    if controls is None or grant is None:
        return None if controls is None else False
    if devices.isdisjoint(controls):
        return False
    return _operator(grant) == "AND" or (set(controls) <= devices and not _other_parts(grant))


def _session(policy: Policy, name: str) -> Mapping[str, Any] | bool | None:
    # The settings of one session control; False if it is off, None if that is not known.
    if "sessionControls" not in policy.raw:
        return None
    controls = policy.raw["sessionControls"]
    if controls is None:
        return False
    setting = controls.get(name) if isinstance(controls, dict) else {}
    if setting is None:
        return False
    is_on = setting.get("isEnabled") if isinstance(setting, dict) else None
    if not isinstance(is_on, bool):
        return None
    return setting if is_on else False


def _grant(policy: Policy) -> Mapping[str, Any] | None:
    grant = policy.raw.get("grantControls")
    return grant if isinstance(grant, dict) else None


def _controls(policy: Policy) -> list[str] | None:
    if policy.raw.get("grantControls") is None:
        return []
    grant = _grant(policy)
    return None if grant is None else words(grant, "builtInControls")


def _operator(grant: Mapping[str, Any]) -> str:
    return str(grant.get("operator"))


def _other_parts(grant: Mapping[str, Any]) -> list[str]:
    return others(grant, ("operator", "builtInControls"))


def _conditions(policy: Policy) -> Mapping[str, Any] | None:
    return _part(policy.raw, "conditions")


def _part(whole: Any, key: str) -> Mapping[str, Any] | None:
    found = whole.get(key) if isinstance(whole, dict) else None
    return found if isinstance(found, dict) else None
