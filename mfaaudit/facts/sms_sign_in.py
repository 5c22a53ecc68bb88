"""Whether users may sign in with a text message in place of a password."""

from __future__ import annotations

from mfaaudit.facts.given import Fact, Given
from mfaaudit.facts.methods_policy import configuration_of
from mfaaudit.sources.authentication_methods_policy import SOURCE
from mfaaudit.sources.field import STRANGE, Field, Kind, Scope, Value
from mfaaudit.words import Unknown


def sms_sign_in_off(given: Given) -> Value | Unknown:
    """True if text messages are disabled, or no included target may sign in with them alone.

    Source: smsAuthenticationMethodTarget.isUsableForSignIn of Microsoft Graph, read 2026-11-30.
    """
    configuration = configuration_of(given, "Sms")
    if isinstance(configuration, Unknown):
        return configuration
    if configuration.get("state") == "disabled":
        return True
    targets = configuration.get("includeTargets")
    if configuration.get("state") != "enabled" or not isinstance(targets, list):
        return STRANGE
    usable = [target.get("isUsableForSignIn") if isinstance(target, dict) else None for target in targets]
    if True in [answer for answer in usable if isinstance(answer, bool)]:
        return False
    return True if all(answer is False for answer in usable) else STRANGE


FACT = Fact(
    field=Field(
        name="derived.isSmsSignInOff",
        title="Nobody may sign in with a text message in place of a password",
        kind=Kind.BOOLEAN,
        scope=Scope.TENANT,
    ),
    source=SOURCE.name,
    of_tenant=sms_sign_in_off,
)
