"""Cross-tenant access: what is accepted from other tenants, by default and of single ones."""

from __future__ import annotations

from typing import Any

from mfaaudit.simulated.mood import Mood

SUPPLIER, SISTER = "3f1d7c52-90ab-4c1e-8d0b-6a2e5b947f18", "b84e02d9-6c37-4f9a-a1f5-0d7c83e2416b"
"""The tenants that have settings of their own."""


def default(mood: Mood) -> dict[str, Any]:
    """The default: the service's own in a tenant without a premium licence, where nobody has touched it."""
    return {
        "isServiceDefault": not mood.premium,
        "inboundTrust": _trust(mfa=mood.premium and not mood.messy),
        "b2bCollaborationOutbound": _setting("allowed"),
        "b2bCollaborationInbound": _setting("allowed"),
        "b2bDirectConnectOutbound": _setting("blocked"),
        "b2bDirectConnectInbound": _setting("blocked"),
        "automaticUserConsentSettings": {"inboundAllowed": False, "outboundAllowed": False},
        "tenantRestrictions": _setting("blocked") | {"devices": None},
    }


def partners(mood: Mood) -> list[dict[str, Any]]:
    """Those that differ from the default: what is null follows it."""
    if not mood.premium:
        return []
    made = [_partner(SUPPLIER)]
    if mood.messy:
        made.append(_partner(SISTER, trust=_trust(mfa=True)))
    return made


def _partner(tenant: str, *, trust: dict[str, bool] | None = None) -> dict[str, Any]:
    return {
        "tenantId": tenant,
        "isServiceProvider": None,
        "isInMultiTenantOrganization": False,
        "inboundTrust": trust,
        "b2bCollaborationOutbound": None,
        "b2bCollaborationInbound": None,
        "b2bDirectConnectOutbound": None,
        "b2bDirectConnectInbound": _setting("allowed", application="Office365"),
        "automaticUserConsentSettings": {"inboundAllowed": None, "outboundAllowed": None},
        "tenantRestrictions": None,
    }


def _trust(*, mfa: bool) -> dict[str, bool]:
    return {
        "isMfaAccepted": mfa,
        "isCompliantDeviceAccepted": False,
        "isHybridAzureADJoinedDeviceAccepted": False,
    }


def _setting(access: str, *, application: str = "AllApplications") -> dict[str, Any]:
    def part(target: str, kind: str) -> dict[str, Any]:
        return {"accessType": access, "targets": [{"target": target, "targetType": kind}]}

    return {"usersAndGroups": part("AllUsers", "user"), "applications": part(application, "application")}
