"""What becomes of every value about a user or the tenant: one line a field, and nothing is kept by default.

A new field belongs here before it can be passed on: until then it is withheld in every copy but a full one, and a test
says so.
"""

from __future__ import annotations

from collections.abc import Mapping

from mfaaudit.facts.control_exclusions import CONTROLS, EXCLUDED, REACHING
from mfaaudit.sharing.becomes import Becomes, Plan, kept
from mfaaudit.vocabulary import FIELDS

UNCLASSIFIED: Plan = (Becomes.WITHHELD, Becomes.WITHHELD)

_POLICIES: Plan = (Becomes.KEPT, Becomes.POLICY)
_EXCEPTIONS: Plan = (Becomes.KEPT, Becomes.EXCEPTION)
_ROLES: Plan = (Becomes.KEPT, Becomes.YES_NO)
_BEHAVIOUR: Plan = (Becomes.MONTH, Becomes.MONTH)

_SAID: Mapping[str, Plan] = {
    "user.displayName": (Becomes.WITHHELD, Becomes.WITHHELD),
    "user.userPrincipalName": (Becomes.KEPT, Becomes.SUBJECT),
    "user.createdDateTime": (Becomes.KEPT, Becomes.MONTH),
    "user.department": (Becomes.KEPT, Becomes.GROUPING),
    **dict.fromkeys(
        ("manager.id", "manager.displayName", "manager.userPrincipalName", "manager.mail"),
        (Becomes.WITHHELD, Becomes.WITHHELD),
    ),
    "registration.lastUpdatedDateTime": (Becomes.KEPT, Becomes.DAY),
    "signInActivity.lastSignInDateTime": _BEHAVIOUR,
    "signInActivity.lastNonInteractiveSignInDateTime": _BEHAVIOUR,
    "signInActivity.lastSuccessfulSignInDateTime": _BEHAVIOUR,
    "derived.roles": _ROLES,
    "derived.eligibleRoles": _ROLES,
    "derived.groups": (Becomes.KEPT, Becomes.GROUP),
    "derived.excludedFromMfaPolicies": _POLICIES,
    "derived.enforcingPolicies": _POLICIES,
    "derived.excludedFromAdministratorPolicies": _POLICIES,
    "derived.policiesExceptApplications": _POLICIES,
    "derived.policyExclusions": _POLICIES,
    "derived.allUsersMfaPolicies": _POLICIES,
    "derived.administratorsMfaPolicies": _POLICIES,
    "derived.guestsMfaPolicies": _POLICIES,
    "derived.allUsersPhishingResistantPolicies": _POLICIES,
    "derived.administratorsPhishingResistantPolicies": _POLICIES,
    "derived.privilegedPhishingResistantPolicies": _POLICIES,
    "derived.enabledPolicies": _POLICIES,
    "derived.mfaPolicies": _POLICIES,
    "derived.accountClassReason": (Becomes.CLASS_REASON, Becomes.CLASS_REASON),
    "declared.unregisteredExclusions": (Becomes.KEPT, Becomes.NAMED),
    **{field.name: _POLICIES for field in (EXCLUDED, REACHING, *(one.policies_field for one in CONTROLS))},
    **{control.exclusions_field.name: (Becomes.KEPT, Becomes.NAMED) for control in CONTROLS},
    "declared.unregisteredAllUsersMfaExclusions": (Becomes.KEPT, Becomes.NAMED),
    "declared.unregisteredAllUsersPhishingResistantExclusions": (Becomes.KEPT, Becomes.NAMED),
    "declared.unregisteredAdministratorsMfaExclusions": (Becomes.KEPT, Becomes.NAMED),
    "declared.unregisteredAdministratorsPhishingResistantExclusions": (Becomes.KEPT, Becomes.NAMED),
    "declared.unregisteredPrivilegedPhishingResistantExclusions": (Becomes.KEPT, Becomes.NAMED),
    "declared.expiredExceptions": _EXCEPTIONS,
    "declared.invalidExceptions": _EXCEPTIONS,
    "declared.expiringExceptions": _EXCEPTIONS,
    "declared.orphanedExceptions": _EXCEPTIONS,
    "declared.overdueDrills": _EXCEPTIONS,
}

