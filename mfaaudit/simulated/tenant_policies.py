"""The tenant's own settings: security defaults, authentication methods, organization."""

from __future__ import annotations

from typing import Any

from mfaaudit.simulated import newer_methods
from mfaaudit.simulated.mood import Mood
from mfaaudit.simulated.names import DOMAIN, INITIAL_DOMAIN, ORGANISATION

ALL_USERS = {"targetType": "group", "id": "all_users", "isRegistrationRequired": False}
EVERYBODY = {"targetType": "group", "id": "all_users"}
NOBODY = {"targetType": "group", "id": "00000000-0000-0000-0000-000000000000"}
BOARD = {"targetType": "group", "id": "5d0f8a86-1c2b-4e57-9a38-b6f1c7d20e94"}
"""Left out of a setting in the messy tenant, because somebody complained."""


def security_defaults() -> dict[str, Any]:
    """Off in every mood: the organisation enforces MFA user by user, or by Conditional Access."""
    return {
        "id": "00000000-0000-0000-0000-000000000005",
        "displayName": "Security Defaults",
        "description": "Security defaults is a set of basic identity security mechanisms recommended by Microsoft.",
        "isEnabled": False,
    }


def methods_policy(*, beta: bool, mood: Mood) -> dict[str, Any]:
    """An authenticationMethodsPolicy; some of its settings are declared in beta alone."""
    policy: dict[str, Any] = {
        "id": "authenticationMethodsPolicy",
        "displayName": "Authentication Methods Policy",
        "description": "The tenant-wide policy that controls which authentication methods are allowed in the tenant",
        "lastModifiedDateTime": "2025-03-11T09:21:07.1234567Z",
        "policyVersion": "1.5",
        "policyMigrationState": _migration(mood),
        "registrationEnforcement": {
            "authenticationMethodsRegistrationCampaign": {
                "snoozeDurationInDays": 1,
                "state": "default",
                "excludeTargets": [],
                "includeTargets": [],
            }
        },
        "authenticationMethodConfigurations": [
            _passkeys(mood),
            _authenticator(mood, beta=beta),
            _texts(mood),
            _method("temporaryAccessPass", "TemporaryAccessPass", "enabled", isUsableOnce=not mood.loose_methods),
            _method("softwareOath", "SoftwareOath", "enabled"),
            _method("voice", "Voice", "disabled", isOfficePhoneAllowed=False),
            _method("email", "Email", "enabled", allowExternalIdToUseEmailOtp="default"),
            _certificates("enabled" if mood.p2 and not mood.messy else "disabled"),
        ],
    }
    if mood.newer_methods:
        policy["authenticationMethodConfigurations"] += newer_methods.configurations()
    if beta:
        tokens = _method("hardwareOath", "HardwareOath", "enabled" if mood.messy else "disabled")
        policy["authenticationMethodConfigurations"].append(tokens)
        policy["systemCredentialPreferences"] = {
            "state": _evolving("default" if mood.messy else "enabled", mood),
            "includeTargets": [{"targetType": "group", "id": "all_users"}],
            "excludeTargets": [],
        }
        policy["reportSuspiciousActivitySettings"] = {
            "state": _evolving("default" if mood.messy else "enabled", mood),
            "includeTarget": EVERYBODY,
            "voiceReportingCode": 0,
        }
    return policy


def _evolving(value: str, mood: Mood) -> str:
    return newer_methods.FUTURE if mood.sentinels else value


def _passkeys(mood: Mood) -> dict[str, Any]:
    passkeys = _method(
        "fido2",
        "Fido2",
        "enabled",
        isSelfServiceRegistrationAllowed=True,
        isAttestationEnforced=not mood.messy,
        keyRestrictions={"isEnforced": False, "enforcementType": "block", "aaGuids": []},
    )
    return passkeys | (newer_methods.passkey_profiles(future=mood.sentinels) if mood.passkey_profiles else {})


def _texts(mood: Mood) -> dict[str, Any]:
    texts = _method("sms", "Sms", "disabled" if mood.messy else "enabled")
    return texts | {"includeTargets": [ALL_USERS | {"isUsableForSignIn": mood.loose_methods}]}


def _migration(mood: Mood) -> str | None:
    if mood.sentinels:
        return newer_methods.FUTURE
    if mood.messy and not mood.managed:
        return "migrationInProgress"
    # The page has no word for a tenant in which there was nothing to migrate; it sends null.
    return "migrationComplete" if mood.premium else None


