"""The Conditional Access policies of both versions of the list, and whether there may be others that neither shows.

v1.0 leaves out policies, and parts of policies, that use preview features; beta has them. Plans, which beta alone has,
are a second place from which MFA may be required, and their rules are not read into policies here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from mfaaudit.facts.conditional_access.policy import Policy, State
from mfaaudit.facts.conditional_access.values import is_empty
from mfaaudit.facts.given import Given
from mfaaudit.sources import conditional_access, conditional_access_beta, conditional_access_plan_rules
from mfaaudit.sources import conditional_access_plans as plans
from mfaaudit.sources.field import STRANGE
from mfaaudit.words import Unknown

V1, BETA = conditional_access.SOURCE.name, conditional_access_beta.SOURCE.name
PLANS, RULES = plans.SOURCE.name, conditional_access_plan_rules.SOURCE.name
ALSO = (BETA, PLANS, RULES)
"""The sources beside the list of v1.0 whose gaps leave open what a further policy could change."""
LATER = "unknownFutureValue"
"""What Graph sends in the place of a word that was added later."""
DIFFERS: Mapping[str, Any] = {"": "the two lists differ"}
"""In the place of a value of which the lists say different things: it has a property that nobody knows."""
JOINED = ("state", "conditions", "grantControls", "sessionControls")
"""The parts of a policy of which beta may know more."""


def policies_of(given: Given) -> list[Policy] | Unknown:
    """All policies that were read, those that only beta lists marked; or why none are known."""
    older, newer = given.objects(V1), given.objects(BETA)
    if isinstance(newer, Unknown):
        return older if isinstance(older, Unknown) else [Policy(raw) for raw in older]
    if isinstance(older, Unknown):
        # Beta leaves out nothing: its list alone is whole.
        return [Policy(raw, beta_only=True) for raw in newer]
    of_v1, of_beta = _by_id(older), _by_id(newer)
    found: list[Policy] = []
    for name, rows in of_v1.items():
        others = of_beta.pop(name, [])
        if len(rows) == len(others) == 1:
            found.append(Policy(_with_beta(rows[0], others[0])))
            continue
        # Of an id that comes twice nobody can say which belongs to which.
        found += [Policy(raw) for raw in rows]
        found += [Policy(raw, beta_only=True) for raw in others if raw not in rows]
    return found + [Policy(raw, beta_only=True) for rows in of_beta.values() for raw in rows]


def further(given: Given) -> Unknown | None:
    """Why there may be something beside those policies that requires MFA; None if there is nothing."""
    newer, planned = given.objects(BETA), given.objects(PLANS)
    if isinstance(newer, Unknown):
        return newer
    if isinstance(planned, Unknown):
        return planned
    if all(plan.get("state") == State.DISABLED for plan in planned):
        return None
    rules = given.objects(RULES)
    if isinstance(rules, Unknown):
        return rules
    return STRANGE if rules else None


def _by_id(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for raw in rows:
        found[str(raw.get("id")).lower()].append(raw)
    return found


def _with_beta(older: Mapping[str, Any], newer: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**older, **{key: _joined(older, newer, key) for key in JOINED if key in older or key in newer}}


def _joined(older: Mapping[str, Any], newer: Mapping[str, Any], key: str) -> Any:
    """One property of a policy, as both versions together tell it."""
    if key not in newer or key not in older:
        return newer.get(key, older.get(key))
    one, other = older[key], newer[key]
    if isinstance(one, dict) and isinstance(other, dict):
        names = dict.fromkeys((*one, *other))
        return {name: _joined(one, other, name) for name in names if "@odata" not in name}
    return other if one == other or is_empty(one) or _is_part(one, other) else DIFFERS


def _is_part(older: Any, newer: Any) -> bool:
    """Whether v1.0 tells the same as beta, or the same without what it does not know."""
    if isinstance(older, str) and isinstance(newer, str):
        return _is_part(older.split(","), newer.split(","))
    if not isinstance(older, list) or not isinstance(newer, list):
        return False
    if not all(isinstance(item, str) for item in (*older, *newer)):
        return True
    return {item.strip().lower() for item in older if item.strip() != LATER} <= {item.strip().lower() for item in newer}
