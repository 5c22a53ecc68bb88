"""Whether Microsoft Authenticator is meant for all users."""

from __future__ import annotations

from mfaaudit.facts.given import Fact, Given
from mfaaudit.facts.methods_policy import ALL_USERS, NOBODY, configuration_of, target_ids
from mfaaudit.sources.authentication_methods_policy import SOURCE
from mfaaudit.sources.field import STRANGE, Field, Kind, Scope, Value
from mfaaudit.words import Unknown


def authenticator_for_all_users(given: Given) -> Value | Unknown:
    """True if all users are included and nobody is excluded; false if the method is meant for groups alone.

    With an excluded group it is unknown: the benchmark allows a valid one, and a person has to say whether it is.
    """
    configuration = configuration_of(given, "MicrosoftAuthenticator")
    if isinstance(configuration, Unknown):
        return configuration
    included = target_ids(configuration.get("includeTargets"))
    excluded = target_ids(configuration.get("excludeTargets"))
    if included is None:
        return STRANGE
    if ALL_USERS not in included:
        return False
    return True if excluded is not None and set(excluded) <= {NOBODY} else STRANGE


FACT = Fact(
    field=Field(
        name="derived.isAuthenticatorForAllUsers",
        title="Microsoft Authenticator allowed for all users, nobody excluded",
        kind=Kind.BOOLEAN,
        scope=Scope.TENANT,
    ),
    source=SOURCE.name,
    of_tenant=authenticator_for_all_users,
)
