"""Members of enums that were added after the sentinel: a client that does not ask for them is sent the sentinel.

Sources: the page best-practices-concept, on evolvable enumerations; which members come after `unknownFutureValue` is
read from the published beta models (msgraph-beta-sdk, 2026-12-01).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mfaaudit.simulated.answer import Request

SENTINEL = "unknownFutureValue"
PREFERENCE = "include-unknown-enum-members"
LATER: Mapping[str, frozenset[str]] = {
    "builtInControls": frozenset({"riskRemediation"}),
    "allowedCombinations": frozenset({"qrCodePin"}),
    "includePlatforms": frozenset({"linux"}),
    "excludePlatforms": frozenset({"linux"}),
}
"""By the property that holds them: conditionalAccessGrantControl, authenticationMethodModes, and
conditionalAccessDevicePlatform. The enums of the registration report and of the per-user endpoints have none yet."""


def as_asked(request: Request, body: Any) -> Any:
    """The body as this client is sent it."""
    wishes = request.headers.get("prefer", "").lower().split(",")
    return body if PREFERENCE in [wish.strip() for wish in wishes] else _without(body)


def _without(value: Any, later: frozenset[str] = frozenset()) -> Any:
    if isinstance(value, dict):
        return {key: _without(inner, LATER.get(key, frozenset())) for key, inner in value.items()}
    if isinstance(value, list):
        return list(dict.fromkeys(map(_word(later), value))) if later else [_without(inner) for inner in value]
    return value


def _word(later: frozenset[str]) -> Any:
    # A combination of methods is one string with commas.
    return lambda text: ",".join(SENTINEL if word.strip() in later else word for word in text.split(","))
