"""The tenant's own settings: security defaults, authentication methods, organization."""

from __future__ import annotations

from typing import Any

from mfaaudit.simulated.mood import Mood
from mfaaudit.simulated.names import DOMAIN, INITIAL_DOMAIN, ORGANISATION

ALL_USERS = {"targetType": "group", "id": "all_users", "isRegistrationRequired": False}


def security_defaults() -> dict[str, Any]:
    """Off in every mood: the organisation enforces MFA user by user."""
    return {
        "id": "00000000-0000-0000-0000-000000000005",
        "displayName": "Security Defaults",
        "description": "Security defaults is a set of basic identity security mechanisms recommended by Microsoft.",
        "isEnabled": False,
    }


def methods_policy(*, beta: bool, mood: Mood) -> dict[str, Any]:
    """An authenticationMethodsPolicy; only beta declares the system-preferred setting."""
    policy: dict[str, Any] = {
        "id": "authenticationMethodsPolicy",
        "displayName": "Authentication Methods Policy",
        "description": "The tenant-wide policy that controls which authentication methods are allowed in the tenant",
        "lastModifiedDateTime": "2025-03-11T09:21:07.1234567Z",
        "policyVersion": "1.5",
        "policyMigrationState": "migrationInProgress" if mood.messy else "migrationComplete",
        "registrationEnforcement": {
            "authenticationMethodsRegistrationCampaign": {
                "snoozeDurationInDays": 1,
                "state": "default",
                "excludeTargets": [],
                "includeTargets": [],
            }
        },
        "authenticationMethodConfigurations": [
            _method("fido2", "Fido2", "enabled", isSelfServiceRegistrationAllowed=True, isAttestationEnforced=False),
            _method("microsoftAuthenticator", "MicrosoftAuthenticator", "enabled"),
            _method("sms", "Sms", "disabled" if mood.messy else "enabled"),
            _method("temporaryAccessPass", "TemporaryAccessPass", "enabled", isUsableOnce=True),
            _method("softwareOath", "SoftwareOath", "enabled"),
            _method("voice", "Voice", "disabled", isOfficePhoneAllowed=False),
            _method("email", "Email", "enabled", allowExternalIdToUseEmailOtp="default"),
        ],
    }
    if beta:
        policy["systemCredentialPreferences"] = {
            "state": "default" if mood.messy else "enabled",
            "includeTargets": [{"targetType": "group", "id": "all_users"}],
            "excludeTargets": [],
        }
    return policy


def _method(kind: str, name: str, state: str, **more: Any) -> dict[str, Any]:
    return {
        "@odata.type": f"#microsoft.graph.{kind}AuthenticationMethodConfiguration",
        "id": name,
        "state": state,
        "excludeTargets": [],
        "includeTargets": [ALL_USERS],
        **more,
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
        "tenantType": "AAD",
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