_HARMLESS = (
    "declared.metExceptExemptApplications",
    "user.accountEnabled",
    "user.userType",
    "user.onPremisesSyncEnabled",
    "user.odataType",
    "user.creationType",
    "user.externalUserState",
    "user.identitySignInTypes",
    "requirements.perUserMfaState",
    "signInPreferences.isSystemPreferredAuthenticationMethodEnabled",
    "signInPreferences.userPreferredMethodForSecondaryAuthentication",
    "registration.isAdmin",
    "registration.isMfaRegistered",
    "registration.isMfaCapable",
    "registration.isPasswordlessCapable",
    "registration.isSsprRegistered",
    "registration.isSsprEnabled",
    "registration.isSsprCapable",
    "registration.methodsRegistered",
    "registration.userPreferredMethodForSecondaryAuthentication",
    "tenant.securityDefaults.isEnabled",
    "tenant.deviceRegistrationPolicy.multiFactorAuthConfiguration",
    "derived.rolesWithoutActivationMfa",
    "derived.rolesHeldForGood",
    "derived.rolesWithoutApproval",
    "derived.rolesWithoutApprover",
    "tenant.authenticationMethodsPolicy.policyMigrationState",
    "tenant.authenticationMethodsPolicy.systemCredentialPreferences.state",
    "tenant.authenticationMethods.Fido2",
    "tenant.authenticationMethods.MicrosoftAuthenticator",
    "tenant.authenticationMethods.Sms",
    "tenant.authenticationMethods.TemporaryAccessPass",
    "tenant.authenticationMethods.HardwareOath",
    "tenant.authenticationMethods.SoftwareOath",
    "tenant.authenticationMethods.Voice",
    "tenant.authenticationMethods.Email",
    "tenant.authenticationMethods.X509Certificate",
    "tenant.authenticationMethods.isAttestationEnforced",
    "tenant.authenticationMethods.isSelfServiceRegistrationAllowed",
    "tenant.authenticationMethods.isSoftwareOathEnabled",
    "tenant.authenticationMethods.isUsableOnce",
    "derived.hasSignedIn",
    "derived.enforcedBy",
    "derived.isAskedEverywhere",
    "derived.isAskedEverywhereOnActivation",
    "derived.isMfaTrustedFromHome",
    "derived.isPerUserMfaInUse",
    "derived.hasAllUsersMfaPolicy",
    "derived.isSystemPreferredForAllUsers",
    "derived.isSystemPreferredMicrosoftManaged",
    "derived.isAuthenticatorForAllUsers",
    "derived.isPasskeyAttestationEnforced",
    "derived.otherMethodsAllowed",
    "derived.areOtherMethodsDisabled",
    "derived.isSmsSignInOff",
    "derived.isSuspiciousActivityReported",
    "derived.showsApplicationInAuthenticator",
    "derived.showsLocationInAuthenticator",
    "derived.isAuthenticatorLiteOff",
    "derived.administratorsDifference",
    "derived.registrationFailurePercent",
    "derived.resetFailurePercent",
    "derived.singleFactorSignInPercent",
    "run.enumerated",
    "run.countBefore",
    "run.countAfter",
    "run.isPopulationComplete",
    "run.perUserCoveragePercent",
    "run.hasRegistrationReport",
    "run.registrationReportAgeHours",
    "run.hasMfaCapableCount",
    "run.mfaCapableDifferencePercent",
    "run.unclassifiedMethods",
    "run.hasSignInMetrics",
    "run.signInMetricDays",
    "derived.accountClass",
    "derived.isAccountClassGuessed",
    "declared.exceptionKinds",
    "declared.posture",
    "declared.hasRegister",
    "declared.breakGlassAccounts",
)
"""States, counts and words of a fixed list: they tell of MFA, and name nobody."""

OF_FIELDS: Mapping[str, Plan] = {**_SAID, **dict.fromkeys(_HARMLESS, kept())}

_NAMES = {field.column: field.name for field in FIELDS.values()}
_OTHER_COLUMNS: Mapping[str, Plan] = {
    "user_id": (Becomes.KEPT, Becomes.PERSON),
    # Of verdicts.
    "verdict": kept(),
    "reason": kept(),
    "severity": kept(),
    "exception": _EXCEPTIONS,
    # Of mismatches.
    "field": kept(),
    "stand_in": kept(),
    "documented": kept(),
    "stand_in_readAt": (Becomes.KEPT, Becomes.MIDNIGHT),
    "documented_readAt": (Becomes.KEPT, Becomes.MIDNIGHT),
}
_BY_ENDING: Mapping[str, Plan] = {
    "_reason": kept(),
    "_unclassified": kept(),
    "_source": kept(),
    "_readAt": (Becomes.KEPT, Becomes.DAY),
    "_requestId": (Becomes.WITHHELD, Becomes.WITHHELD),
}


def plan_of_field(name: str) -> Plan:
    """What becomes of a field, by its name."""
    return OF_FIELDS.get(name, UNCLASSIFIED)


def plan_of_column(column: str) -> Plan:
    """What becomes of a column of users, of the tenant, or of verdicts."""
    if column in _NAMES:
        return plan_of_field(_NAMES[column])
    if column in _OTHER_COLUMNS:
        return _OTHER_COLUMNS[column]
    if column.removesuffix("_known") in _NAMES:
        return plan_of_column(column.removesuffix("_known"))
    return next((plan for ending, plan in _BY_ENDING.items() if column.endswith(ending)), UNCLASSIFIED)


def field_of_column(column: str) -> str:
    """The name of a column's field; empty for a column that is none."""
    return _NAMES.get(column, _NAMES.get(column.removesuffix("_known"), ""))