def _authenticator(mood: Mood, *, beta: bool) -> dict[str, Any]:
    shown = "enabled" if mood.premium else "default"
    settings = {
        "displayAppInformationRequiredState": _feature(shown),
        "displayLocationInformationRequiredState": _feature(shown, without=BOARD if mood.messy else NOBODY),
    }
    if beta:
        lite = "default" if mood.messy or not mood.premium else "disabled"
        settings |= {"companionAppAllowedState": _feature(lite), "numberMatchingRequiredState": _feature("enabled")}
    made = _method(
        "microsoftAuthenticator",
        "MicrosoftAuthenticator",
        "enabled",
        isSoftwareOathEnabled=mood.messy,
        featureSettings=settings,
    )
    target = ALL_USERS | {"id": mood.authenticator_for, "authenticationMode": "any"}
    return made | {"includeTargets": [target]}


def _feature(state: str, without: dict[str, str] = NOBODY) -> dict[str, Any]:
    return {"state": state, "includeTarget": EVERYBODY, "excludeTarget": without}


def _certificates(state: str) -> dict[str, Any]:
    binding = {
        "x509CertificateField": "PrincipalName",
        "userProperty": "userPrincipalName",
        "priority": 1,
        "trustAffinityLevel": "low",
    }
    mode = {
        "x509CertificateAuthenticationDefaultMode": "x509CertificateMultiFactor",
        "x509CertificateDefaultRequiredAffinityLevel": "low",
        "rules": [],
    }
    return _method(
        "x509Certificate",
        "X509Certificate",
        state,
        certificateUserBindings=[binding],
        authenticationModeConfiguration=mode,
        issuerHintsConfiguration={"state": "disabled"},
    )


def _method(kind: str, name: str, state: str, **more: Any) -> dict[str, Any]:
    return {
        "@odata.type": f"#microsoft.graph.{kind}AuthenticationMethodConfiguration",
        "id": name,
        "state": state,
        "excludeTargets": [],
        "includeTargets": [ALL_USERS],
        **more,
    }


def device_registration_policy(mood: Mood) -> dict[str, Any]:
    """The tenant's settings for devices; where Conditional Access is at work, MFA is left to it."""
    everybody = {"@odata.type": "#microsoft.graph.allDeviceRegistrationMembership"}
    return {
        "id": "deviceRegistrationPolicy",
        "displayName": "Device Registration Policy",
        "description": "Tenant-wide policy that manages intial provisioning controls using quota restrictions, "
        "additional authentication and authorization checks",
        "userDeviceQuota": 20,
        "multiFactorAuthConfiguration": "notRequired" if mood.messy else "required",
        "azureADRegistration": {"isAdminConfigurable": False, "allowedToRegister": everybody},
        "azureADJoin": {
            "isAdminConfigurable": True,
            "allowedToJoin": everybody,
            "localAdmins": {"enableGlobalAdmins": True, "registeringUsers": everybody},
        },
        "localAdminPassword": {"isEnabled": False},
    }


def organization(tenant: str, mood: Mood) -> dict[str, Any]:
    """The organization object, with the plan that is the usual hint at a premium licence."""
    plans = [("exchange", "4a82b400-a79f-41a4-b4e2-e94f5787b113", "Enabled")]
    if mood.premium:
        plans.append(("AADPremiumService", "41781fb2-bc02-4b7c-bd55-b576c07bb09d", "Enabled"))
    if mood.p2:
        plans.append(("AADPremiumService", "eec0eb4f-6444-4f95-aba0-50c24d67f998", "Enabled"))
    return {
        "id": tenant,
        "displayName": ORGANISATION,
        "countryLetterCode": "NL",
        "createdDateTime": "2016-02-09T12:00:00Z",
        "preferredLanguage": "en",
        **({} if mood.tenant_type is None else {"tenantType": mood.tenant_type}),
        "technicalNotificationMails": [f"it@{DOMAIN}"],
        "verifiedDomains": [
            {"capabilities": "Email", "isDefault": True, "isInitial": False, "name": DOMAIN, "type": "Managed"},
            {"capabilities": "Email", "isDefault": False, "isInitial": True, "name": INITIAL_DOMAIN, "type": "Managed"},
        ],
        "assignedPlans": [
            {
                "assignedDateTime": "2023-01-01T00:00:00Z",
                "capabilityStatus": status,
                "service": service,
                "servicePlanId": plan,
            }
            for service, plan, status in plans
        ],
    }
