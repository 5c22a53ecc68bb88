"""What came to the methods policy since 2024: passkey profiles, QR codes, Verified ID and external MFA.

Sources: the resource pages fido2AuthenticationMethodConfiguration (its example of an update),
qrCodePinAuthenticationMethodConfiguration, verifiableCredentialsAuthenticationMethodConfiguration and
externalAuthenticationMethodConfiguration of Microsoft Graph, read 2026-11-30.
"""

from __future__ import annotations

from typing import Any

PROFILE = "00000000-0000-0000-0000-000000000001"
"""The profile that Microsoft makes of a tenant's older settings."""
KEYS_ALONE = "6e0b4a39-2e05-4bf7-9d0c-2b8f5ad8a1f2"
EXTERNAL = "a8f2c1d4-3b77-4e0e-9c55-70d2b4f6e913"
FUTURE = "unknownFutureValue"

METHOD_SETS: tuple[tuple[tuple[str, ...], str | None, int], ...] = (
    (("mobilePhone", "qrCode"), "sms", 8),
    (("mobilePhone", "x509CertificateSingleFactor"), "sms", 8),
    (("mobilePhone", "officePhone"), "voiceMobile", 8),
    (("microsoftAuthenticatorPush", "microsoftAuthenticatorPasswordless"), "push", 8),
    (("externalAuthMethod", "mobilePhone"), None, 8),
)
"""Methods, the preference that goes with them, and how many more than a hundred registered people have them."""


def passkey_profiles(*, future: bool) -> dict[str, Any]:
    """The properties of the Fido2 configuration that hold profiles: the one that all may use asks no attestation."""
    return {
        "defaultPasskeyProfile": PROFILE,
        "passkeyProfiles": [
            _profile(PROFILE, "Default passkey profile", "deviceBound,synced", FUTURE if future else "disabled"),
            _profile(KEYS_ALONE, "Security keys", "deviceBound", "registrationOnly"),
        ],
        "includeTargets": [
            {
                "targetType": "group",
                "id": "all_users",
                "isRegistrationRequired": False,
                "allowedPasskeyProfiles": [PROFILE],
            }
        ],
    }


def _profile(id_: str, name: str, types: str, attestation: str) -> dict[str, Any]:
    return {
        "id": id_,
        "name": name,
        "passkeyTypes": types,
        "attestationEnforcement": attestation,
        "keyRestrictions": {"isEnforced": False, "enforcementType": "allow", "aaGuids": []},
    }


def configurations() -> list[dict[str, Any]]:
    """The configurations of the three methods, all enabled."""
    everybody = {"targetType": "group", "id": "all_users", "isRegistrationRequired": False}
    return [
        {
            "@odata.type": "#microsoft.graph.qrCodePinAuthenticationMethodConfiguration",
            "id": "QRCodePin",
            "state": "enabled",
            "excludeTargets": [],
            "standardQRCodeLifetimeInDays": 365,
            "pinLength": 8,
            "includeTargets": [everybody],
        },
        {
            "@odata.type": "#microsoft.graph.verifiableCredentialsAuthenticationMethodConfiguration",
            "id": "VerifiableCredentials",
            "state": "enabled",
            "excludeTargets": [],
            "includeTargets": [{**everybody, "verifiedIdProfiles": []}],
        },
        {
            "@odata.type": "#microsoft.graph.externalAuthenticationMethodConfiguration",
            "id": EXTERNAL,
            "state": "enabled",
            "excludeTargets": [],
            "displayName": "Harbour MFA",
            "appId": "3f6b5f0e-4d4b-4c5f-8a41-9b0c6e1a7d55",
            "openIdConnectSetting": {
                "clientId": "harbour-mfa",
                "discoveryUrl": "https://mfa.example.com/.well-known/openid-configuration",
            },
            "includeTargets": [everybody],
        },
    ]
